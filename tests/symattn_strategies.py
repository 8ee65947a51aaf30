"""Hypothesis strategies for scalar expressions that are real on an open set."""

from __future__ import annotations

from hypothesis import strategies as st
from sympy import (
    Abs,
    Expr,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Rational,
    Sum,
    Symbol,
    cosh,
    exp,
    log,
    sin,
    sqrt,
    tanh,
)

x, y = (Symbol(s, real=True) for s in "xy")
p, q = (Symbol(s, positive=True) for s in "pq")
n = Symbol("n", integer=True, positive=True)
i, l = (Symbol(s, integer=True, positive=True) for s in "il")
z = IndexedBase("z", real=True)

numbers = st.one_of(
    st.integers(-4, 6).map(Integer),
    st.tuples(st.integers(-9, 9), st.integers(1, 9)).map(lambda r: Rational(*r)),
)
leaves = st.one_of(st.sampled_from([x, y, p, q, n]), numbers)


def _grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda t: t[0] + t[1]),
        two.map(lambda t: t[0] - t[1]),
        two.map(lambda t: t[0] * t[1]),
        two.map(lambda t: t[0] / (1 + t[1] ** 2)),
        two.map(lambda t: Max(*t)),
        inner.map(lambda e: e**2),
        inner.map(Abs),
        inner.map(tanh),
        inner.map(sin),
        inner.map(lambda e: log(1 + e**2)),
        inner.map(lambda e: sqrt(p + e**2)),
        inner.map(lambda e: exp(tanh(e))),
        inner.map(lambda e: 1 / cosh(e)),
        inner.map(lambda e: Sum(z[l] * e, (l, 1, n))),
        inner.map(lambda e: Sum(exp(z[l]) + e * KroneckerDelta(l, i), (l, 1, n))),
    )


scalars = st.recursive(leaves, _grown, max_leaves=6)
"""Real expressions over real x, y, positive p, q, a whole n and a family z."""
