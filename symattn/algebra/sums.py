"""Sums over a family whose summand holds Kronecker deltas."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from sympy import Add, Expr, KroneckerDelta, S, Sum
from sympy.core.sorting import default_sort_key

from symattn.algebra.letters import OffSum


@lru_cache(maxsize=2000)
def points_of(f: Expr, l: Expr) -> tuple[Expr, ...]:
    """Return the indices that a delta in `f` compares the summation index with."""
    found = {
        other
        for delta in f.atoms(KroneckerDelta)
        if l in delta.args
        for other in delta.args
        if other != l
    }
    return tuple(sorted(found, key=default_sort_key))


def at_point(f: Expr, l: Expr, point: Expr | None, points: Collection[Expr]) -> Expr:
    """Return `f` at `l = point`, or for None at an index apart from all `points`.

    The points must be pairwise distinct: that is a hypothesis of the caller's.
    """
    values = {KroneckerDelta(l, other): S.One if other == point else S.Zero for other in points}
    f = f.xreplace(values)
    return f if point is None else f.subs(l, point)


def split_sum(x: Sum) -> Expr:
    """Write a sum over 1..n as its generic part plus one correction for each special index.

    An exponential of deltas is affine in them, so the split is exact whenever the special indices
    are distinct members of 1..n.

    >>> from sympy import exp, symbols
    >>> l, n, i, b = symbols("l n i beta")
    >>> split_sum(Sum(exp(b * KroneckerDelta(l, i)), (l, 1, n)))
    n + exp(beta) - 1
    """
    ((l, low, n),) = x.limits
    f = x.function
    points = points_of(f, l)
    generic = at_point(f, l, None, points)
    if l in generic.free_symbols:
        whole: Expr = Sum(generic, (l, low, n))
    else:
        whole = (n - low + 1) * generic
    corrections = [at_point(f, l, p, points) - generic.subs(l, p) for p in points]
    return Add(whole, *corrections)


def split_sums(x: Expr) -> Expr:
    """Split every sum in `x`, the innermost first; `OffSum` drops its excluded indices exactly."""

    def visit(e: Expr) -> Expr:
        if not e.args or not e.has(Sum, OffSum):
            return e
        if isinstance(e, OffSum):
            f, l, n, excluded = e.args
            inner = visit(f)
            points = [p for p in points_of(inner, l) if p not in excluded.args]
            all_points = points_of(inner, l)
            generic = at_point(inner, l, None, all_points)
            extra = [at_point(inner, l, p, all_points) - generic.subs(l, p) for p in points]
            if l not in generic.free_symbols:
                return Add((n - len(excluded.args)) * generic, *extra)
            return Add(OffSum(generic, l, n, excluded.args), *extra)
        if isinstance(e, Sum):
            inner = visit(e.function)
            return split_sum(Sum(inner, *e.limits)) if len(e.limits) == 1 else e
        return e.func(*[visit(a) for a in e.args])

    return visit(x)
