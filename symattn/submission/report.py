"""What is printed and written of markings: tables, CSV and JSON.

The JSON has `schema` (now 1), `states` (state -> how many files) and `files`, sorted by name.  A
file has

- `name`, `error` (a sentence, or null), `exit_status` as of `symattn check FILE`, and `state`:
  right, wrong, mixed, undecided, unread, missing, or error;
- `counts`: right, wrong, undecided, unread, not judged -> how many relations;
- `questions`: each with `question`, `state` and `counts`;
- `marks`, one for each relation in the order of the file: `line`, `question` (or null), `heading`,
  `kind` (display or inline), `latex` as it was judged, `source` as it stands, `carried` (the left
  side of a chain, or null), `about` ('unknown' or null), `verdict` (proved, confirmed, refuted,
  undecided, unread, not judged), `code`, `reason`, `nearest`, `assumptions`, `counterexample`
  (`instance`, `left`, `right`, `text`; or null) and `note`;
- `remarks`: each with `line` (0 for none) and `text`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from symattn.submission.marking import MIXED, NOT, RIGHT, SCHEMA, STATES, UNREAD, WRONG, Marking
from symattn.submission.source import visible

COLUMNS = (
    "file", "question", "line", "kind", "latex", "verdict", "code", "reason", "nearest", "note",
)  # fmt: skip
COLOURS = {
    RIGHT: "green",
    WRONG: "bold red",
    MIXED: "bold red",
    "undecided": "yellow",
    UNREAD: "magenta",
    "error": "magenta",
    NOT: "dim",
}
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cells(marking: Marking) -> Iterator[tuple[str, ...]]:
    """Yield a row for each relation; one for the whole file where it could not be judged."""
    if marking.error:
        yield (marking.name, "", "", "", "", "error", "bad-input", marking.error, "", "")
        return
    for mark in marking.marks:
        formula, finding = mark.formula, mark.finding
        yield (
            marking.name, formula.question, str(formula.line), formula.kind,
            formula.latex or formula.source, finding.verdict, finding.code, finding.reason,
            finding.nearest, mark.note,
        )  # fmt: skip


def to_csv(markings: Iterable[Marking]) -> str:
    r"""Return the table as CSV, with a head.

    A cell that a spreadsheet would take for a formula begins with an apostrophe, for what stands
    in it was written by strangers.

    >>> print(to_csv([Marking("a.tex", error="a.tex is empty")]).splitlines()[1])
    a.tex,,,,,error,bad-input,a.tex is empty,,
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for marking in markings:
        for row in cells(marking):
            writer.writerow([_safe(visible(cell, 2_000)) for cell in row])
    return text.getvalue()


def _safe(cell: str) -> str:
    return "'" + cell if cell.startswith(_BEGINS_FORMULA) else cell


def to_data(markings: Sequence[Marking]) -> dict[str, Any]:
    """Return plain data: the schema's number, how many files have which state, and the files."""
    states: dict[str, int] = {}
    for marking in markings:
        state = "error" if marking.error else marking.state
        states[state] = states.get(state, 0) + 1
    return {
        "schema": SCHEMA,
        "states": dict(sorted(states.items())),
        "files": [marking.to_json() for marking in markings],
    }


def to_json(markings: Sequence[Marking]) -> str:
    """Return the data as JSON; what is not finite becomes its name.

    >>> print(to_json([])[:15].split())
    ['{', '"schema":', '1']
    """
    return json.dumps(_plain(to_data(markings)), indent=2, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    from symattn.pages.report import _plain as plain

    return plain(value)


def file_rows(marking: Marking, *, everything: bool = False) -> list[list[str]]:
    """Return the rows of the table for one file: line, question, formula, verdict, reason.

    everything : also what is not judged.  Cells hold rich's markup.
    """
    from rich.markup import escape

    found = []
    for mark in marking.marks:
        if not mark.judged and not everything:
            continue
        finding = mark.finding
        reason = "; ".join(filter(None, [finding.reason, finding.nearest, mark.note]))
        found.append(
            [
                str(mark.formula.line),
                escape(mark.formula.question),
                escape(visible(mark.formula.latex or mark.formula.source, 60)),
                coloured(mark.group, finding.verdict),
                escape(visible(reason, 160)),
            ]
        )
    return found


def coloured(group: str, text: str = "") -> str:
    """Return a word in the colour of its group, in rich's markup."""
    colour = COLOURS.get(group, "")
    return f"[{colour}]{text or group}[/]" if colour else text or group


def question_rows(marking: Marking) -> list[list[str]]:
    """Return the rows of the closing table: question, state, counts."""
    rows = []
    for summary in marking.questions:
        counts = summary.counts
        rows.append(
            [
                summary.question,
                coloured(summary.state),
                *(str(counts[key]) if counts[key] else "" for key in counts),
            ]
        )
    return rows


def class_rows(markings: Sequence[Marking]) -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of the table of a class: a file a row, a question a column."""
    from rich.markup import escape

    questions = sorted({q.question for m in markings for q in m.questions})
    head = ["file", *questions, "state"]
    rows = []
    for marking in markings:
        states = {q.question: q.state for q in marking.questions}
        if marking.error:
            last = f"{coloured('error')} {escape(visible(marking.error, 100))}"
        else:
            last = coloured(marking.state)
        shown = [coloured(states[q]) if q in states else "" for q in questions]
        rows.append([escape(visible(marking.name, 60)), *shown, last])
    return head, rows


__all__ = [
    "COLUMNS", "STATES", "cells", "class_rows", "coloured", "file_rows", "question_rows", "to_csv",
    "to_data", "to_json",
]  # fmt: skip
