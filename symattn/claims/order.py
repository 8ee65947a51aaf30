"""Orders: the leading part of a quantity, and the size of what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Expr

from symattn.claims.claim import Behind, Claim
from symattn.hypotheses.base import Instance
from symattn.kernel import HasValue, Obligation, Zero


@dataclass(frozen=True)
class Exact:
    """An exact value at small parameters, with the symbols that it was taken at."""

    value: Any
    symbols: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Leading(Claim):
    """`right` is the leading part of a quantity, up to a stated order.

    kept : what the rules kept of the quantity, which `right` must equal.
    dropped : terms of a lower order than `order`, which must vanish.
    order : what is left out is at most a constant times this.
    exact : an instance with its `shrink` and its `path` -> the exact value at parameters that
        shrink along that path, counted from 0.
    paths : how many there are.  On one path alone, the terms of an order that vanish fast along it
        could be left out unseen.
    """

    kept: Expr
    order: Expr
    exact: Callable[[Instance], Exact | None]
    dropped: tuple[Expr, ...] = ()
    paths: int = 1

    @property
    def behind(self) -> Behind:
        return Behind(r" + O\left(", (self.order,), (), r"\right)")

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        return (
            Zero(self.kept - self.right),
            *(Zero(e) for e in self.dropped),
            HasValue(self.right),
        )
