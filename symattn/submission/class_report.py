"""What is printed and written of markings: tables, CSV and JSON.

The JSON has `schema` (now 1), `states` (state -> how many files) and `files`, sorted by name.  A
file has

- `name`, `error` (a sentence, or null), `exit_status` as of `symattn check FILE`, and `state`:
  right, partly right, wrong, undecided, unread, in words, missing, or error;
- `summary`: one line, how many questions are right and what is to look at;
- `counts`: right, wrong, undecided, unread, not judged -> how many relations;
- `questions`: each with `question`, `state` and `counts`;
- `marks`, one for each relation in the order of the file: `line`, `question` (or null), `heading`,
  `kind` (display or inline), `latex` as it was judged, `source` as it stands, `carried` (the left
  side of a chain, or null), `about` ('unknown' or null), `verdict` (proved, confirmed, refuted,
  undecided, unread, not judged), `code`, `reason`, `read_as`, `nearest`, `assumptions`, `counterexample`
  (`instance`, `left`, `right`, `text`; or null) and `note`;
- `remarks`: each with `line` (0 for none) and `text`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from symattn.errors import visible
from symattn.submission.marks import NOT, PARTLY, RIGHT, SCHEMA, STATES, UNREAD, WRONG, Marking
from symattn.submission.summary import looks, right_of, sentence

COLUMNS = (
    "file", "question", "line", "kind", "latex", "verdict", "code", "reason", "nearest", "note",
)  # fmt: skip
COLOURS = {
    RIGHT: "green",
    WRONG: "bold red",
    PARTLY: "bold red",
    "undecided": "yellow",
    "in words": "yellow",
    UNREAD: "magenta",
    "error": "magenta",
    NOT: "dim",
}
MAX_REASON = 160
MAX_LOOKS = 2
_BACKSLASH = re.compile(r"\\\[(?![a-z#/@])")  # before a tag rich writes one itself
_BEGINS_CELL = re.compile(r"(;\s*\"?)(?=[=+\-@])")
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
            writer.writerow([safe(visible(cell, 2_000)) for cell in row])
    return text.getvalue()


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    # where a spreadsheet separates by semicolons, what follows one begins a cell as well
    cell = _BEGINS_CELL.sub(r"\1'", cell)
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
        "files": [{**marking.to_json(), "summary": sentence(marking)} for marking in markings],
    }


def to_json(markings: Sequence[Marking]) -> str:
    """Return the data as JSON; what is not finite becomes its name.

    >>> print(to_json([])[:15].split())
    ['{', '"schema":', '1']
    """
    from symattn.pages.report import plain

    return json.dumps(plain(to_data(markings)), indent=2, ensure_ascii=False, allow_nan=False)


def file_rows(marking: Marking, *, everything: bool = False) -> list[list[str]]:
    """Return the rows of the table for one file: line, question, formula, verdict, reason.

    everything : also what is not judged.  Cells hold rich's markup.
    """
    found = []
    for mark in marking.marks:
        if not mark.judged and not everything:
            continue
        finding = mark.finding
        # what is cut off is the end of the reason, never what would be right
        rest = "; ".join(filter(None, [finding.nearest, mark.note]))
        said = visible(finding.reason, max(40, MAX_REASON - len(rest)))
        reason = "; ".join(filter(None, [finding.nearest, said, mark.note]))
        found.append(
            [
                str(mark.formula.line),
                marked_up(mark.formula.question),
                marked_up(visible(mark.formula.latex or mark.formula.source, 60)),
                coloured(mark.group, finding.verdict),
                marked_up(visible(reason, MAX_REASON + 40)),
            ]
        )
    return found


def marked_up(text: str) -> str:
    r"""Return text as rich's markup; a backslash before a bracket stays.

    >>> marked_up(r"\[ is not closed") == r"\\[ is not closed"
    True
    """
    from rich.markup import escape

    return _BACKSLASH.sub(r"\\\\[", escape(text))


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
    questions = sorted({q.question for m in markings for q in m.questions})
    head = ["file", *questions, "right", "state"]
    rows = []
    for marking in markings:
        states = {q.question: q.state for q in marking.questions}
        shown = [coloured(states[q]) if q in states else "" for q in questions]
        state = coloured("error" if marking.error else marking.state)
        right = right_of(marking) if marking.questions else ""
        rows.append([marked_up(visible(marking.name, 60)), *shown, right, state])
    return head, rows


def class_lines(markings: Sequence[Marking]) -> list[str]:
    """Return a line for each file that is not all right: the first places to look at.

    >>> class_lines([Marking("a.tex", error="a.tex is empty")])
    ['a.tex: a.tex is empty']
    """
    found = []
    for marking in markings:
        places = looks(marking)
        if places:
            said = "; ".join(map(str, places[:MAX_LOOKS])) + ("; …" if places[MAX_LOOKS:] else "")
            found.append(f"{visible(marking.name, 60)}: {visible(said, 300)}")
    return found


__all__ = [
    "COLUMNS", "STATES", "cells", "class_lines", "class_rows", "coloured", "file_rows", "question_rows",
    "to_csv", "to_data", "to_json",
]  # fmt: skip
