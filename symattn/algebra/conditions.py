"""Conditions and signs in an expression that is read: which case holds, or which must be told apart.

Guarantee.  A condition is decided for the whole case; at the zeros of `edges` it may be otherwise,
and the caller tests those apart.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Eq,
    Expr,
    Ne,
)
from sympy.core.relational import GreaterThan, LessThan, Relational, StrictGreaterThan

from symattn.algebra.kernels import Kernels
from symattn.algebra.logic import holds
from symattn.algebra.polynomials import (
    Polynomial,
    Ratio,
    Unsupported,
)


class NeedIndex(Exception):
    """Whether two indices are equal decides; the caller tells the two cases apart."""

    def __init__(self, i: Expr, j: Expr) -> None:
        super().__init__(i, j)
        self.i, self.j = i, j


class Conditions(Kernels):
    """The field with conditions between expressions.

    distinct : pairs of indices that are known to differ.
    """

    distinct: frozenset[frozenset[Expr]]
    edges: dict[Expr, None]

    def read(self, x: Expr) -> Ratio:
        """Return the ratio that an expression is; for a subclass."""
        raise NotImplementedError

    def _larger(self, a: Ratio, b: Ratio, s: int) -> Ratio:
        gap = self.total([a, self.negated(b)])
        if not gap.top.terms:
            return a
        of_gap, _ = self._sign_without_deltas(gap)
        return a if of_gap in (s, 0) else b

    def _sign_without_deltas(self, r: Ratio) -> tuple[int, list[Polynomial]]:
        if self.deltas(r):
            raise Unsupported("the sign of a delta that is summed over")
        return self.sign_of_ratio(r)

    def _sign_noting_edges(self, r: Ratio) -> int:
        s, edges = self._sign_without_deltas(r)
        for p in edges:
            self.refuse_bound(p)
            self.edges[self.expr(p)] = None
        return s

    def truth(self, condition: Any) -> bool:
        """Decide a condition; its edge is noted, so that the caller tests it apart."""
        return holds(condition, self._relation, Unsupported)

    def _relation(self, condition: Relational) -> bool:
        left, right = condition.lhs, condition.rhs
        if isinstance(condition, (Eq, Ne)):
            return self._equal_indices(left, right) == isinstance(condition, Eq)
        gap = self.total([self.read(left), self.negated(self.read(right))])
        if not gap.top.terms:
            return isinstance(condition, (GreaterThan, LessThan))
        s = self._sign_noting_edges(gap)
        if s == 0:
            return isinstance(condition, (GreaterThan, LessThan))
        upward = isinstance(condition, (GreaterThan, StrictGreaterThan))
        return (s > 0) == upward

    def _equal_indices(self, i: Expr, j: Expr) -> bool:
        gap = self.total([self.read(i), self.negated(self.read(j))])
        if not gap.top.terms:
            return True
        if not gap.under and set(gap.top.terms) == {0}:
            return False
        if frozenset({i, j}) in self.distinct:
            return False
        if not (i.is_Symbol or j.is_Symbol):
            raise Unsupported("two indices that cannot be compared")
        raise NeedIndex(i, j)
