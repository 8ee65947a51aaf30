"""Quadrature: points and probabilities that stand for normal variables, in plain NumPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from symattn.check.oracle import Array
from symattn.errors import SymattnError

WIDE = 1.0
"""A deviation above this is too wide for Gauss and Hermite: a softmax turns steeply inside it."""

MOST = 4_000_000


@dataclass(frozen=True)
class Grid:
    """Points, shape (count,) or (count, n), with their probabilities, shape (count,)."""

    points: Array
    mass: Array


def normal_line(deviation: float) -> Grid:
    """Return an even grid for a centred normal variable, of any deviation.

    The trapezoidal rule is exact but for exp(-2 pi w / h) where the integrand is analytic within w
    of the real line: a logistic function is for w = pi, and the step h is at most 1/2.

    >>> line = normal_line(30.0)
    >>> logistic = 1 / (1 + np.exp(-line.points))
    >>> round(float(line.mass @ logistic), 12)
    0.5
    """
    step = min(0.5, deviation / 2)
    reach = int(np.ceil(9 * deviation / step))
    points = step * np.arange(-reach, reach + 1)
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


def normal_grid(means: Array, variances: Array, nodes: int = 12) -> Grid:
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
        rules.append(normal_line(float(deviation)) if deviation > WIDE else narrow)
    count = int(np.prod([float(len(rule.mass)) for rule in rules]))
    if count > MOST:
        raise SymattnError(f"a grid of {count} points is too large")
    grid = _product(rules)
    return Grid(means + grid.points, grid.mass)


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
    from scipy.special import ndtr

    place = float(np.log(at / (1 - at))) / deviation
    tail = -1 if place > 0 else 1  # by symmetry: near 1 the difference would be lost
    rise = slope(lambda x: float(tail * ndtr(tail * x)), place, 0.02 / (1 + abs(place)))
    return rise / (deviation * at * (1 - at))
