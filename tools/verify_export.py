#!/usr/bin/env python3
"""Verifies a folder that `daybook export --format segments` or `daybook archive` wrote, with nothing of Daybook's.

usage: verify_export.py FOLDER [SIZE:ROOT_HEX]     prints the root; exit code 1 with the first fault otherwise
       verify_export.py FOLDER --events            prints every event's record as a line of JSON instead

Needs Python's standard library and the `zstd` command. A root that you hold from elsewhere (an append's answer, a
published checkpoint) can be given; the signatures of manifest.note are for any tool that knows signed notes.
"""
import base64, hashlib, json, os, subprocess, sys
from datetime import datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def fail(position, why):
    sys.exit(f"position {position}: {why}")


def sha256(data):
    return hashlib.sha256(data).digest()


def canonical(value):  # RFC 8785, for the integers and texts that the ledger takes
    def walk(v):
        if isinstance(v, dict):
            return {k: walk(v[k]) for k in sorted(v, key=lambda k: k.encode("utf-16-be"))}
        return [walk(x) for x in v] if isinstance(v, list) else v
    return json.dumps(walk(value), ensure_ascii=False, separators=(",", ":")).encode()


def numbers(digits, count):  # hexadecimal, of one width: the first digit of each, then the second of each
    return [int(digits[row::count], 16) for row in range(count)]


def column(c, count):  # the texts that a column of a segment stands for
    if "all" in c:
        return [c["all"]] * count
    if "among" in c:
        return [c["among"][pick] for pick in numbers(c["picks"], count)]
    if "steps" in c:
        at, times = c["from"], []
        for step in numbers(c["steps"], count):
            at += step >> 1 ^ -(step & 1)
            moment = (EPOCH + timedelta(microseconds=at)).replace(tzinfo=None)
            times.append('"' + moment.isoformat(timespec="microseconds") + 'Z"')
        return times
    if "decimals" in c:
        k, texts = c["decimals"], []
        for number in numbers(c["digits"], count):
            digits = str(number).rjust(k + 1, "0")
            fraction = digits[len(digits) - k:].rstrip("0")
            texts.append('"' + digits[:len(digits) - k] + ("." + fraction if fraction else "") + '"')
        return texts
    if "digits" in c:
        return [str(number) for number in numbers(c["digits"], count)]
    if "mask" in c:
        filled = [c["fill"][row::count] for row in range(count)]
        pieces = c["mask"].split("*")
        return ["".join(a + b for a, b in zip(pieces, list(fill) + [""])) for fill in filled]
    if "words" in c:
        return [c.get("prefix", "") + word + c.get("suffix", "") for word in c["words"].split(" ")]
    return c["texts"]


def records(folder, name, part, dictionary):  # the records of a segment or of the personal file beside it
    path = f"{folder}/{part}/{name}.zst"
    command = ["zstd", "-dcq"] + (["-D", f"{folder}/dictionaries/{dictionary}.dict"] if dictionary else []) + [path]
    lines = iter(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode().split("\n")[:-1])
    head = json.loads(next(lines))
    if head["events"] == 0:
        return
    order = [int(text) for text in column(json.loads(next(lines))["order"], head["events"])]
    shapes = []
    for line in lines:
        shape = json.loads(line)
        columns = [column(json.loads(next(lines)), shape["events"]) for _ in shape["pieces"][1:]]
        shapes.append((shape["pieces"], zip(*columns) if columns else iter([()] * shape["events"])))
    for number in order:
        pieces, rows = shapes[number]
        yield json.loads("".join(a + b for a, b in zip(pieces, next(rows) + ("",))))


def root_of(edge):  # of the perfect subtrees, largest first
    root = edge[-1][1]
    for _, left in reversed(edge[:-1]):
        root = sha256(b"\x01" + left + root)
    return root


def main(folder, wanted=None):
    note = open(f"{folder}/manifest.note").read().split("\n")
    origin, size, root, digest = note[0], int(note[1]), base64.b64decode(note[2]), note[3].split(":")[1]
    manifest = open(f"{folder}/manifests/{digest}.ndjson", "rb").read()
    if sha256(manifest).hex() != digest:
        fail(0, "the manifest does not have the digest that the note names")
    head, *segments = [json.loads(line) for line in manifest.splitlines()]
    edge, at, left = [], 0, bytes.fromhex(head["edge"])
    for bit in reversed(range(63)):  # (size, root) of the perfect subtrees before the first event
        if head["first"] - 1 >> bit & 1:
            edge.append((1 << bit, left[at:at + 32]))
            at += 32
    position, before, sequences, identities, absent, erased = head["first"] - 1, "", {}, set(), [], set()
    for segment in segments:
        name, dictionary = segment["sha256"], segment.get("dictionary")
        if segment["first"] != position + 1:
            fail(position + 1, "a segment is missing")
        path = f"{folder}/segments/{name}.zst"
        if not os.path.exists(path) or sha256(open(path, "rb").read()).hex() != name:
            fail(position + 1, f"segment {name} is missing or altered")
        beside = {}
        if os.path.exists(f"{folder}/personal/{name}.zst"):
            beside = {r["offset"]: r for r in records(folder, name, "personal", dictionary) if "offset" in r}
        for offset, event in enumerate(records(folder, name, "segments", dictionary)):
            position += 1
            if wanted == "--events":
                print(json.dumps({"position": position, **event, **beside.get(offset, {})}, ensure_ascii=False))
            if event["recordedtime"] < before:
                fail(position, "recorded before the event in front of it")
            before = event["recordedtime"]
            expected = sequences.get(event["subject"], 0 if head["first"] == 1 else event["sequence"] - 1) + 1
            if event["sequence"] != expected or (event["id"], event["source"]) in identities:
                fail(position, "the sequence or the identity is not the next one")
            sequences[event["subject"]] = expected
            identities.add((event["id"], event["source"]))
            personal = beside.get(offset)
            if "personalhash" in event and personal is None:
                absent.append(position)
            elif personal is not None and event.get("personalhash") != sha256(
                    bytes.fromhex(personal["salt"]) + canonical(personal["personal"])).hex():
                fail(position, "the personal part does not give its hash")
            if event["type"] == "payload.erased":
                erased |= set(event["data"].get("positions", []))
            payload = {name: event.pop(name) for name in ("data", "derived", "personalhash") if name in event}
            entry = {**event, "ledger": head["ledger"], "position": position,
                     "payloadhash": sha256(canonical(payload)).hex()}
            edge.append((1, sha256(b"\x00" + canonical(entry))))
            while len(edge) > 1 and edge[-1][0] == edge[-2][0]:
                right, left = edge.pop(), edge.pop()
                edge.append((2 * left[0], sha256(b"\x01" + left[1] + right[1])))
            if wanted and wanted == f"{position}:{root_of(edge).hex()}":
                wanted = None
        if position != segment["last"] or root_of(edge).hex() != segment["root"]:
            fail(segment["first"], f"the entries up to {position} do not give the root that the manifest names")
    for gone in absent:
        if gone not in erased:
            fail(gone, "the personal part is missing and no erasure names the event")
    if edge and (position != size or root_of(edge) != root):
        fail(position + 1, "the note tells another size or root")
    if wanted and wanted != "--events":
        fail(position + 1, "the entries do not give the root that was asked for")
    if wanted != "--events":
        count = position - head["first"] + 1
        print(f"{origin}: {count} events, {len(absent)} erased, root {root_of(edge).hex() if edge else 'of nothing'}")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
