"""Is an expression positive, or nonnegative?  Decided from its form, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from sympy import (
    Abs,
    Add,
    Expr,
    KroneckerDelta,
    LambertW,
    Max,
    Min,
    Sum,
    cos,
    erf,
    exp,
    log,
    sin,
    tanh,
)

from symattn.algebra.factored import factored
from symattn.algebra.letters import OffSum
from symattn.algebra.somewhere import negative_somewhere
from symattn.algebra.words import NOTHING, Rewriting, rewrite

LESS_THAN_ONE: dict[type[Expr], int] = {tanh: 2, erf: 2, sin: 1, cos: 1}
"""Functions of reals between -1 and 1: 2 where neither is attained, 1 where both are."""
ARMED = (Max, Min, Abs)
MOST_ARMED = 4
"""Of one sum: each doubles the cases."""


def positive(x: Expr, rules: Rewriting = NOTHING, rewritten: bool = True) -> bool:
    """Tell whether `x > 0` is certain.

    rewritten : whether its normal form is looked at, too.

    >>> from sympy import Symbol
    >>> b = Symbol("b", real=True)
    >>> positive(exp(b) + 1), positive(exp(b) - 1)
    (True, False)
    """
    return any(_sign(f) == 2 for f in _forms(x, rules, rewritten))


def nonnegative(x: Expr, rules: Rewriting = NOTHING, rewritten: bool = True) -> bool:
    """Tell whether `x >= 0` is certain; see `positive`.

    >>> from sympy import Symbol
    >>> s = Symbol("s", nonnegative=True)
    >>> nonnegative(1 - exp(-s)), nonnegative(exp(-s) - 1)
    (True, False)
    """
    return any(_sign(f) >= 1 for f in _forms(x, rules, rewritten))


def looks(x: Expr, rules: Rewriting = NOTHING) -> int:
    """Return 2 if `x > 0` is certain from its form as it stands, 1 if `x >= 0` is, else 0.

    Factoring takes most of the time of the two others; who has many forms of one value asks this
    of each before.
    """
    return _sign(ranged(x, rules))


def _forms(x: Expr, rules: Rewriting, rewritten: bool) -> Iterator[Expr]:
    """Yield forms of one value, the cheap ones first; a later one is made only when asked for."""
    yield ranged(x, rules)
    made = rewrite(x, rules) if rewritten else x
    if made != x:
        yield ranged(made, rules)
    # A range of what is no letter, `1 - p`, may be met by the factors alone.
    met = any(key.is_Add for key in rules.ranges)
    seen = [f for f in dict.fromkeys((x, made)) if met or not negative_somewhere(ranged(f, rules))]
    for form in seen:
        if not form.has(Sum, OffSum):
            yield ranged(factored(form), rules)
    if rules.ranges:
        for form in seen:
            yield factored(ranged(form, rules))


def ranged(x: Expr, rules: Rewriting) -> Expr:
    """Put in the ranges, each where it holds: what is said of every other index is not said of all.

    >>> from sympy import Indexed, IndexedBase, KroneckerDelta, Symbol
    >>> i, l, n = (Symbol(s, integer=True, positive=True) for s in "iln")
    >>> gap, room = (Indexed(IndexedBase(s), l) for s in "gr")
    >>> rules = Rewriting(ranges={gap: room}, apart={gap: (l, (i,))})
    >>> ranged(gap + OffSum(gap, l, n, (i,)) + Sum(gap, (l, 1, n)), rules)
    g[l] + OffSum(r[l], l, n, (i,)) + Sum(g[l], (l, 1, n))
    """
    if not rules.apart:
        return x.xreplace(dict(rules.ranges))

    def known(key: Expr) -> bool:
        index, places = rules.apart.get(key, (key, ()))
        return all(rules.scalars.get(KroneckerDelta(index, p)) == 0 for p in places)

    return _put_in(x, {a: b for a, b in rules.ranges.items() if known(a)}, rules)


def _put_in(x: Expr, ranges: Mapping[Expr, Expr], rules: Rewriting) -> Expr:
    if x in ranges:
        return ranges[x]
    if not x.args:
        return x
    if isinstance(x, (Sum, OffSum)):
        bound = set(x.variables) if isinstance(x, Sum) else {x.args[1]}
        out = set(x.args[3].args) if isinstance(x, OffSum) else set()
        inside = {a: b for a, b in ranges.items() if rules.apart.get(a, (a, ()))[0] not in bound}
        for key, (index, places) in rules.apart.items():
            if index in bound and set(places) <= out:
                inside[key] = rules.ranges[key]
        sizes = {a: b for a, b in ranges.items() if a.is_Symbol}
        return x.func(_put_in(x.args[0], inside, rules), *(a.xreplace(sizes) for a in x.args[1:]))
    made = [_put_in(a, ranges, rules) if isinstance(a, Expr) else a for a in x.args]
    return x if made == list(x.args) else x.func(*made)


@lru_cache(maxsize=5000)
def _sign(x: Expr) -> int:
    """Return 2 for certainly positive, 1 for certainly nonnegative, 0 for not known."""
    if x.is_number and not isinstance(x, Sum):
        return 2 if x.is_positive else int(bool(x.is_nonnegative))
    if x.is_Add:
        return _sign_of_sum(x)
    if x.is_Mul:
        return _sign_of_product(x)
    if x.is_Pow:
        base, power = x.as_base_exp()
        if _sign(base) == 2 and power.is_real:
            return 2
        if power.is_even and base.is_real:
            return 2 if _sign_turned(base) == 2 else 1
        return 1 if _sign(base) >= 1 and power.is_nonnegative else 0
    if isinstance(x, (Sum, OffSum)):
        inside = _sign(x.function)
        return inside if inside < 2 or _has_a_term(x) else 1
    if isinstance(x, log):
        return _sign(x.args[0] - 1) or _sign(factored(x.args[0] - 1))
    if isinstance(x, LambertW) and len(x.args) == 1:
        return _sign(x.args[0])  # the principal branch has the sign of its argument
    return 2 if x.is_positive else int(bool(x.is_nonnegative))


def _has_a_term(x: Sum | OffSum) -> bool:
    """Tell whether a sum certainly is not empty."""
    if isinstance(x, Sum):
        return all((high - low).is_nonnegative for _, low, high in x.limits)
    return bool((x.args[2] - len(x.args[3].args)).is_positive)


def _sign_of_sum(x: Expr) -> int:
    """Return the sign that the terms show; where it is negative somewhere, none is looked for."""
    signs = [_sign(a) for a in x.args]
    least = min(signs)
    if least and max(signs) == 2:
        return 2
    if negative_somewhere(x):
        return 0
    constant, rest = x.as_coeff_Add()
    # SymPy knows more of these: what is monotone in a letter, or in each, beside a constant.
    alone = len(x.free_symbols) == 1 and (len(x.args) == 2 or x.is_polynomial())
    asked = (alone or (constant < 0 and _sign(rest))) and constant and x.is_rational_function()
    if (asked and x.is_positive) or _one_minus_exp(x, strict=True):
        return 2
    certain = least or _one_minus_exp(x, strict=False) or (asked and x.is_nonnegative)
    return int(bool(certain)) or max(_within(x), _by_arms(x))


def _sign_of_product(x: Expr) -> int:
    """Return the sign of a product whose factors all have one, of which an even number is negative."""
    least, even = 2, True
    for f in x.args:
        above = _sign(f)
        found = above or _sign_turned(f)
        if not found:
            return 0
        least, even = min(least, found), even == bool(above)
    return least if even else 0


def _sign_turned(f: Expr) -> int:
    """Return the sign of `-f`, of a factor."""
    if f.is_Add:
        return _sign(-f)
    if f.is_Pow and f.exp.is_odd:
        found = _sign_turned(f.base)
        return found if found == 2 or f.exp.is_nonnegative else 0
    if isinstance(f, log):
        return _sign(1 - f.args[0]) if _sign(f.args[0]) == 2 else 0
    return 2 if f.is_negative else int(bool(f.is_nonpositive))


def _within(x: Expr) -> int:
    """Return the sign of a constant, functions that stay between -1 and 1, and what is not negative.

    >>> from sympy import symbols
    >>> y = symbols("y", real=True)
    >>> _within(1 - tanh(y)), _within(1 + sin(y) + y**2), _within(1 - 2 * tanh(y))
    (2, 1, 0)
    """
    constant, terms = x.as_coeff_add()
    split = [term.as_coeff_Mul() for term in terms]
    least, strict = constant, 1
    others: list[Expr] = []
    for (a, f), term in zip(split, terms):
        if type(f) in LESS_THAN_ONE and f.args[0].is_real:
            least, strict = least - abs(a), max(strict, LESS_THAN_ONE[type(f)])
        else:
            others.append(term)
    if len(others) == len(terms) or not least >= 0:
        return 0
    beside = _sign(Add(*others))
    return beside and max(beside, 2 if least > 0 else strict)


def _by_arms(x: Expr) -> int:
    """Return the sign of a sum with a largest, a smallest or an absolute value, taken apart.

    A largest value is at least each of its arms, and is one of them; the others are told by it.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", real=True)
    >>> _by_arms(abs(a) + abs(b) - abs(a + b)), _by_arms(abs(a + b) - abs(a)), _by_arms(Max(a, b) - a)
    (1, 0, 1)
    """
    terms = [term.as_coeff_Mul() for term in x.args]
    split = [(c, f) for c, f in terms if isinstance(f, ARMED)]
    if not 0 < len(split) <= MOST_ARMED:
        return 0
    # One of which every arm has to be seen comes first: the others are chosen in each of its cases.
    c, f = min(split, key=_chosen)
    if not all(a.is_extended_real for a in f.args):
        return 0
    arms = (f.args[0], -f.args[0]) if isinstance(f, Abs) else f.args
    signs = [_sign(x - c * f + c * arm) for arm in arms]
    return max(signs) if _chosen((c, f)) else min(signs)


def _chosen(term: tuple[Expr, Expr]) -> bool:
    """Tell whether one arm of a term is enough to be below it."""
    c, f = term
    return bool(c.is_negative) == isinstance(f, Min)


def _one_minus_exp(x: Expr, strict: bool) -> bool:
    """`c (1 - exp(-s))` or `c (exp(s) - 1)` with c > 0 and s >= 0: SymPy's assumptions know neither."""
    constant, rest = x.as_coeff_Add()
    coefficient, body = rest.as_coeff_Mul()
    if not isinstance(body, exp) or constant + coefficient != 0:
        return False
    exponent = body.args[0] if constant.is_negative else -body.args[0]
    if not constant.is_number or constant.is_zero:
        return False
    return bool(exponent.is_positive if strict else exponent.is_nonnegative)
