"""From results to a page: strings only, so that nothing after this computes.

The page shows each answer first, then why, the formulas that carry it under stable labels, the
figures, one line on how it was verified, and the claims with their evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil, log10
from typing import TYPE_CHECKING, Any

from symattn.check.draws import SIZES
from symattn.check.verdict import Evidence, Verdict
from symattn.claims import Claim
from symattn.derive.prose import Formula, Text
from symattn.derive.script import guarded
from symattn.errors import BrokenDerivation
from symattn.latex.write import latex
from symattn.pages.breaking import lines, rows, tight
from symattn.pages.model import (
    Answer,
    Block,
    ClaimRow,
    Display,
    Figure,
    Page,
    Prose,
    Section,
    Span,
    StepLine,
)
from symattn.pages.notation import beside, meanings
from symattn.pages.terminal import letter
from symattn.sheet import Paragraph, Part, Problem, Sheet
from symattn.spans import dollars, linked

if TYPE_CHECKING:
    from symattn.check.study import CheckedStep, Result

INTRO = (
    "Every result below was computed by named rules from the definition of attention, for symbolic "
    "$n$ and $d$. Each claim was then checked in three independent ways: by an exact decision in "
    "SymPy, by numbers against plain NumPy on instances that meet its hypotheses, and by reading "
    "its printed formula again with two readers."
)
STATED = INTRO.replace(
    "was computed by named rules from the definition of attention,",
    "is a statement about what is written out from its definition,",
)
"""Of a sheet that states most of its claims, where no rule computed the right side."""
STEADY = (1e-12, 1e-9, 1e-6, 1e-4, 1e-2, 1.0)
"""Relative errors are stated as one of these: their digits differ from machine to machine."""


def build_page(
    name: str,
    sheet: Sheet,
    results: Mapping[str, Result],
    *,
    steps: bool = False,
    names: Iterable[str] = (),
    notes: Mapping[str, str] | None = None,
) -> Page:
    """Return the page of a sheet.

    Parameters
    ----------
    name : the sheet's name, for the report.
    results : what the script of each answered part gave, by the part's name.
    steps : whether to show every step.
    names : who hands it in, and for which course.
    notes : what the author says of a part that is not answered, by the part's name.
    """
    sections = tuple(_section(p, results, steps, notes or {}) for p in sheet.sections)
    points = score(sheet, results)
    return Page(
        title=f"{sheet.title}: answers",
        intro=dollars(INTRO if _computed(results.values()) else STATED),
        sections=sections,
        points=_points(sheet, points, _wrong(results)),
        notation=_notation(results.values()),
        names=tuple(filter(None, names)),
        checked=_checked(sheet, results),
        report=report(name, sheet, results, points),
    )


def _computed(results: Iterable[Result]) -> bool:
    """Whether every question of a sheet has steps."""
    return all(result.derivation.steps for result in results)


# points ----------------------------------------------------------------------------------------


def score(sheet: Sheet, results: Mapping[str, Result]) -> dict[str, Any]:
    """Add up the points of the parts that are answered, and find the grade that they reach.

    A part is answered when each of its claims is proved or confirmed.
    """
    answered = sum(
        part.points for key, part in sheet.parts.items() if key in results and results[key].passed
    )
    return {
        "answered": answered,
        "total": sheet.points,
        "grade": None if _wrong(results) else sheet.grade(answered),
        "scale": [list(pair) for pair in sheet.grading],
    }


def _wrong(results: Mapping[str, Result]) -> bool:
    return bool(tally(results.values()).get("refuted"))


def _points(sheet: Sheet, points: Mapping[str, Any], wrong: bool) -> Prose:
    if not sheet.points:
        return ()
    text = f"Answered: {points['answered']} of {points['total']} points."
    if sheet.grading and wrong:
        text += " A claim is refuted, so no grade is counted."
    elif sheet.grading:
        scale = ", ".join(f"{least} points for grade {grade}" for least, grade in sheet.grading)
        grade = points["grade"]
        reached = "no grade" if grade is None else f"grade {grade}"
        text += f" Grading scale: {scale}. The answered points reach {reached}."
    return (Span("text", text),)


# statements ------------------------------------------------------------------------------------


def _section(
    problem: Problem, results: Mapping[str, Result], steps: bool, notes: Mapping[str, str]
) -> Section:
    answers = tuple(_answer(p, results[p.name], steps) for p in problem.parts if p.name in results)
    open_parts = [p for p in problem.parts if p.name not in results]
    statement = [Block(prose) for prose in paragraphs(problem.preamble)]
    for part in open_parts:
        points = f"({part.points} points) " if part.points else ""
        head = Span("text", f"{part.label} {points}")
        statement.append(Block(joined((head, *part.statement))))
    return Section(
        title=f"Question {problem.number}. {problem.title}",
        statement=tuple(statement),
        answers=answers,
        note=joined(
            (
                *_note(open_parts),
                *(s for p in open_parts for s in linked(" " + notes.get(p.name, ""))),
            )
        ),
    )


def _note(parts: Sequence[Part]) -> Prose:
    """Say why parts are not answered, and that they count for nothing."""
    if not parts:
        return ()
    which = (
        "Part " + parts[0].label if len(parts) == 1 else "Parts " + _listed(p.label for p in parts)
    )
    text = " ".join(span.body for part in parts for span in part.statement)
    if re.search(r"\blabs?\b", text, re.IGNORECASE):
        why = "refers to a lab that is not part of this document"
    elif "http" in text:
        why = "refers to what is not part of this document"
    else:
        why = "has no derivation here"
    if len(parts) > 1:
        why = why.replace("refers", "refer", 1).replace("has", "have", 1)
    pointed = any(part.points for part in parts)
    it, them = ("It is", "it") if len(parts) == 1 else ("They are", "them")
    end = f"{it} not answered" + (f", and no points are claimed for {them}." if pointed else ".")
    return (Span("text", f"{which} {why}. {end}"),)


def paragraphs(items: Iterable[Paragraph]) -> list[Prose]:
    """Join the items of a list, and what goes on after it in lower case, into running text."""
    found: list[Prose] = []
    for item in items:
        first = item.prose[0].body[:1] if item.prose else ""
        goes_on = item.bullet or (
            item.prose[:1] and item.prose[0].kind == "text" and first.islower()
        )
        if found and goes_on:
            found[-1] = joined((*found[-1], Span("text", " "), *item.prose))
        else:
            found.append(joined(item.prose))
    return found


def joined(spans: Iterable[Span]) -> Prose:
    """Join neighbouring texts, with one blank between words."""
    found: list[Span] = []
    for span in spans:
        if span.kind == "text" and found and found[-1].kind == "text":
            body = re.sub(r" {2,}", " ", found.pop().body + span.body)
            found.append(Span("text", body))
        elif span.kind == "text" and found and found[-1].kind == "display":
            found.append(Span("text", span.body.lstrip()))
        elif span.body:
            found.append(span)
    return tuple(span for span in found if span.body)


# answers ---------------------------------------------------------------------------------------


def _answer(part: Part, result: Result, steps: bool) -> Answer:
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
        claims=tuple(_claim_row(c, steady(result.verdicts[c.name])) for c in derivation.claims),
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
        found[item.name] = f"{result.name}:{re.sub(r'[^A-Za-z0-9._-]', '-', item.name)}"
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
        at = ", ".join(rf"${name} = {value:g}$" for name, value in figure.at.items())
        yield replace(
            figure,
            name=f"{part.name}-{figure.name.removeprefix(part.name + '-')}",
            title=figure.title or f"Part {part.label}",
            caption=joined((*words(caption, labels), *dollars(f" Here {at}." if at else ""))),
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
            tail = f" ({_listed(names)})" if word != "proved" else ""
            pieces.append(f"{_count(len(names), 'claim')} {word}{tail}")
    said = (_listed(pieces) or "nothing is claimed") + "."
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
    return joined(spans)


def _checked(sheet: Sheet, results: Mapping[str, Result]) -> tuple[tuple[str, ...], ...]:
    """The closing table: for each part its claims, and what the formulas in its words rest on."""
    head = ("part", "claims", "proved", "confirmed", "other", "formulas in the text", "not checked")
    found: list[tuple[str, ...]] = [head]
    several = (
        len(
            {
                section.number
                for section in sheet.sections
                for p in section.parts
                if p.name in results
            }
        )
        > 1
    )
    for name, result in results.items():
        tally, said = result.tally(), result.derivation.formulas()
        good = [tally.get(word, 0) for word in ("proved", "confirmed")]
        total = len(result.verdicts)
        loose = sum(formula.role == "unchecked" for formula in said)
        numbers = (total, *good, total - sum(good), len(said), loose)
        number = name[1:-1] + " " if several else ""
        found.append((number + sheet.parts[name].label, *map(str, numbers)))
    return tuple(found)


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _listed(items: Iterable[str]) -> str:
    items = list(items)
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


# notation --------------------------------------------------------------------------------------


def _notation(results: Iterable[Result]) -> tuple[Block, ...]:
    """Name the symbols that mean the same wherever they stand."""
    found = meanings(result.derivation for result in results)
    by_meaning: dict[str, list[str]] = {}
    for letter_, meaning in found.items():
        if meaning:
            by_meaning.setdefault(meaning, []).append(letter_)
    spans: list[Span] = []
    for meaning, names in by_meaning.items():
        spans.append(Span("text", ", " if spans else ""))
        spans += [Span("math", ", ".join(sorted(names))), Span("text", " "), *dollars(meaning)]
    if not spans:
        return ()
    return (Block(joined((*spans, Span("text", ".")))),)


# the report ------------------------------------------------------------------------------------


def report(
    name: str, sheet: Sheet, results: Mapping[str, Result], points: Mapping[str, Any]
) -> dict[str, Any]:
    """Return everything that was checked, as plain JSON: enough to repeat each check."""
    plans = {(r.plan.seed, r.plan.instances) for r in results.values()}
    questions = [_question_report(sheet.parts[key], result) for key, result in results.items()]
    return {
        "sheet": name,
        "title": sheet.title,
        "points": dict(points),
        "passed": all(r.passed for r in results.values()),
        "plans": [
            {"seed": seed, "instances": count, "sizes": [dict(size) for size in SIZES]}
            for seed, count in sorted(plans)
        ],
        "verdicts": tally(results.values()),
        "questions": questions,
        "unanswered": [
            {"name": part.name, "points": part.points}
            for part in sheet.parts.values()
            if part.name not in results
        ],
    }


def tally(results: Iterable[Result]) -> dict[str, int]:
    """Count the claims of each verdict."""
    found: dict[str, int] = {}
    for result in results:
        for word, number in result.tally().items():
            found[word] = found.get(word, 0) + number
    return found


def _question_report(part: Part, result: Result) -> dict[str, Any]:
    how = [c.how for c in result.steps]
    return {
        "name": part.name,
        "label": part.label,
        "points": part.points,
        "passed": result.passed,
        "hypotheses": list(result.derivation.given.latex),
        "claims": [
            claim_report(c, steady(result.verdicts[c.name])) for c in result.derivation.claims
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
            {"claim": claim, "kind": e.kind, "code": e.code, "text": e.text}
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
