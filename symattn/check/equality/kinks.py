"""Where a scalar expression bends or jumps: the points that a random one would never meet.

A kink is an expression at whose zeros something changes; a step one that jumps at whole values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import (
    Abs,
    Eq,
    Expr,
    Heaviside,
    Indexed,
    KroneckerDelta,
    LambertW,
    Max,
    Min,
    Mod,
    Mul,
    Ne,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    acos,
    acot,
    acsc,
    asec,
    asin,
    atan,
    ceiling,
    cos,
    erf,
    erfc,
    exp,
    floor,
    frac,
    fraction,
    log,
    sign,
    sin,
    tanh,
)
from sympy.core.relational import Relational
from sympy.core.sorting import default_sort_key
from sympy.functions.elementary.trigonometric import TrigonometricFunction

from symattn.algebra.symbols import of_kind

MOST = 40
STEEP = 1000
MOST_BITS = 4096  # of a factor that makes something of order one
BEND, JUMP, POINT = frozenset({-1, 1}), frozenset({-1, 0, 1}), frozenset({0})


def switches(expressions: Iterable[Expr]) -> dict[Expr, frozenset[int]]:
    """Return the expressions at whose zeros something jumps or bends, and the signs that matter.

    A bend has two sides; a jump has a value of its own at zero besides; a delta has only that.
    An inverse function bends where its argument turns back, and a periodic one is to be seen over
    a whole period.
    """
    found: dict[Expr, frozenset[int]] = {}

    def add(e: Expr, signs: frozenset[int]) -> None:
        found[e] = found.get(e, frozenset()) | signs

    for x in expressions:
        for e in of_kind(Abs, x):
            add(e.args[0], BEND)
        for e in of_kind((sign, Heaviside), x):
            add(e.args[0], JUMP)
        for e in of_kind((Max, Min), x):
            for n, a in enumerate(e.args):
                for b in e.args[n + 1 :]:
                    add(a - b, BEND)
        for e in of_kind(KroneckerDelta, x):
            add(e.args[0] - e.args[1], POINT)
        for e in of_kind(Piecewise, x):
            for relation in of_kind(Relational, e):
                same = isinstance(relation, (Eq, Ne))
                add(relation.lhs - relation.rhs, POINT if same else JUMP)
        for t in {e.args[0] for e in of_kind(TrigonometricFunction, x)}:
            add(cos(t), BEND)
            add(sin(t), BEND)
        for e in of_kind((asin, acos, asec, acsc, LambertW), x):
            for s in e.free_symbols & set(of_kind(Symbol, e)):
                add(e.args[0].diff(s), BEND)
        for e in of_kind((atan, acot), x):
            add(_with_two_signs(fraction(e.args[0].together())[1]), BEND)
            if isinstance(e, acot):
                add(e.args[0], JUMP)
    return {e: found[e] for e in sorted(found, key=default_sort_key) if e.free_symbols}


def _with_two_signs(x: Expr) -> Expr:
    """Return a product without the even roots and powers in it: what changes its sign."""
    powers = ((f, f.as_base_exp()[1]) for f in Mul.make_args(x))
    return Mul(*[f for f, p in powers if not (p.is_Rational and 0 in (p.q % 2, p.p % 2))])


def domain_edges(expressions: Iterable[Expr]) -> list[Expr]:
    """Return the expressions at whose zeros a logarithm or a root begins to be real."""
    found: set[Expr] = set()
    for x in expressions:
        found.update(e.args[0] for e in of_kind(log, x))
        for e in of_kind(Pow, x):
            if e.exp.is_Rational and not e.exp.is_Integer:
                found.add(e.base)
    return sorted((e for e in found if e.free_symbols), key=default_sort_key)


def kinks(expressions: Iterable[Expr]) -> list[Expr]:
    """Return the expressions at whose zeros something jumps, bends or begins to be real."""
    sides = tuple(expressions)
    return [*dict.fromkeys([*switches(sides), *domain_edges(sides), *steep(sides)])][:MOST]


def steep(expressions: Iterable[Expr]) -> list[Expr]:
    """Return the expressions around whose zeros a steep function is neither of its two levels.

    >>> from sympy import erf
    >>> steep([erf(10**6 * Symbol("x"))])
    [1000000*x - 1/2]
    """
    found: set[Expr] = set()
    for x in expressions:
        if not any(abs(r) > STEEP or 0 < abs(r) * STEEP < 1 for r in of_kind(Rational, x)):
            continue
        for e in of_kind((erf, erfc, tanh, exp), x):
            for s in movable(e.args[0]):
                if abs(slope(e.args[0], s)) > STEEP:
                    found.add(e.args[0] - S.Half)
    return sorted(found, key=default_sort_key)


def saturating(expressions: Iterable[Expr]) -> list[Expr]:
    """Return what is put into functions that soon are all but one of their levels.

    >>> from sympy import erf
    >>> saturating([erf(10**40 * Symbol("x")**3)])
    [10000000000000000000000000000000000000000*x**3]
    """
    found = {e.args[0] for e in of_kind((erf, erfc, tanh, exp), *expressions)}
    return sorted((u for u in found if u.free_symbols), key=default_sort_key)[:MOST]


def order_one(bits: Callable[[int], int | None]) -> int | None:
    """Return the power of two by which a letter is divided for something to be of order one.

    bits : how many bits that has before the point, where the letter is divided by 2**k; the more
        it is divided by the fewer.  None where it has no size.

    >>> order_one(lambda k: 33 - 3 * k), order_one(lambda k: 7)
    (11, None)
    """
    low, high = -MOST_BITS, MOST_BITS
    while low < high:
        k = (low + high) // 2
        size = bits(k)
        if size is None:
            return None
        if -2 <= size <= 1:
            return k
        if size > 1:
            low = k + 1
        else:
            high = k
    return None


def steps(expressions: Iterable[Expr]) -> list[Expr]:
    """Return the expressions at whose whole values something jumps."""
    found: set[Expr] = set()
    for x in expressions:
        found.update(e.args[0] for e in of_kind((floor, ceiling, frac), x))
        found.update(e.args[0] / e.args[1] for e in of_kind(Mod, x))
    return sorted((e for e in found if e.free_symbols), key=default_sort_key)[:MOST]


def slope(kink: Expr, s: Any) -> Any:
    """Return the rational slope of an expression in a symbol or an entry; None if there is none.

    >>> x, y = Symbol("x"), Symbol("y")
    >>> slope(2 * x - y**2, x), slope(2 * x - y**2, y)
    (2, None)
    """
    if isinstance(s, Symbol) and s not in kink.free_symbols:
        return None
    found = kink.diff(s)
    return found if found.is_Rational and found != 0 else None


def movable(kink: Expr) -> list[Any]:
    """Return the entries and the symbols in which an expression is linear."""
    entries = of_kind(Indexed, kink)
    labels = {e.base.label for e in entries}
    symbols = [s for s in of_kind(Symbol, kink) if s not in labels]
    return [s for s in sorted({*entries, *symbols}, key=default_sort_key) if slope(kink, s)]
