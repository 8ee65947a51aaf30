"""Bounds: one expression is never above, or never below, another."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, Expr

from symattn.claims.claim import Claim
from symattn.kernel import HasValue, Obligation, Sign, Theorem, Zero


@dataclass(frozen=True, kw_only=True)
class Inequality(Claim):
    """`left <= right` (or <, >=, >): the gap is `slack` exactly, and `slack` has a sign.

    `theorems` are the inequalities with a name that lead from `left` to `middle`, when the gap
    from `middle` to `right` is what `slack` writes; without one, `middle` is `left`.
    """

    RELATIONS = (r"\le", "<", r"\ge", ">")

    left: Expr
    slack: Expr
    middle: Expr | None = None
    theorems: tuple[Theorem, ...] = ()

    @property
    def upward(self) -> bool:
        return self.relation in (r"\le", "<")

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        start = self.left if self.middle is None else self.middle
        gap = self.right - start if self.upward else start - self.right
        strict = self.relation in ("<", ">")
        # What the theorems give together must be what leads from `left` to `middle`.
        way = start - self.left if self.upward else self.left - start
        way -= Add(*[t.right - t.left for t in self.theorems])
        return (
            *self.theorems,
            Zero(way),
            Zero(gap - self.slack),
            Sign(self.slack, strict),
            HasValue(self.left),
            HasValue(self.right),
        )
