"""Writing many files into a directory: all of them, or none.

The new directory is made beside the old one, what is not ours in it linked in, and the two change
places in one step; who looks, or is killed, at whatever moment finds the old or the new.  Where the
system has no such step the old one is moved away and the new one in, and a run that finds none in
place puts the old one back.  A directory that cannot change places (it is a mount, someone stands
in it, its parent may not be written, it holds very much that is not ours) is written file by file;
a failure puts back what was there, and only a kill may leave some of each.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath

from symattn.errors import OutputError

MOST = 1_000
"""How many files that are not ours a directory may hold and still change places with another."""


def write_all(
    out: Path | str, files: Mapping[str, bytes], *, remove: Sequence[str] = ()
) -> list[Path]:
    """Write files into a directory at once, and return their paths.

    A failure leaves what was there.  Figures of the sheet that was there and are not written now
    are removed; other files are left alone.

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
        _clear(out)
        for name in files:
            if (out / name).is_dir():
                raise OutputError(f"{out / name} is a directory where a file is to be written")
        stale = [name for name in (*remove, *_old_figures(out)) if name not in files]
        made = _make(out)
        try:
            place = _beside(out)
            with tempfile.TemporaryDirectory(prefix=_prefix(out), dir=place) as beside:
                carried = None if place == out else _carried(out, {*files, *stale})
                if carried is None:
                    _swap(out, Path(beside), files, stale)
                else:
                    _exchange(out, Path(beside), files, carried)
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
    parent = _real(out).parent
    same = parent.stat().st_dev == out.stat().st_dev
    return parent if same and os.access(parent, os.W_OK) else out


def _real(out: Path) -> Path:
    return Path(os.path.realpath(out))


def _prefix(out: Path) -> str:
    name = sha256(os.fsencode(_real(out).name)).hexdigest()[:16]
    return f".symattn-{name}-{os.getpid()}-"


def _clear(out: Path) -> None:
    """Remove what a killed run left beside the directory; put the old one back if none is there."""
    for place in {_real(out).parent, _real(out)}:
        for left in sorted(place.glob(_prefix(out).rsplit("-", 2)[0] + "-*")):
            if _runs(left.name.split("-")[2]):
                continue  # another run is at work
            if not out.exists() and (left / "old").is_dir():
                (left / "old").rename(_real(out))
            shutil.rmtree(left, ignore_errors=True)


def _runs(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except PermissionError:
        return True
    except (OSError, ValueError, OverflowError):
        return False
    return int(number) != os.getpid()


def _carried(out: Path, ours: set[str]) -> list[Path] | None:
    """Return what stands in a directory and is not ours, innermost last; None if it must stay."""
    if _real(out) in (Path.cwd(), *Path.cwd().parents) or os.path.ismount(out):
        return None
    found: list[Path] = []
    for base, folders, names in os.walk(out):
        links = [f for f in folders if Path(base, f).is_symlink()]
        folders[:] = sorted(f for f in folders if f not in links)
        inside = Path(base).relative_to(out)
        found += [inside / f for f in folders]
        found += [inside / n for n in (*links, *names) if (inside / n).as_posix() not in ours]
        if len(found) > MOST:
            return None
    return found


def _exchange(
    out: Path, temporary: Path, files: Mapping[str, bytes], carried: Sequence[Path]
) -> None:
    """Make the new directory, and let it and the old one change places."""
    new, old = temporary / "new", temporary / "old"
    new.mkdir()
    for path in carried:
        if (out / path).is_dir() and not (out / path).is_symlink():
            (new / path).mkdir(exist_ok=True)
        elif (out / path).is_symlink():
            (new / path).symlink_to((out / path).readlink())
        else:
            try:
                os.link(out / path, new / path)
            except OSError:  # a file system without links
                shutil.copy2(out / path, new / path)
    for name, data in files.items():
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        (new / name).write_bytes(data)
    _remove_if_empty(new / "figures")
    new.chmod(out.stat().st_mode & 0o7777)
    if not _renamed_at_once(new, _real(out)):
        _real(out).rename(old)
        try:
            new.rename(_real(out))
        except BaseException:
            old.rename(_real(out))
            raise


def _renamed_at_once(one: Path, other: Path) -> bool:
    """Let two directories change places in one step; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    try:
        rename = ctypes.CDLL(None).renameat2
    except AttributeError:
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0


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
