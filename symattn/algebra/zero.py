"""The exact zero test for scalars: is an expression identically zero?

The expression is put over atoms (symbols, exponentials of linearly independent exponents,
logarithms of irreducible factors, roots, deltas, sums) as a ratio of sparse polynomials; an empty
numerator is a proof.  Signs and equal indices that decide are told apart, case by case.

Guarantee.  `decided` is True only if the expression is zero at every real point, within the
assumptions on the symbols and the stated domain, where each of its logarithms has a positive
argument and each of its roots a non-negative one.  It is False only if it is not zero at some
such point.  Else it is None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import lcm
from typing import Any

from sympy import And, Eq, Expr, Indexed, Ne, Not, Rational, S, Symbol, sympify
from sympy.core.relational import (
    LessThan,
)

from symattn.algebra.atoms import field_for
from symattn.algebra.casework import Branch, compared, merged, replaced, with_given
from symattn.algebra.conditions import NeedIndex
from symattn.algebra.field import Field
from symattn.algebra.independence import decide_numerator
from symattn.algebra.polynomial_signs import Assume, NeedSign, never_zero, vanishes_here
from symattn.algebra.polynomials import (
    Limits,
    Meter,
    Nowhere,
    Polynomial,
    Rescale,
    Unsupported,
)
from symattn.algebra.symbols import guard, has_complex, of_kind
from symattn.errors import BudgetExceeded

__all__ = ["Limits", "Open", "ZeroTest", "is_zero", "zero_test"]


@dataclass(frozen=True)
class Open:
    """A case that was not found zero.

    conditions : the signs and distinct indices that make the case; none when nothing was split.
    certain : whether the difference certainly is not zero there, if the case can occur.
    remainder : a numerator of the difference there, free of cancellation; None when it is long.
    """

    conditions: tuple[Any, ...] = ()
    certain: bool = False
    remainder: Expr | None = None


@dataclass(frozen=True)
class ZeroTest:
    """What the exact test found.

    decided : True for identically zero, False for certainly not, None for not known.
    domain : the conditions under which that holds: excluded poles, positive arguments, indices
        in range.
    open : the cases that were not found zero.
    """

    decided: bool | None
    domain: tuple[Expr, ...] = ()
    open: tuple[Open, ...] = ()


@dataclass
class _Found:
    zero: bool | None
    vacuous: bool = False
    reader: Field | None = None
    numerator: Polynomial | None = None
    edges: tuple[Expr, ...] = ()


@dataclass
class _Search:
    meter: Meter
    common: bool
    imaginary: bool
    scale: int
    cases: int = 0
    domain: dict[Expr, None] = field(default_factory=dict)
    open: list[Open] = field(default_factory=list)

    def run(self, first: Branch, depth: int = 0) -> bool | None:
        """Decide every case, and keep those that are not zero."""
        todo = [first]
        split = depth > 0
        zero = True
        inhabited = depth > 0
        edges: list[tuple[Branch, Expr]] = []
        while todo:
            case = todo.pop()
            self.cases += 1
            if self.cases > self.meter.limits.cases:
                raise BudgetExceeded("too many signs decide", "declare which symbols are positive")
            try:
                found = self.one(case)
            except (NeedSign, Assume, NeedIndex) as need:
                split = split or not isinstance(need, Assume)
                cases = self._told_apart(case, need)
                if not cases:
                    zero = False
                    self.open.append(Open(case.conditions))
                todo += cases
                continue
            if split and (found.vacuous or _beyond_range(case, found, len(first.signs))):
                self._left_out(case)
                continue
            if found.zero:
                inhabited = True
                edges += [(case, edge) for edge in found.edges]
                continue
            self.open.append(self._opened(case, found))
            if not split:
                return found.zero
            zero = False
        for case, edge in edges:
            zero = self._on_edge(case, edge, depth) and zero
        return True if zero and inhabited else None

    def _told_apart(self, case: Branch, need: Exception) -> list[Branch]:
        """Return the cases that a question splits a case into; none when it was asked before."""
        if isinstance(need, NeedIndex):
            apart = case.with_distinct(need.i, need.j)
            if case.excludes(need.i - need.j):
                return [apart]
            same = merged(case, need.i, need.j)
            return [] if same is None else [same, apart]
        if isinstance(need, NeedSign):
            if any(p == need.of for p, _ in case.signs):
                return []
            # The assumptions on a letter may exclude a sign: n - 1 of a whole positive n.
            possible = [s for s in (1, -1) if compared(need.of, s) is not S.false]
            return [case.with_sign(need.of, s) for s in possible]
        assert isinstance(need, Assume)
        condition = compared(need.positive, 1)
        if condition in (None, S.false) or any(p == need.positive for p, _ in case.signs):
            return []
        self.domain[condition] = None
        return [case.with_sign(need.positive, 1)]

    def _left_out(self, case: Branch) -> None:
        """Record that a case is none: no point of it has a real value, or its index a place."""
        conditions = case.conditions
        if conditions:
            self.domain[Not(And(*conditions))] = None

    @staticmethod
    def _opened(case: Branch, found: _Found, *more: Any) -> Open:
        remainder = None
        if found.reader and found.numerator and len(found.numerator.terms) < 200:
            remainder = found.reader.expr(found.numerator)
        return Open((*case.conditions, *more), found.zero is False, remainder)

    def _on_edge(self, case: Branch, edge: Expr, depth: int) -> bool:
        """Test the case where a factor, at whose zero a sign or a branch changes, is zero."""
        if case.excludes(edge):
            return True
        signs = tuple((p, s) for p, s in case.signs if p not in (edge, -edge))
        case = replace(case, signs=signs)
        conditions = (*case.conditions, Eq(edge, 0, evaluate=False))
        if depth > 2:
            self.open.append(Open(conditions))
            return False
        on_edge = case.with_sign(edge, 0)
        for s in sorted(of_kind((Symbol, Indexed), edge), key=str):
            slope = edge.diff(s) if s in edge.free_symbols or isinstance(s, Indexed) else S.Zero
            if not slope.is_Rational or slope == 0:
                continue
            value = (s - edge / slope).expand()
            if (s.is_positive and value.is_nonpositive) or (s.is_negative and value.is_nonnegative):
                return True
            put = replaced(case, s, value)
            if put is not None:
                on_edge = put
                break
        before = len(self.open)
        if self.run(on_edge, depth + 1):
            return True
        for k in range(before, len(self.open)):
            inner = self.open[k]
            more = [c for c in inner.conditions if c not in conditions]
            self.open[k] = Open((*conditions, *more), inner.certain)
        return False

    def one(self, case: Branch) -> _Found:
        """Decide one case, with a scale that all its exponents fit."""
        if case.left == case.right:
            return _Found(True)
        if not self.imaginary and has_complex(case.left, case.right):
            return _Found(None, True)  # a value put in has made a logarithm or a root imaginary
        for _ in range(8):
            try:
                reader = field_for(
                    self.meter,
                    self.scale,
                    case.signs,
                    case.distinct,
                    self.common,
                    self.imaginary,
                )
                left, right = reader.read(case.left), reader.read(case.right)
                gap = reader.total([left, reader.negated(right)])
            except Rescale as need:
                self.scale = need.scale
                continue
            except Nowhere:
                return _Found(None, True)
            except Unsupported:
                return _Found(None)
            for condition in reader.conditions:
                self.domain[condition] = None
            for p in reader.poles.values():
                if not never_zero(reader, p):
                    self.domain[Ne(_facing(reader.expr(p)), 0)] = None
            edges = tuple(reader.edges)
            if not gap.top.terms:
                return _Found(True, False, reader, None, edges)
            zero = decide_numerator(reader, gap.top)
            if reader.zeros:
                zero = vanishes_here(reader, gap.top) or None
            return _Found(zero, False, reader, gap.top, edges)
        return _Found(None)


def _facing(p: Expr) -> Expr:
    """Return p or -p: the one that does not begin with a minus."""
    return -p if p.could_extract_minus_sign() else p


def _beyond_range(case: Branch, found: _Found, given: int) -> bool:
    """Tell whether a sign that was assumed puts an index of a delta beyond its sum's range."""
    conditions = found.reader.conditions if found.reader else ()
    return any(
        isinstance(c, LessThan) and (c.lhs - c.rhs - s * p).expand().is_zero
        for c in conditions
        for p, s in case.signs[given:]
        if s
    )


def zero_test(
    x: Any,
    given: Iterable[Any] = (),
    *,
    minus: Any = 0,
    common: bool = False,
    limits: Limits | None = None,
) -> ZeroTest:
    """Decide whether a commutative expression is identically zero.

    Parameters
    ----------
    x, minus : the expression, and one to subtract from it (SymPy never forms the difference).
    given : SymPy relations: `Ne(i, j)` for indices, `x > 0`, `Eq(x, ...)`; others are left out.
    common : take the arguments of all logarithms and roots for positive, and say so in `domain`;
        the identity is then proved where both sides are defined, though one may be defined on more.
    limits : what the test may use.

    Raises
    ------
    BudgetExceeded : when it would use more.

    >>> from sympy import symbols, exp, tanh, log
    >>> x, y = symbols("x y", real=True)
    >>> zero_test(tanh(x), minus=(exp(2*x) - 1) / (exp(2*x) + 1)).decided
    True
    >>> zero_test(exp(-50) - exp(-60)).decided
    False
    >>> zero_test((x**2 - y**2) / (x - y) - x - y)
    ZeroTest(decided=True, domain=(Ne(x - y, 0),), open=())
    >>> zero_test(log(x * y) - log(x) - log(y)).decided is None
    True
    >>> zero_test(log(x * y) - log(x) - log(y), common=True).domain
    (x > 0, y > 0)
    """
    left, right = sympify(x), sympify(minus)
    if left.is_commutative is False or right.is_commutative is False:
        return ZeroTest(None)
    guard(left, right)
    return _tested(left, right, tuple(given), common, limits)


@lru_cache(maxsize=1000)
def _tested(
    left: Expr, right: Expr, given: tuple[Any, ...], common: bool, limits: Limits | None
) -> ZeroTest:
    case = with_given(Branch(left, right), given)
    if case is None:
        return ZeroTest(None)
    meter = Meter(limits or Limits())
    imaginary = has_complex(left, right)
    search = _Search(meter, common, imaginary, _scale(left, right))
    try:
        decided = search.run(case)
    except RecursionError:
        raise BudgetExceeded("the expression is nested too deeply") from None
    domain = tuple(sorted(search.domain, key=str)) if decided else ()
    return ZeroTest(decided, domain, () if decided else tuple(search.open))


def is_zero(x: Any, given: Iterable[Any] = ()) -> bool | None:
    """Return True, False or None for an expression that is, is not, or may be identically zero.

    >>> from sympy import sqrt
    >>> is_zero(sqrt(2) * sqrt(3) - sqrt(6)), is_zero(sqrt(2) + sqrt(3) - 3)
    (True, False)
    """
    try:
        return zero_test(x, given).decided
    except BudgetExceeded:
        return None


def _scale(*expressions: Expr) -> int:
    """Return a first scale: a common denominator of the small fractions that occur."""
    scale = 2
    for x in expressions:
        for r in of_kind(Rational, x):
            if r.q <= 16 and scale * r.q <= 1 << 12:
                scale = lcm(scale, int(r.q))
    return scale
