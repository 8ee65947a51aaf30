"""Means, variances and covariances of what is linear in Gaussian keys, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import Expr, Symbol

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.letters import (
    Expect,
    Matrix,
    Member,
    Vector,
    shape,
)
from symattn.algebra.words import normal
from symattn.errors import SymattnError
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.gaussian import GaussianKeys
from symattn.judge.judged import Judged


def exact_moment(statistic: Expr, instance: Instance, judged: Judged) -> Any:
    """Return the mean, variance or covariance of what is affine in Gaussian keys.

    It is read off the values: their slopes in every coordinate of every key.

    Raises
    ------
    SymattnError : it is not affine in the keys.
    """
    inner: Expr = statistic.args[0]  # type: ignore[assignment]
    f, names = compiled(inner), needed(inner)
    means = instance[r"\mu"]

    def at(keys: Any) -> Any:
        return np.asarray(f(judged.arrays({**instance, "k": keys}, names)), float)

    middle = at(means)
    slopes = np.zeros((*means.shape, *middle.shape))
    for place in np.ndindex(means.shape):
        moved = means.copy()
        moved[place] += 1.0
        slopes[place] = at(moved) - middle
    whole = at(means + 1.0) - middle
    if np.max(np.abs(whole - slopes.sum(axis=(0, 1)))) > 1e-8 * (1 + np.max(np.abs(whole))):
        raise SymattnError(f"{inner} is not linear in the keys")
    if isinstance(statistic, Expect):
        return middle
    if middle.ndim:
        return np.einsum("lia,lij,ljb->ab", slopes, instance[r"\Sigma"], slopes)
    return float(np.einsum("li,lij,lj->", slopes, instance[r"\Sigma"], slopes))


def linear_means(x: Expr, given: Given) -> Expr:
    """Put in the mean of a vector that is a sum of keys with certain coefficients."""
    law = next((h for h in given if isinstance(h, GaussianKeys)), None)
    if law is None:
        return x
    values = {}
    for statistic in x.atoms(Expect):
        inner: Expr = statistic.args[0]  # type: ignore[assignment]
        words = {} if inner.is_commutative else normal(inner, given.rewriting)
        keys = {k for k in inner.atoms(Member) if k.name == "k"}
        plain_sum = all(
            not value.atoms(Member) & keys and not sums and len(word) == 1 and word[0] in keys
            for (sums, word), value in words.items()
        )
        if words and plain_sum:
            values[statistic] = inner.xreplace({k: law.mean(k.index) for k in keys})
    return x.xreplace(values)


def put_moments(x: Expr, values: dict[Expr, Any], instance: Instance) -> tuple[Expr, Instance]:
    """Replace statistics by letters with the given values."""
    full, names = dict(instance), {}
    for at, (statistic, value) in enumerate(sorted(values.items(), key=lambda p: str(p[0]))):
        name = f"_moment{at}"
        full[name] = value
        sizes = shape(statistic)
        if sizes == ():
            names[statistic] = Symbol(name, real=True)
        elif sizes[1] == 1:
            names[statistic] = Vector(name, sizes[0])  # type: ignore[assignment]
        else:
            names[statistic] = Matrix(name, *sizes)  # type: ignore[assignment]
    return x.xreplace(names), full
