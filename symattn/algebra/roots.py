"""Where a scalar is zero: found, and checked by whoever relies on it."""

from __future__ import annotations

from sympy import Expr, Symbol, fraction, solve, together


def zeros(x: Expr, variable: Symbol) -> list[Expr]:
    """Return what a symbol is where a scalar vanishes; a pole may be among it, for none is put in.

    The numerator alone is solved: SymPy imports its physics to look at denominators.

    >>> from sympy import symbols
    >>> a, t = symbols("a t", positive=True)
    >>> zeros(1 / (1 + t) - a, t)
    [-(a - 1)/a]
    """
    top = fraction(together(x))[0].expand()
    slope, rest = top.coeff(variable, 1), top.coeff(variable, 0)
    if slope != 0 and not slope.has(variable) and top == (slope * variable + rest).expand():
        return [-rest / slope]
    found: list[Expr] = solve(top, variable, simplify=False, check=False)
    return found
