"""Whole submissions in LaTeX or Markdown: found, judged line by line, and reported.

>>> from symattn.submission import read_source
>>> found = read_source(r"\\section{Q1 (c)} $$ q = k_i + k_j $$", known=("q1c",))
>>> [(formula.question, formula.latex) for formula in found.formulas]
[('q1c', 'q = k_i + k_j')]
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Document": "document",
    "SubmittedFormula": "document",
    "read_document": "scan",
    "read_source": "scan",
    "Marked": "marks",
    "Marking": "marks",
    "mark_file": "marking",
    "MarkingOptions": "marking",
    "check_all": "pool",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    """Import what is asked for: nothing here is needed to judge a single line."""
    if name in _HOMES:
        return getattr(import_module(f"symattn.submission.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
