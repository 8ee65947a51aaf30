"""The lab: what is measured agrees with what is derived, and with nothing else; the tasks are learned."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

from symattn.cli import app
from symattn.program import claims_of, experiments, lab
from symattn.program.experiments import EXPERIMENTS
from symattn.program.training import TASKS, Layer, learn
from symattn.sheet import find_sheet, notes_of

# What is derived is changed: the factor is put before the claim's right side.
MUTATIONS = [
    ("descent", "attention/q1c/error", 1.5),
    ("descent", "attention/q1c/attained", 1.2),
    ("matrix", "attention/q1d/matrix", 0.5),
    ("matrix", "attention/q1d/missed", 0.5),
    ("scale", "attention/q1e/best-scale", 1.1),
    ("coin", "attention/q1f/weight-variance", 0.9),
    ("coin", "attention/q1f/gap-variance", 0.5),
    ("heads", "exploration/q1c/first-variance", 2),
    ("heads", "exploration/q1c/first-mean", 0.8),
    ("heads", "exploration/q1a/head", 0.7),
]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_is_measured_agrees_with_what_is_derived(name):
    found = EXPERIMENTS[name].run(1)
    assert found.measures
    assert found.agrees, [(m.what, m.distance) for m in found.measures]
    assert all(m.why for m in found.measures)


@pytest.mark.parametrize(("name", "address", "factor"), MUTATIONS)
def test_a_wrong_curve_is_refused(monkeypatch, name, address, factor):
    right = claims_of.claim_at

    def mutated(wanted):
        claim = right(wanted)
        return claim.with_right(factor * claim.right) if wanted == address else claim

    for module in (claims_of, experiments):
        monkeypatch.setattr(module, "claim_at", mutated)
    assert not EXPERIMENTS[name].run(0).agrees


def test_no_number_agrees_with_nothing():
    assert not experiments.Measure("", float("nan"), 1.0, "").agrees


@pytest.mark.parametrize("name", TASKS)
def test_each_task_is_learned_to_its_ceiling_and_on_longer_sequences(name):
    task = TASKS[name]
    for heads in task.heads:
        found = learn(task, heads, 1)
        assert found.agrees, (heads, found.right)
        assert max(found.right) > 2 * task.trained
        np.testing.assert_allclose(found.maps.sum(-1), 1.0)


@pytest.mark.parametrize("name", TASKS)
def test_an_untrained_layer_misses(name):
    task, rng = TASKS[name], np.random.default_rng(0)
    layer = Layer(task, 2, 0)
    assert layer.answered(task.draw(rng, 200, task.trained))[1].mean() < 0.5


@pytest.mark.parametrize("name", TASKS)
def test_the_gradient_of_the_layer_is_that_of_its_loss(name):
    task, rng = TASKS[name], np.random.default_rng(3)
    layer, batch = Layer(task, 2, 0), task.draw(rng, 2, task.trained)

    def loss():
        found, _ = layer.forward(batch)
        if not task.classes:
            return ((found - batch.answers) ** 2).sum() / 2 / batch.asked.sum()
        logits = found.reshape(*found.shape[:2], task.answers, task.classes)
        logits = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
        own = np.take_along_axis(logits, batch.answers[..., None], -1)[..., 0].sum(-1)
        return -(own * batch.asked).sum() / batch.asked.sum()

    slopes = layer.slopes(batch)
    for key, slope in slopes.items():
        for place in rng.integers(slope.size, size=4):
            at, kept = np.unravel_index(place, slope.shape), layer.maps[key]
            ends = []
            for step in (1e-5, -1e-5):
                layer.maps[key] = kept.copy()
                layer.maps[key][at] += step
                ends.append(loss())
            layer.maps[key] = kept
            assert slope[at] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-4, abs=1e-8)


def test_the_command_writes_its_page_and_says_what_it_found(tmp_path):
    run = CliRunner().invoke(app, ["lab", "matrix", "--out", str(tmp_path / "lab"), "--json"])
    assert run.exit_code == 0, run.output
    found = json.loads(run.output)
    assert found["passed"]
    assert set(found["claims"].values()) <= {"proved", "confirmed"}
    page = (tmp_path / "lab" / "index.html").read_text()
    assert "claims no points" in page
    assert "def backward(" in page
    again = CliRunner().invoke(app, ["lab", "matrix", "--out", str(tmp_path / "b")])
    assert again.exit_code == 0
    assert (tmp_path / "b" / "index.html").read_text() == page
    assert CliRunner().invoke(app, ["lab", "nothing"]).exit_code not in (0, 70)


def test_nothing_agrees_that_rests_on_a_claim_that_is_not_accepted():
    outcome = EXPERIMENTS["matrix"].run(0)
    claims = dict.fromkeys(EXPERIMENTS["matrix"].claims, ("proved", ""))
    assert lab.Lab(0, {"matrix": outcome}, {}, claims).passed
    for address in claims:
        wrong = {**claims, address: ("undecided", "")}
        assert not lab.Lab(0, {"matrix": outcome}, {}, wrong).passed


def test_question_2_points_to_the_page_and_claims_nothing():
    root = find_sheet().folder.parents[1]
    note = notes_of(find_sheet())["q2a"]
    assert "no answer" in note
    for name in ("answers.html", "answers.tex"):
        page = (root / "out" / name).read_text()
        assert re.search(r"lab/index\.html", page)
        assert "no points are claimed" in page
    kept = (root / "out" / "lab" / "index.html").read_text()
    assert "claims no points" in kept
    assert 'class="badge">' not in kept  # nothing differs, and nothing is missed
    for href, anchor in set(re.findall(r'href="\.\./([^"#]*answers\.html)#(\w+)"', kept)):
        assert f'id="{anchor}"' in (root / "out" / href).read_text()
