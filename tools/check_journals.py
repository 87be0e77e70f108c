"""Confirms journals with hledger and beancount: balance, strictness, and every total of profit and loss.

usage: check_journals.py RECORDS.ndjson MAIN.journal MAIN.beancount

The totals are computed here from the records alone, with whole numbers of 10^-12. Each is then asked of hledger's own
report and of beancount's own loader, and so are the rates of exchange. Prints how many agree; exit code 1 and the
differences where some do not.
"""
import collections, csv, datetime, io, json, re, subprocess, sys, urllib.parse
from fractions import Fraction

UNIT = 10 ** 12
FACTS = {"completion.recorded", "cost.incurred", "revenue.earned"}


def units(text):
    value = Fraction(text) * UNIT
    assert value.denominator == 1
    return int(value)


def money(value):
    return (units(value["amount"]), value["currency"]) if value else None


def own(kind, data, derived):
    if kind == "completion.recorded":
        return money(derived.get("cost"))
    return money(data["cost" if kind == "cost.incurred" else "revenue"])


def bookings(record):
    """(fact type, data, derived, units, currency, {day: units}) for everything that a record books."""
    kind, data, derived = record["type"], record["data"], record.get("derived", {})

    def spread(fact, amount, corrects):
        accrual = fact[2].get("accrual") if fact[0] == "cost.incurred" else None
        if not accrual:
            return {derived["posting_date"]: amount}
        first = datetime.date.fromisoformat(accrual["from"])
        count = (datetime.date.fromisoformat(accrual["through"]) - first).days + 1
        bounds = [accrual.get("not_before"), derived.get("not_before") if corrects else None]
        bound = max([b for b in bounds if b], default="0001-01-01")
        share, left = divmod(abs(amount), count)
        days = collections.Counter()
        for index in range(count):
            day = max((first + datetime.timedelta(days=index)).isoformat(), bound)
            days[day] += (share + (index < left)) * (1 if amount >= 0 else -1)
        return dict(days)

    def booking(fact, value, sign, corrects):
        amount = sign * value[0]
        return fact + (amount, value[1], spread(fact, amount, corrects))

    if kind in FACTS:
        fact = (kind, data, derived)
        value = own(*fact)
        return [booking(fact, value, 1, False)] if value else []
    if kind == "entry.reversed":
        entry = derived["reversed"]
        fact = (entry["type"], entry["data"], entry.get("derived", {}))
        value = money(derived.get("effective")) or own(*fact)
        return [booking(fact, value, -1, True)] if value else []
    if kind in ("cost.restated", "entry.adjusted"):
        entry = derived["entry"]
        fact = (entry["type"], entry["data"], entry.get("derived", {}))
        pairs = [(money(derived.get("before")), -1), (money(derived.get("after")), 1)]
        return [booking(fact, value, sign, True) for value, sign in pairs if value]
    return []


def rates(path):
    """Every rate that was listed: (first day, base, units of the quote, quote)."""
    listed = collections.Counter()
    for line in open(path, encoding="utf-8"):
        record = json.loads(line)
        if record["type"] == "rate.listed":
            data = record["data"]
            listed[record["derived"]["valid_from"], data["base"], units(data["rate"]), data["quote"]] += 1
    return listed


def split(amount, weights):
    total = sum(weights.values())
    if total <= 0:
        return {}
    parts, rests = {}, []
    for key, weight in weights.items():
        parts[key], rest = divmod(abs(amount) * weight, total)
        rests.append((-rest, key.encode(), key))
    left = abs(amount) - sum(parts.values())
    for _, _, key in sorted(rests)[:left]:
        parts[key] += 1
    return {key: part if amount >= 0 else -part for key, part in parts.items() if part}


def recompute(path):
    """Totals by (what, name, currency), credits below zero, and the balances of all accounts add up to zero."""
    totals = collections.Counter()
    inference = collections.defaultdict(collections.Counter)
    pools = collections.Counter()
    for line in open(path, encoding="utf-8"):
        record = json.loads(line)
        for kind, data, derived, amount, currency, days in bookings(record):
            sign = -1 if kind == "revenue.earned" else 1
            for key in ("model", "strategy", "operation", "category", "provider"):
                if key in data:
                    totals[key, data[key], currency] += sign * amount
            totals[kind, "", currency] += sign * amount
            for day, part in days.items():
                totals["day", day, currency] += sign * part
                if kind == "completion.recorded":
                    inference[day, currency][data.get("strategy"), data["model"]] += part
                elif "model" not in data:
                    pool = data.get("category") if kind == "cost.incurred" else None
                    pools[day, currency, kind, pool, data.get("strategy")] += sign * part
    for (day, currency, kind, category, strategy), amount in pools.items():
        weights = collections.Counter()
        for (own_strategy, model), cost in inference[day, currency].items():
            if own_strategy == strategy or (kind == "cost.incurred" and strategy is None):
                weights[model] += cost
        for model, part in split(amount, {m: max(0, w) for m, w in weights.items()}).items():
            totals["allocated " + kind, model, currency] += part
            totals["model", model, currency] += part
    return {key: value for key, value in totals.items() if value}


def group(rows):
    """rows: (account, tags, day, units, currency) of income and expenses."""
    totals = collections.Counter()
    for account, tags, day, amount, currency in rows:
        for key in ("model", "strategy", "operation", "category", "provider"):
            if key in tags:
                totals[key, tags[key], currency] += amount
        if ":Allocat" in account:
            if ":Allocated:" in account:
                kind = "revenue.earned" if account.startswith("Income") else "cost.incurred"
                totals["allocated " + kind, tags["model"], currency] += amount
            continue
        kind = ("revenue.earned" if account.startswith("Income")
                else "completion.recorded" if account.startswith("Expenses:Inference") else "cost.incurred")
        totals[kind, "", currency] += amount
        totals["day", day, currency] += amount
    return {key: value for key, value in totals.items() if value}


def escaped(text):
    """A name as a tag's value has it."""
    last = len(text.encode()) - 1
    return "".join(
        "%%%02X" % byte if byte < 32 or byte in b"%,[]\x7f" or byte == 32 and index in (0, last) else
        bytes([byte]).decode("latin-1") for index, byte in enumerate(text.encode())).encode("latin-1").decode()


def unescaped(text):
    return urllib.parse.unquote(text)


def hledger(path):
    def run(*arguments):
        done = subprocess.run(["hledger", "-f", path, *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout
    run("check", "--strict")
    # Assets, liabilities, income and expenses together are zero.
    rest = [row for row in csv.reader(io.StringIO(run("balance", "-O", "csv", "--flat")))][-1]
    assert rest[0] == "total" and rest[1] in ("0", ""), rest
    # Tags of accounts, as the file declares them.
    declared = {}
    for line in open(path, encoding="utf-8"):
        if line.startswith("account "):
            name, comment = line[8:].rstrip("\n").split("  ; ", 1)
            declared[name] = {k: unescaped(v) for k, v in (part.split(":", 1) for part in comment.split(", "))}
    rows = []
    for row in csv.DictReader(io.StringIO(run("print", "-O", "csv"))):
        account = row["account"]
        if not account.startswith(("Income", "Expenses")):
            continue
        tags = {k: unescaped(v) for k, v in (part.split(":", 1) for part in row["comment"].strip().split(", ") if part)}
        if "position" not in tags:
            tags = {"model": declared[account]["model"]} if ":Allocated:" in account else {}
        elif ":Inference:" in account:
            assert declared[account]["model"] == tags["model"], (account, tags)
        rows.append((account, tags, row["date"], units(row["amount"]), row["commodity"]))
    totals = group(rows)
    # The same by hledger's own queries: what it finds under the tag of each model.
    for model in sorted({key[1] for key in totals if key[0] == "model"}):
        value = escaped(model)
        found = run("balance", "-O", "csv", "--flat", "--layout=bare", "Income", "Expenses",
                    "tag:model=^" + re.sub(r"([^\w%])", r"\\\1", value) + "$")
        sums = collections.Counter()
        for row in list(csv.DictReader(io.StringIO(found))):
            if row["account"] != "total":
                sums[row["commodity"]] += units(row["balance"])
        # Its queries do not tell capitals from small letters.
        own = collections.Counter()
        for key, amount in totals.items():
            if key[0] == "model" and key[1].lower() == model.lower():
                own[key[2]] += amount
        own = {currency: amount for currency, amount in own.items() if amount}
        assert {c: a for c, a in sums.items() if a} == own, (model, sums, own)
    listed = collections.Counter()
    for line in run("prices").splitlines():
        _, day, base, rate, quote = line.split()
        listed[day, base, units(rate), quote] += 1
    return totals, listed


def beancount(path):
    from beancount import loader
    from beancount.core import data
    entries, errors, options = loader.load_file(path)
    assert not errors, errors[:3]
    assert options["inferred_tolerance_multiplier"] == 0
    rows, balance, listed = [], collections.Counter(), collections.Counter()
    for entry in entries:
        if isinstance(entry, data.Price):
            rate = units(str(entry.amount.number))
            listed[entry.date.isoformat(), entry.currency, rate, entry.amount.currency] += 1
        if not isinstance(entry, data.Transaction):
            continue
        for posting in entry.postings:
            amount = units(str(posting.units.number))
            balance[posting.units.currency] += amount
            if not posting.account.startswith(("Income", "Expenses")):
                continue
            tags = dict(entry.meta)
            if "position" not in tags:
                tags = {"model": posting.meta["model"]} if ":Allocated:" in posting.account else {}
            rows.append((posting.account, tags, entry.date.isoformat(), amount, posting.units.currency))
    assert not any(balance.values()), balance
    return group(rows), listed


def main():
    records, journal, bean = sys.argv[1:]
    expected, listed = recompute(records), rates(records)
    wrong = 0
    for name, (found, priced) in (("hledger", hledger(journal)), ("beancount", beancount(bean))):
        for rate in sorted(set(listed) | set(priced)):
            if listed[rate] != priced[rate]:
                wrong += 1
                print(f"{name}: the rate {rate} is there {priced[rate]} times, not {listed[rate]}")
        for key in sorted(set(expected) | set(found)):
            if expected.get(key) != found.get(key):
                wrong += 1
                print(f"{name}: {key} is {found.get(key)}, not {expected.get(key)}")
    print(f"{len(expected)} totals and {len(listed)} rates, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
