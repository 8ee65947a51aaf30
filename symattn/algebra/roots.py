"""Where a scalar is zero: found, and checked by whoever relies on it."""

from __future__ import annotations

from sympy import Expr, Symbol, exp, fraction, log, solve, together

from symattn.algebra.factored import factored


def zeros(x: Expr, variable: Symbol) -> list[Expr]:
    """Return what a symbol is where a scalar vanishes; a pole may be among it, for none is put in.

    The numerator alone is solved: SymPy imports its physics to look at denominators.

    >>> from sympy import symbols
    >>> a, t = symbols("a t", positive=True)
    >>> zeros(1 / (1 + t) - a, t), zeros(exp(2 * t) - a, t)
    ([-(a - 1)/a], [log(a)/2])
    """
    top = fraction(together(x))[0].expand()
    linear = _linear(top, variable)
    if linear is not None:
        return [linear]
    within = [e for e in top.atoms(exp, log) if e.has(variable)]
    if len(within) == 1:
        at = Symbol("_at")
        value, inside = _linear(top.xreplace({within[0]: at}), at), within[0].args[0]
        if value is not None and not value.has(variable):
            value = factored(value)
            of = log(value) if isinstance(within[0], exp) else exp(value)
            back = _linear(inside - of, variable)
            if back is not None:
                return [back]
    found: list[Expr] = solve(top, variable, simplify=False, check=False)
    return found


def _linear(x: Expr, variable: Symbol) -> Expr | None:
    """Return where a scalar is zero that is linear in a symbol; None where it is not."""
    slope, rest = x.coeff(variable, 1), x.coeff(variable, 0)
    if slope == 0 or slope.has(variable) or x.expand() != (slope * variable + rest).expand():
        return None
    return -rest / slope
