#!/usr/bin/env python3
"""Reads a LiteLLM price table with decimals and prints what the ledger would list: the tests' second opinion.

A line: model, provider, usage class, service tier, context above, price of one unit of the class as a plain decimal.
Units are those of usage: a token, a character, an image, a request, a millisecond of audio.
"""

import hashlib
import json
import re
import sys
from decimal import Decimal, localcontext

CLASSES = {
    "input_tokens": ["input_cost_per_token"],
    "output_tokens": ["output_cost_per_token"],
    "reasoning_tokens": ["output_cost_per_reasoning_token"],
    "cache_read_tokens": ["cache_read_input_token_cost", "input_cost_per_token_cache_hit"],
    "cache_write_tokens": ["cache_creation_input_token_cost"],
    "cache_write_1h_tokens": ["cache_creation_input_token_cost_above_1hr"],
    "audio_input_tokens": ["input_cost_per_audio_token"],
    "audio_output_tokens": ["output_cost_per_audio_token"],
    "image_tokens": ["input_cost_per_image_token", "output_cost_per_image_token"],
    "images": ["input_cost_per_image", "output_cost_per_image"],
    "characters": ["input_cost_per_character", "output_cost_per_character"],
    "audio_ms": ["input_cost_per_second", "output_cost_per_second", "input_cost_per_audio_per_second"],
    "requests": ["input_cost_per_query", "input_cost_per_request"],
}
CLASS_OF = {field: name for name, fields in CLASSES.items() for field in fields}
BOTH_WAYS = {"image_tokens", "images", "characters", "audio_ms"}
AUDIO = {"audio_transcription", "audio_speech", "realtime"}
FIELD = re.compile(r"^(.*?)(?:_above_(\d+)k_tokens)?(?:_(batches|batch_requests|flex|priority))?$")
PROVIDERS = {
    "bedrock_converse": "bedrock", "text-completion-openai": "openai", "text-completion-codestral": "codestral",
    "text-completion-inception": "inception", "cohere_chat": "cohere", "azure_text": "azure",
}


def provider_of(name):
    family = re.match(r"^(vertex_ai|fireworks_ai)-", name)
    return PROVIDERS.get(name) or (family.group(1) if family else name)


def meaning(field, mode):
    base, above, service = FIELD.match(field).groups()
    usage = CLASS_OF.get(base)
    if usage is None or (base in ("input_cost_per_second", "output_cost_per_second") and mode not in AUDIO):
        return None
    tier = {"batches": "batch", "batch_requests": "batch", None: "standard"}.get(service, service)
    return usage, tier, int(above) * 1000 if above else 0


def candidates(model):
    """Yields (kind, number) of every field that prices a class."""
    groups = [(0, model)]
    tiers = model.get("tiered_pricing")
    if isinstance(tiers, list) and tiers and all("range" in tier for tier in tiers):
        groups += [(int(tier["range"][0]), tier) for tier in tiers]
    for low, fields in groups:
        for field, value in fields.items():
            if isinstance(value, Decimal):
                kind = meaning(field, model.get("mode"))
                if kind:
                    yield (kind[0], kind[1], max(kind[2], low)), value


def listings(table):
    for name, model in table.items():
        if name == "sample_spec" or not isinstance(model, dict) or "litellm_provider" not in model:
            continue
        kinds = {}
        for kind, value in candidates(model):
            kinds.setdefault(kind, []).append(value)
        for (usage, tier, above), values in kinds.items():
            distinct = set(values)
            if usage in BOTH_WAYS and len(distinct) > 1:
                distinct.discard(Decimal(0))
            if len(distinct) == 1:
                unit = distinct.pop() / (1000 if usage == "audio_ms" else 1)
                yield name, provider_of(model["litellm_provider"]), usage, tier, str(above), plain(unit)


def plain(number):
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def main():
    with localcontext() as context:
        context.prec = 60
        table = json.load(sys.stdin, parse_float=Decimal, parse_int=Decimal)
        lines = sorted("\t".join(listing) for listing in listings(table))
    if "--digest" in sys.argv[1:]:
        text = "".join(line + "\n" for line in lines)
        print(len(lines), hashlib.sha256(text.encode("ascii")).hexdigest())
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
