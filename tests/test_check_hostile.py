"""`check` against strangers: whatever line comes in, a verdict comes out, and never a traceback."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symattn.check.author import find
from symattn.check.judge import EXIT, check

sys.path.insert(0, str(Path(__file__).parent))
slips = importlib.import_module("symattn_slips")
QUESTIONS = ("q1a", "q1b", "q1c", "q1d", "q1e", "q1f")
FUZZ = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def only_verdicts(question, latex):
    found = check(question, latex, seconds=2)
    assert found.verdict in EXIT
    assert found.code
    assert found.reason
    assert "\n" not in found.reason
    assert "Traceback" not in found.reason
    json.dumps(found.to_json(), default=str)
    if found.verdict == "unread":
        assert found.position is None or 0 <= found.position <= len(latex)


@pytest.mark.parametrize("question", QUESTIONS)
def test_right_and_wrong_answers_with_slips(question):
    asked = find(question, None)
    lines = sorted(test.latex for test in asked.tests)

    @FUZZ
    @given(st.builds(slips.damaged, st.sampled_from(lines), slips.slips))
    def judged(latex):
        only_verdicts(question, latex)

    judged()


@pytest.mark.parametrize("question", QUESTIONS)
def test_tokens_and_formulas_at_random(question):
    @FUZZ
    @given(st.one_of(slips.soups, slips.formulas))
    def judged(latex):
        only_verdicts(question, latex)

    judged()
