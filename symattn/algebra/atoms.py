"""Put a scalar SymPy expression over atoms: what the exact zero test reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial
from math import comb, floor
from typing import Any

from sympy import (
    Abs,
    Add,
    Eq,
    Expr,
    Float,
    Function,
    Heaviside,
    Indexed,
    Integer,
    KroneckerDelta,
    LambertW,
    Max,
    Min,
    Ne,
    Piecewise,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    binomial,
    erf,
    erfc,
    exp,
    factorial,
    gamma,
    log,
    sign,
)
from sympy.core.relational import GreaterThan, LessThan, Relational, StrictGreaterThan
from sympy.functions.elementary import hyperbolic, trigonometric
from sympy.logic.boolalg import ITE, And, BooleanFalse, BooleanTrue, Not, Or

from symattn.algebra.field import (
    ONE,
    WIDTH,
    ZERO,
    Atom,
    Denominator,
    Meter,
    Monomial,
    Nowhere,
    Number,
    Polynomial,
    Ratio,
    Unsupported,
    magnitude,
    tidy,
)
from symattn.algebra.kernels import Assume, Kernels, NeedSign
from symattn.algebra.letters import Dot, Norm, OffSum, is_column
from symattn.algebra.symbols import is_real
from symattn.errors import BudgetExceeded

EXPLICIT_SUM = 200
SHIFT = 4


class NeedIndex(Exception):
    """Whether two indices are equal decides; the caller tells the two cases apart."""

    def __init__(self, i: Expr, j: Expr) -> None:
        super().__init__(i, j)
        self.i, self.j = i, j


def exact(x: Float) -> Rational:
    """Return the decimal that was typed, or the binary value when it has no short decimal.

    >>> exact(Float(0.1)), exact(Float("1e-40"))
    (1/10, 1/10000000000000000000000000000000000000000)
    """
    decimal = Rational(str(x))
    return decimal if Float(decimal, precision=x._prec) == x else Rational(x)


def _may_be_real(x: Expr) -> bool:
    """Tell whether an expression is real wherever it is read: nothing in it is complex."""
    if x.is_extended_real is not None:
        return bool(x.is_extended_real)
    return not x.has(S.ImaginaryUnit) and all(is_real(s) for s in x.free_symbols)


def height(x: Any) -> int:
    """Return how many sums are nested in an expression."""
    if not x.args or not x.has(Sum, OffSum):
        return 0
    if isinstance(x, Sum):
        return len(x.limits) + height(x.function)
    inside = max(height(a) for a in x.args)
    return inside + 1 if isinstance(x, OffSum) else inside


class Reader(Kernels):
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

    # signs and cases ---------------------------------------------------------------------------

    def _larger(self, a: Ratio, b: Ratio, s: int) -> Ratio:
        gap = self.total([a, self.negated(b)])
        if not gap.top.terms:
            return a
        of_gap, _ = self._sign_without_deltas(gap)
        return a if of_gap in (s, 0) else b

    def _sign_without_deltas(self, r: Ratio) -> tuple[int, list[Polynomial]]:
        if self.deltas(r):
            raise Unsupported("the sign of a delta that is summed over")
        return self.sign_of_ratio(r)

    def _sign_noting_edges(self, r: Ratio) -> int:
        s, edges = self._sign_without_deltas(r)
        for p in edges:
            self.refuse_bound(p)
            self.edges[self.expr(p)] = None
        return s

    def truth(self, condition: Any) -> bool:
        """Decide a condition; its edge is noted, so that the caller tests it apart."""
        if isinstance(condition, (BooleanTrue, BooleanFalse)) or condition in (True, False):
            return bool(condition)
        if isinstance(condition, And):
            return all(self.truth(a) for a in condition.args)
        if isinstance(condition, Or):
            return any(self.truth(a) for a in condition.args)
        if isinstance(condition, Not):
            return not self.truth(condition.args[0])
        if isinstance(condition, ITE):
            test, yes, no = condition.args
            return self.truth(yes if self.truth(test) else no)
        if not isinstance(condition, Relational):
            raise Unsupported(f"the condition {condition}")
        left, right = condition.lhs, condition.rhs
        if isinstance(condition, (Eq, Ne)):
            return self._equal_indices(left, right) == isinstance(condition, Eq)
        gap = self.total([self.read(left), self.negated(self.read(right))])
        if not gap.top.terms:
            return isinstance(condition, (GreaterThan, LessThan))
        s = self._sign_noting_edges(gap)
        if s == 0:
            return isinstance(condition, (GreaterThan, LessThan))
        upward = isinstance(condition, (GreaterThan, StrictGreaterThan))
        return (s > 0) == upward

    def _equal_indices(self, i: Expr, j: Expr) -> bool:
        gap = self.total([self.read(i), self.negated(self.read(j))])
        if not gap.top.terms:
            return True
        if not gap.under and set(gap.top.terms) == {0}:
            return False
        if frozenset({i, j}) in self.distinct:
            return False
        if not (i.is_Symbol or j.is_Symbol):
            raise Unsupported("two indices that cannot be compared")
        raise NeedIndex(i, j)

    # deltas and sums ---------------------------------------------------------------------------

    def _delta(self, x: Expr) -> Ratio:
        i, j = x.args[:2]
        if len(x.args) > 2:
            raise Unsupported("a delta with a range")
        if not self._is_moving(x):
            return ONE if self._equal_indices(i, j) else ZERO
        k = self.atom(
            ("delta", frozenset({i, j})),
            lambda: Atom("delta", lambda: x, free=frozenset(x.free_symbols), base=(i, j)),
        )
        return Ratio(self.one_atom(k))

    def _is_moving(self, index: Expr) -> bool:
        return any(s in self.bound for s in index.free_symbols)

    def close_deltas(self, m: Monomial, deltas: list[int]) -> Monomial | None:
        classes: list[set[Expr]] = []
        for k in deltas:
            joined = set(self.atoms[k].base)
            apart = []
            for c in classes:
                if c & joined:
                    joined |= c
                else:
                    apart.append(c)
            classes = [*apart, joined]
        if len(classes) == len(deltas):
            return m
        for k in deltas:
            m -= self.scale << (WIDTH * k)
        for c in classes:
            members = sorted(c, key=lambda e: (self._is_moving(e), str(e)))
            fixed = [e for e in members if not self._is_moving(e)]
            for a, i in enumerate(fixed):
                for j in fixed[a + 1 :]:
                    if not self._equal_indices(i, j):
                        return None
            for other in members[1:]:
                delta = self.read(KroneckerDelta(members[0], other))
                ((step, _),) = delta.top.terms.items()
                m += step
        return m

    def _sum(self, x: Expr) -> Ratio:
        f: Expr = x.function
        for limits in x.limits[:-1]:
            f = Sum(f, limits)
        l, low, high = _limits(x.limits[-1])
        return self._sum_over(f, l, low, high)

    def _sum_over(self, f: Expr, l: Expr, low: Expr, high: Expr) -> Ratio:
        inner = {s for e in f.atoms(Sum, OffSum) for s in _binds(e)}
        if inner & (low.free_symbols | high.free_symbols):
            raise Unsupported("a bound that names an inner index")
        if low.is_Integer and high.is_Integer:
            first, last = int(low), int(high)
            if last - first > EXPLICIT_SUM:
                raise Unsupported("a long sum")
            if last < first - 1:
                raise Unsupported("a sum over a reversed range")
            self.meter.spend(last - first + 1)
            return self.total(self.read(_put(f, l, Integer(t))) for t in range(first, last + 1))
        size = self.read(high - low + 1)
        count = _whole(size)
        if count is not None and 0 <= count <= EXPLICIT_SUM:
            return self.total(self.read(_put(f, l, low + t)) for t in range(count))
        if not f.has(KroneckerDelta) and low.is_integer and high.is_integer:
            joined = self._difference_of_sums(f, l, low, high)
            if joined is not None:
                return joined
        if not low.is_finite and low.is_finite is not None:
            raise Unsupported("an infinite sum")
        if not high.is_finite and high.is_finite is not None:
            raise Unsupported("an infinite sum")
        shift = 0
        c = size.top.terms.get(0, 0) if not size.under else 0
        if c and c.denominator == 1 and magnitude(c) <= SHIFT and not f.has(KroneckerDelta):
            shift = int(c)
            size = self.total([size, self.number(-shift)])
        upper = self.uppers.setdefault((size.top.key, size.under), len(self.uppers))
        b = self._index(f"_o{height(f) + 1}_{upper}", upper)
        body = _put(f, l, b + low - 1)
        try:
            result = self._sum_of(self.read(body), b, size, upper)
            end = self.ratio_expr(size)
            steps = range(1, shift + 1) if shift > 0 else range(0, shift, -1)
            more = self.total(self.read(_put(body, b, end + t)) for t in steps)
        except Nowhere as error:  # of one summand, which may be none
            raise Unsupported(str(error)) from None
        if shift:
            result = self.total([result, more if shift > 0 else self.negated(more)])
        return result

    def _difference_of_sums(self, f: Expr, l: Expr, low: Expr, high: Expr) -> Ratio | None:
        """Return the sum over l = low..high as a difference of two from 1, so that parts join.

        The index is shifted so that the least subscript is the index itself; None when there is
        nothing to shift, nor to take away.
        """
        offsets = {i - l for e in f.atoms(Indexed) for i in e.indices if l in i.free_symbols}
        if not offsets or not all(c.is_Integer for c in offsets):
            return None
        if f.is_Add and len(offsets) > 1:
            return self.total(self._sum_over(term, l, low, high) for term in f.args)
        shift = min(offsets)
        if (low == 1 and not shift) or (low.is_Integer and abs(low + shift - 1) > SHIFT):
            return None
        f = _put(f, l, l - shift)
        try:
            ends = [self._sum_up_to(f, l, end + shift) for end in (high, low - 1)]
        except Unsupported:
            return None
        in_order = low <= high + 1
        if in_order is not S.true and not (self._is_moving(low) or self._is_moving(high)):
            self.conditions[in_order] = None
        return self.total([ends[0], self.negated(ends[1])])

    def _sum_up_to(self, f: Expr, l: Expr, end: Expr) -> Ratio:
        """Return a sum from 1; up to less than 0 it is what comes between, taken away."""
        if not (end.is_Integer and end < 0):
            return self._sum_over(f, l, S.One, end)
        less = [self.read(_put(f, l, Integer(t))) for t in range(int(end) + 1, 1)]
        return self.negated(self.total(less))

    def _index(self, name: str, upper: int) -> Expr:
        """Return an index of ours: `_o` of a sum being read, `_b` of one that is an atom."""
        index = Symbol(name, integer=True, positive=True)
        self.bound[index] = upper
        return index

    def _sum_of(self, r: Ratio, b: Expr, size: Ratio, upper: int) -> Ratio:
        """Sum a ratio over b = 1..size: what does not move with b comes out."""
        if self._moves(r.under, b):
            parts = self._in_lowest_degree(self.cancelled(r), b)
            return self.total(self._sum_of_part(part, b, size, upper) for part in parts)
        return self._sum_of_part(r, b, size, upper)

    def _sum_of_part(self, r: Ratio, b: Expr, size: Ratio, upper: int) -> Ratio:
        moving = [(k, e) for k, e in r.under if b in self.free(self.under[k])]
        fixed = [(k, e) for k, e in r.under if b not in self.free(self.under[k])]
        groups: dict[Monomial, dict[Monomial, Number]] = {}
        for m, c in r.top.terms.items():
            part = 0
            for k, e in self.exponents(m):
                if b in self.atoms[k].free:
                    part += e << (WIDTH * k)
            outside = groups.setdefault(part, {})
            outside[m - part] = outside.get(m - part, 0) + c
        results = []
        for part, outside in groups.items():
            front = Ratio(self.polynomial(outside), tuple(fixed))
            term = self._sum_of_term(part, tuple(moving), b, size, upper)
            results.append(self.product(front, term))
        return self.total(results)

    def _in_lowest_degree(self, r: Ratio, b: Expr) -> list[Ratio]:
        """Split a ratio by division with remainder in one atom that moves with b.

        So E/(1 + E) and 1 - 1/(1 + E) become the same sums.
        """
        moving = [(k, e) for k, e in r.under if b in self.free(self.under[k])]
        if len(moving) != 1:
            return [r]
        ((number, power),) = moving
        divisor = self.under[number]
        for g in self.support(divisor):
            if b not in self.atoms[g].free or g in self.ruled:
                continue
            degrees = [self.exponent(m, g) for m in divisor.terms]
            high = max(degrees)
            if min(degrees) == 0 and degrees.count(0) == 1 == degrees.count(high):
                break
        else:
            return [r]
        ends = {self.exponent(m, g): (m, c) for m, c in divisor.terms.items()}
        fixed = tuple((k, e) for k, e in r.under if k != number)
        parts = []
        top = r.top
        while power and top.terms:
            quotient: list[Polynomial] = []
            for end, choose in ((high, max), (0, min)):
                m0, c0 = ends[end]
                while top.terms:
                    e, m = choose((self.exponent(m, g), m) for m in top.terms)
                    if (end and e < high) or (not end and e >= 0):
                        break
                    c = tidy(Fraction(top.terms[m]) / c0)
                    factor = self.polynomial({m - m0: c})
                    quotient.append(factor)
                    top = self.plus([top, self.times_number(self.times(factor, divisor), -1)])
            parts.append(Ratio(top, tuple(sorted([*fixed, (number, power)]))))
            top = self.plus(quotient)
            power -= 1
        if top.terms:
            parts.append(Ratio(top, fixed))
        return parts

    def _moves(self, under: Denominator, b: Expr) -> bool:
        return any(b in self.free(self.under[k]) for k, _ in under)

    def _sum_of_term(
        self, m: Monomial, under: Denominator, b: Expr, size: Ratio, upper: int
    ) -> Ratio:
        exponents = self.exponents(m)
        for k, _ in exponents:
            atom = self.atoms[k]
            if atom.kind == "delta":
                rest = self._term_expr(m - (self.scale << (WIDTH * k)), under)
                return self._at_delta(rest, atom.base, b, size, upper)
        if not under:
            if m == 0:
                return size
            if len(exponents) == 1:
                closed = self._closed_form(*exponents[0], b, size)
                if closed is not None:
                    return closed
        return self._sum_atom(m, under, b, upper)

    def _term_expr(self, m: Monomial, under: Denominator) -> Expr:
        return self.ratio_expr(Ratio(self.polynomial({m: 1}), under))

    def _at_delta(
        self, rest: Expr, indices: tuple[Expr, Expr], b: Expr, size: Ratio, upper: int
    ) -> Ratio:
        """Return the sum over b of rest(b) delta(b, i) = rest(i), with i in range."""
        i, j = indices
        other = j if i == b else i
        if b not in (i, j) or b in other.free_symbols:
            raise Unsupported("a delta in a shifted index")
        inside = [s for s in other.free_symbols if s in self.bound]
        if inside:
            if other not in inside or self.bound[other] != upper:
                raise Unsupported("a delta between indices of different ranges")
        else:
            if not other.is_integer:
                raise Unsupported("a delta of what may be no whole number")
            end = self.ratio_expr(size)
            if self.ranges.setdefault(other, upper) != upper:
                # only one range is taken for granted; of a second one it is asked
                inside_too, _ = self._sign_without_deltas(self.read(2 * (end - other) + 1))
                if inside_too < 0:
                    return ZERO
                return self.read(_put(rest, b, other))
            for condition in (other >= 1, other <= end):
                if condition is S.false:
                    return ZERO
                if condition is not S.true:
                    self.conditions[condition] = None
        return self.read(_put(rest, b, other))

    def _closed_form(self, k: int, e: int, b: Expr, size: Ratio) -> Ratio | None:
        """Return the sum of a power of the index, or of a geometric sequence; else None."""
        atom = self.atoms[k]
        if k == self.index.get(b) and e > 0 and e % self.scale == 0 and e <= 12 * self.scale:
            return self._sum_of_powers(e // self.scale, size)
        if atom.kind == "exp" and not atom.base.under and len(atom.base.top.terms) == 1:
            ((m, c),) = atom.base.top.terms.items()
            at = self.index.get(b)
            if at is None or self.exponent(m, at) != self.scale:
                return None
            rest = m - (self.scale << (WIDTH * at))
            if b in self.free(self.polynomial({rest: 1})):
                return None
            rate = Ratio(self.polynomial({rest: tidy(c * Fraction(e, self.scale))}))
            step = self.exponential(rate)
            last = self.exponential(self.product(rate, size))
            gap = self.total([step, self.number(-1)])
            top = self.product(step, self.total([last, self.number(-1)]))
            return self.product(top, self.inverse(gap))
        return None

    def _sum_of_powers(self, p: int, size: Ratio) -> Ratio:
        terms = []
        for j in range(p + 1):
            c = Fraction((-1) ** j * comb(p + 1, j), p + 1) * _bernoulli(j)
            if c:
                terms.append(self.product(self.number(c), self.whole_power(size, p + 1 - j)))
        return self.total(terms)

    def _sum_atom(self, m: Monomial, under: Denominator, b: Expr, upper: int) -> Ratio:
        """Return a sum that stays a sum, named by its summand up to the names of its indices."""
        body = self._term_expr(m, under)
        binders: list[tuple[Expr, int]] = [(b, upper)]
        inner = [k for k, _ in self.exponents(m) if self.atoms[k].kind == "sum"]
        if len(inner) == 1 and self.exponent(m, inner[0]) == self.scale:
            # a sum within the sum: one sum over both indices, whose order does not matter
            parts, core = self.atoms[inner[0]].base
            fresh = [(self._index(f"_f{i}_{u}", u), u) for i, (_, u) in enumerate(parts)]
            core = _rename(core, [s for s, _ in parts], [s for s, _ in fresh])
            body = self._term_expr(m - (self.scale << (WIDTH * inner[0])), under) * core
            binders = [*fresh, (b, upper)]
        base = height(body)
        orders = [binders] if len(binders) > 3 else _orders(binders)
        first: tuple[Any, list[tuple[Expr, int]], Expr] | None = None
        for order in orders:
            names = [
                (self._index(f"_b{base + at + 1}_{u}", u), u) for at, (_, u) in enumerate(order)
            ]
            renamed = _rename(body, [s for s, _ in order], [s for s, _ in names])
            r = self.read(renamed)
            key = ("sum", r.top.key, r.under, tuple(u for _, u in names))
            if key in self.index:
                return Ratio(self.one_atom(self.index[key]))
            if first is None:
                first = (key, names, renamed)
        assert first is not None
        key, names, renamed = first
        r = self.read(renamed)
        positive = self.sign(r.top) == 1 and all(
            e % 2 == 0 or self.sign(self.under[k]) == 1 for k, e in r.under
        )
        bounds = [(s, S.One, self._upper_expr(u)) for s, u in names]
        total = Sum(renamed, *bounds)
        k = self.atom(
            key,
            lambda: Atom(
                "sum",
                lambda: total,
                positive=positive,
                vanishes=not (
                    self.never_zero(r.top)
                    and all(self.never_zero(self._upper_polynomial(u)) for _, u in names)
                ),
                free=frozenset(total.free_symbols),
                base=(names, renamed),
            ),
        )
        return Ratio(self.one_atom(k))

    def _upper_ratio(self, upper: int) -> Ratio:
        for (key, under), number in self.uppers.items():
            if number == upper:
                return Ratio(self.polynomial(dict(key)), under)
        raise KeyError(upper)

    def _upper_polynomial(self, upper: int) -> Polynomial:
        return self._upper_ratio(upper).top

    def _upper_expr(self, upper: int) -> Expr:
        return self.ratio_expr(self._upper_ratio(upper))

    def _off_sum(self, x: Expr) -> Ratio:
        f, l, n, excluded = x.args
        inner = {s for e in f.atoms(Sum, OffSum) for s in _binds(e)}
        if inner & excluded.free_symbols:
            raise Unsupported("an index left out that names an inner index")
        whole = self._sum_over(f, l, S.One, n)
        less = self.total(self.read(_put(f, l, e)) for e in excluded.args)
        return self.total([whole, self.negated(less)])


def _whole(r: Ratio) -> int | None:
    """Return the whole number that a ratio is, or None."""
    if r.under or not set(r.top.terms) <= {0}:
        return None
    c = r.top.terms.get(0, 0)
    return c.numerator if c.denominator == 1 else None


def _limits(limits: Any) -> tuple[Expr, Expr, Expr]:
    if len(limits) != 3:
        raise Unsupported("a sum without bounds")
    return limits[0], limits[1], limits[2]


def _binds(e: Any) -> list[Expr]:
    return [e.args[1]] if isinstance(e, OffSum) else list(e.bound_symbols)


def _put(f: Expr, l: Expr, value: Expr) -> Expr:
    """Replace an index; an inner sum over an index of the same name keeps its own."""
    try:
        if any(l in _binds(e) for e in f.atoms(Sum, OffSum)):
            if f.has(OffSum):
                raise Unsupported("an index that is bound twice")
            return f.subs(l, value)
        return f.xreplace({l: value})
    except (TypeError, ValueError) as error:  # SymPy, of a comparison of what is not real
        raise Unsupported(str(error)) from None


def _rename(f: Expr, old: list[Expr], new: list[Expr]) -> Expr:
    if old == new:
        return f
    return f.xreplace(dict(zip(old, new, strict=True)))


def _orders(binders: list[tuple[Expr, int]]) -> list[list[tuple[Expr, int]]]:
    from itertools import permutations

    return [list(p) for p in permutations(binders)]


def _bernoulli(j: int) -> Fraction:
    """Return the Bernoulli number B_j with B_1 = -1/2."""
    row = [Fraction(0)] * (j + 1)
    for i in range(j + 1):
        row[i] = Fraction(1, i + 1)
        for t in range(i, 0, -1):
            row[t - 1] = t * (row[t - 1] - row[t])
    return -row[0] if j == 1 else row[0]


# functions -------------------------------------------------------------------------------------


def _argument(self: Reader, x: Expr) -> Ratio:
    return self.read(x.args[0])


def _fraction_of_exponentials(
    top: tuple[int, int], bottom: tuple[int, int], imaginary: bool
) -> Any:
    """Return a reader of (a E + b) / (c E + d), where E = exp(2 x) or exp(2 i x)."""

    def read(self: Reader, x: Expr) -> Ratio:
        angle = self.product(self.number(2), _argument(self, x))
        if imaginary:
            angle = self.product(self.imaginary(), angle)
        e = self.exponential(angle)
        over = self.total([self.product(self.number(top[0]), e), self.number(top[1])])
        under = self.total([self.product(self.number(bottom[0]), e), self.number(bottom[1])])
        ratio = self.product(over, self.inverse(under))
        return self.product(self.negated(self.imaginary()), ratio) if imaginary else ratio

    return read


def _half_sum(s: int, imaginary: bool, inverted: bool) -> Any:
    """Return a reader of (E + s/E)/2, of sinh, cosh, sin, cos or their reciprocals."""

    def read(self: Reader, x: Expr) -> Ratio:
        angle = _argument(self, x)
        if imaginary:
            angle = self.product(self.imaginary(), angle)
        up, down = self.exponential(angle), self.exponential(self.negated(angle))
        total = self.total([up, self.product(self.number(s), down)])
        half = self.product(self.number(Fraction(1, 2)), total)
        if imaginary and s < 0:
            half = self.product(self.negated(self.imaginary()), half)
        return self.inverse(half) if inverted else half

    return read


def _abs(self: Reader, x: Expr) -> Ratio:
    return self.over_deltas(_argument(self, x), self.magnitude)


def _sign(self: Reader, x: Expr) -> Ratio:
    r = _argument(self, x)
    if not r.top.terms:
        return ZERO
    return self.number(self._sign_noting_edges(r))


def _heaviside(self: Reader, x: Expr) -> Ratio:
    r = _argument(self, x)
    if not r.top.terms:
        return self.read(x.args[1])
    s = self._sign_noting_edges(r)
    return self.read(x.args[1]) if s == 0 else ONE if s > 0 else ZERO


def _extreme(s: int) -> Any:
    def read(self: Reader, x: Expr) -> Ratio:
        first, *rest = [self.read(a) for a in x.args]
        for other in rest:
            first = self._larger(first, other, s)
        return first

    return read


def _piecewise(self: Reader, x: Expr) -> Ratio:
    for value, condition in x.args:
        if self.truth(condition):
            return self.read(value)
    raise Nowhere("no case of a piecewise function holds")


def _lambert(self: Reader, x: Expr) -> Ratio:
    if len(x.args) > 1:
        raise Unsupported("another branch of the Lambert function")
    r = self.cancelled(_argument(self, x))
    if self.deltas(r) or not r.top.terms:
        raise Unsupported("the Lambert function of a delta")
    k = self.atom(
        ("lambert", r.top.key, r.under),
        lambda: Atom(
            "lambert",
            lambda: x,
            positive=self.sign(r.top) == 1
            and all(self.sign(self.under[k]) == 1 for k, _ in r.under),
            vanishes=not self.never_zero(r.top),
            free=frozenset(x.free_symbols),
            base=r,
            numeric=bool(x.is_number),
        ),
    )
    return Ratio(self.one_atom(k))


def _gamma(self: Reader, argument: Ratio) -> Ratio:
    """Return gamma(z + k) = z (z + 1) ... (z + k - 1) gamma(z), with a constant of z in [0, 1)."""
    if argument.under or self.deltas(argument):
        raise Unsupported("the gamma function of a ratio")
    c = Fraction(argument.top.terms.get(0, 0))
    k = floor(c)
    if abs(k) > 60 or len(argument.top.terms) == (1 if c else 0):
        raise Unsupported("the gamma function of a number")
    z = self.total([argument, self.number(-k)])
    expr = gamma(self.ratio_expr(z))
    atom = self.atom(
        ("gamma", z.top.key),
        lambda: Atom("opaque", lambda: expr, positive=self.sign(z.top) == 1, free=self.free(z.top)),
    )
    result = Ratio(self.one_atom(atom))
    for i in range(abs(k)):
        step = self.total([z, self.number(i if k > 0 else -i - 1)])
        result = self.product(result, step if k > 0 else self.inverse(step))
    return result


def _factorial(self: Reader, x: Expr) -> Ratio:
    return _gamma(self, self.total([_argument(self, x), ONE]))


def _binomial(self: Reader, x: Expr) -> Ratio:
    n, k = (self.read(a) for a in x.args)
    rest = self.total([n, self.negated(k)])
    if not k.under and set(k.top.terms) <= {0}:
        count = Fraction(k.top.terms.get(0, 0))
        if count.denominator == 1 and 0 <= count <= 60:
            result = ONE
            for i in range(int(count)):
                step = self.total([n, self.number(-i)])
                result = self.product(result, step)
                result = self.product(result, self.number(Fraction(1, i + 1)))
            return result
    parts = [_gamma(self, self.total([r, ONE])) for r in (n, k, rest)]
    return self.product(parts[0], self.inverse(self.product(parts[1], parts[2])))


def _inverse_hyperbolic(kind: str) -> Any:
    def read(self: Reader, x: Expr) -> Ratio:
        r = _argument(self, x)
        if kind == "acoth":
            r = self.inverse(r)
        if kind in ("atanh", "acoth"):
            up = self.logarithm(self.total([ONE, r]))
            down = self.logarithm(self.total([ONE, self.negated(r)]))
            gap = self.total([up, self.negated(down)])
            return self.product(self.number(Fraction(1, 2)), gap)
        one = self.number(1 if kind == "asinh" else -1)
        root = self.rational_power(self.total([self.product(r, r), one]), Fraction(1, 2))
        return self.logarithm(self.total([r, root]))

    return read


def _norm(self: Reader, x: Expr) -> Ratio:
    inner = x.args[0]
    if not is_column(inner):
        raise Unsupported("a norm that is no root of a dot product")
    k = self.atom(
        Dot(inner, inner),
        lambda: Atom(
            "opaque",
            lambda: Dot(inner, inner),
            positive=True,
            vanishes=True,
            free=frozenset(x.free_symbols),
        ),
    )
    return Ratio(self.one_atom(k, Fraction(1, 2)))


def _dot(self: Reader, x: Expr) -> Ratio:
    k = self.atom(
        x,
        lambda: Atom(
            "opaque",
            lambda: x,
            positive=x.args[0] == x.args[1],
            vanishes=True,
            free=frozenset(x.free_symbols),
        ),
    )
    return Ratio(self.one_atom(k))


def _indexed(self: Reader, x: Expr) -> Ratio:
    k = self.atom(
        x,
        lambda: Atom(
            "symbol", lambda: x, bool(x.is_positive), is_real(x), frozenset(x.free_symbols)
        ),
    )
    return Ratio(self.one_atom(k))


def _constant(name: str) -> Any:
    def read(self: Reader, x: Expr) -> Ratio:
        k = self.atom(name, lambda: Atom(name, lambda: x, positive=True, numeric=True))
        return Ratio(self.one_atom(k))

    return read


READERS: dict[Any, Callable[[Reader, Expr], Ratio]] = {
    type(S.Exp1): lambda self, x: self.exponential(ONE),
    type(S.Pi): _constant("pi"),
    type(S.EulerGamma): _constant("gamma"),
    type(S.Catalan): _constant("catalan"),
    type(S.ImaginaryUnit): lambda self, x: self.imaginary(),
    type(S.GoldenRatio): lambda self, x: self.read(S.Half + Pow(5, S.Half) / 2),
    exp: lambda self, x: self._exp_of(x.args[0]),
    log: lambda self, x: self.logarithm(_argument(self, x)),
    Abs: _abs,
    sign: _sign,
    Heaviside: _heaviside,
    Max: _extreme(1),
    Min: _extreme(-1),
    Piecewise: _piecewise,
    KroneckerDelta: Reader._delta,
    Sum: Reader._sum,
    OffSum: Reader._off_sum,
    LambertW: _lambert,
    gamma: lambda self, x: _gamma(self, _argument(self, x)),
    factorial: _factorial,
    binomial: _binomial,
    Norm: _norm,
    Dot: _dot,
    Indexed: _indexed,
    erfc: lambda self, x: self.total([ONE, self.negated(self.read(erf(x.args[0])))]),
    hyperbolic.tanh: _fraction_of_exponentials((1, -1), (1, 1), False),
    hyperbolic.coth: _fraction_of_exponentials((1, 1), (1, -1), False),
    hyperbolic.sinh: _half_sum(-1, False, False),
    hyperbolic.cosh: _half_sum(1, False, False),
    hyperbolic.csch: _half_sum(-1, False, True),
    hyperbolic.sech: _half_sum(1, False, True),
    hyperbolic.asinh: _inverse_hyperbolic("asinh"),
    hyperbolic.acosh: _inverse_hyperbolic("acosh"),
    hyperbolic.atanh: _inverse_hyperbolic("atanh"),
    hyperbolic.acoth: _inverse_hyperbolic("acoth"),
    trigonometric.tan: _fraction_of_exponentials((1, -1), (1, 1), True),
    trigonometric.sin: _half_sum(-1, True, False),
    trigonometric.cos: _half_sum(1, True, False),
    trigonometric.cot: lambda self, x: self.product(
        _half_sum(1, True, False)(self, x), _half_sum(-1, True, True)(self, x)
    ),
    trigonometric.csc: _half_sum(-1, True, True),
    trigonometric.sec: _half_sum(1, True, True),
}

__all__ = ["NeedIndex", "Reader", "exact", "height"]
