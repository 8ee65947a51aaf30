r"""Quotients and logarithms of sums of exponentials, written so that no exponential overflows.

Numerator and denominator are both multiplied by `exp(-M)`, where M is the largest exponent of the
denominator.  That is an identity whatever M is; it is what `softmax/q3a` proves of the weights, for
any sum of exponentials.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Add, Expr, Mul, Pow, S, Sum, Tuple, exp, log, sympify

from symattn.algebra.letters import OffSum


class Peak(Expr):
    """The largest value of `f` over an index in 1..n, but for excluded ones; it stays inert."""

    is_commutative = True
    is_number = False
    is_real = True
    macro = r"\max"

    def __new__(cls, f: Expr, l: Expr, n: Expr, excluded: object = ()) -> Expr:
        return Expr.__new__(cls, sympify(f), l, n, Tuple(*excluded))  # type: ignore[misc]

    def _latex(self, printer: Any) -> str:
        r"""Write `\max_{l \ne i}` of the value, as an author does."""
        f, l, _, excluded = self.args
        out = ", ".join(map(printer._print, excluded.args))
        below = printer._print(l) + (rf" \ne {out}" if out else "")
        body = printer._print(f)
        return rf"{self.macro}_{{{below}}} " + (rf"\left({body}\right)" if f.is_Add else body)

    @property
    def free_symbols(self) -> set[Expr]:
        f, l, n, excluded = self.args
        return (f.free_symbols - {l}) | n.free_symbols | excluded.free_symbols


class Pit(Peak):
    """The smallest value of `f` over an index in 1..n, but for excluded ones; it stays inert."""

    macro = r"\min"


class Pick(Peak):
    """The index at which `f` is largest, the only one; it stays inert."""

    is_integer = True
    is_positive = True
    macro = r"\operatorname*{argmax}"


class Greater(Expr):
    """The largest of several values; it stays inert."""

    is_commutative = True
    is_number = False
    is_real = True

    def __new__(cls, *values: Expr) -> Expr:
        return Expr.__new__(cls, *dict.fromkeys(values)) if len(set(values)) > 1 else values[0]


@lru_cache(maxsize=2000)
def stable(x: Expr) -> Expr:
    r"""Return the same value, with the largest exponent taken off where exponentials are divided.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", real=True)
    >>> stable(exp(a) / (exp(a) + exp(b)))
    exp(a - Greater(a, b))/(exp(a - Greater(a, b)) + exp(b - Greater(a, b)))
    >>> stable(exp(a) + exp(b))
    exp(a) + exp(b)
    """
    if not x.args or not x.has(exp):
        return x
    if isinstance(x, (Sum, OffSum)):
        return x.func(stable(x.args[0]), *x.args[1:])
    if isinstance(x, log):
        top = exponent(x.args[0])
        return x if top is None else top + log(_less(stable(x.args[0]), top))
    if isinstance(x, (Mul, Pow)):
        x = _quotient(x)
        return x.func(*map(_inside, x.args))
    return x.func(*(stable(a) if isinstance(a, Expr) else a for a in x.args))


def _inside(x: Expr) -> Expr:
    """Go on below a denominator that has been made stable: what is inside its exponents."""
    if isinstance(x, Pow) and exponent(x.base) is not None:
        return x
    return stable(x) if not isinstance(x, exp) else x


def _quotient(x: Expr) -> Expr:
    factors = list(Mul.make_args(x))
    for at, factor in enumerate(factors):
        base, power = factor.as_base_exp()
        if isinstance(factor, exp) or not (power.is_Integer and power < 0):
            continue
        top = exponent(base)
        if top is None:
            continue
        rest = [f for k, f in enumerate(factors) if k != at]
        return Mul(Pow(_less(base, top), power), *_shared(rest, -power * top))
    return x


def _shared(rest: list[Expr], top: Expr) -> list[Expr]:
    """Divide a product by exp(top): in one exponential of it where it has one."""
    for k, f in enumerate(rest):
        if isinstance(f, exp) or exponent(f) is not None:
            return [*rest[:k], _less(f, top), *rest[k + 1 :]]
    return [exp(-top), *rest]


def exponent(x: Expr) -> Expr | None:
    """Return the largest exponent among the terms of a sum; None where there is no exponential."""
    found = [_of_term(term) for term in Add.make_args(x)]
    if all(one is None for one in found):
        return None
    return Greater(*(S.Zero if one is None else one for one in found))


def _of_term(x: Expr) -> Expr | None:
    if isinstance(x, Sum) and len(x.limits) == 1:
        (l, low, n) = x.limits[0]
        inner = _of_term(x.function)
        return None if inner is None or low != 1 else Peak(inner, l, n)
    if isinstance(x, OffSum):
        inner = _of_term(x.args[0])
        return None if inner is None else Peak(inner, *x.args[1:])
    powers = [f.args[0] for f in Mul.make_args(x) if isinstance(f, exp)]
    if len(powers) == 1 and powers[0].free_symbols:
        return powers[0]
    inside = [found for f in Mul.make_args(x) if (found := _summed(f)) is not None]
    return inside[0] if len(inside) == 1 and not powers else None


def _summed(x: Expr) -> Expr | None:
    if isinstance(x, (Sum, OffSum)):
        return _of_term(x)
    return exponent(x) if isinstance(x, Add) else None


def _less(x: Expr, top: Expr) -> Expr:
    """Divide by exp(top), in the exponents of the terms."""
    if isinstance(x, Add):
        return Add(*(_less(term, top) for term in x.args))
    if _of_term(x) is None:
        return x * exp(-top)
    if isinstance(x, (Sum, OffSum)):
        return x.func(_less(x.args[0], top), *x.args[1:])
    factors = list(Mul.make_args(x))
    for at, f in enumerate(factors):
        if isinstance(f, exp):
            factors[at] = exp(f.args[0] - top)
            return Mul(*factors)
        if _summed(f) is not None:
            factors[at] = _less(f, top)
            return Mul(*factors)
    raise AssertionError(x)
