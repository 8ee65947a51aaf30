"""Sums over an index, and Kronecker deltas in them, as ratios over atoms.

A sum is linear, what does not move with its index comes out, a delta picks its summand, and what
is left is an atom that is named by its summand up to the names of its indices.

Guarantee.  A sum over a reversed range is none; an index of a delta is taken to lie in the first
range that it meets, which is recorded, and for any other range it is asked.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    S,
    Sum,
)

from symattn.algebra.bound_indices import binds, height, put
from symattn.algebra.conditions import equal_indices
from symattn.algebra.field import Field
from symattn.algebra.letters import OffSum
from symattn.algebra.polynomials import (
    ONE,
    WIDTH,
    ZERO,
    Atom,
    Monomial,
    Nowhere,
    Ratio,
    Unsupported,
    magnitude,
)
from symattn.algebra.sum_terms import is_moving, own_index, sum_of

EXPLICIT_SUM = 200
SHIFT = 4


def read_delta(field: Field, x: Expr) -> Ratio:
    """Read a Kronecker delta: one, zero, or an atom when it moves with a sum."""
    i, j = x.args[:2]
    if len(x.args) > 2:
        raise Unsupported("a delta with a range")
    if not is_moving(field, x):
        return ONE if equal_indices(field, i, j) else ZERO
    k = field.atom(
        ("delta", frozenset({i, j})),
        lambda: Atom("delta", lambda: x, free=frozenset(x.free_symbols), base=(i, j)),
    )
    return Ratio(field.one_atom(k))


def close_deltas(field: Field, m: Monomial, deltas: list[int]) -> Monomial | None:
    """Return the product of several deltas in canonical form; None when it is zero."""
    classes: list[set[Expr]] = []
    for k in deltas:
        joined = set(field.atoms[k].base)
        apart = []
        for c in classes:
            if c & joined:
                joined |= c
            else:
                apart.append(c)
        classes = [*apart, joined]
    if len(classes) == len(deltas):
        return m
    for k in deltas:
        m -= field.scale << (WIDTH * k)
    for c in classes:
        members = sorted(c, key=lambda e: (is_moving(field, e), str(e)))
        fixed = [e for e in members if not is_moving(field, e)]
        for a, i in enumerate(fixed):
            for j in fixed[a + 1 :]:
                if not equal_indices(field, i, j):
                    return None
        for other in members[1:]:
            delta = field.read(KroneckerDelta(members[0], other))
            ((step, _),) = delta.top.terms.items()
            m += step
    return m


def read_sum(field: Field, x: Expr) -> Ratio:
    """Read a sum, from the inner index outwards."""
    f: Expr = x.function
    for limits in x.limits[:-1]:
        f = Sum(f, limits)
    l, low, high = _limits(x.limits[-1])
    return sum_over(field, f, l, low, high)


def sum_over(field: Field, f: Expr, l: Expr, low: Expr, high: Expr) -> Ratio:
    """Return the sum of f over l = low..high."""
    inner = {s for e in f.atoms(Sum, OffSum) for s in binds(e)}
    if inner & (low.free_symbols | high.free_symbols):
        raise Unsupported("a bound that names an inner index")
    if low.is_Integer and high.is_Integer:
        first, last = int(low), int(high)
        if last - first > EXPLICIT_SUM:
            raise Unsupported("a long sum")
        if last < first - 1:
            raise Unsupported("a sum over a reversed range")
        field.meter.spend(last - first + 1)
        return field.total(field.read(put(f, l, Integer(t))) for t in range(first, last + 1))
    size = field.read(high - low + 1)
    count = _whole(size)
    if count is not None and 0 <= count <= EXPLICIT_SUM:
        return field.total(field.read(put(f, l, low + t)) for t in range(count))
    if not f.has(KroneckerDelta) and low.is_integer and high.is_integer:
        joined = _difference_of_sums(field, f, l, low, high)
        if joined is not None:
            return joined
    if not low.is_finite and low.is_finite is not None:
        raise Unsupported("an infinite sum")
    if not high.is_finite and high.is_finite is not None:
        raise Unsupported("an infinite sum")
    shift = 0
    c = size.top.terms.get(0, 0) if not size.under else 0
    if c and c.denominator == 1 and magnitude(c) <= SHIFT and not f.has(KroneckerDelta):
        shift = int(c)
        size = field.total([size, field.number(-shift)])
    upper = field.uppers.setdefault((size.top.key, size.under), len(field.uppers))
    b = own_index(field, f"_o{height(f) + 1}_{upper}", upper)
    body = put(f, l, b + low - 1)
    try:
        result = sum_of(field, field.read(body), b, size, upper)
        end = field.ratio_expr(size)
        steps = range(1, shift + 1) if shift > 0 else range(0, shift, -1)
        more = field.total(field.read(put(body, b, end + t)) for t in steps)
    except Nowhere as error:  # of one summand, which may be none
        raise Unsupported(str(error)) from None
    if shift:
        result = field.total([result, more if shift > 0 else field.negated(more)])
    return result


def _difference_of_sums(field: Field, f: Expr, l: Expr, low: Expr, high: Expr) -> Ratio | None:
    """Return the sum over l = low..high as a difference of two from 1, so that parts join.

    The index is shifted so that the least subscript is the index itself; None when there is
    nothing to shift, nor to take away.
    """
    offsets = {i - l for e in f.atoms(Indexed) for i in e.indices if l in i.free_symbols}
    if not offsets or not all(c.is_Integer for c in offsets):
        return None
    if f.is_Add and len(offsets) > 1:
        return field.total(sum_over(field, term, l, low, high) for term in f.args)
    shift = min(offsets)
    if (low == 1 and not shift) or (low.is_Integer and abs(low + shift - 1) > SHIFT):
        return None
    f = put(f, l, l - shift)
    try:
        ends = [_sum_up_to(field, f, l, end + shift) for end in (high, low - 1)]
    except Unsupported:
        return None
    in_order = low <= high + 1
    if in_order is not S.true and not (is_moving(field, low) or is_moving(field, high)):
        field.conditions[in_order] = None
    return field.total([ends[0], field.negated(ends[1])])


def _sum_up_to(field: Field, f: Expr, l: Expr, end: Expr) -> Ratio:
    """Return a sum from 1; up to less than 0 it is what comes between, taken away."""
    if not (end.is_Integer and end < 0):
        return sum_over(field, f, l, S.One, end)
    less = [field.read(put(f, l, Integer(t))) for t in range(int(end) + 1, 1)]
    return field.negated(field.total(less))


def read_off_sum(field: Field, x: Expr) -> Ratio:
    """Read a sum that leaves indices out."""
    f, l, n, excluded = x.args
    inner = {s for e in f.atoms(Sum, OffSum) for s in binds(e)}
    if inner & excluded.free_symbols:
        raise Unsupported("an index left out that names an inner index")
    whole = sum_over(field, f, l, S.One, n)
    less = field.total(field.read(put(f, l, e)) for e in excluded.args)
    return field.total([whole, field.negated(less)])


def _whole(r: Ratio) -> int | None:
    """Return the whole number that a ratio is, or None."""
    if r.under or not set(r.top.terms) <= {0}:
        return None
    c = r.top.terms.get(0, 0)
    return c.numerator if c.denominator == 1 else None


def _limits(limits: Any) -> tuple[Expr, Expr, Expr]:
    if len(limits) != 3:
        raise Unsupported("a sum without bounds")
    return limits[0], limits[1], limits[2]
