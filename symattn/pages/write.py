"""Writing many files into a directory: all of them, or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from ..errors import OutputError


def write_all(
    out: Path | str, files: Mapping[str, bytes], *, remove: Iterable[str] = ()
) -> list[Path]:
    """Write files into a directory at once, and return their paths.

    Everything is first written beside the directory and then moved in, file by file; a failure
    puts back what was there. Figures of an earlier run that are not written now are removed; other
    files are left alone.

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
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file, not a directory", "choose another with `--out DIR`")
    for name in files:
        _inside(name)
        if (out / name).is_dir():
            raise OutputError(f"{out / name} is a directory where a file is to be written")
    stale = [name for name in (*remove, *_old_figures(out)) if name not in files]
    for name in stale:
        _inside(name)
    try:
        made = _make(out)
        try:
            with tempfile.TemporaryDirectory(prefix=f".{out.absolute().name}-", dir=_beside(out)) as name:
                _swap(out, Path(name), files, stale)
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
    drawn = (out / "figures").glob("*.*")
    return sorted(f"figures/{path.name}" for path in drawn if path.suffix in (".svg", ".pdf"))


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
                os.replace(target, saved)
                undo.append((target, saved))
            if name in files:
                if not target.exists():
                    undo.append((target, None))
                os.replace(new / name, target)
    except BaseException:
        for target, backup in reversed(undo):
            if backup is None:
                target.unlink(missing_ok=True)
            else:
                os.replace(backup, target)
        for directory in made:
            _remove_if_empty(directory)
        raise
    _remove_if_empty(out / "figures")


def _remove_if_empty(directory: Path) -> None:
    try:
        directory.rmdir()
    except OSError:
        pass  # it holds something, or is gone: either is fine
