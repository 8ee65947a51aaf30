"""Writing many files into a directory: all of them, or none."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from symattn.errors import OutputError


def write_all(
    out: Path | str, files: Mapping[str, bytes], *, remove: Sequence[str] = ()
) -> list[Path]:
    """Write files into a directory at once, and return their paths.

    Everything is first written beside the directory and then moved in, file by file; a failure
    puts back what was there. Figures of the sheet that was there and are not written now are
    removed; other files are left alone.

    Parameters
    ----------
    out : the directory, made if it is not there.
    files : what to write, by relative name with slashes.
    remove : names of earlier files that are no longer true.

    Raises
    ------
    OutputError : the directory is a file, cannot be written, or a name leads out of it.
    """
    out = Path(out)
    for name in (*files, *remove):
        _inside(name)
    try:
        if out.exists() and not out.is_dir():
            raise OutputError(
                f"{out} is a file, not a directory", "choose another with `--out DIR`"
            )
        for name in files:
            if (out / name).is_dir():
                raise OutputError(f"{out / name} is a directory where a file is to be written")
        stale = [name for name in (*remove, *_old_figures(out)) if name not in files]
        made = _make(out)
        try:
            prefix = f".{out.absolute().name}-"
            with tempfile.TemporaryDirectory(prefix=prefix, dir=_beside(out)) as beside:
                _swap(out, Path(beside), files, stale)
        except BaseException:
            for directory in made:
                _remove_if_empty(directory)
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"{out} could not be written: {reason}",
            "choose a directory that you may write to with `--out DIR`",
        ) from error
    return [out / name for name in sorted(files)]


def _inside(name: str) -> None:
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise OutputError(f"the file name {name!r} does not stay inside the directory")


def _old_figures(out: Path) -> list[str]:
    """Return the figures that the sheet now in the directory shows; others are not ours."""
    try:
        sheet = (out / "answers.tex").read_text("utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return []
    shown = sorted(set(re.findall(r"^\\shown\{([\w:.-]+)\}", sheet, re.MULTILINE)))
    names = [f"figures/{name}.{kind}" for name in shown for kind in ("pdf", "svg")]
    return [name for name in names if (out / name).is_file()]


def _make(out: Path) -> list[Path]:
    """Make the directory and its parents; return those that were not there, innermost first."""
    missing = [path for path in (out, *out.parents) if not path.exists()]
    out.mkdir(parents=True, exist_ok=True)
    return missing


def _beside(out: Path) -> Path:
    """A directory on the same file system where a temporary one can stand."""
    parent = out.absolute().parent
    same = parent.stat().st_dev == out.stat().st_dev
    return parent if same and os.access(parent, os.W_OK) else out


def _swap(out: Path, temporary: Path, files: Mapping[str, bytes], stale: list[str]) -> None:
    new, old = temporary / "new", temporary / "old"
    for name, data in files.items():
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        (new / name).write_bytes(data)
    undo: list[tuple[Path, Path | None]] = []
    made: list[Path] = []
    try:
        for name in (*stale, *files):
            target, saved = out / name, old / name
            made += _make(target.parent)
            if target.exists():
                saved.parent.mkdir(parents=True, exist_ok=True)
                target.replace(saved)
                undo.append((target, saved))
            if name in files:
                if not target.exists():
                    undo.append((target, None))
                (new / name).replace(target)
    except BaseException:
        for target, backup in reversed(undo):
            if backup is None:
                target.unlink(missing_ok=True)
            else:
                backup.replace(target)
        for directory in made:
            _remove_if_empty(directory)
        raise
    _remove_if_empty(out / "figures")


def _remove_if_empty(directory: Path) -> None:
    try:
        directory.rmdir()
    except OSError:
        pass  # it holds something, or is gone: either is fine
