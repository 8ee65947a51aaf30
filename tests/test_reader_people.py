"""The lines of `symattn_lines.py`: read as they are meant, and printed and read again."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
from sympy import Expr, oo

from symattn.latex import languages, read
from symattn.latex.meaning import Distribution
from symattn.latex.write import latex as printed

sys.path.insert(0, str(Path(__file__).parent))
rows = importlib.import_module("symattn_lines")
TERMS, CHAINS, WORDS = rows.TERMS, rows.CHAINS, rows.WORDS


def terms_of(reading):
    """The sides of the chain; a law is its name and what stands in it."""
    found = []
    for term in reading.terms:
        found += [term.name, *term.args[1:]] if isinstance(term, Distribution) else [term]
    return tuple(found)


@pytest.mark.parametrize(("latex", "meaning"), TERMS, ids=[row[0] for row in TERMS])
def test_terms(latex, meaning):
    reading = read(latex, WORDS)
    assert reading.terms == (meaning,)
    assert reading.relations == ()
    assert reading.conditions == ()


@pytest.mark.parametrize(
    ("latex", "terms", "relations", "conditions"), CHAINS, ids=[row[0] for row in CHAINS]
)
def test_chains_with_their_conditions(latex, terms, relations, conditions):
    reading = read(latex, WORDS)
    assert terms_of(reading) == terms
    assert " ".join(reading.relations) == relations
    if conditions is not None:
        assert [(a.word, a.terms, a.relations) for a in reading.conditions] == conditions


@pytest.mark.parametrize("latex", [row[0] for row in TERMS + CHAINS])
def test_what_is_read_can_be_printed_and_read_again(latex):
    reading = read(latex, WORDS)
    for term in reading.terms:
        if not isinstance(term, Expr) or term in (oo, -oo):
            continue
        (again,) = read(printed(term), WORDS).terms
        assert again == term or (again - term).expand() == 0


def test_no_phrase_of_a_language_means_two_things():
    for language, rows in languages._TABLE.items():
        said = [phrase for row in rows.values() for phrase in row.split("|")]
        assert sorted(set(said)) == sorted(said), language
