"""`symattn equal`: are two expressions in LaTeX equal, and on what grounds?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from symattn.commands.common import SCHEMA, failing, print_json, say
from symattn.commands.lines import LineCommand
from symattn.commands.options import argument, json_option, several
from symattn.errors import BudgetExceeded, SymattnError

if TYPE_CHECKING:
    from symattn.check.verdict import Verdict

SECONDS = 10.0

EXIT = {"proved": 0, "confirmed": 0, "refuted": 1, "unread": 2, "undecided": 3}

Letters = Sequence[str]


@click.command(cls=LineCommand)
@argument("left", "LATEX")
@argument("right", "LATEX")
@several("--positive", "A letter that is positive.", "x")
@several("--nonnegative", "A letter that is zero or more.", "x")
@several("--real", "A letter that is real, as all are.", "y")
@several("--integer", "A letter that is a whole number.", "n")
@several("--shape", "A matrix: its rows and columns.", "S=d,s")
@several("--vector", "A column, of length d or another.", "x[=d]")
@several("--where", "What a letter stands for.", "A=LATEX")
@several("--law", "A letter is normal: its mean and variance.", "x=N(m,v)")
@json_option
def equal(
    left: str,
    right: str,
    positive: Letters,
    nonnegative: Letters,
    real: Letters,
    integer: Letters,
    shape: Letters,
    vector: Letters,
    where: Letters,
    law: Letters,
    json: bool,
) -> None:
    """Say whether two expressions are equal: proved, confirmed, refuted, undecided or unread.

    The exit status is 0 when they are, 1 when not, 2 for what cannot be read, 3 when undecided.

    \b
    Examples:
      symattn equal '\\tanh x' '\\frac{e^{2x}-1}{e^{2x}+1}'
      symattn equal '\\sqrt{x^2}' 'x' --positive x
      symattn equal 'S S^\\top' 'S^\\top S' --shape S=d,d
      symattn equal '\\mathbb{E}[z^2]' 'm^2 + s^2' --where 'z=m + s x' --law 'x=N(0,1)'
    """
    with failing():
        options = {
            "positive": positive,
            "nonnegative": nonnegative,
            "real": real,
            "integer": integer,
            "shapes": {**dict(map(_shape, shape)), **dict(map(_vector, vector))} or None,
            "where": dict(map(_where, where)),
            "laws": dict(map(_law, law)),
        }
        word, found, lines = _bounded(left, right, options)
        if json:
            print_json({"schema": SCHEMA, "left": left, "right": right, **found})
        else:
            for line in lines:
                say(line)
    sys.exit(EXIT[word])


Outcome = tuple[str, dict[str, Any], list[str]]


def _bounded(left: str, right: str, options: dict[str, Any]) -> Outcome:
    """Compare in another process, which imports what this one does not need."""
    from symattn.check.budget import run_bounded

    try:
        return run_bounded(compared, left, right, options, seconds=SECONDS + 0.5, first=_load)
    except BudgetExceeded as error:
        from symattn.check.verdict import Verdict

        return _told(Verdict("undecided", "out-of-time", str(error)))


def _load(*_: Any) -> None:
    import symattn.check.equal  # noqa: F401 - its import is no part of the work


def compared(left: str, right: str, options: dict[str, Any]) -> Outcome:
    """Return the verdict as a word, as plain data and as lines to print."""
    from symattn.check.equal import equal as decide

    return _told(decide(left, right, seconds=SECONDS, isolated=False, **options))


def _told(verdict: Verdict) -> Outcome:
    lines = [str(verdict)]
    found = verdict.counterexample
    if found is not None:
        lines += [f"  {name} = {value}" for name, value in found.instance.items()]
        lines.append(f"  left {found.left}, right {found.right}")
    if verdict.read_as:
        lines.append(f"  read as: {verdict.read_as}")
    lines += [f"  assuming {assumption}" for assumption in verdict.assumptions]
    return verdict.verdict, {**verdict.to_json(), "read_as": verdict.read_as}, lines


def _vector(text: str) -> tuple[str, tuple[str, str]]:
    name, _, length = text.partition("=")
    return _named(name, text, "x or x=d"), (length.strip() or "d", "1")


def _where(text: str) -> tuple[str, str]:
    name, _, meaning = text.partition("=")
    return _named(name and meaning and name, text, "A=LATEX"), meaning.strip()


def _law(text: str) -> tuple[str, tuple[str, str]]:
    from symattn.check.equality.named_laws import normal_law

    name, _, law = text.partition("=")
    found = normal_law(law)
    if found is None:
        raise SymattnError(f"a law is written x=N(m,v), not {text!r}", "v is the variance")
    return _named(name, text, "x=N(m,v)"), found


def _named(name: str, text: str, form: str) -> str:
    if not name.strip():
        raise SymattnError(f"it is written {form}, not {text!r}")
    return name.strip()


def _shape(text: str) -> tuple[str, tuple[str, str]]:
    name, found, sizes = text.partition("=")
    rows, comma, columns = sizes.partition(",")
    if not (found and comma and name.strip() and rows.strip() and columns.strip()):
        raise SymattnError(f"a shape is written S=d,s, not {text!r}", "rows, a comma, columns")
    return name.strip(), (rows.strip(), columns.strip())
