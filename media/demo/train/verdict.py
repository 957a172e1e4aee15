"""The two rewards of a trace: strict (every step legal, every `left` right, result = target) and answer-only."""

from typing import Sequence

from . import vocabulary as v
from .countdown import Cards

_RESULT = {
    v.PLUS: lambda a, b: a + b,
    v.MINUS: lambda a, b: a - b,
    v.TIMES: lambda a, b: a * b,
    v.DIVIDE: lambda a, b: a // b if b and a % b == 0 else None,
}


def answer_only(trace: Sequence[int], target: int) -> bool:
    """Whether a finished trace ends in `Answer: target`."""
    ids = list(trace)
    if v.END not in ids:
        return False
    return ids[max(0, ids.index(v.END) - 2) : ids.index(v.END)] == [v.ANSWER, v.number(target)]


def strict(trace: Sequence[int], cards: Cards, target: int) -> bool:
    """Whether a trace (token ids with the end token) is a legal way from the cards to the target."""
    ids = list(trace[: v.TRACE_TOKENS])
    if len(ids) < v.TRACE_TOKENS or ids[-3:] != [v.ANSWER, v.number(target), v.END]:
        return False
    left = sorted(cards)
    at = 0
    while len(left) > 1:
        a, operator, b, equals, result = ids[at : at + 5]
        if equals != v.EQUALS or operator not in _RESULT or min(a, b, result) < v.ZERO:
            return False
        a, b, result = a - v.ZERO, b - v.ZERO, result - v.ZERO
        try:
            left.remove(a)
            left.remove(b)
        except ValueError:
            return False
        if _RESULT[operator](a, b) != result:
            return False
        left = sorted([*left, result])
        at += 5
        if len(left) > 1:
            if ids[at] != v.LEFT or sorted(i - v.ZERO for i in ids[at + 1 : at + 1 + len(left)]) != left:
                return False
            at += 1 + len(left)
        if ids[at] != v.NEWLINE:
            return False
        at += 1
    return left == [target]
