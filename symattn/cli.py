"""The command line.  Each group of commands is imported when one of its commands is used.

To add a command, write it in `symattn/commands/GROUP.py` and name it in `COMMANDS`.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import Any

import click

# command -> (module, what `symattn --help` says of it), in the order of the help
COMMANDS: dict[str, tuple[str, str]] = {
    "sheet": ("symattn.commands.sheet", "Write the answer sheet: LaTeX, PDF, web page, report."),
    "new": ("symattn.commands.new", "Lay out a sheet, or a question of it, that runs at once."),
    "list": ("symattn.commands.questions", "List the sheets and their questions."),
    "show": ("symattn.commands.questions", "Show what a question gives, asks and judges."),
    "derive": ("symattn.commands.questions", "Print the steps of a derivation."),
    "verify": ("symattn.commands.questions", "Prove, measure and read back every claim."),
    "check": ("symattn.commands.check", "Judge an answer, a file or a folder of files."),
    "serve": ("symattn.commands.serve", "Open a local page to paste a formula or drop a file."),
    "equal": ("symattn.commands.equal", "Say whether two expressions are equal."),
    "lsp": (
        "symattn.commands.lsp",
        "A language server: an editor underlines what does not follow.",
    ),
    "selftest": ("symattn.commands.selftest", "Test the checker with mutants of every claim."),
    "code": ("symattn.commands.code", "Write a formula of a sheet as NumPy, PyTorch or JAX code."),
    "lab": ("symattn.commands.lab", "Run attention as a program, beside what is derived."),
    "cache": ("symattn.commands.cache", "Show or delete the results that are kept."),
}


class Lazy(click.Group):
    """A group that knows its commands by name, and imports one when it is used."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        found = vars(import_module(COMMANDS[cmd_name][0])).values()
        return next(c for c in found if isinstance(c, click.Command) and c.name == cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command; a name that does not exist is answered with the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            ctx.fail(f"No command {args[0]!r}. {hint}There are {', '.join(COMMANDS)}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from symattn import __version__

        click.echo(f"symattn {__version__}")
        context.exit()


@click.group(
    "symattn",
    cls=Lazy,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    callback=_version,
    is_eager=True,
    expose_value=False,
    help="Print the version.",
)
def app() -> None:
    """Derive, confirm and judge answers about attention, in symbols and in numbers.

    \b
    Start with:
      symattn sheet           write the answer sheet into ./out
      symattn show q1c        what question 1 (c) gives and asks
      symattn derive q1c      its derivation, step by step
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and end the program."""
    # What is imported stays: walking it again for every few thousand new objects finds nothing.
    gc.set_threshold(1_000_000, 20, 20)
    # Threads of the linear algebra only wait for each other on matrices as small as ours.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A sheet asks SymPy the same again after more than the thousand answers that it keeps.
    os.environ.setdefault("SYMPY_CACHE_SIZE", "20000")
    _streams()
    status: Any = 0
    try:
        app(args=args, prog_name="symattn")
    except SystemExit as ended:
        status = ended.code
    except OSError as error:  # the help could not be written
        status = error
    try:
        if isinstance(status, OSError):
            raise status
        sys.stdout.flush()
    except OSError as error:
        from symattn.commands.common import GONE, NO_OUTPUT, stdout_failed

        if not stdout_failed(error):
            raise
        status = GONE if isinstance(error, BrokenPipeError) else NO_OUTPUT
    sys.exit(status)


def _streams() -> None:
    """Open what the caller closed, so that no file of ours takes its number; replace odd letters."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # formulas hold Greek letters, arguments any byte
            stream.reconfigure(errors="backslashreplace" if stream is sys.stderr else "replace")
