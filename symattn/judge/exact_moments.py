"""Means, variances and covariances of what is linear in Gaussian keys, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import Add, Expr, KroneckerDelta, Mul, Pow, S, Symbol, exp

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    IdentityMatrix,
    Matrix,
    Member,
    Norm,
    T,
    Vector,
    shape,
)
from symattn.algebra.words import normal, to_expr
from symattn.errors import SymattnError
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.gaussian import Covariance, GaussianKeys
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
    step = np.random.default_rng(3).normal(size=means.shape)
    whole = at(means + step) - middle
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


def _square_means(inner: Expr, law: GaussianKeys, given: Given) -> Expr | None:
    r"""Return the mean of a sum of products of two keys, with what is fixed; None of anything else.

    `E[k_a \cdot k_b] = \mu_a \cdot \mu_b`, and the trace of the covariance more where a is b.
    """
    spread = next((h for h in given if isinstance(h, Covariance)), None)
    square = inner.replace(lambda e: isinstance(e, Pow) and isinstance(e.base, Norm) and e.exp == 2,
                           lambda e: Dot(e.base.args[0], e.base.args[0]))  # fmt: skip
    flat = to_expr(normal(square, given.rewriting)).expand()
    total = []
    for term in Add.make_args(flat):
        keys = [
            (f, a) for f in Mul.make_args(term) for a in f.args if getattr(a, "name", "") == "k"
        ]
        dots = {f for f, _ in keys}
        count = sum(a.name == "k" for a in term.atoms(Member))
        if not keys and not count:
            total.append(term)
            continue
        (dot, *more) = dots or (None,)
        if more or not isinstance(dot, Dot) or len({a for _, a in keys}) != count:
            return None
        swapped = term.xreplace({a: law.mean(a.index) for _, a in keys})
        total.append(swapped)
        if len(keys) == 2 and all(isinstance(a, Member) for a in dot.args):
            one, two = (a.index for a in dot.args)
            trace = _trace(spread.value(one)) if spread is not None else None
            if trace is None:
                return None
            total.append(term.xreplace({dot: KroneckerDelta(one, two) * trace}))
        elif len(keys) != 1:
            return None
    return Add(*total)


def _trace(x: Expr) -> Expr | None:
    """The trace of a sum of multiples of the identity and of outer products."""
    total = []
    for term in Add.make_args(x.expand()):
        scalars, word = term.args_cnc()
        if len(word) == 1 and isinstance(word[0], IdentityMatrix):
            total.append(Mul(*scalars, shape(word[0])[0]))
        elif len(word) == 2 and word[1] == T(word[0]):
            total.append(Mul(*scalars, Dot(word[0], word[0])))
        else:
            return None
    return Add(*total)


def linear_means(x: Expr, given: Given) -> Expr:
    """Put in the mean of a vector that is a sum of keys with certain coefficients."""
    law = next((h for h in given if isinstance(h, GaussianKeys)), None)
    if law is None:
        return x
    values: dict[Expr, Expr] = {}
    for statistic in x.atoms(Cov):
        spread: Expr = S.Zero
        for term in Add.make_args(statistic.args[0].expand()):
            scalars, word = term.args_cnc()
            key = word[0] if len(word) == 1 and isinstance(word[0], Member) else None
            if key is None or key.name != "k" or any(f.has(Member) for f in scalars):
                break
            spread += Mul(*scalars) ** 2 * Cov(key)
        else:  # the keys are independent
            values[statistic] = spread
    for statistic in x.atoms(Expect):
        inner: Expr = statistic.args[0]  # type: ignore[assignment]
        if inner.is_commutative and inner.has(Norm, Dot) and not inner.has(exp):
            square = _square_means(inner, law, given)
            if square is not None:
                values[statistic] = square
            continue
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
