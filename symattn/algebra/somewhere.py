"""Is a scalar negative, or not zero, somewhere?  Certain where it is said: a ball of Arb shows it.

The points are always the same.  What no ball encloses, a product of vectors above all, takes any
value that its assumptions allow, at each place another: no form tells more of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import arb
from sympy import Expr, Indexed, Integer, KroneckerDelta, Sum

from symattn.algebra.balls import CannotEvaluate, NotReal, Unsure, Value, contains_zero, rational
from symattn.algebra.bound_indices import put_apart
from symattn.algebra.enclosure import Enclosure
from symattn.algebra.letters import Dot, Letter, Norm, OffSum
from symattn.algebra.symbols import parts

PRECISION = 60
POINTS = 3


@lru_cache(maxsize=5000)
def negative_somewhere(x: Expr) -> bool:
    """Tell whether `x < 0` at one of a few points, so that no proof of `x >= 0` need be looked for.

    >>> from sympy import symbols, exp
    >>> a, b = symbols("a b", positive=True)
    >>> negative_somewhere(a - b), negative_somewhere(exp(a) - 1)
    (True, False)
    """
    return any(value < 0 for value in _values(x, POINTS))


@lru_cache(maxsize=5000)
def not_zero_somewhere(x: Expr) -> bool:
    """Tell whether `x` is not zero at a point, so that no proof of `x = 0` need be looked for.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", real=True)
    >>> not_zero_somewhere(a - b), not_zero_somewhere(a - a * b / b)
    (True, False)
    """
    return any(not contains_zero(value) for value in _values(x, 1))


def _values(x: Expr, most: int) -> Iterator[arb]:
    """Yield balls that hold the values at some points."""
    for turn in range(most):
        try:
            at = _Somewhere(x, turn)
            value = at.interval(x)
        except (NotReal, Unsure):
            continue
        except CannotEvaluate:
            return
        if at.proved:
            yield value


class _Somewhere(Enclosure):
    """A point at which every letter has a value that its assumptions allow."""

    def __init__(self, x: Expr, turn: int) -> None:
        super().__init__({}, PRECISION, turn=turn)
        self.rng = random.Random(turn)
        self.drawn: dict[Any, Fraction] = {}
        self.places = _places(x)

    def _at(self, point: Any) -> Enclosure:
        inside = object.__new__(_Somewhere)
        inside.__dict__ = {**self.__dict__, "point": point, "_memo": {}}
        return inside

    def _new(self, x: Any) -> Value:
        if x.is_Symbol:
            return rational(self.point[x] if x in self.point else self._draw(x, x))
        if isinstance(x, Indexed):
            return rational(self._draw((x.base, *map(self._of, x.indices)), x))
        if isinstance(x, (Dot, Norm)):
            letters = sorted((s for s in x.free_symbols if s.is_integer), key=str)
            places = tuple(map(self.whole, letters))
            if (x, places) not in self.drawn:
                at = put_apart(x, dict(zip(letters, map(Integer, places))))
                self.drawn[x, places] = self._draw(at, x)
            return rational(self.drawn[x, places])
        return super()._new(x)

    def _draw(self, key: Any, like: Expr) -> Fraction:
        if key not in self.drawn:
            self.drawn[key] = self._any(like)
        return self.drawn[key]

    def _any(self, like: Expr) -> Fraction:
        if like in self.places:
            return Fraction(1 + self.places.index(like))
        if like.is_integer:
            size = Fraction(len(self.places) + self.rng.randint(1, 2))
        else:
            size = Fraction(self.rng.randint(1, 40), self.rng.choice((4, 16, 64)))
        if like.is_extended_nonnegative:
            return size
        return -size if like.is_extended_nonpositive or self.rng.random() < 0.5 else size


def _places(x: Expr) -> list[Any]:
    """Return the letters that are places of a sum: distinct ones, and none beyond a size."""
    found: dict[Any, None] = {}
    bound: set[Any] = set()
    for e in parts(x):
        if isinstance(e, OffSum):
            found |= dict.fromkeys(e.args[3].args)
            bound.add(e.args[1])
        elif isinstance(e, Sum):
            bound |= {l for l, *_ in e.limits}
        elif isinstance(e, (Indexed, KroneckerDelta)):
            found |= dict.fromkeys(e.args[1:] if isinstance(e, Indexed) else e.args)
        elif isinstance(e, Letter) and e.index is not None:
            found[e.index] = None
    return [s for s in found if s.is_Symbol and s not in bound]
