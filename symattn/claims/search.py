"""What a bound rests on, found: named inequalities, and forms of what is left whose sign is seen.

Nothing here is believed.  What is found are the ingredients of an `Inequality`, and the kernel checks
each of them as if somebody had typed it.  The search is bounded by how much it tries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice, product
from typing import Any

from sympy import (
    Add,
    Basic,
    Expr,
    KroneckerDelta,
    Mul,
    S,
    Sum,
    Symbol,
    cancel,
    exp,
    factor_terms,
    fraction,
    log,
    sqrt,
    together,
)
from sympy.core.sorting import default_sort_key

from symattn.algebra.attention import l
from symattn.algebra.bound_indices import binds, fresh, put_apart
from symattn.algebra.factored import factored, too_long
from symattn.algebra.letters import Dot, Letter, Norm, OffSum
from symattn.algebra.roots import zeros
from symattn.algebra.sign import looks, nonnegative, positive
from symattn.algebra.vanish import certainly_vanishes
from symattn.algebra.words import Rewriting, normal, to_expr
from symattn.errors import BudgetExceeded, ShapeError
from symattn.kernel import Theorem
from symattn.kernel.inequalities import INEQUALITIES

MOST_TERMS = 40
"""Of a numerator; a longer one is not taken apart."""
MOST_PAIRS = 50
"""Of terms that may be the squares in one square."""
MOST_MULTIPLES = 6
"""Of one thing that is known to be nonnegative."""
MOST_STEPS = 50
"""That are kept for one set of hypotheses."""


_AFTER_SIGNS = ("largest-exponent",)
"""Named inequalities that are looked for where no sign is seen: it rests on less."""
_FIRST = tuple(name for name in INEQUALITIES if name not in _AFTER_SIGNS)


def along(
    steps: Sequence[Expr], rules: Rewriting, strict: bool = False
) -> tuple[Expr, tuple[Theorem, ...]] | None:
    """Find why no expression of a chain is above the next one; None where it is not seen.

    strict : whether the last one is above the first.
    Returns what the chain gains besides its named inequalities, and these.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", positive=True)
    >>> along((1 + a, exp(a), exp(a) + b), Rewriting())
    (b, (Theorem(name='tangent', left=a + 1, right=exp(a)),))
    """
    theorems: list[Theorem] = []
    slack: list[Expr] = []
    for low, high in zip(steps, steps[1:]):
        if (low, high) not in rules.found:
            if len(rules.found) >= MOST_STEPS:
                rules.found.clear()
            rules.found[low, high] = _step(low, high, rules)
        found = rules.found[low, high]
        if found is None:
            return None
        slack.append(found[0])
        theorems += found[1]
    total = Add(*slack)
    return None if strict and not positive(total, rules) else (total, tuple(theorems))


def _step(low: Expr, high: Expr, rules: Rewriting) -> tuple[Expr, list[Theorem]] | None:
    """Return what one step of a chain gains, and its named inequalities; None where none is seen."""
    gap = high - low
    if certainly_vanishes(gap, rules):
        return S.Zero, []
    known = _recognised(low, high, rules) or _exact_tangent(gap, rules)
    gained = S.Zero if known else signed(gap, rules)
    if gained is None and (known := _recognised(low, high, rules, _AFTER_SIGNS)):
        gained = S.Zero
    for known in () if gained is not None else _tangents(gap, rules):
        gained = signed(gap - _gain(known), rules)
        if gained is not None:
            break
    return None if gained is None else (gained, known)


def ingredients(
    steps: Sequence[Expr], rules: Rewriting, upward: bool, strict: bool = False
) -> dict[str, Any] | None:
    """Return what makes an `Inequality` of a chain from the smaller side: slack, theorems, middle.

    None where `along` sees no reason.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", positive=True)
    >>> ingredients((exp(a), 1 + a), Rewriting(), upward=True) is None
    True
    >>> ingredients((1 + a, exp(a), exp(a) + b), Rewriting(), upward=True)["middle"]
    exp(a)
    """
    found = along(steps, rules, strict)
    if found is None:
        return None
    slack, theorems = found
    gained = _gain(theorems)
    middle = (steps[0] + gained if upward else steps[-1] - gained) if theorems else None
    theorems = theorems if upward else theorems[::-1]  # as the chain is read
    return {"slack": slack, "theorems": theorems, "middle": middle}


def _recognised(
    low: Expr, high: Expr, rules: Rewriting, names: Iterable[str] = _FIRST
) -> list[Theorem]:
    """Return the named inequality that two neighbours are an instance of, but for what both have."""
    both = set(Add.make_args(low)) & set(Add.make_args(high))
    left, right = (Add(*[t for t in Add.make_args(x) if t not in both]) for x in (low, high))
    ways = [(name, *pair) for name in names for pair in ((left, right), (-right, -left))]
    return [Theorem(*way) for way in ways if INEQUALITIES[way[0]].recognises(*way[1:], rules)][:1]


def _gain(theorems: Iterable[Theorem]) -> Expr:
    """Return by how much the right sides of inequalities are above their left sides."""
    return Add(*[t.right - t.left for t in theorems])


def _exact_tangent(gap: Expr, rules: Rewriting) -> list[Theorem]:
    """Return the tangent that takes up all of a scalar: far cheaper to see than a sign."""
    tangents = _tangents(gap, rules) if gap.has(log, exp) else ()
    return next((known for known in tangents if certainly_vanishes(gap - _gain(known), rules)), [])


def _tangents(gap: Expr, rules: Rewriting) -> Iterator[list[Theorem]]:
    """Yield the tangents that a scalar lies above, of its logarithms: one by one, and put together.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", positive=True)
    >>> next(_tangents(a * log(a / b) + b, Rewriting()))
    [Theorem(name='tangent', left=a*log(b/a), right=a*(-1 + b/a))]
    """
    for form in dict.fromkeys((gap, *_one_sum(gap, rules))):
        for kind in (log, exp):
            found = (_line(t, kind, rules) for t in Add.make_args(form))
            lines = [line for line in found if line is not None]
            curved, flat = Add(*[left for left, _ in lines]), Add(*[right for _, right in lines])
            if lines:
                yield [Theorem("tangent", curved, flat)]


def _one_sum(gap: Expr, rules: Rewriting) -> Iterator[Sum | OffSum]:
    """Yield a scalar as one sum: what stands outside goes into it, where a factor has the sum one.

    >>> from sympy import IndexedBase
    >>> p, n = IndexedBase("p", positive=True), Symbol("n", integer=True, positive=True)
    >>> weight = exp(p[l]) / Sum(exp(p[l]), (l, 1, n))
    >>> next(_one_sum(1 - Sum(weight * p[l], (l, 1, n)), Rewriting())).has(1 - p[l])
    True
    """
    split = [t.as_coeff_Mul() for t in Add.make_args(gap)]
    sums = [(c, total) for c, total in split if isinstance(total, (Sum, OffSum))]
    if len(sums) != 1 or (isinstance(sums[0][1], Sum) and len(sums[0][1].limits) != 1):
        return
    ((c, total),) = sums
    outside = gap - c * total
    if outside == 0:
        yield total.func(c * total.args[0], *total.args[1:])
        return
    (index,) = binds(total)
    term = total.args[0]
    half = _half(term)
    weights = [term / f for f in Mul.make_args(term)] + [term] + ([half] if half else [])
    for weight in dict.fromkeys(weights):
        rest = c * term / weight
        if weight.has(index) and positive(weight, rules):
            inside = log(rest.args[0] * exp(outside)) if isinstance(rest, log) else rest + outside
            whole = total.func(weight * inside, *total.args[1:])
            if certainly_vanishes(gap - whole, rules):
                yield whole


def _term(total: Sum | OffSum, place: Symbol) -> Expr:
    """Return the term of a sum at a place."""
    (index,) = binds(total)
    return put_apart(total.args[0], {index: place})  # type: ignore[no-any-return]


def _over(total: Sum | OffSum, term: Expr, place: Symbol) -> Expr:
    """Sum a term over the indices of another sum."""
    if isinstance(total, Sum):
        return Sum(term, (place, *total.limits[0][1:]))
    return OffSum(term, place, *total.args[2:])


def _line(term: Expr, kind: type[Expr], rules: Rewriting) -> tuple[Expr, Expr] | None:
    """Return two sides of a tangent whose difference takes a logarithm or exponential out of a term."""
    if isinstance(term, (Sum, OffSum)):
        inside = _line(term.args[0], kind, rules)
        return None if inside is None else tuple(term.func(x, *term.args[1:]) for x in inside)
    for factor in Mul.make_args(term):
        if not isinstance(factor, kind):
            continue
        weight, x = term / factor, factor.args[0]
        if kind is exp:
            return (weight * (1 + x), term) if nonnegative(weight, rules) else None
        if nonnegative(-weight, rules):
            return -term, -weight * (x - 1)
        if nonnegative(weight, rules):
            return weight * log(1 / x), weight * (1 / x - 1)
    return None


def signed(gap: Expr, rules: Rewriting, strict: bool = False, depth: int = 1) -> Expr | None:
    """Return a form of a scalar in which it is seen to be nonnegative, or positive.

    Sums are opened at the places that the scalar names, sums over the same others are put together,
    squares are completed, also about their mean, logarithms become one, what a hypothesis says is
    nonnegative is taken out with a nonnegative factor, and a sum is seen term by term.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", positive=True)
    >>> i, n = symbols("i n", integer=True, positive=True)
    >>> signed(Sum(exp(l), (l, 1, n)) - exp(i), Rewriting())
    OffSum(exp(l), l, n, (i,))
    >>> signed(a - b, Rewriting()) is None
    True
    """
    if not gap.is_commutative:
        return None
    if any(x.has(KroneckerDelta) for x in gap.atoms(Sum)):  # a derivative by a member has such
        gap = to_expr(normal(gap, rules))
    seen = positive if strict else nonnegative
    forms: dict[Expr, None] = {}
    try:
        for some in (_forms(gap, rules), _flat(gap, rules)):
            new = []
            for form in some:
                if form in forms or not form:
                    continue
                forms[form] = None
                new.append(form)
                if looks(form, rules) > strict and certainly_vanishes(gap - form, rules):
                    return form
            for form in new:
                if seen(form, rules, form == gap) and certainly_vanishes(gap - form, rules):
                    return form
                if isinstance(form, log) and certainly_vanishes(gap - form, rules):
                    above = signed(form.args[0] - 1, rules, strict, depth)
                    if above is not None:
                        return log(1 + above)
        front = [f for f in Mul.make_args(gap) if gap.is_Mul and positive(f, rules)]
        if front:
            inside = signed(gap / Mul(*front), rules, strict, depth)
            return None if inside is None else Mul(*front) * inside
        for known, equal in _known(gap, rules) if depth else ():
            for part in _multiples(forms, known, rules, equal):
                left = gap - part * known
                if not strict and certainly_vanishes(left, rules):
                    return part * known
                rest = signed(left, rules, strict, depth - 1)
                if rest is not None:
                    return rest if equal else rest + part * known
        for total in _one_sum(gap, rules) if depth and not strict else ():
            place = fresh(total, ())
            inside = signed(_term(total, place), rules, depth=depth - 1)
            if inside is not None:
                return _over(total, inside, place)
        for form in forms:  # last, for each of them is put into normal form
            if seen(form, rules) and certainly_vanishes(gap - form, rules):
                return form
    except (ShapeError, BudgetExceeded):
        pass
    return None


def _known(gap: Expr, rules: Rewriting) -> Iterator[tuple[Expr, bool]]:
    """Yield what the hypotheses say is nonnegative (the room that a range leaves), or zero."""
    if "known" not in rules.found:
        rules.found["known"] = _rooms(rules)
    for known, equal in rules.found["known"]:
        for places in _places(gap, rules)[:1]:
            yield _opened(known, places).xreplace(dict(rules.scalars)), equal


def _rooms(rules: Rewriting) -> list[tuple[Expr, bool]]:
    """Return what `_known` opens, and whether it is zero."""
    back: dict[Expr, Expr] = {}
    found: list[tuple[Expr, bool]] = []
    for key, value in rules.ranges.items():
        for room in sorted(value.free_symbols, key=str):
            if key.is_Symbol and len(value.free_symbols) == 1:
                back[room] = cancel(zeros(value - key, room)[0])
            elif isinstance(key, (OffSum, Sum, Dot)) and value.diff(room) in (1, -1):
                bound = value.xreplace({room: S.Zero}).xreplace(back)
                found.append(((key - cancel(bound)) * value.diff(room), False))
    found += [(key - value, True) for key, value in rules.scalars.items() if isinstance(key, Sum)]
    return found


def _multiples(forms: Iterable[Expr], known: Expr, rules: Rewriting, equal: bool) -> Iterator[Expr]:
    """Yield the factors with which a term of what is known is a term of the scalar."""
    shared: dict[Expr, int] = {}
    made: dict[Expr, Expr] = {}
    for form in forms:
        for term, one in product(Add.make_args(form), Add.make_args(known)):
            quotient = term / one
            if quotient not in made:
                made[quotient] = cancel(quotient) if quotient.has(Add) else quotient
            c = made[quotient]
            shared[c] = shared.get(c, 0) + 1
    shared.setdefault(S.One, 1)
    likely = sorted(shared, key=lambda c: -shared[c])[: 4 * MOST_MULTIPLES]
    tried = (c for c in likely if equal or looks(c, rules))
    yield from islice(tried, MOST_MULTIPLES)


def _forms(gap: Expr, rules: Rewriting) -> Iterator[Expr]:
    """Yield forms of a scalar, the cheap ones first."""
    yield gap
    for places in _places(gap, rules):
        opened = _opened(gap, places)
        yield Add(*[_left(term, places) for term in Add.make_args(gap)])
        yield opened
        yield _quotient(opened, rules)
    yield from _about_means(gap)
    logs = [t.as_coeff_Mul() for t in Add.make_args(gap)]
    if any(isinstance(f, log) for _, f in logs):
        inside = [f.args[0] ** c if isinstance(f, log) else exp(c * f) for c, f in logs]
        yield log(Mul(*inside))


def _flat(gap: Expr, rules: Rewriting) -> Iterator[Expr]:
    """Yield the normal form of a scalar, and its factors: dear, and seldom what shows a sign."""
    flat = to_expr(normal(gap, rules))
    yield flat
    yield factored(flat)


def _half(x: Expr) -> Expr | None:
    """Return what a product of even powers and of exponentials is the square of."""
    halves: list[Expr] = []
    for factor in Mul.make_args(x):
        if isinstance(factor, exp):
            halves.append(exp(factor.args[0] / 2))
        elif factor.is_Pow and factor.exp.is_even:
            halves.append(factor.base ** (factor.exp / 2))
        else:
            return None
    return Mul(*halves)


def _about_means(gap: Expr) -> Iterator[Expr]:
    """Yield each weighted sum of squares of a scalar as that of the distances from their mean."""
    for term in Add.make_args(gap):
        c, total = term.as_coeff_Mul()
        if not isinstance(total, Sum) or len(total.limits) != 1:
            continue
        squares = [b for b, power in total.function.as_powers_dict().items() if power == 2]
        half = _half(total.function)
        for base in dict.fromkeys([*squares, half] if half else squares):
            weight = total.function / base**2
            mean = Sum(weight * base, *total.limits) / Sum(weight, *total.limits).doit()
            yield c * Sum(weight * (base - mean) ** 2, *total.limits)


# sums ------------------------------------------------------------------------------------------


def _places(x: Expr, rules: Rewriting) -> list[tuple[Basic, ...]]:
    """Return the places at which sums may be opened: those left out, those that stand outside.

    They must be different, for the term of a place is taken out once.
    """
    out = {s.args[3].args for s in x.atoms(OffSum)}
    sizes = {s.args[2] for s in x.atoms(OffSum)} | {e[2] for s in x.atoms(Sum) for e in s.limits}
    sizes |= {size for e in x.atoms(Letter) for size in e.shape}
    free = {s for s in x.free_symbols - sizes if s.is_Symbol and s.is_integer}
    groups = [*sorted(out, key=str), free, free.union(*out), *({p} for p in sorted(free, key=str))]
    ways = dict.fromkeys(tuple(sorted(places, key=str)) for places in groups)

    def apart(places: tuple[Basic, ...]) -> bool:
        pairs = combinations(places, 2)
        return all(rules.scalars.get(KroneckerDelta(*pair)) == 0 for pair in pairs)

    return [places for places in ways if len(places) <= 3 and apart(places)]


def _opened(x: Expr, places: tuple[Basic, ...]) -> Expr:
    """Take the terms at some places out of the sums that have them."""
    if isinstance(x, OffSum):
        f, index, size, apart = x.args
        left: set[Basic] = set(apart.args)
    elif isinstance(x, Sum) and len(x.limits) == 1 and x.limits[0][1] == 1:
        (index, _, size), f, left = x.limits[0], x.function, set()
    else:
        args = [_opened(a, places) if isinstance(a, Expr) else a for a in x.args]
        return x if not args or args == list(x.args) else x.func(*args)
    if not left <= set(places):
        return x
    inside = f.xreplace({index: l}).expand(deep=False, power_exp=True)
    constant, rest = inside.as_independent(l, as_Add=False)
    others = size - len(places) if rest == 1 else OffSum(rest, l, size, places)
    return constant * others + Add(*[f.xreplace({index: p}) for p in places if p not in left])


def _left(term: Expr, places: tuple[Basic, ...]) -> Expr:
    """Return what a sum leaves when its terms at some places are taken away; 0 of what is no sum."""
    c, total = term.as_coeff_Mul()
    if not isinstance(total, Sum) or len(total.limits) != 1:
        return S.Zero
    index, _, size = total.limits[0]
    return c * OffSum(total.function.xreplace({index: l}), l, size, places)


def _quotient(x: Expr, rules: Rewriting) -> Expr:
    """Write a scalar as one quotient, the sums of its numerator put together, squares completed."""
    sums = sorted(x.atoms(OffSum, Sum, Norm), key=default_sort_key)
    masks = {e: Symbol(f"_s{at}", positive=True) for at, e in enumerate(sums)}
    back = {mask: e for e, mask in masks.items()}
    if too_long(x):
        return x
    top, bottom = fraction(together(x.xreplace(masks)))
    outside, inner = factor_terms(top.expand()).as_independent(Add, as_Add=False)
    if not inner.is_Add or len(inner.args) > MOST_TERMS:
        return (factored(top) / bottom).xreplace(back)
    return Mul(
        outside.xreplace(back), _squares(_merged(inner, back, rules)), 1 / bottom.xreplace(back)
    )


def _merged(x: Expr, back: dict[Symbol, Expr], rules: Rewriting) -> list[Expr]:
    """Return the terms of a sum, with its sums over the same others made one.

    `n - 1` is such a sum, too: of 1 over the others of one key.
    """
    keys = dict.fromkeys(e.args[1:] for e in back.values() if isinstance(e, OffSum))
    over = {key: Symbol(f"_count{at}", positive=True) for at, key in enumerate(keys)}
    x = x.xreplace({args[1]: count + len(args[2].args) for args, count in over.items()}).expand()
    sums = {mask: (e.args[0], e.args[1:]) for mask, e in back.items() if isinstance(e, OffSum)}
    sums |= {count: (S.One, args) for args, count in over.items()}
    undo = back | {count: args[1] - len(args[2].args) for args, count in over.items()}
    groups: dict[Any, Expr] = {}
    rest: list[Expr] = []
    for term in Add.make_args(x):
        inside = [mask for mask in sums if term.has(mask)]
        if len(inside) == 1 and term.as_powers_dict()[inside[0]] == 1:
            f, args = sums[inside[0]]
            groups[args] = groups.get(args, S.Zero) + term / inside[0] * f
        else:
            rest.append(term.xreplace(undo))
    # A range is known of `1 - p`, and not of `p - 1`.
    turned = {-key: Mul(-1, key, evaluate=False) for key in rules.ranges if key.is_Add}
    for (index, size, apart), f in groups.items():
        f = f.xreplace(undo)
        norms = sorted(f.atoms(Norm), key=default_sort_key)
        lengths = {e: Symbol(f"_norm{at}", positive=True) for at, e in enumerate(norms)}
        f = factored(f.xreplace(lengths)).xreplace(turned)
        f = f.xreplace({mask: e for e, mask in lengths.items()})
        constant, f = f.as_independent(index, as_Add=False)
        rest.append(
            constant * ((size - len(apart.args)) if f == 1 else OffSum(f, index, size, apart))
        )
    return rest


def _squares(terms: list[Expr]) -> Expr:
    """Add terms up, with `a^2 - 2 a b + b^2` among them as a square."""
    for mixed in (t for t in terms if looks(-t)):
        pairs = combinations([t for t in terms if t != mixed], 2)
        for a, b in islice((p for p in pairs if _may_cancel(*p, mixed)), MOST_PAIRS):
            if cancel((a * b * 4 / mixed**2).powsimp()) == 1:
                rest = [t for t in terms if t not in (mixed, a, b)]
                return Add(_squares(rest), (sqrt(a) - sqrt(b)) ** 2)
    return Add(*terms)


def _may_cancel(*factors: Expr) -> bool:
    """Whether no letter stands in one of the factors alone."""
    letters = [s for f in factors for s in f.free_symbols]
    return all(letters.count(s) > 1 for s in letters)
