"""Quadrature: points and probabilities that stand for normal variables, in plain NumPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import erfc, sqrt

import numpy as np

from symattn.check.oracle import Array
from symattn.errors import SymattnError

WIDE = 1.0
"""A deviation above this is too wide for Gauss and Hermite: a softmax turns steeply inside it."""

NARROW = ((0.02, 6), (0.1, 12))
"""Up to these deviations Gauss and Hermite with so many nodes is exact to rounding for exp(-exp)."""

MOST = 4_000_000


@dataclass(frozen=True)
class Grid:
    """Points, shape (count,) or (count, n), with their probabilities, shape (count,)."""

    points: Array
    mass: Array


def normal_line(deviation: float, most: float = 0.5, reach: float = 9) -> Grid:
    """Return an even grid for a centred normal variable, of any deviation.

    The trapezoidal rule is exact but for exp(-2 pi w / h) where the integrand is analytic within w
    of the real line: a logistic function is for w = pi, and the step h is at most 1/2.

    most : the largest step; reach : how many deviations it goes to either side.

    >>> line = normal_line(30.0)
    >>> logistic = 1 / (1 + np.exp(-line.points))
    >>> round(float(line.mass @ logistic), 12)
    0.5
    """
    step = min(most, deviation / 2)
    count = int(np.ceil(reach * deviation / step))
    points = step * np.arange(-count, count + 1)
    mass = np.exp(-(points**2) / (2 * deviation**2))
    return Grid(points, mass / mass.sum())


@lru_cache(maxsize=16)
def _hermite(nodes: int) -> Grid:
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    return Grid(points, weights / weights.sum())


@lru_cache(maxsize=16)
def _cube(n: int, nodes: int) -> Grid:
    return _product([_hermite(nodes)] * n)


def _product(rules: list[Grid]) -> Grid:
    points = np.stack(np.meshgrid(*[r.points for r in rules], indexing="ij"), axis=-1)
    mass = np.stack(np.meshgrid(*[r.mass for r in rules], indexing="ij"), axis=-1)
    total = mass.reshape(-1, len(rules)).prod(axis=1)
    return Grid(points.reshape(-1, len(rules)), total / total.sum())


def normal_grid(
    means: Array, variances: Array, nodes: int = 12, most: float = 0.5, reach: float = 9
) -> Grid:
    """Return a grid for independent normals, shape (n,) each; its points have shape (count, n).

    A narrow coordinate takes so many nodes of Gauss and Hermite, a wide one an even grid.  The
    count is a product over the coordinates, so n is small; for a softmax with 12 nodes and
    deviations below 1 the error is below 1e-10.

    Raises
    ------
    SymattnError : there would be more than four million points.

    >>> grid = normal_grid(np.zeros(2), np.array([1.0, 400.0]))
    >>> np.round(grid.mass @ grid.points**2, 9)
    array([  1., 400.])
    """
    deviations = np.sqrt(variances)
    if np.all(deviations <= WIDE):
        cube = _cube(len(means), nodes)
        return Grid(means + cube.points * deviations, cube.mass)
    rules = []
    for deviation in deviations:
        rule = _hermite(nodes)
        narrow = Grid(rule.points * deviation, rule.mass)
        rules.append(normal_line(float(deviation), most, reach) if deviation > WIDE else narrow)
    count = int(np.prod([float(len(rule.mass)) for rule in rules]))
    if count > MOST:
        raise SymattnError(f"a grid of {count} points is too large")
    grid = _product(rules)
    return Grid(means + grid.points, grid.mass)


def fitting(directions: int) -> int:
    """Return how many nodes fit in each of so many directions: at most 100,000 in all, and 40 in one.

    >>> fitting(1), fitting(3), fitting(5)
    (40, 40, 10)
    """
    return min(40, round(100_000 ** (1 / directions) - 0.4))


def normal_cube(means: Array, covariances: Array, fewer: int = 0) -> Grid | None:
    """Return a grid for independent normal vectors, shapes (m, d) and (m, d, d): points (count, m, d).

    Gauss and Hermite in every direction, exact for polynomials whose degree in one is below twice
    the nodes.  None where there are so many directions that fewer than ten nodes fit in each.

    fewer : nodes that are left out in each, for a second rule.

    >>> grid = normal_cube(np.zeros((1, 2)), np.array([[[2.0, 1.0], [1.0, 2.0]]]))
    >>> round(float(grid.mass @ grid.points[:, 0, 0] ** 8), 6)  # 2^4 times 1 * 3 * 5 * 7
    1680.0
    """
    nodes = fitting(means.size)
    if nodes < 10:
        return None
    cube = _cube(means.size, nodes - fewer)
    sizes, ways = np.linalg.eigh(covariances)
    roots = ways * np.sqrt(np.maximum(sizes, 0))[:, None, :]
    noise = np.einsum("lij,clj->cli", roots, cube.points.reshape(-1, *means.shape))
    return Grid(means + noise, cube.mass)


def with_moments(mean: Array, covariance: Array) -> Grid:
    """Return points and probabilities of a given mean and covariance matrix.

    Every polynomial of degree two has its exact expectation under them.

    >>> grid = with_moments(np.array([1.0, 0.0]), np.array([[2.0, 0.5], [0.5, 1.0]]))
    >>> apart = grid.points - grid.mass @ grid.points
    >>> np.round((grid.mass * apart.T) @ apart, 12)
    array([[2. , 0.5],
           [0.5, 1. ]])
    """
    sizes, ways = np.linalg.eigh(covariance)
    count = len(mean)
    steps = (np.sqrt(count * np.maximum(sizes, 0)) * ways).T
    return Grid(mean + np.concatenate([steps, -steps]), np.full(2 * count, 0.5 / count))


def softmax_moments(means: Array, variances: Array) -> tuple[Array, Array]:
    """Return the mean and the second moments of a softmax of independent normals, shape (n,) each.

    1 / S is the integral of exp(-t S) over t > 0, and 1 / S^2 that of t exp(-t S); under either,
    what is in S as a sum is a product, of one expectation for each normal.  With log t for t the
    trapezoidal rule has an error below 1e-16.  Normals of one law are computed once, so n may be
    in the thousands.

    Returns
    -------
    shapes (n,) and (n, n).

    >>> mean, second = softmax_moments(np.zeros(2), np.array([0.0, 2.0]))
    >>> bool(abs(mean.sum() - 1) < 1e-14), bool(abs(second.sum() - 1) < 1e-14)
    (True, True)
    """
    # What differs by the rounding of what it is made from is one law.
    laws = (_rounded(means - means.max()), _rounded(variances))
    found = _moments(tuple(zip(*laws)))
    return found[0].copy(), found[1].copy()


def _rounded(values: Array) -> list[float]:
    """Return numbers to 14 digits of the largest."""
    size = max(float(np.max(np.abs(values))), 1e-300)
    return (np.round(values / size, 14) * size).tolist()  # type: ignore[no-any-return]


@lru_cache(maxsize=4096)
def _moments(drawn: tuple[tuple[float, float], ...]) -> tuple[Array, Array]:
    """Return both for normals of these means and variances: a mean and a covariance ask for the same."""
    step = 0.25
    distinct = sorted(set(drawn))
    at = {law: place for place, law in enumerate(distinct)}
    laws, which = np.array(distinct).T, np.array([at[law] for law in drawn])
    counts = np.bincount(which)
    spread = 9.5 * np.sqrt(laws[1])
    tops = np.log(counts) + laws[0] + np.minimum(laws[1] / 2, spread)
    most = np.logaddexp.reduce(tops)
    logs = np.arange(-most - 42, np.min(spread - laws[0]) + 5, step)
    parts = np.array([_powers_under(logs, *law, step) for law in distinct])  # (laws, 3, logs)
    log_none = np.log(np.maximum(parts[:, 0], 1e-300))
    rest = counts @ log_none
    one = parts[:, 1] * np.exp(rest - log_none)
    half = parts[:, 1] * np.exp(rest / 2 - log_none)
    second = step * (half @ half.T)[which[:, None], which[None]]
    squares = step * (parts[:, 2] * np.exp(rest - log_none)).sum(axis=-1)
    np.fill_diagonal(second, squares[which])
    return step * one.sum(axis=-1)[which], second


def _powers_under(logs: Array, mean: float, variance: float, step: float) -> Array:
    """Return E[exp(-w) w^k] for w = exp(log t + a normal) and k = 0, 1, 2: shape (3, logs)."""
    deviation = float(np.sqrt(variance))
    nodes = next((count for most, count in NARROW if deviation <= most), 0)
    if nodes:
        line = Grid(deviation * _hermite(nodes).points, _hermite(nodes).mass)
    else:
        line = normal_line(deviation, step)
    if not nodes and abs(line.points[1] - line.points[0] - step) < 1e-8:
        # the sums of both even grids are an even grid
        start = logs[0] + mean + line.points[0]
        return _correlated(
            _powers(start + step * np.arange(len(logs) + len(line.points) - 1)), line.mass
        )
    # Where w is below the last bit of 1, exp(-w) is 1, and the powers of t stand before the rest.
    low = int(np.searchsorted(logs, LAST_BIT - mean - line.points[-1]))
    found = np.empty((3, len(logs)))
    found[0, :low], found[1, :low] = 1.0, np.exp(logs[:low] + mean)
    found[2, :low] = found[1, :low] ** 2
    ahead = np.exp(line.points)
    found[1, :low] *= ahead @ line.mass
    found[2, :low] *= ahead**2 @ line.mass
    found[:, low:] = _powers((logs[low:] + mean)[:, None] + line.points) @ line.mass
    return found


LAST_BIT = -37.0
"""The logarithm of less than half of what a float of size one is rounded by."""


def _powers(logs: Array) -> Array:
    """Return exp(-w) w^k for w = exp(logs) and k = 0, 1, 2."""
    w = np.exp(np.minimum(logs, 7.0))
    found = np.empty((3, *w.shape))
    np.exp(-w, out=found[0])
    np.multiply(found[0], w, out=found[1])
    np.multiply(found[1], w, out=found[2])
    return found


def _correlated(rows: Array, mass: Array) -> Array:
    """Return each row's sums against shifted probabilities, by Fourier's series if long."""
    if len(mass) < 400:
        return np.array([np.correlate(values, mass, "valid") for values in rows])
    size = rows.shape[1]
    count = _quick_length(size)  # what wraps around falls on what is not kept
    both = np.fft.rfft(rows, count) * np.fft.rfft(mass[::-1], count)
    return np.maximum(np.fft.irfft(both, count)[:, len(mass) - 1 : size], 0.0)


def _quick_length(size: int) -> int:
    """Return the next length at which a Fourier transform is quick: 2^k, or 5 or 3 times a 2^k.

    >>> _quick_length(33), _quick_length(2940)
    (40, 3072)
    """
    half = 1 << max(size - 1, 7).bit_length() - 1
    return next(count for count in (half * 5 // 4, half * 3 // 2, 2 * half) if count >= size)


def slope(function: Callable[[float], float], at: float, step: float) -> float:
    """Return the derivative by central differences: an error of sixth order.

    >>> round(float(slope(np.exp, 0.0, 1e-2)), 12)
    1.0
    """
    rises = [function(at + k * step) - function(at - k * step) for k in (1, 2, 3)]
    return float(np.array([45, -9, 1]) @ rises / (60 * step))


def logit_normal_density(at: float, deviation: float) -> float:
    """Return the density of a logistic function of a centred normal, at a point in (0, 1).

    It is the slope of the distribution function, P(weight <= a) = Phi(logit(a) / deviation), taken
    along logit(a) / deviation.

    >>> round(float(logit_normal_density(0.5, 2.0) * np.sqrt(2 * np.pi)), 9)
    2.0
    """
    place = float(np.log(at / (1 - at))) / deviation
    tail = -1 if place > 0 else 1  # by symmetry: near 1 the difference would be lost
    rise = slope(lambda x: tail * erfc(-tail * x / sqrt(2)) / 2, place, 0.02 / (1 + abs(place)))
    return rise / (deviation * at * (1 - at))
