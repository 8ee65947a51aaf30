"""From what each question shows to a page.

The page shows each answer first, then why, the formulas that carry it under stable labels, the
figures, one line on how it was verified, and the claims with their evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from symattn.errors import BrokenDerivation
from symattn.pages.model import Block, Page, Prose, Section, Shown, Span
from symattn.sheet_text import Paragraph, Part, Problem, Sheet
from symattn.spans import dollars, linked

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
LETTERS = (
    *"abefghoprstuwyABCDFGHKLMNPQRSTUVWXYZ",
    *(
        rf"\{name}"
        for name in "gamma zeta eta theta kappa lambda nu xi rho sigma tau phi psi omega".split()
    ),
)
"""What a script may call its own; the others are the letters of attention."""


def build_page(
    name: str,
    sheet: Sheet,
    parts: Mapping[str, Shown],
    *,
    names: Iterable[str] = (),
    notes: Mapping[str, str] | None = None,
) -> Page:
    """Return the page of a sheet.

    Parameters
    ----------
    name : the sheet's name, for the report.
    parts : what each answered part shows, by its name.
    names : who hands it in, and for which course.
    notes : what the author says of a part that is not answered, by the part's name.
    """
    points = score(sheet, parts)
    return Page(
        title=f"{sheet.title}: answers",
        intro=dollars(INTRO if all(part.computed for part in parts.values()) else STATED),
        sections=tuple(_section(p, parts, notes or {}) for p in sheet.sections),
        points=_points(sheet, points, _wrong(parts)),
        notation=_notation(parts),
        names=tuple(filter(None, names)),
        checked=_checked(sheet, parts),
        report=report(name, sheet, parts, points),
        drawings={
            figure: drawn for part in parts.values() for figure, drawn in part.drawings.items()
        },
    )


# points ----------------------------------------------------------------------------------------


def score(sheet: Sheet, parts: Mapping[str, Shown]) -> dict[str, Any]:
    """Add up the points of the parts that are answered, and find the grade that they reach.

    A part is answered when each of its claims is proved or confirmed.
    """
    answered = sum(
        part.points for key, part in sheet.parts.items() if key in parts and parts[key].passed
    )
    return {
        "answered": answered,
        "total": sheet.points,
        "grade": None if _wrong(parts) else sheet.grade(answered),
        "scale": [list(pair) for pair in sheet.grading],
    }


def _wrong(parts: Mapping[str, Shown]) -> bool:
    return any("refuted" in part.tally for part in parts.values())


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


def _section(problem: Problem, parts: Mapping[str, Shown], notes: Mapping[str, str]) -> Section:
    answers = tuple(parts[p.name].answer for p in problem.parts if p.name in parts)
    open_parts = [p for p in problem.parts if p.name not in parts]
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
        "Part " + parts[0].label if len(parts) == 1 else "Parts " + listed(p.label for p in parts)
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


def _checked(sheet: Sheet, parts: Mapping[str, Shown]) -> tuple[tuple[str, ...], ...]:
    """The closing table: for each part its claims, and what the formulas in its words rest on."""
    head = ("part", "claims", "proved", "confirmed", "other", "formulas in the text", "not checked")
    found: list[tuple[str, ...]] = [head]
    answered = [s.number for s in sheet.sections for p in s.parts if p.name in parts]
    for name, part in parts.items():
        said, tally = part.report["formulas"], part.tally
        good = [tally.get(word, 0) for word in ("proved", "confirmed")]
        total = sum(tally.values())
        numbers = (total, *good, total - sum(good), len(said["said"]), said["not_checked"])
        number = name[1:-1] + " " if len(set(answered)) > 1 else ""
        found.append((number + sheet.parts[name].label, *map(str, numbers)))
    return tuple(found)


def agreed(each: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """Return what each letter of a sheet stands for, from what it does in each question.

    Raises
    ------
    BrokenDerivation : a letter that means one thing here and another there.
    """
    found: dict[str, str] = {}
    for question, own in each.items():
        for printed, meaning in own.items():
            if found.setdefault(printed, meaning) != meaning:
                used = {re.split("[_(]", letter)[0] for one in each.values() for letter in one}
                free = " ".join(letter for letter in LETTERS if letter not in used)
                raise BrokenDerivation(
                    f"{question}: {printed} is {meaning or 'not explained'}, and "
                    f"elsewhere {found[printed] or 'not explained'}",
                    "a letter means one thing on a sheet; say what in the question's `symbols`, "
                    f"or take one that nothing is called yet: {free}",
                )
    return found


# notation --------------------------------------------------------------------------------------


def _notation(parts: Mapping[str, Shown]) -> tuple[Block, ...]:
    """Name the symbols that mean the same wherever they stand."""
    found = agreed({name: part.letters for name, part in parts.items()})
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


def listed(items: Iterable[str]) -> str:
    items = list(items)
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


# the report ------------------------------------------------------------------------------------


def report(
    name: str, sheet: Sheet, parts: Mapping[str, Shown], points: Mapping[str, Any]
) -> dict[str, Any]:
    """Return everything that was checked, as plain JSON: enough to repeat each check."""
    plans: list[Any] = []
    for part in parts.values():
        if part.plan not in plans:
            plans.append(part.plan)
    return {
        "sheet": name,
        "title": sheet.title,
        "points": dict(points),
        "passed": all(part.passed for part in parts.values()),
        "plans": plans,
        "verdicts": summed(part.tally for part in parts.values()),
        "questions": [part.report for part in parts.values()],
        "unanswered": [
            {"name": part.name, "points": part.points}
            for part in sheet.parts.values()
            if part.name not in parts
        ],
    }


def summed(tallies: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add up how many claims have which verdict."""
    found: dict[str, int] = {}
    for tally in tallies:
        for word, number in tally.items():
            found[word] = found.get(word, 0) + number
    return found
