"""Means, variances and covariances of what is linear in Gaussian keys, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import Expr, Indexed, Sum, Symbol, exp

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    Matrix,
    Member,
    Norm,
    OffSum,
    Trace,
    Var,
    Vector,
    shape,
)
from symattn.algebra.stable import Peak
from symattn.algebra.words import rewrite
from symattn.check.laws import each
from symattn.claims.definitions import family_name, place
from symattn.errors import SymattnError
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.gaussian import GaussianKeys, exponent
from symattn.judge.judged import Judged


def at_keys(x: Expr, keys: Any, instance: Instance, judged: Judged) -> Any:
    """Return the values of an expression at several keys, shape (samples, n, d): one a row.

    At all of them at once where the letters of the question are arrays of as many rows then, and
    the ends are what these keys give by themselves; else one after the other.
    """
    f, names = compiled(x), needed(x)

    def full(some: Any) -> Instance:
        return judged.arrays({**instance, "k": some}, names)

    one = full(keys[0])
    ends = np.array([f(one), f(full(keys[-1]))], float)
    try:
        rows = each(x, _moving(x, full(keys), one, len(keys)), one)
    except (ValueError, LookupError, TypeError, SymattnError):
        rows = ends  # a letter is made of one set of keys, or bound by a sum
    if rows.shape == (len(keys), *ends.shape[1:]):
        if np.allclose(rows[[0, -1]], ends, rtol=1e-10, atol=1e-13):
            return rows
    return np.array([f(full(some)) for some in keys], float)


def _moving(x: Expr, full: Instance, one: Instance, count: int) -> dict[Expr, Any]:
    """Return the letters of an expression that move with the keys, each with a row for each of them.

    Raises
    ------
    ValueError : one is bound by a sum, or has no such rows.
    """
    moving = {
        name for name in needed(x)
        if name in full and full[name] is not one[name] and not np.array_equal(full[name], one[name])
    }  # fmt: skip
    letters = [a for a in x.atoms(Vector, Member, Indexed) if family_name(a) in moving]
    if x.has(Sum, OffSum, Peak) or {family_name(a) for a in letters} != moving:
        raise ValueError("a letter moves that stands for no vector")
    found = {}
    for letter in letters:
        values, index = full[family_name(letter)], place(letter)
        if values.shape != (count, *np.shape(one[family_name(letter)])):
            raise ValueError(f"{letter} has no row for each of the keys")
        found[letter] = values if index is None else values[:, int(compiled(index)(one)) - 1]
    return found


def exact_moment(statistic: Expr, instance: Instance, judged: Judged) -> Any:
    """Return the mean, variance or covariance of what is affine in Gaussian keys, or its exponential.

    It is read off the values: their slopes in every coordinate of every key.

    Raises
    ------
    SymattnError : it is not affine in the keys.
    """
    inner: Expr = statistic.args[0]  # type: ignore[assignment]
    power = exponent(inner) if isinstance(statistic, Expect) else None
    if power is not None:  # of a normal variable
        mean, variance = (exact_moment(kind(power), instance, judged) for kind in (Expect, Var))
        return float(np.exp(mean + variance / 2))
    f, names = compiled(inner), needed(inner)
    means = instance[r"\mu"]

    def at(keys: Any) -> Any:
        return np.asarray(f(judged.arrays({**instance, "k": keys}, names)), float)

    step = np.random.default_rng(3).normal(size=means.shape)
    units = np.eye(means.size).reshape(-1, *means.shape)
    moved = means + np.concatenate([np.zeros((1, *means.shape)), units, step[None]])
    middle, *ahead, whole = at_keys(inner, moved, instance, judged)
    slopes = np.reshape(np.array(ahead) - middle, (*means.shape, *np.shape(middle)))
    whole = whole - middle
    line = np.einsum("li,li...->...", step, slopes)
    if np.max(np.abs(whole - line)) > 1e-8 * (1 + np.max(np.abs(whole))):
        if isinstance(statistic, Expect) and (found := _quadratic(at, instance)) is not None:
            return found
        raise SymattnError(f"{inner} is not linear in the keys")
    if isinstance(statistic, Expect):
        return middle
    if middle.ndim:
        return np.einsum("lia,lij,ljb->ab", slopes, instance[r"\Sigma"], slopes)
    return float(np.einsum("li,lij,lj->", slopes, instance[r"\Sigma"], slopes))


def _quadratic(at: Any, instance: Instance) -> Any:
    """Return the mean of a polynomial of the second degree in the keys; None where it is none.

    Its second differences do not depend on where they are taken, and are those of any direction.
    """
    means, spread = instance[r"\mu"], instance[r"\Sigma"]

    def bent(step: Any) -> Any:
        return at(means + step) + at(means - step) - 2 * at(means)

    total = at(means)
    rng = np.random.default_rng(5)
    for size in (1.0, 0.3):
        step = size * rng.normal(size=means.shape)
        if not np.allclose(bent(2 * step), 4 * bent(step), rtol=1e-7, atol=1e-9):
            return None
    for l, covariance in enumerate(spread):
        values, axes = np.linalg.eigh(covariance)
        for value, axis in zip(values, axes.T):
            step = np.zeros_like(means)
            step[l] = np.sqrt(max(value, 0.0)) * axis
            total = total + bent(step) / 2
    return total


def linear_means(x: Expr, given: Given) -> Expr:
    """Put in the means that follow from those of the keys: of sums of keys, of their products."""
    law = next((h for h in given if isinstance(h, GaussianKeys)), None)
    if law is None:
        return x
    values: dict[Expr, Expr] = {}
    for statistic in x.atoms(Expect, Cov):
        inner: Expr = statistic.args[0]  # type: ignore[assignment]
        if inner.is_commutative and (inner.has(exp) or not inner.has(Norm, Dot)):
            continue
        found = law.moment(statistic)
        if found is not None:
            values[statistic] = rewrite(found, given.rewriting) if found.has(Trace) else found
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
