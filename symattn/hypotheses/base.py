"""What a hypothesis is: it lets SymPy rewrite, it samples NumPy arrays, and it prints itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from sympy import Expr, Symbol

from symattn.algebra.words import NOTHING, Rewriting

Instance = dict[str, Any]
Sizes = Mapping[str, int]


class Hypothesis(ABC):
    """One thing that is given.

    The sample face must be written from the definition, never through the rewrite face: so one
    catches the other's mistakes.
    """

    def rewriting(self) -> Rewriting:
        """What it lets the algebra replace."""
        return NOTHING

    def regular(self) -> tuple[Expr, ...]:
        """The square matrices that it makes invertible."""
        return ()

    def ties(self) -> Mapping[Symbol, Expr]:
        """The scalars that are given by an expression in others, and move when these do."""
        return {}

    def sizes(self, sizes: dict[str, int]) -> None:  # noqa: B027
        """Raise the sizes that are too small for it (orthonormal keys need d >= n)."""

    @abstractmethod
    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        """Write arrays that meet it into the instance."""

    @property
    @abstractmethod
    def latex(self) -> str:
        """How a sheet states it: plain text with formulas between dollars."""

    def violation(self, instance: Instance) -> float:
        """Return by how much an instance misses it; 0 when it is met or cannot be measured."""
        return 0.0


@dataclass(frozen=True)
class Given:
    """All hypotheses of a question, in the order in which they sample.

    >>> Given(()).latex
    ()
    """

    hypotheses: tuple[Hypothesis, ...]

    @property
    def rewriting(self) -> Rewriting:
        return reduce(lambda a, b: a + b, (h.rewriting() for h in self.hypotheses), NOTHING)

    @property
    def regular(self) -> tuple[Expr, ...]:
        return tuple(a for h in self.hypotheses for a in h.regular())

    @property
    def ties(self) -> dict[Symbol, Expr]:
        return {s: x for h in self.hypotheses for s, x in h.ties().items()}

    @property
    def latex(self) -> tuple[str, ...]:
        return tuple(h.latex for h in self.hypotheses)

    def __iter__(self) -> Iterator[Hypothesis]:
        return iter(self.hypotheses)

    def and_(self, *more: Hypothesis) -> Given:
        """Return the hypotheses with more added."""
        return Given(self.hypotheses + more)

    def without(self, kind: type[Hypothesis]) -> Given:
        """Return the hypotheses without those of a kind: a weaker claim."""
        return Given(tuple(h for h in self.hypotheses if not isinstance(h, kind)))

    def sample(self, rng: np.random.Generator, sizes: dict[str, int]) -> Instance:
        """Return one instance: sizes, distinct places and every array that a hypothesis writes."""
        sizes = dict(sizes)
        before: dict[str, int] = {}
        while before != sizes:  # one hypothesis may raise what another depends on
            before = dict(sizes)
            for h in self.hypotheses:
                h.sizes(sizes)
        instance: Instance = dict(sizes)
        count = sizes["n"]
        general(rng, sizes, instance)
        places = rng.permutation(np.arange(1, count + 1))
        instance["i"], instance["j"] = int(places[0]), int(places[1])
        instance["x"] = int(rng.integers(1, count + 1))
        for h in self.hypotheses:
            h.sample(rng, sizes, instance)
        return instance


def general(rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
    """Fill in keys, values, a query and logits in general position."""
    count, d = sizes["n"], sizes["d"]
    instance["k"] = rng.normal(size=(count, d))
    instance["v"] = rng.normal(size=(count, d)) * float(np.exp(rng.uniform(-2, 0.5)))
    instance["q"] = rng.normal(size=d)
    instance["z"] = rng.normal(size=count) * 2 + rng.normal() * 3
