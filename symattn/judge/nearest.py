"""Where a refuted line differs: the right one within one change of it, or under one more hypothesis.

Each variant goes through the same gate as the line itself; the first that passes is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
from sympy import Add, Basic, Expr, Indexed, Integer, Mul, Pow, Rational, S, Symbol, exp, oo

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import n
from symattn.algebra.letters import Inverse, Member, Statistic, T, Transposed, shape
from symattn.check.gate import FAILURES, fails_at
from symattn.check.plain_instances import plain_instances
from symattn.check.verdict import Verdict
from symattn.claims import Identity
from symattn.errors import BudgetExceeded, ShapeError
from symattn.hypotheses.base import Instance
from symattn.judge.bench import EQUAL, NEAR, Bench, given_for
from symattn.judge.candidates import judge_candidate, promising
from symattn.judge.judgement import Judgement
from symattn.judge.line import Line, Link, Unclear
from symattn.judge.links import judge_link, proposed
from symattn.latex.write import latex

MOST, MOST_JUDGED = 60, 12
"""How many variants are looked at, and how many of them go through the gate."""
_ANY = Symbol("l", integer=True, positive=True)
_BOUNDS = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "<<": ">>", ">>": "<<"}
_SIGNS = {"<": "<", ">": ">", "<=": r"\le", ">=": r"\ge", "<<": r"\ll", ">>": r"\gg"}
Variant = tuple[str, Expr]


def nearest_right(found: Judgement, bench: Bench) -> Judgement:
    """Return the judgement with the nearest right line named, when there is one."""
    at = next((k for k, (_, v) in enumerate(found.links) if v.verdict == "refuted"), None)
    if at is None or found.code == "shape-mismatch":
        return found
    link = bench.line.links[at] if bench.line.lone is None else None
    if link is not None and not isinstance(link.right, Expr):
        return found
    bench = replace(bench, effort=replace(bench.effort, shown=False))
    if found.code == "only-in-the-limit":
        return replace(found, nearest=r"right with \approx or \to in place of =")
    if link is not None and link.relation in _BOUNDS:
        return replace(found, nearest=_turned(bench, link))
    near, elsewhere = _one_change(bench, link), _elsewhere(bench, link)
    if near and elsewhere.startswith(near):
        elsewhere = ""
    return replace(found, nearest="; ".join(filter(None, (near, elsewhere))))


def _turned(bench: Bench, link: Link) -> str:
    """Try a bound the other way round: any bound is right with a large enough constant."""
    sign = _BOUNDS[link.relation]
    if _passes(lambda: judge_link(bench, replace(link, relation=sign))):
        return f"right with {_SIGNS[sign]} in place of {_SIGNS[link.relation]}"
    return ""


def _one_change(bench: Bench, link: Link | None) -> str:
    for said, verdict in _tried(bench, link):
        if verdict.passed:
            return f"right {said}"
    return ""


def _elsewhere(bench: Bench, link: Link | None) -> str:
    """Look for a hypothesis, or another case, under which the line is right."""
    for case in bench.judged.cases:
        if case.given == bench.given:
            continue
        other = replace(bench, given=case.given, chance=case.chance)
        if link is not None and _passes(lambda other=other: judge_link(other, link)):  # type: ignore[misc]
            return f"right in the case {case.name}"
    for h in bench.judged.assumed:
        other = bench.assuming(h)
        whole = _whole(bench, link)
        scaled = {"": whole, "with a factor 2 ": 2 * whole, "with a factor 1/2 ": whole / 2}
        for said, variant in scaled.items():
            if _passes(lambda other=other, variant=variant: _judged(other, link, variant)):  # type: ignore[misc]
                return f"right {said}if {h.latex}"
    return ""


def _passes(judge: Callable[[], Verdict]) -> bool:
    try:
        return judge().passed
    except BudgetExceeded:
        raise
    except (Unclear, *FAILURES):
        return False


def _whole(bench: Bench, link: Link | None) -> Expr:
    """Return what may be changed: the right side, or the candidate."""
    if link is None:
        assert bench.line.lone is not None
        return bench.line.lone
    candidate = proposed(bench, link.left, link.relation, link.right)  # type: ignore[arg-type]
    return link.right if candidate is None else candidate  # type: ignore[return-value]


def _judged(bench: Bench, link: Link | None, variant: Expr) -> Verdict:
    """Judge a variant as the line itself was judged."""
    quick = replace(bench, effort=replace(bench.effort, instances=12), line=_scaled(bench, variant))
    if link is None or proposed(bench, link.left, link.relation, link.right) is not None:  # type: ignore[arg-type]
        return judge_candidate(quick.question, quick.judged, quick.line, variant, quick.effort)
    return judge_link(quick, replace(link, right=variant))


def _scaled(bench: Bench, variant: Expr) -> Line:
    """Return the line as if it had been written with the scale that a variant holds."""
    scale, line = bench.judged.scale, bench.line
    if scale is None or line.scale is not None or scale not in variant.free_symbols:
        return line
    return replace(line, scale=scale)


def _tried(bench: Bench, link: Link | None) -> Iterator[tuple[str, Verdict]]:
    whole = _whole(bench, link)
    if link is not None and proposed(bench, link.left, link.relation, link.right) is None:  # type: ignore[arg-type]
        for old, new, left in _edits(bench, link.left, lambda e: e):
            if isinstance(old, (Member, Indexed)) and new not in link.left.atoms(type(new)):
                try:
                    edited = replace(link, left=left)
                    if not _promising(bench, edited, link.right, False):  # type: ignore[arg-type]
                        continue
                    found = judge_link(bench, edited)
                except BudgetExceeded:
                    raise
                except (Unclear, ShapeError, *FAILURES):
                    continue
                yield f"for ${latex(new)}$ in place of ${latex(old)}$", found
    candidate = link is None or proposed(bench, link.left, link.relation, link.right) is not None  # type: ignore[arg-type]
    seen, judged = {whole}, 0
    for said, variant in islice(variants(bench, whole), MOST):
        if judged == MOST_JUDGED:
            return
        if variant in seen:
            continue
        seen.add(variant)
        try:
            if not _promising(bench, link, variant, candidate):
                continue
            judged += 1
            yield said, _judged(bench, link, variant)
        except BudgetExceeded:
            raise
        except (Unclear, ShapeError, *FAILURES):
            continue


def _promising(bench: Bench, link: Link | None, variant: Expr, candidate: bool) -> bool:
    """Throw out a variant that fails at one plain instance, before anything is proved."""
    if candidate:
        return promising(bench.question, bench.judged, _scaled(bench, variant), variant)
    assert link is not None
    if variant.has(Statistic) or link.left.has(Statistic):
        return bench.chance is None or _leads(bench, link.left, variant)
    if bench.chance is not None:
        return link.relation not in (*NEAR, "->") or _near_in_each_case(bench, link.left, variant)
    exact = link.relation in EQUAL
    if not exact and link.relation not in (*NEAR, "->"):
        return True
    given = bench.given if exact else given_for(bench, link.left, variant)
    claim = Identity(
        name="line", given=given, shown=link.left, left=link.left, right=variant,
        oracle=lambda I: bench.value(link.left, I),
    )  # fmt: skip
    instance = next((I for I in plain_instances(claim, given) if exact or I["n"] >= 3), None)
    if instance is None:
        return True
    place = dict(instance)
    for a in () if exact else bench.approaches:
        place[a.symbol.name] = {oo: 40.0, S.Zero: 1e-9, -oo: -40.0}[a.point]
    return not _far_apart(bench, link.left, variant, place, 1e-6 if exact else 0.2)


def _far_apart(bench: Bench, left: Expr, right: Expr, place: Instance, share: float) -> bool:
    """Whether two sides certainly differ at an instance, by more than a share of the larger."""
    try:
        with np.errstate(all="ignore"):
            one, two = (np.asarray(bench.value(x, place), float) for x in (left, right))
            gap = float(np.max(np.abs(one - two), initial=0))
            size = float(max(np.max(np.abs(x), initial=0) for x in (one, two)))
    except FAILURES:
        return False
    return bool(np.isfinite(gap) and np.isfinite(size) and gap > share * size)


def _near_in_each_case(bench: Bench, left: Expr, right: Expr) -> bool:
    """Whether two sides may come near in each limit of the keys, from one plain instance."""
    given = given_for(bench, left, right)
    claim = Identity(
        name="line", given=given, shown=left, left=left, right=right,
        oracle=lambda I: bench.value(left, I),
    )  # fmt: skip
    instance = next((I for I in plain_instances(claim, given) if I["n"] >= 3), None)
    if instance is None or right in (oo, -oo):
        return True
    place = dict(instance) | {bench.chance.small.name: 1e-12, "_h": 1.0}
    for a in bench.approaches:
        if a.symbol != bench.chance.small:
            place[a.symbol.name] = {oo: 400.0, S.Zero: 1e-9, -oo: -400.0}[a.point]
    for case in bench.chance.cases:
        try:
            keys = compiled(case(_ANY), over=_ANY)(place)
            there = {**place, "k": np.asarray(keys, float)}
            with np.errstate(all="ignore"):
                one, two = (np.asarray(bench.value(x, there), float) for x in (left, right))
                gap = float(np.max(np.abs(one - two), initial=0))
                size = max(1.0, float(np.max(np.abs(one), initial=0)))
        except FAILURES:
            return True
        if np.isfinite(gap) and gap > 0.2 * size:
            return False
    return True


def _leads(bench: Bench, left: Expr, right: Expr) -> bool:
    """Whether a leading part may be right, from one plain instance."""
    for quantity in bench.judged.quantities:
        if quantity.shown == left and not isinstance(left, Symbol):
            for claim in quantity.requires(right):
                instance = next(plain_instances(claim), None)
                if instance is not None and fails_at(claim, instance) is not None:
                    return _tends_alike(bench, right)
    return True


def _tends_alike(bench: Bench, right: Expr) -> bool:
    """Whether both sides may have the same limit, where that is cheap to tell: a fixed right side."""
    moving = {bench.judged.scale, bench.chance.small}
    return not moving & right.free_symbols or right.has(Statistic)


# variants ----------------------------------------------------------------------------------------------


def variants(bench: Bench, x: Expr) -> Iterator[Variant]:
    """Yield one-change variants of an expression, the likeliest first."""
    scale = bench.judged.scale
    if bench.seeks is not None and scale is not None and scale not in x.free_symbols:
        if bench.chance is None or bench.chance.small not in x.free_symbols:
            yield f"with a scale {scale} in front that grows", scale * x
    yield "with the opposite sign", -x
    yield "with a factor 2", 2 * x
    yield "with a factor 1/2", x / 2
    if not x.is_commutative:
        rows_cols = shape(x)
        if rows_cols[0] == rows_cols[1]:
            yield "transposed", T(x)
    yield from _inside(bench, x)


def _inside(bench: Bench, x: Expr) -> Iterator[Variant]:
    """Change one node, wherever it stands."""
    for old, new, rebuilt in _edits(bench, x, lambda e: e):
        yield f"with ${latex(new)}$ in place of ${latex(old)}$", rebuilt


def _edits(bench: Bench, x: Expr, put: Callable[[Any], Expr]) -> Iterator[tuple[Expr, Expr, Expr]]:
    """Yield (old node, new node, the whole with the new one)."""
    for new in _changes(bench, x):
        yield x, new, put(new)
    if isinstance(x, (Member, Indexed, Symbol)):
        return
    for at, a in enumerate(x.args):
        if not isinstance(a, Expr) or isinstance(a, (Symbol, Integer)):
            continue

        def inner(e: Basic, at: int = at) -> Expr:
            args = list(x.args)
            args[at] = e
            return put(x.func(*args))

        yield from _edits(bench, a, inner)


def _changes(bench: Bench, x: Expr) -> Iterator[Expr]:
    """Yield what a node may have been meant to be."""
    for kinds, changes in _CHANGES.items():
        if isinstance(x, kinds):
            yield from changes(bench, x)
            return


def _of_letter(bench: Bench, x: Expr) -> Iterator[Expr]:
    index, *more = (x.index,) if isinstance(x, Member) else x.indices
    for p in () if more else bench.judged.indices:
        if p != index:
            yield x.func(*[p if a == index else a for a in x.args])


def _of_exponential(bench: Bench, x: Expr) -> Iterator[Expr]:
    (inside,) = x.args
    for change in (-inside, 2 * inside, inside / 2):
        yield exp(change)


def _of_power(bench: Bench, x: Pow) -> Iterator[Expr]:
    if x.is_commutative and x.exp.is_Rational:
        for power in (-x.exp, x.exp / 2, 2 * x.exp, x.exp + 1, x.exp - 1):
            if power != 0:
                yield Pow(x.base, power)


def _of_total(bench: Bench, x: Expr) -> Iterator[Expr]:
    for a in x.args:
        yield Add(*[-b if b == a else b for b in x.args])
    if n in x.args or any(n in a.free_symbols for a in x.args if a.is_commutative):
        for step in (-2, -1, 1, 2):
            yield x + step
    for a in x.args:
        for factor in (2, Rational(1, 2)):
            yield Add(*[b * factor if b == a else b for b in x.args])


def _of_product(bench: Bench, x: Mul) -> Iterator[Expr]:
    yield from (-x, 2 * x, x / 2)
    _, word = x.args_cnc()
    for at in range(len(word) - 1):
        if word[at + 1] == T(word[at]) or (
            isinstance(word[at], Transposed) and word[at].args[0] == word[at + 1]
        ):
            yield from _gram_between(x, word, at)


_CHANGES: dict[Any, Callable[[Bench, Any], Iterator[Expr]]] = {
    (Member, Indexed): _of_letter,
    exp: _of_exponential,
    Pow: _of_power,
    Inverse: lambda bench, x: iter(x.args),
    Add: _of_total,
    Mul: _of_product,
}


def _gram_between(x: Mul, word: list[Expr], at: int) -> Iterator[Expr]:
    """Put the inverse Gram matrix between a matrix and its transpose."""
    a = word[at]
    if 1 in shape(a):
        return
    scalars, _ = x.args_cnc()
    gram = Inverse(T(a) * a)
    if shape(gram)[0] == shape(a)[1]:
        yield Mul(*scalars, *word[: at + 1], gram, *word[at + 1 :])
