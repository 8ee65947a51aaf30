"""One script: it is imported afresh, and whatever it raises becomes one sentence."""

from __future__ import annotations

import importlib.util
import re
import sys
import traceback
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from inspect import signature
from itertools import count
from pathlib import Path
from types import CodeType, ModuleType

from symattn.derive.derivation import Derivation
from symattn.derive.question import Question
from symattn.errors import BrokenDerivation, SymattnError

_NUMBERS = count(1)


class _Fresh(SourceFileLoader):
    """Compile a script each time: compiled files miss an edit of one second and the same size."""

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the source as it is now."""
        return self.source_to_code(self.get_data(self.path), self.path)


def load(script: Path) -> ModuleType:
    """Import a script by its path, afresh and under a name of its own.

    Raises
    ------
    BrokenDerivation : the script raises; with its name, the line and the message.
    """
    name = f"_symattn_{re.sub(r'[^a-zA-Z0-9_]', '_', script.stem)}_{next(_NUMBERS)}"
    spec = importlib.util.spec_from_file_location(name, script, loader=_Fresh(name, str(script)))
    if spec is None or spec.loader is None or not script.is_file():
        raise BrokenDerivation(f"{script} is not a script that can be read")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses in a script look their module up
    try:
        guarded(script, lambda: spec.loader.exec_module(module))  # type: ignore[union-attr]
    except BaseException:
        del sys.modules[name]
        raise
    for wanted in ("QUESTION", "derive"):
        if not hasattr(module, wanted):
            raise BrokenDerivation(
                f"{script.name} defines no {wanted}",
                "a script defines QUESTION (a Question) and derive() -> Derivation",
            )
    asked = module.QUESTION
    if not isinstance(asked, Question):
        raise BrokenDerivation(f"{script.name}: QUESTION is a {type(asked).__name__}, no Question")
    if asked.name != script.stem:
        raise BrokenDerivation(
            f"{script.name}: the question is called {asked.name!r}",
            f"a script is called as its question is: {asked.name}.py",
        )
    return module


def derive(script: Path) -> Derivation:
    """Run a script and return what it derives.

    Raises
    ------
    BrokenDerivation : the script raises, or returns something else.
    """
    module = load(script)
    found = guarded(script, module.derive)
    if not isinstance(found, Derivation):
        raise BrokenDerivation(
            f"{script.name}: derive() returns a {type(found).__name__}, no Derivation"
        )
    return found


def guarded(script: Path, call: Callable[[], object]) -> object:
    """Run a script's code; whatever it raises becomes one sentence with the line at fault.

    Raises
    ------
    BrokenDerivation : naming the script, the line and what was raised.
    """
    try:
        return call()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a script may raise anything, SystemExit included
        where = _place(script, error)
        what = error.message if isinstance(error, SymattnError) else _said(error)
        hint = error.hint if isinstance(error, SymattnError) else _call_of(script, error)
        raise BrokenDerivation(f"{script.name}{where}: {what}", hint) from error


def _place(script: Path, error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.filename == str(script) and error.lineno:
        return f", line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.lineno for f in frames if f.filename == str(script)]
    return f", line {lines[-1]}" if lines else ""


def _call_of(script: Path, error: BaseException) -> str:
    """Say how what a script calls wrongly is called; '' for any other error."""
    name = (
        re.match(r"(\w+)(?:\.__init__)?\(\) ", str(error)) if isinstance(error, TypeError) else None
    )
    frames = [
        f for f, _ in traceback.walk_tb(error.__traceback__) if f.f_code.co_filename == str(script)
    ]
    if name is None or not frames or not callable(called := frames[-1].f_globals.get(name[1])):
        return ""
    parameters = [
        str(p).split(":")[0].split(" =")[0] for p in signature(called).parameters.values()
    ]
    says = (called.__doc__ or "").strip().splitlines()[:1]
    return f"it is {name[1]}({', '.join(parameters)})" + (f": {says[0]}" if says else "")


def _said(error: BaseException) -> str:
    text = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())
    text = text if len(text) <= 300 else text[:297] + "..."
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
