"""Limits: what a quantity tends to, directly, between two others, or under an integral."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, S, Symbol, oo

from symattn.claims.claim import Behind, Claim
from symattn.kernel import Approach, Free, HasValue, LimitIs, Moves, Obligation, Sign, Zero


@dataclass(frozen=True, kw_only=True)
class Tends(Claim):
    """`f -> right` as the variable tends to the point."""

    RELATIONS = (r"\to",)

    f: Expr
    variable: Symbol
    point: Expr
    relation: str = r"\to"

    @property
    def approach(self) -> Approach:
        return Approach(self.variable, self.point)

    @property
    def behind(self) -> Behind:
        return Behind(r" \qquad (", (self.variable, self.point), (r"\to",), ")")

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return (
            Moves(self.f, self.variable),
            Free(self.right, self.variable),
            LimitIs(self.f, (self.approach,), self.right),
            HasValue(self.f, self.variable),
            HasValue(self.right),
        )


@dataclass(frozen=True, kw_only=True)
class Squeezed(Tends):
    """`f -> right`, for `low <= f <= high` and both of them tend there.

    `below` is `f - low` and `above` is `high - f`, each in a form whose sign can be seen.
    """

    low: Expr
    below: Expr
    high: Expr
    above: Expr

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return (
            Free(self.right, self.variable),
            Zero(self.f - self.low - self.below),
            Sign(self.below),
            Zero(self.high - self.f - self.above),
            Sign(self.above),
            LimitIs(self.low, (self.approach,), self.right),
            LimitIs(self.high, (self.approach,), self.right),
            *(HasValue(x) for x in (self.f, self.low, self.high)),
        )


@dataclass(frozen=True, kw_only=True)
class IntegralTends(Claim):
    """The integral over the real line of `primitive' * kernel` tends to `right`.

    The kernel is a constant times `exp(exponent)` with an exponent that is at most 0 and tends to
    0 for every point, so it is bounded by the constant, and the primitive is bounded and
    increasing: by dominated convergence the integral tends to the constant times the primitive's
    total rise.
    """

    RELATIONS = (r"\to",)

    integrand: Expr
    primitive: Expr
    point: Symbol
    constant: Expr
    exponent: Expr
    variable: Symbol
    low: Expr
    high: Expr
    relation: str = r"\to"

    @property
    def behind(self) -> Behind:
        return Behind(r" \qquad (", (self.variable, oo), (r"\to",), ")")

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        y, rise = self.point, self.primitive.diff(self.point)
        return (
            *(Free(x, self.variable) for x in (self.right, self.constant, self.primitive)),
            *(Free(x, y) for x in (self.right, self.constant)),
            Moves(self.exponent, self.variable),
            Zero(self.integrand - rise * self.constant),
            Sign(rise, True),
            Sign(-self.exponent),
            LimitIs(self.exponent, (Approach(self.variable, oo),), S.Zero),
            LimitIs(self.primitive, (Approach(y, oo),), self.high),
            LimitIs(self.primitive.subs(y, -y), (Approach(y, oo),), self.low),
            Zero(self.right - self.constant * (self.high - self.low)),
        )
