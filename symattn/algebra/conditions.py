"""Conditions and signs in an expression that is read: which case holds, or which must be told apart.

Guarantee.  A condition is decided for the whole case; at the zeros of `edges` it may be otherwise,
and the caller tests those apart.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sympy import (
    Eq,
    Expr,
    Ne,
)
from sympy.core.relational import GreaterThan, LessThan, Relational, StrictGreaterThan

from symattn.algebra.field import Field
from symattn.algebra.logic import holds
from symattn.algebra.polynomial_signs import refuse_bound
from symattn.algebra.polynomials import (
    Polynomial,
    Ratio,
    Unsupported,
)
from symattn.algebra.powers import sign_of_ratio


class NeedIndex(Exception):
    """Whether two indices are equal decides; the caller tells the two cases apart."""

    def __init__(self, i: Expr, j: Expr) -> None:
        super().__init__(i, j)
        self.i, self.j = i, j


def larger(field: Field, a: Ratio, b: Ratio, s: int) -> Ratio:
    """Return the larger of two ratios for s = 1, the smaller for s = -1."""
    gap = field.total([a, field.negated(b)])
    if not gap.top.terms:
        return a
    of_gap, _ = sign_without_deltas(field, gap)
    return a if of_gap in (s, 0) else b


def sign_without_deltas(field: Field, r: Ratio) -> tuple[int, list[Polynomial]]:
    """Return the sign of a ratio and its edges; of one with deltas it is not asked."""
    if field.deltas(r):
        raise Unsupported("the sign of a delta that is summed over")
    return sign_of_ratio(field, r)


def sign_noting_edges(field: Field, r: Ratio) -> int:
    """Return the sign of a ratio, and note where it may be zero instead."""
    s, edges = sign_without_deltas(field, r)
    for p in edges:
        refuse_bound(field, p)
        field.edges[field.expr(p)] = None
    return s


def truth(field: Field, condition: Any) -> bool:
    """Decide a condition; its edge is noted, so that the caller tests it apart."""
    return holds(condition, partial(_holds, field), Unsupported)


def _holds(field: Field, condition: Relational) -> bool:
    left, right = condition.lhs, condition.rhs
    if isinstance(condition, (Eq, Ne)):
        return equal_indices(field, left, right) == isinstance(condition, Eq)
    gap = field.total([field.read(left), field.negated(field.read(right))])
    if not gap.top.terms:
        return isinstance(condition, (GreaterThan, LessThan))
    s = sign_noting_edges(field, gap)
    if s == 0:
        return isinstance(condition, (GreaterThan, LessThan))
    upward = isinstance(condition, (GreaterThan, StrictGreaterThan))
    return (s > 0) == upward


def equal_indices(field: Field, i: Expr, j: Expr) -> bool:
    """Tell whether two indices are equal.

    Raises
    ------
    NeedIndex : when it is not known.
    """
    gap = field.total([field.read(i), field.negated(field.read(j))])
    if not gap.top.terms:
        return True
    if not gap.under and set(gap.top.terms) == {0}:
        return False
    if frozenset({i, j}) in field.distinct:
        return False
    if not (i.is_Symbol or j.is_Symbol):
        raise Unsupported("two indices that cannot be compared")
    raise NeedIndex(i, j)
