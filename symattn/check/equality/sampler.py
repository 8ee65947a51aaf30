"""Points for two scalar expressions: simple ones first, then what a random point would miss.

A point gives each symbol an exact fraction that meets its assumptions, and each family of entries
another draw.  The same seed gives the same points.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import islice, pairwise, product
from math import floor
from typing import Any

from sympy import Add, Eq, Expr, Indexed, KroneckerDelta, Ne, Pow, Product, Sum, Symbol, binomial
from sympy.core.relational import Relational
from sympy.core.sorting import default_sort_key

from symattn.algebra.bound_indices import height
from symattn.algebra.enclosure import CannotEvaluate, Enclosure, NotReal, Unsure
from symattn.algebra.letters import OffSum
from symattn.algebra.stable import Peak
from symattn.algebra.symbols import indices, is_real, of_kind
from symattn.check.equality import values
from symattn.check.equality.inert import InertEnclosure, holds_inert
from symattn.check.equality.kinks import kinks, movable, order_one, saturating, slope, steps

FIRST_PRECISION = 64
EXACT = 512  # so that a fraction stays one
MISSES = 600
AROUND = (3, 6, 10, 15)
BEYOND = 40  # of an index that no sum bounds
MOST_BEYOND = 80  # a constant that sizes are drawn beyond
Place = tuple[Any, tuple[int, ...]]  # an entry: its family and its indices


class SamplePoint(dict[Any, Fraction]):
    """A value for each symbol; the turn at which it was drawn says what its families hold.

    entries : the entries of families that were put elsewhere.
    near : whether it was put on or next to a kink; it is none of the diverse points then.
    """

    def __init__(
        self,
        symbols: Mapping[Any, Fraction],
        turn: int = 0,
        entries: Mapping[Place, Fraction] | None = None,
        near: bool = False,
    ) -> None:
        super().__init__(symbols)
        self.near = near
        self.turn = turn
        self.entries = dict(entries or {})

    def moved(self, s: Any, value: Fraction) -> SamplePoint:
        """Return the point with one value changed and the same families."""
        return SamplePoint({**self, s: value}, self.turn, self.entries, near=True)

    def with_entry(self, place: Place, value: Fraction) -> SamplePoint:
        """Return the point with one entry of a family changed."""
        return SamplePoint(self, self.turn, {**self.entries, place: value}, near=True)


class Sampler:
    """Points for two expressions: simple ones first, then both signs and many scales.

    given : relations that every point must meet; `Ne(i, j)` keeps two indices apart.
    seed : the same seed gives the same points.
    """

    def __init__(self, a: Expr, b: Expr, given: Iterable[Any] = (), seed: int = 0) -> None:
        self.seed = seed
        self.given = [g for g in given if isinstance(g, Relational)]
        self.sides = (a, b)
        expressions = (a, b, *self.given)
        self.families = sorted(
            {e.base for x in expressions for e in of_kind(Indexed, x)},
            key=lambda base: (str(base), str(base.label.assumptions0)),
        )
        self.seeds = _seeds(self.families)
        labels = {base.label for base in self.families}
        free = set().union(*(x.free_symbols for x in expressions))
        self.symbols = sorted(
            (s for s in free if isinstance(s, Symbol) and s not in labels), key=default_sort_key
        )
        counting = indices(*expressions)
        uppers = _upper_bounds(expressions)
        self.bounds = [s for s in self.symbols if s in uppers]
        self.places = [
            s for s in self.symbols if s in counting and s not in self.bounds and s.is_integer
        ]
        self.rest = [s for s in self.symbols if s not in self.bounds and s not in self.places]
        self.complex = [s for s in self.symbols if not is_real(s)]
        self.ranges = _ranges(expressions)
        self.powers = any(
            not e.exp.is_number and not e.exp.is_integer and not e.base.is_positive
            for e in of_kind(Pow, *expressions)
        )
        self.nested = max(map(height, expressions))
        self.largest = _largest_constant(expressions) if self.bounds else 0
        self.inert = holds_inert(a, b)
        self.kinks = kinks((a, b))
        self.steps = steps((a, b))
        self.apart = {frozenset({g.lhs, g.rhs}) for g in self.given if isinstance(g, Ne)}

    def family(self, point: SamplePoint, base: Any, at: tuple[int, ...]) -> Fraction:
        """Return the entry of a family at a point; it depends on the seed and the turn only."""
        moved = point.entries.get((base, at))
        if moved is not None:
            return moved
        name = self.seeds.get(base) or str(base)
        rng = random.Random(f"{self.seed}:{point.turn}:{name}:{at}")
        return values.entry(rng, point.turn, base.label)

    def enclosure(self, point: SamplePoint, precision: int) -> Enclosure:
        """Return what evaluates expressions at a point."""
        kind = InertEnclosure if self.inert else Enclosure
        return kind(point, precision, partial(self.family, point), point.turn)

    def points(self) -> Iterator[SamplePoint]:
        """Return points without end, or the only one when there is nothing to choose.

        They end when hundreds in a row do not meet what is given.
        """
        rng = random.Random(self.seed)
        if not self.symbols and not self.families:
            yield SamplePoint({})
            return
        turn = missed = 0
        while missed < MISSES:
            point = self._point(turn, rng)
            turn += 1
            missed += 1
            if self._meets(point):
                missed = 0
                yield point
                if (self.kinks or self.steps) and turn in AROUND:
                    yield from self.around(self.kinks, point, self.steps)
                if self.powers and turn == AROUND[0]:
                    yield from self._grid(point)

    def _grid(self, point: SamplePoint) -> Iterator[SamplePoint]:
        """Yield points where symbolic powers of negative numbers are real, one beside the other."""
        free = [s for s in self.rest if not s.is_integer]
        drawn = islice(product(values.GRID, repeat=len(free)), values.GRID_POINTS)
        for chosen in drawn:
            moved = SamplePoint(
                {**point, **dict(zip(free, chosen, strict=True))}, point.turn, near=True
            )
            if self._meets(moved):
                yield moved

    def _point(self, turn: int, rng: random.Random) -> SamplePoint:
        point = SamplePoint({}, turn)
        for place, s in enumerate(self.bounds):
            shift = place * (1 + turn // len(values.SIZES))  # bounds meet only now and then
            size = values.size(turn, shift, self.nested)
            if turn % 16 == 9 and self.largest <= MOST_BEYOND:
                size = max(size, Fraction(self.largest + 1 + turn // 16))
            point[s] = values.admissible(s, size)
        self._place(point, turn, rng)
        for place, s in enumerate(self.rest):
            draw = values.whole_number if s.is_integer else values.real_number
            if self.powers and turn > 3 and turn % 3 == 2 and not s.is_integer:
                draw = values.half_number  # where powers of negative numbers are real
            point[s] = values.admissible(s, draw(turn, place, rng))
        return point

    def _place(self, point: SamplePoint, turn: int, rng: random.Random) -> None:
        """Draw the indices: each one within the largest of the ranges that a delta gives it."""
        together = turn % 7 == 6 and not self.apart
        least = min((int(point[s]) for s in self.bounds), default=9)
        groups: dict[int, list[Any]] = {}
        for s in self.places:
            given = [int(point[t]) for t in self.ranges.get(s, ()) if t in point]
            beyond = BEYOND if turn % 4 == 3 else least
            groups.setdefault(max(max(given) if given else beyond, 1), []).append(s)
        if together and groups:
            groups = {min(groups): self.places}
        for top, members in groups.items():
            chosen = values.draw_indices(len(members), top, together, rng)
            for s, value in zip(members, chosen, strict=True):
                point[s] = values.admissible(s, value)

    def _meets(self, point: SamplePoint) -> bool:
        if not all(values.fits(s, v) for s, v in point.items() if s not in self.complex):
            return False
        return self.holds(self.given, point)

    def holds(self, conditions: Iterable[Any], point: SamplePoint) -> bool:
        """Tell whether conditions certainly hold at a point."""
        at = self.enclosure(point, FIRST_PRECISION)
        try:
            return all(at.truth(c) for c in conditions)
        except (NotReal, Unsure, CannotEvaluate):
            return False

    def around(
        self, edges: Iterable[Expr], point: SamplePoint, jumps: Iterable[Expr] = ()
    ) -> Iterator[SamplePoint]:
        """Return points on and next to the zeros of expressions that are linear in something.

        jumps : expressions at whose whole values something changes.
        """
        found = 0
        for s, ordered in self._edges(edges, jumps, point).items():
            near = [(a + b) / 2 for a, b in pairwise(ordered)]
            step = Fraction(1, 1 << 20)
            for edge in ordered:
                near += [edge, edge - step, edge + step, edge - 1, edge + 1]
            for value in near:
                moved = self._put(point, s, value)
                if moved is not None and self._meets(moved):
                    found += 1
                    yield moved
                if found > 60:
                    return

    def of_order_one(self, point: SamplePoint) -> Iterator[SamplePoint]:
        """Yield the point with a letter so small, or so large, that what saturates does not."""
        for u in saturating(self.sides):
            for s in self.rest if not u.is_number else ():
                if s not in u.free_symbols or s.is_integer or not point[s]:
                    continue

                def moved(k: int, s: Any = s) -> SamplePoint:
                    return point.moved(s, point[s] / Fraction(2) ** k)

                def bits(k: int, u: Expr = u) -> int | None:
                    try:
                        return self.enclosure(moved(k), FIRST_PRECISION).bits(u)
                    except (NotReal, Unsure, CannotEvaluate):
                        return None

                k = order_one(bits)
                if k is not None and self._meets(moved(k)):
                    yield moved(k)

    def _edges(
        self, edges: Iterable[Expr], jumps: Iterable[Expr], point: SamplePoint
    ) -> dict[Any, list[Fraction]]:
        """Return where each symbol or entry has to go for an expression to vanish, or to jump."""
        found: dict[Any, set[Fraction]] = {}
        labels = {base.label for base in self.families}
        for expressions, whole in ((edges, False), (jumps, True)):
            for kink in expressions:
                inner = set(of_kind(Symbol, kink)) - point.keys() - labels
                at = self.enclosure(self.inside(kink, point), EXACT)
                for s in movable(kink):
                    if s in inner:
                        continue
                    try:
                        value, here = at.value(kink), at.value(s)
                        place = self._entry(at, s) if isinstance(s, Indexed) else s
                    except (NotReal, Unsure, CannotEvaluate):
                        continue
                    if not isinstance(value, Fraction) or not isinstance(here, Fraction):
                        continue
                    rate = slope(kink, s)
                    levels = {0, floor(value), floor(value) + 1} if whole else {0}
                    found.setdefault(place, set()).update(
                        here + (level - value) / Fraction(int(rate.p), int(rate.q))
                        for level in levels
                    )
        return {s: sorted(ordered) for s, ordered in found.items()}

    def inside(self, e: Expr, point: SamplePoint, first: int = 1, step: int = 1) -> SamplePoint:
        """Return the point with values for the indices that a sum binds: first, first + step, .."""
        labels = {base.label for base in self.families}
        inner = sorted(set(of_kind(Symbol, e)) - point.keys() - labels, key=default_sort_key)
        bound = {s: Fraction(first + step * n) for n, s in enumerate(inner)}
        return SamplePoint({**point, **bound}, point.turn, point.entries)

    @staticmethod
    def _entry(at: Enclosure, e: Any) -> Place:
        return e.base, tuple(map(at.whole, e.indices))

    def _put(self, point: SamplePoint, s: Any, value: Fraction) -> SamplePoint | None:
        if isinstance(s, tuple):
            return point.with_entry(s, value) if values.fits(s[0].label, value) else None
        if s.is_integer:
            value = Fraction(floor(value))
        if s in self.bounds and not 0 <= value <= BEYOND:
            return None
        given = [point[t] for t in self.ranges.get(s, ()) if t in point]
        if given and not 1 <= value <= max(given):
            return None
        return point.moved(s, value) if values.fits(s, value) else None


def _seeds(families: Iterable[Any]) -> dict[Any, str]:
    """Return a name for each family: two that print alike are two."""
    found: dict[Any, str] = {}
    for base in families:
        name = str(base)
        while name in found.values():
            name += "'"
        found[base] = name
    return found


def _upper_bounds(expressions: Iterable[Any]) -> set[Any]:
    found: set[Any] = set()
    for x in expressions:
        for e in of_kind((Sum, Product), x):
            for limit in e.limits:
                for end in limit[1:]:
                    found |= end.free_symbols
            found -= set(e.bound_symbols)
        for e in of_kind((OffSum, Peak), x):
            found |= e.args[2].free_symbols
    return found


def _largest_constant(expressions: Iterable[Any]) -> int:
    """Return the largest whole number that a size may have to go beyond before something shows."""
    found = {0}
    for x in expressions:
        for e in of_kind((Sum, Product), x):
            found |= {int(end) for limit in e.limits for end in limit[1:] if end.is_Integer}
        for e in of_kind(binomial, x):
            found |= {int(a) for a in e.args if a.is_Integer}
        for e in of_kind(Add, x):
            if indices(x) & e.free_symbols:
                found |= {abs(int(a)) for a in e.args if a.is_Integer}
    return max(found)


def _ranges(expressions: Iterable[Any]) -> dict[Any, set[Any]]:
    """Return which sizes a delta or an exclusion takes an index to lie within."""
    found: dict[Any, set[Any]] = {}
    for x in expressions:
        for e in of_kind((Sum, Product), x):
            for index, *ends in e.limits:
                for test in of_kind((KroneckerDelta, Eq, Ne), e.function):
                    if index in test.free_symbols and ends:
                        for s in test.free_symbols - {index}:
                            found.setdefault(s, set()).update(ends[-1].free_symbols)
        for e in of_kind((OffSum, Peak), x):
            for s in e.args[3].free_symbols:
                found.setdefault(s, set()).update(e.args[2].free_symbols)
    return found
