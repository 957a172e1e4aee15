"""Math-Verify's verdict on each pair of a JSON list [{"gold", "response", "types"?, "precision"?, ...}] on standard input."""
import json
import logging
import sys

logging.disable(logging.CRITICAL)
from math_verify import ExprExtractionConfig, LatexExtractionConfig, parse, verify  # noqa: E402

CONFIGS = {"latex": LatexExtractionConfig, "expr": ExprExtractionConfig}


def judge(pair):
    opts = pair.get("opts", {})
    types = [CONFIGS[name]() for name in opts.get("match_types", ["latex", "expr"])]
    try:
        gold = parse(pair["gold"], types)
        if not gold:
            gold = parse(f"${pair['gold']}$", types)
        answer = parse(pair["response"], types)
        if not gold:
            return "unread"
        extra = {"float_rounding": opts.get("precision", 6), "strict": opts.get("strict", True)}
        extra["allow_set_relation_comp"] = opts.get("allow_set_relation_comp", False)
        return "equal" if verify(gold, answer, **extra) else "notEqual"
    except Exception as error:  # a peer that fails is a finding, not the end
        return f"error {type(error).__name__}"


json.dump([judge(pair) for pair in json.load(sys.stdin)], sys.stdout)
