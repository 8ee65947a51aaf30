"""Orders: what a leading part leaves out, over its stated order, on every way to the limit.

The ways are the author's paths and, beside them, each symbol by itself and the number of keys.  A
bound holds when the quotient stays bounded on each; how large it is says nothing, for a constant may
be large.  It fails where the quotient certainly grows, by about one factor from step to step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from symattn.algebra.arrays import compiled
from symattn.check.oracle import Remembered
from symattn.claims import Leading
from symattn.errors import SymattnError
from symattn.hypotheses.base import Instance

SHRINKS = (0.25, 0.125, 0.0625, 0.03125, 0.015625)
COUNTS = (3, 6, 12, 24, 48)
SMALL = 0.1
"""What is given as small against 1 is at most this."""
FACTOR = 1.3
"""From step to step a quotient that lacks a power of what is halved or doubled grows by more."""
QUIET = 0.15
"""A quotient this small is no growth: what is small against 1 may still be what it grows like."""


class Unsettled(SymattnError):
    """Along a way the quotient neither settles nor certainly grows."""


@dataclass(frozen=True)
class Quotient:
    """What is left out over its order, at one point of a way."""

    instance: Instance
    left: Any
    right: Any
    value: float


def worst_quotient(claim: Leading, instance: Instance) -> tuple[Quotient, bool] | None:
    """Return the largest quotient on the ways through an instance, and whether all stay bounded.

    None where no way has enough points at which floats show the order.

    Raises
    ------
    Unsettled : along a way floats do not tell.
    """
    # The ways begin at points of the path, and their symbols are read off the values there.
    claim = replace(claim, exact=Remembered(claim.exact))
    return settled([found for way in _ways(claim, instance) if (found := _along(claim, way))])


def along_path(claim: Leading, instance: Instance, path: int = 0) -> list[Quotient]:
    """Return the quotients along one path of the author; too few of them are none."""
    return _along(claim, [{**instance, "path": path, "shrink": shrink} for shrink in SHRINKS])


def over_counts(claim: Leading, rng: np.random.Generator) -> tuple[Quotient, bool] | None:
    """Return the largest quotient as the number of keys grows, and whether it stays bounded.

    The parameters stay, or shrink as the number of keys grows; None where that number is given.

    Raises
    ------
    Unsettled : along a way floats do not tell.
    """
    drawn = []
    for count in COUNTS:
        try:
            instance = claim.given.sample(rng, {"n": count, "d": 2, "s": 1, "t": 1})
        except (ValueError, LookupError):
            return None
        _plain_values(instance)
        for h in claim.given:
            if not h.holds(instance):  # it is made from the values
                h.sample(rng, instance, instance)
        if instance["n"] != count or not all(h.holds(instance) for h in claim.given):
            return None
        drawn.append(instance)
    ways = [
        _along(
            claim,
            [
                {**instance, "path": path, "shrink": start * (COUNTS[0] / instance["n"]) ** power}
                for instance in drawn
            ],
        )
        for path in range(claim.paths)
        for start, power in ((0.5, 0), (0.03125, 0), (0.25, 1))
    ]
    ways += [
        _along(claim, way) for path in range(claim.paths) for way in _beside(claim, drawn, path)
    ]
    return settled([way for way in ways if way])


def _beside(claim: Leading, drawn: Sequence[Instance], path: int) -> Iterator[list[Instance]]:
    """Yield ways on which a scalar that grows does so like the logarithm of the number of keys.

    So the weight of all the other keys stays what it is, however many there are.
    """
    at = {**drawn[0], "path": path}
    first, last = (_symbols(claim, at, path, shrink) for shrink in (SHRINKS[0], SHRINKS[-1]))
    tied = {s.name for s in claim.given.ties}
    for name in sorted(set(first) - tied):
        if not last[name] > first[name]:
            continue
        for start in (1.0, 0.5):
            symbols = _symbols(claim, at, path, start)
            yield [
                {**instance, "path": path, "shrink": start,
                 "moved": _moved(claim, instance, symbols, {
                     name: 1 + np.log(instance["n"] / COUNTS[0]) / symbols[name]})}
                for instance in drawn
            ]  # fmt: skip


def _plain_values(instance: Instance) -> None:
    """Make all values alike but two, so that sums over the keys grow as their number does."""
    values = np.zeros_like(instance["v"])
    values[:, :2] = (0.6, -0.3)
    values[instance["i"] - 1, :2] = (1.0, 0.2)
    values[instance["j"] - 1, :2] = (-0.5, 0.9)
    instance["v"] = values


def settled(ways: Sequence[Sequence[Quotient]]) -> tuple[Quotient, bool] | None:
    """Return the largest last quotient of some ways, or the first that certainly grows."""
    for way in ways:
        if grows([point.value for point in way]):
            return way[-1], False
    for way in ways:
        # The square of a value is what a constant may be, without being called large.
        natural = 1 + float(np.max(np.sum(np.square(way[0].instance.get("v", 0.0)), axis=-1)))
        values = [point.value for point in way]
        if creeps(values) or (way[-1].value > natural and unsettled(values)):
            raise Unsettled("what is left out, over its order, does not settle")
    return (max((way[-1] for way in ways), key=lambda q: q.value), True) if ways else None


def grows(values: Sequence[float]) -> bool:
    """Tell whether a sequence certainly grows without bound: by a factor that does not fall.

    >>> grows([1, 2, 4, 8]), grows([1, 1.9, 2.5, 2.8]), grows([1, 2, 4])
    (True, False, False)
    """
    if len(values) < 4 or values[-1] < QUIET or values[-4] <= 0:
        return False
    factors = [b / a for a, b in zip(values[-4:], values[-3:])]
    return min(factors) >= FACTOR and bool(np.log(factors[-1]) >= 0.75 * np.log(factors[0]))


def creeps(values: Sequence[float]) -> bool:
    """Tell whether a sequence grows slowly and steadily, as a root or a small power does.

    It has the same factor from step to step; what tends to a constant has factors that tend to one.

    >>> creeps([1, 1.1, 1.21, 1.331]), creeps([1, 1.1, 1.15, 1.175])
    (True, False)
    """
    if len(values) < 4 or values[-1] < QUIET or values[-4] <= 0:
        return False
    steps = np.diff(np.log(values[-4:]))
    return bool(steps.min() >= np.log(1.08) and steps.max() <= 1.35 * steps.min())


def unsettled(values: Sequence[float]) -> bool:
    """Tell whether a sequence may still grow.

    >>> unsettled([1, 2, 3.8]), unsettled([1, 2, 2.2]), unsettled([1, 2, 3])
    (True, False, False)
    """
    if len(values) < 3 or values[-1] <= 1.3 * max(values[:-1]):
        return False
    return not (values[-3] > 0 and values[-1] / values[-2] < 0.9 * values[-2] / values[-3])


# ways ------------------------------------------------------------------------------------------


def _ways(claim: Leading, instance: Instance) -> Iterator[list[Instance]]:
    """Yield the ways through an instance: along a path, and from its middle each symbol alone, then all."""
    path = (instance["n"] + instance.get("i", 0)) % claim.paths if claim.paths > 1 else 0
    yield [{**instance, "path": path, "shrink": shrink} for shrink in SHRINKS]
    ends = [claim.exact({**instance, "path": path, "shrink": s}) for s in (SHRINKS[0], SHRINKS[-1])]
    if ends[0] is None or ends[1] is None:
        return
    first, last = (dict(end.symbols) for end in ends if end is not None)
    tied = {s.name for s in claim.given.ties}
    alone = [
        (start, {name: factor})
        for name in sorted(set(first) - tied)
        for start, factor in _moves(first[name], last[name])
    ]
    together = {name: factor for start, move in reversed(alone) for name, factor in move.items()}
    for start, move in (*alone, *([(SHRINKS[0], together)] if len(together) > 1 else [])):
        symbols = _symbols(claim, instance, path, start)
        at = {**instance, "path": path, "shrink": start}
        yield [at] + [
            {**at, "moved": _moved(claim, at, symbols, {k: f**step for k, f in move.items()})}
            for step in range(1, 5)
        ]


def _symbols(claim: Leading, instance: Instance, path: int, shrink: float) -> Mapping[str, float]:
    found = claim.exact({**instance, "path": path, "shrink": shrink})
    return {} if found is None else found.symbols


def _moves(first: float, last: float) -> Iterator[tuple[float, float]]:
    """Yield where a symbol starts on its path, and by which factor it moves from there alone."""
    if last > first:
        yield SHRINKS[0], 2**0.5
        if last < 4 * first:  # further on the path lies beyond what it moves to by itself
            yield SHRINKS[3], 2**0.5
    elif last < first:
        yield SHRINKS[1], 0.25
    else:  # the path holds it: it may be as large, or as small, as what is given allows
        yield SHRINKS[2], 8.0
        yield SHRINKS[2], 0.125


def _moved(
    claim: Leading, instance: Instance, symbols: Mapping[str, float], by: Mapping[str, float]
) -> dict[str, float]:
    """Return the symbols of a path with some of them moved by factors, and what is tied to them."""
    symbols = {name: value * by.get(name, 1.0) for name, value in symbols.items()}
    for h in claim.given:
        for tied in h.ties():
            if tied.name in symbols:
                made = {**instance, **symbols}
                h.sample(np.random.default_rng(0), made, made)
                symbols[tied.name] = made[tied.name]
    return symbols


def _along(claim: Leading, way: Sequence[Instance]) -> list[Quotient]:
    """Return the quotients along a way, where floats show the order; too few of them are none."""
    found = [q for at in way if (q := _quotient(claim, at)) is not None]
    return found if len(found) >= 3 else []


def _quotient(claim: Leading, at: Instance) -> Quotient | None:
    exact = claim.exact(at)
    if exact is None:
        return None
    here = {**at, **exact.symbols}
    left = np.asarray(exact.value, dtype=float)
    right, order = (np.asarray(compiled(x)(here), dtype=float) for x in (claim.right, claim.order))
    if not all(np.all(np.isfinite(x)) for x in (left, right, order)):
        return None
    if any(abs(compiled(x)(here)) > SMALL for h in claim.given for x in getattr(h, "small", ())):
        return None
    # What cancels from values of size one keeps an absolute rounding error.
    rounding = 1e-12 * float(np.max(np.abs(left), initial=0)) + 2e-14
    if not float(order) > rounding:
        return None
    gap = max(float(np.max(np.abs(left - right), initial=0)) - rounding, 0.0)
    return Quotient(here, left, right, gap / float(order))
