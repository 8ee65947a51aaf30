"""Compare two scalar expressions at points: what certainly separates them, how far they agree.

Every value is a ball that holds the true one (`symattn.algebra.enclosure`), so a separation
is certain; where the balls meet, the precision is raised until the difference either stays or
vanishes.  A point counts only where both sides are finite and real.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import takewhile
from typing import Any

from flint import arb
from sympy import Expr, Rational
from sympy.core.sorting import default_sort_key

from symattn.algebra.balls import (
    CannotEvaluate,
    NotReal,
    Unsure,
    contains_zero,
    magnitude,
    working,
)
from symattn.algebra.symbols import has_complex, of_kind
from symattn.check.equality.complex_values import complex_separation
from symattn.check.equality.inert import MINIMUM as INERT_MINIMUM
from symattn.check.equality.inert import InertEnclosure
from symattn.check.equality.sampler import FIRST_PRECISION, SamplePoint, Sampler
from symattn.check.equality.shown import number_text, show
from symattn.check.equality.sides import Sides, instance_of, separated, sides, where
from symattn.check.verdict import Counterexample

LADDER = ((256, 100), (1024, 4), (4096, 2), (16384, 1))
LOW, HIGH = (FIRST_PRECISION, 256), (FIRST_PRECISION, 256, 2048, 8192)
MOVED = 4  # points, where functions saturate everywhere
SIMPLEST = (256, 3)
INERT_SHARPER = (256, 2)
AGREEMENT_PRECISION = 192
MINIMUM = 40
IN_CASE = 6
CASE_POINTS = 400
MOST = 400
TOLERANCE = Fraction(1, 10**20)


@dataclass(frozen=True)
class Agreement:
    """How two expressions compare at the points tried.

    valid : the points where both sides were finite, real, and agreed; those next to a kink agreed
        too, and are not counted.
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


@dataclass
class Comparison:
    """One comparison of two expressions: the points that were tried, and what they showed.

    met : the points where both sides have a real value and do not certainly differ.
    proved : whether every value so far lies in a ball that was proved.
    """

    a: Expr
    b: Expr
    given: Sequence[Any] = ()
    seed: int = 0
    seconds: float = 5.0
    sampler: Sampler = field(init=False)
    met: list[SamplePoint] = field(init=False, default_factory=list)
    left_only: list[SamplePoint] = field(init=False, default_factory=list)
    right_only: list[SamplePoint] = field(init=False, default_factory=list)
    neither: list[SamplePoint] = field(init=False, default_factory=list)
    failed: int = field(init=False, default=0)
    tried: int = field(init=False, default=0)
    proved: bool = field(init=False, default=True)
    imaginary: bool = field(init=False)

    def __post_init__(self) -> None:
        self.imaginary = has_complex(self.a, self.b)
        self.sampler = Sampler(self.a, self.b, self.given, self.seed)
        self._stream = self.sampler.points()
        self.deadline = time.thread_time() + self.seconds

    @property
    def late(self) -> bool:
        return time.thread_time() > self.deadline

    def quick(self, wanted: int = 3, most: int = 24) -> Counterexample | None:
        """Look for a separating point at low precision until enough points are valid."""
        if self.imaginary:
            return None
        drawn = 0
        while drawn < most:
            point = next(self._stream, None)
            if point is None or self.late:
                break
            drawn += not point.near
            self.tried += 1
            found = self._try(point)
            if found is not None:
                return found
            if sum(not p.near for p in self.met) >= wanted:
                break
        return None

    def _try(self, point: SamplePoint, precisions: Sequence[int] = LOW) -> Counterexample | None:
        for precision in precisions:
            both = sides(self.sampler, self.a, self.b, point, precision)
            if both is not None:
                break
        self.proved = self.proved and (both is None or both.proved)
        if both is None:
            self.failed += 1
        elif both.left is None and both.right is None:
            self.neither.append(point)
        elif both.right is None:
            self.left_only.append(point)
        elif both.left is None:
            self.right_only.append(point)
        elif separated(both, precision) and self._stays(point, both, precision):
            return self._shown(point, both)
        else:
            self.met.append(point)
        return None

    def _stays(self, point: SamplePoint, both: Sides, precision: int) -> bool:
        """Tell whether a separation stays at a higher precision, where no bound proves it."""
        if both.proved:
            return True
        again = sides(self.sampler, self.a, self.b, point, 2 * precision)
        return again is not None and separated(again, 2 * precision)

    def thorough(self) -> Counterexample | None:
        """Try more points, and then raise the precision at those that did not separate."""
        if self.imaginary:
            points = takewhile(lambda _: not self.late, self._stream)
            return complex_separation(self.a, self.b, self.sampler, points, self.met)
        if self.sampler.inert:
            return self.quick(wanted=INERT_MINIMUM + 2, most=MOST) or self._sharper(*INERT_SHARPER)
        found = self._sharper(*SIMPLEST) or self.quick(wanted=MINIMUM + 8, most=MOST)
        if found is not None:
            return found
        for precision, count in LADDER:
            if self.late or (precision > 1024 and not self.proved):
                break
            found = self._sharper(precision, count)
            if found is not None:
                return found
        return None

    def of_order_one(self) -> Counterexample | None:
        """Look where functions that are at one of their levels everywhere else are not."""
        for point in self.met[:MOVED]:
            for moved in self.sampler.of_order_one(point):
                found = self._try(moved)
                if found is not None:
                    return found
        return None

    def _sharper(self, precision: int, count: int) -> Counterexample | None:
        """Compare the sides at the first points that did not separate, at a higher precision."""
        longest = max((_bits(x) for x in (self.a, self.b)), default=0)
        bits = precision + 2 * longest
        for point in self.met[:count]:
            if self.late:
                return None
            both = sides(self.sampler, self.a, self.b, point, bits)
            if both is not None and separated(both, bits) and self._stays(point, both, bits):
                return self._shown(point, both)
        return None

    def in_case(self, case: Sequence[Any], remainder: Expr | None) -> Counterexample | bool:
        """Look for points where the conditions of a case hold, and compare the sides there.

        Returns a separating point, or whether the sides agree at enough points of the case.

        remainder : the numerator of the difference in that case, in a form that is free of
            cancellation: it separates where the sides themselves are too close, or too large.
        """
        if self.imaginary:
            return False
        valid = 0
        for point in self._points_of(case):
            if self.late or valid == IN_CASE:
                break
            before = len(self.met)
            found = self._try(point, HIGH) if case else None
            if found is None and remainder is not None and (not case or len(self.met) > before):
                found = self._by_remainder(remainder, point)
            if found is not None:
                return found
            valid += not case or len(self.met) > before
        return valid == IN_CASE

    def _points_of(self, case: Sequence[Any]) -> Iterator[SamplePoint]:
        if not case:
            yield from self.met[:IN_CASE]
            return
        edges = sorted({c.lhs - c.rhs for c in case}, key=default_sort_key)
        stream = self.sampler.points()
        for _ in range(CASE_POINTS):
            point = next(stream, None)
            if point is None:
                return
            if self.sampler.holds(case, point):
                yield point
        for point in self.met[:6]:
            for near in self.sampler.around(edges, point):
                if self.sampler.holds(case, near):
                    yield near

    def _by_remainder(self, remainder: Expr, point: SamplePoint) -> Counterexample | None:
        for precision in (FIRST_PRECISION, 256):
            at = self.sampler.enclosure(point, precision)
            try:
                value = at.interval(remainder)
            except (NotReal, Unsure, CannotEvaluate):
                continue
            if at.proved and not contains_zero(value):
                note = f"; their difference is not zero, its numerator about 2**{magnitude(value)}"
                return self._counterexample(point, precision, note)
        return None

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
            instance_of(self.sampler, point),
            "undefined" if both.left is None else number_text(both.left, 17),
            "undefined" if both.right is None else number_text(both.right, 17),
            f"{where(point)}the {missing} side has no real value, nor at any point where the "
            "other side has one",
        )

    def agree(self, minimum: int = MINIMUM) -> Agreement:
        """Measure how far the sides agree at the points where both are real."""
        valid, worst = 0, Fraction(0)
        sizes: set[int] = set()
        failed = self.failed
        for point in () if self.imaginary else self.met:
            if self.late:
                break
            error = self._error(point)
            if error is None or error > TOLERANCE:
                failed += 1
                continue
            valid += not point.near
            worst = max(worst, error)
            sizes.update(int(point[s]) for s in self.sampler.bounds)
        return Agreement(
            valid,
            float(worst),
            len(self.left_only),
            len(self.right_only),
            len(self.neither),
            failed,
            tuple(sorted(sizes)),
            self.seed,
        )

    def _error(self, point: SamplePoint) -> Fraction | None:
        """Return an upper bound of the relative difference; None when a value is not sharp."""
        for precision in (AGREEMENT_PRECISION, 4 * AGREEMENT_PRECISION):
            both = sides(self.sampler, self.a, self.b, point, precision)
            if both is None or both.left is None or both.right is None:
                continue
            with working(precision):
                gap = (both.left - both.right).abs_upper()
                if gap.is_zero():
                    return Fraction(0)
                size = both.left.abs_lower().max(both.right.abs_lower())
                for term in self._terms(point, precision) if size < 1 else ():
                    size = size.max(term.abs_lower())
                if size.is_zero():
                    continue
                bits = magnitude(gap / size)
            error = Fraction(2) ** max(bits, -1000) if bits < 0 else Fraction(1)
            if error <= TOLERANCE:
                return error
        return None

    def _terms(self, point: SamplePoint, precision: int) -> Iterator[arb]:
        """Yield the values of the terms of both sides: a difference may be small beside them."""
        at = self.sampler.enclosure(point, precision)
        for x in (self.a, self.b):
            for term in x.args if x.is_Add else ():
                try:
                    yield at.interval(term)
                except (NotReal, Unsure, CannotEvaluate):
                    continue
            if isinstance(at, InertEnclosure):
                try:
                    at.interval(x)
                except (NotReal, Unsure, CannotEvaluate):
                    continue
                yield from at.scales

    def _counterexample(
        self, point: SamplePoint, precision: int, note: str = ""
    ) -> Counterexample | None:
        both = sides(self.sampler, self.a, self.b, point, precision)
        while both is None and precision < 1 << 14:
            precision *= 4
            both = sides(self.sampler, self.a, self.b, point, precision)
        return None if both is None else self._shown(point, both, note)

    def _shown(self, point: SamplePoint, both: Sides, note: str = "") -> Counterexample | None:
        if both.left is None or both.right is None:
            return None
        left, right, gap = show(both.left, both.right)
        return Counterexample(
            instance_of(self.sampler, point),
            left,
            right,
            f"{where(point)}the left side is {left}, the right side {right}{note or gap}",
        )


def _bits(x: Expr) -> int:
    return max(
        (int(r.p).bit_length() + int(r.q).bit_length() for r in of_kind(Rational, x)), default=0
    )


# what is called --------------------------------------------------------------------------------


def separate(
    a: Expr, b: Expr, given: Sequence[Any] = (), seed: int = 0, seconds: float = 5.0
) -> Counterexample | None:
    """Return a point that certainly separates two scalar expressions, or None.

    The symbols must say what they are (`symattn.algebra.symbols.declarations`).

    >>> from sympy import Rational, Symbol, exp
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

    >>> from sympy import Symbol
    >>> x = Symbol("x", real=True)
    >>> found = agree((x - 1)**2, x**2 - 2*x + 1)
    >>> found.valid >= 40, found.error < 1e-20
    (True, True)
    """
    comparison = Comparison(a, b, given, seed, seconds)
    comparison.quick(wanted=minimum, most=5 * minimum)
    return comparison.agree(minimum)


__all__ = ["Agreement", "Comparison", "Sampler", "agree", "separate"]
