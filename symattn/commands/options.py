"""How a command is declared: what explains its arguments, and the options that several share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from symattn.commands.common import note
from symattn.errors import visible

Declaration = Callable[[Any], Any]


class Argument(click.Argument):
    """An argument that the help explains."""

    def __init__(self, *names: Any, about: str = "", **facts: Any) -> None:
        super().__init__(*names, **facts)
        self.about = about

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Return its name, and what is said of it."""
        known = self.default if isinstance(self.default, str) else ""  # and not a mark of click's
        more = "[required]" if self.required else f"[default: {known}]" if known else ""
        return self.make_metavar(ctx), f"{self.about}  {more}".strip()

    def make_metavar(self, *_: Any) -> str:
        """Return the name as it was given: brackets in it say what may be left out."""
        return self.metavar or ""


class Command(click.Command):
    """A command whose help lists its arguments before its options."""

    def format_arguments(self, *_: Any) -> None:
        """Leave the section that some versions of click write to `format_options`."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write both sections."""
        for title, kind in (("Arguments", click.Argument), ("Options", click.Option)):
            found = [p.get_help_record(ctx) for p in self.get_params(ctx) if isinstance(p, kind)]
            if found:
                with formatter.section(title):
                    formatter.write_dl([record for record in found if record])


def argument(name: str, metavar: str, about: str = "", **facts: Any) -> Declaration:
    """Declare an argument; the help says that it is required, or its default."""
    return click.argument(name, cls=Argument, metavar=metavar, about=about, **facts)


def option(name: str, about: str, metavar: str | None = None, **facts: Any) -> Declaration:
    """Declare an option: `--name` or, where the parameter is called otherwise, `parameter --name`."""
    return click.option(*name.split(), metavar=metavar, help=about, **facts)


def several(name: str, about: str, metavar: str) -> Declaration:
    """Declare an option that may be given again and again."""
    return option(name, about, metavar, multiple=True)


def flag(name: str, about: str, **facts: Any) -> Declaration:
    """Declare an option that takes no value."""
    return option(name, about, is_flag=True, **facts)


def number(
    name: str, about: str, metavar: str, least: int, most: int | None = None, **facts: Any
) -> Declaration:
    """Declare an option that takes a whole number within bounds."""
    return option(name, about, metavar, type=click.IntRange(least, most), **facts)


def remind(_: click.Context, __: click.Parameter, sheet: str | None) -> str | None:
    """Say so when the folder at hand holds a sheet that is not the one that is taken."""
    from symattn.sheet import DEFAULT, passed_over

    if sheet in (None, DEFAULT):
        try:
            found = passed_over()
        except OSError:
            found = ()
        for folder in found:
            note(
                f"./{visible(str(folder))} differs from the sheet that symattn keeps, and is not run;"
                f" ./{visible(str(folder))} as SHEET takes it, or SYMATTN_SHEETS=derivations"
            )
    return sheet


json_option = flag("--json", "Print JSON instead of text.")
question_argument = argument("question", "QUESTION", "A name such as q1c.")
sheet_option = option(
    "--sheet", "Look on this sheet only: a name or a folder.", "SHEET", callback=remind
)
