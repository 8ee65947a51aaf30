"""Where sheets are kept, and the scripts of their questions; an assignment is read when it is asked for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from symattn.errors import UnknownName

if TYPE_CHECKING:
    from symattn.sheet_text import Sheet

ASSIGNMENT = "assignment.txt"
TEXTS = (ASSIGNMENT, "assignment.md", "assignment.tex")
DEFAULT = "attention"
VARIABLE = "SYMATTN_SHEETS"


@dataclass(frozen=True)
class SheetSource:
    """Where a sheet is kept: its folder, its text, and its scripts by the name of their part."""

    name: str
    folder: Path
    assignment: Path
    scripts: Mapping[str, Path] = field(default_factory=dict)

    @cached_property
    def sheet(self) -> Sheet:
        """The parsed text."""
        from symattn.sheet_text import read_sheet

        return read_sheet(self.assignment)


def find_sheet(name_or_path: str | Path = DEFAULT) -> SheetSource:
    """Find a sheet by its name, or by the path of its folder or of its text.

    A name is looked for where symattn keeps its sheets, and in the folders that SYMATTN_SHEETS
    names, which come first.  Scripts are programs, so the folder at hand is none of these: what is
    there is taken when its path says so, and a name that is no sheet's may be such a path.

    Raises
    ------
    UnknownName : with the names that there are.
    """
    path = Path(name_or_path)
    named = [place / path for place in _places()]
    for folder in [*named, path] if str(name_or_path) == path.name else [path]:
        if folder.is_file():
            return _source(folder.parent, folder)
        for text in TEXTS:
            if (folder / text).is_file():
                return _source(folder, folder / text)
    known = ", ".join(source.name for source in list_sheets()) or "none"
    if path.is_dir():
        raise UnknownName(
            f"the folder {str(path)!r} holds no {ASSIGNMENT}",
            f"a sheet is a folder with {ASSIGNMENT} and scripts q1a.py, ...; "
            f"`symattn new {path}` writes one",
        )
    raise UnknownName(
        f"no sheet {str(name_or_path)!r}", f"there are: {known}; or give the path of a folder"
    )


def list_sheets() -> tuple[SheetSource, ...]:
    """Return the sheets that can be found by name, sorted by name."""
    found: dict[str, SheetSource] = {}
    for place in _places():
        for text in sorted(t for name in TEXTS for t in place.glob(f"*/{name}")):
            found.setdefault(text.parent.name, _source(text.parent, text))
    return tuple(found[name] for name in sorted(found))


def _places() -> tuple[Path, ...]:
    """What SYMATTN_SHEETS names, the repository that this file is in, the installed package."""
    here = Path(__file__).resolve().parent
    chosen = [Path(place) for place in os.environ.get(VARIABLE, "").split(os.pathsep) if place]
    return (*chosen, here.parent / "derivations", here / "derivations")


def passed_over() -> tuple[Path, ...]:
    """Return the sheets in ./derivations that differ from what their names stand for."""
    taken = {source.name: source for source in list_sheets()}
    found = []
    for text in sorted(t for name in TEXTS for t in Path("derivations").glob(f"*/{name}")):
        source = taken.get(text.parent.name)
        if source is not None and _content(text.parent) != _content(source.folder):
            found.append(text.parent)
    return tuple(found)


def _content(folder: Path) -> dict[str, bytes]:
    """What a sheet is made from: its text and its Python, as bytes by their names."""
    files = [*(folder / name for name in TEXTS), *folder.glob("*.py")]
    return {path.name: path.read_bytes() for path in files if path.is_file()}


def _source(folder: Path, text: Path) -> SheetSource:
    folder = folder.resolve()
    scripts = {
        script.stem: script
        for script in sorted(folder.glob("q*.py"))
        if re.fullmatch(r"q\d+[a-z]", script.stem)
    }
    return SheetSource(folder.name, folder, folder / text.name, MappingProxyType(scripts))


# notes ------------------------------------------------------------------------------------------


def notes_of(source: SheetSource) -> dict[str, str]:
    """Return what the author says of parts without a script: the text of q2a.txt for part q2a."""
    found = {}
    for name in source.sheet.parts:
        path = source.folder / f"{name}.txt"
        if name not in source.scripts and path.is_file():
            found[name] = " ".join(path.read_text("utf-8", errors="replace").split())
    return found


# names of questions ----------------------------------------------------------------------------


def question_names(source: SheetSource) -> tuple[str, ...]:
    """Return the names of the questions that have a script, in the order of the sheet."""
    return tuple(name for name in source.sheet.parts if name in source.scripts)


def find_question(name: str, sheet: str | Path | None = None) -> tuple[SheetSource, Path]:
    """Find a question by its name, or by `SHEET/QUESTION`: its sheet and its script.

    Without a sheet, all sheets are searched that are found by name, the default one first.

    Raises
    ------
    UnknownName : with those that exist, and the nearest of them.
    """
    folder, _, name = name.rpartition("/") if sheet is None else ("", "", name)
    sources = []
    for source in [find_sheet(sheet)] if sheet is not None else _all_sheets():
        if folder not in ("", source.name):
            continue
        if name in source.scripts and name in source.sheet.parts:
            return source, source.scripts[name]
        sources.append(source)
    if not sources:
        raise unknown("sheet", folder, [source.name for source in list_sheets()])
    for source in sources:
        if name in source.sheet.parts:
            raise UnknownName(
                f"question {name} is on the sheet {source.name!r} but has no script",
                f"write {source.folder / (name + '.py')}",
            )
    known = sorted({name for source in sources for name in question_names(source)})
    raise unknown("question", name, known)


def _all_sheets() -> Iterator[SheetSource]:
    first = find_sheet()
    yield first
    yield from (s for s in list_sheets() if s.folder != first.folder)


def unknown(what: str, name: str, known: Iterable[str]) -> UnknownName:
    """Return the error for a name that does not exist, with the nearest one that does.

    >>> print(unknown("question", "qic", ["q1b", "q1c"]))
    no question 'qic'; did you mean q1c? There are q1b, q1c
    """
    from difflib import get_close_matches

    known = list(known)
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    listed = f"there are {', '.join(known)}" if known else "there is none"
    hint = f"did you mean {near[0]}? T{listed[1:]}" if near else listed
    return UnknownName(f"no {what} {name!r}", hint)
