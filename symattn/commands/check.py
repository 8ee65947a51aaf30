"""`symattn check`: judge an answer, a file or a folder of files that somebody else wrote."""

from __future__ import annotations

import json as text_json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from symattn.commands.common import failing, print_json, say
from symattn.commands.lines import LineCommand
from symattn.commands.options import (
    argument,
    flag,
    json_option,
    number,
    option,
    several,
    sheet_option,
)
from symattn.errors import BudgetExceeded, SymattnError

SCHEMA_FILE = "verdict.schema.json"

SECONDS = 5.0
MEMORY = 1 << 30


def _show_schema(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.resources import files

        click.echo((files("symattn.check") / SCHEMA_FILE).read_text("utf-8"), nl=False)
        context.exit()


def _show_codes(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from symattn.check.codes import CODES

        for code, text in CODES.items():
            click.echo(f"{code:32s} {text}")
        context.exit()


@click.command(cls=LineCommand)
@argument("target", "QUESTION|FILE|DIR", "A name such as q1c, or a path.")
@argument("lines", "[LATEX|FILE...]", "The line, or more files.", nargs=-1)
@several("--where", "What a letter of the line stands for.", "A=S")
@several("mapped --map", "Which question a heading of a file is.", "HEADING=q1c")
@number("--jobs", "Processes, for a folder.", "N", 1)
@option("--out", "Write annotated copies, for files.", "DIR", type=Path)
@option("--feedback", "Write a page for each student, for files.", "DIR", type=Path)
@flag("answers --with-answers", "Let these pages say what would be right.")
@flag("--csv", "Print CSV, for files.")
@option("--sarif", "Write SARIF, for files.", "FILE", type=Path)
@flag("everything --all", "List what is not judged too, for files.")
@flag("--document", "Judge a file link by link, as a document of its own.")
@flag("--watch", "Judge a file again whenever it changes.")
@sheet_option
@json_option
@flag(
    "--schema",
    "Print the JSON's schema.",
    callback=_show_schema,
    is_eager=True,
    expose_value=False,
)
@flag(
    "--codes",
    "Print what each code means.",
    callback=_show_codes,
    is_eager=True,
    expose_value=False,
)
def check(
    target: str,
    lines: Sequence[str],
    where: Sequence[str],
    mapped: Sequence[str],
    jobs: int | None,
    out: Path | None,
    feedback: Path | None,
    answers: bool,
    csv: bool,
    sarif: Path | None,
    everything: bool,
    document: bool,
    watch: bool,
    sheet: str | None,
    json: bool,
) -> None:
    """Judge an answer in LaTeX: right with the reason, or wrong with a counterexample.

    It is put into the question's specification and never compared with another answer.  The left
    side says which quantity is meant; `symattn show QUESTION` lists those that are judged.  The
    exit status is 0 right, 1 wrong, 2 unread or bad input, 3 undecided.

    A file that no heading ties to a question of the sheet, or any file with --document, is read as
    a document: every link of its chains is judged under what the text says of its letters, and the
    exit status is 1 where a link does not follow.

    \b
    Examples:
      symattn check q1c 'q = \\gamma (k_i + k_j)'
      symattn check q1d 'M = 2 A (A^T A)^{-1} A^T' --where A=S
      symattn check anna.tex --out marked
      symattn check submissions --jobs 2 --csv
      symattn check --watch anna.tex
      symattn check paper.tex --document --out judged
    """
    with failing():
        from symattn.commands.submissions import (
            Wanted,
            check_several,
            check_submission,
            is_submission,
            watched,
        )

        latex = lines[0] if lines else None
        files = [name for name in (target, *(lines)) if is_submission(name)]
        several = len(files) > 1 and len(files) == 1 + len(lines)
        if lines and lines[1:] and not several:
            raise SymattnError(
                "one line is judged at a time", "a line with blanks is written in quotes"
            )
        if document:
            from symattn.commands.documents import check_document

            if latex is not None or watch or mapped or where or csv or sheet or jobs:
                raise SymattnError("--document takes a file, --json, --out, --sarif and --all only")
            sys.exit(check_document(target, json=json, out=out, sarif=sarif, everything=everything))
        if answers and feedback is None:
            raise SymattnError("--with-answers is said of --feedback DIR", "name a folder with it")
        if several or (latex is None and is_submission(target)):
            wanted = Wanted(
                sheet,
                mapped,
                where,
                json,
                csv,
                out,
                jobs,
                everything,
                sarif,
                feedback,
                answers,
            )
            if watch:
                sys.exit(watched(files, wanted))
            sys.exit(check_several(files, wanted) if several else check_submission(target, wanted))
        if watch:
            raise SymattnError("--watch takes a file", "symattn check --watch anna.tex")
        if latex is not None and latex.startswith("--") and is_submission(target):
            raise SymattnError(f"there is no option {latex}", "symattn check --help lists them")
        if latex is None:
            raise SymattnError(
                f"what shall be judged for {target}?", f"symattn check {target} 'q = ...'"
            )
        status, found = _bounded(target, latex, dict(map(_pair, where)), sheet)
        if json:
            print_json(found)
        else:
            _print(found)
    sys.exit(status)


def _bounded(
    question: str, latex: str, where: dict[str, str], sheet: str | None
) -> tuple[int, dict[str, Any]]:
    """Judge in another process, which is killed when it uses too much time or memory."""
    from symattn.check.budget import run_bounded
    from symattn.judge.job import judged, load

    try:
        return run_bounded(
            judged,
            question,
            latex,
            where,
            sheet,
            SECONDS - 0.5,
            seconds=SECONDS,
            memory=MEMORY,
            first=load,
        )
    except BudgetExceeded as error:
        from symattn.judge.judge import out_of_budget

        return 3, out_of_budget(question, latex, error.message).to_json()


def _pair(text: str) -> tuple[str, str]:
    name, found, meaning = text.partition("=")
    if not (found and name.strip() and meaning.strip()):
        raise SymattnError(f"a letter is explained as A=S, not {text!r}")
    return name.strip(), meaning.strip()


def _print(found: dict[str, Any]) -> None:
    say(f"{found['verdict']} ({found['code']}): {found['reason'].replace('$', '')}")
    if found.get("caret"):
        say(found["caret"])
    links = found.get("links") or []
    if len(links) > 1:
        for link in links:
            say(f"  {link['verdict']:10s} {link['latex']}")
    if found.get("read_as"):
        say(f"  read as {found['read_as']}")
    if found.get("nearest"):
        say(f"  {found['nearest'].replace('$', '')}")
    if found.get("passed"):
        for assumption in found.get("assumptions", ()):
            say(f"  assuming {assumption.replace('$', '')}")
    counter = found.get("counterexample")
    if counter and not counter.get("text"):
        say(f"  {text_json.dumps(counter['instance'])}")
