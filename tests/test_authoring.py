"""A script that tries: no wrong claim of an author is accepted, and each right twin is.

The rows of `symattn_authoring` are put where a script's answer begins; each claim that they make
is decided as the run of a sheet decides it.
"""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from symattn.claims import (
    Equivalent,
    Identity,
    Inequality,
    IntegralTends,
    Leading,
    MaximalOnSimplex,
    Minimal,
    Solution,
    Squeezed,
    Tends,
)
from symattn.derive.derivation import Derivation
from symattn.derive.roles import ROLES
from symattn.errors import SymattnError
from symattn.run import check_steps, examine_claim
from symattn.sheet import find_sheet

sys.path.insert(0, str(Path(__file__).parent))
rows = importlib.import_module("symattn_authoring")
ACCEPTED = {"proved", "confirmed"}
RESTS = set(ROLES) - {"unchecked"}
"""What a formula in a sentence may rest on."""
STATED = (
    Equivalent, Identity, Inequality, IntegralTends, Leading, MaximalOnSimplex, Minimal, Solution,
    Squeezed, Tends,
)  # fmt: skip


@dataclass(frozen=True)
class Script:
    """A script that was run up to its answer: its derivation, and its letters."""

    derivation: Derivation
    letters: dict[str, Any]

    def copy(self) -> Derivation:
        """Return the derivation with lists of its own."""
        made = copy(self.derivation)
        for name, value in vars(made).items():
            if isinstance(value, list):
                setattr(made, name, list(value))
        return made


@cache
def script(question: str) -> Script:
    """Run a script up to its answer, once."""
    sheet, _, name = question.rpartition("/")
    path = find_sheet(*[sheet] if sheet else []).scripts[name]
    head, answer = path.read_text().split("\n    D.answers(", 1)
    _, rest = answer.split("\n    return D\n", 1)
    space: dict[str, Any] = {"__name__": question}
    code = f"{head}\n    return D, locals()\n{rest}"
    exec(compile(code, str(path), "exec"), space)
    derivation, found = space["derive"]()
    return Script(derivation, {**space, **found})


@cache
def made(question: str, code: str) -> tuple[tuple[str, ...], tuple[type, ...]]:
    """Return what becomes of a row, and the kinds of its claims.

    The verdicts of its claims, and the roles of its formulas: one that rests on nothing is
    `unchecked`.  A refusal is said in words.  What else a row raises is a fault of the row.
    """
    at = script(question)
    D = at.copy()
    claims, steps, formulas = len(D.claims), len(D.steps), len(D.formulas())
    try:
        setup = rows.ELSEWHERE if "/" in question else rows.SETUP
        exec(setup + rows.LETTERS.get(question, "") + code, {**at.letters, "D": D})
        own, D.steps = D.claims[claims:], D.steps[steps:]
        check_steps(D)
        verdicts = [str(examine_claim(claim).verdict) for claim in own]
    except SymattnError as error:
        return (f"refused: {error}",), ()
    roles = [formula.role for formula in D.formulas()[formulas:]]
    return (*verdicts, *roles), tuple(map(type, own))


def decided(question: str, code: str) -> tuple[str, ...]:
    return made(question, code)[0]


def accepted(question: str, code: str) -> bool:
    found = decided(question, code)
    assert found, f"{code} says nothing"
    return all(one in ACCEPTED | RESTS for one in found)


QUESTIONS = sorted({row.question for row in rows.CLAIMS})


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_wrong_claim_is_accepted_and_each_right_twin_is(question):
    mine = [row for row in rows.CLAIMS if row.question == question]
    assert [(r.kind, r.wrong) for r in mine if accepted(question, r.wrong)] == []
    refused = [r for r in mine if not accepted(question, r.right)]
    assert [(r.kind, r.right, decided(question, r.right)) for r in refused] == []


def test_the_rows_are_of_all_kinds():
    count = Counter(row.kind for row in rows.CLAIMS)
    assert set(count) == set(rows.KINDS)
    assert count["words"] >= 60
    assert sum(count.values()) - count["words"] >= 150
    assert all(row.wrong != row.right for row in rows.CLAIMS)
    named = {kind.__name__ for kind in STATED}
    said = " ".join(row.wrong for row in rows.CLAIMS) + rows.SETUP
    short = {"Equivalent": "both(", "Solution": "answered("}  # the words that make these
    assert all(kind in said or short.get(kind, kind) in said for kind in named)
