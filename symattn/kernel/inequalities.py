"""The named inequalities that a proof may use: a short table, each row with its source.

A row recognises its own instances: that `left <= right` follows from it under the hypotheses.  What
it recognises holds at every instance that meets them; tests/test_inequalities.py tries each in numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from sympy import Add, Expr, Mul, S, Sum, cancel, exp, log

from symattn.algebra.bound_indices import binds
from symattn.algebra.letters import Dot, Norm, OffSum, shape
from symattn.algebra.sign import nonnegative, positive
from symattn.algebra.vanish import vanishes
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
    return any(vanishes(left - side, rules) is True for side in (bound, -bound))


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
        if r.is_zero or vanishes(total - _over(base, r), rules) is not True:
            continue
        p = cancel(base.args[0] ** 2 / r)
        if nonnegative(r, rules) and nonnegative(p, rules):
            if vanishes(Mul(*factors) / total / scale - _over(base, p), rules) is True:
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
    return vanishes(right - sum(parts, S.Zero), rules) is True


def _tangent(left: Expr, right: Expr, rules: Rewriting) -> bool:
    """`ln x <= x - 1` and `1 + x <= exp(x)` in terms with a nonnegative weight, beside others."""
    for curved, flat, kind in ((left, right, log), (right, left, exp)):
        if not curved.has(kind):
            continue
        straight = []
        for term in Add.make_args(curved):
            line = _straight(term, kind, rules) if term.has(kind) else term
            if line is None:
                break
            straight.append(line)
        else:
            if vanishes(flat - Add(*straight), rules) is True:
                return True
    return False


def _straight(term: Expr, kind: type[Expr], rules: Rewriting) -> Expr | None:
    """Return a nonnegative multiple of `kind(x)`, summed or not, with the tangent for it."""
    if isinstance(term, (Sum, OffSum)):
        inside = _straight(term.args[0], kind, rules)
        return None if inside is None else term.func(inside, *term.args[1:])
    for factor in Mul.make_args(term):
        weight = term / factor
        if isinstance(factor, (Sum, OffSum)) and factor != term and factor.has(kind):
            inside = _straight(factor, kind, rules)
            if inside is not None and nonnegative(weight, rules):
                return weight * inside
        if isinstance(factor, kind) and nonnegative(weight, rules):
            x = factor.args[0]
            if kind is exp:
                return weight * (1 + x)
            if positive(x, rules):
                return weight * (x - 1)
    return None


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
        r"\ln x \le x - 1 and 1 + x \le e^x, summed with nonnegative weights",
        "Hardy, Littlewood and Polya, Inequalities, section 4.1: a convex function lies above its tangents",
        _tangent,
    ),
}
INEQUALITIES = MappingProxyType(INEQUALITIES)
