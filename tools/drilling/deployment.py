"""Daybook's own programs over a database, as somebody would run them."""
import json, os, signal, subprocess, time

from cluster import Failure, call


def wait(what, seconds, ready):
    """Waits until `ready` answers something; that."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ready()
        if answer:
            return answer
        time.sleep(0.02)
    raise Failure(f"waited {seconds} s in vain for {what}")


def last_line(path):
    if not os.path.exists(path):
        return None
    lines = [line for line in open(path, encoding="utf-8").read().splitlines() if line]
    return json.loads(lines[-1]) if lines else None


class Daybook:
    """The program, with a data folder and a database."""

    def __init__(self, program, data, database=None):
        self.program, self.data, self.database = program, data, database
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("DAYBOOK_")}
        self.environment["DAYBOOK_DATA"] = data
        self.checkpoints = f"{data}/checkpoints/main.ndjson"

    def run(self, *arguments, check=True, timeout=600):
        return call([self.program, *arguments], check=check, timeout=timeout, env=self.environment)

    def on_database(self, *arguments, check=True, timeout=600):
        return self.run(*arguments, "--database-url", self.database, check=check, timeout=timeout)

    def verify(self, *arguments):
        """The report of `daybook verify`, whatever it says."""
        done = self.on_database("verify", "--data", self.data, "--format", "json", *arguments, check=False)
        if done.returncode not in (0, 1) or not done.stdout:
            return {"verified": False, "findings": [], "failure": done.stderr.strip()}
        return json.loads(done.stdout)

    def log_key(self):
        """The verifier key of the ledger main."""
        return next(line.split()[-1] for line in self.run("keys", "log").stdout.splitlines() if "/main+" in line)

    def signed(self):
        """How many events the last checkpoint of the file covers."""
        line = last_line(self.checkpoints)
        return int(line["note"].split("\n")[1]) if line and "note" in line else 0


class Running:
    """A process of Daybook that runs until it is stopped; what it says is kept."""

    def __init__(self, daybook, *arguments):
        self.ready = f"{daybook.data}/drill-ready.json"
        self.log = f"{daybook.data}/drill-{arguments[0]}.log"
        os.makedirs(daybook.data, mode=0o700, exist_ok=True)
        if os.path.exists(self.ready):
            os.unlink(self.ready)
        self.output = open(self.log, "wb")
        self.process = subprocess.Popen(
            [daybook.program, *arguments, "--port", "0", "--ready-file", self.ready], stdin=subprocess.DEVNULL,
            stdout=self.output, stderr=subprocess.STDOUT, env=daybook.environment)

    def said(self):
        return open(self.log, encoding="utf-8", errors="replace").read()

    def until_ready(self, seconds):
        def look():
            if self.process.poll() is not None:
                raise Failure(f"it ended: {self.said()[-800:]}")
            return os.path.exists(self.ready) and json.load(open(self.ready))
        return wait("a service that answers", seconds, look)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.output.close()


class Service(Running):
    """`daybook serve`: the API and the notary in it, over the deployment's database."""

    def __init__(self, daybook, *options):
        super().__init__(daybook, "serve", "--data", daybook.data, "--database-url", daybook.database, *options)
        self.daybook = daybook
        self.url = None

    def __enter__(self):
        try:
            self.url = f"http://127.0.0.1:{self.until_ready(60)['port']}"
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def ask(self, *arguments, check=True):
        return self.daybook.run(*arguments, "--url", self.url, "--key-file", f"{self.daybook.data}/admin.key", check=check)

    def append(self, count, subject, check=True):
        """Appends events of our own that no book posts; the last position."""
        done = None
        for number in range(count):
            done = self.ask("append", "--type", "x.drill.note", "--subject", f"drill/{subject}", "--event-data",
                            json.dumps({"number": number}), "--format", "json", check=check)
        return done

    def until_signed(self, position):
        wait(f"a checkpoint of {position} events", 30, lambda: self.daybook.signed() >= position)
