"""Extrema: where a function is least, or largest on the simplex."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, KroneckerDelta, Sum, Symbol

from symattn.algebra.words import normal, to_expr
from symattn.claims.claim import Claim
from symattn.kernel import Obligation, Sign, Zero


@dataclass(frozen=True, kw_only=True)
class Minimal(Claim):
    """`right` is where `f` is least: the slope vanishes there and the curvature is positive."""

    f: Expr
    variable: Symbol

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        slope = self.f.diff(self.variable)
        return (
            Zero(slope.subs(self.variable, self.right)),
            Sign(slope.diff(self.variable), True),
        )


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
    def obligations(self) -> tuple[Obligation, ...]:
        here, other = self.shown, self.other
        (index,) = here.indices
        slope = to_expr(normal(self.f.diff(here)))
        at = slope.xreplace({here: self.right})
        return (
            Zero(at - at.xreplace({index: other})),
            Zero(Sum(self.right, (index, 1, self.count)) - 1),
            Sign(self.right, True),
            Sign(-slope.diff(here), True),
            Zero(slope.diff(here.xreplace({index: other})).subs(KroneckerDelta(index, other), 0)),
        )
