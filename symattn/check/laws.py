"""Laws: statistics of random keys, exact, integrated or sampled, of any expression in them.

A statistic such as `Var[(k_i - k_j) . q]` or `E[|c - m|^2]` is evaluated as it is printed: its
random letters are bound to many values at once, and the expression inside is computed for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import comb
from types import MappingProxyType
from typing import Any

import numpy as np
from sympy import (
    Add,
    Basic,
    Expr,
    Indexed,
    IndexedBase,
    Mul,
    Sum,
    Symbol,
)

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.attention import c, l, n, output, softmax, v, weight
from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    Letter,
    Member,
    Norm,
    OffSum,
    Statistic,
    Transposed,
    Var,
    shape,
)
from symattn.algebra.plain import termwise
from symattn.algebra.symbols import KINKED
from symattn.check import oracle
from symattn.check.oracle import Array, Estimate
from symattn.check.quadrature import (
    Grid,
    fitting,
    normal_cube,
    normal_grid,
    normal_line,
    softmax_moments,
    with_moments,
)
from symattn.claims.definitions import family_name
from symattn.errors import BrokenDerivation, SymattnError
from symattn.hypotheses.base import Instance
from symattn.hypotheses.gaussian import exponent
from symattn.hypotheses.independent import Independent

_DRAW = Symbol("_draw", integer=True, positive=True)


def each(x: Expr, values: Mapping[Expr, Array], instance: Instance) -> Array:
    """Evaluate an expression for every draw of its random letters: one value a row.

    values : a letter -> its draws along the first axis.

    >>> from symattn.algebra.attention import d, i, k, q
    >>> from symattn.algebra.letters import Dot
    >>> each(Dot(k(i), q), {k(i): np.eye(2)}, {"q": np.array([3.0, 4.0]), "n": 2})
    array([3., 4.])
    """
    bound = dict(instance)
    for at, drawn in enumerate(values.values()):
        bound[_name(at)] = drawn
    return np.asarray(compiled(_of_draws(x, tuple(values)), over=_DRAW)(bound))


@lru_cache(maxsize=2000)
def _called(x: Expr, kind: type[Expr], name: str) -> tuple[tuple[Expr, str], ...]:
    """Return the letters of a name that an expression holds, each with its index, sorted."""
    found = {(a, str(a.args[1])) for a in x.atoms(kind) if family_name(a) == name}
    return tuple(sorted(found, key=lambda pair: pair[1]))


def _in_terms(
    statistic: Statistic, kind: type[Expr], name: str, instance: Instance
) -> tuple[Statistic, Instance]:
    """Write out the sums over the random letters of a family in a statistic; see `termwise`."""

    def random(a: Basic) -> bool:
        return isinstance(a, kind) and family_name(a) == name

    x, places = termwise(statistic.args[0], instance, random)
    return statistic.func(x), places


def _name(at: int) -> str:
    return f"_random{at}"


@lru_cache(maxsize=500)
def _of_draws(x: Expr, letters: tuple[Expr, ...]) -> Expr:
    """Put a family of draws in the place of each letter."""
    families: dict[Expr, Expr] = {}
    for at, letter in enumerate(letters):
        name, size = _name(at), shape(letter)
        families[letter] = (
            Member(name, _DRAW, size[0]) if size else Indexed(IndexedBase(name, real=True), _DRAW)
        )
    return x.xreplace(families)


MANY, HEAVY = 100, 0.1
"""Of so many draws one may make this share of the spread: above it the standard error says nothing."""


def estimated(statistic: Statistic, found: Array) -> Estimate | None:
    """Return a statistic of equally likely draws, with its standard error.

    None where one of many draws makes much of the spread, as with a tail that is hardly drawn.

    >>> from symattn.algebra.letters import Var
    >>> float(estimated(Var(Symbol("y")), np.array([0.0, 2.0])).value)
    2.0
    """
    count, apart = len(found), found - found.mean(axis=0)
    if not isinstance(statistic, Cov):
        terms = found if isinstance(statistic, Expect) else apart**2 * count / (count - 1)
        spread = (terms - terms.mean(axis=0)) ** 2
        light = np.all(spread.max(axis=0) <= HEAVY * spread.sum(axis=0))  # not of nan
        return oracle.mean_of(terms) if light or count < MANY else None
    # Matrix products in place of an array of every draw's d x d products.
    value = apart.T @ apart / (count - 1)
    second = (apart**2).T @ apart**2 * count / (count - 1) ** 2
    spread = np.maximum(second - value**2, 0) * count / (count - 1)
    return Estimate(value, np.sqrt(spread / count), count)


def integrated(statistic: Statistic, found: Array, mass: Array) -> Array:
    """Return a statistic of draws of given probability, shape (draws,).

    >>> float(integrated(Expect(Symbol("y")), np.array([0.0, 4.0]), np.array([0.75, 0.25])))
    1.0
    """
    mean = np.tensordot(mass, found, 1)
    if isinstance(statistic, Expect):
        return np.asarray(mean)
    apart = found - mean
    if isinstance(statistic, Cov):
        return np.asarray((mass * apart.T) @ apart)
    return np.asarray(mass @ apart**2)


FINER = (0.31, 14.0)
"""Step and reach of a second line: where an integral is not the same on both, it has no value."""


def by_two_rules(
    statistic: Statistic, values: Callable[[Array], Array], rule: Grid, finer: Grid
) -> Array | None:
    """Return an integral that two rules give alike; None where they do not.

    A rule that stops short of where an integrand lies, or steps over its kinks, gives a number all
    the same, and a true claim would be refuted by it.

    values : points -> what stands in the statistic at each.

    >>> rules = (normal_line(1.0), normal_line(1.0, *FINER))
    >>> float(by_two_rules(Expect(Symbol("y")), lambda x: x**2, *rules).round(12))
    1.0
    >>> by_two_rules(Expect(Symbol("y")), np.abs, *rules) is None
    True
    """
    coarse, fine = values(rule.points), values(finer.points)
    one, other = (
        integrated(statistic, found, of.mass) for found, of in ((coarse, rule), (fine, finer))
    )
    size = np.tensordot(finer.mass, np.abs(fine), 1) if isinstance(statistic, Expect) else other
    return other if np.all(np.abs(one - other) <= 1e-10 * np.max(np.abs(size), initial=0)) else None


def of_degree(x: Expr, most: int, values: Mapping[Expr, Array], instance: Instance) -> bool:
    """Tell whether an expression is a polynomial of a degree in letters, at some of their draws.

    It is when its differences of the next order vanish along the lines between the draws.

    >>> from symattn.algebra.attention import d, q
    >>> from symattn.algebra.letters import Norm
    >>> draws = {q: np.random.default_rng(0).normal(size=(3, 2))}
    >>> [of_degree(Norm(q) ** 2, most, draws, {"n": 2}) for most in (1, 2)]
    [False, True]
    """
    steps = np.arange(most + 2)
    signs = np.array([(-1) ** k * comb(most + 1, k) for k in steps])
    for at in range(len(next(iter(values.values()))) - 1 if values else 0):
        line = {
            letter: drawn[at] + np.multiply.outer(steps - 0.5, drawn[at + 1] - drawn[at])
            for letter, drawn in values.items()
        }
        found = each(x, line, instance)
        if found.shape[:1] != steps.shape:  # no letter is in it
            return True
        size = np.max(np.abs(found))  # all zero: an exponential that is too small to be told
        gap = np.max(np.abs(signs @ found.reshape(len(steps), -1)))
        if not (0 < size < np.inf and gap <= 1e-9 * size):
            return False
    return True


@lru_cache(maxsize=500)
def degree(x: Expr, letters: frozenset[Expr]) -> int | None:
    """Return a degree that an expression does not exceed in letters; None where it does not show.

    >>> from symattn.algebra.attention import k, q
    >>> from symattn.algebra.letters import Dot, Norm
    >>> i = Symbol("i")
    >>> [degree(x, frozenset([q])) for x in (Dot(k(i), q) ** 2, Norm(q - k(i)) ** 2, Norm(q))]
    [2, 2, None]
    """
    if x in letters:
        return 1
    if not x.has(*letters):
        return 0
    parts: tuple[Expr, ...] = ()
    if isinstance(x, (Add, Mul, Dot, Transposed)):
        parts = x.args
    elif x.is_Pow and x.exp == 2:
        base = x.base.args[0] if isinstance(x.base, Norm) else x.base
        parts = (base, base)
    found = [found for part in parts if (found := degree(part, letters)) is not None]
    if not parts or len(found) < len(parts):
        return None
    return max(found) if x.is_Add else sum(found)


def _spread(letters: Mapping[Expr, Array]) -> dict[Expr, Array]:
    """Return draws of a normal law with thrice the deviations of equally likely ones."""
    count = max(map(len, letters.values()), default=0)
    mixed = np.random.default_rng(0).normal(size=(5, count)) * 3 / np.sqrt(max(count, 1))
    return {
        letter: drawn.mean(axis=0) + np.tensordot(mixed, drawn - drawn.mean(axis=0), 1)
        for letter, drawn in letters.items()
    }


def exact(statistic: Statistic, letters: Mapping[Expr, Array], mass: Array, I: Instance) -> Any:
    """Return a statistic of letters whose draws have the right mean and covariance.

    None where it asks for more than these two: it is exact for an expectation of degree two, and a
    variance of degree one.
    """
    x, most = statistic.args[0], 2 if isinstance(statistic, Expect) else 1
    shown = degree(x, frozenset(letters))
    if shown is None or shown > most:
        if x.has(*KINKED) or not of_degree(x, most, _spread(letters), I):
            return None
    return integrated(statistic, each(x, letters, I), mass)


def of_linear(
    statistic: Statistic,
    values: Callable[[Array], dict[Expr, Array]],
    mean: Array,
    covariance: Array,
    I: Instance,
) -> Array | None:
    """Return a statistic of what is linear in a vector of given moments; None of what is not.

    values : rows of such vectors -> the letters, which are linear in it, for each.
    """
    x, rows = statistic.args[0], mean[None]
    expects = isinstance(statistic, Expect)
    if not expects:
        rows = np.concatenate([np.zeros_like(rows), np.eye(len(mean))])
    letters = values(rows)
    if degree(x, frozenset(letters)) != 1:
        return None
    found = each(x, letters, I)
    if expects:
        return np.asarray(found[0])
    slope = found[1:] - found[0]
    return np.asarray(slope.T @ covariance @ slope)


@dataclass(frozen=True)
class DrawnKeys:
    """Normal keys: by their means and covariances where these suffice, else integrated, or drawn.

    seed : the sizes and places that the draws are seeded with.
    """

    seed: tuple[str, ...] = ("n", "i")
    count: int = 2000
    density: Expr | None = None
    names = frozenset(["k"])
    needs = (r"\mu", r"\Sigma")

    def __call__(self, statistic: Statistic, instance: Instance) -> Any:
        """Return the value; an estimate where it takes an integral over many directions."""
        statistic, instance = _in_terms(statistic, Member, "k", instance)
        keys = _called(statistic, Member, "k")
        places = [instance[index] - 1 for _, index in keys]
        at = sorted(set(places))  # two indices may name one key
        means, covariances = instance[r"\mu"][at], instance[r"\Sigma"][at]
        grids = [with_moments(*moments) for moments in zip(means, len(at) * covariances)]
        points = np.tile(means, (sum(len(grid.mass) for grid in grids), 1, 1))
        row = 0
        for place, grid in enumerate(grids):
            points[row : (row := row + len(grid.mass)), place] = grid.points

        def called(drawn: Array) -> dict[Expr, Array]:
            return {key: drawn[:, at.index(place)] for (key, _), place in zip(keys, places)}

        x = statistic.args[0]
        found = exact(statistic, called(points), np.full(len(points), 1 / len(points)), instance)
        if found is not None:
            return found
        rule, other = (normal_cube(means, covariances, fewer) for fewer in (3, 0))
        if rule is not None and other is not None:
            return by_two_rules(statistic, lambda p: each(x, called(p), instance), rule, other)
        rng = np.random.default_rng([instance[name] for name in self.seed])
        drawn = oracle.gaussian_keys(rng, means, covariances, self.count)
        return estimated(statistic, each(x, called(drawn), instance))


@dataclass(frozen=True)
class LinearInKeys:
    """The exact mean and variance of a scalar that is linear in independent keys.

    What multiplies a key is found by putting in one unit vector after the other. The mean of the
    exponential of such a scalar follows from both, for it is normal.
    """

    density: Expr | None = None
    names = frozenset(["k"])
    needs = (r"\mu", r"\Sigma")

    def __call__(self, statistic: Statistic, instance: Instance) -> float | None:
        """Return u . mu plus a constant for an expectation, u . Sigma u for a variance, summed.

        None of what is not linear: a product of two keys is none at a unit vector.
        """
        inner = statistic.args[0]
        power = exponent(inner) if isinstance(statistic, Expect) else None
        if power is not None:
            mean, variance = (self(kind(power), instance) for kind in (Expect, Var))
            return None if mean is None or variance is None else float(np.exp(mean + variance / 2))
        f = compiled(inner)
        means, covariances = instance[r"\mu"], instance[r"\Sigma"]
        constant = f({**instance, "k": np.zeros_like(means)})
        total = float(constant) if isinstance(statistic, Expect) else 0.0
        keys = np.random.default_rng(0).normal(size=means.shape)
        missing = f({**instance, "k": keys}) - constant
        size = abs(missing) + abs(constant)
        for at in _places(inner, instance):
            row = means[at]
            units = np.zeros((len(row), *means.shape))
            units[np.arange(len(row)), at, np.arange(len(row))] = 1
            u = np.array([f({**instance, "k": unit}) - constant for unit in units])
            missing, size = missing - u @ keys[at], size + np.abs(u) @ np.abs(keys[at])
            total += float(u @ row if isinstance(statistic, Expect) else u @ covariances[at] @ u)
        return total if abs(missing) <= 1e-9 * size else None


def _places(x: Expr, instance: Instance) -> Sequence[int]:
    """Return the places of the keys that an expression holds; all of them under a sum."""
    names = _named_keys(x)
    if names is None or not names <= {*instance}:
        return range(len(instance[r"\mu"]))
    return sorted({instance[name] - 1 for name in names})


@lru_cache(maxsize=2000)
def _named_keys(x: Expr) -> frozenset[str] | None:
    """Return the indices of the keys that an expression holds; None where it may hold them all."""
    if x.has(Sum, OffSum) or any(a.name == "k" and a.index is None for a in x.atoms(Letter)):
        return None
    return frozenset(index for _, index in _called(x, Member, "k"))


@dataclass(frozen=True)
class OutputOfNormalKeys:
    """The output of normal keys, whose logits are independent normals: integrated.

    What takes the means and covariances of the weights alone is exact for any number of keys.

    most : what takes more is integrated over all logits at once, and has no value for more keys.
    """

    most: int = 4
    density: Expr | None = None
    names = frozenset(["c", r"\alpha"])
    needs = (r"\mu", r"\Sigma", "q", "v")
    meant = MappingProxyType({
        r"\alpha": (weight(l), softmax(l)),
        "c": (output(), Sum(softmax(l) * v(l), (l, 1, n))),
    })  # fmt: skip

    def __call__(self, statistic: Statistic, instance: Instance) -> Array | None:
        """Integrate over the logits mu_l . q + sqrt(q^T Sigma_l q) times a standard normal."""
        statistic, instance = _in_terms(statistic, Indexed, r"\alpha", instance)
        query = instance["q"]
        means = instance[r"\mu"] @ query
        variances = np.einsum("i,lij,j->l", query, instance[r"\Sigma"], query)

        def values(weights: Array) -> dict[Expr, Array]:
            found: dict[Expr, Array] = {c: weights @ instance["v"]}
            for one, index in _called(statistic, Indexed, r"\alpha"):
                found[one] = weights[:, instance[index] - 1]
            return found

        mean, second = softmax_moments(means, variances)
        covariance = second - np.outer(mean, mean)
        found = of_linear(statistic, values, mean, covariance, instance)
        if found is None:
            alike = with_moments(mean, covariance)
            found = exact(statistic, values(alike.points), alike.mass, instance)
        if found is not None or instance["n"] > self.most:
            return found

        def inside(logits: Array) -> Array:
            return each(statistic.args[0], values(oracle.softmax(logits)), instance)

        nodes = fitting(len(means))
        try:
            finer = normal_grid(means, variances, nodes, *FINER)
        except SymattnError:  # too many points
            return None
        return by_two_rules(statistic, inside, normal_grid(means, variances, nodes - 3), finer)


@dataclass(frozen=True)
class TwoPoints:
    """Independent members of families, each with two values: all their combinations, exactly.

    The two values have the mean and the variance; how likely each is differs from instance to
    instance, so that what depends on more than two moments is not the same at all of them.
    """

    given: Independent
    most: int = 10
    density: Expr | None = None
    needs = ()

    def __post_init__(self) -> None:
        if not isinstance(self.given, Independent):
            raise BrokenDerivation(
                f"TwoPoints takes the hypothesis that says what is independent, and {self.given} came",
                "N = Independent((e, f), mean, variance), and TwoPoints(N)",
            )

    @property
    def names(self) -> frozenset[str]:
        return frozenset(str(base) for base in self.given.bases)

    def __call__(self, statistic: Statistic, instance: Instance) -> Array | None:
        """Add up over all combinations; None where there are too many of them."""
        n, count = instance["n"], len(self.given.bases)
        if n * count > self.most:
            return None
        low = instance[self.given.skew]
        mean, variance = (
            float(compiled(x)(instance)) for x in (self.given.mean, self.given.variance)
        )
        values = mean + np.sqrt(variance) * np.array(
            [-np.sqrt((1 - low) / low), np.sqrt(low / (1 - low))]
        )
        picks = np.array(
            list(product((0, 1), repeat=n if self.given.together in instance else n * count))
        )
        mass = np.where(picks == 0, low, 1 - low).prod(axis=1)
        f, found = compiled(statistic.args[0]), []
        for pick in picks:
            rows = np.resize(values[pick], (count, n))  # one row for all where they are one
            drawn = {str(base): row for base, row in zip(self.given.bases, rows)}
            found.append(f({**instance, **drawn}))
        return integrated(statistic, np.array(found), mass)


@dataclass(frozen=True)
class ShareOfNormalGap:
    """The share of one key of a pair is logistic in their gap, a centred normal; it is integrated.

    density : that of the gap, in symbols: what an expectation is an integral against.
    deviation : the name of its standard deviation.
    """

    density: Expr | None = None
    deviation: str = r"\tau"
    share: str = r"\rho"

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.deviation,)

    @property
    def names(self) -> frozenset[str]:
        return frozenset([self.share])

    def __call__(self, statistic: Statistic, instance: Instance) -> Array | None:
        """Integrate over the gap; the statistic may hold one share only."""
        (share,) = {a for a in statistic.atoms(Indexed, Symbol) if str(a) == self.share}
        deviation = float(instance[self.deviation])
        if set(needed(statistic.args[0])) <= {self.share, "n"}:  # nothing else is in it
            return _of_logistic(statistic, share, deviation)

        def inside(gaps: Array) -> Array:
            return each(statistic.args[0], {share: _logistic(gaps)}, instance)

        return by_two_rules(
            statistic, inside, normal_line(deviation), normal_line(deviation, *FINER)
        )


@lru_cache(maxsize=2000)
def _of_logistic(statistic: Statistic, share: Expr, deviation: float) -> Array:
    line = normal_line(deviation)
    values: dict[Expr, Array] = {share: _logistic(line.points)}
    return integrated(statistic, each(statistic.args[0], values, {"n": 2}), line.mass)


def _logistic(gaps: Array) -> Array:
    return np.asarray(np.exp(-np.logaddexp(0, -gaps)))
