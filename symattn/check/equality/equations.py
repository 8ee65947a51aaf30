"""Put the equations that are given into two expressions: no random point would meet them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Add, Eq, Expr, Ge, Gt, Le, Lt, S, Sum, Symbol
from sympy.core.sorting import default_sort_key

from symattn.algebra.letters import OffSum
from symattn.algebra.symbols import all_symbols, is_real, of_kind
from symattn.check.equality.kinks import slope


def put_in(left: Expr, right: Expr, given: Sequence[Any]) -> tuple[Expr, Expr, tuple[Any, ...]]:
    """Return both sides and what is given, with each equation solved for a symbol and put in.

    An equation that is linear in no symbol stays; what the symbol was declared to be becomes a
    relation.

    >>> x, y = Symbol("x", real=True), Symbol("y", positive=True)
    >>> put_in(x**2, y, [Eq(x + y, 1)])
    ((1 - y)**2, y, ())
    """
    rest = list(given)
    for relation in given:
        if not isinstance(relation, Eq) or relation not in rest:
            continue
        solved = _solved(relation, (left, right, *rest))
        if solved is None:
            total, value = apart(relation.lhs), apart(relation.rhs)
            if isinstance(total, Sum) and not value.has(total):
                rest.remove(relation)
                left, right = (apart(x).xreplace({total: value}) for x in (left, right))
            continue
        s, value = solved
        rest.remove(relation)
        change = {s: value}
        try:
            left, right = left.xreplace(change), right.xreplace(change)
            rest = [g.xreplace(change) if g.has(s) else g for g in rest]
        except (TypeError, ValueError):  # SymPy, of a comparison that has no real value any more
            return left, right, (*given, S.false)
        rest += _declared(s, value)
    return left, right, tuple(g for g in rest if g is not S.true)


def apart(x: Expr) -> Expr:
    """Return an expression whose sums are taken term by term, without what does not hold the index.

    >>> from sympy import symbols
    >>> i, n, a = symbols("i n a")
    >>> apart(Sum(a * i + a, (i, 1, n)))
    a*Sum(1, (_, 1, n)) + a*Sum(_, (_, 1, n))
    """
    if not x.args or not of_kind(Sum, x):
        return x
    x = x.func(*[apart(a) if isinstance(a, Expr) else a for a in x.args])
    if not isinstance(x, Sum) or len(x.limits) > 1 or x.is_commutative is False:
        return x
    index, *ends = x.limits[0]
    own = Symbol("_", **index.assumptions0)
    found = S.Zero
    for term in Add.make_args(x.function.expand()):
        outside, inside = term.as_independent(index, as_Add=False)
        found += outside * Sum(inside.xreplace({index: own}), (own, *ends))
    return found


def _solved(relation: Eq, expressions: Sequence[Any]) -> tuple[Symbol, Expr] | None:
    gap = relation.lhs - relation.rhs
    bound = {s for e in expressions for s in all_symbols(e) - e.free_symbols}
    bound |= {e.args[1] for e in of_kind(OffSum, *expressions)}
    symbols = sorted(gap.free_symbols, key=lambda s: (s.is_positive is True, default_sort_key(s)))
    if bound & set(symbols):
        return None
    for s in symbols:
        if not isinstance(s, Symbol) or not is_real(s) or s.is_even or s.is_odd or s.is_prime:
            continue
        rate = slope(gap, s)
        if rate is None:
            continue
        value = (s - gap / rate).expand()
        if s not in value.free_symbols and (value.is_integer or not s.is_integer):
            return s, value
    return None


def _declared(s: Symbol, value: Expr) -> list[Any]:
    signs = (
        (s.is_positive, Gt),
        (s.is_negative, Lt),
        (s.is_nonnegative, Ge),
        (s.is_nonpositive, Le),
    )
    return [relate(value, 0) for holds, relate in signs if holds][:1]
