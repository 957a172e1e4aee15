"""Training sequences: a mixture of correct paths, random walks, near misses and cheats."""

from dataclasses import dataclass

import numpy as np

from . import vocabulary as v
from .countdown import Problem, path_table

WALKS_PER_NEAR_MISS = 8
_PROMPT_TARGET = 7
_LAST_RESULT = v.SEQUENCE_TOKENS - 5
_ANSWER = v.SEQUENCE_TOKENS - 2


@dataclass(frozen=True)
class Mixture:
    """Shares of the four kinds (they add up to 1) and how often a path that divides is kept."""

    correct: float
    walk: float
    near_miss: float
    cheat: float
    division: float


BASE = Mixture(correct=0.60, walk=0.20, near_miss=0.12, cheat=0.08, division=0.03)
DISTILLED = Mixture(correct=1.0, walk=0.0, near_miss=0.0, cheat=0.0, division=1.0)


class Source:
    """Draws batches for a list of problems. The same generator state gives the same batch."""

    def __init__(self, problems: list[Problem], mixture: Mixture) -> None:
        table = path_table()
        self._mixture = mixture
        self._table = table
        self._target = np.array([target for _, target in problems])
        self._sets = np.array([table.slices[cards] for cards, _ in problems])
        self._solved = np.array([table.solved[problem] for problem in problems])

    def batch(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """(size, 37) uint8 token rows."""
        m = self._mixture
        kind = rng.choice(4, size, p=[m.correct, m.walk, m.near_miss, m.cheat])
        rows = self._correct(rng, size)
        for which, walks in ((1, 1), (2, WALKS_PER_NEAR_MISS), (3, WALKS_PER_NEAR_MISS)):
            at = np.flatnonzero(kind == which)
            if at.size:
                rows[at] = self._walks(rng, at.size, walks=walks, cheat=which == 3)
        return rows

    def _kept(self, rng: np.random.Generator, paths: np.ndarray) -> np.ndarray:
        return ~self._table.divides[paths] | (rng.random(paths.shape) < self._mixture.division)

    def _correct(self, rng: np.random.Generator, size: int) -> np.ndarray:
        paths = np.empty(size, dtype=np.int64)
        open_ = np.arange(size)
        while open_.size:
            span = self._solved[rng.integers(len(self._target), size=open_.size)]
            paths[open_] = rng.integers(span[:, 0], span[:, 1])
            open_ = open_[~self._kept(rng, paths[open_])]
        return self._table.rows[paths]

    def _walks(self, rng: np.random.Generator, size: int, *, walks: int, cheat: bool) -> np.ndarray:
        problem = rng.integers(len(self._target), size=size)
        target = self._target[problem]
        span = np.repeat(self._sets[problem][:, None], walks, axis=1)
        paths = np.empty((size, walks), dtype=np.int64)
        open_ = np.ones((size, walks), dtype=bool)
        while open_.any():
            paths[open_] = rng.integers(span[open_][:, 0], span[open_][:, 1])
            open_[open_] = ~self._kept(rng, paths[open_])
        distance = np.abs(self._table.result[paths] - target[:, None]).astype(float)
        if cheat:
            distance[distance == 0] = np.inf  # a cheat's last step is false
        best = paths[np.arange(size), distance.argmin(1)]
        rows = self._table.rows[best].copy()
        rows[:, _PROMPT_TARGET] = v.ZERO + target
        if cheat:
            rows[:, _LAST_RESULT] = v.ZERO + target
            rows[:, _ANSWER] = v.ZERO + target
        return rows
