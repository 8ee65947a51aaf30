"""The values that symbols, sizes of sums, indices and families take at the turns of a sampler.

Every value meets the assumptions on its symbol.  The first turns are simple; later ones go through
both signs, many scales, whole numbers, zeros, ties, and fractions of no common denominator.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

SIZES = (3, 2, 5, 8)
MORE_SIZES = (1, 4, 6, 3, 2, 7, 9, 12, 5, 1, 8, 17, 2, 30, 3, 13)
LARGEST = {0: 30, 1: 30, 2: 13}  # of a size, by how many sums are nested; else 8
SIMPLE = tuple(Fraction(p, q) for p, q in ((2, 1), (3, 1), (1, 2), (5, 1), (3, 2), (1, 4), (7, 1)))
WHOLE = (2, 3, 5, 1, 4, 7, 6, 10, 0, 9)
SMALL = (0, 0, 1, -1, 2, -2, 3, -3, 4)
GRID = tuple(Fraction(p, q) for p, q in ((-1, 1), (2, 1), (1, 2), (-2, 1), (3, 2), (4, 1)))
GRID_POINTS = 256
FAMILY_SCALES = (1, 1, 1, 32, 1, 1, Fraction(1, 256))
FAMILY_SIGNS = (0, 0, 1, 0, -1)
KINDS = 13


def size(turn: int, shift: int, nested: int) -> Fraction:
    """Return the value of an upper bound: small sizes first, then one and larger ones."""
    at = turn + shift
    if turn < 2 * len(SIZES):
        return Fraction(SIZES[at % len(SIZES)])
    return Fraction(min(MORE_SIZES[at % len(MORE_SIZES)], LARGEST.get(nested, 8)))


def whole_number(turn: int, place: int, rng: random.Random) -> Fraction:
    """Return a whole number: small ones of both signs, then now and then a large one."""
    if turn < len(WHOLE):
        magnitude = WHOLE[(turn + 3 * place) % len(WHOLE)]
    else:
        magnitude = rng.randint(0, rng.choice((3, 12, 12, 40, 200, 10**6)))
    return Fraction(-magnitude if (turn + place) % 3 == 2 else magnitude)


def generic(rng: random.Random) -> Fraction:
    """Return a number in (0, 2) whose denominator is odd and long."""
    return Fraction(rng.randint(1, 1 << 32), (1 << 31) + 2 * rng.randint(0, 1 << 29) + 1)


def half_number(turn: int, place: int, rng: random.Random) -> Fraction:
    """Return a small whole number, or half of one."""
    return Fraction(rng.choice(SMALL), rng.choice((1, 1, 2)))


def real_number(turn: int, place: int, rng: random.Random) -> Fraction:
    """Return the value of the real symbol at a place in the turn-th point."""
    if turn < 3:
        value = SIMPLE[(place + 2 * turn) % len(SIMPLE)] + place // len(SIMPLE)
        return -value if turn == 2 or (turn == 1 and place % 2 == 0) else value
    kind = turn % KINDS
    value = generic(rng) if turn % 3 == 1 else Fraction(rng.randint(1, 255), 128)
    if kind == 2:  # tiny
        value /= 1 << rng.randint(6, 10)
    elif kind == 3:  # large
        value *= 1 << rng.randint(4, 9)
    elif kind == 4:  # each symbol its own scale
        value *= Fraction(2) ** rng.randint(-10, 9)
    elif kind == 5:  # near one
        value = 1 + value / 64
    elif kind == 7:
        value *= 4
    elif kind in (8, 12):
        return half_number(turn, place, rng)
    elif kind == 9:  # huge, or smaller than tiny
        out = (turn // KINDS + place) % 2 == 0
        value *= Fraction(2) ** rng.choice((14, 20, 30) if out else (-40, -24))
    elif kind == 10:  # one value for all
        shared = random.Random(turn)
        return Fraction(shared.randint(-640, 640), 128)
    elif kind == 11:
        value = generic(rng) * rng.choice((1, 3, 40))
    negative = rng.random() < 0.5 if kind not in (1, 6) else kind == 6
    return -value if negative else value


def entry(rng: random.Random, turn: int, label: Any) -> Fraction:
    """Return an entry of a family at a turn; the label of the family says of what sign it is.

    The turns go through mixed signs and one sign throughout, through the scales, through small
    whole numbers with zeros among them, through families of equal entries, and through fractions
    of no common denominator.
    """
    kind = turn % 11
    if kind == 7:
        value = Fraction(rng.choice((0, 0, 1, -1, 2, -2)))
    elif kind == 9:
        value = Fraction(random.Random(turn).randint(-48, 48), 16) if turn % 2 else Fraction(0)
    elif kind in (8, 10):
        value = generic(rng) * rng.choice((1, 4, Fraction(1, 16)) if kind == 8 else (1 << 20, 1))
        value *= rng.choice((1, -1))
    else:
        value = Fraction(rng.randint(1, 48), 16) * rng.choice((1, 1, 1, 4, Fraction(1, 16)))
        value *= FAMILY_SCALES[turn % len(FAMILY_SCALES)]
        value *= FAMILY_SIGNS[turn % len(FAMILY_SIGNS)] or rng.choice((1, -1))
    return admissible(label, round(value) if label.is_integer else value)


def admissible(s: Any, value: Fraction | int) -> Fraction:
    """Return the value, or the nearest in kind that the assumptions on a symbol allow."""
    value = Fraction(value)
    if s.is_zero:
        return Fraction(0)
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


def fits(s: Any, value: Fraction) -> bool:
    """Tell whether a value meets the assumptions on a symbol."""
    whole = value.denominator == 1
    return not (
        (s.is_positive and value <= 0)
        or (s.is_negative and value >= 0)
        or (s.is_nonnegative and value < 0)
        or (s.is_nonpositive and value > 0)
        or (s.is_nonzero and value == 0)
        or (s.is_integer and not whole)
        or (s.is_integer is False and whole)
        or (s.is_even and (not whole or value % 2))
        or (s.is_odd and (not whole or not value % 2))
        or (s.is_prime and not _is_prime(value))
        or (s.is_composite and (value < 4 or _is_prime(value)))
        or s.is_irrational
    )


def _is_prime(value: Fraction) -> bool:
    from sympy import isprime

    return value.denominator == 1 and isprime(value.numerator)


def draw_indices(count: int, top: int, together: bool, rng: random.Random) -> Sequence[int]:
    """Return indices in 1..top: distinct ones where there are enough, or one for all."""
    if together:
        return [rng.randint(1, top)] * count
    if top < count:
        return [rng.randint(1, top) for _ in range(count)]
    return rng.sample(range(1, top + 1), count)
