"""The tamper drill: one deployment, one way to tamper after the other, each on a copy, and who notices."""
import glob, json, os, shutil, sys, textwrap, time
from concurrent.futures import ThreadPoolExecutor

import tampering
from cluster import Cluster, Failure
from deployment import Daybook, Running, Service, wait


class Base:
    """A deployment with the real trace, signed and archived, whose Postgres stays up when Daybook has stopped."""

    def __init__(self, program, trace, folder, quick):
        self.program, self.folder = program, folder
        self.daybook = Daybook(program, f"{folder}/base")
        up = Running(self.daybook, "up", "--data", self.daybook.data, "--demo", "--demo-data", trace)
        try:
            up.until_ready(600)
            self.key = self.daybook.log_key()
            self.origin = self.key.split("+")[0].rsplit("/", 1)[0]
            self.head = wait("books and checkpoints at the head", 300, self.settled)
            self.kept = f"{folder}/base.note"
            with open(self.kept, "w", encoding="utf-8") as file:
                file.write(self.daybook.run("checkpoint").stdout)
            self.archive = f"{folder}/archive"
            segments = ["--segment-events", "64"] if quick else []
            said = self.daybook.run("archive", "--to", self.archive, *segments).stdout
            self.archive_key = said.split("signed by ")[1].split()[0]
        finally:
            up.stop()
        data = f"{self.daybook.data}/postgres/data"
        self.cluster = Cluster(data, self.socket(data))

    def settled(self):
        status = json.loads(self.daybook.run("status", "--format", "json").stdout)
        head = status["position"]
        books = all(book["state"] == "current" and book["position"] == head for book in status["books"])
        return head if books and self.daybook.signed() == head else None

    @staticmethod
    def socket(data):
        for line in open(f"{data}/daybook.conf"):
            if line.startswith("unix_socket_directories"):
                return line.split("'")[1]
        raise Failure("the private Postgres has no socket")


class Case:
    """A copy of the deployment that one tampering is tried on, with a checkpoint of a moment ago in the auditor's hands."""

    def __init__(self, base, number, name):
        self.program, self.cluster, self.origin = base.program, base.cluster, base.origin
        self.base, self.name = base.head, name
        self.database = f"case_{number}"
        self.folder = f"{base.folder}/{self.database}"
        os.makedirs(f"{self.folder}/data", mode=0o700)
        for file in ["notary.key", "admin.key"]:
            shutil.copy2(f"{base.daybook.data}/{file}", f"{self.folder}/data/{file}")
        shutil.copytree(f"{base.daybook.data}/checkpoints", f"{self.folder}/data/checkpoints")
        self.archive = f"{self.folder}/archive"
        shutil.copytree(base.archive, self.archive)
        self.cluster.copy("daybook", self.database)
        self.daybook = Daybook(base.program, f"{self.folder}/data", self.cluster.url(self.database))
        self.kept = f"{self.folder}/kept.note"
        with Service(self.daybook) as service:
            service.append(3, f"case-{number}")
            self.head = base.head + 3
            service.until_signed(self.head)
            with open(self.kept, "w", encoding="utf-8") as file:
                file.write(service.ask("checkpoint").stdout)
        self.completion = int(self.cluster.value(self.database, f"""
            SELECT position FROM daybook.events WHERE ledger_id = 'main' AND type = 'completion.recorded'
            AND position >= {base.head // 2} AND (data #>> '{{usage,output_tokens}}')::int > 1 ORDER BY position LIMIT 1"""))

    def other(self, name):
        """A data folder of somebody else's over the same database."""
        os.makedirs(f"{self.folder}/{name}", mode=0o700)
        return Daybook(self.program, f"{self.folder}/{name}", self.daybook.database)

    def end(self):
        self.cluster.drop(self.database)
        shutil.rmtree(self.folder, ignore_errors=True)


# MARK: who looks


def told(findings, wanted):
    """The findings in a person's words, those that are waited for first; no more than three kinds."""
    ordered = sorted(findings, key=lambda finding: (finding["kind"] not in wanted, finding["position"]))
    seen, lines = set(), []
    for finding in ordered:
        if finding["kind"] not in seen:
            seen.add(finding["kind"])
            lines.append(f"{finding['kind']} at {finding['position']}: {finding['detail']}")
    return lines[:3]


def verify(case, base, wanted):
    # Where a book is what matters, every row of it is compared with a replay.
    books = "full" if case.name in ("nothing", "edit_book") else "totals"
    report = case.daybook.verify("--checkpoint", case.kept, "--key", base.key, "--books", books)
    if "failure" in report:
        raise Failure(f"verify: {report['failure']}")
    kinds = {finding["kind"] for finding in report["findings"]}
    return not report["verified"] and wanted <= kinds, report["verified"], told(report["findings"], wanted)


def start_up(case, base, wanted):
    running = Running(case.daybook, "serve", "--data", case.daybook.data, "--database-url", case.daybook.database)
    try:
        running.until_ready(60)
        deadline = time.monotonic() + (3 if wanted else 1)
        while time.monotonic() < deadline and "HALTED" not in running.said():
            time.sleep(0.05)
        lines = [line.strip() for line in running.said().splitlines() if "HALTED" in line and "main" in line]
    finally:
        running.stop()
    return bool(lines), not lines, [line.split(". Nothing")[0] for line in lines[:1]]


def verify_export(case, base, wanted):
    done = case.daybook.run("verify-export", case.archive, "--key", base.key, "--key", base.archive_key, "--checkpoint",
                            base.kept, "--format", "json", check=False)
    report = json.loads(done.stdout)
    kinds = {finding["kind"] for finding in report["findings"]}
    return not report["verified"] and wanted <= kinds, report["verified"], told(report["findings"], wanted)


LOOKERS = {"verify": verify, "start-up": start_up, "verify-export": verify_export}

# What is done, and who must notice it as what; everybody else may.
CASES = [
    (tampering.nothing, None),
    (tampering.payload_byte, {"verify": {"payload"}}),
    (tampering.swap, {"verify": {"checkpoint"}}),
    (tampering.delete_middle, {"verify": {"gap", "checkpoint"}}),
    (tampering.delete_tail, {"verify": {"tail"}, "start-up": {"halt"}}),
    (tampering.mend_head, {"verify": {"tail"}, "start-up": {"halt"}}),
    (tampering.forge, {"verify": {"checkpoint"}}),
    (tampering.replace_whole, {"verify": {"checkpoint", "signature"}, "start-up": {"halt"}}),
    (tampering.edit_book, {"verify": {"book"}}),
    (tampering.edit_price, {"verify": {"cost", "checkpoint"}}),
    (tampering.edit_checkpoint_table, {"verify": {"signature", "record"}, "start-up": {"halt"}}),
    (tampering.edit_checkpoint_file, {"verify": {"signature", "record"}, "start-up": {"halt"}}),
    (tampering.restore_older, {"verify": {"tail"}, "start-up": {"halt"}}),
    (tampering.move_times, {"verify": {"recorded-time", "checkpoint"}}),
    (tampering.drop_segment, {"verify-export": {"missing"}}),
    (tampering.flip_bit, {"verify-export": {"digest"}}),
]


def look(case, base, musts):
    """Who noticed, what they said, and whether all that had to did."""
    lines, is_right = [], True
    for name, looker in LOOKERS.items():
        if musts is not None and name not in musts and (name == "verify-export") != ("verify-export" in musts):
            continue
        wanted = (musts or {}).get(name, set())
        noticed, silent, said = looker(case, base, wanted)
        if musts is None:
            is_right = is_right and silent
            lines.append((name, said[0] if said else "nothing to complain about"))
        else:
            is_right = is_right and (noticed or name not in musts)
            lines += [(name if place == 0 else "", text) for place, text in enumerate(said)]
            if name in musts and not noticed:
                lines.append((name, "DID NOT NOTICE" + (f" {', '.join(sorted(wanted))}" if said else "")))
    return lines, is_right


def attempt(base, number, tamper, musts):
    case = Case(base, number, tamper.__name__)
    try:
        what = tamper(case)
        lines, is_right = look(case, base, musts)
        return what, lines, is_right
    finally:
        case.end()


def clock(base):
    """Postgres's clock set back by a day with libfaketime: the service, whose clock is right, must not write."""
    what = "Postgres's clock set back by a day (libfaketime)"
    library = next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), None)
    if library is None:
        return what, [("", "not tried: libfaketime is not installed")], None
    case = Case(base, 99, "clock")
    base.cluster.stop()
    try:
        # Preloaded by hand: the wrapper of that name waits for the server's end.
        base.cluster.start(
            ["env", f"LD_PRELOAD={library}", "FAKETIME=-1d", "FAKETIME_DONT_FAKE_MONOTONIC=1"])
        before = base.cluster.value(case.database, "SELECT now()")
        with Service(case.daybook) as service:
            done = service.append(1, "clock", check=False)
        count = int(base.cluster.value(case.database, "SELECT max(position) FROM daybook.events WHERE ledger_id = 'main'"))
        said = " ".join((done.stderr or done.stdout).split())
        refused = done.returncode != 0 and count == case.head and "clock" in said
        return f"{what}: {before[:19]}", [("append", said)], refused
    finally:
        base.cluster.stop()
        base.cluster.start()
        case.end()


def show(what, lines, is_right):
    mark = {True: "noticed", False: "MISSED", None: "-"}[is_right]
    if what == "nothing":
        mark = "silent" if is_right else "FALSE ALARM"
    print(f"{mark:<12}{what}")
    for name, text in lines:
        wrapped = textwrap.wrap(text, 96) or [""]
        for place, part in enumerate(wrapped):
            print(f"{'':<12}{name if place == 0 else '':<15}{part}")
    sys.stdout.flush()


def run(program, trace, folder, quick, only, jobs, blind=False):
    started = time.monotonic()
    print(f"Making a ledger from the trace{' (a small part of it)' if quick else ''} ...", file=sys.stderr)
    base = Base(program, trace, folder, quick)
    base.cluster.start()
    results = []
    try:
        print(f"{base.head} events of the trace, {base.origin}/main; each row on a copy of it, three events and a checkpoint "
              "later\n")
        chosen = [(number, *case) for number, case in enumerate(CASES) if not only or case[0].__name__ in only]
        if blind:
            chosen = [(number, lambda case: "nothing at all", musts) for number, _, musts in chosen]
        with ThreadPoolExecutor(jobs) as pool:
            for what, lines, is_right in pool.map(lambda case: attempt(base, *case), chosen):
                show(what, lines, is_right)
                results.append(is_right)
        if not only or "clock" in only:
            what, lines, is_right = clock(base)
            show(what, lines, is_right)
            results.append(is_right if is_right is not None or not quick else True)
    finally:
        base.cluster.stop()
    wrong = sum(1 for is_right in results if not is_right)
    verdict = "All were noticed, and where nothing was done nobody complained." if wrong == 0 else f"{wrong} WERE NOT AS CLAIMED."
    print(f"\n{len(results)} rows in {time.monotonic() - started:.0f} s. {verdict}")
    return 0 if wrong == 0 else 1
