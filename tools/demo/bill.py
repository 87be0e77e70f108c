#!/usr/bin/env python3
"""Makes of the shipped trace the calls of four models, and what their provider bills for them, with three mistakes in it.

usage: bill.py [--every N] [--honest] FOLDER

Writes FOLDER/prices.json (the four models' entries of the shipped table, for `daybook prices import`), FOLDER/calls.ndjson
(a completion a request, for `daybook append`) and FOLDER/invoice.csv (for `daybook facts import --type invoice.received`).
--every N takes each Nth request only; --honest leaves the mistakes out.

The requests, their times and tokens are the trace's own (Azure LLM inference trace 2023, CC-BY 4.0; see the README beside
it). Made up are: the models, by the length of the context; the strategies, one for each service; the latency, 200 ms and 18
a token; and the invoice, at the prices of the table that is shipped, each line rounded to cents. So it is what the provider
would bill: nothing in it comes from Daybook. The mistakes: the input tokens of gpt-4o are billed 3 % too high, all of
gpt-4.1-mini is billed a second time under another number, and o3 is not billed at all.
"""
import csv, json, pathlib, subprocess, sys
from decimal import Decimal, ROUND_HALF_EVEN

HERE = pathlib.Path(__file__).resolve().parent
TRACE = HERE / "azure-llm-2023"
PRICES = HERE.parent / "prices" / "litellm-2025-06-12.json.zst"
# File, operation, strategy, context tokens that the smaller model takes at most, models.
SERVICES = (
    ("conv", "chat_message", "support", 1000, ("gpt-4o-mini", "gpt-4o")),
    ("code", "agent_execution", "engineering", 2000, ("gpt-4.1-mini", "o3")),
)
COLUMNS = ("Invoice", "Vendor", "From", "To", "Issued", "Model", "Article", "Quantity", "Unit", "Amount")


def unpacked(path):
    return subprocess.run(["zstd", "-dc", str(path)], capture_output=True, check=True).stdout.decode()


def calls(every):
    """(event, model, tokens by class) of each request that is taken."""
    for name, operation, strategy, bound, models in SERVICES:
        for number, row in enumerate(csv.DictReader(unpacked(TRACE / f"{name}.csv.zst").splitlines()), 1):
            if number % every:
                continue
            context, generated = int(row["ContextTokens"]), int(row["GeneratedTokens"])
            model = models[context > bound]
            tokens = {"input_tokens": context, "output_tokens": generated}
            # Ten millionths of a second are cut to microseconds.
            time = row["TIMESTAMP"][:-1].replace(" ", "T") + "Z"
            call = f"azure-{name}-{number:06}"
            yield {
                "specversion": "1.0", "id": f"{call}.completion", "source": "/demo/bill",
                "type": "completion.recorded", "subject": f"call/{call}", "time": time,
                "datacontenttype": "application/json",
                "data": {
                    "operation": operation, "model": model, "provider": "openai", "attempt": 1, "status": "ok",
                    "usage": tokens, "usage_source": "provider", "latency_ms": 200 + 18 * generated,
                    "strategy": strategy,
                },
            }, model, tokens


def lines(sums, table, honest):
    """Rows of the invoice: a line for each model and kind of token."""
    names = {"input_tokens": "input_cost_per_token", "output_tokens": "output_cost_per_token"}
    for (model, article), quantity in sums.items():
        amount = quantity * Decimal(str(table[model][names[article]]))
        invoices = ["OA-2023-11"]
        if not honest:
            if (model, article) == ("gpt-4o", "input_tokens"):
                amount *= Decimal("1.03")
            if model == "gpt-4.1-mini":
                invoices.append("OA-2023-11-B")
            if model == "o3":
                continue
        for invoice in invoices:
            yield (invoice, "openai", "2023-11-01", "2023-12-01", "2023-12-01", model, article, quantity, "tokens",
                   amount.quantize(Decimal("0.01"), ROUND_HALF_EVEN))


def main(arguments):
    every, honest = 1, False
    while arguments[:1] and arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--honest":
            honest = True
        elif option == "--every" and arguments and arguments[0].isdigit() and int(arguments[0]) > 0:
            every = int(arguments.pop(0))
        else:
            sys.exit(__doc__)
    if len(arguments) != 1:
        sys.exit(__doc__)
    folder = pathlib.Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    prices = json.loads(unpacked(PRICES))
    table = {model: prices[model] for service in SERVICES for model in service[4]}
    with open(folder / "prices.json", "w", encoding="utf-8") as file:
        json.dump(table, file, indent=2)
    sums, count = {}, 0
    with open(folder / "calls.ndjson", "w", encoding="utf-8") as file:
        for event, model, tokens in calls(every):
            file.write(json.dumps(event, separators=(",", ":")) + "\n")
            count += 1
            for article, quantity in tokens.items():
                sums[model, article] = sums.get((model, article), 0) + quantity
    rows = sorted(lines(sums, table, honest))
    with open(folder / "invoice.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    print(f"{count} calls in {folder}/calls.ndjson, {len(rows)} lines of invoices in {folder}/invoice.csv")


if __name__ == "__main__":
    main(sys.argv[1:])
