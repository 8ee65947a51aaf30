"""Indices that a sum binds: to replace one, to rename them, to count how deep sums are nested."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sympy import (
    Expr,
    Sum,
    Symbol,
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


def set_apart(x: Any, spoken: Collection[Any] = ()) -> Any:
    """Rename bound indices so that none has the name of a free symbol, or of a sum around it.

    Then whatever is put in for a symbol is not captured, and what is said of a free index is not
    said of a bound one.

    spoken : more symbols that no sum may bind.

    >>> from sympy import IndexedBase, Symbol
    >>> l, m, n, z = Symbol("l"), Symbol("m"), Symbol("n"), IndexedBase("z")
    >>> set_apart(Sum(z[l] * z[m], (m, 1, n)) + z[m])
    z[m] + Sum(z[_a1]*z[l], (_a1, 1, n))
    """
    if not x.has(Sum, OffSum):
        return x
    return _set_apart(x, x.free_symbols | set(spoken))


def _set_apart(x: Any, taken: set[Any]) -> Any:
    if not x.args or not x.has(Sum, OffSum):
        return x
    if not isinstance(x, (Sum, OffSum)):
        made = [_set_apart(a, taken) for a in x.args]
        return x if all(a is b for a, b in zip(made, x.args)) else x.func(*made)
    if isinstance(x, OffSum):
        f, l, n, excluded = x.args
        s = fresh(x, taken) if l in taken else l
        return OffSum(_set_apart(f.xreplace({l: s}), taken | {s}), s, n, excluded)
    f, limits = x.function, [tuple(limit) for limit in x.limits]  # the innermost first
    own: set[Any] = set()
    for at, (l, *ends) in enumerate(limits):
        s = l
        if l in taken or l in own:
            s = fresh(x, taken | own)
            f = f.xreplace({l: s})
            limits[:at] = [(k, *(e.xreplace({l: s}) for e in more)) for k, *more in limits[:at]]
        own.add(s)
        limits[at] = (s, *ends)
    return Sum(_set_apart(f, taken | own), *limits)


def put_apart(x: Any, names: Mapping[Any, Any]) -> Any:
    """Put in indices; a sum that would bind what is put into it gives way.

    >>> from sympy import IndexedBase, Symbol
    >>> l, m, n, z = Symbol("l"), Symbol("m"), Symbol("n"), IndexedBase("z")
    >>> put_apart(Sum(z[l] * z[m], (m, 1, n)), {l: m})
    Sum(z[_a1]*z[m], (_a1, 1, n))
    """
    new = {s for value in names.values() for s in value.free_symbols}
    sums = x.atoms(Sum, OffSum)
    if any(new.intersection(binds(e)) and names.keys() & e.free_symbols for e in sums):
        x = set_apart(x, new)
    elif not any(names.keys() & set(binds(e)) for e in sums):
        return x.xreplace(names)
    return x.subs(names, simultaneous=True)


def fresh(x: Any, taken: Collection[Any]) -> Symbol:
    """Return an index that neither stands in an expression nor is taken."""
    names = {s.name for s in (*x.atoms(Symbol), *taken) if isinstance(s, Symbol)}
    at = 1
    while f"_a{at}" in names:
        at += 1
    return Symbol(f"_a{at}", integer=True, positive=True)


def rename(f: Expr, old: list[Expr], new: list[Expr]) -> Expr:
    """Put indices in the place of others."""
    if old == new:
        return f
    return f.xreplace(dict(zip(old, new, strict=True)))
