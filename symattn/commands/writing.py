"""Writing pages and tables into a folder that somebody names."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from symattn.errors import OutputError, visible

MAX_NAME = 240
"""Bytes of a file's name; with what is added a page's name stays within 255."""


def page_name(path: Path) -> str:
    """The name of a page: `anna.tex.html`, so that no two submissions share one.

    A name that would be too long for a file ends in its hash.
    """
    raw = os.fsencode(str(path))
    if path.name == str(path) and len(raw) <= MAX_NAME:
        return path.name + ".html"
    raw = os.fsencode("-".join(path.parts))
    kept = raw[: MAX_NAME - 17].decode("utf-8", "ignore")
    return f"{kept}-{sha256(raw).hexdigest()[:16]}.html"


def written(out: Path, files: Iterable[tuple[str, str]]) -> None:
    """Write files into a folder, each whole or not at all.

    Raises
    ------
    OutputError : the folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in files:
            beside = out / f".{sha256(os.fsencode(name)).hexdigest()}.new"
            try:
                beside.write_bytes(text.encode("utf-8", "replace"))
                beside.replace(out / name)
            except BaseException:  # an interrupt as well: nothing half-written is left
                beside.unlink(missing_ok=True)
                raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"{visible(str(out))} could not be written: {reason}",
            "choose a directory that you may write to with `--out DIR`",
        ) from error
