"""Orders: what a leading part leaves out, over its stated order, on every way to the limit.

The ways are the author's paths and, beside them, each symbol by itself and the number of keys.  A
bound holds when the quotient stays bounded on each; how large it is says nothing, for a constant may
be large.  It fails where the quotient certainly grows, by about one factor from step to step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np

from symattn.algebra.arrays import compiled
from symattn.claims import Leading
from symattn.errors import SymattnError
from symattn.hypotheses.base import Given, Instance

SHRINKS = (0.25, 0.125, 0.0625, 0.03125, 0.015625)
STEPS = 5
"""So many points of a way are looked at, and so many more of one along which a quotient grows."""
FEWEST = 3
MOST = 96
"""Keys at the start of the ways on which their number doubles, and at their end."""
SMALL = 0.1
"""What is given as small against 1 is at most this."""
ROUNDING = 2e-14
"""What cancels from values of size one keeps an absolute rounding error."""
FACTOR = 1.3
"""From step to step a quotient that lacks a power of what is halved or doubled grows by more."""
QUIET = 0.15
"""A quotient this small is no growth: what is small against 1 may still be what it grows like."""


Way: TypeAlias = Callable[[int], Instance | None]
"""A way to the limit: the instance after so many steps, or None where there is none."""


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
    return settled(claim, _ways(claim, instance))


def along_path(claim: Leading, instance: Instance, path: int = 0) -> list[Quotient]:
    """Return the quotients along one path of the author; too few of them are none."""
    found = quotients(claim, partial(_on_path, {**instance, "path": path}))
    return found if len(found) >= 3 else []


def over_counts(claim: Leading, seed: int) -> tuple[Quotient, bool] | None:
    """Return the largest quotient as the number of keys grows, and whether it stays bounded.

    The parameters stay, or shrink as the number of keys grows; None where that number is given.

    Raises
    ------
    Unsettled : along a way floats do not tell.
    """
    drawn = _counted(claim.given, seed)
    if any(drawn(step) is None for step in range(STEPS)):
        return None
    ways: list[Way] = [
        partial(_with_count, drawn, {"path": path}, start, power)
        for path in range(claim.paths)
        for start, power in ((0.5, 0), (0.03125, 0), (0.25, 1))
    ]
    ways += [way for path in range(claim.paths) for way in _beside(claim, drawn, path)]
    return settled(claim, ways)


class _Counted:
    """Instances of more and more keys, each drawn when it is asked for and kept."""

    def __init__(self, given: Given, seed: int) -> None:
        self.given, self.rng = given, np.random.default_rng([seed, *"".join(given.latex).encode()])
        self.drawn: list[Instance | None] = []

    def __call__(self, step: int) -> Instance | None:
        while len(self.drawn) <= step:
            count = FEWEST * 2 ** len(self.drawn)
            self.drawn.append(self._drawn(count) if count <= MOST else None)
        return self.drawn[step]

    def _drawn(self, count: int) -> Instance | None:
        given, rng = self.given, self.rng
        try:
            instance = given.sample(rng, {"n": count, "d": 2, "s": 1, "t": 1})
        except (ValueError, LookupError):
            return None
        _plain_values(instance)
        again = False
        for h in given:
            if not h.holds(instance):  # it is made from the values
                h.sample(rng, instance, instance)
                again = True
        right = instance["n"] == count and not (again and any(not h.holds(instance) for h in given))
        return instance if right else None


@lru_cache(maxsize=32)
def _counted(given: Given, seed: int) -> _Counted:
    """Return the instances of more and more keys, the same for every claim of the same hypotheses."""
    return _Counted(given, seed)


def _with_count(
    drawn: _Counted, at: Instance, start: float, power: int, step: int
) -> Instance | None:
    instance = drawn(step)
    return None if instance is None else {**instance, **at, "shrink": start * 0.5 ** (step * power)}


def _beside(claim: Leading, drawn: _Counted, path: int) -> Iterator[Way]:
    """Yield ways on which a scalar that grows does so like the logarithm of the number of keys.

    So the weight of all the other keys stays what it is, however many there are.
    """
    at = {**(drawn(0) or {}), "path": path}
    first, last = (_symbols(claim, at, path, shrink) for shrink in (SHRINKS[0], SHRINKS[-1]))
    tied = {s.name for s in claim.given.ties}
    for name in sorted(set(first) - tied):
        if not last[name] > first[name]:
            continue
        for start in (1.0, 0.5):
            symbols = _symbols(claim, at, path, start)

            def point(
                step: int, name: str = name, start: float = start, of: Mapping[str, float] = symbols
            ) -> Instance | None:
                instance = drawn(step)
                if instance is None:
                    return None
                by = {name: 1 + np.log(2.0**step) / of[name]}
                moved = _moved(claim, instance, of, by)
                return {**instance, "path": path, "shrink": start, "moved": moved}

            yield point


def _plain_values(instance: Instance) -> None:
    """Make all values alike but two, so that sums over the keys grow as their number does."""
    values = np.zeros_like(instance["v"])
    values[:, :2] = (0.6, -0.3)
    values[instance["i"] - 1, :2] = (1.0, 0.2)
    values[instance["j"] - 1, :2] = (-0.5, 0.9)
    instance["v"] = values


def settled(claim: Leading, ways: Iterable[Way]) -> tuple[Quotient, bool] | None:
    """Return the largest last quotient of some ways, or the first that certainly grows.

    A quotient that rises at the end of what was followed is followed as far again: it may settle.
    """
    found = []
    for way in ways:
        along = quotients(claim, way)
        if len(along) < 3:
            continue
        values = [point.value for point in along]
        rises = values[-1] > max(QUIET, 1.3 * max(values[:-1]))
        further = quotients(claim, way, STEPS) if rises else []
        along += further
        if grows([point.value for point in along]):
            if further or _certainly(values):
                return along[-1], False
            raise Unsettled("what is left out, over its order, grows as far as floats show it")
        found.append(along)
    for along in found:
        # The square of a value is what a constant may be, without being called large.
        natural = 1 + float(np.max(np.sum(np.square(along[0].instance.get("v", 0.0)), axis=-1)))
        values = [point.value for point in along]
        if creeps(values) or (values[-1] > natural and unsettled(values)):
            raise Unsettled("what is left out, over its order, does not settle")
    return (max((along[-1] for along in found), key=lambda q: q.value), True) if found else None


def grows(values: Sequence[float]) -> bool:
    """Tell whether a sequence certainly grows without bound: by a factor that does not fall.

    >>> grows([1, 2, 4, 8]), grows([1, 1.9, 2.5, 2.8]), grows([1, 2, 4])
    (True, False, False)
    """
    if len(values) < 4 or values[-1] < QUIET or values[-4] <= 0:
        return False
    factors = [b / a for a, b in zip(values[-4:], values[-3:])]
    return min(factors) >= FACTOR and bool(np.log(factors[-1]) >= 0.75 * np.log(factors[0]))


def _certainly(values: Sequence[float]) -> bool:
    """Tell whether a sequence grows by one factor, as a power does, or faster, or much.

    >>> [_certainly(v) for v in ([1, 1.5, 2.25, 3.4], [1, 2, 6, 40], [1, 1.75, 2.6, 4])]
    [True, True, False]
    """
    steps = np.diff(np.log(values[-4:]))
    return bool(np.all(steps[1:] >= 0.95 * steps[:-1])) or values[-1] > 6 * values[-4]


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
    """Tell whether a sequence may still grow: it rises, and its last step is no smaller.

    >>> unsettled([1, 2, 3.8]), unsettled([1, 2, 3]), unsettled([1, 2, 2.6])
    (True, True, False)
    """
    if len(values) < 3 or values[-1] <= 1.3 * max(values[:-1]):
        return False
    return values[-1] - values[-2] > 0.8 * (values[-2] - values[-3])


# ways ------------------------------------------------------------------------------------------


def quotients(claim: Leading, way: Way, start: int = 0) -> list[Quotient]:
    """Return the quotients at `STEPS` points from a step on, where floats show the order."""
    points = [way(step) for step in range(start, start + STEPS)]
    return [q for at in points if at is not None and (q := _quotient(claim, at)) is not None]


def _ways(claim: Leading, instance: Instance) -> Iterator[Way]:
    """Yield the ways through an instance: along a path, and from its middle each symbol alone, then all."""
    path = (instance["n"] + instance.get("i", 0)) % claim.paths if claim.paths > 1 else 0
    yield partial(_on_path, {**instance, "path": path})
    first, last = (_symbols(claim, instance, path, s) for s in (SHRINKS[0], SHRINKS[-1]))
    tied = {s.name for s in claim.given.ties}
    alone = [
        (start, {name: factor})
        for name in sorted(set(first) - tied)
        for start, factor in _moves(first[name], last[name])
    ]
    together = {name: factor for start, move in reversed(alone) for name, factor in move.items()}
    for start, move in (*alone, *([(SHRINKS[0], together)] if len(together) > 1 else [])):
        at = {**instance, "path": path, "shrink": start}
        symbols = _symbols(claim, instance, path, start)
        yield partial(_step, claim, at, symbols, move)
        if move != together and all(last[name] > first[name] for name in move):
            shrinking = [name for name in set(first) - tied if last[name] < first[name]]
            edge = _edge(claim, at, symbols, move, shrinking)
            if edge is not None:
                yield partial(_step, claim, at, edge, move)


def _edge(
    claim: Leading,
    at: Instance,
    symbols: Mapping[str, float],
    move: Mapping[str, float],
    shrinking: Sequence[str],
) -> Mapping[str, float] | None:
    """Return the symbols with those that shrink as large as what is given allows to the end of a way.

    A path of the author's may keep a symbol so small that what it multiplies is never seen.
    """
    found = None
    for power in range(1, 40) if shrinking else ():
        larger = {k: v * 4.0**power if k in shrinking else v for k, v in symbols.items()}
        end = _step(claim, at, larger, move, STEPS - 1)
        here = {**at, **end.get("moved", {})}
        small = [x for h in claim.given for x in getattr(h, "small", ())]
        if not small or any(abs(compiled(x)(here)) > SMALL for x in small):
            return found
        found = larger
    return found


def _on_path(at: Instance, step: int) -> Instance:
    return {**at, "shrink": SHRINKS[0] * 0.5**step}


def _step(
    claim: Leading, at: Instance, symbols: Mapping[str, float], move: Mapping[str, float], step: int
) -> Instance:
    by = {name: factor**step for name, factor in move.items()}
    return {**at, "moved": _moved(claim, at, symbols, by)}


def _symbols(claim: Leading, instance: Instance, path: int, shrink: float) -> Mapping[str, float]:
    at = {**instance, "path": path, "shrink": shrink}
    return claim.exact.symbols(at)  # type: ignore[attr-defined,no-any-return]


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


def _quotient(claim: Leading, at: Instance) -> Quotient | None:
    here = {**at, **claim.exact.symbols(at)}  # type: ignore[attr-defined]
    if any(abs(compiled(x)(here)) > SMALL for h in claim.given for x in getattr(h, "small", ())):
        return None
    right, order = (np.asarray(compiled(x)(here), dtype=float) for x in (claim.right, claim.order))
    if not float(order) > ROUNDING:
        return None
    exact = claim.exact(at)
    if exact is None:
        return None
    left = np.asarray(exact.value, dtype=float)
    if not all(np.all(np.isfinite(x)) for x in (left, right, order)):
        return None
    rounding = 1e-12 * float(np.max(np.abs(left), initial=0)) + ROUNDING
    if not float(order) > rounding:
        return None
    gap = max(float(np.max(np.abs(left - right), initial=0)) - rounding, 0.0)
    return Quotient(here, left, right, gap / float(order))
