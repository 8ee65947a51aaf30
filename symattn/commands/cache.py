"""`symattn cache`: where results are kept, and how to be rid of them."""

from __future__ import annotations

import os

import click

from symattn.commands.common import failing, print_json, say
from symattn.commands.options import Command, flag, json_option


@click.command(cls=Command)
@flag("--clear", "Delete everything that is kept.")
@json_option
def cache(clear: bool, json: bool) -> None:
    """Show where results are kept, or delete them.

    Results are kept by the content that they depend on, so an edit is always seen; deleting them is
    always safe.  SYMATTN_CACHE names another folder, SYMATTN_CACHE=off keeps nothing.

    \b
    Examples:
      symattn cache
      symattn cache --clear
    """
    from symattn import cache as store

    with failing():
        place = store.folder()
        found = store.entries()
        size = sum(path.lstat().st_size for path in found if os.path.lexists(path))
        deleted = store.clear() if clear else 0
        if json:
            print_json(
                {"folder": None if place is None else str(place), "entries": len(found),
                 "bytes": size, "deleted": deleted}
            )  # fmt: skip
        elif place is None:
            say("the cache is off (SYMATTN_CACHE)")
        elif clear:
            say(f"{deleted} results deleted from {place}")
        else:
            say(f"{len(found)} results, {size / 1e6:.1f} MB, in {place}")
