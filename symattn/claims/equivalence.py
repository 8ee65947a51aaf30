"""Equivalences: two conditions that hold together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr, S, Symbol

from symattn.algebra.factored import factored
from symattn.algebra.sign import positive
from symattn.claims.bound import Inequality
from symattn.claims.claim import Claim
from symattn.errors import BrokenDerivation
from symattn.kernel import HasValue, Obligation, Sign, Zero


@dataclass(frozen=True)
class Condition:
    """One side of an equivalence: `left relation right`, with <=, >=, < or >."""

    left: Expr
    relation: str
    right: Expr

    def __post_init__(self) -> None:
        if self.relation not in Inequality.RELATIONS:
            raise BrokenDerivation(
                f"a side of an equivalence is an inequality, and {self.relation!r} makes none"
            )

    @property
    def gap(self) -> Expr:
        """Nonnegative (or positive) exactly when the condition holds."""
        upward = self.relation in (r"\le", "<")
        return self.right - self.left if upward else self.left - self.right

    @property
    def strict(self) -> bool:
        return self.relation in ("<", ">")


def positive_factor(first: Expr, second: Expr) -> Expr:
    """Return the quotient of two gaps, in a form whose sign can be seen."""
    return factored(first / second)


@dataclass(frozen=True, kw_only=True)
class Equivalent(Claim):
    """Two conditions hold together: their gaps differ by a positive factor.

    The factor is computed as the quotient of the two gaps.  `increasing` is for a gap that is
    monotone in the other: the first gap is that function of both ends of the second.  That it
    increases is signed, not believed: its slope is positive on all real numbers, or on the positive
    ones where both ends certainly are.
    """

    RELATIONS = (r"\iff",)

    first: Condition
    second_left: Expr
    second_relation: str
    factor: Expr
    increasing: Callable[[Expr], Expr] | None = None
    relation: str = r"\iff"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.second  # noqa: B018  # its relation is looked at, too

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
        return (
            Zero(self.first.gap - self.factor * gap),
            Sign(self.factor, True),
            *self._increases,
            *(
                HasValue(x)
                for x in (self.first.left, self.first.right, self.second_left, self.right)
            ),
            # Where both gaps vanish, a strict condition would hold alone.
            *((Zero(S.One),) if self.first.strict != self.second.strict else ()),
        )

    @property
    def _increases(self) -> tuple[Obligation, ...]:
        """That the slope of the monotone function is positive wherever both ends may be."""
        if self.increasing is None:
            return ()
        rules = self.given.rewriting
        above = all(positive(x, rules) for x in (self.second_left, self.right))
        x = Symbol("_x", real=True, positive=above or None)
        value = self.increasing(x)
        return (Sign(value.diff(x), True), HasValue(value))
