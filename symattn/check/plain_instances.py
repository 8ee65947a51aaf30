"""Plain instances: small, with round numbers, tried before random ones when a claim is to be broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import singledispatch
from typing import Any

import numpy as np
from sympy import Symbol

from symattn.check.draws import met, symbols_of
from symattn.claims import Claim
from symattn.hypotheses.base import Given, Hypothesis, Instance
from symattn.hypotheses.families import Above, Arbitrary, Between, Distinct, Orthonormal
from symattn.hypotheses.gaussian import Covariance
from symattn.hypotheses.subspaces import Orthogonal, OrthonormalBasis, UnitBasis

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
    for turn in range(len(SCALARS)):
        for sizes in SIZES:
            try:
                instance = _plain(given or claim.given, dict(sizes), turn)
                _fill(claim, instance, turn)
            except (ValueError, KeyError, np.linalg.LinAlgError):
                continue
            if met(given or claim.given, instance):
                yield instance


def _plain(given: Given, sizes: dict[str, int], turn: int) -> Instance:
    before: dict[str, int] = {}
    while before != sizes:
        before = dict(sizes)
        for h in given:
            h.sizes(sizes)
    instance: Instance = dict(sizes)
    count, d = sizes["n"], sizes["d"]
    instance["k"] = _family(count, d, turn)
    instance["v"] = _family(count, d, turn)
    instance["q"] = _row(d, turn)
    instance["z"] = np.array([float((2 - place) * (turn + 1)) for place in range(count)])
    for place, name in enumerate(("i", "j", "l")):
        instance[name] = min(place, count - 1) + 1
    instance["x"] = 1
    rng = np.random.default_rng(turn)
    for h in given:
        _write(h, sizes, instance, turn, rng)
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


def _fill(claim: Claim, instance: Instance, turn: int) -> None:
    """Give the scalars that no hypothesis gives round values."""
    values = SCALARS[turn]
    missing = [s for s in sorted(symbols_of(claim), key=lambda s: s.name) if s.name not in instance]
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


@singledispatch
def _write(
    h: Hypothesis, sizes: Mapping[str, int], instance: Instance, turn: int, rng: Any
) -> None:
    """Write the plainest arrays that meet a hypothesis; what is not plain is sampled."""
    h.sample(rng, sizes, instance)


@_write.register
def _(h: Distinct, sizes: Mapping[str, int], instance: Instance, turn: int, rng: Any) -> None:
    for place, name in enumerate(h.indices):
        if place >= sizes["n"]:
            raise ValueError("too few members")
        instance[name.name] = place + 1


@_write.register
def _(h: Orthonormal, sizes: Mapping[str, int], instance: Instance, turn: int, rng: Any) -> None:
    instance[h.family] = np.eye(sizes["n"], sizes["d"])


def _slanted(rows: int, columns: int, first: int, turn: int) -> Array:
    """Unit columns, independent and not orthogonal: (1, 0, ..), (0.6, 0.8, ..)."""
    made = np.zeros((rows, columns))
    lean, rise = ((0.6, 0.8), (0.8, 0.6), (0.6, -0.8))[turn % 3]
    made[first, 0] = 1.0
    for place in range(1, columns):
        made[first + place - 1, place], made[first + place, place] = lean, rise
    return made


@_write.register
def _(h: UnitBasis, sizes: Mapping[str, int], instance: Instance, turn: int, rng: Any) -> None:
    columns = sizes[str(h.matrix.shape[1])]
    instance[h.matrix.name] = _slanted(sizes["d"], columns, 0, turn)


@_write.register
def _(h: Orthogonal, sizes: Mapping[str, int], instance: Instance, turn: int, rng: Any) -> None:
    first, columns = (sizes[str(a.shape[1])] for a in (h.first, h.second))
    instance[h.second.name] = _slanted(sizes["d"], columns, first, turn)


@_write.register
def _(
    h: OrthonormalBasis, sizes: Mapping[str, int], instance: Instance, turn: int, rng: Any
) -> None:
    instance[h.matrix.name] = np.eye(sizes["d"], sizes[str(h.matrix.shape[1])])


@_write.register
def _(h: Arbitrary, sizes: Mapping[str, int], instance: Instance, turn: int, rng: Any) -> None:
    rows, cols = (sizes.get(str(size), 1) for size in h.letter.shape)
    if cols == 1:
        instance[h.letter.name] = np.array([float(1 + place * turn) for place in range(rows)])
    else:
        instance[h.letter.name] = np.eye(rows, cols) * (1.0 + turn)


@_write.register
def _(h: Covariance, sizes: Mapping[str, int], instance: Instance, turn: int, rng: Any) -> None:
    low, high = h.drawn
    wanted = (0.01, 0.04, 0.1)[turn % 3]
    instance[h.scale.name] = wanted if low <= wanted <= high else float(np.sqrt(low * high))
    h.sample(rng, sizes, instance)


@_write.register
def _(h: Between, sizes: Mapping[str, int], instance: Instance, turn: int, rng: Any) -> None:
    low, high = float(h.low), float(h.high)
    instance[h.symbol.name] = low + (high - low) * (0.1, 0.5, 0.25)[turn % 3]


@_write.register
def _(h: Above, sizes: Mapping[str, int], instance: Instance, turn: int, rng: Any) -> None:
    instance[h.smaller.name], instance[h.larger.name] = (1.0, 2.0 + turn)
