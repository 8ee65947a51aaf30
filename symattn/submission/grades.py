"""Points for a class: a rubric, what a teacher changed by hand, and the files that others import.

A rubric is a file `rubric.toml` beside the text of a sheet; what it leaves out is as here:

    [points]            # of each question; those that the sheet says
    q1c = 10

    [earns]             # which part of them a state earns; "ask" for what a person must read
    right = 1.0
    "partly right" = 0.5
    wrong = 0.0
    missing = 0.0
    undecided = "ask"
    unread = "ask"
    "in words" = "ask"
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from symattn.errors import SymattnError, visible
from symattn.submission.marks import MISSING, PARTLY, RIGHT, STATES, WRONG, Marking
from symattn.submission.summary import looks, sentence

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RUBRIC = "rubric.toml"
ASK = "ask"
DEFAULT = {RIGHT: 1.0, PARTLY: 0.5, WRONG: 0.0, MISSING: 0.0}
MAX_BYTES = 5_000_000
_ID = re.compile(r"(?<![0-9])[0-9]{4,12}(?![0-9])")
_MOODLE = re.compile(r"_(?P<id>[0-9]+)_assignsubmission_\w+\Z")
_CHANGE = re.compile(r"\s*(?P<question>\w+)\s*=\s*(?P<points>[0-9]{1,4}(?:\.[0-9]{1,4})?)\s*")


@dataclass(frozen=True)
class Rubric:
    """What a state of a question earns, out of how many points.

    >>> Rubric({"q1c": 10.0}).earned("q1c", "partly right"), Rubric({}).earned("q1c", "in words")
    (5.0, None)
    """

    points: Mapping[str, float] = field(default_factory=dict)
    earns: Mapping[str, float | None] = field(default_factory=lambda: dict(DEFAULT))

    def earned(self, question: str, state: str) -> float | None:
        """Return the points for a state; None where a person has to say."""
        part = self.earns.get(state)
        return None if part is None else part * self.points.get(question, 0.0)


@dataclass(frozen=True)
class ByHand:
    """What a teacher wrote into the table of a run before: points by hand, and a comment."""

    points: Mapping[str, float] = field(default_factory=dict)
    comment: str = ""

    @property
    def written(self) -> str:
        """The points as they stand in the table.

        >>> ByHand({"q1c": 7.5}).written
        'q1c=7.5'
        """
        return "; ".join(f"{question}={points:g}" for question, points in self.points.items())


def read_rubric(path: Path, points: Mapping[str, float]) -> Rubric:
    """Read a rubric; without the file the points are the sheet's and the parts the defaults.

    Raises
    ------
    SymattnError : it is no TOML, or says something else than a rubric does.
    """
    if not path.is_file():
        return Rubric(points)
    try:
        said = tomllib.loads(path.read_bytes()[:MAX_BYTES].decode("utf-8"))
    except (OSError, ValueError) as error:
        raise SymattnError(f"{path.name} cannot be read: {visible(str(error), 120)}") from None
    unknown = set(said) - {"points", "earns"}
    if unknown:
        raise SymattnError(
            f"{path.name} has no table {visible(min(unknown), 60)!r}", "there are points and earns"
        )
    given = {
        str(q): _share(path, q, value, 1e6) for q, value in _table(path, said, "points").items()
    }
    earns: dict[str, float | None] = dict(DEFAULT)
    for state, value in _table(path, said, "earns").items():
        if state not in STATES:
            raise SymattnError(
                f"{path.name}: no state {visible(state, 60)!r}", "there are " + ", ".join(STATES)
            )
        earns[state] = None if value == ASK else _share(path, state, value, 1.0)
    return Rubric({**points, **given}, earns)


def _table(path: Path, said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name, {})
    if not isinstance(found, dict):
        raise SymattnError(f"{path.name}: {name} is a table", f"write [{name}]")
    return found


def _share(path: Path, name: str, value: object, most: float) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= most:
        return float(value)
    raise SymattnError(f"{path.name}: {visible(name, 60)} is a number from 0 to {most:g}")


def read_changes(path: Path) -> dict[str, ByHand]:
    """Return file -> what a teacher wrote into the columns `override` and `comment`."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return {}
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    except (OSError, ValueError, csv.Error):
        return {}
    found = {}
    for row in rows:
        points: dict[str, float] = {}
        for piece in (row.get("override") or "").lstrip("'").split(";"):
            match = _CHANGE.fullmatch(piece)
            if match:
                points[match["question"]] = float(match["points"])
        change = ByHand(points, (row.get("comment") or "").removeprefix("'"))
        if points or change.comment:
            found[(row.get("file") or "").removeprefix("'")] = change
    return found


def student(name: str) -> tuple[str, str]:
    """Return a student's name and number, from the folder of a file or from its own name.

    >>> student("Anna Nowak_73211_assignsubmission_file_/hw.tex")
    ('Anna Nowak', '73211')
    >>> student("nowakanna_48213_99120_hw1.tex"), student("anna.tex")
    (('nowakanna', '48213'), ('anna', ''))
    """
    path = PurePath(name)
    said = path.parts[0] if len(path.parts) > 1 else path.stem
    moodle = _MOODLE.search(said.rstrip("_"))
    if moodle:
        return said[: moodle.start()], moodle["id"]
    number = _ID.search(said)
    if number is None:
        return said, ""
    before = said[: number.start()].strip(" _-.")
    return before or said[number.end() :].strip(" _-.") or number[0], number[0]


@dataclass(frozen=True)
class Grade:
    """One submission with its points; None where a person has to say.

    total : the points that are certain.
    open : the questions that wait for a person.
    """

    marking: Marking
    points: Mapping[str, float | None]
    change: ByHand

    @property
    def total(self) -> float:
        return math.fsum(value for value in self.points.values() if value is not None)

    @property
    def open(self) -> tuple[str, ...]:
        return tuple(question for question, value in self.points.items() if value is None)


def grade(marking: Marking, rubric: Rubric, change: ByHand | None = None) -> Grade:
    """Give the points of each question of the rubric; by hand before the rubric's."""
    change = change or ByHand()
    states = {q.question: q.state for q in marking.questions}
    points: dict[str, float | None] = {}
    for question in dict.fromkeys([*rubric.points, *states]):
        state = states.get(question, MISSING)
        points[question] = None if marking.error else rubric.earned(question, state)
        if question in change.points:
            points[question] = change.points[question]
    return Grade(marking, points, change)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def class_csv(grades: Sequence[Grade]) -> str:
    r"""Return a row for each submission: states, points, what to look at, and a teacher's columns."""
    states = sorted({q.question for g in grades for q in g.marking.questions})
    questions = list(dict.fromkeys(question for g in grades for question in g.points))
    head = ["file", "name", "id", *states, *(f"{q} points" for q in questions), "points"]
    rows = [[*head, "open", "right", "state", "to look at", "override", "comment"]]
    for one in grades:
        marking = one.marking
        found = {q.question: q.state for q in marking.questions}
        right = str(sum(state == RIGHT for state in found.values())) if found else ""
        rows.append(
            [
                marking.name, *student(marking.name), *(found.get(q, "") for q in states),
                *(_number(one.points.get(q)) for q in questions), _number(one.total),
                " ".join(one.open), right, "error" if marking.error else marking.state,
                "; ".join(map(str, looks(marking))), one.change.written, one.change.comment,
            ]
        )  # fmt: skip
    return _table_of(rows)


def moodle_csv(grades: Sequence[Grade]) -> str:
    """Return what Moodle's grade import takes; a grade is empty while a person has to say."""
    rows = [["ID number", "Full name", "Grade", "Feedback"]]
    for one in grades:
        name, number = student(one.marking.name)
        rows.append([number, name, _final(one), one.change.comment or sentence(one.marking)])
    return _table_of(rows)


def canvas_csv(grades: Sequence[Grade], title: str) -> str:
    """Return what the import of Canvas's gradebook takes."""
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]]
    for one in grades:
        name, number = student(one.marking.name)
        rows.append([name, number, "", "", "", _final(one)])
    return _table_of(rows)


def _final(one: Grade) -> str:
    return "" if one.open else _number(one.total)


def _table_of(rows: Iterable[Sequence[str]]) -> str:
    from symattn.submission.class_report import safe

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow([safe(visible(cell, 2_000)) for cell in row])
    return text.getvalue()


def gradescope(one: Grade, rubric: Rubric) -> str:
    """Return Gradescope's `results.json`: a test for each question; open ones have no score."""
    states = {q.question: q.state for q in one.marking.questions}
    said = {look.question: look.said for look in looks(one.marking)}
    tests = []
    for question, value in one.points.items():
        state = states.get(question, MISSING)
        text = visible(said.get(question, STATES[state]))
        test: dict[str, Any] = {"name": question, "output": f"{state}: {text}"}
        if value is not None:
            test |= {"score": value, "max_score": rubric.points.get(question, 0.0)}
            test["status"] = "passed" if state == RIGHT else "failed"
        tests.append(test)
    found = {"score": one.total, "output": sentence(one.marking), "tests": tests}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
