"""Put a scalar SymPy expression over atoms: what the exact zero test reads."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from typing import Any

from sympy import (
    Expr,
    Function,
    S,
    log,
)

from symattn.algebra.factors import cancelled, factors_of
from symattn.algebra.field import Field
from symattn.algebra.functions import READERS, exponential_of
from symattn.algebra.kernels import exponential, log_of_base, log_of_number, logarithm, parity_of
from symattn.algebra.polynomial_signs import Assume, NeedSign, learn_sign, learn_zero, sign_of
from symattn.algebra.polynomials import (
    ONE,
    Atom,
    Meter,
    Nowhere,
    Polynomial,
    Ratio,
    Unsupported,
    magnitude,
    tidy,
)
from symattn.algebra.powers import rational_power, sign_of_ratio
from symattn.algebra.summation import close_deltas
from symattn.algebra.symbols import exact, is_real
from symattn.errors import BudgetExceeded


def _may_be_real(x: Expr) -> bool:
    """Tell whether an expression is real wherever it is read: nothing in it is complex."""
    if x.is_extended_real is not None:
        return bool(x.is_extended_real)
    return not x.has(S.ImaginaryUnit) and all(is_real(s) for s in x.free_symbols)


def field_for(
    meter: Meter,
    scale: int = 2,
    signs: Iterable[tuple[Expr, int]] = (),
    distinct: frozenset[frozenset[Expr]] = frozenset(),
    common: bool = False,
    imaginary_allowed: bool = False,
) -> Field:
    """Return a field in which expressions are read, with the signs that are known of some."""
    field = Field(meter, scale, read_scalar, close_deltas, distinct, common, imaginary_allowed)
    for p, s in signs:
        r = field.read(p)
        if not r.top.terms:
            continue
        c, m, q = field.primitive(r.top)
        found = [
            (k, e)
            for k, e in field.exponents(m)
            if not field.atoms[k].positive or (s == 0 and field.atoms[k].vanishes)
        ]
        factors = [field.one_atom(k) for k, _ in found]
        if len(q.terms) > 1:
            factors.append(q)
        if s and any(e % (2 * field.scale) != field.scale for _, e in found):
            continue  # the sign of a square says nothing of its base
        if len(factors) == 1 and not r.under:
            if s:
                learn_sign(field, factors[0], s if c > 0 else -s)
            else:
                learn_zero(field, factors[0])
            field.memo.clear()
        elif s == 0:
            if not factors:
                raise Nowhere("what is not zero is taken for zero")
            raise Unsupported("a product of several factors that is zero")
    return field


def read_scalar(field: Field, x: Expr) -> Ratio:
    """Read an expression that was not read before; see `Field.read`."""
    if x.is_Rational:
        return field.number(tidy(Fraction(int(x.p), int(x.q))))
    if x.is_Symbol:
        return _symbol(field, x)
    if not x.is_commutative:
        raise Unsupported("a noncommutative expression")
    if x.is_Add:
        return field.total([field.read(a) for a in x.args])
    if x.is_Mul:
        result = ONE
        for a in x.args:
            result = field.product(result, field.read(a))
        return result
    if x.is_Pow:
        return _power(field, x)
    read = READERS.get(x.func)
    if read is not None:
        try:
            return read(field, x)
        except Unsupported:
            return opaque_atom(field, x)
    if x.is_Float:
        return field.read(exact(x))
    if x in (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity):
        raise Nowhere(f"{x} is no number")
    return opaque_atom(field, x)


def _symbol(field: Field, x: Expr) -> Ratio:
    real = is_real(x)
    k = field.atom(
        x,
        lambda: Atom("symbol", lambda: x, bool(real and x.is_positive), real, frozenset({x})),
    )
    p = field.one_atom(k)
    if real and x.is_nonpositive:
        field.signs.setdefault(p.key, -1)
    elif real and x.is_nonnegative:
        field.signs.setdefault(p.key, 1)
    return Ratio(p)


def opaque_atom(field: Field, x: Expr) -> Ratio:
    """Return an expression as an atom of its own, equal to those with equal arguments."""
    key: Any = x  # whatever binds an index keeps its own name for it
    if isinstance(x, Function):
        key = (x.func, *(_key(field, a) for a in x.args))
    k = field.atom(
        key,
        lambda: Atom(
            "opaque",
            lambda: x,
            positive=bool(x.is_positive),
            real=_may_be_real(x),
            free=frozenset(x.free_symbols),
            numeric=bool(x.is_number),
        ),
    )
    return Ratio(field.one_atom(k))


def _key(field: Field, a: Any) -> Any:
    if not isinstance(a, Expr) or a.is_Symbol or not a.is_commutative or a.is_Rational:
        return a
    try:
        r = cancelled(field, field.read(a))
    except (Nowhere, Unsupported):
        return a
    return (r.top.key, r.under)


def _power(field: Field, x: Expr) -> Ratio:
    base, exponent = x.args
    if base is S.Exp1:
        return exponential_of(field, exponent)
    e = field.read(exponent)
    if not e.under and len(e.top.terms) <= 1 and (not e.top.terms or 0 in e.top.terms):
        value = Fraction(e.top.terms.get(0, 0))
        if value.denominator > 1 << 16 or abs(value) > 1 << 40:
            raise BudgetExceeded("an exponent is too large for the zero test")
        try:
            return rational_power(field, field.read(base), value)
        except Unsupported:
            return opaque_atom(field, x)
    try:
        b = field.read(base)
        if exponent.is_integer:
            return _integer_symbolic_power(field, b, e)
        _require_positive(field, b)
        return exponential(field, field.product(e, logarithm(field, b)))
    except Unsupported:
        return opaque_atom(field, x)


def _require_positive(field: Field, b: Ratio) -> None:
    """Refuse the base of a symbolic power that is negative: some powers of it are real.

    Raises
    ------
    NeedSign, Assume : when a factor's sign decides and is not known.
    """
    if field.deltas(b):
        return
    try:
        s, _ = sign_of_ratio(field, b)
    except NeedSign as need:
        raise (Assume(need.of) if field.common else need) from None
    if s < 0:
        raise Unsupported("a symbolic power of a negative number")


def _integer_symbolic_power(field: Field, b: Ratio, e: Ratio) -> Ratio:
    """Return b**e for an exponent that is a whole number: the sign of b does not matter."""
    if field.deltas(b) or not b.top.terms:
        raise Unsupported("a symbolic power of a delta")
    c, found = factors_of(field, cancelled(field, b))
    result = exponential(field, field.product(e, log_of_number(field, magnitude(c))))
    if c < 0:
        result = field.product(result, _parity_power(field, e))
    for p, power in found:
        s = sign_of(field, p)
        if s is None or s < 0:
            k = field.atom(("loginteger", p.key), partial(_formal_log, field, p))
            term = Ratio(field.one_atom(k))
        else:
            term = log_of_base(field, p)
        weight = field.product(field.number(power), e)
        result = field.product(result, exponential(field, field.product(weight, term)))
    return result


def _formal_log(field: Field, p: Polynomial) -> Atom:
    return Atom("loginteger", lambda: log(field.expr(p)), real=False, free=field.free(p), base=p)


def _parity_power(field: Field, e: Ratio) -> Ratio:
    if e.under:
        raise Unsupported("a sign to the power of a ratio")
    result = ONE
    for m, c in e.top.terms.items():
        whole = c.denominator == 1 and all(
            field.atoms[k].expr.is_integer and power > 0 and power % field.scale == 0
            for k, power in field.exponents(m)
        )
        if not whole:
            raise Unsupported("a sign to the power of a fraction")
        if c % 2:
            result = field.product(result, parity_of(field, m) if m else field.number(-1))
    return result
