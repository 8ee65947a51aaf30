"""What a question shows, kept from run to run: made again only if what it was made from has changed."""

from __future__ import annotations

import io
import pickle
import re
from pathlib import Path
from typing import Any

from symattn import cache
from symattn.pages import model
from symattn.pages.model import Shown
from symattn.sheet import SheetSource

_FILE = "shown"
_SCRIPT = re.compile(r"(q\d+[a-z])(_judged)?")
_PLAIN = {("symattn.pages.model", name) for name in model.__all__} | {("symattn.spans", "Span")}


def made_from(source: SheetSource, name: str) -> list[Path]:
    """Return the files that a question is made from: its script, and what it could take from others.

    That is each file of the folder but the scripts of other questions that it does not name.
    """
    text = source.scripts[name].read_text("utf-8", errors="replace")
    named = {name, *re.findall(r"\bq\d+[a-z]\b", text)}
    found = []
    for path in sorted(p for p in source.folder.iterdir() if p.is_file() and p.suffix == ".py"):
        script = _SCRIPT.fullmatch(path.stem)
        if script is None or (script[1] in named and not script[2]):
            found.append(path)
    return found


def load(key: str) -> Shown | None:
    """Return what is kept under a key; None if nothing is, or it is not what `store` writes."""
    entry = cache.load(key)
    if entry is None:
        return None
    try:
        if not cache.unchanged(entry.summary["imports"]):
            return None
        found = _OfPlainData(io.BytesIO(entry.files[_FILE])).load()
    except (pickle.UnpicklingError, EOFError, LookupError, TypeError, ValueError, AttributeError):
        return None
    return found if isinstance(found, Shown) else None


def store(key: str, shown: Shown, folder: Path) -> bool:
    """Keep what a question shows; False where the cache is off or cannot be written."""
    imports = cache.imported([folder])
    return cache.store(key, cache.Entry({_FILE: pickle.dumps(shown, 5)}, {"imports": imports}))


class _OfPlainData(pickle.Unpickler):
    """Read back the classes of a page's data, and nothing that could run."""

    def find_class(self, module: str, name: str) -> Any:
        """Return one of those classes.

        Raises
        ------
        UnpicklingError : another was asked for.
        """
        if (module, name) not in _PLAIN:
            raise pickle.UnpicklingError(f"{module}.{name} is no class of a page")
        return super().find_class(module, name)
