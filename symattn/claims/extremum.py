"""Extrema: where a function is least, or largest on the simplex."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, KroneckerDelta, S, Sum, Symbol

from symattn.algebra.words import normal, to_expr
from symattn.claims.claim import Behind, Claim
from symattn.hypotheses.families import Between
from symattn.kernel import Free, HasValue, Obligation, Sign, Zero


@dataclass(frozen=True, kw_only=True)
class Minimal(Claim):
    """`right` is where `f` is least: the slope vanishes there, and `f` is convex on its domain.

    The domain is what the variable's assumptions and the hypotheses leave it: an interval, on which
    a stationary point of a strictly convex function is the only place where it is least.

    objective : `f` as it is printed, with its names.
    """

    f: Expr
    variable: Symbol
    objective: Expr

    @property
    def behind(self) -> Behind:
        return Behind(r" \qquad (\text{minimises } ", (self.objective,), (), ")")

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        slope = self.f.diff(self.variable)
        return (
            Free(self.right, self.variable),
            *self._inside,
            Zero(slope.subs(self.variable, self.right)),
            Sign(slope.diff(self.variable), True),
            HasValue(self.f),
        )

    @property
    def _inside(self) -> tuple[Obligation, ...]:
        """That the place lies where the variable may be."""
        place, x = self.right, self.variable
        found: list[Obligation] = []
        if x.is_positive or x.is_nonnegative:
            found.append(Sign(place, bool(x.is_positive)))
        if x.is_negative or x.is_nonpositive:
            found.append(Sign(-place, bool(x.is_negative)))
        if x.is_integer or not x.is_real:
            found.append(Zero(S.One))  # a slope says nothing between the integers
        for h in self.given:
            if isinstance(h, Between) and h.symbol == x:
                found += [Sign(place - h.low, True), Sign(h.high - place, True)]
            elif x in h.rewriting().ranges:
                found.append(Zero(S.One))  # no rule places a point in such a range
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class MaximalOnSimplex(Claim):
    """`right` is the one point of the simplex where a function of a family is largest.

    There the slope is the same in every direction, and the function is strictly concave: its
    second derivatives are negative on the diagonal and vanish off it.

    shown : the member of the family at an index; `right` is its value there.
    other : a second index.
    """

    f: Expr
    other: Symbol
    count: Symbol

    @property
    def behind(self) -> Behind:
        return Behind(r" \qquad (\text{maximises } ", (self.f,), (), ")")

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        here, other = self.shown, self.other
        (index,) = here.indices
        slope = to_expr(normal(self.f.diff(here)))
        at = slope.xreplace({here: self.right})
        return (
            HasValue(self.right),
            Zero(at - at.xreplace({index: other})),
            Zero(Sum(self.right, (index, 1, self.count)) - 1),
            Sign(self.right, True),
            Sign(-slope.diff(here), True),
            Zero(slope.diff(here.xreplace({index: other})).subs(KroneckerDelta(index, other), 0)),
        )
