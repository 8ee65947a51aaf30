"""What the commands share: options, consoles, tables, and how an error ends the program."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from errno import EBADF, EFBIG, EIO, ENOSPC, EPIPE
from typing import TYPE_CHECKING, Any

import click

from symattn.errors import SymattnError, visible

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = 1
"""The version of what `--json` prints; it changes when a field changes its meaning or goes."""

INTERNAL = 70
NO_OUTPUT = 74
GONE = 141
"""Exit statuses: a defect of ours, stdout that cannot be written, a reader that has gone."""
# Control characters that JSON does not escape by itself, and halves of characters.
_UNPRINTED = re.compile("[\x7f-\x9f\ud800-\udfff]")
_COLOURED = re.compile(r"\[([a-z ]+)\]([^][]*)\[/\]")
COLOURS = {
    "proved": "green",
    "confirmed": "cyan",
    "refuted": "bold red",
    "undecided": "yellow",
    "unread": "magenta",
}


@contextmanager
def failing() -> Iterator[None]:
    """End the program with one clear message when the body fails, and never with a traceback.

    SYMATTN_DEBUG=1 shows the traceback of what symattn did not expect.
    """
    try:
        yield
    except SymattnError as error:
        complain(error.message, error.hint)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        complain("interrupted")
        sys.exit(130)
    except Exception as error:
        if isinstance(error, OSError) and stdout_failed(error):
            sys.exit(GONE if isinstance(error, BrokenPipeError) else NO_OUTPUT)
        if os.environ.get("SYMATTN_DEBUG"):
            raise
        said = " ".join(str(error).split())[:300]
        complain(
            f"symattn failed: {type(error).__name__}: {said}",
            "that is a defect of symattn; SYMATTN_DEBUG=1 shows where",
        )
        sys.exit(INTERNAL)


def stdout_failed(error: OSError) -> bool:
    """Tell whether stdout cannot be written, say so, and let Python not complain again at its end.

    >>> stdout_failed(OSError(0, "of a file"))
    False
    """
    if error.filename is not None or error.errno not in (EPIPE, ENOSPC, EIO, EBADF, EFBIG):
        return False
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError:
        pass
    if error.errno != EPIPE:
        complain(f"the output could not be written: {error.strerror}")
    return True


def complain(message: str, hint: str = "") -> None:
    """Print an error on stderr: what is wrong, and below it what to do."""
    note(message)
    if hint:
        say(f"  {hint}", err=True)


def note(text: str) -> None:
    """Print a remark on stderr."""
    say(f"symattn: {text}", err=True)


def say(text: str, *, err: bool = False) -> None:
    """Print lines, of which some may be a stranger's: nothing in them steers the terminal."""
    click.echo("\n".join(visible(line, len(line)) for line in text.split("\n")), err=err)


def print_json(value: Mapping[str, Any]) -> None:
    """Print plain data as JSON with its schema number."""
    say_json(json.dumps({"schema": SCHEMA, **value}, indent=2, ensure_ascii=False))


def say_json(text: str) -> None:
    """Print JSON, with what would steer the terminal or is no character escaped."""
    click.echo(_UNPRINTED.sub(lambda found: f"\\u{ord(found.group()):04x}", text))


def console() -> Console:
    """A console on stdout; wide enough for a table when it is not a terminal."""
    from rich.console import Console

    class Ending(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError(
                EPIPE, os.strerror(EPIPE)
            )  # rich would exit as a refuted line does

    return Ending(width=None if sys.stdout.isatty() else _width(), highlight=False, emoji=False)


def _width() -> int:
    if sys.stdout.isatty():
        import shutil

        return shutil.get_terminal_size().columns
    said = os.environ.get("COLUMNS", "")
    return max(100, int(said) if said.isdecimal() else 0)


def styled(verdict: str, text: str = "") -> str:
    """Return a verdict in its colour, in rich's markup."""
    colour = COLOURS.get(verdict, "")
    return f"[{colour}]{text or verdict}[/]" if colour else text or verdict


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; columns whose name begins with `>` are aligned to the right.

    Cells may hold rich's markup; what comes from a script must be escaped.
    """
    lines = None if title else _laid_out(columns, rows)
    if lines is not None:
        click.echo("\n".join(lines))
        return
    from rich import box
    from rich.table import Table

    table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for column in columns:
        right = column.startswith(">")
        table.add_column(column.removeprefix(">"), justify="right" if right else "left")
    for row in rows:
        table.add_row(*row)
    console().print(table)


def _laid_out(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str] | None:
    """Lay a table out as rich does; None where a cell is more than words in one colour, or too wide.

    The import of rich takes longer than all else that a sheet which has not changed needs.
    """
    table = [[f"[bold]{name.removeprefix('>')}[/]" for name in columns], *rows]
    bare = [[_COLOURED.sub(r"\2", cell) for cell in row] for row in table]
    widths = [max(map(len, column)) for column in zip(*bare)]
    total = sum(widths) + 3 * len(widths) - 1
    words = "".join(map("".join, bare))
    if (
        total > _width()
        or not (words.isascii() and words.isprintable())
        or set(words) & set("[]\\")
    ):
        return None
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in ("dumb", "unknown")
    lines = []
    for cells, unstyled in zip(table, bare):
        shown = unstyled if plain else [_COLOURED.sub(_in_colour, cell) for cell in cells]
        blanks = [" " * (width - len(cell)) for width, cell in zip(widths, unstyled)]
        sides = zip(columns, blanks, shown)
        padded = [b + s if name[0] == ">" else s + b for name, b, s in sides]
        lines.append(f" {'   '.join(padded)} ")
    blank = " " * total
    return [blank, lines[0], f" {'─' * (total - 2)} ", *lines[1:], blank]


def _in_colour(found: re.Match[str]) -> str:
    *bold, colour = found[1].split()
    if colour == "bold":
        return click.style(found[2], bold=True)
    return click.style(found[2], fg=colour, bold=bool(bold) or None)


class Progress:
    """A bar on stderr when that is a terminal, and silence otherwise."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
            from rich.progress import Progress as Bar

            self.bar = Bar(
                TextColumn("{task.description:<28}"),
                BarColumn(),
                MofNCompleteColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self.bar.start()
            self.task = self.bar.add_task("", total=self.total)
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def now(self, what: str) -> None:
        """Say what is being done."""
        if self.bar is not None:
            self.bar.update(self.task, description=what)

    def done(self) -> None:
        """Count one thing as done."""
        if self.bar is not None:
            self.bar.advance(self.task)
