"""Equivalences: two conditions that hold together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr, S, exp

from symattn.claims.claim import Claim
from symattn.kernel import Obligation, Sign, Zero


@dataclass(frozen=True)
class Condition:
    """One side of an equivalence: `left relation right`, with <=, >=, < or >."""

    left: Expr
    relation: str
    right: Expr

    @property
    def gap(self) -> Expr:
        """Nonnegative (or positive) exactly when the condition holds."""
        upward = self.relation in (r"\le", "<")
        return self.right - self.left if upward else self.left - self.right

    @property
    def strict(self) -> bool:
        return self.relation in ("<", ">")


@dataclass(frozen=True, kw_only=True)
class Equivalent(Claim):
    """Two conditions hold together: their gaps differ by a positive factor.

    The factor is computed as the quotient of the two gaps.  `through` is for a gap that is
    monotone in the other: the first gap is `through` of both ends of the second, an increasing
    function (`exp`, for one).
    """

    first: Condition
    second_left: Expr
    second_relation: str
    factor: Expr
    increasing: Callable[[Expr], Expr] | None = None
    relation: str = r"\iff"

    @property
    def second(self) -> Condition:
        return Condition(self.second_left, self.second_relation, self.right)

    @property
    def terms(self) -> tuple[Expr, ...]:
        return (
            self.shown,
            self.first.right,
            self.second_left,
            self.right,
        )

    @property
    def relations(self) -> tuple[str, ...]:
        return (self.first.relation, self.relation, self.second_relation)

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        gap = self.second.gap
        if self.increasing is not None:
            upward = self.second_relation in (r"\le", "<")
            low, high = (self.second_left, self.right) if upward else (self.right, self.second_left)
            gap = self.increasing(high) - self.increasing(low)
        found: tuple[Obligation, ...] = (
            Zero(self.first.gap - self.factor * gap),
            Sign(self.factor, True),
        )
        if self.increasing is not None and self.increasing is exp:
            # A logarithm on either side must be of a positive number.
            found += (Sign(exp(self.right), True), Sign(exp(self.second_left), True))
        if self.first.strict != self.second.strict:
            found += (Zero(S.One),)  # where both gaps vanish, only one condition would hold
        return found
