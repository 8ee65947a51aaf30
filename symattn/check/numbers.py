"""Numbers: a claim measured on instances that meet its hypotheses, against the oracle.

The left side comes from plain NumPy and the definition; the right side is the claim's own
expression, lambdified.  A point that raised, or that gave no finite number, is not a point that
agreed.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sympy import Expr, S, Symbol

from symattn.algebra.arrays import compiled, needed
from symattn.check.oracle import Estimate
from symattn.check.verdict import Counterexample, Evidence
from symattn.claims import (
    Claim,
    Equivalent,
    Inequality,
    IntegralTends,
    Leading,
    Minimal,
    Solution,
    Tends,
)
from symattn.errors import BudgetExceeded, ShapeError, SymattnError
from symattn.hypotheses.base import Instance

MINIMUM = 12
TOLERANCE = 1e-9
APART = 1e-3
"""A strict inequality whose sides come closer than this, relatively, is not for numbers to say."""
SIGMAS = 5.0
SIZES: tuple[dict[str, int], ...] = (
    {"n": 2, "d": 2, "s": 1, "t": 1},
    {"n": 3, "d": 4, "s": 2, "t": 1},
    {"n": 4, "d": 3, "s": 2, "t": 2},
    {"n": 5, "d": 7, "s": 3, "t": 2},
    {"n": 8, "d": 12, "s": 3, "t": 4},
    {"n": 12, "d": 5, "s": 4, "t": 2},
)


@dataclass(frozen=True)
class Plan:
    """How many instances, and from which seed."""

    seed: int = 0
    instances: int = 24


@dataclass(frozen=True)
class Point:
    """One instance with both values: `agrees`, and by how much they differ.

    unit : of the difference: 'relative', 'standard errors' of a sampled value, or times the
        stated 'order' of what a leading term leaves out.
    """

    instance: Instance
    left: Any
    right: Any
    difference: float
    agrees: bool
    unit: str = "relative"


def instances(claim: Claim, plan: Plan) -> Iterator[Instance]:
    """Yield instances that meet the claim's hypotheses, over sizes, signs and scales.

    An inequality takes three times as many: most instances are far from where it is attained.
    """
    rng = np.random.default_rng([plan.seed, *claim.name.encode()])
    symbols = sorted(symbols_of(claim), key=lambda s: s.name)
    for turn in range(plan.instances * (3 if isinstance(claim, Inequality) else 1)):
        sizes = dict(SIZES[turn % len(SIZES)])
        instance = claim.given.sample(rng, sizes)
        fill(symbols, claim.ranges, rng, instance)
        yield instance


class Drawn:
    """The instances of a claim, each drawn when it is first asked for, and kept."""

    def __init__(self, claim: Claim, plan: Plan) -> None:
        self.source = instances(claim, plan)
        self.kept: list[Instance] = []

    def __iter__(self) -> Iterator[Instance]:
        yield from self.kept
        for instance in self.source:
            self.kept.append(instance)
            yield instance


def fill(
    symbols: Sequence[Symbol],
    ranges: Mapping[str, tuple[float, float]],
    rng: np.random.Generator,
    instance: Instance,
) -> None:
    """Draw the free scalars that no hypothesis has drawn: both signs where the symbol has both."""
    for symbol in symbols:
        if symbol.name in instance:
            continue
        if symbol.name in ranges:
            low, high = ranges[symbol.name]
            instance[symbol.name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
            continue
        if symbol.is_integer:
            instance[symbol.name] = int(rng.integers(1, instance["n"] + 1))
            continue
        size = float(np.exp(rng.uniform(np.log(0.05), np.log(4.0))))
        signed = symbol.is_positive or symbol.is_nonnegative
        instance[symbol.name] = size if signed or rng.uniform() < 0.5 else -size


def completed(claim: Claim, instance: Instance, rng: np.random.Generator) -> Instance:
    """Return an instance of another claim with what this claim's right side needs besides."""
    missing = [name for name in needed(claim.right) if name not in instance]
    if not missing:
        return instance
    more = dict(instance)
    symbols = [s for s in claim.right.free_symbols if isinstance(s, Symbol) and s.name in missing]
    fill(sorted(symbols, key=lambda s: s.name), claim.ranges, rng, more)
    return more


def symbols_of(claim: Claim) -> set[Symbol]:
    """Return the symbols that an instance of a claim gives values to."""
    found: set[Symbol] = set()
    for term in (*claim.terms, *(o for o in _more_terms(claim))):
        names = needed(term)
        found |= {s for s in term.free_symbols if isinstance(s, Symbol) and s.name in names}
    return found


def _more_terms(claim: Claim) -> Iterator[Expr]:
    for name in ("left", "f", "second_left"):
        value = getattr(claim, name, None)
        if isinstance(value, Expr):
            yield value
    if isinstance(claim, (Tends, IntegralTends)):
        yield claim.variable
    if isinstance(claim, Solution):
        for required in claim.required:
            yield from _more_terms(required)
            yield from required.terms


class Remembered:
    """An oracle that keeps its values: what does not depend on a mutant is computed once."""

    def __init__(self, call: Callable[[Instance], Any]) -> None:
        self.call = call
        self.known: dict[tuple[Any, ...], tuple[Instance, Any]] = {}

    def __call__(self, instance: Instance) -> Any:
        # Arrays are told apart by identity; keeping the instance keeps them alive.
        key = tuple(sorted((k, v if np.isscalar(v) else id(v)) for k, v in instance.items()))
        if key not in self.known:
            self.known[key] = (instance, self.call(instance))
        return self.known[key][1]


def remembered(claim: Claim) -> Claim:
    """Return the claim with an oracle that keeps its values, for its mutants to share."""
    kept = replace(claim, oracle=Remembered(claim.oracle))
    if not isinstance(kept, Leading):
        return kept
    return replace(kept, exact=Remembered(kept.exact))


def measure(
    claim: Claim, plan: Plan | None = None, at: Iterable[Instance] | None = None
) -> tuple[Evidence, Counterexample | None]:
    """Return the evidence of numbers for a claim, and a counterexample when it is refuted.

    at : the instances, when they are not to be drawn from the plan's seed.
    """
    plan = plan or Plan()
    data: dict[str, Any] = {
        "seed": plan.seed,
        "instances": plan.instances,
        "sizes": [dict(s) for s in SIZES],
        "tolerance": TOLERANCE,
    }
    valid, failures, worst, truths, unit = 0, [], 0.0, set(), "relative"
    raised: list[str] = []
    slow: list[str] = []
    apart, undefined = np.inf, 0
    for instance in instances(claim, plan) if at is None else at:
        try:
            point = trial(claim, instance)
        except BudgetExceeded:
            raise
        except Slow as error:
            slow.append(str(error))
            failures.append(slow[-1])
            continue
        except Undefined:
            undefined += 1
            failures.append("no finite number")
            continue
        except ShapeError as error:
            return Evidence("numbers", "refuted", "shape-mismatch", str(error), data), None
        except (SymattnError, ArithmeticError, np.linalg.LinAlgError, ValueError, TypeError,
                LookupError) as e:  # fmt: skip
            raised.append(f"{type(e).__name__}: {e}")
            failures.append(raised[-1])
            continue
        if point is None:
            failures.append("no finite number")
            continue
        if not point.agrees:
            names = _relevant(claim)
            counter = Counterexample(
                {k: plain(v) for k, v in sorted(instance.items()) if k in names},
                plain(point.left),
                plain(point.right),
                _sentence(claim, point),
            )
            data |= {"valid": valid + 1, "difference": point.difference}
            return (
                Evidence("numbers", "refuted", "counterexample", counter.text, data),
                counter,
            )
        valid += 1
        worst, unit = max(worst, point.difference), point.unit
        truths.add(bool(point.left) if isinstance(claim, Equivalent) else True)
        if isinstance(claim, Inequality) and claim.relation in ("<", ">"):
            apart = min(apart, _apart(point))
    data |= {"valid": valid, "worst": float(f"{worst:.3g}"), "unit": unit, "failed": len(failures)}
    if not valid and set(failures) == {"no finite number"}:
        text = f"at none of {len(failures)} instances do both sides have a finite value"
        return Evidence("numbers", "undecided", "nowhere-defined", text, data), None
    if slow:
        text = f"at {len(slow)} instances floats do not tell: {slow[0]}"
        return Evidence("numbers", "undecided", "too-slow", text, data), None
    if valid < MINIMUM:
        text = f"only {valid} valid instances of at least {MINIMUM}"
        if failures:
            text += f" (the first failure: {failures[0]})"
        return Evidence("numbers", "undecided", "too-few-points", text, data), None
    if raised:
        text = f"{len(raised)} instances raised; the first failure: {raised[0]}"
        return Evidence("numbers", "undecided", "instances-raised", text, data), None
    if isinstance(claim, Equivalent) and len(truths) < 2:
        text = "the condition was never both true and false"
        return Evidence("numbers", "undecided", "one-sided", text, data), None
    if isinstance(claim, Equivalent) and claim.first.strict != claim.second.strict:
        text = "one condition is strict and the other is not; no instance lies on the boundary"
        return Evidence("numbers", "undecided", "boundary-unseen", text, data), None
    if undefined:
        text = f"at {undefined} of {valid + len(failures)} instances the right side has no value"
        return Evidence("numbers", "undecided", "partly-defined", text, data), None
    if apart < APART:
        text = f"the sides come as close as {apart:.1e}; that they are never equal is not seen"
        return Evidence("numbers", "undecided", "boundary-unseen", text, data), None
    return Evidence("numbers", "confirmed", "instances-agree", _summary(claim, data), data), None


def _apart(point: Point) -> float:
    """Return the least difference of the two sides, relative to their magnitudes."""
    left, right = np.asarray(point.left, dtype=float), np.asarray(point.right, dtype=float)
    size = np.maximum(np.abs(left) + np.abs(right), 1e-300)
    return float(np.min(np.abs(left - right) / size))


def _summary(claim: Claim, data: dict[str, Any]) -> str:
    if isinstance(claim, (Inequality, Equivalent)):
        return f"{data['valid']} instances agree"
    error = f"{data['worst']:.1e}"
    if data["unit"] == "relative":
        return f"{data['valid']} instances agree to {error}"
    what = "standard errors" if data["unit"] == "standard errors" else "times the stated order"
    return f"{data['valid']} instances agree within {error} {what}"


def _relevant(claim: Claim) -> set[str]:
    names = {"n", "d"}
    for term in (*claim.terms, *_more_terms(claim)):
        names |= set(needed(term))
    return names


def _sentence(claim: Claim, point: Point) -> str:
    return f"at n = {point.instance['n']} the two sides differ by {point.difference:.3g}"


def trial(claim: Claim, instance: Instance) -> Point | None:
    """Measure one instance; None when either side is not a finite number."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        if isinstance(claim, Solution):
            return _solution(claim, instance)
        if isinstance(claim, (Tends, IntegralTends)):
            return _tends(claim, instance)
        if isinstance(claim, Inequality):
            return _inequality(claim, instance)
        if isinstance(claim, Equivalent):
            return _equivalent(claim, instance)
        if isinstance(claim, Minimal):
            return _minimal(claim, instance)
        if isinstance(claim, Leading):
            return _leading(claim, instance)
        return _equal(claim, instance, claim.oracle(instance))


def _value(x: Expr, instance: Instance) -> Any:
    return np.asarray(compiled(x)(instance), dtype=float)


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


def _equal(claim: Claim, instance: Instance, left: Any) -> Point | None:
    right = _value(claim.right, instance)
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
    if tiny < 1e-11:  # both are rounding noise: they agree as zeros
        return Point(instance, left, right, tiny, True)
    # What cancels from terms of size one keeps an absolute rounding error of about 1e-15.
    allowed = TOLERANCE + 1e-14 / tiny
    return Point(instance, left, right, difference, difference <= allowed)


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
    """The distance must shrink along the approach, and be small at its end."""
    name = claim.variable.name
    steps = (
        (4.0, 12.0, 36.0, 108.0)
        if isinstance(claim, IntegralTends) or claim.point == S.Infinity
        else (1e-2, 1e-4, 1e-6, 1e-8)
    )
    if claim.right.is_infinite:
        return _diverges(claim, instance, name, steps)
    gaps, left, right = [], None, None
    for step in steps:
        at = {**instance, name: step}
        left, right = np.asarray(claim.oracle(at), dtype=float), _value(claim.right, at)
        if not _finite(left, right):
            return None
        if left.shape != right.shape and right.shape == () and float(right) == 0:
            right = np.zeros(left.shape)
        gaps.append(relative(left, right) if np.any(right) else float(np.max(np.abs(left))))
    falls = all(b <= a * (1 + 1e-9) or b < 1e-9 for a, b in zip(gaps, gaps[1:]))
    agrees = falls and gaps[-1] < 5e-3 and gaps[-1] <= gaps[0] / 10 + 1e-9
    if not agrees and falls and gaps[-1] < 0.7 * gaps[-2]:
        raise Slow("the two sides still come nearer where the approach ends")
    return Point({**instance, name: steps[-1]}, left, right, gaps[-1], agrees)


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
    if agrees and len(rises) > 1 and rises[-1] < 0.6 * rises[-2]:
        raise Slow("it rises ever more slowly, perhaps to a bound")
    return Point(instance, values[-1], float(sign * np.inf), 0.0 if agrees else 1.0, agrees)


def _inequality(claim: Inequality, instance: Instance) -> Point | None:
    left, right = np.asarray(claim.oracle(instance), dtype=float), _value(claim.right, instance)
    if not _finite(left, right):
        if _finite(left):
            raise Undefined("the right side has no finite value")
        return None
    gap = right - left if claim.upward else left - right
    room = 1e-12 * (np.abs(left) + np.abs(right)) + 1e-13
    holds = bool(np.all(gap > 0) if claim.relation in ("<", ">") else np.all(gap >= -room))
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
    first, second = claim.oracle(instance), _value(claim.second.gap, instance)
    stated = _value(claim.first.gap, instance)
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
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if sign(middle) == before else (low, middle)
        for side in (-1e-3, 1e-3):
            near = {**instance, name: float(np.exp(low + side))}
            if all(h.violation(near) <= 1e-9 for h in claim.given):
                yield near
        return


def _minimal(claim: Minimal, instance: Instance) -> Point | None:
    """The claimed place is compared with the least of the oracle's curve, by golden section."""
    from scipy.optimize import minimize_scalar

    name, at = claim.variable.name, float(_value(claim.right, instance))
    if not np.isfinite(at) or at < 0:
        return None

    def curve(log_value: float) -> float:
        return float(claim.oracle({**instance, name: float(np.exp(log_value))}))

    middle = np.log(at) if at > 0 else -np.inf
    grid = np.linspace(-6, 6, 49)
    best = grid[int(np.argmin([curve(g) for g in grid]))]
    if best == grid[0] and curve(middle) <= curve(best):  # it falls all the way to zero
        return Point(instance, 0.0, at, at, at < 1e-9)
    found = minimize_scalar(
        curve, bounds=(best - 0.3, best + 0.3), method="bounded", options={"xatol": 1e-10}
    )
    gap = abs(float(found.x) - middle)
    return Point(instance, float(np.exp(found.x)), at, gap, gap < 1e-5)


def _leading(claim: Leading, instance: Instance) -> Point | None:
    """The exact value minus the leading part must fall at least as fast as the stated order.

    That is so on every path along which the parameters shrink.
    """
    worst: Point | None = None
    for path in range(claim.paths):
        point = _along(claim, {**instance, "path": path})
        if point is None or not point.agrees:
            return point
        if worst is None or point.difference > worst.difference:
            worst = point
    return worst


def _along(claim: Leading, instance: Instance) -> Point | None:
    ratios = []
    left = right = np.zeros(1)
    for shrink in (0.25, 0.0625, 0.015625):
        exact = claim.exact({**instance, "shrink": shrink})
        if exact is None:
            return None
        at = {**instance, **exact.symbols}
        left, right = np.asarray(exact.value, dtype=float), _value(claim.right, at)
        order = float(_value(claim.order, at))
        if not _finite(left, right, order) or order <= 0:
            return None
        gap = float(np.max(np.abs(left - right)))
        # What cancels from values of size one keeps an absolute rounding error.
        rounding = 1e-12 * float(np.max(np.abs(left), initial=0)) + 2e-14
        ratios.append(max(gap - rounding, 0.0) / order)
    scale = float(np.max(np.abs(left), initial=0))
    # One power of the small parameter too few would make the ratio four times as large.
    bounded = ratios[2] <= 2 * ratios[1] + 1e-3
    agrees = bounded and ratios[-1] <= 50 * (1 + scale)
    return Point(instance, left, right, ratios[-1], agrees, "orders")


def plain(value: Any) -> Any:
    """Return a value as plain JSON, floats to 12 digits."""
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value] if value.ndim else plain(value.item())
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(f"{float(value):.12g}")
    return value
