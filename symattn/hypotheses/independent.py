"""Independent numbers: the members of families have one mean and one variance, whatever their law."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sympy import Add, Expr, Indexed, IndexedBase, KroneckerDelta, Mul, S, Sum

from symattn.algebra.letters import Expect, Var
from symattn.algebra.words import Rewriting
from symattn.hypotheses.base import Broken, Hypothesis, Instance, Opposite, Sizes
from symattn.latex.write import latex


@dataclass(frozen=True)
class Dependent(Broken):
    """The members of all families are one number at each index."""

    independent: Independent

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        self.independent.sample(rng, sizes, instance)
        instance[self.independent.together] = True


@dataclass(frozen=True)
class Independent(Hypothesis):
    """The members of some families are independent, each with this mean and this variance.

    Nothing else is known of their laws: only what takes two moments of a member follows.

    >>> from sympy import symbols
    >>> l, n = symbols("l n", integer=True, positive=True)
    >>> x, y = IndexedBase("x", real=True), IndexedBase("y", real=True)
    >>> Independent((x, y)).moment(Var(Sum(x[l] * y[l], (l, 1, n))))
    Sum(1, (l, 1, n))
    >>> Independent((x, y)).moment(Expect(x[l] ** 3)) is None
    True
    """

    bases: tuple[IndexedBase, ...]
    mean: Expr = S.Zero
    variance: Expr = S.One

    @property
    def skew(self) -> str:
        """What an instance calls the share of the smaller value of its two-point law."""
        return f"_{self.bases[0]}_skew"

    @property
    def together(self) -> str:
        return f"_{self.bases[0]}_together"

    def rewriting(self) -> Rewriting:
        return Rewriting(statistics=(self.moment,))

    def moment(self, s: Expr) -> Expr | None:
        """Return an expectation or a variance, None where two moments do not give it."""
        x = s.args[0]
        if not x.is_commutative or not isinstance(s, (Expect, Var)):
            return None
        if isinstance(s, Expect):
            return self._expected(x)
        if isinstance(x, Sum) and len(x.limits) == 1:  # the terms are independent
            index = x.limits[0][0]
            if any(e.indices != (index,) for e in self._members(x.function)):
                return None
            one = self.moment(Var(x.function))
            return None if one is None else x.func(one, *x.limits)
        known, random = x.as_independent(*self._members(x), as_Add=False)
        if known != 1:
            inside = self.moment(Var(random))
            return None if inside is None else known**2 * inside
        square, first = self._expected((x * x).expand()), self._expected(x)
        return None if square is None or first is None else (square - first**2).expand()

    def _members(self, x: Expr) -> set[Indexed]:
        return {e for e in x.atoms(Indexed) if e.base in self.bases}

    def _expected(self, x: Expr) -> Expr | None:
        x = x.expand()
        if not self._members(x):
            return x
        if isinstance(x, Add):
            parts = [self._expected(a) for a in x.args]
            return None if any(p is None for p in parts) else Add(*parts)
        if isinstance(x, Sum) and not any(
            self._members(b) for limit in x.limits for b in limit[1:]
        ):
            inside = self._expected(x.function)
            return None if inside is None else x.func(inside, *x.limits)
        powers: dict[IndexedBase, dict[Expr, int]] = {}
        known: list[Expr] = []
        for factor in Mul.make_args(x):
            base, power = factor.as_base_exp()
            if isinstance(base, Indexed) and base in self._members(x) and power in (1, 2):
                powers.setdefault(base.base, {})[base.indices[0]] = int(power)
            elif self._members(factor):
                return None
            else:
                known.append(factor)
        for family in powers.values():
            if len(family) == 1:
                (power,) = family.values()
                known.append(self.mean if power == 1 else self.mean**2 + self.variance)
            elif len(family) == 2 and set(family.values()) == {1}:
                known.append(self.mean**2 + self.variance * KroneckerDelta(*family))
            else:
                return None
        return Mul(*known)

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        instance[self.skew] = float(rng.uniform(0.15, 0.85))
        for s in sorted(self.mean.free_symbols | self.variance.free_symbols, key=str):
            value = float(rng.normal())
            instance.setdefault(str(s), float(np.exp(value)) if s.is_positive else value)

    def opposites(self) -> Iterable[Opposite]:
        if len(self.bases) > 1:
            names = tuple(str(base) for base in self.bases)
            yield Opposite((Dependent(self),), "the families are one", names)

    @property
    def latex(self) -> str:
        letters = ", ".join(latex(base[S(1)]).replace("_{1}", "_l") for base in self.bases)
        moments = f"mean ${latex(self.mean)}$ and variance ${latex(self.variance)}$"
        return f"all ${letters}$ are independent, with {moments}"

    def violation(self, instance: Instance) -> float:
        return float(self.together in instance or not 0 < instance[self.skew] < 1)
