"""How far along a limit: the one place that says what an expression tends to, or that it is not known.

A limit is decided exactly, coefficient by coefficient of the normal form, in a safe form
(`symattn.algebra.limits`), or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import Add, Expr, Mul, Pow, S, Symbol, exp, oo, zoo

from symattn.algebra.letters import Statistic
from symattn.algebra.limits import NoSafeLimit, limit_at_infinity, limit_at_zero
from symattn.algebra.words import Rewriting, Terms, normal, to_expr
from symattn.algebra.zero import zero_test
from symattn.hypotheses.base import Given

_N = Symbol("n", integer=True, positive=True)


@dataclass(frozen=True)
class Approach:
    """A symbol tends to infinity, to minus infinity, or to 0 from above."""

    symbol: Symbol
    point: Expr


@dataclass(frozen=True)
class TermLimits:
    """The limit of an expression, term by term; `value` is None where it is not decided."""

    terms: Mapping[Any, Expr]

    @property
    def vanishes(self) -> bool | None:
        """True when every coefficient tends to zero, False when one certainly does not."""
        answer: bool | None = True
        for value in self.terms.values():
            if value.is_infinite:
                return False
            if value.has(Statistic):
                answer = None  # what it is worth is not known
                continue
            decided = zero_test(value).decided
            if decided is False:
                return False
            if decided is None:
                answer = None
        return answer

    @property
    def infinite(self) -> bool:
        return any(value.is_infinite for value in self.terms.values())

    @property
    def value(self) -> Expr:
        return to_expr(dict(self.terms))


def one_limit(x: Expr, approach: Approach) -> Expr:
    """Return the limit of a scalar.

    Raises
    ------
    NoSafeLimit : if it is not decided.
    """
    if approach.point == oo:
        return limit_at_infinity(x, approach.symbol)
    if approach.point == -oo:
        far = Symbol("_far", positive=True)
        return limit_at_infinity(x.subs(approach.symbol, -far), far)
    if approach.point == 0:
        try:
            return limit_at_zero(x, approach.symbol)
        except NoSafeLimit:
            value = continuous_at_zero(x, approach.symbol)
            if value is None:
                raise
            return value
    raise NoSafeLimit(f"{approach.symbol} -> {approach.point} is not a limit that is taken")


def continuous_at_zero(x: Expr, symbol: Symbol) -> Expr | None:
    """Return the value at 0 of a scalar that is certainly continuous there, or None.

    It is made of sums, products, exponentials, and powers whose base is positive at 0, or certainly
    not 0 under a whole exponent.

    >>> b = Symbol("b", positive=True)
    >>> continuous_at_zero(1 / (2 + (_N - 2) * exp(-b)), b)
    1/n
    >>> continuous_at_zero(1 / b, b)
    """
    if not x.has(symbol):
        return x
    if x == symbol:
        return S.Zero
    if not isinstance(x, (Add, Mul, Pow, exp)):
        return None
    values = [continuous_at_zero(a, symbol) for a in x.args]
    if any(value is None or value.is_finite is False for value in values):
        return None
    if isinstance(x, Pow):
        base, power = values
        assert base is not None
        assert power is not None
        base = base.expand()
        safe = base.is_positive or (
            bool(power.is_integer)
            and (bool(power.is_nonnegative) or zero_test(base).decided is False)
        )
        return base**power if safe and not x.exp.has(symbol) else None
    return x.func(*values)


def limits(terms: Terms, approaches: Sequence[Approach], rules: Rewriting) -> TermLimits:
    """Return the limit of every coefficient of a normal form, one approach after the other.

    Raises
    ------
    NoSafeLimit : if one is not decided.
    """
    ranges = {_N: rules.ranges[_N]} if _N in rules.ranges else {}
    more = {s: _N - (rules.ranges[_N] - s) for s in _fresh(ranges)}
    found = {}
    for key, coefficient in terms.items():
        value = coefficient.xreplace(ranges) if ranges else coefficient
        for approach in approaches:
            if value in _INFINITE:
                break
            value = one_limit(value, approach)
        value = value.xreplace(more) if more else value
        if value != 0 and (value.is_Number or not value.is_zero):
            found[key] = value
    return TermLimits(found)


_INFINITE = (oo, -oo, zoo)  # to infer it of a longer expression takes as long as a limit


def _fresh(ranges: Mapping[Expr, Expr]) -> Iterable[Symbol]:
    for value in ranges.values():
        yield from value.free_symbols


def limit_of(x: Expr, approaches: Sequence[Approach], given: Given) -> TermLimits:
    """Return the limit of an expression under hypotheses.

    Raises
    ------
    NoSafeLimit : if it is not decided.
    """
    rules = given.rewriting
    return limits(normal(x, rules), approaches, rules)


def difference_vanishes(
    left: Expr, right: Expr, approaches: Sequence[Approach], given: Given, relative: bool
) -> bool | None:
    """Tell whether `left - right` tends to zero, relative to `right` where that tends to zero.

    Raises
    ------
    NoSafeLimit : if the limit is not decided.
    """
    return _vanishes(left, right, tuple(approaches), given, relative)


@lru_cache(maxsize=1000)
def _vanishes(
    left: Expr, right: Expr, approaches: tuple[Approach, ...], given: Given, relative: bool
) -> bool | None:
    rules = given.rewriting
    gap = normal(left - right, rules)
    if not relative or right == 0:
        return limits(gap, approaches, rules).vanishes
    size = normal(right, rules)
    whole = limits(size, approaches, rules)
    if whole.terms and not whole.infinite:
        return limits(gap, approaches, rules).vanishes
    answers: list[bool | None] = []
    unsafe: NoSafeLimit | None = None
    for unit in dict.fromkeys(size.values()):
        try:
            shares = limits({key: value / unit for key, value in size.items()}, approaches, rules)
            if shares.infinite:
                continue  # another term of the right side is larger
            scaled = {key: value / unit for key, value in gap.items()}
            answers.append(limits(scaled, approaches, rules).vanishes)
        except NoSafeLimit as error:
            unsafe = error
    if True in answers:
        return True
    if unsafe is not None:
        raise unsafe
    return False if answers and all(a is False for a in answers) else None


def lower_terms(x: Expr, approaches: Sequence[Approach], given: Given) -> Expr:
    """Return the terms of a sum that vanish beside one that does not; 0 when there is no such.

    Raises
    ------
    NoSafeLimit : if a limit is not decided.
    """
    if not x.is_Add:
        return S.Zero
    low = [a for a in x.args if limit_of(a, approaches, given).vanishes]
    return Add(*low) if len(low) < len(x.args) else S.Zero
