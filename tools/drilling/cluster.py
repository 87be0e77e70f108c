"""A Postgres of the drill's own, reached through a Unix socket only, and the databases in it."""
import os, subprocess, tempfile


class Failure(Exception):
    """The drill cannot go on: nothing is said about the ledger."""


def call(arguments, timeout=300, check=True, **options):
    """Runs a program to its end; its output as text."""
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, **options)
    if check and done.returncode != 0:
        raise Failure(f"{os.path.basename(arguments[0])} {arguments[1] if len(arguments) > 1 else ''}: "
                      f"{(done.stderr or done.stdout).strip()[-600:]}")
    return done


def binary(name):
    return os.path.join(call(["pg_config", "--bindir"]).stdout.strip(), name)


def account():
    """What a server's command starts with: Postgres does not run as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--"]


class Cluster:
    """A data folder of Postgres; the superuser is `daybook`."""

    def __init__(self, data, socket):
        self.data, self.socket = data, socket

    @classmethod
    def make(cls, folder, settings=()):
        """A new one in a folder that the server's account can reach."""
        os.makedirs(folder, exist_ok=True)
        own(folder)
        call(account() + [binary("initdb"), "-D", f"{folder}/data", "-U", "daybook", "--encoding=UTF8", "--locale=C.UTF-8",
                          "--auth-local=trust", "--auth-host=reject", "--data-checksums"], cwd="/")
        cluster = cls(f"{folder}/data", socket_folder())
        cluster.configure(settings)
        return cluster

    def configure(self, settings):
        """Further lines of postgresql.conf; the socket's place among them."""
        lines = ["listen_addresses = ''", f"unix_socket_directories = '{self.socket}'", "port = 5432",
                 "logging_collector = off", "timezone = 'UTC'", *settings]
        text = "\n".join(lines) + "\n"
        call(account() + ["sh", "-c", 'cat >> "$1"/postgresql.conf <<END\n' + text + "END\n", "sh", self.data], cwd="/")

    def start(self, before=()):
        return call(account() + [*before, binary("pg_ctl"), "start", "-s", "-w", "-t", "60", "-D", self.data, "-l",
                                 f"{self.data}/drill.log"], cwd="/")

    def stop(self):
        if os.path.exists(f"{self.data}/postmaster.pid"):
            call(account() + [binary("pg_ctl"), "stop", "-s", "-w", "-t", "60", "-m", "fast", "-D", self.data],
                 check=False, cwd="/")

    def url(self, database):
        return f"postgresql:///{database}?host={self.socket}&port=5432&user=daybook"

    def sql(self, database, text, timeout=300):
        """Runs statements as the superuser; the last one's rows, fields between tabs."""
        done = call(["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), "-c", text],
                    timeout=timeout)
        return [line.split("\t") for line in done.stdout.splitlines() if line]

    def value(self, database, text):
        return self.sql(database, text)[-1][0]

    def copy(self, source, target):
        self.sql("postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        # What a database itself grants is not copied: replays make schemas.
        self.sql("postgres", f'GRANT CREATE ON DATABASE "{target}" TO daybook_projector')

    def drop(self, database):
        self.sql("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def own(folder):
    """Gives a folder to the server's account, which alone may enter it."""
    if os.geteuid() == 0:
        import pwd
        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    os.chmod(folder, 0o700)


def socket_folder():
    """A short path: a socket's address has 107 bytes at most."""
    folder = tempfile.mkdtemp(prefix="dbk-", dir="/tmp")
    own(folder)
    return folder
