"""Solutions: a value of the unknown that meets the question's specification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr

from symattn.claims.claim import Claim
from symattn.kernel import Obligation


@dataclass(frozen=True, kw_only=True)
class Solution(Claim):
    """`right` is a value of the unknown `shown` that meets the specification.

    It is never compared with another answer: the claims that the specification makes of it are
    what is proved and measured.
    """

    requires: Callable[[Expr], tuple[Claim, ...]]

    @property
    def required(self) -> tuple[Claim, ...]:
        """What the specification asks of this candidate, under this claim's hypotheses."""
        return tuple(c.with_given(self.given) for c in self.requires(self.right))

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return tuple(o for c in self.required for o in c.obligations)
