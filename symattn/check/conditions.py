"""Conditions for one weight to be overwhelmingly large: do they suffice, are they necessary?

A condition on the logits is brought into one of two forms that are decided exactly: every gap
(k_i - k_l) . q is at least g, or a bound of the others' sum of exp(-gap).  What has neither form is
tried on instances, which can refute it and cannot prove it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
from sympy import (
    Expr,
    Function,
    Indexed,
    Mul,
    S,
    Sum,
    Symbol,
    exp,
    factor,
    log,
    oo,
    powsimp,
    together,
)

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import delta, i, k, l, n, q
from symattn.algebra.letters import Dot, Letter, Member, Norm, OffSum, shape, show_shape
from symattn.algebra.limits import NoSafeLimit, limit_at_infinity
from symattn.algebra.sign import nonnegative
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import normal, to_expr
from symattn.check import oracle
from symattn.check.gate import refuted
from symattn.check.instances import number, numbers
from symattn.check.judged import family_name
from symattn.check.line import Link, Unclear
from symattn.check.numbers import plain
from symattn.check.terms import apart_names, free_scalars
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.errors import ShapeError

if TYPE_CHECKING:
    from symattn.check.bench import Bench

Array = np.ndarray
UPWARD = (">", ">=", ">>")
_TURNED = {"<": ">", "<=": ">=", "<<": ">>"}
_REST = Symbol("_rest", positive=True)  # the others' sum of exp(-gap)
_FREE = Symbol("_free", positive=True)


class Extreme(Function):  # type: ignore[misc]
    """The largest or smallest of a family over the other indices: it stands for every one."""

    is_commutative = True
    is_real = True


class Largest(Extreme):
    """The largest over the other indices."""


class Smallest(Extreme):
    """The smallest over the other indices."""


def extreme(kind: str) -> Callable[..., Expr]:
    r"""Return what `\max_{l \ne i}` makes of its summand, for a vocabulary."""
    node = Largest if kind == "max" else Smallest

    def build(f: Expr, index: Expr, upper: Expr, excluded: Sequence[Expr]) -> Expr:
        if tuple(excluded) != (i,):
            raise Unclear("not-judged", f"\\{kind} is judged over all indices other than i")
        return node(f.subs(index, l))

    return build


# one condition -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Direction:
    """What is found of one direction: decided or not, and the instance that refutes it."""

    holds: bool | None
    text: str
    counter: Counterexample | None = None


def judge_condition(
    bench: Bench, link: Link, left: Expr, relation: str, right: Expr
) -> Verdict | None:
    """Judge a relation on queries and keys as a condition; None when it is no condition."""
    if relation in _TURNED:
        left, relation, right = right, _TURNED[relation], left
    large = relation == "->" and right == oo
    if _restates(bench, left, relation, right):
        raise Unclear(
            "restates-the-question",
            f"{link.text} says again what is wanted; conditions are on the query and the keys",
        )
    for x in (left, right):
        if relation in UPWARD and not x.is_commutative:
            raise ShapeError(f"only scalars are larger or smaller; {x} is {show_shape(shape(x))}")
    if relation in ("->", "~~") and right == 0:
        one = bench.judged.expand(apart_names(left))
        if rest_bound(one) == _REST:
            return _pass(bench, "necessary-and-sufficient", _LIMIT)
        if least_gap(one, S.Zero, True) is not None:
            return _no_gap(bench)
        gap = _log_gap(one)
        return None if gap is None else _uniform(bench, link, S.Zero, True)
    if not (relation in UPWARD or large):
        return _choice(bench, left, right) if relation == "=" and q in (left, right) else None
    names = _names(left, right)
    if r"\alpha" in names or "c" in names:
        return None
    if not names & {"k", "q", "z", r"\Delta"}:
        raise Unclear("not-an-answer", f"{link.text} says nothing of the query and the keys")
    one, two = (bench.judged.expand(apart_names(x)) for x in (left, S.Zero if large else right))
    overwhelming = large or relation == ">>"
    if large and _log_gap(1 / one) is not None:
        return _uniform(bench, link, S.Zero, True)
    gap = least_gap(one, two, overwhelming)
    if gap is not None:
        return _uniform(bench, link, gap, overwhelming)
    if relation == ">>":
        gap = _log_gap(two / one) if one != 0 else None
        if gap is not None:
            return _uniform(bench, link, S.Zero if gap.is_number else gap, True)
        small = rest_bound(two / one)
        if small is not None and (small / _REST).is_number:
            return _pass(bench, "necessary-and-sufficient", _LIMIT)
        small = rest_bound(two)
        if small is not None and one.is_positive and (small / _REST).is_number:
            return _pass(bench, "necessary-and-sufficient", _LIMIT)
    bound = rest_bound(one - two) if relation in (">", ">=") else None
    if bound is not None:
        return _rest(bench, link, bound)
    return _tried(bench, link, left, relation, right)


_LIMIT = (
    "it is necessary and sufficient: the weight of i tends to 1 exactly when its gap over every "
    "other logit tends to infinity"
)


def _names(*terms: Expr) -> set[str]:
    return {family_name(a) for x in terms for a in x.atoms(Letter, Indexed) if a.args}


def _restates(bench: Bench, left: Expr, relation: str, right: Expr) -> bool:
    """Whether the relation only says that the wanted weight is large."""
    goal = bench.judged.goal
    if _names(left) != {r"\alpha"} or goal not in left.atoms(Indexed):
        return False
    if relation == ">>":
        return True
    if left != goal:
        return relation == "->" and right == oo
    return (relation in ("->", "~~") and right == 1) or (
        relation in (">", ">=") and vanishes(right - (1 - delta)) is True
    )


def least_gap(one: Expr, two: Expr, overwhelming: bool) -> Expr | None:
    """Return g when `one >= two` says that the gap over every other logit is at least g.

    An extreme over the others stands for each of them where it is on the side that makes it so.
    """
    difference = one - two
    for node in difference.atoms(Extreme):
        slope = difference.coeff(node)
        wanted = slope.is_negative if isinstance(node, Largest) else slope.is_positive
        if not wanted:
            return None
        difference = difference.xreplace({node: node.args[0]})
    flat = to_expr(normal(difference)).expand()
    dots = [a for a in flat.atoms(Dot) if q in a.args]
    others = [a for a in dots if _key(a) not in (None, i)]
    own = [a for a in dots if _key(a) == i]
    if not all(isinstance(_key(a), Symbol) for a in dots):
        return None  # k_{i+1} is one key, and not every other
    if len(others) != 1 or len(own) != 1 or len(dots) != 2:
        return None
    a, b = flat.coeff(own[0]), flat.coeff(others[0])
    rest = (flat - a * own[0] - b * others[0]).expand()
    if a + b != 0 or not a.is_positive or rest.has(Dot, Norm, Member, q):
        return None
    return -rest / a


def _log_gap(ratio: Expr) -> Expr | None:
    """Return g when a ratio of exponentials is small exactly when every gap is far above g."""
    factors: list[Expr] = []
    powers: list[Expr] = []
    for f in powsimp(ratio, force=True).as_ordered_factors():
        (powers if isinstance(f, exp) else factors).append(f)
    rest = Mul(*factors)
    if len(powers) != 1 or rest.has(Dot, Norm, Member, q) or not rest.is_positive:
        return None
    gap = least_gap(-powers[0].args[0], S.Zero, True)
    return None if gap is None else gap + log(rest)


def _key(dot: Dot) -> Expr | None:
    """Return the index of the key in a logit."""
    keys = [a for a in dot.args if isinstance(a, Member) and a.name == "k"]
    return keys[0].index if len(keys) == 1 else None


def rest_bound(difference: Expr) -> Expr | None:
    """Return the difference with the others' sum of exp(-gap) as a symbol, or None."""

    def is_rest(e: Any) -> bool:
        if not isinstance(e, OffSum) or e.args[3].args != (i,):
            return False
        wanted = Dot(k(e.args[1]), q) - Dot(k(i), q)
        inner = e.function
        inner = powsimp(inner, force=True)
        return isinstance(inner, exp) and vanishes(inner.args[0] - wanted) is True

    def is_sum(e: Any) -> bool:
        """The sum of exp(logit), over the others or over all."""
        if isinstance(e, OffSum) and e.args[3].args == (i,):
            index = e.args[1]
        elif isinstance(e, Sum) and len(e.limits) == 1 and e.limits[0][1:] == (1, n):
            index = e.limits[0][0]
        else:
            return False
        return bool(e.args[0] == exp(Dot(k(index), q)))

    def in_rest(e: Any) -> Expr:
        return exp(Dot(k(i), q)) * (_REST if isinstance(e, OffSum) else 1 + _REST)

    if not difference.is_commutative:
        return None
    found = difference.replace(is_rest, lambda *_: _REST).replace(is_sum, in_rest)
    if found.has(Dot):  # what multiplies the whole is positive
        found = (found / exp(Dot(k(i), q))).expand()
    if _REST not in found.free_symbols or found.has(Member, q):
        return None
    return found  # type: ignore[no-any-return]


# every gap is at least g -------------------------------------------------------------------------------------


def _uniform(bench: Bench, link: Link, gap: Expr, overwhelming: bool) -> Verdict:
    scale = bench.judged.scale
    said = f"for every index other than {i}"
    if scale is not None and scale in gap.free_symbols:
        grows = _stated_growth(bench, gap, scale)
        if grows is None:
            name = bench.line.scale_name or scale.name
            raise Unclear(
                "ask-what-is",
                f"how large {name} is decides it; say so, as with \\quad {name} \\gg 0",
            )
        if not grows:
            most = next((b for r, b in bench.line.bounds if r in ("<", "<=")), S.Zero)
            return _short(bench, link, gap.xreplace({scale: most}), said)
        return _pass(bench, "necessary-and-sufficient", _LIMIT, said)
    if overwhelming:
        if gap != 0 and not _size(gap):
            raise Unclear(
                "ask-what-is",
                f"{link.text}: much larger than what is small or negative is not large; compare "
                "with 0, 1 or \\ln n",
            )
        return _pass(bench, "necessary-and-sufficient", _LIMIT, said)
    if delta not in gap.free_symbols:
        return _short(bench, link, gap, said)
    enough, needed = sufficient(gap), necessary(gap)
    texts = f"{enough.text}; {needed.text}"
    if enough.holds and needed.holds:
        return _pass(bench, "necessary-and-sufficient", texts, said)
    if enough.holds:
        return _pass(bench, "sufficient", texts, said)
    if needed.holds and not _demanding(gap):
        return _short(bench, link, gap, said)
    if needed.holds:
        return _pass(bench, "necessary", f"{needed.text}; {enough.text}", said)
    if enough.holds is None or needed.holds is None:
        return _open(bench, texts)
    for finding, code in ((enough, "not-sufficient"), (needed, "not-necessary")):
        if finding.counter is not None:
            counter = Counterexample(
                finding.counter.instance, finding.counter.left, finding.counter.right, texts
            )
            return refuted(counter, (), bench.given.latex, code)
    return _open(bench, texts)


def _demanding(gap: Expr) -> bool:
    """Whether a necessary gap grows as the share shrinks: without that it says next to nothing."""
    near, far = (_at(gap, 3, share) for share in (1e-6, 1e-12))
    return near is not None and far is not None and far > max(near + 0.1, 1.0)


def _stated_growth(bench: Bench, gap: Expr, scale: Symbol) -> bool | None:
    """Tell whether the gap grows in the limit that the line states; None when it states none."""
    ends = [a.point for a in bench.line.approaches if a.symbol == scale]
    if any(r in ("<", "<=") and not b.free_symbols for r, b in bench.line.bounds):
        return False
    if not ends:
        return None
    if ends[0] == oo:
        return _grows(gap, scale)
    return ends[0] == -oo and _grows(gap.xreplace({scale: -scale}), scale)


def _size(gap: Expr) -> bool:
    """Whether a gap is positive, and stays so as the share becomes small."""
    ranges = _ranges()
    if not (_nonnegative(gap, ranges) or _nonnegative(factor(gap), ranges)):
        tried = [_at(gap, count, share) for count, share in _grid()]
        return all(x is not None and x > 0.05 for x in tried)
    small = [_at(gap, 3, share) for share in (1e-3, 1e-6)]
    return all(x is not None and x > 0.05 for x in small)


def _no_gap(bench: Bench) -> Verdict:
    """Refute a gap that vanishes: the weights become equal."""
    counter = _instance(np.array([0.0, 0.0, 0.0]))
    text = f"without a gap no weight is larger: {counter.text}"
    shown = Counterexample(counter.instance, counter.left, counter.right, text)
    return refuted(shown, (), bench.given.latex, "not-sufficient")


def _grows(gap: Expr, scale: Symbol) -> bool:
    try:
        return bool(limit_at_infinity(gap, scale) == oo)
    except NoSafeLimit:
        return False


def _short(bench: Bench, link: Link, gap: Expr, said: str) -> Verdict:
    """Refute a gap that does not grow: many keys, or some number of them, keep their share."""
    found = _drowned(gap)
    if found is None:
        return _open(bench, f"the size of {gap} is not known")
    text = f"it is necessary, and does not suffice for a weight near 1: {found.text}"
    return refuted(
        Counterexample(found.instance, found.left, found.right, text), (),
        (*bench.given.latex, said), "not-sufficient",
    )  # fmt: skip


def _drowned(gap: Expr) -> Counterexample | None:
    """Return an instance with all gaps at their least and a weight well below 1."""
    counts: Sequence[int] = range(2, 51)
    if not gap.free_symbols:
        width = max(float(gap), 0.0)
        many = int(mpmath.ceil(mpmath.exp(width))) + 1 if width < 1e4 else 0
        if not 0 < many <= 50:
            text = (
                f"with all gaps equal to {number(width)} and {mpmath.nstr(mpmath.exp(width), 3)} keys "
                "or more the weight is 0.5 or less"
            )
            return Counterexample({"i": 1, "gap": width}, 0.5, 1.0, text)
        counts = [max(many, 3)]
    widths = [(count, _at(gap, count, 1e-3)) for count in counts]
    known = [(count, max(width, 0.0)) for count, width in widths if width is not None]
    if not known:
        return None
    count, width = min(known, key=lambda x: 1 / (1 + (x[0] - 1) * np.exp(-x[1])))
    return _instance(np.array([width, *[0.0] * (count - 1)]))


def sufficient(gap: Expr) -> Direction:
    """Decide whether gaps of at least `gap` give a weight of at least 1 - delta.

    With all gaps equal to it the weight is least, 1 / (1 + (n - 1) exp(-gap)).
    """
    ranges = _ranges()
    # exp(g) is at least 1 + g: that decides gaps that are no logarithms.
    for least in (exp(gap), 1 + gap):
        if _nonnegative(least * delta - (n - 1) * (1 - delta), ranges):
            return Direction(True, "it suffices for a weight of at least 1 - \\delta")
    for count, share in _grid():
        width = _at(gap, count, share)
        if width is None:
            continue
        weight = 1 / (1 + (count - 1) * np.exp(-width))
        if weight < (1 - share) * (1 - 1e-9):
            logits = np.zeros(count)
            logits[0] = width
            counter = _instance(logits, share)
            text = (
                f"it does not suffice: at n = {count}, \\delta = {number(share)} and all gaps equal "
                f"to {number(width)} the weight is {number(weight)}, below {number(1 - share)}"
            )
            return Direction(False, text, counter)
    return Direction(None, "whether it suffices is not decided")


def necessary(gap: Expr) -> Direction:
    """Decide whether a weight of at least 1 - delta needs gaps of at least `gap`.

    One gap alone may be as small as log((1 - delta) / delta), when the others are infinite.
    """
    ranges = _ranges()
    slack = (1 - delta) - exp(gap) * delta
    share_of = -gap.expand().coeff(log(delta))  # of log((1 - delta) / delta)
    rest = (gap - share_of * (log(1 - delta) - log(delta))).expand()
    part = bool(rest == 0 and share_of.is_number and 0 <= share_of <= 1)
    if part or _nonnegative(slack, ranges):
        return Direction(True, "it is necessary")
    for count, share in _grid():
        width = _at(gap, count, share)
        if width is None:
            continue
        least = np.log((1 - share) / share)
        if count < 3:
            near, far = (least + width) / 2, np.inf
        else:
            near = least + min(0.5 * (width - least), 1.0)
            room = share / (1 - share) - np.exp(-near)
            far = -np.log(max(room, 1e-300) / (count - 2)) + 1e-9
        if not width > near + 1e-9:
            continue
        logits = np.array([0.0, -near, *[-max(far, near)] * (count - 2)])
        weight = oracle.softmax(logits)[0]
        if weight >= 1 - share:
            counter = _instance(logits - logits.min(), share)
            text = (
                f"it is not necessary: at n = {count}, \\delta = {number(share)} and gaps "
                f"{numbers(-logits[1:])} the weight is {number(weight)}, at least {number(1 - share)}, "
                f"while the condition asks for {number(width)}"
            )
            return Direction(False, text, counter)
    return Direction(None, "whether it is necessary is not decided")


def _ranges() -> dict[Expr, Expr]:
    more, odds = Symbol("_more", integer=True, nonnegative=True), Symbol("_odds", positive=True)
    return {n: 2 + more, delta: 1 / (2 + odds)}  # a small share is at most a half


def _nonnegative(x: Expr, ranges: dict[Expr, Expr]) -> bool:
    return any(nonnegative(f.xreplace(ranges)) for f in (x, factor(together(x)))) or nonnegative(
        factor(together(x.xreplace(ranges)))
    )


def _grid() -> Iterator[tuple[int, float]]:
    for count in (3, 2, 5, 10, 100):
        for share in (0.1, 0.01, 0.5, 0.3, 1e-3, 1e-6):
            yield count, share


def _at(gap: Expr, count: int, share: float) -> float | None:
    try:
        value = float(gap.subs({n: count, delta: share}))
    except (TypeError, ValueError):
        return None
    return value if np.isfinite(value) else None


def _instance(logits: Array, share: float | None = None) -> Counterexample:
    """Return an instance with the given logits: unit vectors as keys, the logits as the query."""
    count = len(logits)
    weights = oracle.weights(np.eye(count), logits)
    instance: dict[str, Any] = {"n": count, "k": plain(np.eye(count)), "q": plain(logits), "i": 1}
    if share is not None:
        instance[delta.name] = share
    keys = ", ".join(numbers(row) for row in np.eye(count)) if count <= 4 else "the unit vectors"
    text = (
        f"at n = {count}, k = {keys}, q = {numbers(logits[:6])}{' and 0 beyond' if count > 6 else ''} "
        f"the weights are {', '.join(number(w) for w in weights[:4])}{', ...' if count > 4 else ''}"
    )
    wanted = 1 - share if share is not None else 1.0
    return Counterexample(instance, plain(float(weights[0])), plain(wanted), text)


# a bound of the others' sum ------------------------------------------------------------------------------------


def _rest(bench: Bench, link: Link, difference: Expr) -> Verdict:
    """Judge a bound of the sum of exp(-gap) against the exact one, delta / (1 - delta)."""
    wanted = delta / (1 - delta) - _REST
    quotient = factor(together(difference / wanted))
    odds = Symbol("_odds", positive=True)
    shares = {delta: 1 / (1 + odds)}
    if quotient.xreplace(shares).is_positive or factor(quotient.xreplace(shares)).is_positive:
        text = "it holds exactly when the weight is at least 1 - \\delta"
        return _pass(bench, "necessary-and-sufficient", text)
    level = _level(difference)
    if level is None:
        return _open(bench, "the bound is not compared with what is wanted")
    odds_wanted = delta / (1 - delta)
    enough = _nonnegative(odds_wanted - level, _ranges())
    needed = _nonnegative(level - odds_wanted, _ranges())
    if enough:
        return _pass(bench, "sufficient", "it suffices for a weight of at least 1 - \\delta")
    if needed and _at_most(level):
        return _pass(bench, "necessary", "it is necessary for a weight of at least 1 - \\delta")
    for share in (0.1, 0.5, 0.01):
        limit = _at(level, 3, share)
        if limit is not None and limit > share / (1 - share) * (1 + 1e-9):
            logits = np.array([-np.log(limit / 2), 0.0, 0.0])
            counter = _instance(logits, share)
            text = f"it does not suffice: {counter.text}, below {number(1 - share)}"
            shown = Counterexample(counter.instance, counter.left, counter.right, text)
            return refuted(shown, (), bench.given.latex, "not-sufficient")
    return _open(bench, "the bound is not compared with what is wanted")


def _at_most(level: Expr) -> bool:
    """Whether a necessary bound of the others' sum falls to zero with the share."""
    near, far = (_at(level, 3, share) for share in (1e-6, 1e-12))
    return near is not None and far is not None and far < min(0.9 * near, 0.1)


def _level(difference: Expr) -> Expr | None:
    """Return the bound b of `rest <= b`, for a difference that is linear in the rest."""
    flat = factor(together(difference))
    top = flat.as_numer_denom()[0].expand()
    slope = top.coeff(_REST)
    rest = (top - slope * _REST).expand()
    if slope == 0 or rest.has(_REST):
        return None
    return -rest / slope


# what is tried ------------------------------------------------------------------------------------------------


def _samples() -> Iterator[tuple[Array, Array, bool]]:
    """Yield keys, a query, and whether the first weight is overwhelming."""
    unit = np.eye(3)
    for size in (30.0, 1e4):
        yield unit, size * (unit[0] + unit[1]), False  # two equal logits
        yield np.array([unit[0], 2 * unit[0], unit[1]]), size * unit[0], False  # a longer key
        yield size * unit, np.array([1e-4, 0.0, 0.0]) / size, False  # logits near zero
        yield unit, np.array([-size, 0.0, 0.0]), False  # the smallest logit
    yield unit, np.array([0.1, 0.0, 0.0]), False  # a small gap
    yield unit, 30 * unit[0], True  # a large gap
    yield 1e-3 * unit, 3e4 * unit[0], True  # short keys and a long query
    yield 3e4 * unit, 1e-3 * unit[0], True  # long keys and a short query
    yield unit, np.array([-30.0, -60.0, -60.0]), True  # negative logits
    yield unit + 1.0, 30 * unit[0], True  # keys that are not orthogonal
    yield np.array([unit[0], -unit[0], -unit[0]]), 20 * unit[0], True  # opposite keys


def _tried(bench: Bench, link: Link, left: Expr, relation: str, right: Expr) -> Verdict:
    """Try a condition of any other form on instances: they can refute it, and prove nothing."""
    scale = bench.judged.scale
    if scale is not None and scale in left.free_symbols | right.free_symbols:
        name = bench.line.scale_name or scale.name
        raise Unclear(
            "ask-what-is", f"{link.text}: {name} is not known here; write the condition without it"
        )
    wrong: list[str] = []
    code, counter = "", None
    for keys, query, large in _samples():
        holds = _truth(bench, left, relation, right, keys, query)
        if holds is None or holds == large:
            continue
        weights = oracle.weights(keys, query)
        text = (
            f"for k = {', '.join(numbers(row) for row in keys)} and q = {numbers(query)} it "
            f"{'holds' if holds else 'fails'}, and the weights are "
            f"{', '.join(number(w) for w in weights)}"
        )
        said = "not-sufficient" if holds else "not-necessary"
        if said in wrong:
            continue
        wrong.append(said)
        if counter is None:
            code = said
            instance = {"n": 3, "i": 1, "k": plain(keys), "q": plain(query)}
            counter = Counterexample(instance, plain(weights[0]), 1.0, text)
    if counter is None:
        return _open(bench, "the condition has no form that is decided, and no instance refutes it")
    both = "it does not suffice and is not necessary" if len(wrong) == 2 else (
        "it does not suffice" if code == "not-sufficient" else "it is not necessary"
    )  # fmt: skip
    shown = Counterexample(counter.instance, counter.left, counter.right, f"{both}: {counter.text}")
    return refuted(shown, (), bench.given.latex, code)


def _truth(
    bench: Bench, left: Expr, relation: str, right: Expr, keys: Array, query: Array
) -> bool | None:
    """Evaluate a condition for every other index; None when it has no value."""
    instance: dict[str, Any] = {"n": len(keys), "d": keys.shape[1], "i": 1, "k": keys, "q": query,
                                "v": keys, delta.name: 1e-3}  # fmt: skip
    scale = bench.judged.scale
    if scale is not None:
        instance[scale.name] = 10.0
    answers = []
    for other in range(2, len(keys) + 1):
        place = {**instance, "j": other, "l": other}
        place = bench.judged.arrays(place)
        try:
            with np.errstate(all="ignore"):
                one, two = (_number(x, place) for x in (left, right))
        except (ValueError, TypeError, ArithmeticError, KeyError, NotImplementedError):
            return None
        if np.isnan(one) or np.isnan(two) or (np.isinf(one) and np.isinf(two)):
            return None
        if relation == "->":
            answers.append(one >= 20)
        elif relation == ">>":
            answers.append(one >= (20 if two <= 0 else 20 * max(two, 1e-12)) and one > 0)
        else:
            answers.append(one > two if relation == ">" else one >= two)
    return all(answers)


def _number(x: Expr, place: dict[str, Any]) -> float:
    if x in (oo, -oo):
        return float(x)
    values: dict[Expr, Expr] = {}
    for node in x.atoms(Extreme):
        each = [
            float(compiled(node.args[0])({**place, "l": other}))
            for other in range(1, place["n"] + 1) if other != place["i"]
        ]  # fmt: skip
        values[node] = S(max(each) if isinstance(node, Largest) else min(each))
    return float(compiled(x.xreplace(values))(place))


def _choice(bench: Bench, left: Expr, right: Expr) -> Verdict:
    """Judge `q = ..`: a choice of the query, tried on keys for which it should work."""
    choice = right if left == q else left
    if not choice.has(Member) or choice.has(q):
        raise Unclear("not-judged", "this choice of a query is not judged here")
    unit = np.eye(3)
    for keys in (unit, np.array([unit[0], 2 * unit[0], unit[1]])):
        instance = {"n": 3, "d": 3, "i": 1, "j": 2, "l": 3, "k": keys, delta.name: 1e-3}
        instance |= {s.name: 30.0 for s in free_scalars(choice) - {delta}}
        query = np.asarray(compiled(choice)(instance), float)
        weights = oracle.weights(keys, query)
        if weights[0] < 0.9:
            text = (
                f"it does not suffice: for k = {', '.join(numbers(row) for row in keys)} the query "
                f"is {numbers(query)}, and the weights are {', '.join(number(w) for w in weights)}"
            )
            shown = Counterexample(
                {"n": 3, "i": 1, "k": plain(keys), "q": plain(query)}, plain(weights[0]), 1.0, text
            )
            return refuted(shown, (), bench.given.latex, "not-sufficient")
    return _open(bench, "a choice of the query is no condition on it, and no keys tried refute it")


# implications ---------------------------------------------------------------------------------------------------


def judge_implication(bench: Bench, premise: Link, arrow: str, conclusion: Link) -> Verdict:
    """Judge `condition => weight`, `weight => condition` or both, for a least gap."""
    sides = [_gap_of(bench, x) for x in (premise, conclusion)]
    goals = [_is_goal(bench, x) for x in (premise, conclusion)]
    if goals == [False, True] and sides[0] is not None:
        first = sufficient(sides[0])
        findings = [first] if arrow == "=>" else [first, necessary(sides[0])]
    elif goals == [True, False] and sides[1] is not None:
        first = necessary(sides[1])
        findings = [first] if arrow == "=>" else [first, sufficient(sides[1])]
    else:
        return _equivalence(bench, premise, arrow, conclusion, goals)
    text = "; ".join(f.text for f in findings)
    if all(f.holds for f in findings):
        return _pass(bench, "implication-proved", text)
    for f in findings:
        if f.holds is False and f.counter is not None:
            shown = Counterexample(f.counter.instance, f.counter.left, f.counter.right, f.text)
            code = "not-sufficient" if "suffice" in f.text else "not-necessary"
            return refuted(shown, (), bench.given.latex, code)
    return _open(bench, text)


def _gap_of(bench: Bench, link: Link) -> Expr | None:
    left, relation, right = link.left, link.relation, link.right
    if relation in _TURNED:
        left, relation, right = right, _TURNED[relation], left  # type: ignore[assignment]
    if relation not in (">", ">=") or not isinstance(right, Expr):
        return None
    if r"\alpha" in _names(left, right):
        return None
    one, two = (bench.judged.expand(apart_names(x)) for x in (left, right))
    return least_gap(one, two, False)


def _is_goal(bench: Bench, link: Link) -> bool:
    left, relation, right = link.left, link.relation, link.right
    if relation in _TURNED:
        left, relation, right = right, _TURNED[relation], left  # type: ignore[assignment]
    return relation == ">=" and left == bench.judged.goal and vanishes(right - (1 - delta)) is True


def _equivalence(
    bench: Bench, premise: Link, arrow: str, conclusion: Link, goals: Sequence[bool]
) -> Verdict:
    """Judge the exact condition on the others' sum beside the weight."""
    if any(goals):
        other = premise if goals[1] else conclusion
        left, relation, right = other.left, other.relation, other.right
        if relation in _TURNED:
            left, relation, right = right, _TURNED[relation], left  # type: ignore[assignment]
        one, two = (bench.judged.expand(apart_names(x)) for x in (left, right))  # type: ignore[arg-type]
        difference = rest_bound(one - two) if relation in (">", ">=") else None
        if difference is not None:
            found = _rest(bench, other, difference)
            wanted = {"<=>": ("necessary-and-sufficient",)}.get(
                arrow,
                ("necessary-and-sufficient", "sufficient" if goals[1] else "necessary"),
            )
            if found.passed and found.code not in wanted:
                return _open(bench, "the implication is not decided")
            return found
    raise Unclear("relation-not-judged", "this implication is not judged")


def _pass(bench: Bench, code: str, text: str, *said: str) -> Verdict:
    evidence = Evidence("proof", "proved", code, text)
    return Verdict("proved", code, text, (evidence,), None, (*bench.given.latex, *said))


def _open(bench: Bench, text: str) -> Verdict:
    evidence = Evidence("proof", "undecided", "not-proved", text)
    return Verdict("undecided", "not-proved", text, (evidence,), None, bench.given.latex)
