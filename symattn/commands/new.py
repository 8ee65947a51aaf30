"""`symattn new`: a sheet, or a question of one, that runs at once."""

from __future__ import annotations

import re
from pathlib import Path

import click

from symattn.commands.common import console, failing
from symattn.commands.options import Command, argument
from symattn.errors import OutputError

SHEET = """\
Title: {title}
Author: Your Name
Course: Your Course

Grading

- 3 points - 3
- 5 points - 5

Q 1. Softmax

The weights of $n$ logits are $\\alpha_i = e^{{z_i}} / \\sum_l e^{{z_l}}$.

- (a) (5 points) What is the ratio of two weights?
"""

SCRIPT = '''\
"""Question {spoken}: the ratio of two weights."""

from symattn.vocabulary import *

# What is given, and what the letters stand for: alpha is the softmax of any logits z.
QUESTION = Question(
    name="{name}",
    given=Given((Distinct((i, j)),)),
    names=OF_LOGITS,
    specification=Specification(None, words("the ratio {{r}}", r=alpha(i) / alpha(j))),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    # What is claimed, why it follows, and the form in which it is wanted.
    D.follows("ratio", alpha(i) / alpha(j), "the denominators cancel", exp(z(i) - z(j)))
    D.answers(
        """
        Only the difference of the two logits counts:
            [ratio]
        """
    )
    return D


# Lines that somebody may write, each with the verdict that it must get.
TESTS = (
    AuthorTest(r"\\frac{{\\alpha_i}}{{\\alpha_j}} = e^{{z_i - z_j}}", "proved"),
    AuthorTest(r"\\frac{{\\alpha_i}}{{\\alpha_j}} = e^{{z_i + z_j}}", "refuted"),
)

if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
'''


@click.command(cls=Command)
@argument("where", "FOLDER[/QUESTION]", "A new folder, or q1b in one.", type=Path)
def new(where: Path) -> None:
    """Lay out a sheet that runs at once, or one more question of a sheet.

    FOLDER gets assignment.txt and q1a.py, FOLDER/q1b the script q1b.py and, where the assignment
    has none, its part (b).  Nothing that is there is written over.  docs/authoring.md goes on.

    \b
    Examples:
      symattn new my/sheet
      symattn new my/sheet/q1b
    """
    with failing():
        for path in write_question(where) if _named(where) else write_sheet(where):
            console().print(str(path), markup=False, highlight=False)


def _named(where: Path) -> re.Match[str] | None:
    return re.fullmatch(r"q(\d+)([a-z])(?:\.py)?", where.name)


def write_sheet(folder: Path) -> list[Path]:
    """Write a sheet of one question; return the files.

    Raises
    ------
    OutputError : there is a sheet already, or the folder cannot be written.
    """
    from symattn.sheet import ASSIGNMENT, TEXTS

    if any((folder / name).exists() for name in (*TEXTS, "q1a.py")):
        raise OutputError(f"{folder} holds a sheet already", f"one question: {folder}/q1b")
    title = folder.resolve().name.replace("_", " ").replace("-", " ").capitalize()
    return _write({
        folder / ASSIGNMENT: SHEET.format(title=title),
        folder / "q1a.py": SCRIPT.format(name="q1a", spoken="1 (a)"),
    })  # fmt: skip


def write_question(where: Path) -> list[Path]:
    """Write a script, and the part of the assignment that it answers where there is none.

    Raises
    ------
    SymattnError : there is no sheet, no place for the question, or it has a script.
    """
    from symattn.sheet import find_sheet

    found = _named(where)
    assert found
    number, letter = found.groups()
    name = f"q{number}{letter}"
    source = find_sheet(where.parent if where.parent.name else Path("./"))
    script = source.folder / f"{name}.py"
    if script.exists():
        raise OutputError(f"{script} is there already")
    files = {script: SCRIPT.format(name=name, spoken=f"{number} ({letter})")}
    if name not in source.sheet.parts:
        text = source.assignment.read_text("utf-8").rstrip() + "\n"
        numbers = {str(section.number) for section in source.sheet.sections}
        if number not in numbers:
            text += f"\nQ {number}. Another question\n"
        text += f"\n- ({letter}) (5 points) What is the ratio of two weights?\n"
        files[source.assignment] = text
        _fits(text, name)
    return _write(files)


def _fits(text: str, name: str) -> None:
    """Refuse a part that the assignment has no place for."""
    from symattn.sheet_text import SheetError, parse_sheet

    try:
        parsed = parse_sheet(text)
    except SheetError as error:
        raise SheetError(
            f"the assignment has no place for {name} at its end: {error.message}",
            "write the part into the assignment, then the script",
        ) from None
    if name not in parsed.parts:
        raise SheetError(f"the assignment has no place for {name} at its end")


def _write(files: dict[Path, str]) -> list[Path]:
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    except OSError as error:
        raise OutputError(f"{error.filename} cannot be written: {error.strerror}") from error
    return list(files)
