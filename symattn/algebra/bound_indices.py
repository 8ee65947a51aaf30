"""Indices that a sum binds: to replace one, to rename them, to count how deep sums are nested."""

from __future__ import annotations

from typing import Any

from sympy import (
    Expr,
    Sum,
)

from symattn.algebra.letters import OffSum
from symattn.algebra.polynomials import (
    Unsupported,
)


def height(x: Any) -> int:
    """Return how many sums are nested in an expression."""
    if not x.args or not x.has(Sum, OffSum):
        return 0
    if isinstance(x, Sum):
        return len(x.limits) + height(x.function)
    inside = max(height(a) for a in x.args)
    return inside + 1 if isinstance(x, OffSum) else inside


def binds(e: Any) -> list[Expr]:
    """Return the indices that a sum binds."""
    return [e.args[1]] if isinstance(e, OffSum) else list(e.bound_symbols)


def put(f: Expr, l: Expr, value: Expr) -> Expr:
    """Replace an index; an inner sum over an index of the same name keeps its own."""
    try:
        if any(l in binds(e) for e in f.atoms(Sum, OffSum)):
            if f.has(OffSum):
                raise Unsupported("an index that is bound twice")
            return f.subs(l, value)
        return f.xreplace({l: value})
    except (TypeError, ValueError) as error:  # SymPy, of a comparison of what is not real
        raise Unsupported(str(error)) from None


def rename(f: Expr, old: list[Expr], new: list[Expr]) -> Expr:
    """Put indices in the place of others."""
    if old == new:
        return f
    return f.xreplace(dict(zip(old, new, strict=True)))
