"""`symattn equal`: are two expressions in LaTeX equal, and on what grounds?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symattn.commands.common import SCHEMA, Json, failing, print_json, say
from symattn.commands.lines import LineCommand
from symattn.errors import BudgetExceeded, SymattnError

if TYPE_CHECKING:
    from symattn.check.verdict import Verdict

app = typer.Typer(add_completion=False, rich_markup_mode=None)
SECONDS = 10.0

EXIT = {"proved": 0, "confirmed": 0, "refuted": 1, "unread": 2, "undecided": 3}

Letters = list[str] | None


@app.command(cls=LineCommand)
def equal(
    left: Annotated[str, typer.Argument(metavar="LATEX")],
    right: Annotated[str, typer.Argument(metavar="LATEX")],
    positive: Annotated[
        Letters, typer.Option("--positive", metavar="x", help="A letter that is positive.")
    ] = None,
    nonnegative: Annotated[
        Letters, typer.Option("--nonnegative", metavar="x", help="A letter that is zero or more.")
    ] = None,
    real: Annotated[
        Letters, typer.Option("--real", metavar="y", help="A letter that is real, as all are.")
    ] = None,
    integer: Annotated[
        Letters, typer.Option("--integer", metavar="n", help="A letter that is a whole number.")
    ] = None,
    shape: Annotated[
        Letters,
        typer.Option("--shape", metavar="S=d,s", help="A matrix: its rows and columns."),
    ] = None,
    vector: Annotated[
        Letters, typer.Option("--vector", metavar="x[=d]", help="A column, of length d or another.")
    ] = None,
    where: Annotated[
        Letters, typer.Option("--where", metavar="A=LATEX", help="What a letter stands for.")
    ] = None,
    law: Annotated[
        Letters,
        typer.Option(
            "--law", metavar="x=N(m,v)", help="A letter is normal: its mean and variance."
        ),
    ] = None,
    json: Json = False,
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
            "positive": positive or (),
            "nonnegative": nonnegative or (),
            "real": real or (),
            "integer": integer or (),
            "shapes": {**dict(map(_shape, shape or ())), **dict(map(_vector, vector or ()))}
            or None,
            "where": dict(map(_where, where or ())),
            "laws": dict(map(_law, law or ())),
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
