"""Put a scalar SymPy expression over atoms: what the exact zero test reads."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from typing import Any

from sympy import (
    Add,
    Expr,
    Function,
    S,
    log,
)

from symattn.algebra.conditions import NeedIndex
from symattn.algebra.functions import READERS
from symattn.algebra.polynomial_signs import Assume, NeedSign
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
from symattn.algebra.summation import Summation
from symattn.algebra.symbols import exact, is_real
from symattn.errors import BudgetExceeded


def _may_be_real(x: Expr) -> bool:
    """Tell whether an expression is real wherever it is read: nothing in it is complex."""
    if x.is_extended_real is not None:
        return bool(x.is_extended_real)
    return not x.has(S.ImaginaryUnit) and all(is_real(s) for s in x.free_symbols)


class Reader(Summation):
    """Reads SymPy expressions as ratios over atoms.

    distinct : pairs of indices that are known to differ.
    common : see `Kernels`.
    """

    def __init__(
        self,
        meter: Meter,
        scale: int = 2,
        signs: Iterable[tuple[Expr, int]] = (),
        distinct: frozenset[frozenset[Expr]] = frozenset(),
        common: bool = False,
        imaginary_allowed: bool = False,
    ) -> None:
        super().__init__(meter, scale)
        self.imaginary_allowed = imaginary_allowed
        self.common = common
        self.bound: dict[Any, int] = {}
        self.distinct = distinct
        self.conditions: dict[Expr, None] = {}
        self.edges: dict[Expr, None] = {}
        self.uppers: dict[Any, int] = {}
        self.ranges: dict[Expr, int] = {}
        self._memo: dict[Expr, Ratio] = {}
        for p, s in signs:
            r = self.read(p)
            if not r.top.terms:
                continue
            c, m, q = self.primitive(r.top)
            found = [
                (k, e)
                for k, e in self.exponents(m)
                if not self.atoms[k].positive or (s == 0 and self.atoms[k].vanishes)
            ]
            factors = [self.one_atom(k) for k, _ in found]
            if len(q.terms) > 1:
                factors.append(q)
            if s and any(e % (2 * self.scale) != self.scale for _, e in found):
                continue  # the sign of a square says nothing of its base
            if len(factors) == 1 and not r.under:
                if s:
                    self.learn(factors[0], s if c > 0 else -s)
                else:
                    self.learn_zero(factors[0])
                self._memo.clear()
            elif s == 0:
                if not factors:
                    raise Nowhere("what is not zero is taken for zero")
                raise Unsupported("a product of several factors that is zero")

    # dispatch ----------------------------------------------------------------------------------

    def read(self, x: Expr) -> Ratio:
        """Return the ratio that an expression is.

        Raises
        ------
        Nowhere : when it is undefined everywhere.
        Unsupported : when it is not a commutative scalar.
        """
        found = self._memo.get(x)
        if found is None:
            found = self._memo[x] = self._read(x)
        return found

    def _read(self, x: Expr) -> Ratio:
        if x.is_Rational:
            return self.number(tidy(Fraction(int(x.p), int(x.q))))
        if x.is_Symbol:
            return self._symbol(x)
        if not x.is_commutative:
            raise Unsupported("a noncommutative expression")
        if x.is_Add:
            return self.total([self.read(a) for a in x.args])
        if x.is_Mul:
            result = ONE
            for a in x.args:
                result = self.product(result, self.read(a))
            return result
        if x.is_Pow:
            return self._power(x)
        reader = READERS.get(x.func)
        if reader is not None:
            try:
                return reader(self, x)
            except Unsupported:
                return self.opaque(x)
        if x.is_Float:
            return self.read(exact(x))
        if x in (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity):
            raise Nowhere(f"{x} is no number")
        return self.opaque(x)

    def _symbol(self, x: Expr) -> Ratio:
        real = is_real(x)
        k = self.atom(
            x,
            lambda: Atom("symbol", lambda: x, bool(real and x.is_positive), real, frozenset({x})),
        )
        p = self.one_atom(k)
        if real and x.is_nonpositive:
            self.signs.setdefault(p.key, -1)
        elif real and x.is_nonnegative:
            self.signs.setdefault(p.key, 1)
        return Ratio(p)

    def opaque(self, x: Expr) -> Ratio:
        """Return an expression as an atom of its own, equal to those with equal arguments."""
        key: Any = x  # whatever binds an index keeps its own name for it
        if isinstance(x, Function):
            key = (x.func, *(self._key(a) for a in x.args))
        k = self.atom(
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
        return Ratio(self.one_atom(k))

    def _key(self, a: Any) -> Any:
        if not isinstance(a, Expr) or a.is_Symbol or not a.is_commutative or a.is_Rational:
            return a
        try:
            r = self.cancelled(self.read(a))
        except (Nowhere, Unsupported):
            return a
        return (r.top.key, r.under)

    # powers and exponentials -------------------------------------------------------------------

    def _power(self, x: Expr) -> Ratio:
        base, exponent = x.args
        if base is S.Exp1:
            return self._exp_of(exponent)
        e = self.read(exponent)
        if not e.under and len(e.top.terms) <= 1 and (not e.top.terms or 0 in e.top.terms):
            value = Fraction(e.top.terms.get(0, 0))
            if value.denominator > 1 << 16 or abs(value) > 1 << 40:
                raise BudgetExceeded("an exponent is too large for the zero test")
            try:
                return self.rational_power(self.read(base), value)
            except Unsupported:
                return self.opaque(x)
        try:
            b = self.read(base)
            if exponent.is_integer:
                return self._integer_symbolic_power(b, e)
            self._require_positive(b)
            return self.exponential(self.product(e, self.logarithm(b)))
        except Unsupported:
            return self.opaque(x)

    def _require_positive(self, b: Ratio) -> None:
        """Refuse the base of a symbolic power that is negative: some powers of it are real.

        Raises
        ------
        NeedSign, Assume : when a factor's sign decides and is not known.
        """
        if self.deltas(b):
            return
        try:
            s, _ = self.sign_of_ratio(b)
        except NeedSign as need:
            raise (Assume(need.of) if self.common else need) from None
        if s < 0:
            raise Unsupported("a symbolic power of a negative number")

    def _integer_symbolic_power(self, b: Ratio, e: Ratio) -> Ratio:
        """Return b**e for an exponent that is a whole number: the sign of b does not matter."""
        if self.deltas(b) or not b.top.terms:
            raise Unsupported("a symbolic power of a delta")
        c, found = self.factors(self.cancelled(b))
        result = self.exponential(self.product(e, self._log_of_number(magnitude(c))))
        if c < 0:
            result = self.product(result, self._parity_of(e))
        for p, power in found:
            s = self.sign(p)
            if s is None or s < 0:
                k = self.atom(("loginteger", p.key), partial(self._formal_log, p))
                term = Ratio(self.one_atom(k))
            else:
                term = self.log_of_base(p)
            weight = self.product(self.number(power), e)
            result = self.product(result, self.exponential(self.product(weight, term)))
        return result

    def _formal_log(self, p: Polynomial) -> Atom:
        return Atom("loginteger", lambda: log(self.expr(p)), real=False, free=self.free(p), base=p)

    def _parity_of(self, e: Ratio) -> Ratio:
        if e.under:
            raise Unsupported("a sign to the power of a ratio")
        result = ONE
        for m, c in e.top.terms.items():
            whole = c.denominator == 1 and all(
                self.atoms[k].expr.is_integer and power > 0 and power % self.scale == 0
                for k, power in self.exponents(m)
            )
            if not whole:
                raise Unsupported("a sign to the power of a fraction")
            if c % 2:
                result = self.product(result, self.parity(m) if m else self.number(-1))
        return result

    def _exp_of(self, exponent: Expr) -> Ratio:
        parts = [self.read(a) for a in Add.make_args(exponent)]
        plain = self.total(p for p in parts if not p.under)
        over = self.total(p for p in parts if p.under)
        return self.product(self.exponential(plain), self.exponential(over))


__all__ = ["NeedIndex", "Reader"]
