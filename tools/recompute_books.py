#!/usr/bin/env python3
"""Recomputes the books of finance from exported events, with nothing of Daybook's: Python's standard library alone.

usage: recompute_books.py [--as-of POSITION] FILE.ndjson     the file as `daybook events --format ndjson` writes it

Prints one JSON object: for each book the rows that its query answers with these parameters:

  daily_spend                                            (group_by day,operation,model,provider)
  model_pnl, strategy_pnl, operation_pnl                 (group_by day and the book's key)
  trial_balance balance                                  (group_by day,account)
  reconciliation by_key                                  (group_by day,provider,model)
  reconciliation_invoices: reconciliation invoices       (default tolerances, model by model)
  exchange_differences: reconciliation exchange_differences

Amounts are whole numbers of 10^-12 throughout; nothing is divided but by the largest remainder.
"""
import collections, datetime, json, sys

CATEGORIES = ("ai_inference", "vm", "api_service", "other")
USAGE = (
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens",
    "reasoning_tokens", "audio_input_tokens", "audio_output_tokens", "image_tokens", "characters", "images",
    "requests", "audio_ms")
UNIT = 10**12


def units(text):
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, fraction = text.partition(".")
    return sign * (int(whole) * UNIT + int(fraction.ljust(12, "0") or 0))


def text(amount):
    if amount is None:
        return None
    whole, fraction = divmod(abs(amount), UNIT)
    digits = f"{fraction:012d}".rstrip("0")
    return ("-" if amount < 0 else "") + str(whole) + ("." + digits if digits else "")


def money(value):
    return (units(value["amount"]), value["currency"]) if value else (None, "XXX")


def split(amount, weights):
    """Largest remainder over (key, weight), ties by the bytes of the key; None where nothing weighs anything."""
    weighed = sorted(((k, w) for k, w in weights.items() if w > 0), key=lambda item: item[0].encode())
    total = sum(w for _, w in weighed)
    if total == 0:
        return None
    parts = [[k, *divmod(abs(amount) * w, total)] for k, w in weighed]
    left = abs(amount) - sum(p[1] for p in parts)
    for part in sorted(parts, key=lambda p: -p[2])[:left]:  # sorted() is stable: ties stay in the order of their keys
        part[1] += 1
    sign = -1 if amount < 0 else 1
    return {k: sign * quotient for k, quotient, _ in parts}


def share_of(part, whole):
    """part by whole, half to even, six places, as text."""
    if not whole or part is None:
        return None
    numerator, denominator = abs(part) * 10**6, abs(whole)
    quotient, rest = divmod(numerator, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and quotient % 2):
        quotient += 1
    return text((-quotient if (part < 0) != (whole < 0) else quotient) * 10**6)


def date(day):
    return datetime.date.fromisoformat(day)


class Posting:
    """One signed posting of money."""

    def __init__(self, sign, entry, value, day, bounds=()):
        self.sign, self.data, self.derived = sign, entry["data"], entry.get("derived") or {}
        self.type = entry["type"]
        self.amount, self.currency = money(value)
        self.day = day
        self.accrual = self.derived.get("accrual") if self.type == "cost.incurred" else None
        bounds = [b for b in (*bounds, (self.accrual or {}).get("not_before")) if b]
        self.not_before = max(bounds) if bounds else None

    @property
    def signed(self):
        return None if self.amount is None else self.sign * self.amount

    def days(self):
        """The days that it is posted on, with the signed amount of each."""
        if not self.accrual:
            return [(self.day, self.signed)]
        first, last = date(self.accrual["from"]), date(self.accrual["through"])
        count = (last - first).days + 1
        quotient, rest = divmod(abs(self.signed), count)
        spread = collections.Counter()
        for n in range(count):
            day = (first + datetime.timedelta(n)).isoformat()
            part = quotient + (1 if n < rest else 0)
            spread[max(day, self.not_before) if self.not_before else day] += -part if self.signed < 0 else part
        return list(spread.items())


def own_money(entry):
    derived = entry.get("derived") or {}
    return {"completion.recorded": derived.get("cost"), "cost.incurred": entry["data"].get("cost"),
            "revenue.earned": entry["data"].get("revenue")}[entry["type"]]


FACTS = ("completion.recorded", "cost.incurred", "revenue.earned")


def postings(records):
    for record in records:
        event, derived = record["event"], record.get("derived") or {}
        kind, day = event["type"], derived.get("posting_date")
        bound = (derived.get("not_before"),)
        if kind in FACTS:
            entry = {"type": kind, "data": event.get("data") or {}, "derived": derived}
            yield Posting(1, entry, own_money(entry), day)
        elif kind == "entry.reversed" and derived["reversed"]["type"] in FACTS:
            entry = derived["reversed"]
            yield Posting(-1, entry, derived.get("effective") or own_money(entry), day, bound)
        elif kind in ("cost.restated", "entry.adjusted"):
            yield Posting(-1, derived["entry"], derived.get("before"), day, bound)
            yield Posting(1, derived["entry"], derived.get("after"), day, bound)


def daily_spend(all_postings):
    rows = collections.defaultdict(lambda: collections.Counter())
    for p in all_postings:
        if p.type != "completion.recorded":
            continue
        row = rows[p.day, p.data["operation"], p.data["model"], p.data["provider"], p.currency]
        row["calls"] += p.sign
        row["failed_calls"] += 0 if p.data["status"] == "ok" else p.sign
        row["unpriced_calls"] += p.sign if p.amount is None else 0
        for name in USAGE:
            row[name] += p.sign * p.data["usage"].get(name, 0)
        row["cost"] += p.signed or 0
    for (day, operation, model, provider, currency), row in rows.items():
        yield {"day": day, "operation": operation, "model": model, "provider": provider, "currency": currency,
               **{n: row[n] for n in ("calls", "failed_calls", "unpriced_calls", *USAGE)},
               "cost": None if currency == "XXX" else text(row["cost"])}


class Profit:
    """Sums by day for one key, and what names none of it, divided by inference cost."""

    def __init__(self, all_postings, key, scope):
        self.key, self.scope = key, scope
        self.rows = collections.defaultdict(collections.Counter)
        self.inference = collections.defaultdict(collections.Counter)
        self.pools = collections.defaultdict(collections.Counter)
        for p in all_postings:
            self.add(p)
        self.divided = []
        for (day, currency), pools in self.pools.items():
            for (named, kind), amount in pools.items():
                self.divide(day, currency, dict(zip(scope, named)), kind, amount)

    def add(self, p):
        names = {n: p.data.get(n) or "" for n in ("operation", "strategy", "model")}
        if p.type == "completion.recorded":
            row = self.rows[p.day, names[self.key], p.currency]
            row["calls"] += p.sign
            if p.amount is None:
                row["unpriced_calls"] += p.sign
            else:
                row["inference_cost"] += p.signed
                self.inference[p.day, p.currency][tuple(sorted(names.items()))] += p.signed
            return
        kind = "revenue" if p.type == "revenue.earned" else p.data["category"]
        for day, amount in p.days():
            if names[self.key]:
                self.rows[day, names[self.key], p.currency][kind + "_direct"] += amount
            else:
                self.pools[day, p.currency][tuple(names[s] for s in self.scope), kind] += amount

    def divide(self, day, currency, named, kind, amount):
        weights = collections.Counter()
        for names, cost in self.inference[day, currency].items():
            names = dict(names)
            if all(not value or names[name] == value for name, value in named.items()):
                weights[names[self.key]] += cost
        shares = split(amount, weights)
        self.rows[day, "", currency]
        if shares is None:
            self.rows[day, "", currency][kind + "_direct"] += amount
            return
        self.divided.append((day, currency, named, kind, amount, shares))
        for name, share in shares.items():
            self.rows[day, name, currency][kind + "_allocated"] += share

    def answer(self):
        unpriced = collections.Counter()
        for (day, name, _), row in self.rows.items():
            unpriced[day, name] += row["unpriced_calls"]
        for (day, name, currency), row in self.rows.items():
            known = currency != "XXX"
            revenue = row["revenue_direct"] + row["revenue_allocated"]
            operating = sum(row[f"{c}_direct"] + row[f"{c}_allocated"] for c in CATEGORIES)
            if name == "" and not row["calls"] and not (revenue or operating or row["inference_cost"]):
                continue
            margin = revenue - operating - row["inference_cost"]
            figures = {"revenue_direct": row["revenue_direct"], "revenue_allocated": row["revenue_allocated"],
                       "revenue": revenue, "inference_cost": row["inference_cost"], "operating_cost": operating,
                       "margin": margin}
            for c in CATEGORIES:
                figures[f"{c}_direct"], figures[f"{c}_allocated"] = row[f"{c}_direct"], row[f"{c}_allocated"]
            yield {"day": day, self.key: name or None, "currency": currency,
                   **{n: text(v) if known else None for n, v in figures.items()},
                   "margin_share": share_of(margin, revenue) if known else None,
                   "calls": row["calls"], "unpriced_calls": unpriced[day, name]}


def trial_balance(all_postings):
    sides = collections.defaultdict(lambda: [0, 0])

    def line(day, account, currency, amount):
        sides[day, account, currency][0 if amount > 0 else 1] += abs(amount)

    def name(value):
        if value in ("Unattributed", "Allocated", "Allocation"):
            return f"%{ord(value[0]):X}{value[1:]}"
        return value.replace("%", "%25").replace(":", "%3A") if value else "Unattributed"

    all_postings = list(all_postings)
    for p in all_postings:
        if p.amount is None:
            continue
        for day, amount in p.days():
            owed = "Liabilities:Accrued:" + name(p.data.get("provider"))
            if p.type == "completion.recorded":
                pair = f"Expenses:Inference:{name(p.data['provider'])}:{name(p.data['model'])}", owed
            elif p.type == "cost.incurred":
                pair = "Expenses:Operating:" + p.data["category"], owed
            else:
                pair = "Assets:Receivable", f"Income:{name(p.data.get('strategy'))}:{name(p.data.get('model'))}"
            line(day, pair[0], p.currency, amount)
            line(day, pair[1], p.currency, -amount)
    for day, currency, named, kind, amount, shares in Profit(all_postings, "model", ("strategy",)).divided:
        if kind == "revenue":
            line(day, "Income:Allocation:" + name(named["strategy"]), currency, amount)
            for model, share in shares.items():
                line(day, "Income:Allocated:" + name(model), currency, -share)
        else:
            line(day, "Expenses:Allocation:" + kind, currency, -amount)
            for model, share in shares.items():
                line(day, "Expenses:Allocated:" + name(model), currency, share)
    for (day, account, currency), (debit, credit) in sides.items():
        yield {"day": day, "account": account, "currency": currency, "debit": text(debit), "credit": text(credit),
               "balance": text(debit - credit)}


def estimates(records):
    """Day, provider, model and cost of the estimate of each decision, when its call's first completion comes."""
    waiting = {}
    for record in records:
        event, derived = record["event"], record.get("derived") or {}
        if event["type"] == "route.decided":
            waiting[event["subject"]] = (event, derived) if int(event.get("typeversion", 1)) >= 2 else None
        elif event["type"] == "completion.recorded":
            decision = waiting.pop(event["subject"], None)
            cost = ((decision or ({}, {}))[1].get("estimate") or {}).get("cost")
            if cost:
                data = decision[0].get("data") or {}
                yield derived["posting_date"], data.get("provider") or "", data.get("model") or "", *money(cost)


def reconciliation(records, all_postings):
    rows = collections.defaultdict(collections.Counter)
    for p in all_postings:
        place = p.data.get("provider") or "", p.data.get("model") or ""
        if p.type == "cost.incurred":
            for day, amount in p.days():
                rows[(day, *place, p.currency)]["incurred"] += amount
        if p.type != "completion.recorded":
            continue
        row = rows[(p.day, *place, p.currency)]
        row["calls"] += p.sign
        row["unpriced_calls"] += p.sign if p.amount is None else 0
        row["booked"] += p.signed or 0
        computed, computed_currency = money(p.derived.get("cost") if p.derived.get("basis") == "computed" else None)
        reported, reported_currency = money(p.data.get("reported_cost"))
        if computed is not None:
            rows[(p.day, *place, computed_currency)].update(computed_calls=p.sign, computed=p.sign * computed)
        if reported is not None:
            rows[(p.day, *place, reported_currency)].update(reported_calls=p.sign, reported=p.sign * reported)
            if computed is not None and computed_currency == reported_currency:
                rows[(p.day, *place, reported_currency)].update(
                    compared_calls=p.sign, compared=p.sign * (reported - computed),
                    compared_computed=p.sign * computed)
    for day, provider, model, cost, currency in estimates(records):
        rows[day, provider, model, currency].update(estimated_calls=1, estimated=cost)
    return rows


def answer_reconciliation(rows):
    unpriced = collections.Counter()
    for (day, provider, model, _), row in rows.items():
        unpriced[day, provider, model] += row["unpriced_calls"]
    for (day, provider, model, currency), row in rows.items():
        known = currency != "XXX"
        figures = {n: row[n] for n in ("estimated", "computed", "reported", "booked", "incurred")}
        figures["reported_difference"] = row["compared"]
        yield {"day": day, "provider": provider or None, "model": model or None, "currency": currency,
               **{n: row[n] for n in ("calls", "estimated_calls", "computed_calls", "reported_calls", "compared_calls")},
               "unpriced_calls": unpriced[day, provider, model],
               **{n: text(v) if known else None for n, v in figures.items()},
               "reported_difference_share": share_of(row["compared"], row["compared_computed"])}


def invoices(records, rows, tolerance=UNIT // 100, tolerance_share=UNIT // 200):
    billed, periods = collections.defaultdict(list), collections.defaultdict(list)
    for record in records:
        if record["event"]["type"] == "invoice.received":
            data, period = record["event"]["data"], record["derived"]["period"]
            place = data["provider"], period["from"], period["through"]
            periods[place].append(record["event"]["subject"][len("invoice/"):])
            for line in data["lines"]:
                amount, currency = money(line["cost"])
                billed[(*place, line.get("model") or "", currency)].append((amount, int(record["event"]["position"])))
    known = collections.defaultdict(collections.Counter)
    for provider, first, last in periods:
        for (day, of, model, currency), row in rows.items():
            if of == provider and first <= day <= last:
                known[provider, first, last, model, currency].update(
                    booked=row["booked"] + row["incurred"], calls=row["calls"], unpriced=row["unpriced_calls"])
    known = {place: row for place, row in known.items() if row["booked"] or row["calls"]}
    models = collections.defaultdict(set)
    for *place, currency in {**known, **billed}:
        models[tuple(place)].add(currency)
    for place, currencies in models.items():
        here = [known.get((*place, c), collections.Counter()) for c in currencies]
        calls, unpriced = sum(r["calls"] for r in here), sum(r["unpriced"] for r in here)
        priced = [c for c in currencies if c != "XXX" and (*place, c) in known]
        is_billed = any((*place, c) in billed for c in currencies)
        for currency in currencies:
            if currency == "XXX" and (not known[(*place, "XXX")]["unpriced"] > 0 or priced or is_billed):
                continue
            lines = billed.get((*place, currency))
            invoiced = sum(a for a, _ in lines) if lines else None
            booked = known[(*place, currency)]["booked"] if currency in priced else None
            difference = (invoiced or 0) - (booked or 0)
            allowed = max(tolerance * UNIT, tolerance_share * abs(booked or 0))
            if not priced and unpriced > 0:
                finding = "calls_without_cost"
            elif abs(difference) * UNIT <= allowed:
                finding = "matched"
            elif invoiced is None:
                finding = "not_invoiced"
            elif booked is None:
                finding = "other_currency" if priced else "cost_without_calls"
            else:
                finding = "difference"
            yield {"finding": finding, "provider": place[0], "period_from": place[1], "period_through": place[2],
                   "model": place[3] or None, "currency": currency, "invoiced": text(invoiced),
                   "booked": text(booked), "difference": text(difference),
                   "difference_share": share_of(difference, booked), "calls": calls, "unpriced_calls": unpriced}


class Rates:
    """Exchange rates by pair and day: of several for a day, the last one that was listed."""

    def __init__(self, records):
        self.reporting, self.listed = None, {}
        for record in records:
            event = record["event"]
            data = event.get("data") or {}
            if event["type"] == "rate.listed":
                place = data["base"], data["quote"], record["derived"]["valid_from"]
                self.listed[place] = units(data["rate"])
            elif event["type"] == "ledger.opened" and "reporting_currency" in data:
                self.reporting = data["reporting_currency"]

    def on(self, day, currency):
        """(rate, whether it is of the inverse pair, its day) of a currency on a day; None where nothing is known."""
        if currency == self.reporting:
            return UNIT, False, None
        pairs = {(currency, self.reporting): False, (self.reporting, currency): True}
        found = [(since, not pairs[base, quote], rate) for (base, quote, since), rate in self.listed.items()
                 if (base, quote) in pairs and since <= day]
        if not found:
            return None
        since, is_direct, rate = max(found)
        return rate, not is_direct, since

    @staticmethod
    def convert(amount, found):
        rate, is_inverse, _ = found
        numerator, denominator = (abs(amount) * UNIT, rate) if is_inverse else (abs(amount) * rate, UNIT)
        quotient, rest = divmod(numerator, denominator)
        if 2 * rest > denominator or (2 * rest == denominator and quotient % 2):
            quotient += 1
        return -quotient if amount < 0 else quotient


def exchange_differences(records, rows):
    """Each day's cost is settled by the first invoice that bills its model and covers the day."""
    rates, bills = Rates(records), []
    for record in records:
        if record["event"]["type"] == "invoice.received":
            data, derived = record["event"]["data"], record["derived"]
            lines = collections.Counter()
            for line in data["lines"]:
                amount, currency = money(line["cost"])
                lines[line.get("model") or "", currency] += amount
            bills.append((data["provider"], derived["period"], derived["posting_date"],
                          record["event"]["subject"][len("invoice/"):], lines))
    settled = collections.defaultdict(list)
    for (day, provider, model, currency), row in rows.items():
        amount = row["booked"] + row["incurred"]
        if currency == "XXX" or not amount:
            continue
        for number, (of, period, _, _, lines) in enumerate(bills):
            if of == provider and period["from"] <= day <= period["through"] and any(m == model for m, _ in lines):
                settled[number, model, currency].append((amount, rates.on(day, currency)))
                break
    for number, (provider, _, day, invoice, lines) in enumerate(bills):
        for model, currency in {(m, c) for m, c in lines} | {(m, c) for n, m, c in settled if n == number}:
            costs, found = settled.get((number, model, currency), []), rates.on(day, currency)
            booked = sum(a for a, _ in costs) if costs else None
            invoiced = lines[model, currency] if (model, currency) in lines else None
            row = {"day": day, "invoice": invoice, "provider": provider, "model": model or None, "currency": currency,
                   "booked": text(booked), "invoiced": text(invoiced)}
            names = ("reporting_currency", "booked_value", "billed_value", "exchange_difference", "invoiced_value",
                     "billing_difference", "first_rate_day", "last_rate_day")
            if found is None or any(rate is None for _, rate in costs):
                yield {**row, **dict.fromkeys(names)}
                continue
            then = sum(rates.convert(a, rate) for a, rate in costs)
            now = rates.convert(booked or 0, found)
            bill = rates.convert(invoiced or 0, found)
            days = [d for _, _, d in [found] + [rate for _, rate in costs] if d]
            yield {**row, **dict(zip(names, (
                rates.reporting, text(then), text(now), text(now - then), text(bill), text(bill - now),
                min(days, default=None), max(days, default=None))))}


def main(arguments):
    as_of = None
    if arguments[:1] == ["--as-of"]:
        as_of, arguments = int(arguments[1]), arguments[2:]
    if len(arguments) != 1:
        sys.exit(__doc__)
    with open(arguments[0], encoding="utf-8") as file:
        records = [json.loads(line) for line in file if line.strip()]
    records = [r for r in records if as_of is None or int(r["event"]["position"]) <= as_of]
    found = list(postings(records))
    reconciled = reconciliation(records, found)
    books = {
        "daily_spend": list(daily_spend(found)),
        "model_pnl": list(Profit(found, "model", ("strategy",)).answer()),
        "strategy_pnl": list(Profit(found, "strategy", ("model",)).answer()),
        "operation_pnl": list(Profit(found, "operation", ("strategy", "model")).answer()),
        "trial_balance": list(trial_balance(found)),
        "reconciliation": list(answer_reconciliation(reconciled)),
        "reconciliation_invoices": list(invoices(records, reconciled)),
        "exchange_differences": list(exchange_differences(records, reconciled)),
    }
    json.dump(books, sys.stdout, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main(sys.argv[1:])
