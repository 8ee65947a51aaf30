"""Whether a real number that is made of rationals and roots is zero, by a separation bound.

Either the number is zero or it is at least 1/(l u**(D - 1)) in size (Burnikel, Funke, Mehlhorn,
Schirra and Schmitt): it is a ratio U/L of algebraic integers of degree D, the product of the
degrees of its roots, whose conjugates are at most u and l.  A narrower enclosure decides.
"""

from __future__ import annotations

from math import ceil, lcm, log2

from sympy import Expr, Rational

from symattn.algebra.balls import CannotEvaluate, NotReal, Unsure, contains_zero, magnitude
from symattn.algebra.enclosure import Enclosure
from symattn.errors import BudgetExceeded

BITS = 40_000


class _NotAlgebraic(Exception):
    pass


def _log2(n: int) -> float:
    return log2(n) if n.bit_length() < 1000 else float(n.bit_length())


def _bounds(x: Expr, roots: dict[Expr, int]) -> tuple[float, float]:
    """Return log2 of BFMSS's u and l, and collect the degree of every root."""
    if isinstance(x, Rational):
        return _log2(max(abs(x.p), 1)), _log2(x.q)
    if x.is_Add:
        u, l = _bounds(x.args[0], roots)
        for a in x.args[1:]:
            u2, l2 = _bounds(a, roots)
            u, l = max(u + l2, l + u2) + 1, l + l2
        return u, l
    if x.is_Mul:
        u, l = 0.0, 0.0
        for a in x.args:
            u2, l2 = _bounds(a, roots)
            u, l = u + u2, l + l2
        return u, l
    if x.is_Pow and isinstance(x.args[1], Rational):
        base, exponent = x.args
        u, l = _bounds(base, roots)
        k = int(exponent.q)
        if k > 1:
            roots[base] = lcm(roots.get(base, 1), k)
            if u >= l:
                u = (u + (k - 1) * l) / k
            else:
                l = ((k - 1) * u + l) / k
        n = abs(int(exponent.p))
        u, l = n * u, n * l
        return (u, l) if exponent.p > 0 else (l, u)
    raise _NotAlgebraic


def is_zero_number(x: Expr) -> bool | None:
    """Decide whether a real algebraic number is zero; None when it is not real or not algebraic.

    Raises
    ------
    BudgetExceeded : when the bound is too small to compute with.

    >>> from sympy import sqrt
    >>> is_zero_number(sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2))
    True
    >>> is_zero_number(sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2) + Rational(1, 10**60))
    False
    """
    roots: dict[Expr, int] = {}
    try:
        u, l = _bounds(x, roots)
    except _NotAlgebraic:
        return None
    degree = 1
    for k in roots.values():
        degree *= k
    needed = l + (degree - 1) * u + 8
    if needed > BITS:
        raise BudgetExceeded("an algebraic number needs too many digits to compare with zero")
    precision = 64
    while True:
        try:
            value = Enclosure({}, precision).interval(x)
        except Unsure:
            value = None
        except (NotReal, CannotEvaluate):
            return None
        if value is not None:
            if not contains_zero(value):
                return False
            if magnitude(value) < -needed:
                return True
        if precision > 2 * ceil(needed) + 256:
            return None
        precision *= 2
