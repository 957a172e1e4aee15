"""Math-Verify on the pairs of a JSON file: seconds for parsing and comparing all of them, and its verdicts."""
import json
import logging
import sys
import time

logging.disable(logging.CRITICAL)
from math_verify import parse, verify  # noqa: E402

pairs = json.load(open(sys.argv[1], encoding="utf-8"))


def judge(pair):
    try:
        return bool(verify(parse(pair["gold"]), parse(pair["pred"])))
    except Exception:
        return False


judge(pairs[0])
started = time.process_time()
verdicts = [judge(pair) for pair in pairs]
print(json.dumps({"seconds": time.process_time() - started, "equal": sum(verdicts)}))
