"""The named inequalities that a proof may use: a short table, each row with its source.

A row recognises its own instances: that `left <= right` follows from it under the hypotheses.  What
it recognises holds at every instance that meets them; tests/test_inequalities.py tries each in numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    Mul,
    S,
    Sum,
    asinh,
    atan,
    cancel,
    cos,
    cosh,
    erf,
    exp,
    log,
    pi,
    sin,
    sqrt,
    tanh,
)

from symattn.algebra.bound_indices import binds, put_apart
from symattn.algebra.letters import Dot, Norm, OffSum, shape
from symattn.algebra.sign import nonnegative, positive
from symattn.algebra.stable import Peak
from symattn.algebra.vanish import certainly_vanishes
from symattn.algebra.words import Rewriting


@dataclass(frozen=True)
class NamedInequality:
    """One row: what it says, who says it, and how an instance of it is recognised."""

    statement: str
    source: str
    recognises: Callable[[Expr, Expr, Rewriting], bool]


def _cauchy_schwarz(left: Expr, right: Expr, rules: Rewriting) -> bool:
    norms: list[Expr] = []
    rest = S.One
    for factor in Mul.make_args(right):
        base, power = factor.as_base_exp()
        if isinstance(base, Norm) and power in (1, 2):
            norms += [base.args[0]] * int(power)
        else:
            rest *= factor
    if len(norms) != 2 or shape(norms[0]) != shape(norms[1]) or not nonnegative(rest, rules):
        return False
    bound = rest * Dot(*norms)
    return any(certainly_vanishes(left - side, rules) for side in (bound, -bound))


def _cauchy_schwarz_of_sums(left: Expr, right: Expr, rules: Rewriting) -> bool:
    """`(sum f)^2 <= sum p sum r` where `f^2 = p r` in every term, and neither is negative."""
    squares = [f for f in Mul.make_args(left) if f.is_Pow and isinstance(f.base, (Sum, OffSum))]
    if len(squares) != 1 or squares[0].exp != 2:
        return False
    base, scale = squares[0].base, left / squares[0]
    if not positive(scale, rules):
        return False
    factors = [g for f in Mul.make_args(right) for g in _fixed_apart(f)]
    for total in factors:
        if not isinstance(total, (Sum, OffSum)):
            continue
        r = total.args[0].xreplace(dict(zip(binds(total), binds(base))))
        if r.is_zero or not certainly_vanishes(total - _over(base, r), rules):
            continue
        p = cancel(base.args[0] ** 2 / r)
        if nonnegative(r, rules) and nonnegative(p, rules):
            if certainly_vanishes(Mul(*factors) / total / scale - _over(base, p), rules):
                return True
    return False


def _fixed_apart(x: Expr) -> list[Expr]:
    """Return the factors of a sum that do not move with its index, and the sum of the others."""
    if not isinstance(x, (Sum, OffSum)):
        return [x]
    fixed = [f for f in Mul.make_args(x.args[0]) if f.free_symbols.isdisjoint(binds(x))]
    return [*fixed, _over(x, x.args[0] / Mul(*fixed))]


def _triangle(left: Expr, right: Expr, rules: Rewriting) -> bool:
    if not isinstance(left, Norm):
        return False
    parts = []
    for factor, summand, build in _summands(left.args[0]):
        if nonnegative(-factor, rules):
            factor = -factor  # of the other direction, and as long
        elif not nonnegative(factor, rules):
            return False
        parts.append(factor * build(Norm(summand)))
    return certainly_vanishes(right - sum(parts, S.Zero), rules)


@dataclass(frozen=True)
class _Line:
    """A curve that lies on one side of a line or parabola wherever its argument is of a sign."""

    matches: Callable[[Expr], Expr | None]
    above: bool  # whether the line lies above the curve
    line: Callable[[Expr], Expr]
    where: Callable[[Expr, Rewriting], bool] = lambda x, rules: True


def _of(kind: type[Expr]) -> Callable[[Expr], Expr | None]:
    return lambda f: f.args[0] if isinstance(f, kind) else None


def _root(f: Expr) -> Expr | None:
    return f.base if f.is_Pow and f.exp == S.Half else None


def _contracted(f: Expr) -> Expr | None:
    """Return x for `|g(x)|` with an odd g whose slope is at most 1."""
    inner = f.args[0] if isinstance(f, Abs) else S.Zero
    return inner.args[0] if isinstance(inner, (tanh, sin, atan, asinh)) else None


_LINES = (
    _Line(_of(log), True, lambda x: x - 1, positive),
    _Line(_of(exp), False, lambda x: 1 + x),
    *(_Line(_of(f), True, lambda x: x, nonnegative) for f in (tanh, sin, atan, asinh)),
    _Line(_of(erf), True, lambda x: 2 * x / sqrt(pi), nonnegative),
    _Line(_root, True, lambda x: (1 + x) / 2, nonnegative),
    _Line(_of(cosh), False, lambda x: S.One),
    _Line(_of(cosh), False, lambda x: 1 + x**2 / 2),
    _Line(_of(cos), False, lambda x: 1 - x**2 / 2),
    _Line(_contracted, True, Abs),
)


def _tangent(left: Expr, right: Expr, rules: Rewriting) -> bool:
    """`ln x <= x - 1`, `1 + x <= exp(x)` and the like in terms with a nonnegative weight, beside others."""
    for row in _LINES:
        curved, flat = (left, right) if row.above else (right, left)
        straight = [_straight(term, row, rules) for term in Add.make_args(curved)]
        if all(found is None for found in straight):
            continue
        lines = zip(straight, Add.make_args(curved))
        total = Add(*[term if line is None else line for line, term in lines])
        if certainly_vanishes(flat - total, rules):
            return True
    return False


def _straight(term: Expr, row: _Line, rules: Rewriting) -> Expr | None:
    """Return a nonnegative multiple of a curve, summed or not, with the line for it."""
    if isinstance(term, (Sum, OffSum)):
        inside = _straight(term.args[0], row, rules)
        return None if inside is None else term.func(inside, *term.args[1:])
    for factor in Mul.make_args(term):
        if isinstance(factor, (Sum, OffSum)) and factor != term:
            inside = _straight(factor, row, rules)
            if inside is not None and nonnegative(term / factor, rules):
                return term / factor * inside
        x = row.matches(factor)
        if x is not None and nonnegative(term / factor, rules) and row.where(x, rules):
            return term / factor * row.line(x)
    return None


def _largest_exponent(left: Expr, right: Expr, rules: Rewriting) -> bool:
    """`z_k <= ln sum_l exp(z_l)` for a k in 1..n, and `ln sum_l exp(z_l) <= max_l z_l + ln n`."""
    for below, total in ((True, right), (False, left)):
        if not (isinstance(total, log) and isinstance(total.args[0], Sum)):
            continue
        summed = total.args[0]
        if len(summed.limits) != 1 or not isinstance(summed.function, exp):
            continue
        ((l, low, high),) = summed.limits
        f = summed.function.args[0]
        if low != 1 or not high.is_positive:
            continue
        peak = Peak(f, l, high)
        if not below:
            own = [e for e in right.atoms(Peak) if _same_peak(e, peak)]
            return any(certainly_vanishes(right - e - log(high), rules) for e in own)
        # a letter for an index is one of 1..n
        places = {i for e in left.atoms(Indexed) for i in e.indices if i.is_Symbol} | {S.One}
        if _same_peak(left, peak):
            return True
        return any(certainly_vanishes(left - put_apart(f, {l: at}), rules) for at in places)
    return False


def _same_peak(e: Expr, peak: Peak) -> bool:
    if not isinstance(e, Peak) or e.args[2:] != peak.args[2:]:
        return False
    return bool(put_apart(peak.args[0], {peak.args[1]: e.args[1]}) == e.args[0])


def _summands(x: Expr) -> list[tuple[Expr, Expr, Callable[[Expr], Expr]]]:
    """Split a vector into scalar factor, vector, and what sums the vector's norms."""
    found: list[tuple[Expr, Expr, Callable[[Expr], Expr]]] = []
    for term in Add.make_args(x):
        scalars, word = term.args_cnc()
        factor, vector = Mul(*scalars), Mul(*word)
        if isinstance(vector, OffSum):
            found.append((factor, vector.args[0], partial(_over, vector)))
        elif isinstance(vector, Sum):
            found.append((factor, vector.function, partial(_over, vector)))
        else:
            found.append((factor, vector, lambda norm: norm))
    return found


def _over(total: Expr, summand: Expr) -> Expr:
    """Sum over the same indices as another sum."""
    return total.func(summand, *total.args[1:])


INEQUALITIES: Mapping[str, NamedInequality] = {
    "cauchy-schwarz": NamedInequality(
        r"u \cdot w \le \|u\| \|w\|",
        "Hardy, Littlewood and Polya, Inequalities, theorem 7",
        _cauchy_schwarz,
    ),
    "cauchy-schwarz-of-sums": NamedInequality(
        r"(\sum_l f_l)^2 \le \sum_l p_l \sum_l r_l for f_l^2 = p_l r_l and p_l, r_l \ge 0",
        "Hardy, Littlewood and Polya, Inequalities, theorem 7",
        _cauchy_schwarz_of_sums,
    ),
    "triangle": NamedInequality(
        r"\|\sum_l a_l u_l\| \le \sum_l a_l \|u_l\| for a_l \ge 0",
        "Hardy, Littlewood and Polya, Inequalities, theorem 24",
        _triangle,
    ),
    "tangent": NamedInequality(
        r"\ln x \le x - 1, 1 + x \le e^x and other tangents, summed with nonnegative weights",
        "Hardy, Littlewood and Polya, Inequalities, section 4.1: a convex function lies above its tangents",
        _tangent,
    ),
    "largest-exponent": NamedInequality(
        r"\max_l z_l \le \ln \sum_l e^{z_l} \le \max_l z_l + \ln n",
        "Boyd and Vandenberghe, Convex Optimization, section 3.1.5",
        _largest_exponent,
    ),
}
INEQUALITIES = MappingProxyType(INEQUALITIES)
