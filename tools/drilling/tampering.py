"""What somebody with every right over the database and the files does to a log: one function each."""
import glob, json, os

from deployment import Service
from logbytes import payload_hash, reseal

OPEN = "ALTER TABLE daybook.events DISABLE TRIGGER ALL; "


def changed(case, statement):
    """Runs a statement with the log's triggers off."""
    case.cluster.sql(case.database, OPEN + statement)


def shift(case, first, by):
    """Moves the events from a position on; through a far place, as positions are unique at every moment."""
    changed(case, f"""UPDATE daybook.events SET position = position + 1000000000 WHERE ledger_id = 'main' AND position >= {first};
        UPDATE daybook.events SET position = position - 1000000000 + {by}
        WHERE ledger_id = 'main' AND position >= 1000000000""")


def rehash(case, where):
    """Makes the payload hashes of some events those of their values."""
    rows = case.cluster.sql(case.database, f"""
        SELECT position, data, coalesce(derived::text, ''), coalesce(encode(personal_hash, 'hex'), '')
        FROM daybook.events WHERE ledger_id = 'main' AND {where}""")
    values = ", ".join(
        f"({position}, '\\x{payload_hash(json.loads(data), json.loads(derived) if derived else None, hashed)}'::bytea)"
        for position, data, derived, hashed in rows)
    changed(case, f"""UPDATE daybook.events AS e SET payload_hash = v.hash FROM (VALUES {values}) AS v (position, hash)
        WHERE e.ledger_id = 'main' AND e.position = v.position""")


def nothing(case):
    return "nothing"


def payload_byte(case):
    changed(case, f"""UPDATE daybook.events
        SET data = jsonb_set(data, '{{usage,output_tokens}}', to_jsonb((data #>> '{{usage,output_tokens}}')::int # 1))
        WHERE ledger_id = 'main' AND position = {case.completion}""")
    return f"one byte of the payload at {case.completion} changed"


def swap(case):
    first = case.completion
    changed(case, f"""UPDATE daybook.events SET position = 1000000000 WHERE ledger_id = 'main' AND position = {first};
        UPDATE daybook.events SET position = {first} WHERE ledger_id = 'main' AND position = {first + 1};
        UPDATE daybook.events SET position = {first + 1} WHERE ledger_id = 'main' AND position = 1000000000""")
    return f"the rows {first} and {first + 1} swapped"


def delete_middle(case):
    changed(case, f"DELETE FROM daybook.events WHERE ledger_id = 'main' AND position = {case.completion}")
    return f"the row {case.completion} deleted"


def delete_tail(case):
    changed(case, f"DELETE FROM daybook.events WHERE ledger_id = 'main' AND position > {case.head - 2}")
    return f"the last two rows deleted ({case.head - 1} and {case.head})"


def mend_head(case):
    last = case.head - 2
    tables = ["seals", "control_snapshots", "checkpoints"]
    statement = "".join(
        f"ALTER TABLE daybook.{name} DISABLE TRIGGER ALL; "
        f"DELETE FROM daybook.{name} WHERE ledger_id = 'main' AND position > {last}; " for name in tables)
    changed(case, f"""DELETE FROM daybook.events WHERE ledger_id = 'main' AND position > {last}; {statement}
        UPDATE daybook.cursors SET position = least(position, {last}) WHERE ledger_id = 'main'""")
    return f"the last two rows deleted, and seals, snapshots, checkpoints and cursors behind {last} with them"


def forge(case):
    place = case.completion
    shift(case, place + 1, 1)
    changed(case, f"""INSERT INTO daybook.events
        SELECT (jsonb_populate_record(e, jsonb_build_object(
          'position', {place + 1}, 'id', 'forged.completion', 'subject', 'call/forged', 'sequence', 1,
          'data', jsonb_set(e.data, '{{usage,output_tokens}}', '1')))).*
        FROM daybook.events AS e WHERE e.ledger_id = 'main' AND e.position = {place}""")
    rehash(case, f"position = {place + 1}")
    reseal(case.cluster, case.database)
    return f"a completion forged at {place + 1} with right hashes, what follows moved, all seals made anew"


def replace_whole(case):
    changed(case, "UPDATE daybook.events SET actor = 'somebodyelse' WHERE ledger_id = 'main'")
    reseal(case.cluster, case.database)
    tables = ["checkpoints", "checkpoint_series", "cosignatures", "tiles", "halts", "halt_ends", "control_snapshots"]
    case.cluster.sql(case.database, "".join(
        f"ALTER TABLE daybook.{name} DISABLE TRIGGER ALL; DELETE FROM daybook.{name}; " for name in tables))
    # The forger's notary signs it, with a key of his own under the log's name.
    thief = case.other("thief")
    with Service(thief, "--origin", case.origin) as service:
        service.until_signed(case.head)
    return "every row rewritten, seals and tiles made anew, all signed with a new key"


def edit_book(case):
    schema = case.cluster.value(
        case.database, "SELECT schema_name FROM daybook.projections WHERE projection = 'daily_spend' AND state = 'live'")
    case.cluster.sql(case.database, f"""UPDATE {schema}.daily_spend SET cost = cost / 2
        WHERE ledger_id = 'main' AND operation = 'chat_message'""")
    return "half of the cost of chat_message taken out of the book daily_spend"


def edit_price(case):
    price = case.cluster.value(case.database, """SELECT line ->> 'price_id'
        FROM daybook.events, jsonb_array_elements(derived -> 'lines') AS line
        WHERE ledger_id = 'main' AND type = 'completion.recorded' AND line ->> 'class' = 'output_tokens'
        ORDER BY position LIMIT 1""")
    changed(case, f"""UPDATE daybook.events SET data = jsonb_set(data, '{{price,amount}}', '"0.0109"')
        WHERE ledger_id = 'main' AND position = {price}""")
    rehash(case, f"position = {price}")
    return f"the price listed at {price} changed, with the payload hash that it gives"


def edit_checkpoint_table(case):
    changed(case, f"""ALTER TABLE daybook.checkpoints DISABLE TRIGGER ALL;
        UPDATE daybook.checkpoints SET root = sha256(root),
          note = convert_to(replace(convert_from(note, 'UTF8'), encode(root, 'base64'), encode(sha256(root), 'base64')), 'UTF8')
        WHERE ledger_id = 'main' AND position = {case.head}""")
    return f"the root of the checkpoint of {case.head} events changed in the table"


def edit_checkpoint_file(case):
    lines = open(case.daybook.checkpoints, encoding="utf-8").read().splitlines()
    line = json.loads(lines[-1])
    parts = line["note"].split("\n")
    parts[2] = ("A" if parts[2][0] != "A" else "B") + parts[2][1:]
    line["note"] = "\n".join(parts)
    lines[-1] = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    with open(case.daybook.checkpoints, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return "one character of the last root in the file of checkpoints changed"


def restore_older(case):
    case.cluster.drop(case.database)
    case.cluster.copy("daybook", case.database)
    return f"the database of before the last {case.head - case.base} events put in its place"


def move_times(case):
    first = case.head - 20
    changed(case, f"""UPDATE daybook.events SET recorded_at = recorded_at - interval '1 hour'
        WHERE ledger_id = 'main' AND position >= {first}""")
    reseal(case.cluster, case.database)
    return f"the recorded times from {first} on moved back by an hour, all seals made anew"


def a_segment(case):
    return sorted(glob.glob(f"{case.archive}/segments/*"), key=lambda path: (-os.path.getsize(path), path))[0]


def drop_segment(case):
    os.unlink(a_segment(case))
    return "a segment of the archive dropped"


def flip_bit(case):
    path = a_segment(case)
    content = bytearray(open(path, "rb").read())
    content[len(content) // 2] ^= 0x10
    with open(path, "wb") as file:
        file.write(content)
    return "a bit of a segment of the archive flipped"


