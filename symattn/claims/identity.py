"""Identities: two expressions that are the same at every instance."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from symattn.claims.claim import Claim
from symattn.kernel import HasValue, Obligation, Zero


@dataclass(frozen=True, kw_only=True)
class Identity(Claim):
    """`left = right`, where `left` is the definition that `shown` names."""

    left: Expr

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return (Zero(self.left - self.right), HasValue(self.left), HasValue(self.right))
