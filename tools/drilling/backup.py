"""The backup drill: a base backup and archived WAL, restored to a moment, and an older backup passed off as the present."""
import base64, json, os, shutil, time

from cluster import Cluster, Failure, account, binary, call, own, socket_folder
from deployment import Daybook, Running, Service, wait

ARCHIVING = ["wal_level = replica", "archive_mode = on", "archive_timeout = 0", "max_wal_senders = 4"]


class Steps:
    """What was done and what was seen, printed as it happens."""

    def __init__(self):
        self.wrong = 0

    def say(self, what):
        print(f"        {what}", flush=True)

    def claim(self, is_true, what):
        print(f"{'ok' if is_true else 'WRONG':<8}{what}", flush=True)
        self.wrong += 0 if is_true else 1


def primary(folder):
    """A Postgres that keeps its WAL, as a deployment that can be restored to any moment has it."""
    wal = f"{folder}/wal"
    os.makedirs(wal)
    own(wal)
    command = f"archive_command = 'test ! -f {wal}/%f && cp %p {wal}/%f'"
    cluster = Cluster.make(f"{folder}/primary", [*ARCHIVING, command])
    cluster.start()
    cluster.sql("postgres", "CREATE DATABASE daybook")
    return cluster, wal


def restored(backup, folder, wal, until):
    """A copy of a base backup, recovered to a moment, or only until it is consistent, then opened for writing."""
    os.makedirs(folder)
    own(folder)
    call(account() + ["cp", "-a", backup, f"{folder}/data"], cwd="/")
    cluster = Cluster(f"{folder}/data", socket_folder())
    target = f"recovery_target_time = '{until}'" if until else "recovery_target = 'immediate'"
    cluster.configure([f"restore_command = 'cp {wal}/%f %p'", target, "recovery_target_action = 'promote'",
                       "archive_mode = off"])
    call(account() + ["touch", f"{folder}/data/recovery.signal"], cwd="/")
    cluster.start()
    wait("the end of the recovery", 120, lambda: cluster.value("postgres", "SELECT pg_is_in_recovery()") == "f")
    return cluster


def base_backup(cluster, folder):
    call(account() + [binary("pg_basebackup"), "-h", cluster.socket, "-U", "daybook", "-D", folder, "-X", "stream",
                      "--checkpoint=fast"], cwd="/")


def note(text):
    """Size and root of a checkpoint."""
    lines = text.split("\n")
    return int(lines[1]), base64.b64decode(lines[2]).hex()


def moment(cluster):
    """Postgres's clock, as a recovery target is compared with."""
    return cluster.value("daybook", "SELECT clock_timestamp()")




def deploy(program, trace, folder, cluster, steps):
    """Daybook over it with the real trace; the running service is stopped again, its folder kept."""
    daybook = Daybook(program, f"{folder}/data", cluster.url("daybook"))
    up = Running(daybook, "up", "--data", daybook.data, "--demo", "--demo-data", trace, "--database-url", daybook.database)
    try:
        up.until_ready(600)
        head = json.loads(daybook.run("status", "--format", "json").stdout)["position"]
        wait("a checkpoint of the trace", 120, lambda: daybook.signed() >= head)
        key = daybook.log_key()
    finally:
        up.stop()
    steps.say(f"{head} events of the trace, signed by {key.split('+')[0]}")
    return daybook, key, head


def run(program, trace, folder):
    steps = Steps()
    clusters = []
    backups = f"{folder}/backups"
    os.makedirs(backups)
    own(backups)
    try:
        cluster, wal = primary(folder)
        clusters.append(cluster)
        daybook, key, first = deploy(program, trace, folder, cluster, steps)
        with Service(daybook) as service:
            base_backup(cluster, f"{backups}/base")
            steps.say(f"pg_basebackup while it runs, at {first} events; WAL goes to an archive")
            service.append(20, "before")
            service.until_signed(first + 20)
            kept = service.ask("checkpoint").stdout
            with open(f"{folder}/kept.note", "w", encoding="utf-8") as file:
                file.write(kept)
            size, root = note(kept)
            time.sleep(0.2)
            then = moment(cluster)
            steps.say(f"checkpoint of {size} events kept, root {root[:16]}…; the moment is {then}")
            time.sleep(0.2)
            service.append(30, "after")
            service.until_signed(first + 50)
            # So that the last of it is archived, too.
            cluster.sql("postgres", "SELECT pg_switch_wal()")
            wait("the archive of the WAL", 60, lambda: int(cluster.value(
                "postgres", "SELECT (last_archived_time > now() - interval '1 minute')::int FROM pg_stat_archiver")))
        steps.say(f"{first + 50} events now; the last checkpoint stands in the file outside the database")
        to_the_moment(program, folder, backups, wal, then, (size, root), key, clusters, steps)
        as_if_current(program, folder, daybook, backups, wal, first, clusters, steps)
    finally:
        for cluster in clusters:
            cluster.stop()
            shutil.rmtree(cluster.socket, ignore_errors=True)
    print("\nAll was as claimed." if steps.wrong == 0 else f"\n{steps.wrong} WERE NOT AS CLAIMED.")
    return 0 if steps.wrong == 0 else 1


def to_the_moment(program, folder, backups, wal, then, kept, key, clusters, steps):
    """The backup and the WAL, restored elsewhere to the moment: the log must be the one that was signed then."""
    elsewhere = restored(f"{backups}/base", f"{folder}/elsewhere", wal, then)
    clusters.append(elsewhere)
    size, root = kept
    there = Daybook(program, f"{folder}/there", elsewhere.url("daybook"))
    # Somebody else's machine: he has the checkpoint and the key, and no folder of the deployment's.
    there.environment.pop("DAYBOOK_DATA")
    done = there.on_database("verify", "--checkpoint", f"{folder}/kept.note", "--key", key, "--format", "json", check=False)
    if not done.stdout:
        raise Failure(f"verify: {done.stderr.strip()}")
    report = json.loads(done.stdout)
    steps.claim(report["last"] == size, f"restored elsewhere to {then}: it ends at {report['last']}, as the checkpoint")
    steps.claim(report["root"] == root, f"its root is {report['root'][:16]}…, the one that was signed at that moment")
    steps.claim(report["verified"], "daybook verify --checkpoint finds nothing wrong: "
                f"{report['events']} events, {report['costs']} costs, {len(report['books'])} books")
    for finding in report["findings"]:
        steps.say(f"{finding['kind']} at {finding['position']}: {finding['detail']}")
    elsewhere.stop()


def as_if_current(program, folder, daybook, backups, wal, first, clusters, steps):
    """The backup without what came after it, put where the deployment's database was."""
    older = restored(f"{backups}/base", f"{folder}/older", wal, None)
    clusters.append(older)
    count = older.value("daybook", "SELECT max(position) FROM daybook.events WHERE ledger_id = 'main'")
    steps.say(f"the backup alone, put in the database's place: it ends at {count}")
    current = Daybook(program, daybook.data, older.url("daybook"))
    up = Running(current, "up", "--data", current.data, "--database-url", current.database)
    try:
        ready = up.until_ready(120)
        said = wait("the notary's word", 20, lambda: [line for line in up.said().splitlines() if "main HALTED" in line])
        steps.claim("shrunk" in said[0], "daybook up on it says:")
        steps.say(said[0].strip())
        done = current.run("append", "--type", "x.drill.note", "--subject", "drill/older", "--url", ready["url"], "--key-file",
                           f"{current.data}/admin.key", check=False)
        steps.claim(done.returncode != 0, "and appends are refused:")
        steps.say(" ".join((done.stderr or done.stdout).split()))
    finally:
        up.stop()
    report = current.verify()
    tails = [finding for finding in report["findings"] if finding["kind"] == "tail"]
    steps.claim(bool(tails), "daybook verify says:")
    if tails:
        steps.say(tails[-1]["detail"])
