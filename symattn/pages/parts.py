"""From the result of a script to what its question shows: strings only, so that nothing after this computes.

A question shows its answer first, then why, the formulas that carry it under stable labels, the
figures, one line on how it was verified, and the claims with their evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import ceil, log10
from typing import TYPE_CHECKING, Any

from symattn.check.draws import SIZES
from symattn.check.verdict import Evidence, Verdict
from symattn.claims import Claim
from symattn.derive.lineage import steps_of, taken_up
from symattn.derive.prose import Formula, Text
from symattn.derive.script import guarded
from symattn.errors import BrokenDerivation
from symattn.latex.write import latex
from symattn.pages.breaking import lines, rows, tight
from symattn.pages.build import joined, listed
from symattn.pages.graph import slug
from symattn.pages.model import (
    Answer,
    Block,
    ClaimRow,
    Display,
    Figure,
    Prose,
    Shown,
    Span,
    StepLine,
)
from symattn.pages.notation import beside, defined, meanings
from symattn.pages.terminal import letter
from symattn.sheet_text import Part
from symattn.spans import dollars

if TYPE_CHECKING:
    from symattn.check.study import CheckedStep, Result

Lineage = Mapping[str, tuple[str, ...]]
"""Claim -> the claims before it that it takes up."""
STEADY = (1e-12, 1e-9, 1e-6, 1e-4, 1e-2, 1.0)
"""Relative errors are stated as one of these: their digits differ from machine to machine."""


def shown(part: Part, result: Result, *, steps: bool = False) -> Shown:
    """Return what one question shows, from the result of its script.

    steps : whether every step is shown.

    Raises
    ------
    OutputError : a figure that cannot be drawn.
    """
    from symattn.pages.figures import draw

    lineage = taken_up(result.derivation.claims)
    answer = _answer(part, result, steps, lineage)
    return Shown(
        answer=answer,
        report=_question_report(part, result, lineage),
        letters=meanings(result.derivation),
        computed=bool(result.derivation.steps),
        plan={
            "seed": result.plan.seed,
            "instances": result.plan.instances,
            "sizes": [dict(size) for size in SIZES],
        },
        drawings={figure.name: draw(figure) for figure in answer.figures},
    )


# answers ---------------------------------------------------------------------------------------


def _answer(part: Part, result: Result, steps: bool, lineage: Lineage) -> Answer:
    derivation = result.derivation
    labels = _labels(result)
    return Answer(
        name=part.name,
        label=part.label,
        points=part.points,
        statement=part.statement,
        answer=tuple(_blocks(derivation.answer, result, labels)),
        explanation=tuple(_blocks(derivation.explanation, result, labels)),
        verified=_verified(result),
        figures=tuple(_figures(part, result, labels)),
        steps=tuple(_steps(result.steps)) if steps else (),
        claims=tuple(
            replace(
                _claim_row(claim, steady(result.verdicts[claim.name])),
                takes_up=lineage[claim.name],
                steps=steps_of(claim, derivation.steps) if steps else (),
            )
            for claim in derivation.claims
        ),
    )


def _labels(result: Result) -> dict[str, str]:
    """Claim -> label, for each claim that is displayed.

    Raises
    ------
    BrokenDerivation : a claim is displayed twice, or was never added to the derivation.
    """
    found: dict[str, str] = {}
    derivation = result.derivation
    for item in (*derivation.answer, *derivation.explanation):
        if not isinstance(item, Claim):
            continue
        if item.name in found:
            raise BrokenDerivation(f"{result.name}: the claim {item.name!r} is displayed twice")
        if item.name not in result.verdicts:
            raise BrokenDerivation(
                f"{result.name}: {item.name!r} is displayed and is no claim of the derivation",
                "add it with D.claim(...)",
            )
        found[item.name] = f"{result.name}:{slug(item.name)}"
    return found


def _blocks(
    items: Iterable[Text | Claim], result: Result, labels: Mapping[str, str]
) -> Iterator[Block]:
    for item in items:
        if isinstance(item, Claim):
            verdict = result.verdicts[item.name].verdict
            also = beside(item, result.derivation)
            shown = Display(labels[item.name], rows(item), item.name, verdict, also)
            yield Block(display=shown)
        else:
            yield Block(prose=words(item, labels))


def words(text: Text, labels: Mapping[str, str]) -> Prose:
    """Return a paragraph as spans; a claim that is displayed becomes its number."""
    spans = []
    for part in text.parts:
        if isinstance(part, str):
            spans.append(Span("text", part))
        elif isinstance(part, Formula):
            spans.append(Span("math", tight(part.inline)))
            if part.role == "unchecked":
                spans.append(Span("emph", " [stated, not checked]"))
        elif part.name in labels:
            spans.append(Span("ref", labels[part.name]))
        else:
            spans.append(Span("math", part.latex))
    return tuple(spans)


def _figures(part: Part, result: Result, labels: Mapping[str, str]) -> Iterator[Figure]:
    for make, caption in result.derivation.figures:
        figure = guarded(result.script, make)
        if not isinstance(figure, Figure):
            raise BrokenDerivation(f"{result.script.name}: a figure is a {type(figure).__name__}")
        figure = _in_floats(figure)
        at = ", ".join(rf"${name} = {value:g}$" for name, value in figure.at.items())
        yield replace(
            figure,
            name=f"{part.name}-{figure.name.removeprefix(part.name + '-')}",
            title=figure.title or f"Part {part.label}",
            caption=joined((*words(caption, labels), *dollars(f" Here {at}." if at else ""))),
        )


def _in_floats(figure: Figure) -> Figure:
    """Return a figure whose numbers are Python's, whatever it was computed with."""

    def floats(values: Iterable[Any]) -> tuple[float, ...]:
        return tuple(map(float, values))

    return replace(
        figure,
        curves=tuple(replace(c, x=floats(c.x), y=floats(c.y)) for c in figure.curves),
        bars=tuple(
            replace(b, edges=floats(b.edges), heights=floats(b.heights)) for b in figure.bars
        ),
        marks=tuple(replace(m, x=float(m.x)) for m in figure.marks),
        at={name: float(value) for name, value in figure.at.items()},
        cells=tuple(map(floats, figure.cells)),
    )


def _steps(checked: Iterable[CheckedStep]) -> Iterator[StepLine]:
    before = None
    for one in checked:
        step = one.step
        left = () if step.before == before else lines(latex(step.before))
        relation = "=" if step.keeps else r"\leadsto"
        yield StepLine(left, letter(step.rule), lines(latex(step.after)), relation)
        before = step.after


# evidence --------------------------------------------------------------------------------------


def steady(verdict: Verdict) -> Verdict:
    """Return a verdict whose numbers are the same on every machine: rounding errors are rounded up.

    >>> e = Evidence("numbers", "confirmed", "c", "24 agree to 3.1e-15", {"worst": 3.1e-15})
    >>> steady(Verdict("confirmed", "c", "24 agree to 3.1e-15", (e,))).reason
    '24 agree to 1e-12'
    """
    evidence = tuple(map(_steady, verdict.evidence))
    reason = verdict.reason
    for before, after in zip(verdict.evidence, evidence, strict=True):
        if before.text == reason:
            reason = after.text
    return replace(verdict, evidence=evidence, reason=reason)


def _steady(evidence: Evidence) -> Evidence:
    worst = evidence.data.get("worst")
    if evidence.kind != "numbers" or not isinstance(worst, float):
        return evidence
    data = {key: value for key, value in evidence.data.items() if key != "worst"}
    if f"{worst:.1e}" not in evidence.text:  # an inequality holds or not: it has no error
        return replace(evidence, data=data)
    steps = STEADY if data.get("unit", "relative") == "relative" else ()
    shown = next((step for step in steps if worst <= step), _rounded_up(worst))
    text = evidence.text.replace(f"{worst:.1e}", f"{shown:g}")
    return replace(evidence, text=text, data={**data, "worst": shown})


def _rounded_up(value: float) -> float:
    """Round up to one digit.

    >>> _rounded_up(2.03), _rounded_up(0.0171), _rounded_up(3.0)
    (3.0, 0.02, 3.0)
    """
    if value <= 0:
        return 0.0
    power = 10.0 ** -ceil(-log10(value))
    return float(f"{ceil(value / power - 1e-9) * power:.1g}")


def _claim_row(claim: Claim, verdict: Verdict) -> ClaimRow:
    return ClaimRow(
        name=claim.name,
        latex=claim.latex,
        verdict=verdict.verdict,
        code=verdict.code,
        reason=verdict.reason,
        evidence=tuple(f"{e.kind}: {e.verdict} ({e.code}): {e.text}" for e in verdict.evidence),
        assumptions=tuple(dollars(a) for a in verdict.assumptions),
    )


def _verified(result: Result) -> Prose:
    """One line: what is proved, what is confirmed, and what is assumed."""
    pieces = []
    for word in ("proved", "confirmed", "refuted", "undecided", "unread"):
        names = [name for name, v in result.verdicts.items() if v.verdict == word]
        if names:
            tail = f" ({listed(names)})" if word != "proved" else ""
            pieces.append(f"{_count(len(names), 'claim')} {word}{tail}")
    said = (listed(pieces) or "nothing is claimed") + "."
    for kind, what in (("numbers", "without numbers"), ("reading", "not read back")):
        lacking = sum(
            not any(e.kind == kind and e.verdict == "confirmed" for e in v.evidence)
            for v in result.verdicts.values()
        )
        said += f" {_count(lacking, 'claim')} {what}." if lacking else ""
    spans = [Span("emph", "Verified."), Span("text", " "), Span("text", said)]
    common = result.derivation.given.latex
    if common:
        spans += dollars(" Assumed: " + "; ".join(common) + ".")
    if own := defined(result.derivation):
        spans += dollars(tight(" Where " + "; ".join(own) + "."))
    return joined(spans)


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


# the report -----------------------------------------------------------------------------------


def _question_report(part: Part, result: Result, lineage: Lineage) -> dict[str, Any]:
    how = [c.how for c in result.steps]
    return {
        "name": part.name,
        "label": part.label,
        "points": part.points,
        "passed": result.passed,
        "hypotheses": list(result.derivation.given.latex),
        "claims": [
            claim_report(c, steady(result.verdicts[c.name])) | {"takes_up": list(lineage[c.name])}
            for c in result.derivation.claims
        ],
        "formulas": {
            "printed": len(result.words),
            "read_back": sum(e.verdict == "confirmed" for e in result.words),
            "unread": [e.to_json() for e in result.unread],
            "said": [
                {"latex": f.latex, "role": f.role, "of": f.of} for f in result.derivation.formulas()
            ],
            "not_checked": sum(f.role == "unchecked" for f in result.derivation.formulas()),
        },
        "missing": [
            {"claim": claim, "kind": e.kind, "code": e.code, "text": e.plain}
            for claim, e in result.missing()
        ],
        "steps": {
            "count": len(how),
            "proved": how.count("proved"),
            "confirmed": how.count("confirmed"),
            "checked_by_their_claims": how.count(""),
        },
    }


def claim_report(claim: Claim, verdict: Verdict) -> dict[str, Any]:
    """Return one claim with its verdict, hypotheses, obligations and evidence."""
    found = verdict.to_json()
    obligations = None
    for evidence in found["evidence"]:
        obligations = obligations or evidence["data"].pop("obligations", None)
        if evidence["data"].get("sizes") == [dict(size) for size in SIZES]:
            del evidence["data"]["sizes"]  # they stand once, beside the seed
    return {
        "name": claim.name,
        "kind": type(claim).__name__,
        "latex": claim.latex,
        "hypotheses": list(claim.given.latex),
        "obligations": obligations or [str(o) for o in claim.obligations],
        **found,
    }
