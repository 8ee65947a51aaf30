"""What stands free in a stranger's expression: indices and scalars, found, renamed and solved for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from sympy import (
    Basic,
    Expr,
    Indexed,
    KroneckerDelta,
    Sum,
    Symbol,
    exp,
    expand_log,
    log,
    oo,
    powsimp,
)

from symattn.algebra.attention import d, l, m, n
from symattn.algebra.letters import Letter, Matrix, Member, OffSum
from symattn.algebra.stable import Peak


def is_index(x: Basic) -> bool:
    """Tell whether this is a letter that stands for a place, not for a size."""
    return isinstance(x, Symbol) and bool(x.is_integer) and x not in (n, d)


def listed(symbols: Any) -> str:
    """Return names in a row: `a, b and c`."""
    said = [str(s) for s in symbols]
    return said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]


@lru_cache(maxsize=2000)
def free_indices(*terms: Basic) -> tuple[Expr, ...]:
    """Return the indices that stand free in expressions, letters and numbers, in their order."""
    found: dict[Expr, None] = {}

    def visit(x: Basic, bound: frozenset[Basic]) -> None:
        if isinstance(x, (Sum, OffSum, Peak)):
            inner = {limit[0] for limit in x.limits} if isinstance(x, Sum) else {x.args[1]}
            visit(x.args[0], bound | inner)
            if not isinstance(x, Sum):
                for p in x.args[3].args:
                    note(p, bound)
            return
        if isinstance(x, (Member, Matrix)) and x.index is not None:
            note(x.index, bound)
        elif isinstance(x, Indexed):
            for p in x.indices:
                note(p, bound)
        elif isinstance(x, KroneckerDelta):
            for p in x.args:
                note(p, bound)
        else:
            for a in x.args:
                visit(a, bound)

    def note(p: Basic, bound: frozenset[Basic]) -> None:
        if p not in bound and (isinstance(p, Symbol) or p.is_Integer):
            found[p] = None  # type: ignore[index]

    for term in terms:
        visit(term, frozenset())
    return tuple(found)


def reindexed(x: Any, mapping: Mapping[Expr, Expr]) -> Any:
    """Replace indices, and not the same numbers elsewhere."""

    def place(p: Any) -> Any:
        return mapping.get(p, p)

    if isinstance(x, Member):
        return Member(x.args[0], place(x.index), x.args[2])
    if isinstance(x, Matrix):
        return x if x.index is None else x.func(*x.args[:3], place(x.index), *x.args[4:])
    if isinstance(x, (Indexed, KroneckerDelta)):
        places = x.indices if isinstance(x, Indexed) else x.args
        return x.func(*([x.base] if isinstance(x, Indexed) else []), *map(place, places))
    if isinstance(x, (OffSum, Peak)):
        f, index, upper, excluded = x.args
        rest = {a: b for a, b in mapping.items() if a != index}
        return x.func(reindexed(f, rest), index, upper, [place(p) for p in excluded.args])
    if isinstance(x, Sum):
        bound = {limit[0] for limit in x.limits}
        rest = {a: b for a, b in mapping.items() if a not in bound}
        return Sum(reindexed(x.function, rest), *x.limits)
    if not x.args:
        return x
    return x.func(*[reindexed(a, mapping) for a in x.args])


def unbound(x: Expr) -> Expr:
    """Rename free indices that definitions sum over, so that no sum captures them."""
    taken = {p: Symbol(f"{p}'", integer=True, positive=True) for p in (l, m)}
    return reindexed(x, {p: taken[p] for p in free_indices(x) if p in taken})  # type: ignore[no-any-return]


def free_scalars(*terms: Basic) -> set[Symbol]:
    """Return the scalar symbols of expressions that are no indices and no sizes of letters."""
    found: set[Symbol] = set()

    def visit(x: Basic) -> None:
        if isinstance(x, Symbol):
            if not x.is_integer:
                found.add(x)
            return
        if isinstance(x, (Letter, Indexed)):
            return
        for a in x.args:
            visit(a)

    for term in terms:
        visit(term)
    return found


def apart_names(x: Expr) -> Expr:
    """Give the bound indices names that no definition uses, so that none is captured."""
    count = 0

    def visit(e: Basic) -> Basic:
        nonlocal count
        if not e.args or not e.has(Sum, OffSum, Peak):
            return e
        if isinstance(e, Sum):
            inner = visit(e.function)
            limits = []
            for index, *ends in e.limits:
                count += 1
                fresh = Symbol(f"_b{count}", integer=True, positive=True)
                inner = inner.subs(index, fresh)
                limits.append((fresh, *ends))
            return Sum(inner, *limits)
        if isinstance(e, (OffSum, Peak)):
            f, index, upper, excluded = e.args
            count += 1
            fresh = Symbol(f"_b{count}", integer=True, positive=True)
            return e.func(visit(f).subs(index, fresh), fresh, upper, excluded.args)
        return e.func(*[visit(a) for a in e.args])

    return visit(x)  # type: ignore[return-value]


def turned(relation: str) -> str:
    """Return the relation read from the right to the left; '' where it cannot be turned."""
    turns = {">": "<", "<": ">", ">=": "<=", "<=": ">=", ">>": "<<", "<<": ">>"}
    return turns.get(relation, relation if relation in ("=", "!=") else "")


def isolated(
    relation: str, left: Basic, right: Basic, scale: Symbol | None, own: Collection[Symbol] = ()
) -> tuple[Symbol, str, Expr] | None:
    r"""Solve a relation of positive scalars for one symbol, the scale where it stands in it.

    `\beta^2 \epsilon \ll 1` says `\beta \ll \epsilon^{-1/2}`; None where it is no product of powers.
    """
    if relation not in ("=", "~~", "->", "<<", ">>", "<", ">", "<=", ">="):
        return None
    if not (isinstance(left, Expr) and isinstance(right, Expr)):
        return None
    if left.atoms(Letter, Indexed) | right.atoms(Letter, Indexed) or oo in (left, right):
        return None
    if not (left.is_commutative and right.is_commutative):
        return None
    pairs = [(left, right)]
    if left.has(exp) or right.has(exp):
        pairs.append((expand_log(log(left), force=True), expand_log(log(right), force=True)))
    if relation != "<<" and (left.has(log) or right.has(log)):
        pairs.append((exp(left), exp(right)))
    free = left.free_symbols | right.free_symbols
    wanted = [scale] if scale in free else sorted(free - set(own), key=str)
    if len(wanted) != 1 or wanted[0] is None or is_index(wanted[0]):
        return None
    (symbol,) = wanted
    down = relation if relation in ("->", "~~") else turned(relation)
    for one, two in pairs:
        slope = (one - two).expand().coeff(symbol)
        rest = (one - two).expand() - slope * symbol
        if slope.is_number and slope != 0 and not rest.has(symbol):
            sign = relation if slope > 0 else down
            return symbol, sign, -rest / slope
        if 0 in (one, two):
            continue
        quotient = powsimp(one / two, force=True)
        rest, power = quotient.as_coeff_exponent(symbol)
        if power == 0 or not power.is_number or rest.has(symbol) or not power.is_real:
            continue
        positive = rest.xreplace({s: Symbol(s.name, positive=True) for s in rest.free_symbols})
        somewhere = positive.subs(dict.fromkeys(positive.free_symbols, 9))
        if not (positive.is_positive or somewhere.is_positive):
            continue
        sign = relation if power > 0 else down
        return symbol, sign, powsimp(rest ** (-1 / power), force=True)
    return None
