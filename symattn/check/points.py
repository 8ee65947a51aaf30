"""Points that certainly separate two scalar expressions, and how far they agree where none does.

Every value is an interval that holds the true one (`symattn.algebra.enclosure`), so a separation
is certain; where the intervals meet, the precision is raised until the difference either stays or
vanishes.  A point counts only where both sides are finite and real.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

from mpmath.libmp import (
    fzero,
    mpf_abs,
    mpf_add,
    mpf_cmp,
    mpf_div,
    mpf_shift,
    mpi_abs,
    mpi_sub,
    round_ceiling,
    round_nearest,
    to_float,
    to_str,
)
from sympy import (
    Abs,
    Expr,
    Heaviside,
    Indexed,
    Max,
    Min,
    Ne,
    Piecewise,
    Product,
    Rational,
    Sum,
    Symbol,
    sign,
)
from sympy.core.numbers import ImaginaryUnit
from sympy.core.relational import Relational
from sympy.core.sorting import default_sort_key

from symattn.algebra.enclosure import (
    CannotEvaluate,
    Enclosure,
    Interval,
    NotReal,
    Unsure,
    contains_zero,
)
from symattn.algebra.letters import OffSum
from symattn.algebra.symbols import indices, of_kind
from symattn.check.verdict import Counterexample

SIZES = (3, 2, 5, 8)
FAMILY_SCALES = (1, 1, 1, 32, 1, 1, Fraction(1, 256))
FAMILY_SIGNS = (0, 0, 1, 0, -1)
FIRST_PRECISION = 64
LADDER = ((256, 12), (1024, 4), (4096, 2), (16384, 1))
AGREEMENT_PRECISION = 192
MINIMUM = 40
MISSES = 600
IN_CASE = 6
CASE_POINTS = 400
TOLERANCE = Fraction(1, 10**20)


class Point(dict[Any, Fraction]):
    """A value for each symbol; the turn at which it was drawn says what its families hold."""

    def __init__(self, values: Mapping[Any, Fraction], turn: int = 0) -> None:
        super().__init__(values)
        self.turn = turn

    def moved(self, s: Any, value: Fraction) -> Point:
        """Return the point with one value changed and the same families."""
        return Point({**self, s: value}, self.turn)


@dataclass(frozen=True)
class Agreement:
    """How two expressions compare at the points tried.

    valid : the points where both sides were finite, real, and agreed.
    error : the largest relative difference that the enclosures leave open there.
    left_only, right_only : the points where only that side had a real value.
    failed : the points that could not be evaluated, or not sharply enough.
    sizes : the values that upper bounds of sums took.
    """

    valid: int
    error: float
    left_only: int = 0
    right_only: int = 0
    neither: int = 0
    failed: int = 0
    sizes: tuple[int, ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Sides:
    """What two expressions are at one point: an interval, or None where there is no real value."""

    left: Interval | None
    right: Interval | None
    proved: bool = True


class Sampler:
    """Points for two expressions: simple ones first, then both signs and many scales.

    given : relations that every point must meet; `Ne(i, j)` keeps two indices apart.
    seed : the same seed gives the same points.
    """

    def __init__(self, a: Expr, b: Expr, given: Iterable[Any] = (), seed: int = 0) -> None:
        self.seed = seed
        self.given = [g for g in given if isinstance(g, Relational)]
        expressions = (a, b, *self.given)
        self.families = {e.base for x in expressions for e in of_kind(Indexed, x)}
        labels = {base.label for base in self.families}
        free = set().union(*(x.free_symbols for x in expressions))
        self.symbols = sorted(
            (s for s in free if isinstance(s, Symbol) and s not in labels), key=default_sort_key
        )
        self.positive_families = {str(base) for base in self.families if base.label.is_positive}
        counting = indices(*expressions)
        self.bounds = [s for s in self.symbols if s in _upper_bounds(expressions)]
        self.places = [
            s for s in self.symbols if s in counting and s not in self.bounds and s.is_integer
        ]
        self.rest = [s for s in self.symbols if s not in self.bounds and s not in self.places]
        self.kinks = _kinks((a, b))
        self.apart = {frozenset({g.lhs, g.rhs}) for g in self.given if isinstance(g, Ne)}

    def family(self, turn: int, name: str, at: tuple[int, ...]) -> Fraction:
        """Return the entry of a family at a turn: a dyadic number that depends on the seed only.

        The turns go through mixed signs and one sign throughout, and through the scales.
        """
        rng = random.Random(f"{self.seed}:{turn}:{name}:{at}")
        value = Fraction(rng.randint(1, 48), 16) * rng.choice((1, 1, 1, 4, Fraction(1, 16)))
        value *= FAMILY_SCALES[turn % len(FAMILY_SCALES)]
        sign = FAMILY_SIGNS[turn % len(FAMILY_SIGNS)] or rng.choice((1, -1))
        return value if name in self.positive_families else sign * value

    def enclosure(self, point: Point, precision: int) -> Enclosure:
        """Return what evaluates expressions at a point."""
        return Enclosure(point, precision, partial(self.family, point.turn))

    def points(self) -> Iterator[Point]:
        """Return points without end, or the only one when there is nothing to choose.

        They end when hundreds in a row do not meet what is given.
        """
        rng = random.Random(self.seed)
        if not self.symbols and not self.families:
            yield Point({})
            return
        turn = missed = 0
        while missed < MISSES:
            point = self._point(turn, rng)
            turn += 1
            missed += 1
            if self._meets(point):
                missed = 0
                yield point
                if self.kinks and turn in (2, 5, 9, 14):
                    yield from self.around(self.kinks, point)

    def _point(self, turn: int, rng: random.Random) -> Point:
        point = Point({}, turn)
        for place, s in enumerate(self.bounds):
            shift = place * (1 + turn // len(SIZES))  # bounds meet only now and then
            point[s] = Fraction(SIZES[(turn + shift) % len(SIZES)])
        if self.places:
            top = min((int(point[s]) for s in self.bounds), default=9)
            together = turn % 7 == 6 and not self.apart
            if together or top < len(self.places):
                chosen = [rng.randint(1, top) for _ in self.places]
                if together:
                    chosen = [chosen[0]] * len(self.places)
            else:
                chosen = rng.sample(range(1, top + 1), len(self.places))
            point.update(zip(self.places, map(Fraction, chosen), strict=True))
        for place, s in enumerate(self.rest):
            point[s] = _admissible(s, _number(turn, place, rng, bool(s.is_integer)))
        return point

    def _meets(self, point: Point) -> bool:
        at = self.enclosure(point, FIRST_PRECISION)
        try:
            return all(at.truth(g) for g in self.given)
        except (NotReal, Unsure, CannotEvaluate):
            return False

    def around(self, kinks: Iterable[Expr], point: Point) -> Iterator[Point]:
        """Return points on and next to the zeros of expressions that are linear in a symbol."""
        at = self.enclosure(point, FIRST_PRECISION)
        found = 0
        for s in self.rest:
            if s.is_integer:
                continue
            edges: set[Fraction] = set()
            for kink in kinks:
                slope = kink.diff(s)
                if not slope.is_Rational or slope == 0:
                    continue
                try:
                    value = at.value(kink)
                except (NotReal, Unsure, CannotEvaluate):
                    continue
                if isinstance(value, Fraction):
                    edges.add(point[s] - value / Fraction(int(slope.p), int(slope.q)))
            ordered = sorted(edges)
            near = [(a + b) / 2 for a, b in pairwise(ordered)]
            step = Fraction(1, 1 << 20)
            for edge in ordered:
                near += [edge, edge - step, edge + step, edge - 1, edge + 1]
            for value in near:
                if _fits(s, value):
                    moved = point.moved(s, value)
                    if self._meets(moved):
                        found += 1
                        yield moved
                if found > 60:
                    return


def _upper_bounds(expressions: Iterable[Any]) -> set[Any]:
    found: set[Any] = set()
    for x in expressions:
        for e in of_kind((Sum, Product), x):
            for limit in e.limits:
                for end in limit[1:]:
                    found |= end.free_symbols
            found -= set(e.bound_symbols)
        for e in of_kind(OffSum, x):
            found |= e.args[2].free_symbols
    return found


def _kinks(expressions: Iterable[Expr]) -> list[Expr]:
    """Return the expressions at whose zeros something jumps or bends."""
    found: set[Expr] = set()
    for x in expressions:
        for e in of_kind((Abs, sign, Heaviside), x):
            found.add(e.args[0])
        for e in of_kind((Max, Min), x):
            arguments = e.args
            found.update(a - b for n, a in enumerate(arguments) for b in arguments[n + 1 :])
        for e in of_kind(Piecewise, x):
            for relation in of_kind(Relational, e):
                found.add(relation.lhs - relation.rhs)
    return sorted(found, key=default_sort_key)[:40]


SIMPLE = tuple(Fraction(p, q) for p, q in ((2, 1), (3, 1), (1, 2), (5, 1), (3, 2), (1, 4), (7, 1)))
WHOLE = (2, 3, 5, 1, 4, 7, 6, 10, 0, 9)


def _number(turn: int, place: int, rng: random.Random, whole: bool) -> Fraction:
    """Return the value of the symbol at a place in the turn-th point."""
    if whole:
        magnitude = Fraction(WHOLE[(turn + 3 * place) % len(WHOLE)])
        return -magnitude if (turn + place) % 3 == 2 else magnitude
    if turn < 3:
        value = SIMPLE[(place + 2 * turn) % len(SIMPLE)] + place // len(SIMPLE)
        if turn == 2 or (turn == 1 and place % 2 == 0):
            value = -value
        return value
    kind = turn % 8
    value = Fraction(rng.randint(1, 255), 128)
    if kind in (0, 1, 6):
        pass
    elif kind == 2:  # tiny
        value /= 1 << rng.randint(6, 10)
    elif kind == 3:  # large
        value *= 1 << rng.randint(4, 9)
    elif kind == 4:  # each symbol its own scale
        value *= Fraction(2) ** rng.randint(-10, 9)
    elif kind == 5:  # near one
        value = 1 + value / 64
    else:
        value *= 4
    negative = rng.random() < 0.5 if kind not in (1, 6) else kind == 6
    return -value if negative else value


def _admissible(s: Any, value: Fraction) -> Fraction:
    if s.is_nonnegative:
        value = abs(value)
        if s.is_positive and value == 0:
            value = Fraction(1)
    elif s.is_nonpositive:
        value = -abs(value)
        if s.is_negative and value == 0:
            value = Fraction(-1)
    elif s.is_nonzero and value == 0:
        value = Fraction(1)
    if s.is_even or s.is_odd:
        value = 2 * value + (1 if s.is_odd else 0)
    return value


def _fits(s: Any, value: Fraction) -> bool:
    return not (
        (s.is_positive and value <= 0)
        or (s.is_negative and value >= 0)
        or (s.is_nonnegative and value < 0)
        or (s.is_nonpositive and value > 0)
    )


def sides(sampler: Sampler, a: Expr, b: Expr, point: Point, precision: int) -> Sides | None:
    """Return both values at a point; None when that cannot be told at this precision."""
    at = sampler.enclosure(point, precision)
    values: list[Interval | None] = []
    for x in (a, b):
        try:
            values.append(at.interval(x))
        except NotReal:
            values.append(None)
        except (Unsure, CannotEvaluate):
            return None
    return Sides(values[0], values[1], at.proved)


def separated(both: Sides, precision: int) -> bool:
    """Tell whether the two values certainly differ."""
    if both.left is None or both.right is None:
        return False
    return not contains_zero(mpi_sub(both.left, both.right, precision))


@dataclass
class Comparison:
    """One comparison of two expressions: the points that were tried, and what they showed.

    met : the points where both sides have a real value and do not certainly differ.
    proved : whether every value so far lies in an interval that was proved.
    """

    a: Expr
    b: Expr
    given: Sequence[Any] = ()
    seed: int = 0
    seconds: float = 5.0
    sampler: Sampler = field(init=False)
    met: list[Point] = field(init=False, default_factory=list)
    left_only: list[Point] = field(init=False, default_factory=list)
    right_only: list[Point] = field(init=False, default_factory=list)
    neither: int = field(init=False, default=0)
    failed: int = field(init=False, default=0)
    tried: int = field(init=False, default=0)
    proved: bool = field(init=False, default=True)

    def __post_init__(self) -> None:
        self.sampler = Sampler(self.a, self.b, self.given, self.seed)
        self._stream = self.sampler.points()
        self.deadline = time.monotonic() + self.seconds

    @property
    def late(self) -> bool:
        return time.monotonic() > self.deadline

    def quick(self, wanted: int = 3, most: int = 24) -> Counterexample | None:
        """Look for a separating point at low precision until enough points are valid."""
        if of_kind(ImaginaryUnit, self.a, self.b):
            return None
        for _ in range(most):
            point = next(self._stream, None)
            if point is None or self.late:
                break
            self.tried += 1
            found = self._try(point)
            if found is not None:
                return found
            if len(self.met) >= wanted:
                break
        return None

    def _try(self, point: Point) -> Counterexample | None:
        for precision in (FIRST_PRECISION, 256):
            both = sides(self.sampler, self.a, self.b, point, precision)
            if both is not None:
                break
        self.proved = self.proved and (both is None or both.proved)
        if both is None:
            self.failed += 1
        elif both.left is None and both.right is None:
            self.neither += 1
        elif both.right is None:
            self.left_only.append(point)
        elif both.left is None:
            self.right_only.append(point)
        elif separated(both, precision) and self._stays(point, both, precision):
            return self._shown(point, both)
        else:
            self.met.append(point)
        return None

    def _stays(self, point: Point, both: Sides, precision: int) -> bool:
        """Tell whether a separation stays at a higher precision, where no bound proves it."""
        if both.proved:
            return True
        again = sides(self.sampler, self.a, self.b, point, 2 * precision)
        return again is not None and separated(again, 2 * precision)

    def thorough(self) -> Counterexample | None:
        """Try more points, and then raise the precision at those that did not separate."""
        if of_kind(ImaginaryUnit, self.a, self.b):
            return _complex_separation(self)
        found = self.quick(wanted=MINIMUM + 8, most=200)
        if found is not None:
            return found
        longest = max((_bits(x) for x in (self.a, self.b)), default=0)
        for precision, count in LADDER:
            if precision > 1024 and not self.proved:
                break
            for point in self.met[:count]:
                if self.late:
                    return None
                bits = precision + 2 * longest
                both = sides(self.sampler, self.a, self.b, point, bits)
                if both is None or not separated(both, bits):
                    continue
                if self._stays(point, both, bits):
                    return self._shown(point, both)
        return None

    def in_case(self, case: Sequence[Any], remainder: Expr | None) -> Counterexample | bool:
        """Look for points where the conditions of a case hold, and compare the sides there.

        Returns a separating point, or whether the sides agree at enough points of the case.

        remainder : the numerator of the difference in that case, in a form that is free of
            cancellation: it separates where the sides themselves are too close, or too large.
        """
        valid = 0
        for point in self._points_of(case):
            if self.late or valid == IN_CASE:
                break
            before = len(self.met)
            found = self._try(point) if case else None
            if found is None and remainder is not None and (not case or len(self.met) > before):
                found = self._by_remainder(remainder, point)
            if found is not None:
                return found
            valid += not case or len(self.met) > before
        return valid == IN_CASE

    def _points_of(self, case: Sequence[Any]) -> Iterator[Point]:
        if not case:
            yield from self.met[:IN_CASE]
            return
        edges = [c.lhs - c.rhs for c in case]
        stream = self.sampler.points()
        for _ in range(CASE_POINTS):
            point = next(stream, None)
            if point is None:
                return
            if self._meets(point, case):
                yield point
        for point in self.met[:6]:
            for near in self.sampler.around(edges, point):
                if self._meets(near, case):
                    yield near

    def _by_remainder(self, remainder: Expr, point: Point) -> Counterexample | None:
        for precision in (FIRST_PRECISION, 256):
            at = self.sampler.enclosure(point, precision)
            try:
                value = at.interval(remainder)
            except (NotReal, Unsure, CannotEvaluate):
                continue
            if at.proved and not contains_zero(value):
                low = mpi_abs(value, precision)[0]
                size = low[2] + low[3]
                note = f"; their difference is not zero, its numerator about 2**{size}"
                return self._counterexample(point, precision, note)
        return None

    def _meets(self, point: Point, case: Sequence[Any]) -> bool:
        at = self.sampler.enclosure(point, FIRST_PRECISION)
        try:
            return all(at.truth(c) for c in case)
        except (NotReal, Unsure, CannotEvaluate):
            return False

    def only_apart(self) -> Counterexample | None:
        """Return a point that shows that the two sides are nowhere defined together."""
        if self.met or self.failed or not (self.left_only or self.right_only):
            return None
        apart = len(self.left_only) + len(self.right_only)
        if self.sampler.symbols and apart < MINIMUM:
            return None
        on_left = bool(self.left_only)
        point = (self.left_only or self.right_only)[0]
        both = sides(self.sampler, self.a, self.b, point, 256)
        if both is None:
            return None
        missing = "right" if on_left else "left"
        return Counterexample(
            _instance(self, point),
            "undefined" if both.left is None else _number_text(both.left[0], 17),
            "undefined" if both.right is None else _number_text(both.right[0], 17),
            f"{_where(point)}the {missing} side has no real value, nor at any point where the "
            "other side has one",
        )

    def agree(self, minimum: int = MINIMUM) -> Agreement:
        """Measure how far the sides agree at the points where both are real."""
        valid, worst = 0, Fraction(0)
        sizes: set[int] = set()
        failed = self.failed
        for point in self.met:
            if self.late:
                break
            error = self._error(point)
            if error is None or error > TOLERANCE:
                failed += 1
                continue
            valid += 1
            worst = max(worst, error)
            sizes.update(int(point[s]) for s in self.sampler.bounds)
        return Agreement(
            valid,
            float(worst),
            len(self.left_only),
            len(self.right_only),
            self.neither,
            failed,
            tuple(sorted(sizes)),
            self.seed,
        )

    def _error(self, point: Point) -> Fraction | None:
        """Return an upper bound of the relative difference; None when a value is not sharp."""
        for precision in (AGREEMENT_PRECISION, 4 * AGREEMENT_PRECISION):
            both = sides(self.sampler, self.a, self.b, point, precision)
            if both is None or both.left is None or both.right is None:
                continue
            gap = mpi_abs(mpi_sub(both.left, both.right, precision), precision)[1]
            if gap == fzero:
                return Fraction(0)
            lows = [mpi_abs(v, precision)[0] for v in (both.left, both.right)]
            low = lows[0] if mpf_cmp(lows[0], lows[1]) > 0 else lows[1]
            if low == fzero:
                continue
            ratio = mpf_div(gap, low, 53, round_ceiling)
            if ratio[2] + ratio[3] < -4000:
                return Fraction(1, 1 << 1000)
            error = Fraction(to_float(ratio)) if ratio[2] + ratio[3] < 900 else Fraction(1)
            if error <= TOLERANCE:
                return error
        return None

    def _counterexample(
        self, point: Point, precision: int, note: str = ""
    ) -> Counterexample | None:
        both = sides(self.sampler, self.a, self.b, point, precision)
        while both is None and precision < 1 << 14:
            precision *= 4
            both = sides(self.sampler, self.a, self.b, point, precision)
        return None if both is None else self._shown(point, both, note)

    def _shown(self, point: Point, both: Sides, note: str = "") -> Counterexample | None:
        if both.left is None or both.right is None:
            return None
        left, right, gap = show(both.left, both.right)
        return Counterexample(
            _instance(self, point),
            left,
            right,
            f"{_where(point)}the left side is {left}, the right side {right}{note or gap}",
        )


def _bits(x: Expr) -> int:
    return max(
        (int(r.p).bit_length() + int(r.q).bit_length() for r in of_kind(Rational, x)), default=0
    )


def _instance(comparison: Comparison, point: Point) -> dict[str, Any]:
    found: dict[str, Any] = {str(s): plain(v) for s, v in point.items()}
    size = max((int(point[s]) for s in comparison.sampler.bounds), default=0)
    names = {
        (str(e.base), len(e.indices))
        for x in (comparison.a, comparison.b)
        for e in of_kind(Indexed, x)
    }
    for name, rank in sorted(names):
        if rank == 1:
            count = max([size, *(int(point[s]) for s in comparison.sampler.places)])
            family = comparison.sampler.family
            found[name] = [plain(family(point.turn, name, (t,))) for t in range(1, count + 1)]
    return found


def _where(point: Point) -> str:
    if not point:
        return ""
    return "at " + ", ".join(f"{s} = {v}" for s, v in point.items()) + ": "


def plain(v: Fraction) -> int | float | str:
    """Return a fraction as JSON can hold it exactly.

    >>> plain(Fraction(3)), plain(Fraction(1, 4)), plain(Fraction(1, 3))
    (3, 0.25, '1/3')
    """
    if v.denominator == 1:
        return v.numerator
    return float(v) if Fraction(float(v)) == v else str(v)


def show(left: Interval, right: Interval) -> tuple[Any, Any, str]:
    """Return both values with enough digits to see the difference, and a note when it is tiny."""
    a, b = _middle(left), _middle(right)
    gap = mpi_abs(mpi_sub(left, right, 64), 64)[0]
    size = mpf_abs(a) if mpf_cmp(mpf_abs(a), mpf_abs(b)) > 0 else mpf_abs(b)
    spread = (size[2] + size[3]) - (gap[2] + gap[3]) if gap != fzero else 0
    in_range = all(v == fzero or abs(v[2] + v[3]) < 900 for v in (a, b))
    if in_range and spread < 30:
        return to_float(a, rnd=round_nearest), to_float(b, rnd=round_nearest), ""
    digits = min(spread * 30103 // 100000 + 5, 60)
    note = ""
    if spread > 40:
        note = f"; they differ by {_number_text(gap, 5)}"
    return _number_text(a, max(digits, 17)), _number_text(b, max(digits, 17)), note


def _number_text(v: Any, digits: int) -> str:
    size = v[2] + v[3]
    if abs(size) < 1 << 20:
        return str(to_str(v, digits))
    sign = "-" if v[0] else ""
    if size.bit_length() <= 64:
        return f"about {sign}2**{size}"
    return f"about {sign}2**({'-' if size < 0 else ''}2**{size.bit_length()})"


def _middle(x: Interval) -> Any:
    if x[0] == x[1]:
        return x[0]
    return mpf_shift(mpf_add(x[0], x[1], 512), -1)


# complex values: at two precisions -------------------------------------------------------------


def _complex_separation(comparison: Comparison) -> Counterexample | None:
    """Compare expressions that hold the imaginary unit: the difference must stay, not vanish."""
    for _ in range(MINIMUM):
        point = next(comparison._stream, None)
        if point is None or comparison.late:
            return None
        values = {s: Rational(v.numerator, v.denominator) for s, v in point.items()}
        gaps = []
        for digits in (30, 60):
            try:
                left = comparison.a.evalf(digits, subs=values)
                right = comparison.b.evalf(digits, subs=values)
                gap = abs(left - right).evalf(10)
                size = max(float(abs(left)), float(abs(right)))
                gaps.append(float(gap) / size if size else 0.0)
            except (TypeError, ValueError, OverflowError, ZeroDivisionError):
                break
        if len(gaps) < 2:
            continue
        if min(gaps) > 1e-18 and abs(gaps[0] - gaps[1]) < 1e-6 * gaps[1]:
            return Counterexample(
                _instance(comparison, point),
                str(left.evalf(17)),
                str(right.evalf(17)),
                f"{_where(point)}the left side is {left.evalf(17)}, the right side "
                f"{right.evalf(17)}, at two precisions",
            )
        comparison.met.append(point)
    return None


# what is called --------------------------------------------------------------------------------


def separate(
    a: Expr, b: Expr, given: Sequence[Any] = (), seed: int = 0, seconds: float = 5.0
) -> Counterexample | None:
    """Return a point that certainly separates two scalar expressions, or None.

    The symbols must say what they are (`symattn.algebra.symbols.declare`).

    >>> from sympy import exp
    >>> x, y = (Symbol(s, real=True) for s in "xy")
    >>> separate(exp(-50), exp(-60)).text
    'the left side is 1.9287498479639178e-22, the right side 8.75651076269652e-27'
    >>> separate(x, x + y * Rational(1, 10**30)).instance
    {'x': 2, 'y': 3}
    >>> separate((x + y)**2, x**2 + 2*x*y + y**2) is None
    True
    """
    comparison = Comparison(a, b, given, seed, seconds)
    return comparison.quick() or comparison.thorough()


def agree(
    a: Expr,
    b: Expr,
    minimum: int = MINIMUM,
    given: Sequence[Any] = (),
    seed: int = 0,
    seconds: float = 5.0,
) -> Agreement:
    """Count the points where both sides are real and agree, with the largest relative error.

    >>> x = Symbol("x", real=True)
    >>> found = agree((x - 1)**2, x**2 - 2*x + 1)
    >>> found.valid >= 40, found.error < 1e-20
    (True, True)
    """
    comparison = Comparison(a, b, given, seed, seconds)
    comparison.quick(wanted=minimum, most=5 * minimum)
    return comparison.agree(minimum)


__all__ = ["Agreement", "Comparison", "Sampler", "agree", "separate", "show"]
