"""Seeded pairs of scalar expressions: equal ones by rewriting, unequal ones by an adversary.

Which pairs are equal is known by construction: a rewriting step is an identity on the points where
both of its sides are real, and an adversary adds something that is known not to vanish everywhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import (
    Abs,
    Add,
    Expr,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    cos,
    cosh,
    exp,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    tanh,
)

from symattn.algebra.letters import (
    Dot,
    IdentityMatrix,
    Inverse,
    Matrix,
    Member,
    Norm,
    OffSum,
    T,
    Trace,
    Vector,
)

x, y, w = (Symbol(s, real=True) for s in "xyw")
a, b, p, q = (Symbol(s, positive=True) for s in "abpq")
d, n = (Symbol(s, integer=True, positive=True) for s in "dn")
i, j, l, m = (Symbol(s, integer=True, positive=True) for s in "ijlm")
t = Symbol("t", integer=True)
c = Symbol("c", complex=True)
f = sp.Function("f")
z, u = IndexedBase("z", real=True), IndexedBase("u", real=True)
z_positive = IndexedBase("z", positive=True)  # another family that prints alike

REAL = (x, y, w)
POSITIVE = (a, b, p, q)


@dataclass(frozen=True)
class Pair:
    """Two expressions, whether they are equal, and by what kind of step they were made."""

    left: Expr
    right: Expr
    equal: bool
    kind: str

    @property
    def name(self) -> str:
        return f"{self.kind}: {self.left}  |  {self.right}"


# a grammar of scalars as attention has them -----------------------------------------------------


def scalar(rng: random.Random, depth: int = 3) -> Expr:
    """Return a random real expression: exponentials, logarithms, roots, ratios, sums, deltas."""
    if depth == 0:
        return rng.choice([*REAL, *POSITIVE, *REAL, n, Integer(rng.randint(-3, 5)), S.One / 2])
    kind = rng.randrange(13)
    inner = lambda: scalar(rng, depth - 1)  # noqa: E731
    if kind <= 2:
        return inner() + rng.choice([1, -1, 2]) * inner()
    if kind <= 4:
        return inner() * inner()
    if kind == 5:
        return inner() / positive(rng, depth - 1)
    if kind == 6:
        return exp(rng.choice([1, -1, S.One / 2]) * small(rng))
    if kind == 7:
        return log(positive(rng, depth - 1))
    if kind == 8:
        return sqrt(positive(rng, depth - 1))
    if kind == 9:
        return rng.choice([tanh, sinh, cosh, sin, cos])(small(rng))
    if kind == 10:
        return inner() ** rng.choice([2, 2, 3])
    if kind == 11:
        return family_sum(rng)
    return rng.choice([Abs, lambda e: Max(e, 0), lambda e: Min(e, y)])(small(rng))


def small(rng: random.Random) -> Expr:
    """Return a polynomial of low degree, an argument for an exponential."""
    e = rng.choice([x, y, x - y, b * x, x * y, x + 2 * y, b * (x - w), a - b, x / sqrt(d)])
    return rng.choice([e, e, e + 1, 2 * e, -e])


def positive(rng: random.Random, depth: int = 2) -> Expr:
    """Return an expression that is positive wherever it is real."""
    kind = rng.randrange(7)
    if kind <= 1 or depth == 0:
        return rng.choice([*POSITIVE, n, 1 + x**2, p * q, p + q])
    if kind == 2:
        return 1 + exp(small(rng))
    if kind == 3:
        return exp(small(rng)) + exp(small(rng)) * rng.choice([1, 2])
    if kind == 4:
        return positive(rng, depth - 1) * positive(rng, depth - 1)
    if kind == 5:
        return positive(rng, depth - 1) + positive(rng, depth - 1)
    return Sum(exp(b * z[l]), (l, 1, n))


def family_sum(rng: random.Random) -> Expr:
    """Return a sum over a family of n, some with deltas."""
    body = rng.choice(
        [
            z[l],
            z[l] ** 2,
            exp(b * z[l]),
            z[l] * u[l],
            x * z[l] + y,
            exp(x - z[l]),
            l,
            z[l] * KroneckerDelta(l, i),
            exp(b * KroneckerDelta(l, i)),
            tanh(z[l]) + 1,
        ]
    )
    return Sum(body, (l, 1, n))


# rewriting steps, each an identity ---------------------------------------------------------------


def _tanh_by_exp(e: Expr) -> Expr:
    t = e.args[0]
    return (exp(2 * t) - 1) / (exp(2 * t) + 1)


def _tanh_by_sigmoid(e: Expr) -> Expr:
    return 2 / (1 + exp(-2 * e.args[0])) - 1


def _tanh_by_ratio(e: Expr) -> Expr:
    return sinh(e.args[0]) / cosh(e.args[0])


def _hyperbolic_by_exp(e: Expr) -> Expr:
    t, s = e.args[0], 1 if isinstance(e, cosh) else -1
    return (exp(t) + s * exp(-t)) / 2


def _sine_by_half(e: Expr) -> Expr:
    t = e.args[0]
    if isinstance(e, sin):
        return 2 * sin(t / 2) * cos(t / 2)
    return cos(t / 2) ** 2 - sin(t / 2) ** 2


def _exp_split(e: Expr) -> Expr:
    t = e.args[0]
    half = t / 2
    return exp(half) ** 2 if not t.is_Add else Mul(*[exp(c) for c in t.args])


def _exp_by_tanh(e: Expr) -> Expr:
    t = tanh(e.args[0] / 2)
    return (1 + t) / (1 - t)


def _log_split(e: Expr) -> Expr:
    return sp.expand_log(sp.factor(e))


def _log_scaled(e: Expr) -> Expr:
    return log(sp.expand(e.args[0] * p * exp(x))) - log(p) - x


def _log_of_square(e: Expr) -> Expr:
    return log(sp.expand(e.args[0] ** 2)) / 2


def _root_scaled(e: Expr) -> Expr:
    return sqrt(sp.expand(e.base * p)) / sqrt(p)


def _root_by_exp(e: Expr) -> Expr:
    return exp(log(e.base) / 2)


def _max_by_abs(e: Expr) -> Expr:
    first, second = e.args[0], e.func(*e.args[1:])
    s = 1 if isinstance(e, Max) else -1
    return (first + second + s * Abs(first - second)) / 2


def _abs_by_root(e: Expr) -> Expr:
    return sqrt(sp.expand(e.args[0] ** 2))


def _abs_by_max(e: Expr) -> Expr:
    return Max(e.args[0], -e.args[0])


def _parts(e: Expr) -> tuple[Expr, Expr, Expr, Expr]:
    index, low, high = e.limits[0]
    return e.function, index, low, high


def _sum_renamed(e: Expr) -> Expr:
    f, index, low, high = _parts(e)
    other = m if index == l else l
    return Sum(f.xreplace({index: other}), (other, low, high))


def _sum_shifted(e: Expr) -> Expr:
    f, index, low, high = _parts(e)
    return Sum(f.xreplace({index: index + 1}), (index, low - 1, high - 1))


def _sum_last_apart(e: Expr) -> Expr:
    f, index, low, high = _parts(e)
    if f.has(KroneckerDelta):
        return _sum_renamed(e)
    return Sum(f, (index, low, high - 1)) + f.xreplace({index: high})


def _sum_split(e: Expr) -> Expr:
    f, *limits = _parts(e)
    return Add(*[Sum(t, tuple(limits)) for t in Add.make_args(sp.expand(f))])


def _sum_of_constant_added(e: Expr) -> Expr:
    f, index, low, high = _parts(e)
    return Sum(f + x, (index, low, high)) - (high - low + 1) * x


def _sum_of_delta(e: Expr) -> Expr:
    f, index, low, high = _parts(e)
    if not f.has(KroneckerDelta) or (low, high) != (1, n):
        return _sum_split(e)
    off = f.xreplace({KroneckerDelta(i, index): S.Zero})
    on = f.xreplace({KroneckerDelta(i, index): S.One}).xreplace({index: i})
    return Sum(off, (index, low, high)) + on - off.xreplace({index: i})


def _sum_factored(e: Expr) -> Expr:
    f, *limits = _parts(e)
    return Sum(sp.expand(f * exp(y)), tuple(limits)) * exp(-y)


def _expand(e: Expr) -> Expr:
    return sp.expand(e, power_exp=False, log=False, power_base=False)


def _times_one(e: Expr) -> Expr:
    return _expand(e * (1 + x**2)) / (1 + x**2)


def _times_one_by_exp(e: Expr) -> Expr:
    return _expand(e * (exp(y) + 1)) / (exp(y) + 1)


def _plus_zero(e: Expr) -> Expr:
    return e + (x - y) ** 2 - x**2 + 2 * x * y - y**2


def _twice_half(e: Expr) -> Expr:
    return e / (1 + exp(x)) + e / (1 + exp(-x))


def _square_root_of_two(e: Expr) -> Expr:
    return e * sqrt(2) * sqrt(3) / sqrt(6)


def _power_by_exp(e: Expr) -> Expr:
    return exp(e.exp * log(e.base))


Step = tuple[str, Callable[[Expr], bool], Callable[[Expr], Expr]]

LOCAL: tuple[Step, ...] = (
    ("tanh by exp", lambda e: isinstance(e, tanh), _tanh_by_exp),
    ("tanh by sigmoid", lambda e: isinstance(e, tanh), _tanh_by_sigmoid),
    ("tanh by ratio", lambda e: isinstance(e, tanh), _tanh_by_ratio),
    ("sinh, cosh by exp", lambda e: isinstance(e, (sinh, cosh)), _hyperbolic_by_exp),
    ("half angle", lambda e: isinstance(e, (sin, cos)), _sine_by_half),
    ("exp split", lambda e: isinstance(e, exp), _exp_split),
    ("exp by tanh", lambda e: isinstance(e, exp), _exp_by_tanh),
    ("log split", lambda e: isinstance(e, log), _log_split),
    ("log scaled", lambda e: isinstance(e, log), _log_scaled),
    ("log of square", lambda e: isinstance(e, log), _log_of_square),
    ("root scaled", lambda e: e.is_Pow and e.exp == S.Half, _root_scaled),
    ("root by exp", lambda e: e.is_Pow and e.exp == S.Half, _root_by_exp),
    ("max by abs", lambda e: isinstance(e, (Max, Min)), _max_by_abs),
    ("abs by root", lambda e: isinstance(e, Abs), _abs_by_root),
    ("abs by max", lambda e: isinstance(e, Abs), _abs_by_max),
    ("sum renamed", lambda e: isinstance(e, Sum), _sum_renamed),
    ("sum shifted", lambda e: isinstance(e, Sum), _sum_shifted),
    ("last term apart", lambda e: isinstance(e, Sum), _sum_last_apart),
    ("sum split", lambda e: isinstance(e, Sum), _sum_split),
    ("constant summed", lambda e: isinstance(e, Sum), _sum_of_constant_added),
    ("delta summed", lambda e: isinstance(e, Sum), _sum_of_delta),
    ("factor in a sum", lambda e: isinstance(e, Sum), _sum_factored),
    ("power by exp", lambda e: e.is_Pow and e.base in POSITIVE, _power_by_exp),
)

WHOLE: tuple[tuple[str, Callable[[Expr], Expr]], ...] = (
    ("expand", _expand),
    ("together", sp.together),
    ("factor terms", sp.factor_terms),
    ("times one", _times_one),
    ("times one by exp", _times_one_by_exp),
    ("plus zero", _plus_zero),
    ("two sigmoids", _twice_half),
    ("root of six", _square_root_of_two),
)


def rewritten(e: Expr, rng: random.Random, steps: int) -> tuple[Expr, list[str]]:
    """Return an expression that is equal on the points that both have, and the steps to it."""
    done = []
    for _ in range(steps):
        bound = {t for total in e.atoms(Sum) for t in total.bound_symbols}
        places = sorted(set(sp.preorder_traversal(e)), key=sp.default_sort_key)
        options = [
            (name, place, step)
            for place in places
            if isinstance(place, Expr) and not (place.free_symbols & bound)
            for name, fits, step in LOCAL
            if fits(place)
        ]
        if options and rng.random() < 0.7:
            name, place, step = rng.choice(options)
            e = e.xreplace({place: step(place)})
        else:
            name, whole = rng.choice(WHOLE)
            e = whole(e)
        done.append(name)
    return e, done


def equal_pairs(count: int, seed: int = 1) -> Iterator[Pair]:
    """Yield pairs of a random expression and a rewriting of it."""
    rng = random.Random(seed)
    made = 0
    while made < count:
        e = scalar(rng, rng.choice([1, 2, 2, 3]))
        other, steps = rewritten(e, rng, rng.choice([1, 2, 2, 3]))
        if other == e or _size(other) > 220 or e.has(sp.nan, sp.zoo) or other.has(sp.nan, sp.zoo):
            continue
        made += 1
        yield Pair(e, other, True, ", ".join(steps))


def _size(e: Any) -> int:
    return sum(1 for _ in sp.preorder_traversal(e))


# the adversary -----------------------------------------------------------------------------------

# what does not vanish everywhere, at its symbols' values
SOMETHING = (
    S.One,
    x,
    y,
    x * y,
    exp(x),
    exp(-x),
    p,
    1 / (1 + x**2),
    tanh(x),
    x - y,
    sqrt(p),
    log(p),
    Sum(z[l], (l, 1, n)),
    sin(x),
    n,
)


def _tiny(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    return e, e + rng.choice(SOMETHING) * Rational(1, 10 ** rng.randint(8, 40))


def _tiny_factor(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    e = e + rng.choice([x, p, exp(y)])
    return e, e * (1 + Rational(1, 10 ** rng.randint(8, 40)))


def _huge(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    scale = Integer(10) ** rng.randint(8, 40)
    return scale * e + rng.choice(SOMETHING), scale * e


def _vanishing_exponential(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    k = rng.randint(30, 80)
    s = rng.choice(SOMETHING)
    return e + s * exp(-k), e + s * exp(-k - rng.randint(1, 10))


def _at_integers(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    wave = rng.choice([sin(pi * x), sin(2 * pi * y), cos(2 * pi * x) - 1, sin(pi * x) ** 2])
    return e, e + wave * rng.choice([S.One, exp(y), p])


def _at_positive(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    t = rng.choice([x, y, x * y, x - y])
    first, second = rng.choice(
        [
            (sqrt(t**2), t),
            (Abs(t), t),
            (t * Abs(t), t**2),
            (exp(-Abs(t)), exp(-t)),
            (Max(t, 0), t),
            (Abs(t) ** 3, t**3),
            (tanh(Abs(t)), tanh(t)),
            (sqrt(t**2 + 2 * t + 1), t + 1),
        ]
    )
    return e + first, e + second


def _at_two(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    first, second = rng.choice(
        [
            (n, S(2)),
            (2**n, n**2),
            (n * (n - 1), S(2)),
            (n - 1, n / 2),
            (Sum(l, (l, 1, n)), 3 * n / 2),
            (1 / n, S.Half),
            (exp(x) / (2 * exp(x) + n - 2), S.Half),
            (sp.factorial(n), n),
            (Sum(l**2, (l, 1, n)), S(5)),
            (n * x, x * (n**2 - n)),
        ]
    )
    return e + first, e + second


def _leading_order(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    t = rng.choice([x, y, x / 100, x * y, x / n])
    first, second = rng.choice(
        [
            (tanh(t), t - t**3 / 3),
            (exp(t), 1 + t + t**2 / 2),
            (log(1 + t**2), t**2 - t**4 / 2),
            (sqrt(1 + t**2), 1 + t**2 / 2),
            (1 / (1 + t**2), 1 - t**2 + t**4),
            (1 / (1 + exp(-t)), S.Half + t / 4),
            (cos(t), 1 - t**2 / 2),
            (sinh(t), t + t**3 / 6),
        ]
    )
    return e + first, e + second


def _sign(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    s = rng.choice(SOMETHING)
    return e + s, e - s


def _factor(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    s = rng.choice(SOMETHING)
    return e + s, e + rng.choice([2, S.Half, 3, n + 1]) * s


def _index(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    first, second = rng.choice(
        [
            (z[i], z[j]),
            (Sum(z[l] * KroneckerDelta(l, i), (l, 1, n)), z[j]),
            (Sum(z[l], (l, 1, n)), Sum(z[l], (l, 1, n - 1))),
            (Sum(z[l] * u[l], (l, 1, n)), Sum(z[l], (l, 1, n)) * Sum(u[l], (l, 1, n)) / n),
            (Sum(z[l], (l, 1, n)), n * z[i]),
            (Sum(z[l] ** 2, (l, 1, n)), Sum(z[l], (l, 1, n)) ** 2),
            (Sum(Abs(z[l]), (l, 1, n)), Sum(z[l], (l, 1, n))),
            (Sum(exp(z[l]), (l, 1, n)), exp(Sum(z[l], (l, 1, n)))),
            (Sum(z[l], (l, 1, n)), n * (n + 1) / 2),
            (Sum(z[l] * u[m], (l, 1, n), (m, 1, n)), Sum(z[l] * u[l], (l, 1, n))),
            (KroneckerDelta(i, j) * z[i], z[j]),
            (Sum(z[l], (l, 1, n)), Sum(z[l], (l, 1, d))),
            (d * Sum(exp(z[l]), (l, 1, n)), n * Sum(exp(z[l]), (l, 1, d))),
            (Sum(z[l] * u[m], (l, 1, n), (m, 1, d)), Sum(z[l] * u[m], (l, 1, d), (m, 1, n))),
            (Sum(KroneckerDelta(l, m), (l, 1, n), (m, 1, d)), d),
            (Abs(Sum(z[l], (l, 1, n))), Sum(z[l], (l, 1, n))),
            (Sum(Max(z[l], -20), (l, 1, n)), Sum(z[l], (l, 1, n))),
            (Sum(z[l], (l, i, n)), Sum(z[l], (l, i + 1, n))),
            (Sum(z[l] - z[l + 1], (l, 1, n)), z[1] - z[n]),
        ]
    )
    return e + first, e + second


def _at_zero(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    s = rng.choice([x, x - y, log(1 + x**2), z[i], Sum(z[l] ** 2, (l, 1, n)), 2 * x + 3, x * y])
    first, second = rng.choice(
        [
            (sp.sign(s) ** 2, S.One),
            (sp.Heaviside(s, 0), sp.Heaviside(s, 1)),
            (sp.Piecewise((1, s > 0), (2, True)), sp.Piecewise((1, s >= 0), (2, True))),
            (Sum(sp.sign(z[l]) ** 2, (l, 1, n)), n),
            (
                Sum(sp.Heaviside(z[l] - u[l], 0), (l, 1, n)),
                Sum(sp.Heaviside(z[l] - u[l], 1), (l, 1, n)),
            ),
        ]
    )
    return e + first, e + second


def _far_out(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    far = 10 ** rng.randint(4, 6)
    first, second = rng.choice(
        [
            (Max(x, -far), x),
            (sp.floor(y / far), -sp.Heaviside(-y, 0)),
            (Sum(Max(z[l], -far), (l, 1, n)), Sum(z[l], (l, 1, n))),
            (sp.asin(sin(x / 500)), x / 500),
            (sp.floor(t / 30), sp.floor(t / 31)),
            (x, x + sin(2 ** rng.randint(16, 30) * pi * x)),
        ]
    )
    return e + first, e + second


def _exponent(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    first, second = rng.choice(
        [
            (p**2, p**3),
            (sqrt(p), p ** Rational(1, 3)),
            (exp(2 * x), exp(x**2)),
            (exp(x) ** 2 + 1, (exp(x) + 1) ** 2),
            (p**x, x**2 + 1),
            ((x + y) ** 2, x**2 + y**2),
            (sqrt(p + q), sqrt(p) + sqrt(q)),
            (log(p + q), log(p) + log(q)),
            (log(p) ** 2, log(p**2)),
            (exp(x + y), exp(x) + exp(y)),
            (1 / (x**2 + p), 1 / x**2 + 1 / p),
            (p ** (x * y), p ** (x + y)),
        ]
    )
    return e + first, e + second


def _near_constant(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    first, second = rng.choice(
        [
            (pi, Rational(355, 113)),
            (sqrt(2), Rational(665857, 470832)),
            (sp.E, Rational(2718281828459045, 10**15)),
            (exp(pi * sqrt(163)), S(262537412640768744)),
            (sp.E**pi - pi, S(20)),
            (sqrt(2) + sqrt(3), pi),
            (log(2), Rational(6931471805599453094172321214581766, 10**34)),
            (sqrt(10**20 + 1), S(10**10)),
            (exp(-50), exp(-60)),
            (tanh(40), S.One),
            (sp.erf(9), S.One),
            (1 + exp(-200), S.One),
        ]
    )
    s = rng.choice([S.One, x, p])
    return e + s * first, e + s * second


def _bend(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    at = Rational(rng.randint(-4000, 4000), 997)
    width = Rational(1, 10 ** rng.randint(1, 6))
    bump = rng.choice(
        [
            Max(0, width - Abs(x - at)),
            sp.Piecewise((1, sp.And(x > at, x < at + width)), (0, True)),
            Max(x, at) - x,
            Min(0, x + 5000 + at),
            sp.Heaviside(x - 3000 - at),
        ]
    )
    return e, e + bump


def _dropped_tail(e: Expr, rng: random.Random) -> tuple[Expr, Expr]:
    k = rng.randint(4, 12)
    return e + exp(-k * x**2) * p, e + exp(-k * x**2) * p * (1 + exp(-k * (1 + y**2)))


ADVERSARIES: tuple[tuple[str, Callable[[Expr, random.Random], tuple[Expr, Expr]]], ...] = (
    ("tiny", _tiny),
    ("tiny factor", _tiny_factor),
    ("huge", _huge),
    ("vanishing exponential", _vanishing_exponential),
    ("equal at integers", _at_integers),
    ("equal at positive reals", _at_positive),
    ("equal for n = 2", _at_two),
    ("equal to leading order", _leading_order),
    ("sign", _sign),
    ("factor", _factor),
    ("index", _index),
    ("exponent", _exponent),
    ("near constant", _near_constant),
    ("bend", _bend),
    ("dropped tail", _dropped_tail),
    ("equal but at zero", _at_zero),
    ("far out", _far_out),
)


def unequal_pairs(count: int, seed: int = 1) -> Iterator[Pair]:
    """Yield pairs that differ, with the right side rewritten so that it does not show."""
    rng = random.Random(seed)
    made = 0
    while made < count:
        kind, adversary = ADVERSARIES[made % len(ADVERSARIES)]
        e = scalar(rng, rng.choice([0, 1, 1, 2]))
        left, right = adversary(e, rng)
        if rng.random() < 0.6:
            right, _ = rewritten(right, rng, rng.choice([1, 2]))
        if left == right or _size(right) > 220 or right.has(sp.nan, sp.zoo):
            continue
        made += 1
        yield Pair(left, right, False, kind)


# laws and non-laws, as a table -------------------------------------------------------------------

LAWS: tuple[tuple[Expr, Expr], ...] = (
    (tanh(x), (exp(2 * x) - 1) / (exp(2 * x) + 1)),
    (tanh(x), 1 - 2 / (exp(2 * x) + 1)),
    (1 / (1 + exp(-x)), exp(x) / (1 + exp(x))),
    (1 / (1 + exp(-x)), (1 + tanh(x / 2)) / 2),
    (log(1 + exp(x)), x + log(1 + exp(-x))),
    (log(1 + exp(x)) - log(1 + exp(-x)), x),
    (sinh(2 * x), 2 * sinh(x) * cosh(x)),
    (cosh(x) ** 2 - sinh(x) ** 2, S.One),
    (sin(x) ** 2 + cos(x) ** 2, S.One),
    (sin(x + y), sin(x) * cos(y) + cos(x) * sin(y)),
    (sqrt(x**2), Abs(x)),
    (sqrt(p**2), p),
    (log(p * q), log(p) + log(q)),
    (log(p**2), 2 * log(p)),
    (log(x**2), 2 * log(Abs(x))),
    (log(exp(x)), x),
    (p**x * p**y, p ** (x + y)),
    ((p * q) ** x, p**x * q**x),
    (p**x, exp(x * log(p))),
    (sqrt(p) * sqrt(q), sqrt(p * q)),
    (sqrt(p**2 + 2 * p * q + q**2), p + q),
    (Max(x, y), (x + y + Abs(x - y)) / 2),
    (Max(x, y) + Min(x, y), x + y),
    (Max(x, 0) - Max(-x, 0), x),
    (Abs(x * y), Abs(x) * Abs(y)),
    (sqrt(2) * sqrt(3), sqrt(6)),
    (sqrt(3 + 2 * sqrt(2)), 1 + sqrt(2)),
    (1 / (sqrt(3) - sqrt(2)), sqrt(3) + sqrt(2)),
    (
        Pow(2 + sqrt(5), Rational(1, 3), evaluate=False) * 2,
        1 + sqrt(5),
    ),
    (exp(x) / (2 * exp(x) + n - 2), 1 / (2 + (n - 2) * exp(-x))),
    (Sum(exp(b * (KroneckerDelta(l, i))), (l, 1, n)), exp(b) + n - 1),
    (Sum(z[l] * KroneckerDelta(l, i), (l, 1, n)), z[i]),
    (Sum(z[l] + x, (l, 1, n)), Sum(z[m], (m, 1, n)) + n * x),
    (Sum(z[l] * z[m], (l, 1, n), (m, 1, n)), Sum(z[l], (l, 1, n)) ** 2),
    (Sum(l, (l, 1, n)), n * (n + 1) / 2),
    (Sum(exp(z[l] - x), (l, 1, n)), exp(-x) * Sum(exp(z[l]), (l, 1, n))),
    (
        log(Sum(exp(z[l]), (l, 1, n))),
        x + log(Sum(exp(z[l] - x), (l, 1, n))),
    ),
    (Sum(exp(z[l]) / Sum(exp(z[m]), (m, 1, n)), (l, 1, n)), S.One),
    (sp.LambertW(p) * exp(sp.LambertW(p)), p),
    (log(sp.LambertW(p)), log(p) - sp.LambertW(p)),
    (sp.factorial(n + 1), (n + 1) * sp.factorial(n)),
    (sp.binomial(n, 2), n * (n - 1) / 2),
    (sp.erf(x) + sp.erfc(x), S.One),
    (sp.asinh(x), log(x + sqrt(1 + x**2))),
    (KroneckerDelta(i, j) * z[i], KroneckerDelta(i, j) * z[j]),
    (KroneckerDelta(i, j) ** 2, KroneckerDelta(i, j)),
    ((x**2 + 2 * x * y + y**2) ** 500, (x + y) ** 1000),
    (Sum(z[l], (l, i, j)) + Sum(z[l], (l, j + 1, m)), Sum(z[l], (l, i, m))),
    (Sum(z[l] - z[l + 1], (l, 1, n)), z[1] - z[n + 1]),
    (Sum(z[l], (l, 2, n)), Sum(z[l], (l, 1, n)) - z[1]),
    (Sum(z[l], (l, n, n + 2)), z[n] + z[n + 1] + z[n + 2]),
    (x**y * x**w, x ** (y + w)),
    (sqrt((-2) ** (2 * t)), 2**t),
)

NO_LAWS: tuple[tuple[Expr, Expr], ...] = (
    (exp(-50), exp(-60)),
    (S.One, 1 + Rational(1, 10**40)),
    (x, x + Rational(1, 10**30) * y),
    (sqrt(x**2), x),
    (Abs(x), x),
    (sp.sign(x) ** 2, S.One),
    (log(x**2 * y**2), 2 * log(x**2 + y**2)),
    (Sum(z[l], (l, 1, n)), n * (n + 1) / 2),
    (Sum(z[l] * u[l], (l, 1, n)), Sum(z[l], (l, 1, n)) * Sum(u[l], (l, 1, n))),
    (Sum(exp(b * (KroneckerDelta(l, i) + KroneckerDelta(l, j))), (l, 1, n)), n + 2 * exp(b) - 2),
    (x, x + sin(pi * x)),
    (n, S(2)),
    (tanh(x), x),
    (x, x + exp(-exp(20))),
    (x + sp.erf(60), x + 1),
    ((x + y) ** 10000, (x - y) ** 10000),
    (exp(pi * sqrt(163)), S(262537412640768744)),
    (KroneckerDelta(i, j), S.Zero),
    ((-x) ** n, x**n),
    (Sum(z[l], (l, 1, n)), Sum(z[l], (l, 1, d))),
    (d * Sum(z[l], (l, 1, n)), n * Sum(z[l], (l, 1, d))),
    (Sum(Abs(z[l]), (l, 1, n)), Abs(Sum(z[l], (l, 1, n)))),
    (Sum(sp.sign(z[l]), (l, 1, n)), sp.sign(Sum(z[l], (l, 1, n)))),
    (sp.Product(z[l], (l, 1, n)), sp.Product(Abs(z[l]), (l, 1, n))),
    (Sum(Max(z[l], -15), (l, 1, n)), Sum(z[l], (l, 1, n))),
    # what is not negative may be zero
    (sp.sign(log(1 + x**2)), S.One),
    (sp.sign(sqrt(x + y) + sqrt(x + w)), S.One),
    (sp.sign(sp.LambertW(x**2)), S.One),
    (sp.sign(Sum(z[l] ** 2, (l, 1, n))), S.One),
    # entries that are zero, equal, on a kink, or far out
    (Sum(sp.sign(z[l]) ** 2, (l, 1, n)), n),
    (Sum(sp.sign(z[l] - 7) ** 2, (l, 1, n)), n),
    (Sum(Max(z[l], -(10**5)), (l, 1, n)), Sum(z[l], (l, 1, n))),
    (Max(z[i], -(10**5)), z[i]),
    (
        Sum(sp.Piecewise((1, z[l] > u[l]), (0, True)), (l, 1, n)),
        Sum(sp.Piecewise((1, z[l] >= u[l]), (0, True)), (l, 1, n)),
    ),
    (Sum(sp.floor(z[l]), (l, 1, n)), Sum(sp.floor(z_positive[l]), (l, 1, n))),
    # whole numbers beyond the first few, and one
    (sp.floor(n / 11), S.Zero),
    (sp.floor(i / 10), S.Zero),
    (sp.floor(t / 20), sp.floor(t / 21)),
    (Max(n, 2) + Sum(z[l], (l, 1, n)), n + Sum(z[l], (l, 1, n))),
    (sp.floor(1 / n) + Sum(z[l], (l, 1, n)), Sum(z[l], (l, 1, n))),
    (
        (n - 2) * (n - 3) * (n - 5) * (n - 8) * sp.floor(x) + Sum(z[l], (l, 1, n)),
        Sum(z[l], (l, 1, n)),
    ),
    (Max(i, n) + Sum(z[l], (l, 1, n)), n + Sum(z[l], (l, 1, n))),
    (Sum(KroneckerDelta(l, i), (l, 1, d)), Sum(KroneckerDelta(l, i), (l, 1, n))),
    (Sum(KroneckerDelta(l, i / 2), (l, 1, n)), S.One),
    # numbers that are no multiples of a power of two, large ones, and ties
    (x + sin(2**18 * pi * x), x),
    (sp.floor(2**24 * x), 2**24 * x),
    (sp.asin(sin(x / 1000)), x / 1000),
    (sp.floor(x / 5000), -sp.Heaviside(-x, 0)),
    (sp.floor(1 / (1 + (x - y) ** 2)), S.Zero),
    (sp.ceiling(sin(x) ** 2), S.One),
    (sp.sign(sp.asin(x)) ** 2, S.One),
    # a summand that is nowhere defined makes no case without points
    (sp.Piecewise((x, x > 0), (x + Sum(1 / (n - l), (l, 1, n - 1)), True)), x),
    # powers of negative numbers that are real
    (Abs(x) ** y, x**y),
    (sqrt(x ** (2 * y)), x**y),
    (Abs(x) ** (2 * y), x ** (2 * y)),
    ((x**y) ** w, x ** (y * w)),
    # functions that are not known
    (f(x, y) + f(w, p), f(x, p) + f(w, y)),
    (f(x) - 4 * f(x + 1) + 6 * f(x + 2) - 4 * f(x + 3) + f(x + 4), S.Zero),
    (f(x, y), f(y, x)),
    # numbers that are not real
    (sp.conjugate(c), c),
    (sp.re(c), c),
    (Abs(c) ** 2, c**2),
    (sqrt(c**2), Abs(c)),
)

# what is given, and whether the sides are equal then
GIVEN: tuple[tuple[Expr, Expr, tuple[Any, ...], bool], ...] = (
    (sp.sign(x), S.One, (x > 0,), True),
    (sp.sign(x), S.One, (x >= 0,), False),
    (sp.sign(x) ** 2, S.One, (sp.Ne(x, 0),), True),
    (sp.sign(x - y), S.One, (x > y,), True),
    (sp.sign(x - y), S.One, (x >= y,), False),
    (sp.Heaviside(x, 0), S.One, (x >= 0,), False),
    (sp.Piecewise((1, x > y), (0, True)), S.One, (x > y,), True),
    (sp.Piecewise((1, x > y), (0, True)), S.One, (x >= y,), False),
    (sp.Piecewise((1, sp.Ne(x, y)), (0, True)), S.One, (x > y,), True),
    (Abs(x), x, (x**2 > 0,), False),
    (Abs(x - 300), x - 300, ((x - 300) ** 2 > 0,), False),
    (Abs(x - y), x - y, (x >= y,), True),
    (Abs(x), x, (x > 0, sp.Eq(x, y)), True),
    (x + y, S.One, (sp.Eq(x + y, 1),), True),
    (x**2 - y**2, x - y, (sp.Eq(x + y, 1),), True),
    (x**2, y, (sp.Eq(x, sqrt(y)),), True),
    (x, y, (sp.Eq(x, 1 - y),), False),
    (x, y, (sp.Eq(x, y + Rational(1, 10**30)),), False),
    (Abs(p), 1 - x, (sp.Eq(p + x, 1),), True),
    (KroneckerDelta(i, j), S.Zero, (sp.Ne(i, j),), True),
    (KroneckerDelta(i, j), S.Zero, (i > j,), True),
    (KroneckerDelta(i, j), S.Zero, (i >= j,), False),
    (Sum(z[l], (l, 1, n)), Sum(z[l], (l, 1, d)), (sp.Eq(n, d),), True),
    (Sum(z[l], (l, 1, n)), z[n] + Sum(z[l], (l, 1, d)), (sp.Eq(n, d + 1),), True),
    (Sum(z[l], (l, 1, n)), Sum(z[l], (l, 1, d)), (sp.Eq(n, d + 1),), False),
    (Min(n, 2), S(2), (n >= 2,), True),
    (Min(n, 3), S(3), (n >= 2,), False),
)

# unequal, and no point may be found that shows it: accepted never
HIDDEN: tuple[tuple[Expr, Expr], ...] = (
    (sp.atan(x) + sp.atan(1 / x) + exp(-exp(20)), sp.sign(x) * pi / 2),
    (sp.atan(x + exp(-exp(20))), sp.atan(x)),
    (sp.asin(sin(x / 500)) - sinh(b * (x - w)), x / 500 - sinh(b * (x - w))),
    (x + sp.erf(10**6), x + 1),
    (sp.erf(10**7) * sp.atan(x), sp.atan(x)),
    (sp.floor(1 / (1 + (x - y - Rational(7, 3)) ** 2)), S.Zero),
    (Max(sin(x), Rational(99999, 10**5)), Rational(99999, 10**5)),
    (
        Sum(sp.Heaviside(z[l] - exp(3), 0), (l, 1, n)),
        Sum(sp.Heaviside(z[l] - exp(3), 1), (l, 1, n)),
    ),
    (sp.Piecewise((1, Abs(sin(x)) > Rational(999999, 10**6)), (0, True)), S.Zero),
)

# vectors and matrices ----------------------------------------------------------------------------

s_size, t_real = Symbol("s", integer=True, positive=True), Symbol("t", real=True)
A, B = Matrix("A", d, d), Matrix("B", d, d)
G, H = Matrix("G", d, s_size), Matrix("H", s_size, d)
e_1, e_2, e_n = Vector("e", d), Vector("g", d), Vector("h", n)


def key(index: Expr) -> Expr:
    return Member("k", index, d)


MATRICES: tuple[tuple[Expr, Expr, str], ...] = (
    # sizes, and scalars that are called like one
    (n * A, 3 * A, "refuted"),
    (t_real * A, 2 * A, "refuted"),
    (s_size * e_1, 2 * e_1, "refuted"),
    (Trace(IdentityMatrix(d)), n, "refuted"),
    (Trace(IdentityMatrix(d)), d, "proved"),
    ((n - 2) * (n - 3) * (n - 4) * (n - 5) * e_n, S.Zero, "refuted"),
    # coefficients that nearly agree, or agree where the instances lie
    (A, A + B / 10**12, "refuted"),
    (A, A * (1 + Rational(1, 10**20)), "refuted"),
    (A + exp(-50) * B, A + exp(-60) * B, "refuted"),
    (Abs(x - 100) * A, (100 - x) * A, "refuted"),
    (Max(x, -50) * A, x * A, "refuted"),
    (sp.sign(x) ** 2 * A, A, "refuted"),
    (Max(Dot(e_1, e_2), -1000), Dot(e_1, e_2), "refuted"),
    (sp.sign(Norm(e_1)), S.One, "refuted"),
    (sqrt(Dot(e_1, e_2) ** 2), Abs(Dot(e_1, e_2)), "proved"),
    # ranks and inverses
    (T(G) * Inverse(G * T(G)) * G, IdentityMatrix(s_size), "refuted"),
    (Inverse(T(G) * G) * T(G) * G, IdentityMatrix(s_size), "proved"),
    (G * Inverse(T(G) * G) * T(G), IdentityMatrix(d), "refuted"),
    (Trace(G * H), Trace(H * G), "proved"),
    (Inverse(A + B), Inverse(A) + Inverse(B), "refuted"),
    (Inverse(A * B), Inverse(B) * Inverse(A), "confirmed"),
    (Inverse(IdentityMatrix(d) + A * B) * A, A * Inverse(IdentityMatrix(d) + B * A), "confirmed"),
    (
        Inverse(A + B),
        Inverse(A) - Inverse(A) * Inverse(Inverse(A) + Inverse(B)) * Inverse(A),
        "confirmed",
    ),
    # families
    (Sum(key(l), (l, 1, n)), Sum(key(l), (l, 1, d)), "refuted"),
    (Sum(key(l) * KroneckerDelta(l, i), (l, 1, n)), key(i), "proved"),
    (Sum(key(l) * KroneckerDelta(l, i), (l, 1, n - 1)), key(i), "refuted"),
    (Sum(key(l), (l, 2, n)), Sum(key(l), (l, 1, n)), "refuted"),
    (Sum(key(l), (l, 2, n)), Sum(key(l), (l, 1, n)) - key(S.One), "proved"),
    (KroneckerDelta(i, j) * key(i), KroneckerDelta(i, j) * key(j), "confirmed"),
    (OffSum(key(l), l, n, (i, j)), Sum(key(l), (l, 1, n)) - key(i), "refuted"),
)
