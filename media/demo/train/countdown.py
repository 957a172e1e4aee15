"""Countdown: four cards 1..10, a target 10..50, three steps; every intermediate a whole number 0..50.

All legal paths of all 715 card sets are written out once as token rows (about 300,000), sorted by card
set and result, so that a problem's correct paths are one slice of the table.
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations, combinations_with_replacement
from typing import Iterator

import numpy as np

from . import vocabulary as v

CARDS = range(1, 11)
TARGETS = range(10, 51)
HELD_OUT_SETS = 108

Cards = tuple[int, ...]
# left operand, operator token, right operand, result
Step = tuple[int, int, int, int]


def steps_from(cards: Cards) -> Iterator[tuple[Step, Cards]]:
    """Each distinct legal step (the larger operand first) with the sorted cards it leaves."""
    seen: set[tuple[int, int]] = set()
    for i, j in combinations(range(len(cards)), 2):
        b, a = cards[i], cards[j]  # cards are sorted: a >= b
        if (a, b) in seen:
            continue
        seen.add((a, b))
        rest = cards[:i] + cards[i + 1 : j] + cards[j + 1 :]
        for operator, result in ((v.PLUS, a + b), (v.MINUS, a - b), (v.TIMES, a * b)):
            if result <= v.LARGEST:
                yield (a, operator, b, result), tuple(sorted((*rest, result)))
        if b > 0 and a % b == 0:
            yield (a, v.DIVIDE, b, a // b), tuple(sorted((*rest, a // b)))


def paths_from(cards: Cards) -> Iterator[tuple[tuple[Step, Cards], ...]]:
    """All ways to bring the cards down to one number."""
    if len(cards) == 1:
        yield ()
        return
    for step, left in steps_from(cards):
        for rest in paths_from(left):
            yield ((step, left), *rest)


def prompt_ids(cards: Cards, target: int) -> list[int]:
    """The 9 tokens of `Numbers: 2 4 7 7\\nTarget: 36\\n`."""
    return [v.NUMBERS, *map(v.number, cards), v.NEWLINE, v.TARGET, v.number(target), v.NEWLINE]


def trace_ids(path: tuple[tuple[Step, Cards], ...]) -> list[int]:
    """The 28 tokens of a trace, its end token included."""
    ids: list[int] = []
    for (a, operator, b, result), left in path:
        ids += [v.number(a), operator, v.number(b), v.EQUALS, v.number(result)]
        if len(left) > 1:
            ids += [v.LEFT, *map(v.number, left)]
        ids.append(v.NEWLINE)
    return [*ids, v.ANSWER, v.number(path[-1][0][3]), v.END]


@dataclass(frozen=True)
class PathTable:
    """Every legal path. rows (P, 37) uint8 with the prompt asking for the path's own result; result (P,);
    divides (P,) whether a step divides; slices: card set -> its rows; solved: (card set, target) -> its rows."""

    rows: np.ndarray
    result: np.ndarray
    divides: np.ndarray
    slices: dict[Cards, tuple[int, int]]
    solved: dict[tuple[Cards, int], tuple[int, int]]


@cache
def path_table() -> PathTable:
    """The table of all card sets (some seconds)."""
    rows: list[list[int]] = []
    result: list[int] = []
    slices: dict[Cards, tuple[int, int]] = {}
    solved: dict[tuple[Cards, int], tuple[int, int]] = {}
    for cards in combinations_with_replacement(CARDS, 4):
        first = len(rows)
        for path in sorted(paths_from(cards), key=lambda p: p[-1][0][3]):
            value = path[-1][0][3]
            start, _ = solved.get((cards, value), (len(rows), 0))
            rows.append(prompt_ids(cards, value) + trace_ids(path))
            result.append(value)
            solved[cards, value] = (start, len(rows))
        slices[cards] = (first, len(rows))
    table = np.array(rows, dtype=np.uint8)
    solved = {key: rows for key, rows in solved.items() if key[1] in TARGETS}
    return PathTable(table, np.array(result), (table == v.DIVIDE).any(1), slices, solved)


Problem = tuple[Cards, int]


@dataclass(frozen=True)
class Split:
    """Solvable problems by what their card sets are for; no card set is in two parts."""

    train: list[Problem]
    development: list[Problem]
    test: list[Problem]


def split(seed: int) -> Split:
    """108 card sets are held out: half of them to choose settings with, half for the figures that are shipped."""
    table = path_table()
    order = np.random.default_rng(seed).permutation(len(table.slices))
    sets = list(table.slices)
    development = {sets[i] for i in order[: HELD_OUT_SETS // 2]}
    test = {sets[i] for i in order[HELD_OUT_SETS // 2 : HELD_OUT_SETS]}
    parts = Split([], [], [])
    for problem in table.solved:
        part = development if problem[0] in development else test if problem[0] in test else None
        (parts.train if part is None else parts.development if part is development else parts.test).append(problem)
    return parts


def draw(problems: list[Problem], count: int, seed: int) -> list[Problem]:
    """`count` of the problems, without replacement."""
    chosen = np.random.default_rng(seed).choice(len(problems), count, replace=False)
    return [problems[i] for i in chosen]
