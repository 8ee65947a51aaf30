"""The oracle: attention in plain NumPy, from its definition; knows nothing of SymPy.

Shapes: keys (n, d), values (n, p), a query (d,); logits and weights (n,); an output (p,).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray


def logits(keys: Array, query: Array) -> Array:
    """k_l . q for every l.

    >>> logits(np.eye(2), np.array([3.0, 4.0]))
    array([3., 4.])
    """
    return np.asarray(keys @ query)


def weights(keys: Array, query: Array) -> Array:
    """exp(k_l . q) over their sum; the largest logit is taken off first, so nothing overflows.

    >>> weights(np.eye(2), np.zeros(2))
    array([0.5, 0.5])
    """
    return softmax(logits(keys, query))


def softmax(z: Array) -> Array:
    """exp(z_l) over their sum, along the last axis."""
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def output(keys: Array, values: Array, query: Array) -> Array:
    """The values averaged with the weights.

    >>> output(np.eye(2), np.array([[2.0], [4.0]]), np.zeros(2))
    array([3.])
    """
    return np.asarray(weights(keys, query) @ values)


def logit_gaps(instance: Mapping[str, Any]) -> Array:
    """(k_i - k_l) . q for every l.

    >>> logit_gaps({"k": np.eye(2), "q": np.array([3.0, 1.0]), "i": 1})
    array([0., 2.])
    """
    keys, query = instance["k"], instance["q"]
    return np.asarray((keys[instance["i"] - 1] - keys) @ query)


def pair_query(instance: Mapping[str, Any], family: str = "k") -> Array:
    r"""A scale times the sum of two vectors of a family: the i-th and the j-th.

    >>> pair_query({"k": np.eye(3), "i": 1, "j": 3, r"\beta": 2.0})
    array([2., 0., 2.])
    """
    vectors = instance[family]
    return np.asarray(
        instance[r"\beta"] * (vectors[instance["i"] - 1] + vectors[instance["j"] - 1])
    )


def pair_mean(instance: Mapping[str, Any], family: str = "v") -> Array:
    """The mean of the i-th and the j-th vector of a family, shape (p,).

    >>> pair_mean({"v": np.eye(2), "i": 1, "j": 2})
    array([0.5, 0.5])
    """
    vectors = instance[family]
    return np.asarray((vectors[instance["i"] - 1] + vectors[instance["j"] - 1]) / 2)


def projector(columns: Array) -> Array:
    """The orthogonal projector onto the span of the columns, by least squares: (d, s) -> (d, d).

    >>> projector(np.array([[1.0], [0.0]]))
    array([[1., 0.],
           [0., 0.]])
    """
    return np.asarray(columns @ np.linalg.lstsq(columns, np.eye(len(columns)), rcond=None)[0])


@dataclass(frozen=True)
class Estimate:
    """A sampled value with its standard error."""

    value: Any
    error: Any
    count: int


def mean_of(samples: Array) -> Estimate:
    """Return the mean over the first axis and its standard error."""
    count = len(samples)
    return Estimate(samples.mean(axis=0), samples.std(axis=0, ddof=1) / np.sqrt(count), count)


def gaussian_logits(
    rng: np.random.Generator, means: Array, covariances: Array, query: Array, count: int
) -> Array:
    """Draw the logits of independent Gaussian keys: n numbers a sample, not n times d.

    The logits k_l . q are independent normals with mean mu_l . q and variance q^T Sigma_l q, so
    drawing them is drawing the keys. Returns shape (count, n).
    """
    mean = means @ query
    variance = np.einsum("i,lij,j->l", query, covariances, query)
    return np.asarray(mean + np.sqrt(variance) * rng.normal(size=(count, len(mean))))


def gaussian_keys(rng: np.random.Generator, means: Array, covariances: Array, count: int) -> Array:
    """Draw the keys themselves, shape (count, n, d): the slow way that `gaussian_logits` saves."""
    factors = np.linalg.cholesky(covariances)
    noise = rng.normal(size=(count, *means.shape))
    return np.asarray(means + np.einsum("lij,clj->cli", factors, noise))


def gibbs_shares(logits: Array) -> Array:
    """Maximise the mean logit plus the entropy over the simplex, knowing nothing of softmax.

    Newton's method in the shares; a step that would lower the objective is halved.

    >>> gibbs_shares(np.array([0.0, 0.0]))
    array([0.5, 0.5])
    """

    def objective(share: Array) -> float:
        return float(share @ logits - share @ np.log(share))

    share = np.full(len(logits), 1 / len(logits))
    for _ in range(200):
        slope = logits - np.log(share) - 1
        step = share * (slope - share @ slope)  # what is left of the slope sums to zero
        reach = min(1.0, 0.9 / max(float(np.max(-step / share)), 0.9))  # all shares stay positive
        now = objective(share) - 1e-12
        while objective(share + reach * step) < now:
            reach /= 2
        share = share + reach * step
        share = share / share.sum()
        if np.max(np.abs(step / share)) < 1e-9:  # the next step would be its square
            break
    return np.asarray(share)


class Remembered:
    """An oracle that keeps its values, so that each is computed once."""

    def __init__(self, call: Callable[[dict[str, Any]], Any]) -> None:
        self.call = call
        self.names = getattr(call, "names", None)
        self.symbols = getattr(call, "symbols", None)
        self.known: dict[tuple[Any, ...], tuple[dict[str, Any], Any]] = {}

    def __call__(self, instance: dict[str, Any]) -> Any:
        # Arrays are told apart by identity; keeping the instance keeps them alive.
        flat = {k: tuple(v.items()) if isinstance(v, dict) else v for k, v in instance.items()}
        arrays = (list, np.ndarray)
        key = tuple(sorted((k, id(v) if isinstance(v, arrays) else v) for k, v in flat.items()))
        if key not in self.known:
            self.known[key] = (instance, self.call(instance))
        return self.known[key][1]
