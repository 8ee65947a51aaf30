"""The only home of latex2sympy2: its import, its state, and one call that cannot misread."""

from __future__ import annotations

import string
import sys
import warnings
from collections.abc import Iterator
from functools import lru_cache
from threading import RLock
from types import ModuleType
from typing import Any

from sympy import Expr, Symbol

_LOCK = RLock()
LETTERS = (
    *sorted(set(string.ascii_lowercase) - set("dei")),
    *sorted(set(string.ascii_uppercase) - set("EIT")),
)


@lru_cache(maxsize=1)
def _library() -> ModuleType:
    """Import latex2sympy2; its antlr4 needs `typing.io`, which Python 3.13 no longer has."""
    stand_in = sys.version_info >= (3, 13) and "typing.io" not in sys.modules
    if stand_in:
        import typing

        module = ModuleType("typing.io")
        vars(module).update(TextIO=typing.TextIO, BinaryIO=typing.BinaryIO)
        sys.modules["typing.io"] = module
    try:
        with warnings.catch_warnings():
            # Both libraries hold old string escapes, and `typing.io` warns where it still is.
            warnings.simplefilter("ignore")
            import latex2sympy2
    finally:
        if stand_in:
            del sys.modules["typing.io"]
    return latex2sympy2


@lru_cache(maxsize=20_000)
def parse_letters(text: str) -> Any:
    """Read a text of plain letters with latex2sympy2, or return None.

    The text is an expression by construction, so the parser starts at that rule of its grammar:
    relations, which latex2sympy2 solves or forgets the left side of, cannot come up.  SLL is the
    quick way of its parser generator; where that fails the full way has the last word.
    latex2sympy2 keeps what it learned from the text before, and is told to forget it.  It raises
    bare `Exception`, so nothing narrower can be caught here.
    """
    with _LOCK:
        library = _library()
        from antlr4 import CommonTokenStream, InputStream, Token
        from antlr4.atn.PredictionMode import PredictionMode

        for mode in (PredictionMode.SLL, PredictionMode.LL):
            library.set_variances({})
            library.set_real(None)
            listener = library.MathErrorListener(text)
            lexer = library.PSLexer(InputStream(text))
            tokens = CommonTokenStream(lexer)
            parser = library.PSParser(tokens)
            parser._interp.predictionMode = mode
            for part in (lexer, parser):
                part.removeErrorListeners()
                part.addErrorListener(listener)
            try:
                tree = parser.expr()
                if tokens.LA(1) == Token.EOF:
                    return library.convert_expr(tree)
            except Exception:  # noqa: BLE001, S112
                continue
    return None


def letters_of(raw: Expr) -> Iterator[str]:
    """Walk the letters of an expression in the order of its arguments."""
    if isinstance(raw, Symbol):
        yield raw.name
    for arg in raw.args:
        yield from letters_of(arg)
