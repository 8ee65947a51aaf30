"""A command that takes a stranger's line: what begins with a hyphen and is no option is the line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symattn.commands.options import Command

LONE = ("--help", "-h", "--schema", "--codes")
"""Options that print something instead of judging; beside a line they would exit as if it passed."""


class LineCommand(Command):
    """Sorts what is an option from what is a line before it is parsed."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the options first, and all else behind a `--`."""
        takes = {
            name: not getattr(option, "is_flag", False)
            for option in self.get_params(ctx)
            for name in option.opts
            if name.startswith("-")
        }
        options, lines = sorted_out(args, takes)
        for word in options:
            if lines and word in LONE:
                ctx.fail(f"{word} is given by itself; as a line it is written -- '{word}'")
        return super().parse_args(ctx, [*options, "--", *lines] if lines else options)


def sorted_out(args: Sequence[str], takes: dict[str, bool]) -> tuple[list[str], list[str]]:
    """Return the options with their values, and everything else.

    takes : option -> whether a value follows it.

    >>> sorted_out(["q1c", "-q = -x", "--where", "x=S", "--json"], {"--where": True, "--json": False})
    (['--where=x=S', '--json'], ['q1c', '-q = -x'])
    """
    options: list[str] = []
    lines: list[str] = []
    rest = iter(args)
    for word in rest:
        name, sign, _ = word.partition("=")
        if word == "--":
            lines += rest
        elif word in takes:
            value = next(rest, None) if takes[word] else None
            options.append(word if value is None else f"{word}={value}")
        elif sign and takes.get(name):
            options.append(word)
        else:
            lines.append(word)
    return options, lines
