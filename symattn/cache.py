"""A cache by content: what was made is found again only if all that it was made from is the same.

An entry is a file whose name is the hash of everything that went in: the sheet, the scripts,
symattn's own sources, the versions of the libraries, the options.  An entry holds its own checksum;
one that is torn or tampered with, or of another form, is as good as none, and so is a folder that is
another's or that others may write.  Deleting the folder is always safe.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from symattn.errors import OutputError

VARIABLE = "SYMATTN_CACHE"
OFF = ("", "0", "off", "no", "none")
MAGIC = b"symattn-cache-1\n"
KEPT = 200
"""How many entries stay; the ones used longest ago go first."""

LIBRARIES = (
    "sympy",
    "mpmath",
    "numpy",
    "scipy",
    "python-flint",
    "latex2sympy2",
    "antlr4-python3-runtime",
    "jinja2",
    "markupsafe",
    "latex2mathml",
)
_SOURCES = (".py", ".j2", ".json")
LARGE = 1 << 20


@dataclass(frozen=True)
class Entry:
    """What was made: files by relative name, and a summary that is plain JSON."""

    files: Mapping[str, bytes]
    summary: Mapping[str, Any] = field(default_factory=dict)


def folder() -> Path | None:
    """Return where entries are kept, or None when SYMATTN_CACHE turns the cache off."""
    chosen = os.environ.get(VARIABLE)
    try:
        return _folder(chosen)
    except RuntimeError:  # nobody knows a home
        return None


def _folder(chosen: str | None) -> Path | None:
    if chosen is not None:
        return None if chosen.strip().lower() in OFF else Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    if base and Path(base).is_absolute():
        return Path(base) / "symattn"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "symattn"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home()) / "symattn" / "Cache"
    return Path.home() / ".cache" / "symattn"


def key(places: Iterable[Path], options: Mapping[str, Any], own: str = "") -> str:
    """Return the hash of some files, of symattn's own sources, and of the options.

    Parameters
    ----------
    places : files, and folders of which each file counts but no subfolder.
    options : plain JSON; all that changes what is made.
    own : what `own_sources` returned, where several keys are asked for.
    """
    found = sha256(MAGIC + (own or own_sources()).encode())
    for place in places:
        folder = place.is_dir()
        _add(found, *(_files(place) if folder else (str(place.parent), [place.name])))
    found.update(json.dumps({"options": dict(options)}, sort_keys=True).encode())
    return found.hexdigest()


def own_sources() -> str:
    """Return the hash of symattn's own sources, and of the versions of all that they import."""
    found = sha256()
    _add(found, *_sources(Path(__file__).resolve().parent))
    found.update(json.dumps({"versions": versions(), "python": sys.version}).encode())
    return found.hexdigest()


def _add(found: Any, place: str, names: Iterable[str]) -> None:
    """Add files of one folder, by their names relative to it.  Plain text: they are hundreds."""
    for name in names:
        found.update(sha256(os.fsencode(name)).digest())
        found.update(fingerprint(f"{place}{os.sep}{name}").encode())
    found.update(b"\0")


def hash_of(files: Mapping[str, bytes], *more: str) -> str:
    """Return the hash of files and words.

    >>> hash_of({"a": b"1"}, "x") == hash_of({"a": b"1"}, "y")
    False
    """
    found = sha256(MAGIC)
    for name in sorted(files):
        found.update(sha256(name.encode()).digest())
        found.update(sha256(files[name]).digest())
    for word in more:
        found.update(sha256(word.encode()).digest())
    return found.hexdigest()


def fingerprint(path: str | Path) -> str:
    """Return the hash of a file; of a large one its size and time stand for its content."""
    try:
        facts = os.stat(path)  # noqa: PTH116
        if not stat.S_ISREG(facts.st_mode):
            return ""
        if facts.st_size > LARGE:
            return sha256(f"{facts.st_size} {facts.st_mtime_ns}".encode()).hexdigest()
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            return sha256(file.read()).hexdigest()
    except OSError:
        return ""


def imported(folders: Iterable[Path]) -> dict[str, str]:
    """Return path -> fingerprint of each module now imported that no other part of a key covers.

    That is: what is neither symattn's, nor in one of the folders, nor an installed library.
    """
    own = Path(__file__).resolve().parent
    covered = {p.resolve() for p in folders}
    libraries = (p for p in sys.path if Path(p).name in ("site-packages", "dist-packages"))
    above = {own, *(Path(p).resolve() for p in (sys.prefix, sys.base_prefix, *libraries))}

    @cache  # of some thousand modules, hundreds share a folder
    def place(folder: Path) -> Path | None:
        folder = folder.resolve()
        return None if folder in covered or above & {folder, *folder.parents} else folder

    found = {}
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if not file:
            continue
        path = Path(file)
        folder = place(path.parent)
        if folder is not None:
            whole = str(folder / path.name)
            found[whole] = fingerprint(whole)
    return dict(sorted(found.items()))


def unchanged(files: Mapping[str, str]) -> bool:
    """Tell whether the files still have those fingerprints."""
    return all(fingerprint(path) == value for path, value in files.items())


def _files(place: Path) -> tuple[str, list[str]]:
    """A folder, and the names of its files, hidden ones left out."""
    names = sorted(p.name for p in place.iterdir() if p.is_file() and not p.name.startswith("."))
    return str(place), names


def _sources(place: Path) -> tuple[str, list[str]]:
    """A folder, and all sources below it, in one order everywhere."""
    found: list[str] = []
    for base, folders, names in os.walk(place):
        folders[:] = [f for f in folders if not f.startswith((".", "__"))]
        inside = base[len(str(place)) + 1 :].replace(os.sep, "/")
        found += [
            f"{inside}/{n}".lstrip("/") for n in names if n.endswith(_SOURCES) and n[0] != "."
        ]
    return str(place), sorted(found)


def versions() -> dict[str, str]:
    """Return the versions of the libraries, from the names of the folders that hold their metadata.

    None of them is imported.  As for an import, what stands first on the path is taken.

    >>> versions()["numpy"] != "none"
    True
    """
    found: dict[str, str] = {}
    for place in sys.path:
        try:
            names = sorted(os.listdir(place or "."))  # noqa: PTH208 - names are wanted
        except OSError:  # an archive, or nothing
            continue
        here = {}
        for held in names:
            stem, _, kind = held.rpartition(".")
            if kind in ("dist-info", "egg-info"):
                name, _, version = stem.partition("-")
                here[name.lower().replace("_", "-").replace(".", "-")] = version
        found = {**here, **found}
    return {name: found.get(name, "none") for name in LIBRARIES}


def load(name: str) -> Entry | None:
    """Return the entry of that hash; None if there is none, or if it is damaged."""
    place = folder()
    if place is None:
        return None
    path = place / name
    try:
        if not _is_ours(place) or not stat.S_ISREG(path.lstat().st_mode):
            return None
        raw = path.read_bytes()
        entry = _unpack(raw)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    if entry is not None:
        try:
            os.utime(path)
        except OSError:
            pass  # it may be kept where we cannot write; it is still an entry
    return entry


def store(name: str, entry: Entry) -> bool:
    """Keep an entry; False when the cache is off or cannot be written, which is no error."""
    place = folder()
    if place is None:
        return False
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _is_ours(place):
            return False
        import tempfile

        handle, temporary = tempfile.mkstemp(dir=place, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_pack(entry))
            Path(temporary).replace(place / name)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _prune(place)
    except OSError:
        return False
    return True


def _is_ours(place: Path) -> bool:
    """Tell whether nobody else can have put anything into the folder."""
    if not hasattr(os, "geteuid"):
        return True
    facts = place.stat()
    return facts.st_uid == os.geteuid() and not facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _pack(entry: Entry) -> bytes:
    names = sorted(entry.files)
    head = {"files": [[n, len(entry.files[n])] for n in names], "summary": dict(entry.summary)}
    line = json.dumps(head, sort_keys=True).encode()
    body = b"".join([line, b"\n", *(entry.files[n] for n in names)])
    return MAGIC + sha256(body).hexdigest().encode() + b"\n" + body


def _unpack(raw: bytes) -> Entry | None:
    start = len(MAGIC)
    if raw[:start] != MAGIC or raw[start + 64 : start + 65] != b"\n":
        return None
    body = raw[start + 65 :]
    if sha256(body).hexdigest().encode() != raw[start : start + 64]:
        return None
    line, _, rest = body.partition(b"\n")
    head = json.loads(line)
    files, at = {}, 0
    for name, size in head["files"]:
        if not isinstance(size, int) or size < 0 or not _stays(name):
            return None
        files[name] = rest[at : at + size]
        at += size
    summary = head["summary"]
    return Entry(files, summary) if at == len(rest) and isinstance(summary, dict) else None


def _stays(name: str) -> bool:
    """Tell whether a relative name leads nowhere else.

    >>> _stays("figures/a.svg"), _stays("../a.svg"), _stays("a/./b"), _stays("c:a")
    (True, False, False, False)
    """
    parts = name.split("/")
    return not any(p in ("", ".", "..") for p in parts) and not set(name) & set("\\:\0")


def entries() -> list[Path]:
    """Return the files of the cache, sorted.

    Raises
    ------
    OutputError : the folder cannot be read.
    """
    place = folder()
    try:
        if place is None or not place.is_dir():
            return []
        return sorted(p for p in place.iterdir() if _is_entry(p))
    except OSError as error:
        raise OutputError(f"{error.filename} cannot be read: {error.strerror}") from error


def _is_entry(path: Path) -> bool:
    name = path.name
    return name.startswith(".new-") or (len(name) == 64 and set(name) <= set("0123456789abcdef"))


def _prune(place: Path) -> None:
    found = [(p.stat().st_mtime_ns, p) for p in place.iterdir() if len(p.name) == 64]
    for _, path in sorted(found)[:-KEPT]:
        path.unlink(missing_ok=True)


def clear() -> int:
    """Delete every entry, and the folder if nothing else is in it; return how many there were.

    Raises
    ------
    OutputError : an entry cannot be deleted.
    """
    found = entries()
    place = folder()
    try:
        for path in found:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{error.filename} cannot be deleted: {error.strerror}") from error
    if place is not None and place.is_dir():
        try:
            place.rmdir()
        except OSError:
            pass  # something else is kept there
    return len(found)
