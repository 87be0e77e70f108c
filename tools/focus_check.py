"""Checks a FOCUS Cost and Usage file: with the public validator (1.2), and row by row against the records.

usage: focus_check.py FILE.csv --focus-version 1.2|1.4 --records RECORDS.ndjson [--validate]
       focus_check.py --prepare        after the validator was installed

Run it with the Python that the validator is installed in (.build/python/bin/python). The validator ends with 0 whatever
it finds, and misses single bad rows, so its report is read rule by rule, and every row is checked here too: columns,
types, formats, allowed values, nulls, products, periods, and sums equal to those of the records. Exit code 1 where
anything is wrong.
"""
import argparse, collections, csv, datetime, json, pathlib, re, subprocess, sys
from decimal import Decimal, localcontext

sys.path.insert(0, str(pathlib.Path(__file__).parent))

METRICS = ["BilledCost", "ContractedCost", "EffectiveCost", "ListCost"]
COMMON = METRICS + [
    "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart",
    "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart",
    "InvoiceIssuerName", "PricingQuantity", "PricingUnit", "ServiceCategory", "ServiceName"]
MANDATORY = {
    "1.2": COMMON + ["PricingCategory", "ProviderName", "PublisherName"],
    "1.4": COMMON + ["HostProviderName", "ServiceProviderName"],
}
REMOVED = {"1.2": ["HostProviderName", "ServiceProviderName"], "1.4": ["ProviderName", "PublisherName"]}
NULLABLE = {"ChargeClass", "PricingQuantity", "PricingUnit", "PricingCategory"}
CATEGORIES = {
    "AI and Machine Learning": {"Generative AI"}, "Compute": {"Virtual Machines"}, "Integration": {"API Management"},
    "Other": {"Other (Other)"}}
# What the ledger supports of FOCUS's conditions; the others' columns are not there.
SUPPORTED = ["ACCOUNT_NAMING_SUPPORTED", "PUBLIC_PRICE_LIST_SUPPORTED", "TAGGING_SUPPORTED", "UNIT_PRICING_SUPPORTED",
             "USAGE_MEASUREMENT_SUPPORTED"]
# Rules that the validator applies though their conditions do not hold, or cannot look up. Prices in another currency than
# the bill's, which no ledger has; of an invoice's id, that it must be null and that it must not, whatever the charge; of
# quantities, what asks for the status of a commitment, a column that is not there. Rows are checked here for these.
WRONGLY_APPLIED = re.compile(
    r"PricingCurrency\w*-C-\d+-\w|CostAndUsage-D-0(46|47|48|50|51|52|54|55|56)-C|InvoiceId-C-00[0345]-\w"
    r"|ConsumedQuantity-C-00[03456]-C")


def prepare():
    """Spells an expression of the validator in a way that Python 3.11 knows, too."""
    found = list(pathlib.Path(sys.prefix).glob("lib/*/site-packages/focus_validator/*/focus_to_duckdb_converter.py"))
    assert len(found) == 1, "the validator is not installed here"
    text = found[0].read_text()
    old, new = "k.replace('\\\"', '\\\"\\\"')", "k.replace(chr(34), chr(34) * 2)"
    assert old in text or new in text, "the validator is another version than this was written for"
    found[0].write_text(text.replace(old, new))


def validate(path, rows):
    """The validator's own words: rules that failed, by its two ways of choosing them."""
    packages = next(pathlib.Path(sys.prefix).glob("lib/*/site-packages"))
    wrong = []
    for criteria in ([], ["--applicability-criteria", ",".join(SUPPORTED)]):
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from focus_validator.main import main; sys.exit(main())", "--data-file", str(pathlib.Path(path).resolve()),
             "--validate-version", "1.2", "--block-download", *criteria],
            cwd=packages, capture_output=True, text=True)
        total = re.search(r"Total: (\d+) \| Pass: (\d+) \| Fail: (\d+)", done.stdout)
        if not total or int(total[2]) < (130 if not criteria else 180):
            wrong.append("the validator checked nothing: " + (done.stderr or done.stdout)[-500:])
            continue
        failed = set(re.findall(r"^\S+ (\S+): FAIL ", done.stdout, re.M))
        if len(failed) != int(total[3]):
            wrong.append(f"the validator tells {total[3]} failures and names {len(failed)}")
        # It wants ASCII where the specification wants valid Unicode.
        foreign = {column for row in rows for column, value in row.items() if value and not value.isascii()}
        for rule in sorted(failed):
            if WRONGLY_APPLIED.fullmatch(rule):
                continue
            if re.fullmatch(r"\w+-C-00[0-3]-\w", rule) and rule.split("-")[0] in foreign:
                continue
            wrong.append(f"the validator: rule {rule} failed")
        print(f"validator: {total[0]}")
    return wrong


def moment(text):
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text), f"no time: {text}"
    return datetime.datetime.fromisoformat(text[:-1])


def decimal(text):
    assert re.fullmatch(r"-?\d+\.\d{1,12}", text), f"no decimal: {text}"
    return Decimal(text)


def check_row(row, version):
    for column in MANDATORY[version]:
        assert row[column] != "" or column in NULLABLE, f"{column} is null"
    costs = {decimal(row[column]) for column in METRICS}
    assert len(costs) == 1, "the costs differ"
    cost = costs.pop()
    assert re.fullmatch(r"[A-Z]{3}", row["BillingCurrency"]), "no currency"
    start, end = moment(row["ChargePeriodStart"]), moment(row["ChargePeriodEnd"])
    first, last = moment(row["BillingPeriodStart"]), moment(row["BillingPeriodEnd"])
    assert first <= start < end <= last, "the charge lies outside its billing period"
    assert 22 <= (end - start).total_seconds() / 3600 <= 26, "the charge is not a day's"
    assert row["ServiceSubcategory"] in CATEGORIES[row["ServiceCategory"]], "the subcategory is another category's"
    assert row["ChargeClass"] in ("", "Correction") and row["ChargeCategory"] in ("Usage", "Credit")
    assert row["ChargeFrequency"] == ("Usage-Based" if row["ChargeCategory"] == "Usage" else "One-Time")
    if row["Tags"]:
        assert all(isinstance(value, str) for value in json.loads(row["Tags"]).values())
    usage = ["ConsumedQuantity", "ConsumedUnit", "ListUnitPrice", "PricingCategory", "PricingQuantity", "PricingUnit",
             "SkuId", "SkuMeter", "SkuPriceId"]
    if row["ChargeCategory"] == "Credit":
        assert not any(row[column] for column in usage), "a credit has a quantity or a price"
        return
    assert all(row[column] for column in usage), "usage lacks a quantity or a price"
    price, quantity = decimal(row["ListUnitPrice"]), decimal(row["PricingQuantity"])
    assert price >= 0 and decimal(row["ConsumedQuantity"]) * quantity >= 0
    with localcontext() as context:
        context.prec = 60
        # The ledger rounds a line once, at the twelfth place, and a quantity whose quotient does not end there, too.
        assert abs(price * quantity - cost) <= Decimal("0.5e-12") + price * Decimal("0.5e-12"), "price × quantity ≠ cost"
    assert re.fullmatch(r"(\d+ )?[A-Z][a-z]+", row["PricingUnit"]), "no unit"
    assert row["SkuPriceId"].startswith(row["SkuId"] + "#"), "a price of another SKU"


def check(path, version, records):
    from check_journals import UNIT, bookings
    wrong = []
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file, strict=True)
        rows = list(reader)
    columns = reader.fieldnames
    wrong += [f"{column} is missing" for column in MANDATORY[version] if column not in columns]
    wrong += [f"{column} is not of {version}" for column in REMOVED[version] if column in columns]
    own = [column for column in columns if column.startswith("x_")]
    if columns[-len(own):] != own:
        wrong.append("columns of our own stand among those of FOCUS")
    found = collections.Counter()
    owner = {}
    for number, row in enumerate(rows, 2):
        try:
            check_row(row, version)
            parts = row["x_ReceiptId"].split("/")
            assert parts[1] == row["x_Position"] and re.fullmatch("[0-9a-f]{64}", parts[2]), "the receipt is another's"
            if row["SkuPriceId"]:
                assert owner.setdefault(row["SkuPriceId"], row["SkuId"]) == row["SkuId"], "a price of two SKUs"
            found[row["x_Position"], row["BillingCurrency"]] += int(Decimal(row["BilledCost"]) * UNIT)
        except (AssertionError, KeyError, ValueError) as fault:
            wrong.append(f"row {number}: {fault}")
    expected = collections.Counter()
    for line in open(records, encoding="utf-8"):
        record = json.loads(line)
        for kind, data, derived, amount, currency, days in bookings(record):
            if kind != "revenue.earned":
                expected[str(record["position"]), currency] += amount
    for key in expected.keys() | found.keys():
        if expected[key] != found[key]:
            wrong.append(f"position {key[0]}: {found[key]} instead of {expected[key]} {key[1]}")
    print(f"{len(rows)} rows of {len(expected)} bookings")
    return rows, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?")
    parser.add_argument("--focus-version", choices=["1.2", "1.4"])
    parser.add_argument("--records")
    parser.add_argument("--validate", action="store_true")
    parser.add_argument("--prepare", action="store_true")
    options = parser.parse_args()
    if options.prepare:
        return prepare()
    rows, wrong = check(options.file, options.focus_version, options.records)
    if options.validate:
        wrong = validate(options.file, rows) + wrong
    for line in wrong[:20]:
        print(line)
    print(f"{len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
