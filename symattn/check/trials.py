"""Trials: a claim measured at one instance, the printed side against plain NumPy.

The left side comes from plain NumPy and the definition; the right side is the claim's own
expression, lambdified.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import numpy as np
from sympy import Expr, S, Symbol

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.plain import elementwise
from symattn.check.draws import Far, met
from symattn.check.exactly import exactly
from symattn.check.oracle import Estimate
from symattn.check.orders import Quotient, Unsettled, worst_quotient
from symattn.claims import (
    Claim,
    Equivalent,
    Identity,
    Inequality,
    IntegralTends,
    Leading,
    Minimal,
    Solution,
    Tends,
)
from symattn.claims.definitions import Evaluated
from symattn.errors import ShapeError, SymattnError
from symattn.hypotheses.base import Instance

TOLERANCE = 1e-9
SIGMAS = 5.0
NUDGES = 6
"""How often an instance where two sides differ is moved by its last digits."""
DOUBTFUL = 1e-4
"""Sides of an identity that differ by less are evaluated once more with many digits."""


@dataclass(frozen=True)
class Point:
    """One instance with both values: `agrees`, and by how much they differ.

    unit : of the difference: 'relative', 'standard errors' of a sampled value, or times the
        stated 'order' of what a leading term leaves out.
    moved : along a limit, whether the left side does.
    """

    instance: Instance
    left: Any
    right: Any
    difference: float
    agrees: bool
    unit: str = "relative"
    moved: bool = True


def trial(claim: Claim, instance: Instance) -> Point | None:
    """Measure one instance; None when either side is not a finite number."""
    # Far out a term may be infinite and what is divided by it 0: such a value is none.
    over: Literal["raise", "ignore"] = "raise" if isinstance(instance, Far) else "ignore"
    with warnings.catch_warnings(), np.errstate(all="ignore", over=over):
        warnings.simplefilter("ignore", RuntimeWarning)
        return next(measured for kind, measured in TRIALS if isinstance(claim, kind))(
            claim, instance
        )


def _value(claim: Claim, x: Expr, instance: Instance) -> Any:
    """Return the value of a side; what a name stands for on it is taken from the definitions."""
    names = getattr(claim.oracle, "names", None)
    if names is not None and any(name not in instance for name in needed(x)):
        instance = dict(instance)
        for one in names.needed_for(x):
            instance[one.name] = one.array(instance)
    try:
        return np.asarray(compiled(x)(instance), dtype=float)
    except ZeroDivisionError:  # of whole numbers; of floats it is infinite
        return np.asarray(np.nan)


def _finite(*values: Any) -> bool:
    return all(np.all(np.isfinite(v)) for v in values)


def relative(left: Any, right: Any) -> float:
    """Return the largest difference over the largest magnitude; shapes must be equal."""
    left, right = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if left.shape != right.shape:
        raise ShapeError(f"the left side has shape {left.shape}, the right side {right.shape}")
    size = max(float(np.max(np.abs(left), initial=0)), float(np.max(np.abs(right), initial=0)))
    gap = float(np.max(np.abs(left - right), initial=0))
    return gap / size if size > 0 else 0.0


class Undefined(SymattnError):
    """The left side has a finite value and the right side has none."""


class Slow(SymattnError):
    """Floats along the approach do not tell whether the limit is reached."""


class MovingLimit(SymattnError):
    """What is stated as a limit, or as where a function is least, moves with the variable."""


def _equal(claim: Claim, instance: Instance) -> Point | None:
    left = claim.oracle(instance)
    if left is None:  # a statistic that its law does not compute here
        return None
    right = _value(claim, claim.right, instance)
    if not isinstance(left, Estimate) and _finite(left) and not _finite(right):
        raise Undefined("the right side has no finite value")
    if isinstance(left, Estimate):
        return _sampled(instance, left, right)
    if not _finite(left, right):
        return None
    if np.shape(left) != right.shape and right.shape == () and float(right) == 0:
        right = np.zeros(np.shape(left))
    difference = relative(left, right)
    tiny = max(float(np.max(np.abs(left), initial=0)), float(np.max(np.abs(right), initial=0)))
    if tiny < (
        1e-8 if isinstance(instance, Far) else 1e-11
    ):  # both are rounding noise: they agree as zeros
        return Point(instance, left, right, tiny, True)
    # What cancels from terms of size one keeps an absolute rounding error of about 1e-15.
    allowed = TOLERANCE + 1e-14 / tiny
    agrees = difference <= allowed
    if not agrees and difference < DOUBTFUL and isinstance(claim, Identity):
        # Terms that cancel may have lost the digits: with many of them the sides may agree.
        found = exactly(claim.left - claim.right, instance)
        agrees = found is not None and bool(np.max(np.abs(found)) <= TOLERANCE * tiny)
    if not agrees and _shaky(claim, instance, left, right):
        return None
    return Point(instance, left, right, difference, agrees)


def _shaky(claim: Claim, instance: Instance, left: Any, right: Any) -> bool:
    """Tell whether the last digits of an instance explain how far its two sides are apart.

    An instance meets its hypotheses but for rounding, and its numbers are rounded themselves: sides
    that move as far when each is moved by that are not told apart there.
    """
    rng, gap = np.random.default_rng(0), float(np.max(np.abs(left - right)))
    for _ in range(NUDGES):
        moved = {name: _nudged(value, rng) for name, value in instance.items()}
        others = claim.oracle(moved), _value(claim, claim.right, moved)
        if not _finite(*others):
            return True
        change = max(float(np.max(np.abs(a - b))) for a, b in zip((left, right), others))
        if 0 < gap <= 10 * change:
            return True
    return False


def _nudged(value: Any, rng: np.random.Generator) -> Any:
    """Return a real number, or an array of such, with its last digits moved; whole ones stay."""
    if not isinstance(value, float) and getattr(value, "dtype", None) != np.float64:
        return value
    return value * (1 + 1e-14 * rng.uniform(-1, 1, size=np.shape(value)))


def _sampled(instance: Instance, left: Estimate, right: Any) -> Point | None:
    if not _finite(left.value, left.error, right):
        return None
    floor = 1e-12 + 1e-9 * np.abs(right)
    deviation = np.max(np.abs(left.value - right) / (np.asarray(left.error) + floor))
    agrees = bool(deviation <= SIGMAS)
    return Point(instance, left.value, right, float(deviation), agrees, "standard errors")


def _solution(claim: Solution, instance: Instance) -> Point | None:
    """Every claim that the specification makes of the candidate must agree."""
    worst: Point | None = None
    for required in claim.required:
        point = trial(required, instance)
        if point is None or not point.agrees:
            return point
        if worst is None or point.difference > worst.difference:
            worst = point
    return worst


def _tends(claim: Tends | IntegralTends, instance: Instance) -> Point | None:
    """The distance must shrink along the approach, be small at its end, and vanish beyond it.

    What lies beyond is extrapolated: the differences between steps that grow by one factor fall by
    one factor where the value is a constant plus powers of the variable, so that a constant that
    is off by less than the distance at the end is seen.
    """
    name = claim.variable.name
    if claim.right.has(claim.variable):
        raise MovingLimit(f"what is stated as the limit holds {claim.variable}")
    steps: tuple[float, ...] = (1e-2, 1e-4, 1e-6, 1e-8)
    if isinstance(claim, IntegralTends) or claim.point.is_infinite:
        # What is integrated over a wide normal variable costs as much as that is wide.
        steps = tuple(
            4.0 * 3.0**power for power in range(5 if isinstance(claim, IntegralTends) else 9)
        )
    if isinstance(claim, Tends) and claim.point == S.NegativeInfinity:
        steps = tuple(-step for step in steps)
    if claim.right.is_infinite:
        return _diverges(claim, instance, name, steps[:4])
    gaps: list[float] = []
    values: list[np.ndarray] = []
    left = right = np.zeros(1)
    for step in steps:
        at = {**instance, name: step}
        before = left, right
        left, right = np.asarray(claim.oracle(at), dtype=float), _value(claim, claim.right, at)
        if not _finite(left, right):
            if len(gaps) < 4:
                return None
            left, right = before
            break
        values.append(left)
        if left.shape != right.shape and right.shape == () and float(right) == 0:
            right = np.zeros(left.shape)
        gaps.append(relative(left, right) if np.any(right) else float(np.max(np.abs(left))))
        if len(gaps) >= 4 and gaps[-1] < 1e-12:
            break
    here = {**instance, name: steps[len(gaps) - 1]}
    moved = any(not np.array_equal(values[0], value) for value in values)
    falls = all(b <= a * (1 + 1e-9) or b < 1e-9 for a, b in zip(gaps, gaps[1:]))
    if falls and gaps[-1] < 1e-9:
        return Point(here, left, right, gaps[-1], True, moved=moved)
    size = max(float(np.max(np.abs(x))) for x in (*values, right))
    beyond, unsure = _beyond(values)
    off, unsure = float(np.max(np.abs(beyond - right))) / size, unsure / size
    if unsure < 1e-4 and off <= max(1e-7, 5 * unsure) and falls:
        return Point(here, left, right, off, True, moved=moved)
    if unsure < 1e-4 and off > max(1e-6, 20 * unsure):
        return Point(here, left, right, off, False, moved=moved)
    raise Slow("where the approach ends, floats do not tell yet what is reached")


def _beyond(values: list[np.ndarray]) -> tuple[np.ndarray, float]:
    """Return where a sequence tends, by Aitken's rule, and by how much the rule changed last."""

    def rule(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
        first, second = b - a, c - b
        with np.errstate(all="ignore"):
            rest = second**2 / (first - second)
        return np.asarray(c + np.where(np.abs(second) < 0.95 * np.abs(first), rest, second))

    last, before = rule(*values[-3:]), rule(*values[-4:-1])
    return last, float(np.max(np.abs(last - before)))


def _diverges(
    claim: Tends | IntegralTends, instance: Instance, name: str, steps: tuple[float, ...]
) -> Point | None:
    """The values must rise all the way, and not come to rest."""
    sign = 1.0 if claim.right == S.Infinity else -1.0
    values: list[float] = []
    for step in steps:
        values.append(float(claim.oracle({**instance, name: step})))
        if values[-1] == sign * np.inf:  # as far as floats go
            break
    if len(values) < 2 or not _finite(values[:-1]) or np.isnan(values[-1]):
        return None
    rises = [sign * (b - a) for a, b in zip(values, values[1:])]
    agrees = all(rise > 0 for rise in rises)
    if all(rise >= 0 for rise in rises) and len(rises) > 1 and rises[-1] < 0.6 * rises[-2]:
        raise Slow("it rises ever more slowly, perhaps to a bound")
    return Point(instance, values[-1], float(sign * np.inf), 0.0 if agrees else 1.0, agrees)


def _inequality(claim: Inequality, instance: Instance) -> Point | None:
    left, right = (
        np.asarray(claim.oracle(instance), dtype=float),
        _value(claim, claim.right, instance),
    )
    if not _finite(left, right):
        if _finite(left):
            raise Undefined("the right side has no finite value")
        return None
    gap = right - left if claim.upward else left - right
    room = 1e-12 * (np.abs(left) + np.abs(right)) + 1e-13
    if isinstance(instance, Far):  # an exponential of 700 loses three digits more
        room = 1e4 * room
    strict = claim.relation in ("<", ">")
    if strict and isinstance(instance, Far) and np.all(gap >= -room) and np.any(gap <= room):
        return None  # so far out the two sides may be one float
    holds = bool(np.all(gap > 0) if strict else np.all(gap >= -room))
    if not holds:
        # What cancels inside a side is not seen by floats: with many digits it is.
        upward = claim.right - claim.left
        found = exactly(upward if claim.upward else -upward, instance)
        holds = found is not None and bool(np.all(found > 0 if strict else found >= -room))
    if not holds and _shaky(claim, instance, left, right):
        return None
    worst = float(np.max(-gap / np.maximum(np.abs(right), 1e-300)))
    return Point(instance, left, right, max(worst, 0.0), holds)


def _equivalent(claim: Equivalent, instance: Instance) -> Point | None:
    """Both conditions must hold or fail together: here, and close to either side of the boundary."""
    point = _both_hold(claim, instance)
    if point is None or not point.agrees:
        return point
    for near in _beside_boundary(claim, instance):
        other = _both_hold(claim, near)
        if other is not None and not other.agrees:
            return other
    return point


def _both_hold(claim: Equivalent, instance: Instance) -> Point | None:
    first, second = claim.oracle(instance), _value(claim, claim.second.gap, instance)
    stated = _value(claim, claim.first.gap, instance)
    if not _finite(first, second) or abs(float(first)) < 1e-9 or abs(float(second)) < 1e-9:
        return None  # too near the boundary for rounding to decide
    a, b = float(first) > 0, float(second) > 0
    if (float(stated) > 0) != a:  # the first condition is not what the oracle says
        return Point(instance, a, not a, 1.0, False)
    return Point(instance, a, b, float(a != b), a == b)


def _beside_boundary(claim: Equivalent, instance: Instance) -> Iterator[Instance]:
    """Yield instances where the second condition has only just become true, or false.

    One scalar moves, the others stay; what then misses a hypothesis is left out.
    """
    gap = compiled(claim.second.gap)
    symbols = (claim.right.free_symbols | claim.second_left.free_symbols) - {None}
    for name in sorted(s.name for s in symbols if isinstance(s, Symbol) and not s.is_integer):
        if not isinstance(instance.get(name), float) or instance[name] <= 0:
            continue

        def sign(log_value: float, name: str = name) -> float:
            return float(np.sign(gap({**instance, name: float(np.exp(log_value))})))

        grid = np.log(instance[name]) + np.linspace(-3, 3, 13)
        signs = [sign(g) for g in grid]
        turns = [at for at in range(12) if signs[at] * signs[at + 1] < 0]
        if not turns:
            continue
        low, high, before = grid[turns[0]], grid[turns[0] + 1], signs[turns[0]]
        for _ in range(16):  # to a hundredth of how far beside it the instances are
            middle = (low + high) / 2
            low, high = (middle, high) if sign(middle) == before else (low, middle)
        for side in (-1e-3, 1e-3):
            near = {**instance, name: float(np.exp(low + side))}
            if met(claim.given, near):
                yield near
        return


def _minimal(claim: Minimal, instance: Instance) -> Point | None:
    """No place of the domain has a smaller value, and Newton's step from the claimed one is none."""
    symbol = claim.variable
    name, at = symbol.name, float(_value(claim, claim.right, instance))
    curve = _curve(claim, instance)
    if claim.right.has(symbol):
        raise MovingLimit(f"what is stated as the place holds {symbol}")
    if not np.isfinite(at):
        return None

    def inside(x: float) -> bool:
        return (not symbol.is_positive or x > 0) and met(claim.given, {**instance, name: x})

    least = float(curve(np.array([at]))[0])
    span = abs(at) if at else 1.0
    steps = span * np.exp(np.linspace(-14, 14, 141))
    places = steps if symbol.is_positive else np.array([*steps, *(-steps), 0.0])
    values = curve(places)
    values = np.where(np.isnan(values), np.inf, values)
    if at == 0 and symbol.is_positive:  # it falls all the way to the end
        values = values[[inside(x) for x in places]]
        rises = bool(np.all(np.diff(values[:70]) >= 0))
        if len(values):
            return Point(instance, 0.0, at, 0.0, rises and least <= values.min())
    by_value = (float(places[p]) for p in np.argsort(values, kind="stable"))
    if not inside(at) or not np.isfinite(least):
        return Point(instance, next(filter(inside, by_value), np.nan), at, 1.0, False)
    lower = int(np.sum(values < least - 1e-12 * abs(least)))
    best = next(filter(inside, islice(by_value, lower)), None)
    if best is not None:
        return Point(instance, best, at, 1.0, False)
    off, unsure = _newton(curve, at)
    if not unsure < 1e-3:
        raise Slow("floats do not tell how the function bends at the place")
    agrees = off <= max(1e-10, 10 * unsure) and unsure < 1e-7
    if not agrees and off < 20 * unsure:
        raise Slow("floats do not tell whether the place is the least")
    return Point(instance, at * (1 + off), at, off, agrees)


def _curve(claim: Minimal, instance: Instance) -> Callable[[np.ndarray], np.ndarray]:
    """Return what is to be least at each of several places: at once where its letters are scalars."""
    oracle, symbol = claim.oracle, claim.variable
    if isinstance(oracle, Evaluated) and not oracle.needed and elementwise(oracle.shown, symbol):
        return lambda xs: np.zeros(len(xs)) + oracle({**instance, symbol.name: xs})
    return lambda xs: np.array([float(oracle({**instance, symbol.name: float(x)})) for x in xs])


def _newton(curve: Callable[[np.ndarray], np.ndarray], at: float) -> tuple[float, float]:
    """Return Newton's step towards the least value, relative to the place, and its uncertainty.

    Slope and curvature are central differences of sixth order, at the step where they change least.
    """
    size = abs(at) if at else 1.0
    found = []
    for h in (0.1, 0.03, 0.01, 0.003, 0.001):
        ks = np.array([-1, -2, -3, 0, 1, 2, 3])
        below, here, above = np.split(curve(at + ks * h * size), (3, 4))
        slope = np.array([45, -9, 1]) @ (above - below) / 60
        bend = np.array([270, -27, 2]) @ (above + below - 2 * here) / 180
        found.append(h * slope / bend if bend > 0 else np.nan)
    changes = np.abs(np.diff(found))
    if np.all(np.isnan(changes)):
        return np.inf, np.inf
    best = int(np.nanargmin(changes))
    return abs(float(found[best + 1])), float(changes[best])


def _leading(claim: Leading, instance: Instance) -> Point | None:
    """What is left out, over its order, must stay bounded on the ways through the instance."""
    return of_order(lambda: worst_quotient(claim, instance))


def of_order(find: Callable[[], tuple[Quotient, bool] | None]) -> Point | None:
    """Return a quotient of what is left out as a point.

    Raises
    ------
    Slow : floats do not tell whether it stays bounded.
    """
    try:
        found = find()
    except Unsettled as error:
        raise Slow(error.message) from error
    if found is None:
        return None
    at, bounded = found
    return Point(at.instance, at.left, at.right, at.value, bounded, "orders")


TRIALS: tuple[tuple[Any, Callable[[Any, Instance], Point | None]], ...] = (
    (Solution, _solution),
    ((Tends, IntegralTends), _tends),
    (Inequality, _inequality),
    (Equivalent, _equivalent),
    (Minimal, _minimal),
    (Leading, _leading),
    (Claim, _equal),
)
"""How a claim of a kind is measured; the first that fits is taken."""
