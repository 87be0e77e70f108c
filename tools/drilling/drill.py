"""What tools/drill runs once everything is installed and built; see there."""
import argparse, os, shutil, subprocess, sys, tempfile

import backup, tamper
from cluster import Failure

SMALL = 120  # requests of each file of the trace that a quick drill takes


def shorten(trace, folder):
    """The beginning of each file of the trace."""
    os.makedirs(folder)
    for name in ["conv.csv.zst", "code.csv.zst"]:
        whole = subprocess.run(["zstd", "-dc", f"{trace}/{name}"], capture_output=True, check=True).stdout
        lines = whole.splitlines(keepends=True)[:SMALL + 1]
        subprocess.run(["zstd", "-q", "-o", f"{folder}/{name}"], input=b"".join(lines), check=True)
    return folder


def main():
    parser = argparse.ArgumentParser(prog="tools/drill")
    parser.add_argument("drill", choices=["tamper", "backup"])
    parser.add_argument("--daybook", required=True)
    parser.add_argument("--trace", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=2)
    # Does nothing where it says that it tampered: shows that the drill fails where nobody notices.
    parser.add_argument("--blind", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="daybook-drill.")
    # The server may run under an account of its own.
    os.chmod(folder, 0o755)
    try:
        trace = shorten(given.trace, f"{folder}/trace") if given.quick else given.trace
        if given.drill == "tamper":
            only = {name for name in given.only.split(",") if name}
            return tamper.run(given.daybook, trace, folder, given.quick, only, max(1, min(given.jobs, 8)),
                              given.blind)
        return backup.run(given.daybook, trace, folder)
    except Failure as failure:
        print(f"tools/drill: {failure}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
