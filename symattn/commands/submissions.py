"""The forms of `symattn check` that take a file or a directory."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from symattn.commands.common import Progress, complain, note, print_table, say, say_json
from symattn.commands.writing import page_name, written
from symattn.errors import SymattnError, UnknownName, visible
from symattn.submission.source import OTHERS, SUFFIXES

if TYPE_CHECKING:
    from symattn.submission.grades import Grade, Rubric
    from symattn.submission.marking import MarkingOptions
    from symattn.submission.marks import Marking

NAMES = (*SUFFIXES, *OTHERS)
STDIN = "-"
NOT_HERE = "none"
"""What `--map` says of a heading whose question is not on the sheet."""
MOODLE, CANVAS, RESULTS = "moodle.csv", "canvas.csv", "results.json"
INDEX, STUDENTS, TABLE, DATA = "index.html", "class.csv", "marks.csv", "marks.json"
WATCH_SECONDS = 0.5
_WORST_FIRST = (1, 2, 3, 0)


def is_submission(target: str) -> bool:
    """Tell whether an argument names a file or a directory, and not a question.

    >>> is_submission("anna.tex"), is_submission("q1c")
    (True, False)
    """
    if target == STDIN or target.lower().endswith(NAMES) or "/" in target or os.sep in target:
        return True
    try:
        return Path(target).exists()
    except (OSError, ValueError):
        return False


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    sheet: str | None = None
    mapped: Sequence[str] = ()
    where: Sequence[str] = ()
    json: bool = False
    csv: bool = False
    out: Path | None = None
    jobs: int | None = None
    everything: bool = False
    sarif: Path | None = None
    feedback: Path | None = None
    answers: bool = False

    @property
    def is_of_a_sheet(self) -> bool:
        """Whether something is said that only the answers to a sheet have."""
        return bool(self.sheet or self.mapped or self.where or self.csv)


def check_submission(target: str, wanted: Wanted) -> int:
    """Judge a file, or each .tex file of a directory; print and write what is asked for.

    Returns the exit status: 0 all judged right, 1 some wrong, 2 unread or bad input, 3 undecided.

    Raises
    ------
    SymattnError : nothing can be judged: no such file, no .tex file, an unknown question.
    """
    from symattn.submission.marking import mark_file

    options = _options(wanted)
    if target == STDIN:
        return _standard_input(options, wanted)
    path = Path(target)
    if path.is_dir():
        return _directory(path, options, wanted)
    if not path.exists():
        raise SymattnError(
            f"there is no file {visible(target)}",
            "a question is judged by `symattn check q1c '...'`",
        )
    marking = mark_file(path, options)
    if marking.error:
        raise SymattnError(marking.error)
    if not (marking.questions or wanted.is_of_a_sheet):
        from symattn.commands.documents import NOTE, check_document

        note(NOTE)
        status = check_document(
            target,
            json=wanted.json,
            out=wanted.out,
            sarif=wanted.sarif,
            everything=wanted.everything,
        )
        # no question was answered, and 0 would say that one is
        return status or 3
    _write(wanted, [marking], [path])
    _write_feedback(wanted, Path(path.name), marking)
    if not _print_data([marking], wanted):
        _print_file(marking, wanted)
    return marking.exit_status


def _standard_input(options: MarkingOptions, wanted: Wanted) -> int:
    """Judge what comes in; it is Markdown unless it has an environment or a section of LaTeX."""
    from symattn.submission.marking import mark_file
    from symattn.submission.source import MAX_BYTES

    raw = sys.stdin.buffer.read(MAX_BYTES)
    kind = ".tex" if re.search(rb"\\(?:begin|(?:sub)*section\\*?)\s?\{", raw) else ".md"
    with TemporaryDirectory() as folder:
        path = Path(folder, f"input{kind}")
        path.write_bytes(raw)
        marking = mark_file(path, options, "standard input")
    if marking.error:
        raise SymattnError(marking.error)
    _write(wanted, [marking], [Path(f"input{kind}")])
    _write_feedback(wanted, Path(f"input{kind}"), marking)
    if not _print_data([marking], wanted):
        _print_file(marking, wanted)
    return marking.exit_status


def _options(wanted: Wanted) -> MarkingOptions:
    from symattn.submission.judging import SheetJudge
    from symattn.submission.marking import MarkingOptions

    where = []
    for text in wanted.where:
        name, sign, meaning = text.partition("=")
        if not sign or not name.strip() or not meaning.strip():
            raise SymattnError(f"--where {text!r} says nothing", "write --where 'A=S'")
        where.append((name.strip(), meaning.strip()))
    judge = SheetJudge(wanted.sheet, tuple(where))
    known = judge.questions()
    mapped = []
    for text in wanted.mapped:
        heading, sign, question = (part.strip() for part in text.rpartition("="))
        if not sign or not question:
            raise SymattnError(f"--map {text!r} says nothing", "write --map 'Third task=q1c'")
        if question not in (*known, NOT_HERE):
            near = get_close_matches(question, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}? There are " if near else "there are "
            raise UnknownName(f"no question {question!r}", hint + ", ".join(known))
        mapped.append((heading or "*", question))
    return MarkingOptions(judge, tuple(mapped), page=wanted.out is not None)


# a directory -----------------------------------------------------------------------------------


def _directory(folder: Path, options: MarkingOptions, wanted: Wanted) -> int:
    from symattn.submission.pool import called, left_out, submissions

    status = _class(submissions(folder), folder, replace(options, links=False), wanted)
    for path, reason in left_out(folder):
        note(f"{visible(called(path, folder))} is left out: {reason}")
    return status


def check_several(targets: Sequence[str], wanted: Wanted) -> int:
    """Judge files, and those of directories, as one class; one that cannot be read stops no other.

    Returns the exit status, the worst of theirs.

    Raises
    ------
    SymattnError : `-` among them, a directory without an answer, an unknown question.
    """
    from symattn.submission.pool import submissions

    if STDIN in targets:
        raise SymattnError("standard input is judged by itself", "symattn check - < anna.tex")
    options = _options(wanted)
    paths: list[Path] = []
    for target in targets:
        path = Path(os.path.abspath(target))  # noqa: PTH100 - a link keeps its name
        paths += submissions(path) if path.is_dir() else [path]
    paths = list(dict.fromkeys(paths))
    return _class(paths, Path(os.path.commonpath([p.parent for p in paths])), options, wanted)


def watched(targets: Sequence[str], wanted: Wanted) -> int:
    """Judge files again whenever one of them changes, until an interrupt; return the last status."""
    status, before = 0, None
    try:
        while True:
            now = [_stamp(target) for target in targets]
            if now != before:
                before = now
                try:
                    judge = check_several if len(targets) > 1 else _first
                    status = judge(targets, wanted)
                except SymattnError as error:  # it is being written: the next time it may be right
                    complain(error.message, error.hint)
                    status = error.exit_status
                say(f"exit status {status}; judged again when it changes, until Ctrl+C")
            time.sleep(WATCH_SECONDS)
    except KeyboardInterrupt:
        return status


def _first(targets: Sequence[str], wanted: Wanted) -> int:
    return check_submission(targets[0], wanted)


def _stamp(target: str) -> tuple[tuple[str, int, int], ...]:
    """What changes when a file, or one of a directory, does."""
    from symattn.submission.pool import submissions

    path, found = Path(target), []
    try:
        for one in submissions(path) if path.is_dir() else [path]:
            facts = one.stat()
            found.append((str(one), facts.st_mtime_ns, facts.st_size))
    except (OSError, ValueError, SymattnError):
        pass  # it is judged, and that says what is wrong
    return tuple(found)


def _class(paths: list[Path], root: Path, options: MarkingOptions, wanted: Wanted) -> int:
    from symattn.submission.pool import called, check_all

    pages = {path: Path(called(path, root)) for path in paths}
    markings: list[Marking] = []
    with Progress(len(paths)) as progress:
        progress.now(f"{len(paths)} submissions")
        # sorted as they are marked: by what they are called
        paths = sorted(paths, key=lambda path: (str(pages[path]), path))
        for path, marking in zip(paths, check_all(paths, options, jobs=wanted.jobs, root=root)):
            # a page is written at once, so that a large class takes no more memory
            _write_page(wanted.out, pages[path], marking)
            _write_feedback(wanted, pages[path], marking)
            markings.append(replace(marking, page=""))
            progress.done()
            progress.now(visible(path.name, 28))
    _write(wanted, markings, [pages[path] for path in paths])
    if not _print_data(markings, wanted):
        _print_class(markings, wanted)
    found = {m.exit_status for m in markings}
    return next(status for status in _WORST_FIRST if status in found)


# printing --------------------------------------------------------------------------------------


def _print_data(markings: Sequence[Marking], wanted: Wanted) -> bool:
    """Print JSON or CSV if that is asked for."""
    from symattn.submission import class_report

    if wanted.json:
        say_json(class_report.to_json(markings))
    elif wanted.csv:
        click.echo(class_report.to_csv(markings), nl=False)
    return wanted.json or wanted.csv


def _print_file(marking: Marking, wanted: Wanted) -> None:
    from symattn.submission import class_report
    from symattn.submission.summary import sentence

    rows = class_report.file_rows(marking, everything=wanted.everything)
    if rows:
        print_table(
            visible(marking.name, 100), [">line", "question", "formula", "verdict", "reason"], rows
        )
    counts = [f">{key}" for key in marking.counts()]
    if marking.questions:
        click.echo(sentence(marking))
        print_table("", ["question", "state", *counts], class_report.question_rows(marking))
    else:
        note("no heading names a question; --map 'HEADING=q1c' says which one is meant")
    left = marking.counts()["not judged"]
    if left and not wanted.everything:
        are = "relation is" if left == 1 else "relations are"
        note(f"{left} {are} not judged; --all shows {'it' if left == 1 else 'them'} and why")
    for remark in marking.remarks:
        place = f"line {remark.line}: " if remark.line else ""
        note(f"{place}{visible(remark.text)}")
    if wanted.out is not None:
        say(f"the annotated copy is in {wanted.out}")


def _print_class(markings: Sequence[Marking], wanted: Wanted) -> None:
    from symattn.submission import class_report

    head, rows = class_report.class_rows(markings)
    print_table("", head, rows)
    for line in class_report.class_lines(markings):
        click.echo(line)
    states = class_report.to_data(markings)["states"]
    said = ", ".join(f"{count} {state}" for state, count in states.items())
    click.echo(f"{len(markings)} submissions: {said}")
    if wanted.out is not None:
        say(f"{INDEX}, {STUDENTS}, {TABLE}, {MOODLE}, {CANVAS} and {DATA} are in {wanted.out}")


# writing ---------------------------------------------------------------------------------------


def _write_page(out: Path | None, path: Path, marking: Marking) -> None:
    if out is None or not marking.page:
        return
    written(out, [(page_name(path), marking.page)])


def _write_feedback(wanted: Wanted, path: Path, marking: Marking) -> None:
    if wanted.feedback is not None:
        from symattn.submission.page import render_feedback

        page = render_feedback(marking, answers=wanted.answers)
        written(wanted.feedback, [(page_name(path), page)])


def _write(wanted: Wanted, markings: Sequence[Marking], paths: Sequence[Path]) -> None:
    """Write the index and the data, and the pages that are not written yet."""
    if wanted.sarif is not None:
        from symattn.submission.sarif import to_sarif

        written(wanted.sarif.parent, [(wanted.sarif.name, to_sarif(markings))])
    out = wanted.out
    if out is None:
        return
    from urllib.parse import quote

    from symattn.submission import class_report
    from symattn.submission.grades import canvas_csv, class_csv, gradescope, moodle_csv
    from symattn.submission.page import render_index

    for path, marking in zip(paths, markings):
        _write_page(out, path, marking)
    links = [
        (m, "" if m.error else quote(os.fsencode(page_name(p)))) for m, p in zip(markings, paths)
    ]
    rubric, grades = _graded(out, markings, wanted)
    files = [
        (STUDENTS, class_csv(grades)),
        (MOODLE, moodle_csv(grades)),
        (CANVAS, canvas_csv(grades, wanted.sheet or "symattn")),
        (TABLE, class_report.to_csv(markings)),
        (DATA, class_report.to_json(markings) + "\n"),
    ]
    if len(grades) == 1:
        files.append((RESULTS, gradescope(grades[0], rubric)))
    written(out, [(INDEX, render_index(links)), *files])


def _graded(out: Path, markings: Sequence[Marking], wanted: Wanted) -> tuple[Rubric, list[Grade]]:
    """The points by the rubric beside the sheet, with what a teacher wrote into the last table."""
    from symattn.sheet import DEFAULT, find_sheet
    from symattn.submission.grades import RUBRIC, grade, read_changes, read_rubric

    source = find_sheet(wanted.sheet or DEFAULT)
    parts = source.sheet.parts
    rubric = read_rubric(source.folder / RUBRIC, {q: parts[q].points for q in source.scripts})
    changes = read_changes(out / STUDENTS)
    return rubric, [grade(m, rubric, changes.get(m.name)) for m in markings]
