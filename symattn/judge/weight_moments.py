r"""Moments of one weight, from those of the output.

The output is `\sum_l \alpha_l v_l` whatever the values are, so with 1 as the value of i and 0 as every
other it is the weight of i: a leading part of its mean is one of the weight's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sympy import Basic, Expr, S

from symattn.algebra.attention import alpha, i, j, l, v
from symattn.algebra.letters import Expect, Member, OffSum, Var
from symattn.check.gate import with_apart
from symattn.claims import Claim, Leading
from symattn.claims.definitions import Along
from symattn.derive.question import Quantity
from symattn.hypotheses.families import AtLeast

Derived = Callable[[], tuple[Claim, Claim]]


def weight_moments(derived: Derived, moved: Expr = S.Zero) -> tuple[Quantity, ...]:
    r"""Return how the mean and variance of a weight, and `E[\alpha_i (1 - \alpha_i)]`, are judged.

    derived : what gives the claims about the mean and the covariance of the output.
    moved : what the first of them takes off the mean.
    """
    product = Expect(alpha(i) * (1 - alpha(i)))
    return (
        *(
            Quantity(Expect(alpha(at)), meaning, partial(_mean, derived, moved, at))
            for at, meaning in ((i, "mean of the weight"), (l, "mean of another weight"))
        ),
        Quantity(
            Var(alpha(i)), "variance of the weight", partial(_variance, derived, Var(alpha(i)))
        ),
        Quantity(
            product, "mean of the weight times the rest", partial(_product, derived, moved, product)
        ),
    )


def _first(mean: Leading, moved: Expr, at: Expr) -> Expr:
    """The leading part with 1 as the value at one index, and 0 at all others."""

    def others(*args: Basic) -> Expr:
        f, index, upper, excluded = OffSum(*args).args
        none, one = (f.xreplace({v(index): value}) for value in (S.Zero, S.One))
        met = S.Zero if at in excluded.args else one - none
        return (upper - len(excluded.args)) * none + met

    x: Expr = (mean.kept + moved).replace(OffSum, others)
    members = [a for a in x.atoms(Member) if a.name == "v"]
    return x.xreplace({a: S.One if a.index == at else S.Zero for a in members})


def _mean(derived: Derived, moved: Expr, at: Expr, candidate: Expr) -> tuple[Claim, ...]:
    mean, _ = derived()
    assert isinstance(mean, Leading)
    kept = _first(mean, moved, at)
    if at == l:
        mean = replace(mean, given=with_apart(mean.given, (i, j, l)).and_(AtLeast(3)))
    return (_about(mean, Expect(alpha(at)), candidate, kept, mean.order),)


def _variance(derived: Derived, shown: Expr, candidate: Expr) -> tuple[Claim, ...]:
    _, variance = derived()
    assert isinstance(variance, Leading)
    return (_about(variance, shown, candidate, _first(variance, S.Zero, i), variance.order),)


def _product(derived: Derived, moved: Expr, shown: Expr, candidate: Expr) -> tuple[Claim, ...]:
    mean, variance = derived()
    assert isinstance(mean, Leading)
    assert isinstance(variance, Leading)
    first = _first(mean, moved, i)
    kept = (first * (1 - first)).expand() - _first(variance, S.Zero, i)
    return (_about(variance, shown, candidate, kept, mean.order + variance.order),)


def _about(claim: Leading, shown: Expr, candidate: Expr, kept: Expr, order: Expr) -> Leading:
    """Claim the same of another moment, whose value follows from the same law."""
    assert isinstance(claim.exact, Along)
    along = replace(claim.exact, oracle=replace(claim.exact.oracle, shown=shown))
    return replace(
        claim, shown=shown, right=candidate, kept=kept, order=order, dropped=(), exact=along,
        oracle=along,
    )  # fmt: skip
