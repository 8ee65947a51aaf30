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
from math import lcm
from typing import Any

from sympy import And, Eq, Expr, Indexed, Ne, Not, Rational, S, Sum, Symbol, isprime, sympify
from sympy.core.relational import (
    GreaterThan,
    LessThan,
    Relational,
    StrictGreaterThan,
    StrictLessThan,
)

from symattn.algebra.atoms import NeedIndex, Reader
from symattn.algebra.field import (
    WIDTH,
    Limits,
    Meter,
    Monomial,
    Nowhere,
    Number,
    Polynomial,
    Rescale,
    Unsupported,
    magnitude,
)
from symattn.algebra.kernels import Assume, NeedSign
from symattn.algebra.letters import OffSum
from symattn.algebra.separation import is_zero_number
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


@dataclass(frozen=True)
class _Case:
    left: Expr
    right: Expr
    signs: tuple[tuple[Expr, int], ...] = ()
    distinct: frozenset[frozenset[Expr]] = frozenset()
    same: tuple[Expr, ...] = ()  # equations that were put in
    nonzero: frozenset[Expr] = frozenset()  # what is given to be strictly of one sign, or not 0

    def with_sign(self, p: Expr, s: int) -> _Case:
        return replace(self, signs=(*self.signs, (p, s)))

    def with_distinct(self, i: Expr, j: Expr) -> _Case:
        return replace(self, distinct=self.distinct | {frozenset({i, j})})

    def excludes(self, p: Expr) -> bool:
        """Tell whether p = 0 contradicts what is given: p is a multiple of what is not zero."""
        for q in self.nonzero:
            ratio = (p / q).cancel() if p.free_symbols == q.free_symbols else S.Zero
            if ratio.is_Rational and ratio != 0:
                return True
        return False

    @property
    def conditions(self) -> tuple[Any, ...]:
        signs = [_compared(p, s) for p, s in self.signs]
        apart = [Ne(*sorted(pair, key=str)) for pair in self.distinct]
        return tuple(c for c in (*signs, *apart, *self.same) if isinstance(c, Relational))


@dataclass
class _Found:
    zero: bool | None
    vacuous: bool = False
    reader: Reader | None = None
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

    def run(self, first: _Case, depth: int = 0) -> bool | None:
        """Decide every case, and keep those that are not zero."""
        todo = [first]
        split = depth > 0
        zero = True
        inhabited = depth > 0
        edges: list[tuple[_Case, Expr]] = []
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

    def _told_apart(self, case: _Case, need: Exception) -> list[_Case]:
        """Return the cases that a question splits a case into; none when it was asked before."""
        if isinstance(need, NeedIndex):
            apart = case.with_distinct(need.i, need.j)
            if case.excludes(need.i - need.j):
                return [apart]
            merged = _merged(case, need.i, need.j)
            return [] if merged is None else [merged, apart]
        if isinstance(need, NeedSign):
            if any(p == need.of for p, _ in case.signs):
                return []
            return [case.with_sign(need.of, s) for s in (1, -1)]
        assert isinstance(need, Assume)
        condition = _compared(need.positive, 1)
        if condition is None or any(p == need.positive for p, _ in case.signs):
            return []
        self.domain[condition] = None
        return [case.with_sign(need.positive, 1)]

    def _left_out(self, case: _Case) -> None:
        """Record that a case is none: no point of it has a real value, or its index a place."""
        conditions = case.conditions
        if conditions:
            self.domain[Not(And(*conditions))] = None

    @staticmethod
    def _opened(case: _Case, found: _Found, *more: Any) -> Open:
        remainder = None
        if found.reader and found.numerator and len(found.numerator.terms) < 200:
            remainder = found.reader.expr(found.numerator)
        return Open((*case.conditions, *more), found.zero is False, remainder)

    def _on_edge(self, case: _Case, edge: Expr, depth: int) -> bool:
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
            put = _replaced(case, s, value)
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

    def one(self, case: _Case) -> _Found:
        """Decide one case, with a scale that all its exponents fit."""
        if case.left == case.right:
            return _Found(True)
        if not self.imaginary and has_complex(case.left, case.right):
            return _Found(None, True)  # a value put in has made a logarithm or a root imaginary
        for _ in range(8):
            try:
                reader = Reader(
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
                if not reader.never_zero(p):
                    self.domain[Ne(_facing(reader.expr(p)), 0)] = None
            edges = tuple(reader.edges)
            if not gap.top.terms:
                return _Found(True, False, reader, None, edges)
            zero = _decide(reader, gap.top)
            if reader.zeros:
                zero = reader.vanishes_here(gap.top) or None
            return _Found(zero, False, reader, gap.top, edges)
        return _Found(None)


def _compared(p: Expr, s: int) -> Expr | None:
    """Return p > 0, p < 0 or p = 0; None when SymPy finds that p is not real."""
    try:
        return p > 0 if s > 0 else p < 0 if s else Eq(p, 0, evaluate=False)
    except TypeError:
        return None


def _facing(p: Expr) -> Expr:
    """Return p or -p: the one that does not begin with a minus."""
    return -p if p.could_extract_minus_sign() else p


def _merged(case: _Case, i: Expr, j: Expr) -> _Case | None:
    """Return the case where two indices are equal."""
    for old, new in ((i, j), (j, i)):
        if old.is_Symbol:
            put = _replaced(case, old, new)
            if put is not None:
                return replace(put, same=(*case.same, Eq(old, new, evaluate=False)))
    return None


def _beyond_range(case: _Case, found: _Found, given: int) -> bool:
    """Tell whether a sign that was assumed puts an index of a delta beyond its sum's range."""
    conditions = found.reader.conditions if found.reader else ()
    return any(
        isinstance(c, LessThan) and (c.lhs - c.rhs - s * p).expand().is_zero
        for c in conditions
        for p, s in case.signs[given:]
        if s
    )


def _replaced(case: _Case, old: Expr, new: Expr) -> _Case | None:
    """Return the case with a symbol replaced; None when a sum binds one of the names."""
    names = old.free_symbols | new.free_symbols
    for x in (case.left, case.right):
        for e in of_kind((Sum, OffSum), x):
            bound = set(e.bound_symbols) if isinstance(e, Sum) else {e.args[1]}
            if names & bound:
                return None
    change = {old: new}
    try:
        distinct = frozenset(frozenset(e.xreplace(change) for e in pair) for pair in case.distinct)
        signs = [(p.xreplace(change), s) for p, s in case.signs]
        return _Case(
            case.left.xreplace(change),
            case.right.xreplace(change),
            tuple((p, s) for p, s in signs if p != 0),
            frozenset(pair for pair in distinct if len(pair) == 2),
            tuple(c.xreplace(change) for c in case.same),
            frozenset(p.xreplace(change) for p in case.nonzero) - {S.Zero},
        )
    except (TypeError, ValueError):  # SymPy, of a comparison that has no real value any more
        return None


# deciding a numerator that is not empty --------------------------------------------------------


def _decide(reader: Reader, p: Polynomial) -> bool | None:
    """Decide a numerator: its coefficients may be algebraic numbers that vanish after all."""
    groups: dict[Monomial, dict[Monomial, Number]] = {}
    for m, c in p.terms.items():
        numeric = 0
        for k, e in reader.exponents(m):
            atom = reader.atoms[k]
            if atom.kind == "root" and atom.numeric and _algebraic(reader, atom.base):
                numeric += e << (WIDTH * k)
        group = groups.setdefault(m - numeric, {})
        group[numeric] = c
    kept = []
    certain = False
    for m, group in groups.items():
        zero = _is_zero_group(reader, reader.polynomial(group))
        if zero:
            continue
        kept.append(m)
        certain = certain or zero is False
    if not kept:
        return True
    if not certain:
        return None
    if len(kept) == 1:
        atoms = [k for k, _ in reader.exponents(kept[0])]
        return False if all(_never_zero(reader, k) for k in atoms) else None
    return False if _independent(reader, kept) else None


def _never_zero(reader: Reader, k: int) -> bool:
    """Tell whether an atom certainly is not the zero function where it is real."""
    atom = reader.atoms[k]
    if atom.kind in {"symbol", "exp", "pi"}:
        return True
    if atom.kind in {"log", "root"}:
        inside = [reader.atoms[i].kind for i in reader.support(atom.base)]
        return {"symbol", "exp"}.issuperset(inside)
    return False


def _algebraic(reader: Reader, p: Polynomial) -> bool:
    return all(
        reader.atoms[k].kind == "root" and _algebraic(reader, reader.atoms[k].base)
        for k in reader.support(p)
    )


def _is_zero_group(reader: Reader, p: Polynomial) -> bool | None:
    """Decide a number over roots: roots of different primes are linearly independent."""
    bases = [reader.atoms[k].base for k in reader.support(p)]
    if all(len(b.terms) == 1 and 0 in b.terms for b in bases):
        if len(p.terms) == 1 or all(isprime(int(b.terms[0])) for b in bases):
            return False
    return is_zero_number(reader.expr(p))


def _independent(reader: Reader, monomials: Iterable[Monomial]) -> bool:
    """Tell whether the atoms are algebraically independent functions.

    By Ax's theorem exponentials and logarithms are, together with the symbols, when their
    exponents are linearly independent and their arguments multiplicatively so, modulo constants.
    """
    constants = 0
    logarithms: set[Any] = set()
    seen: set[int] = set()
    for m in monomials:
        seen.update(k for k, _ in reader.exponents(m))
    for k in seen:
        atom = reader.atoms[k]
        if atom.kind == "symbol":
            if not isinstance(atom.expr, Symbol):
                return False
            continue
        if atom.kind == "pi":
            constants += 1
        elif atom.kind == "exp":
            top, under = atom.base.top, atom.base.under
            if under or not _over_symbols(reader, top):
                return False
            if not reader.support(top):
                constants += 1
        elif atom.kind == "log":
            c, m, q = reader.primitive(atom.base)
            if not _over_symbols(reader, atom.base) or (q.key, m) in logarithms:
                return False
            logarithms.add((q.key, m))
            if not reader.support(atom.base):
                constants += 1
            elif magnitude(c) != 1 or not _irreducible(reader, m, q):
                return False
        else:
            return False
    return constants <= 1


def _irreducible(reader: Reader, m: Monomial, q: Polynomial) -> bool:
    exponents = reader.exponents(m)
    if len(q.terms) == 1:
        return len(exponents) == 1 and exponents[0][1] == reader.scale
    return not exponents and reader.factored(q) == [(q, 1)]


def _over_symbols(reader: Reader, p: Polynomial) -> bool:
    return all(
        reader.atoms[k].kind == "symbol" and isinstance(reader.atoms[k].expr, Symbol)
        for k in reader.support(p)
    )


# what is called --------------------------------------------------------------------------------


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
    case = _with_given(_Case(left, right), given)
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


def _with_given(case: _Case, given: Iterable[Any]) -> _Case | None:
    """Return the case with what is given; a sign says >= 0, and `nonzero` that it is strict."""
    signs = list(case.signs)
    distinct = set(case.distinct)
    nonzero = set(case.nonzero)
    equations = []
    for relation in given:
        if relation is S.false:
            return None
        if isinstance(relation, Eq):
            equations.append(relation)
        if not isinstance(relation, Relational) or isinstance(relation, Eq):
            continue
        gap = relation.lhs - relation.rhs
        if isinstance(relation, Ne):
            distinct.add(frozenset({relation.lhs, relation.rhs}))
        elif isinstance(relation, (StrictGreaterThan, GreaterThan)):
            signs.append((gap, 1))
        elif isinstance(relation, (StrictLessThan, LessThan)):
            signs.append((-gap, 1))
        if isinstance(relation, (Ne, StrictGreaterThan, StrictLessThan)):
            nonzero.add(gap)
    case = replace(
        case, signs=tuple(signs), distinct=frozenset(distinct), nonzero=frozenset(nonzero)
    )
    for relation in equations:
        if relation.lhs.is_Symbol:
            put = _replaced(case, relation.lhs, relation.rhs)
            if put is None:
                return None
            case = put
    return case
