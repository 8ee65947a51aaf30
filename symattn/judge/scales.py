"""The scale of a query: bounds that a line states for it, and the error that a wrong one leaves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sympy import Expr, S, Symbol, oo, sqrt

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import d, epsilon, n
from symattn.algebra.limits import NoSafeLimit
from symattn.algebra.words import normal
from symattn.check import oracle
from symattn.check.described import number
from symattn.check.gate import refuted
from symattn.check.numbers import plain
from symattn.check.verdict import Counterexample, Verdict
from symattn.claims import Tends
from symattn.derive.question import Question
from symattn.judge.approach import unsafe
from symattn.judge.free_letters import free_indices, free_scalars
from symattn.judge.judged import Judged
from symattn.judge.line import Line, Unclear
from symattn.judge.weighed import missed
from symattn.kernel.approaches import Approach, limits
from symattn.latex.languages import source_in_english
from symattn.latex.write import latex


def sure_to_grow(line: Line, scale: Symbol) -> None:
    r"""Ask about a scale that the line says something of, and not that it grows.

    Raises
    ------
    Unclear : `\beta \ge 1`, `\beta \gg \epsilon`, or `for some \beta`.
    """
    stated = any(a.symbol == scale for a in line.approaches)
    name = line.scale_name or scale.name
    low = [
        (r, b) for r, b in line.bounds
        if (r in (">", ">=") and not stated) or (r == ">>" and _no_size(b))
    ]  # fmt: skip
    if low and not any(r == ">>" and not _no_size(b) for r, b in line.bounds):
        raise Unclear(
            "ask-what-is",
            f"a bound from below does not say that {name} grows; say so, as with "
            rf"\quad {name} \gg 0 or {name} \to \infty",
        )
    if quantified(line, scale, ("some", r"\exists")):
        raise Unclear(
            "ask-what-is",
            rf"for which {name}? say that it is large, as with \quad {name} \gg 0",
        )


def _no_size(bound: Expr) -> bool:
    """Whether being far above a bound is not being large: it is negative, or vanishes."""
    return bool(bound.is_negative) or (
        epsilon in bound.free_symbols and bound.subs(n, 9).subs(epsilon, S(10) ** -9) < 1
    )


def quantified(line: Line, scale: Symbol, words: Sequence[str]) -> bool:
    """Whether the line says `for all` or `for some` of its scale, and not that it is large."""
    if any(a.symbol == scale for a in line.approaches):
        return False
    name = re.escape(line.scale_name or scale.name)
    named = "|".join(rf"\b{w}\b" if w.isalpha() else re.escape(w) for w in words)
    pattern = rf"(?:{named})(?:[\s$,;:~{{}}]|\\[,;:! ])*{name}(?![A-Za-z_])"
    return re.search(pattern, source_in_english(line.source)) is not None


def at_every_scale(question: Question, line: Line, candidate: Expr) -> Verdict | None:
    """Refute `for all \\beta` by the scale 1."""
    scale = line.scale
    if scale is None or scale not in line.every or any(a.symbol == scale for a in line.approaches):
        return None
    said = f"it is not right for every ${latex(scale)}$: "
    return _too_small(question, candidate.xreplace({scale: S.One}), said)


def _too_small(question: Question, candidate: Expr, said: str) -> Verdict | None:
    """Refute a candidate at one scale by what it leaves of a limit; None where that is not seen."""
    for claim in question.specification.requires(candidate):
        if isinstance(claim, Tends):
            found = missed(claim, [], candidate)
            if found.verdict == "refuted":
                return replace(found, code="scale-too-small", reason=said + found.reason)
    return None


SIZES = ((1e-4, 1e-6, 1e-8), (1e-1, 3e-2, 1e-2))


def within_bounds(
    question: Question, judged: Judged, line: Line, candidate: Expr
) -> Verdict | None:
    """Refute a candidate whose stated bounds leave no scale that is right."""
    scale, chance = line.scale, judged.chance
    if scale is None or scale not in candidate.free_symbols:
        return None
    for relation, bound in line.bounds:
        upper = relation in ("<", "<=", "<<")
        if chance is None:
            grows = all(a.point == oo for a in line.approaches if a.symbol == scale)
            if grows and upper and bound != 0 and not (bound.free_symbols - {n, d}):
                return _bounded(question, candidate, scale, bound)
            continue
        if free_scalars(bound) - {chance.small} or bound == 0:
            continue
        if upper and not bound.has(chance.small):
            return _bounded(question, candidate, scale, bound)
        found = _against_noise(question, judged, candidate, scale, relation, bound)
        if found is not None:
            return found
    return None


def _against_noise(
    question: Question, judged: Judged, candidate: Expr, scale: Symbol, relation: str, bound: Expr
) -> Verdict | None:
    """Refute a bound that leaves only, or allows, scales at which the noise does not vanish."""
    small, upper = judged.chance.small, relation in ("<", "<=", "<<")  # type: ignore[union-attr]
    at_bound = candidate.xreplace({scale: bound})
    for claim in question.specification.requires(at_bound):
        assert isinstance(claim, Tends)
        rules = claim.given.rewriting
        try:
            end = limits(normal(claim.f - claim.right, rules), [Approach(small, S.Zero)], rules)
        except NoSafeLimit as error:
            text = f"the bound of the scale is not judged: {unsafe(error)}"
            return Verdict("undecided", "no-safe-form", text, (), None, question.given.latex)
        if claim.right == 0 and upper and relation == "<<" and end.infinite:
            # a scale far below the bound, and still far above what the noise allows
            between = candidate.xreplace({scale: sqrt(bound / sqrt(small))})
            return scale_off(question, between, False, sqrt(bound / sqrt(small)))
        if claim.right == 0 and end.vanishes is False and relation != "<<":
            return scale_off(question, at_bound, False, bound)
        if claim.right != 0 and upper and end.vanishes is False:
            return scale_off(question, at_bound, True, bound)
    return None


def _bounded(question: Question, candidate: Expr, scale: Symbol, bound: Expr) -> Verdict:
    """Refute a scale that may not grow: at its bound the output is still off."""
    said = f"the scale may not exceed ${latex(bound)}$, and "
    found = _too_small(question, candidate.xreplace({scale: bound}), said)
    text = f"the scale is bounded by ${latex(bound)}$"
    open_ = Verdict("undecided", "condition-unused", text, (), None, question.given.latex)
    return found or open_


def scale_off(
    question: Question, candidate: Expr, small: bool, bound: Expr | None = None
) -> Verdict:
    """Refute a scale that is too small or too large against the noise, with the error that stays."""
    code = "scale-too-small" if small else "scale-too-large"
    shown = stays(candidate)
    errors = shown.instance["error"]
    if errors[-1] < 0.02 or errors[-1] < errors[0] / 3:
        text = "the noise does not vanish in the limit, and samples do not show it"
        return Verdict("undecided", "not-proved", text, (), None, question.given.latex)
    what = (
        "the other keys keep a weight" if small
        else "the noise decides between i and j"
    )  # fmt: skip
    said = "" if bound is None else f"already at a scale of ${latex(bound)}$, "
    text = f"{said}{what}: {shown.text}"
    found = replace(shown, text=text)
    return refuted(found, (), question.given.latex, code)


def stays(candidate: Expr, count: int = 4000) -> Counterexample:
    """Sample the output for a query at ever smaller noise, n = 3 and unit vectors as means."""
    rng = np.random.default_rng(7)
    means = values = np.eye(3)
    wanted = (values[0] + values[1]) / 2
    # A query that is too large to be computed with is shown where the noise is larger.
    for sizes in SIZES:
        with np.errstate(all="ignore"):
            shown = _errors_at(candidate, sizes, rng, count)
        if shown is not None:
            break
    else:
        raise Unclear("not-judged", "the scale is too large to be judged in numbers")
    errors, first = shown
    text = (
        f"for n = 3 and unit vectors as means and values, the root mean squared error of c is "
        f"{', '.join(number(e) for e in errors)} at \\epsilon = {', '.join(map(number, sizes))} "
        f"({count} samples each); it does not vanish"
    )
    instance = {"n": 3, "i": 1, "j": 2, r"\mu": plain(means), "v": plain(values),
                r"\epsilon": list(sizes), "error": [plain(e) for e in errors]}  # fmt: skip
    return Counterexample(instance, plain(first), plain(wanted), text)


def _errors_at(
    candidate: Expr, sizes: Sequence[float], rng: Any, count: int
) -> tuple[list[float], Any] | None:
    """Return the error at each size of the noise, and one output; None beyond what floats hold."""
    means = values = np.eye(3)
    wanted = (values[0] + values[1]) / 2
    errors: list[float] = []
    first: Any = None
    for size in sizes:
        place = {"n": 3, "d": 3, "i": 1, "j": 2, r"\mu": means, epsilon.name: size}
        place |= {str(p): 3 for p in free_indices(candidate) if str(p) not in place}
        place |= {s.name: 10.0 for s in free_scalars(candidate) - {epsilon}}
        try:
            query = np.asarray(compiled(candidate)(place), float)
        except (OverflowError, TypeError):
            return None
        if query.shape == ():
            query = np.zeros(3)
        if not np.all(np.isfinite(query)) or float(np.max(np.abs(query))) > 1e150:
            return None
        noise = rng.normal(size=(count, 3)) * np.sqrt(size * query @ query)
        outputs = oracle.softmax(means @ query + noise) @ values
        errors.append(float(np.sqrt(((outputs - wanted) ** 2).sum(axis=1).mean())))
        first = outputs[0]
    return errors, first
