"""Nonnegative numbers with sum one: probabilities, and the weights of a convex combination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sympy import Expr, Indexed, IndexedBase, S, Sum, Symbol

from symattn.algebra.words import Rewriting
from symattn.hypotheses.base import Hypothesis, Instance, Sizes

_N = Symbol("n", integer=True, positive=True)
_FIRST = Symbol("_l1", integer=True, positive=True)  # the normal form's own summation index
_L = Symbol("l", integer=True, positive=True)


@dataclass(frozen=True)
class Simplex(Hypothesis):
    """The members of a family of scalars are nonnegative and sum to one.

    The base says whether they are positive. `without` is an index whose member is zero: the
    others are then the weights of a convex combination of the others.
    """

    base: IndexedBase
    without: Symbol | None = None

    def rewriting(self) -> Rewriting:
        scalars: dict[Expr, Expr] = {Sum(self.base[_FIRST], (_FIRST, 1, _N)): S.One}
        if self.without is not None:
            scalars[self.base[self.without]] = S.Zero
        room = Indexed(IndexedBase(f"_{self.base}_room", nonnegative=True), _L)
        return Rewriting(scalars=scalars, ranges={1 - self.base[_L]: room})

    def sizes(self, sizes: dict[str, int]) -> None:
        if self.without is not None:
            sizes["n"] = max(sizes["n"], 2)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        # A power of uniform numbers: now nearly equal shares, now one that is almost all.
        share = rng.uniform(0.05, 1, size=sizes["n"]) ** float(np.exp(rng.uniform(-1, 2)))
        if self.without is not None:
            share[instance[self.without.name] - 1] = 0
        instance[str(self.base)] = share / share.sum()

    @property
    def latex(self) -> str:
        member, sign = f"{self.base}_l", ">" if self.base.is_positive else r"\ge"
        low = "l=1" if self.without is None else rf"l \ne {self.without}"
        high = "^n" if self.without is None else ""
        return rf"${member} {sign} 0$ and $\sum_{{{low}}}{high} {member} = 1$"

    def violation(self, instance: Instance) -> float:
        share = instance[str(self.base)]
        apart = 0.0 if self.without is None else share[instance[self.without.name] - 1]
        return float(max(abs(share.sum() - 1), -min(share.min(), 0), abs(apart)))
