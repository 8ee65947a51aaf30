"""`symattn lab`: attention as a program, its experiments, and a layer that learns."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from symattn.commands.common import (
    Progress,
    console,
    failing,
    print_json,
    print_table,
    styled,
)
from symattn.commands.options import Command, argument, json_option, number, option


@click.command(cls=Command)
@argument("name", "[NAME]", "One experiment or task; all without it.", required=False)
@number("--seed", "Where chance begins.", "S", 0, default=0, show_default=True)
@option("--out", "Where to write the page: out/lab, or nowhere for one NAME.", "DIR", type=Path)
@json_option
def lab(name: str | None, seed: int, out: Path | None, json: bool) -> None:
    """Run attention as a program, made from the sheets, beside what the sheets derive.

    An experiment for each answer: what gradient descent finds for (c), the matrix of (d) learned from
    samples, the trained scale of (e), the coin of (f), and two heads.  Then a small layer is trained
    to look up, to copy and to average, in sequences longer than those it was trained on.  It takes
    about half a minute, and writes a page beside the sheets.

    The exit status is 1 when something differs from what is derived, or a task is not learned.

    \b
    Examples:
      symattn lab                    all, and out/lab/index.html
      symattn lab descent --seed 3   one experiment, with other random numbers
      symattn lab copy --json        one task, as data
    """
    from rich.markup import escape

    with failing():
        from symattn.pages.atomic import write_all
        from symattn.program import lab as program

        chosen = (name,) if name else ()
        with Progress(len(chosen or program.names())) as progress:
            found = program.run(chosen, seed, progress.now, progress.done)
        place = out or (None if name else Path("out/lab"))
        if place is not None:
            write_all(place, {program.PAGE: program.page(found)})
        if json:
            print_json(program.report(found))
        else:
            _print(program.report(found))
            if place is not None:
                console().print(
                    f"written: [bold]{escape(str(place / program.PAGE))}[/]", soft_wrap=True
                )
        sys.exit(0 if found.passed else 1)


def _print(report: dict[str, Any]) -> None:
    from rich.markup import escape

    rows = []
    for one in report["experiments"]:
        for at, m in enumerate(one["measures"]):
            word = styled(
                "proved" if m["agrees"] else "refuted", "agrees" if m["agrees"] else "differs"
            )
            rows.append([one["name"] if not at else "", word, escape(m["what"]),
                         f"{m['distance']:.2g}", f"{m['tolerance']:g}"])  # fmt: skip
    if rows:
        print_table("", ["experiment", "verdict", "measured", ">distance", ">allowed"], rows)
    rows = []
    for one in report["tasks"]:
        for at, layer in enumerate(one["layers"]):
            good = layer["agrees"]
            right = ", ".join(f"{share:.3f} at length {n}" for n, share in layer["right"].items())
            word = styled("proved" if good else "refuted", "reached" if good else "missed")
            name, ceiling = one["name"] if not at else "", f"{layer['ceiling']:.2f}"
            rows.append([name, word, str(layer["heads"]), right, ceiling])
    if rows:
        print_table(
            "", ["task", "verdict", ">heads", "right on held-out sequences", ">ceiling"], rows
        )
    for address, verdict in report["claims"].items():
        if verdict not in ("proved", "confirmed"):
            console().print(f"{escape(address)} is {verdict}", style="red")
