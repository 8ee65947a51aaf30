"""`check` against strangers: whatever line comes in, a verdict comes out, and never a traceback."""

from __future__ import annotations

import importlib
import json
import random
import sys
from pathlib import Path

import pytest

from symattn.judge.author import find
from symattn.judge.judge import check
from symattn.judge.judgement import EXIT

sys.path.insert(0, str(Path(__file__).parent))
slips = importlib.import_module("symattn_slips")
QUESTIONS = ("q1a", "q1b", "q1c", "q1d", "q1e", "q1f")
EXAMPLES = 25
WORDS = [*slips.TOKENS, *slips.ATOMS]

# A deadline that ends in a callback of the collector (hypothesis has one) cannot be raised there.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def only_verdicts(question, latex):
    found = check(question, latex, seconds=2)
    assert found.verdict in EXIT, latex
    assert found.code, latex
    assert found.reason, latex
    assert "\n" not in found.reason, latex
    assert "could not finish" not in found.reason or "OverflowError" in found.reason, latex
    json.dumps(found.to_json(), default=str)
    if found.verdict == "unread":
        assert found.position is None or 0 <= found.position <= len(latex), latex


@pytest.mark.parametrize("question", QUESTIONS)
def test_right_and_wrong_answers_with_slips(question):
    chance = random.Random(question)
    lines = sorted(test.latex for test in find(question, None).tests)
    for _ in range(EXAMPLES):
        changes = [
            (chance.randrange(5), chance.randrange(10**6), chance.choice(WORDS))
            for _ in range(chance.randrange(1, 4))
        ]
        only_verdicts(question, slips.damaged(chance.choice(lines), changes))


@pytest.mark.parametrize("question", QUESTIONS)
def test_tokens_at_random(question):
    chance = random.Random(f"{question} tokens")
    for _ in range(EXAMPLES):
        only_verdicts(question, " ".join(chance.choices(WORDS, k=chance.randrange(1, 14))))
