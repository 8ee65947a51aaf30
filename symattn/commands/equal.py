"""`symattn equal`: are two expressions in LaTeX equal, and on what grounds?"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from symattn.commands.common import SCHEMA, Json, failing, print_json, say
from symattn.commands.lines import LineCommand
from symattn.errors import SymattnError

app = typer.Typer(add_completion=False, rich_markup_mode=None)
# a side may begin with a minus

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
    json: Json = False,
) -> None:
    r"""Say whether two expressions are equal: proved, confirmed, refuted, undecided or unread.

    The exit status is 0 when they are, 1 when not, 2 for what cannot be read, 3 when undecided.

    \b
    Examples:
      symattn equal '\tanh x' '\frac{e^{2x}-1}{e^{2x}+1}'
      symattn equal '\sqrt{x^2}' 'x' --positive x
      symattn equal 'S S^\top' 'S^\top S' --shape S=d,d
    """
    with failing():
        from symattn.check.equal import equal as decide

        verdict = decide(
            left,
            right,
            positive=positive or (),
            nonnegative=nonnegative or (),
            real=real or (),
            integer=integer or (),
            shapes=dict(map(_shape, shape or ())) or None,
            isolated=True,
        )
        if json:
            print_json({"schema": SCHEMA, "left": left, "right": right, **verdict.to_json()})
        else:
            say(str(verdict))
            found = verdict.counterexample
            if found is not None:
                for name, value in found.instance.items():
                    say(f"  {name} = {value}")
                say(f"  left {found.left}, right {found.right}")
            for assumption in verdict.assumptions:
                say(f"  assuming {assumption}")
    sys.exit(EXIT[verdict.verdict])


def _shape(text: str) -> tuple[str, tuple[str, str]]:
    name, found, sizes = text.partition("=")
    rows, comma, columns = sizes.partition(",")
    if not (found and comma and name.strip() and rows.strip() and columns.strip()):
        raise SymattnError(f"a shape is written S=d,s, not {text!r}", "rows, a comma, columns")
    return name.strip(), (rows.strip(), columns.strip())
