"""Hashes of a log as anybody can compute them (see Formats.md): what a forger would do to make his rows fit."""
import hashlib, json


def canonical(value):  # RFC 8785, for the integers and texts that the ledger takes
    def walk(v):
        if isinstance(v, dict):
            return {k: walk(v[k]) for k in sorted(v, key=lambda k: k.encode("utf-16-be"))}
        return [walk(x) for x in v] if isinstance(v, list) else v
    return json.dumps(walk(value), ensure_ascii=False, separators=(",", ":")).encode()


def payload_hash(data, derived, personal_hash):
    payload = {"data": data}
    if derived is not None:
        payload["derived"] = derived
    if personal_hash:
        payload["personalhash"] = personal_hash
    return hashlib.sha256(canonical(payload)).hexdigest()


ENTRIES = """
SELECT jsonb_strip_nulls(jsonb_build_object(
  'actor', actor, 'actorkind', actor_kind, 'causationid', causation_id, 'correlationid', correlation_id, 'id', id,
  'ledger', ledger_id, 'payloadhash', encode(payload_hash, 'hex'), 'position', position,
  'recordedtime', to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'sequence', sequence,
  'source', source, 'subject', subject, 'time', to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'traceparent', traceparent, 'type', type, 'typeversion', type_version))
FROM daybook.events WHERE ledger_id = 'main' ORDER BY position
"""


class Edge:
    """The right edge of an RFC 6962 tree."""

    def __init__(self):
        self.size, self.hashes = 0, []

    def append(self, leaf):
        carry = self.size
        while carry & 1:
            leaf = hashlib.sha256(b"\x01" + self.hashes.pop() + leaf).digest()
            carry >>= 1
        self.hashes.append(leaf)
        self.size += 1

    def root(self):
        if not self.hashes:
            return hashlib.sha256(b"").digest()
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = hashlib.sha256(b"\x01" + left + root).digest()
        return root


def reseal(cluster, database):
    """Computes the tree of the rows as they are now and writes every seal anew, so that the database fits itself."""
    kept = {int(row[0]) for row in cluster.sql(database, "SELECT position FROM daybook.seals WHERE ledger_id = 'main'")}
    edge, rows = Edge(), []
    for (text,) in cluster.sql(database, ENTRIES):
        edge.append(hashlib.sha256(b"\x00" + canonical(json.loads(text))).digest())
        if edge.size in kept or edge.size % 1024 == 0:
            rows.append(f"('main', {edge.size}, '\\x{b''.join(edge.hashes).hex()}', '\\x{edge.root().hex()}')")
    values = ", ".join(rows)
    cluster.sql(database, f"""
        ALTER TABLE daybook.seals DISABLE TRIGGER ALL;
        DELETE FROM daybook.seals WHERE ledger_id = 'main';
        {'INSERT INTO daybook.seals (ledger_id, position, edge, root) VALUES ' + values + ';' if rows else ''}
        ALTER TABLE daybook.seals ENABLE TRIGGER ALL""")
