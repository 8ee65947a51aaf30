"""Nonnegative numbers with sum one: probabilities, and the weights of a convex combination."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from sympy import Expr, Indexed, IndexedBase, S, Sum, Symbol

from symattn.algebra.words import Rewriting
from symattn.hypotheses.base import Broken, Hypothesis, Instance, Opposite, Sizes

_N = Symbol("n", integer=True, positive=True)
_FIRST = Symbol("_l1", integer=True, positive=True)  # the normal form's own summation index
_L = Symbol("l", integer=True, positive=True)


@dataclass(frozen=True)
class OffSimplex(Broken):
    """Nonnegative numbers that do not sum to one, or do not vanish where they must."""

    simplex: Simplex
    total: bool

    def rewriting(self) -> Rewriting:
        if not self.total:
            return Simplex(self.simplex.base).rewriting()
        rules = self.simplex.rewriting().scalars
        return Rewriting(scalars={a: b for a, b in rules.items() if b == 0})

    def sizes(self, sizes: dict[str, int]) -> None:
        self.simplex.sizes(sizes)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        if self.total:
            self.simplex.sample(rng, sizes, instance)
            factor = float(np.exp(rng.uniform(0.2, 1)))
            name = str(self.simplex.base)
            instance[name] = instance[name] * (factor if rng.uniform() < 0.5 else 1 / factor)
        else:
            Simplex(self.simplex.base).sample(rng, sizes, instance)


@dataclass(frozen=True)
class Simplex(Hypothesis):
    """The members of a family of scalars are nonnegative and sum to one.

    The base says whether they are positive. `without` is an index whose member is zero: what
    is left are the weights of a convex combination of the others. `near(instance)` is a point of
    the simplex that samples come close to, where a bound is attained.
    """

    base: IndexedBase
    without: Symbol | None = None
    near: Callable[[Instance], np.ndarray] | None = None

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
        with np.errstate(invalid="ignore"):  # of one key without that key
            share = share / share.sum()
        if self.near is not None and rng.uniform() < 0.7:
            way = 1.0 if rng.uniform() < 0.5 else 1 - float(np.exp(rng.uniform(-20, 0)))
            share = (1 - way) * share + way * self.near(instance)
        instance[str(self.base)] = share

    def opposites(self) -> Iterable[Opposite]:
        name = (str(self.base),)
        yield Opposite((OffSimplex(self, True),), f"{self.base} does not sum to one", name)
        if self.without is not None:
            what = f"{self.base} does not vanish at {self.without}"
            yield Opposite((OffSimplex(self, False),), what, name)

    @property
    def latex(self) -> str:
        member, sign = f"{self.base}_l", ">" if self.base.is_positive else r"\ge"
        low = "l=1" if self.without is None else rf"l \ne {self.without}"
        high = "^n" if self.without is None else ""
        return rf"${member} {sign} 0$ and $\sum_{{{low}}}{high} {member} = 1$"

    def violation(self, instance: Instance) -> float:
        share = instance[str(self.base)]
        apart = 0.0 if self.without is None else share[instance[self.without.name] - 1]
        flat = self.without is None and bool(self.base.is_positive) and share.min() <= 0
        return float(max(abs(share.sum() - 1), -min(share.min(), 0), abs(apart), flat))
