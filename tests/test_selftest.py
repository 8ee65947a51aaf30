"""The selftest: nothing wrong is accepted, and a broken checker is found out."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import S

from symattn import cli, run
from symattn.check.draws import Plan
from symattn.check.mutation.mutate import KINDS
from symattn.check.mutation.selftest import EVIDENCE, Gate, MutantTrial, Report, Subject, selftest
from symattn.check.verdict import Evidence
from symattn.kernel import Context, Zero, prove
from symattn.sheet import find_sheet

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.xdist_group("selftest")  # one worker makes the reports that many read


def subjects(*names: str, claims: tuple[str, ...] = ()) -> list[Subject]:
    found = []
    for name in names:
        script = find_sheet().scripts[name]
        found += [Subject(name, c) for c in run.derive(script).claims]
    return [s for s in found if not claims or s.claim.name in claims]


@pytest.fixture(scope="module")
def report() -> Report:
    return selftest(subjects("q1a", "q1d"), workers=1)


# nothing wrong is accepted -------------------------------------------------------------------------


def test_no_mutant_of_two_questions_survives(report):
    assert [o.to_json() for o in report.survivors] == []
    assert report.faults == ()
    assert report.passed
    assert len(report.tested) > 400


def test_counts_add_up(report):
    found = report.to_json()
    assert found["mutants"] == found["refused"] + found["equal"] + found["survivors"]
    assert found["mutants"] == sum(t["mutants"] for t in found["kinds"].values())
    assert found["mutants"] == sum(t["mutants"] for t in found["questions"].values())
    assert found["equal"] == sum(found["equal_because"].values())
    assert set(found["kinds"]) <= set(KINDS)
    assert set(found["evidence"]) == set(EVIDENCE)
    for tally in [found, *found["kinds"].values()]:
        for weight in tally["evidence"].values():
            assert weight["alone"] <= weight["refused"] <= weight["mutants"] <= tally["mutants"]
    json.dumps(found)


@pytest.mark.parametrize("kind", EVIDENCE)
def test_each_kind_of_evidence_carries_weight_of_its_own(report, kind):
    weight = report.to_json()["evidence"][kind]
    assert weight["mutants"] > 100
    assert weight["refused"] >= 0.95 * weight["mutants"]


def test_proof_and_reading_refuse_what_nothing_else_does(report):
    """A row for a column, which NumPy cannot tell; and misprints."""
    found = report.to_json()
    assert found["evidence"]["proof"]["alone"] > 0
    assert found["kinds"]["misprint"]["evidence"]["reading"]["alone"] > 100


def test_numbers_refuse_what_nothing_else_does():
    """What stands to the right is as it was; a hypothesis on which the proof leans is gone."""
    wanted = ("error-bound", "squared-error", "weight-variance")
    found = selftest(subjects("q1c", "q1e", "q1f", claims=wanted), workers=1)
    assert found.passed
    alone = [o for o in found.outcomes if o.needs == ("numbers",)]
    assert {o.kind for o in alone} <= {"hypothesis", "order"}


@pytest.mark.parametrize("sheet", ["softmax", "exploration"])
def test_no_mutant_of_a_further_sheet_survives(sheet):
    """One mutant of each kind of every claim, the last of it; misprints are tried above."""
    left, tried = [], 0
    for name, script in find_sheet(sheet).scripts.items():
        for claim in run.derive(script).claims:
            trial = MutantTrial(Subject(name, claim), Plan(), Gate(), 0)
            chosen = {mutant.kind: mutant for mutant in trial.mutants if mutant.text is None}
            found = [trial.outcome(mutant) for mutant in chosen.values()]
            left += [o.to_json() for o in found if o.survives]
            tried += sum(o.refused for o in found)
    assert left == []
    assert tried > 100


def test_equal_mutants_are_recognised(report):
    reasons = report.to_json()["equal_because"]
    assert reasons.get("same", 0) > 0
    assert reasons.get("not needed", 0) > 0


def test_the_same_in_two_processes_and_in_threads(report):
    """Which worker does what must not show."""
    few = subjects("q1d", claims=("matrix", "own-norm", "row-form"))
    alone = selftest(few, workers=1).to_json()
    assert selftest(few, workers=2).to_json() == alone

    def threads(workers: int) -> Executor:
        return ThreadPoolExecutor(1)

    assert selftest(few, workers=2, executor=threads).to_json() == alone


def test_progress_counts_every_mutant():
    few = subjects("q1d", claims=("own-norm",))
    totals, done = [], []
    found = selftest(few, workers=1, started=totals.append, progress=done.append)
    assert totals == [sum(done)] == [len(found.outcomes)]


# a broken checker is found out ---------------------------------------------------------------------

BRIEF = ("weight", "weight-limit", "error-bound", "scale")


def always(kind, verdict):
    proof = prove([Zero(S.Zero)], Context())  # of something else
    return Evidence(kind, verdict, "broken", "this check says so of everything", {}, proof)


@pytest.fixture(scope="module")
def brief() -> list[Subject]:
    return subjects("q1c", claims=BRIEF)


@pytest.fixture(scope="module")
def sound(brief) -> Report:
    return selftest(brief, workers=1)


def test_the_brief_selection_passes(sound):
    assert sound.passed


def test_a_proof_that_always_passes_is_found_out(brief):
    gate = Gate(prove=lambda claim: always("proof", "proved"))
    found = selftest(brief, gate=gate, workers=1)
    assert not found.passed
    assert len(found.survivors) > 50
    assert all("proof" in o.accepted for o in found.survivors)
    assert found.to_json()["evidence"]["proof"]["refused"] == 0


def test_numbers_that_always_confirm_are_found_out(brief):
    def confirm(claim, plan=None, at=None):
        return always("numbers", "confirmed"), None

    found = selftest(brief, gate=Gate(measure=confirm), workers=1)
    assert not found.passed
    assert len(found.survivors) > 15  # what an exact test denies does not survive
    assert all("numbers" in o.accepted for o in found.survivors)


def test_a_reading_that_always_confirms_is_found_out(brief):
    gate = Gate(read=lambda terms, relations=(), text=None: always("reading", "confirmed"))
    found = selftest(brief, gate=gate, workers=1)
    assert not found.passed
    assert {o.kind for o in found.survivors} == {"misprint"}


def test_all_broken_together_are_found_out(brief, sound):
    """Then what recognises a true mutant must not believe them either."""
    gate = Gate(
        prove=lambda claim: always("proof", "proved"),
        measure=lambda claim, plan=None, at=None: (always("numbers", "confirmed"), None),
        read=lambda terms, relations=(), text=None: always("reading", "confirmed"),
    )
    found = selftest(brief, gate=gate, workers=1)
    assert found.to_json()["refused"] == 0
    assert found.to_json()["equal"] == sound.to_json()["equal"]


def test_a_checker_that_refuses_everything_is_found_out(brief):
    gate = Gate(
        prove=lambda claim: always("proof", "undecided"),
        measure=lambda claim, plan=None, at=None: (always("numbers", "undecided"), None),
    )
    found = selftest(brief[:1], gate=gate, workers=1)
    assert found.survivors == []
    assert not found.passed
    assert len(found.faults) == 1


def test_a_wrong_claim_is_a_fault():
    (weight,) = subjects("q1c", claims=("weight",))
    wrong = replace(weight, claim=weight.claim.with_right(2 * weight.claim.right))
    found = selftest([wrong], workers=1)
    assert not found.passed
    assert "weight: refuted" in found.faults[0]


def test_no_claims_is_no_pass():
    assert not selftest([], workers=1).passed


def test_what_a_worker_raises_is_raised(brief):
    def broken(claim):
        raise ZeroDivisionError("a defect, not a refusal")

    with pytest.raises(ZeroDivisionError):
        selftest(brief[:1], gate=Gate(prove=broken), workers=1)
    with pytest.raises(ZeroDivisionError):
        selftest(brief[:1], gate=Gate(prove=broken), workers=2)


def test_another_seed_finds_no_survivor_either():
    few = subjects("q1d", claims=("matrix", "no-other-solutions"))
    found = selftest(few, seed=3, plan=Plan(seed=3), workers=1)
    assert found.passed


# the command ---------------------------------------------------------------------------------------


def command(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "symattn", "selftest", *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_the_command_prints_json():
    done = command("q1a", "--json", "--workers", "1")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["survivors"] == 0
    assert found["surviving"] == []
    assert found["mutants"] > 150
    assert found["mutants"] == found["refused"] + found["equal"]
    assert list(found["questions"]) == ["q1a"]


def test_the_command_prints_tables_and_knows_no_other_question(report, monkeypatch, capsys):
    """The mutants were tried above: here it is what is printed of them."""
    monkeypatch.setattr("symattn.check.mutation.selftest.selftest", lambda *_, **__: report)
    with pytest.raises(SystemExit) as ended:
        cli.main(["selftest", "q1a"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    for kind in EVIDENCE:
        assert kind in printed
    assert "survives" in printed
    wrong = command("q9z")
    assert wrong.returncode == 2
    assert "q9z" in wrong.stderr
