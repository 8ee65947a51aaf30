"""Plain instances: small, with round numbers, tried before random ones when a claim is to be broken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from sympy import Symbol

from symattn.check.draws import met, symbols_of
from symattn.claims import Claim
from symattn.hypotheses.base import Given, Instance

Array = np.ndarray
SIZES: tuple[dict[str, int], ...] = (
    {"n": 3, "d": 3, "s": 2, "t": 1},
    {"n": 3, "d": 4, "s": 2, "t": 1},
    {"n": 2, "d": 2, "s": 1, "t": 1},
    {"n": 4, "d": 4, "s": 2, "t": 2},
)
SCALARS = ((1.0, 2.0, 3.0, 5.0), (2.0, 0.5, 1.0, 3.0), (0.5, 3.0, 2.0, 1.0))


def plain_instances(claim: Claim, given: Given | None = None) -> Iterator[Instance]:
    """Yield a few small instances with round numbers that meet the hypotheses of a claim."""
    given = given or claim.given
    symbols = sorted(symbols_of(claim), key=lambda s: s.name)
    for turn in range(len(SCALARS)):
        for place in range(len(SIZES)):
            try:
                kept = _plain(given, place, turn)
                instance = {k: v.copy() if isinstance(v, Array) else v for k, v in kept.items()}
                _fill(symbols, claim, instance, turn)
            except (ValueError, KeyError, np.linalg.LinAlgError):
                continue
            if met(given, instance):
                yield instance


@lru_cache(maxsize=256)
def _plain(given: Given, place: int, turn: int) -> Instance:
    """Return what hypotheses write, the same for every claim that has them."""
    sizes = given.fitted(SIZES[place])
    instance: Instance = dict(sizes)
    count, d = sizes["n"], sizes["d"]
    instance["k"] = _family(count, d, turn)
    instance["v"] = _family(count, d, turn)
    instance["q"] = _row(d, turn)
    instance["z"] = np.array([float((2 - place) * (turn + 1)) for place in range(count)])
    for at, name in enumerate(("i", "j", "l")):
        instance[name] = min(at, count - 1) + 1
    instance["x"] = 1
    rng = np.random.default_rng(turn)
    for h in given:
        h.plain(rng, sizes, instance, turn)
    return instance


def _family(count: int, d: int, turn: int) -> Array:
    """Rows that are unit vectors, then small whole numbers."""
    rows = np.zeros((count, d))
    for place in range(count):
        rows[place, place % d] = 1.0 if turn != 1 else float(place + 1)
        if place >= d or turn == 2:
            rows[place, (place + 1) % d] += 1.0
    return rows


def _row(d: int, turn: int) -> Array:
    row = np.zeros(d)
    row[0] = 1.0
    row[(turn + 1) % d] += 1.0
    return row


def _fill(symbols: Sequence[Symbol], claim: Claim, instance: Instance, turn: int) -> None:
    """Give the scalars that no hypothesis gives round values."""
    values = SCALARS[turn]
    missing = [s for s in symbols if s.name not in instance]
    for place, symbol in enumerate(missing):
        instance[symbol.name] = round_value(symbol, values[place % len(values)], claim, instance)


def round_value(symbol: Symbol, value: float, claim: Claim, instance: Instance) -> float | int:
    """Return a round value for a scalar, in its range."""
    if symbol.is_integer:
        return instance["n"]  # type: ignore[no-any-return]
    if symbol.name in claim.ranges:
        low, high = claim.ranges[symbol.name]
        if not low <= value <= high:
            return float(f"{np.sqrt(low * high):.1g}")
    return value
