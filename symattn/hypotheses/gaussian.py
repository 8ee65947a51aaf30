"""Gaussian keys: k_l is normal with mean mu_l and covariance Sigma_l, independently over l."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np
from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Pow, S, Sum, Symbol, exp

from symattn.algebra.bound_indices import set_apart
from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    IdentityMatrix,
    Letter,
    Matrix,
    Member,
    Norm,
    OffSum,
    T,
    Trace,
    Transposed,
    Var,
)
from symattn.algebra.words import NOTHING, Rewriting, normal
from symattn.hypotheses.base import Broken, Hypothesis, Instance, Opposite, Sizes, no_opposites

MADE_OF_KEYS = frozenset(["c", r"\alpha", "z"])
"""Letters that name what is made of the keys: as random as these, though no key is seen in them."""


def key_coefficients(x: Expr, family: str = "k") -> dict[Member, Expr] | None:
    """Return key -> u for a scalar that is a sum of dot products `u . k`, or None.

    A term that holds no key belongs to the mean alone and is kept under no key.
    """
    found: dict[Member, Expr] = {}
    for (bounds, word), coefficient in normal(x).items():
        if bounds or word:
            return None
        for term in Add.make_args(coefficient.expand()):
            scalars: list[Any] = []
            dots: list[Any] = []
            for factor in Mul.make_args(term):
                keys = [a for a in factor.atoms(Member) if a.name == family]
                (dots if keys else scalars).append(factor)
            if not dots:
                continue
            if len(dots) == 1 and isinstance(dots[0], Sum):
                # the sum over a family of dot products with one key is one dot product
                inner, one = _one_dot(dots[0].function)
                bound = {limit[0] for limit in dots[0].limits}
                if one is None:
                    return None
                fixed, moving = one.args if not bound & one.args[0].free_symbols else one.args[::-1]
                if bound & fixed.free_symbols:
                    return None
                dots = [Dot(fixed, Sum(inner * moving, *dots[0].limits))]
            if len(dots) != 1 or not isinstance(dots[0], Dot):
                return None
            u, w = dots[0].args
            key, other = (u, w) if isinstance(u, Member) and u.name == family else (w, u)
            if not (isinstance(key, Member) and key.name == family):
                return None
            if any(a.name == family for a in other.atoms(Member)):
                return None
            found[key] = found.get(key, S.Zero) + Mul(*scalars) * other
    return found


def exponent(x: Expr) -> Expr | None:
    """Return the sum of the exponents of a product of exponentials; None of anything else.

    >>> from symattn.algebra.attention import d, k, l, q
    >>> exponent(exp(Dot(k(l), q) + d) * exp(-d))
    <k[l], q>
    """
    powers = [factor.args[0] for factor in Mul.make_args(x) if isinstance(factor, exp)]
    return Add(*powers) if len(powers) == len(Mul.make_args(x)) else None


def _names(x: Expr) -> set[str]:
    return {a.name for a in x.atoms(Letter) if a.args} | {str(a.base) for a in x.atoms(Indexed)}


def _is_key(x: Expr) -> bool:
    return isinstance(x, Member) and x.name == "k"


def _keys(x: Expr) -> set[Member]:
    return {a for a in x.atoms(Member) if a.name == "k"}


def _scaled(x: Expr) -> tuple[Expr, Expr]:
    """Split a vector into its scalar factor and the rest."""
    scalars, word = x.args_cnc()
    return Mul(*scalars), Mul(*word)


def _squared(x: Expr) -> Expr:
    """Write squared norms as products."""
    return x.replace(
        lambda e: isinstance(e, Pow) and isinstance(e.base, Norm) and e.exp == 2,
        lambda e: Dot(e.base.args[0], e.base.args[0]),
    )


def _one_dot(x: Expr) -> tuple[Expr, Dot | None]:
    """Return the scalar factors of a product and its only dot product, or None for that."""
    factors = Mul.make_args(x)
    dots = [f for f in factors if isinstance(f, Dot)]
    if len(dots) != 1:
        return x, None
    return Mul(*[f for f in factors if f is not dots[0]]), dots[0]


def is_random(x: Expr) -> bool:
    """Tell whether something holds keys, or a letter for what is made of them."""
    return bool(_keys(x)) or not MADE_OF_KEYS.isdisjoint(_names(x))


def _has_mean(x: Expr) -> bool:
    """Tell whether something made of normal keys grows so little that its mean exists.

    Powers of what is linear in them, its exponential, and what is divided by a sum of such
    exponentials: that is at least each of its terms.
    """
    if not is_random(x) or isinstance(x, (Member, Indexed, Letter)):
        return True
    if isinstance(x, exp):
        return _grows(x.args[0]) <= 1
    if isinstance(x, Pow) and x.exp.is_Integer and x.exp < 0:
        terms = x.base.function if isinstance(x.base, (Sum, OffSum)) else x.base
        factors = [factor for term in Add.make_args(terms) for factor in Mul.make_args(term)]
        return all(
            isinstance(f, exp) and _has_mean(f) if is_random(f) else f.is_positive for f in factors
        )
    if isinstance(x, (Sum, OffSum)):
        return _has_mean(x.function)
    power = isinstance(x, Pow) and x.exp.is_Integer
    return bool(power or isinstance(x, (Add, Mul, Dot, Norm))) and all(map(_has_mean, x.args))


def _grows(x: Expr) -> int:
    """Return the power with which something grows in the keys; 9 where it is not seen."""
    if not is_random(x):
        return 0
    if isinstance(x, (Member, Indexed, Letter)):
        return 1
    if isinstance(x, (Sum, OffSum)):
        return _grows(x.function)
    inside = [_grows(a) for a in x.args]
    return max(inside) if isinstance(x, Add) else sum(inside) if isinstance(x, (Mul, Dot)) else 9


def _mean_of_terms(x: Expr) -> Expr | None:
    """Write a mean as the sum of its terms' means, with what is certain outside; None if it is one.

    >>> from symattn.algebra.attention import alpha, l, n, v
    >>> _mean_of_terms(Sum(alpha(l) * v(l), (l, 1, n)))
    Sum(Expect(\\alpha[l])*v[l], (l, 1, n))
    """
    found = _termwise(set_apart(x)) if _has_mean(x) else Expect(x)
    return None if found == Expect(x) else found


def _termwise(x: Expr) -> Expr:
    if not is_random(x):
        return x
    if isinstance(x, Add):
        return Add(*map(_termwise, x.args))
    if isinstance(x, Sum):
        return Sum(_termwise(x.function), *x.limits)
    if isinstance(x, OffSum):
        return OffSum(_termwise(x.function), *x.args[1:])
    factors = list(Mul.make_args(x))
    sums = [f for f in factors if isinstance(f, (Sum, OffSum)) and is_random(f)]
    if len(factors) > 1 and len(sums) == 1:
        rest = Mul(*[f for f in factors if f is not sums[0]])
        if rest.is_commutative:
            return _termwise(sums[0].func(rest * sums[0].function, *sums[0].args[1:]))
    certain = [f for f in factors if not is_random(f)]
    drawn = [f for f in factors if is_random(f)]
    if len(drawn) == 1 and isinstance(drawn[0], Dot):
        fixed, moving = sorted(drawn[0].args, key=is_random)
        if not is_random(fixed):
            return Mul(*certain) * Dot(fixed, _termwise(moving))
    if not Mul(*drawn).is_commutative and not Mul(*certain).is_commutative:
        return Expect(x)
    return Mul(*certain) * Expect(Mul(*drawn))


@dataclass(frozen=True)
class GaussianKeys(Hypothesis):
    """The keys are independent and normal; `mean(l)` and `covariance(l)` name their moments."""

    mean: Callable[[Expr], Expr]
    covariance: Callable[[Expr], Expr]

    def rewriting(self) -> Rewriting:
        return Rewriting(statistics=(self.moment,))

    def moment(self, s: Expr) -> Expr | None:
        """Return a mean, variance or covariance in terms of the keys' own, None where that is no rule.

        Means: of what is linear in the keys, of products of two of them, and of the exponential of
        what is linear (the generating function).  Variances: of what is linear.
        """
        inner: Expr = s.args[0]
        named = not MADE_OF_KEYS.isdisjoint(_names(inner))
        found = None if named else self._closed(s)
        if found is not None or not (named or inner.has(exp)):
            return found
        if isinstance(s, Expect):
            return _mean_of_terms(inner)
        if isinstance(s, Var) and _has_mean(inner):
            return Expect(inner**2) - Expect(inner) ** 2
        return None

    def _closed(self, s: Expr) -> Expr | None:
        """Return a statistic of the keys where it follows from their moments."""
        inner: Expr = s.args[0]
        if isinstance(s, Cov):
            return self._covariance(inner)
        if isinstance(s, Expect) and not inner.is_commutative:
            return self._mean_vector(inner)
        power = exponent(inner)
        if isinstance(s, Expect) and power is not None:
            mean, variance = self.moment(Expect(power)), self.moment(Var(power))
            return None if mean is None or variance is None else exp(mean + variance / 2)
        coefficients = key_coefficients(inner)
        if isinstance(s, Expect):
            if coefficients is None:
                return self._mean_of_products(inner)
            return inner.subs({key: self.mean(key.index) for key in coefficients})
        if coefficients is None or not isinstance(s, Var):
            return None
        own = [Dot(u, self.covariance(key.index) * u) for key, u in coefficients.items()]
        # Two indices that nothing keeps apart may be one, and their keys one key.
        shared = [
            2 * KroneckerDelta(a.index, b.index) * Dot(u, self.covariance(a.index) * w)
            for (a, u), (b, w) in combinations(coefficients.items(), 2)
        ]
        return Add(*own, *shared)

    def _covariance(self, x: Expr) -> Expr | None:
        """Return the covariance of a sum of keys and of what is certain."""
        found: dict[Member, Expr] = {}
        for (bounds, word), c in normal(x).items():
            drawn = [w for w in word if _keys(w)]
            if bounds or _keys(c) or (drawn and not (len(word) == 1 and _is_key(word[0]))):
                return None
            if drawn:
                found[word[0]] = c
        own = [c**2 * self.covariance(key.index) for key, c in found.items()]
        shared = [
            2 * c * e * KroneckerDelta(a.index, b.index) * self.covariance(a.index)
            for (a, c), (b, e) in combinations(found.items(), 2)
        ]
        return Add(*own, *shared)

    def _mean_vector(self, x: Expr) -> Expr | None:
        """Return the mean of what is linear in the keys and no scalar."""
        for (_, word), coefficient in normal(x).items():
            if _keys(coefficient) or sum(len(_keys(w)) for w in word) > 1:
                return None
            if any(_keys(w) and not isinstance(w, (Member, Transposed)) for w in word):
                return None
        return x.xreplace({key: self.mean(key.index) for key in _keys(x)})

    def _mean_of_products(self, x: Expr) -> Expr | None:
        r"""Return the mean of a sum of `k_a \cdot k_b`, of products of two linear terms, of sums.

        `E[k_a \cdot k_b] = \mu_a \cdot \mu_b`, and the trace of the covariance more where a is b.
        """
        if isinstance(x, Sum) and not any(_keys(end) for limit in x.limits for end in limit[1:]):
            inside = self.moment(Expect(x.function))
            return None if inside is None else Sum(inside, *x.limits)
        means = [self._mean_of_product(t) for t in Add.make_args(_squared(x).expand())]
        return None if any(mean is None for mean in means) else Add(*means)

    def _mean_of_product(self, x: Expr) -> Expr | None:
        certain, drawn = [], []
        for factor in Mul.make_args(x):
            base, power = factor.as_base_exp()
            if not _keys(factor):
                certain.append(factor)
            elif power in (1, 2):
                drawn += [base] * int(power)
            else:
                return None
        if len(drawn) == 1 and isinstance(drawn[0], Dot) and not key_coefficients(drawn[0]):
            mean = self._mean_of_dot(*drawn[0].args)
        elif len(drawn) == 1 and isinstance(drawn[0], Sum):
            mean = self._mean_of_products(drawn[0])
        else:
            linear = [key_coefficients(factor) for factor in drawn]
            if any(found is None for found in linear) or len(drawn) > 2:
                return None
            mean = Mul(*[self.moment(Expect(factor)) for factor in drawn])
            if len(drawn) == 2:
                mean += Add(*[
                    KroneckerDelta(a.index, b.index) * Dot(u, self.covariance(a.index) * w)
                    for (a, u), (b, w) in product(*(found.items() for found in linear if found))
                ])  # fmt: skip
        return None if mean is None else Mul(*certain) * mean

    def _mean_of_dot(self, one: Expr, two: Expr) -> Expr | None:
        """Return the mean of a dot product of two vectors that are linear in the keys."""
        total = S.Zero
        for a, b in product(Add.make_args(one.expand()), Add.make_args(two.expand())):
            (c, u), (e, w) = (_scaled(v) for v in (a, b))
            means = [self.mean(v.index) if _is_key(v) else v for v in (u, w)]
            if any(_keys(v) and not _is_key(v) for v in (u, w)):
                return None
            total += c * e * Dot(*means)
            if _is_key(u) and _is_key(w):
                total += c * e * KroneckerDelta(u.index, w.index) * Trace(self.covariance(u.index))
        return total

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        # The means and covariances are written by the hypotheses that say what they are.
        pass

    opposites = no_opposites

    @property
    def latex(self) -> str:
        return r"the keys are independent, $k_l \sim \mathcal{N}(\mu_l, \Sigma_l)$"

    def violation(self, instance: Instance) -> float:
        """Return by how much what is called covariances is none."""
        means, found = instance[r"\mu"], instance[r"\Sigma"]
        if found.shape != (*means.shape, means.shape[1]):
            return 1.0
        size = 1e-300 + abs(found).max()
        skew = abs(found - np.swapaxes(found, 1, 2)).max()
        own = np.einsum("lii->li", found)
        if np.all(abs(found).sum(axis=2) <= 2 * own):  # Gershgorin: no eigenvalue is negative
            return float(skew / size)
        return float(max(skew, -np.linalg.eigvalsh(found).min(), 0.0) / size)


@dataclass(frozen=True)
class AnyCovariance(Broken):
    """Each covariance is a symmetric positive definite matrix of its own, of about the scale."""

    covariance: Covariance

    def rewriting(self) -> Rewriting:
        return NOTHING

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        self.covariance.sample(rng, sizes, instance)  # for the scale
        scale, d = instance[self.covariance.scale.name], sizes["d"]
        roots = rng.normal(size=(sizes["n"], d, d))
        spread = np.einsum("lij,lkj->lik", roots, roots) / d + 0.05 * np.eye(d)
        instance[r"\Sigma"] = 8 * scale * spread * np.exp(rng.normal(size=(sizes["n"], 1, 1)))


@dataclass(frozen=True)
class Covariance(Hypothesis):
    """Every covariance is `value(l)`; `array` builds it in NumPy from the instance.

    `scale` is its small parameter; samples draw it from `drawn`.
    """

    scale: Symbol
    value: Callable[[Expr], Expr]
    array: Callable[[Instance], np.ndarray]
    statement: str
    drawn: tuple[float, float] = (1e-3, 0.1)

    def rewriting(self) -> Rewriting:
        def letter(e: Expr) -> Expr | None:
            if isinstance(e, Matrix) and e.name == r"\Sigma" and e.index is not None:
                return self.value(e.index)
            return None

        return Rewriting(letters=(letter,))

    def sample(self, rng: np.random.Generator, sizes: Sizes, instance: Instance) -> None:
        low, high = np.log(self.drawn)
        instance.setdefault(self.scale.name, float(np.exp(rng.uniform(low, high))))
        instance[r"\Sigma"] = self.array(instance)

    def plain(self, rng: np.random.Generator, sizes: Sizes, instance: Instance, turn: int) -> None:
        low, high = self.drawn
        wanted = (0.01, 0.04, 0.1)[turn % 3]
        instance[self.scale.name] = wanted if low <= wanted <= high else float(np.sqrt(low * high))
        self.sample(rng, sizes, instance)

    def opposites(self) -> Iterable[Opposite]:
        yield Opposite((AnyCovariance(self),), "each covariance is of its own", (r"\Sigma",))

    @property
    def latex(self) -> str:
        return self.statement

    def violation(self, instance: Instance) -> float:
        scale, found, made = instance[self.scale.name], instance[r"\Sigma"], self.array(instance)
        if found.shape != made.shape or not scale > 0:
            return 1.0
        size = abs(made).max(axis=(1, 2), keepdims=True)
        return float((abs(found - made) / size).max())


def isotropic(size: Symbol, scale: Symbol) -> Covariance:
    """Every covariance is `scale` times the identity of the given size."""
    return Covariance(
        scale,
        lambda l: scale * IdentityMatrix(size),
        lambda I: np.repeat(I[scale.name] * np.eye(I[size.name])[None], I["n"], axis=0),
        rf"$\Sigma_l = {scale.name} I$ for every $l$",
    )


def spiked(
    size: Symbol, scale: Symbol, at: Symbol, drawn: tuple[float, float] = (1e-2, 2.0)
) -> Covariance:
    """As `isotropic`, and the covariance at one index has half its mean's square added."""

    def value(l: Expr) -> Expr:
        mean = Member(r"\mu", l, size)
        return scale * IdentityMatrix(size) + KroneckerDelta(l, at) * mean * T(mean) / 2

    def array(I: Instance) -> np.ndarray:
        made = np.repeat(I[scale.name] * np.eye(I[size.name])[None], I["n"], axis=0)
        mean = I[r"\mu"][I[at.name] - 1]
        made[I[at.name] - 1] += np.outer(mean, mean) / 2
        return made

    name, e = at.name, scale.name
    return Covariance(
        scale,
        value,
        array,
        rf"$\Sigma_{name} = {e} I + \frac{{\mu_{name} \mu_{name}^\top}}{{2}}$ and "
        rf"$\Sigma_l = {e} I$ for $l \ne {name}$",
        drawn,
    )
