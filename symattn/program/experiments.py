"""An experiment for each answer: what is derived beside what is measured, and how far apart they are.

What is derived is the code of claims; what is measured runs the generated attention.  A row of
`EXPERIMENTS` is one experiment; its verdict is the distance against a tolerance that has a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import q
from symattn.pages.model import Curve, Figure
from symattn.program.arraycode import callable_of
from symattn.program.claims_of import claim_at, code_of, names_of
from symattn.program.sequences import program

Array = Any


@dataclass(frozen=True)
class Measure:
    """One comparison: how far what is measured is from what is derived, and how far it may be."""

    what: str
    distance: float
    tolerance: float
    why: str

    @property
    def agrees(self) -> bool:
        """A distance that is no number agrees with nothing."""
        return bool(self.distance <= self.tolerance)


@dataclass(frozen=True)
class ExperimentResult:
    """What an experiment found, and its picture."""

    measures: tuple[Measure, ...]
    figure: Figure

    @property
    def agrees(self) -> bool:
        return all(m.agrees for m in self.measures)


@dataclass(frozen=True)
class Experiment:
    """One row: what is derived (claims), what is done, and the function that does it."""

    name: str
    title: str
    claims: tuple[str, ...]
    text: str
    run: Callable[[int], ExperimentResult]


def derived(address: str, *wanted: str) -> Callable[..., Array]:
    """Return the function of a claim, of the named parameters in this order."""
    source = code_of(address)
    run = callable_of(source)

    def call(*values: Array) -> Array:
        known = dict(zip(wanted, values, strict=True))
        return np.real(run(*(known[name] for name in source.parameters)))

    return call


def orthonormal(rng: np.random.Generator, count: int, d: int) -> Array:
    """Return random orthonormal rows."""
    return np.linalg.qr(rng.normal(size=(d, count)))[0].T


def mean_of_pair(query: Array, keys: Array, values: Array) -> tuple[float, Array]:
    """Return half the mean squared distance of the output to the mean of two values, and its slope."""
    run, rows = program(), query[..., None, :]
    c, alpha = run["forward"](rows, keys, values, 1.0)
    g = c - (values[..., 0, :] + values[..., 1, :])[..., None, :] / 2
    slope = run["backward"](g, rows, keys, values, c, alpha, 1.0)[0]
    return float((g**2).sum(-1).mean() / 2), slope[..., 0, :]


# (c) -----------------------------------------------------------------------------------------------


def descent(seed: int) -> ExperimentResult:
    """Gradient descent on the query of (c), from near zero, with orthonormal keys and values."""
    rng = np.random.default_rng([seed, 1])
    count, d, rate, steps = 12, 16, 2.0, 20000
    keys, values = orthonormal(rng, count, d), orthonormal(rng, count, d)
    at = np.unique(np.geomspace(1, steps, 40).round().astype(int))
    query, norms = 1e-3 * rng.normal(size=d), []
    for step in range(1, steps + 1):
        query = query - rate * mean_of_pair(query, keys, values)[1]
        if step in at:
            norms.append(float(np.linalg.norm(query)))

    # The claims' curve: along the query of least norm, whose gap is gamma, the steps that are needed.
    gamma = np.linspace(1e-3, 9, 2000)
    miss = derived("attention/q1c/error", "beta", "v")
    loss = np.array([(miss(g, values)[0, 1] ** 2).sum() / 2 for g in gamma])
    length = np.sqrt([derived_at("attention/q1c/attained", gamma=g, n=count) for g in gamma])
    pace = np.gradient(length, gamma) ** 2 / -np.gradient(loss, gamma)
    needed = np.concatenate([[0.0], np.cumsum(np.diff(gamma) * (pace[1:] + pace[:-1]) / 2)]) / rate
    curve = np.interp(at, needed, length)
    smallest = names_of(claim_at("attention/q1c/attained"))
    least = next(one.value for one in smallest.defined if one.letter == q)
    instance = {"n": count, "i": 1, "j": 2, "k": keys, r"\gamma": 1.0}
    direction = compiled(least)(instance)
    along = float(query @ direction / np.linalg.norm(query) / np.linalg.norm(direction))
    pair = keys[0] + keys[1]
    free = query - keys.T @ np.full(count, (keys @ query)[2:].mean())
    apart = float(free @ pair / np.linalg.norm(free) / np.linalg.norm(pair))
    return ExperimentResult(
        (
            Measure(
                "norm of the query, relative to its last", _far(norms, curve) / curve[-1], 0.02,
                "the claims say what infinitely small steps do, and the start is near zero, not at it",
            ),
            Measure("direction: 1 less the cosine to the query of least norm", 1 - along, 1e-3,
                    "what is left of the random start"),
            Measure(
                "direction: 1 less the cosine to the sum of the two keys", 1 - apart, 1e-3,
                "a part that all logits share changes no weight and is taken off first",
            ),
        ),
        Figure(
            "descent", "", "step", "norm of the query",
            (
                Curve(tuple(map(float, at)), tuple(curve), "from the claims"),
                Curve(tuple(map(float, at)), tuple(norms), "gradient descent", "dots"),
            ),
            xlog=True,
        ),
    )  # fmt: skip


def derived_at(address: str, **values: Any) -> float:
    """Return a claim's right side at one point."""
    return float(derived(address, *values)(*values.values()))


def _far(measured: Any, curve: Any) -> float:
    return float(np.max(np.abs(np.asarray(measured) - np.asarray(curve))))


# (d) -----------------------------------------------------------------------------------------------


def matrix(seed: int) -> ExperimentResult:
    """Learn the matrix of (d) from samples of two orthogonal subspaces."""
    rng = np.random.default_rng([seed, 2])
    d, s, t, rate, steps, batch = 10, 3, 2, 0.4, 1200, 128
    basis = orthonormal(rng, s + t, d).T
    # Unit vectors that are far from orthogonal, and not so near to each other that none is learned.
    S, T = (
        part @ (np.eye(size) + 0.4 * rng.uniform(-1, 1, size=(size, size)))
        for part, size in ((basis[:, :s], s), (basis[:, s:], t))
    )
    S, T = S / np.linalg.norm(S, axis=0), T / np.linalg.norm(T, axis=0)
    wanted = derived("attention/q1d/matrix", "S")(S)
    miss = derived("attention/q1d/missed", "M", "S", "T", "a", "b")
    at = np.unique(np.geomspace(1, steps, 40).round().astype(int))
    learned, expected = np.zeros((d, d)), np.zeros((d, d))
    points, curve = [], []
    one, none = np.eye(s + t), np.zeros((s + t, s + t))
    unit_a, unit_b = np.vstack([one[:s, :s], none[:t, :s]]), np.vstack([none[:s, :t], one[:t, :t]])
    units = (unit_a @ S.T + unit_b @ T.T) / 2
    for step in range(1, steps + 1):
        a, b = rng.normal(size=(batch, s)), rng.normal(size=(batch, t))
        c = (a @ S.T + b @ T.T) / 2
        learned = learned - rate * (c @ learned.T - a @ S.T).T @ c / batch
        # The mean over a and b, by the claim: for each pair of unit coefficients what is missed.
        expected = expected - rate * miss(expected, S, T, unit_a, unit_b).T @ units
        if step in at:
            points.append(float(np.linalg.norm(learned - wanted) / np.linalg.norm(wanted)))
            curve.append(float(np.linalg.norm(expected - wanted) / np.linalg.norm(wanted)))
    return ExperimentResult(
        (
            Measure("distance to the derived matrix over the way", _far(points, curve), 0.05,
                    f"each step sees {batch} samples, the claim all of them"),
            Measure("distance to the derived matrix at the end", points[-1], 0.02,
                    "the slowest direction of the bases shrinks by a factor a step"),
        ),
        Figure(
            "matrix", "", "step", "distance to the matrix",
            (
                Curve(tuple(map(float, at)), tuple(curve), "from the claim, all samples"),
                Curve(tuple(map(float, at)), tuple(points), "learned", "dots"),
            ),
            xlog=True, ylog=True,
        ),
    )  # fmt: skip


# (e) -----------------------------------------------------------------------------------------------


def scale(seed: int) -> ExperimentResult:
    """Train the scale of (e) on samples of noisy keys, for several variances."""
    rng = np.random.default_rng([seed, 3])
    count, samples = 4, 4000
    means, values = np.eye(count), np.random.default_rng(5).normal(size=(count, 3))
    variances = np.geomspace(1e-7, 2e-4, 7)
    ties = {s.name: x for s, x in claim_at("attention/q1e/squared-error").given.ties.items()}
    instance = {"n": count, "i": 1, "j": 2, "v": values}
    sizes = {name: float(compiled(x)(instance)) for name, x in ties.items()}
    best = [derived_at("attention/q1e/best-scale", epsilon=e, **sizes) for e in variances]
    noise = rng.normal(size=(samples // 2, count, count))
    noise = np.concatenate([noise, -noise])
    trained = [_trained_scale(means + np.sqrt(e) * noise, values, means) for e in variances]
    far = float(np.max(np.abs(np.array(trained) / best - 1)))
    fine = np.geomspace(variances[0], variances[-1], 60)
    line = [derived_at("attention/q1e/best-scale", epsilon=e, **sizes) for e in fine]
    return ExperimentResult(
        (
            Measure("trained scale, relative", far, 0.04,
                    f"the claim is of leading order in the noise, and {samples} samples are drawn"),
        ),
        Figure(
            "scale", "", r"variance $\epsilon$", r"scale $\beta$",
            (
                Curve(tuple(fine), tuple(line), "derived optimum"),
                Curve(tuple(variances), tuple(trained), "trained", "dots"),
            ),
            xlog=True,
        ),
    )  # fmt: skip


def _trained_scale(keys: Array, values: Array, means: Array) -> float:
    """Descend on the logarithm of the mean squared error, with shrinking steps."""
    along, now = means[0] + means[1], 1.0
    spread = np.broadcast_to(values, (len(keys), *values.shape))
    for step in range(250):
        loss, slope = mean_of_pair(
            np.broadcast_to(now * along, (len(keys), len(along))), keys, spread
        )
        now -= 0.4 / (1 + step / 60) * float((slope @ along).mean()) / (2 * loss)
    return now


# (f) and two heads ---------------------------------------------------------------------------------

VARIANCE = 1e-4
COUNT = 8


def _weights(rng: np.random.Generator, queries: Array, samples: int) -> Array:
    """Return the weight of the varying key, shape (samples, queries), by the generated attention."""
    means = np.eye(COUNT)
    noise = rng.normal(size=(samples // 2, COUNT, COUNT)) * np.sqrt(VARIANCE)
    noise[:, 0, 0] = rng.normal(size=samples // 2) * np.sqrt(VARIANCE + 0.5)
    keys = means + np.concatenate([noise, -noise])
    rows = np.broadcast_to(queries, (samples, *queries.shape))
    return program()["forward"](rows, keys, np.broadcast_to(means, keys.shape), 1.0)[1][..., 0]


def coin(seed: int) -> ExperimentResult:
    """Sample the keys of (f): the weight of the varying key becomes a fair coin."""
    rng = np.random.default_rng([seed, 4])
    scales = np.linspace(7, 60, 14)
    pair = np.eye(COUNT)[0] + np.eye(COUNT)[1]
    found = _weights(rng, scales[:, None] * pair, 40000)
    curve = np.array([one_query(b) for b in scales])
    mean = found.mean(axis=0)
    return ExperimentResult(
        (
            Measure("variance of the weight", _far(found.var(axis=0), curve), 0.008,
                    "the claim leaves out the third power of 1 over the deviation of the gap"),
            Measure("mean of the weight: distance to one half", _far(mean, 0.5), 0.008,
                    "40000 samples, and what the other keys keep"),
        ),
        Figure(
            "coin", "", r"scale $\beta$", r"variance of $\alpha_i$",
            (
                Curve(tuple(scales), tuple(curve), "derived, leading order"),
                Curve(tuple(scales), tuple(found.var(axis=0)), "40000 samples", "dots"),
            ),
        ),
    )  # fmt: skip


def one_query(scale: float) -> float:
    """The variance of the weight for a single query, by the claims of (f)."""
    gap = derived_at("attention/q1f/gap-variance", beta=scale, epsilon=VARIANCE)
    return derived_at("attention/q1f/weight-variance", tau=np.sqrt(gap))


def two_heads(scale: float) -> tuple[float, float]:
    """Mean and variance of the weight of the varying key in the mean of two heads, by the claims.

    The gap of the first head is normal; its weight is that of a head whose scale is the gap.  The
    second head does not see the variation.
    """
    at = {"beta": scale, "epsilon": VARIANCE}
    mean, variance = (
        derived_at(f"exploration/q1c/first-{what}", **{k: at[k] for k in keys})
        for what, keys in (("mean", ("beta",)), ("variance", ("beta", "epsilon")))
    )
    z = np.linspace(-8, 8, 4001)
    density = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
    head = derived("exploration/q1a/head", "beta", "v")
    weight = np.array([head(mean + np.sqrt(variance) * x, np.eye(COUNT))[0, 0] for x in z])
    first = float(density @ weight)
    other = head(derived_at("exploration/q1c/second-mean", beta=scale), np.eye(COUNT))[1, 0]
    return (first + float(other)) / 2, float(density @ (weight - first) ** 2) / 4


def heads(seed: int) -> ExperimentResult:
    """Two heads, one for each key, on the same keys: the spread of the output along the segment."""
    rng = np.random.default_rng([seed, 5])
    scales = np.linspace(7, 60, 14)
    single, first, second = (
        scales[:, None] * x for x in (np.eye(COUNT)[0] + np.eye(COUNT)[1], np.eye(COUNT)[0], np.eye(COUNT)[1])
    )  # fmt: skip
    found = _weights(rng, np.concatenate([single, first, second]), 40000)
    one, *both = np.split(found, 3, axis=1)
    spread = ((both[0] + both[1]) / 2).var(axis=0)
    curve = np.array([two_heads(b)[1] for b in scales])
    line = [one_query(b) for b in scales]
    return ExperimentResult(
        (
            Measure("variance of the weight with two heads", _far(spread, curve), 0.002,
                    "40000 samples; the claim takes the other logits at their means"),
            Measure("variance with two heads, as a share of that with one",
                    float(np.max(spread / one.var(axis=0))), 0.15,
                    "one query is a fair coin, the first of two heads misses one time in twelve"),
        ),
        Figure(
            "heads", "", r"scale $\beta$", "variance of the weight",
            (
                Curve(tuple(scales), tuple(line), "one query, derived"),
                Curve(tuple(scales), tuple(one.var(axis=0)), "one query, sampled", "dots"),
                Curve(tuple(scales), tuple(curve), "two heads, derived"),
                Curve(tuple(scales), tuple(spread), "two heads, sampled", "dots"),
            ),
        ),
    )  # fmt: skip


EXPERIMENTS: Mapping[str, Experiment] = {
    row.name: row
    for row in (
        Experiment(
            "descent", "(c) What gradient descent finds",
            ("attention/q1c/error", "attention/q1c/attained", "attention/q1c/least-norm"),
            "Gradient descent on the query, by the generated backward pass, for 12 orthonormal keys "
            "and values. Its norm grows like the logarithm of the steps, and its direction is that "
            "of the query of least norm: the sum of the two keys, less a part that shifts all logits.",
            descent,
        ),
        Experiment(
            "matrix", "(d) The matrix, learned from samples",
            ("attention/q1d/matrix", "attention/q1d/missed", "attention/q1d/least-norm"),
            "Stochastic gradient descent on a matrix that starts at zero and is to take the mean of "
            "two values to the first. It ends at the derived matrix, which is the shortest one.",
            matrix,
        ),
        Experiment(
            "scale", "(e) The scale that noisy keys ask for",
            ("attention/q1e/best-scale", "attention/q1e/squared-error"),
            "The scale of the query is trained on samples of the keys, for seven variances of the "
            "noise, and lands on the derived optimum.",
            scale,
        ),
        Experiment(
            "coin", "(f) A fair coin",
            ("attention/q1f/weight-variance", "attention/q1f/gap-variance", "attention/q1f/mean"),
            "Keys are sampled, one of the pair varying along its own mean. The variance of its "
            "weight tends to that of a fair coin as the scale grows, while its mean stays one half.",
            coin,
        ),
        Experiment(
            "heads", "(f) Two heads",
            ("exploration/q1c/first-mean", "exploration/q1c/first-variance",
             "exploration/q1c/second-mean", "exploration/q1a/head"),
            "The same keys with two heads, one for each of the pair. The weight spreads no more than "
            "the first head misses: about one sample in twelve, at any scale.",
            heads,
        ),
    )
}  # fmt: skip
"""The experiments by name, in the order of the answers."""
