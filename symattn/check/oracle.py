"""The oracle: attention in plain NumPy, from its definition; knows nothing of SymPy.

Shapes: keys (n, d), values (n, p), a query (d,); logits and weights (n,); an output (p,).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray


def logits(keys: Array, query: Array) -> Array:
    """k_l . q for every l.

    >>> logits(np.eye(2), np.array([3.0, 4.0]))
    array([3., 4.])
    """
    return np.array([np.dot(key, query) for key in keys])


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
    total = np.zeros(values.shape[1])
    for weight, value in zip(weights(keys, query), values):
        total = total + weight * value
    return total


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
