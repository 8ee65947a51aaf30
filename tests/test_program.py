"""Programs made from claims: against walking the formula, a hand-written oracle, and derivatives."""

from __future__ import annotations

import json
import tracemalloc

import numpy as np
import pytest
from click.testing import CliRunner
from sympy import IndexedBase, Sum, Symbol, exp, log, sqrt

from symattn.algebra.attention import beta, d, i, j, k, l, m, n, softmax, v, z
from symattn.algebra.letters import Dot, Expect, Matrix, Norm, OffSum, Trace
from symattn.algebra.plain import evaluate
from symattn.check.draws import Letters
from symattn.check.study import examine_claim
from symattn.cli import app
from symattn.program import sequences
from symattn.program.arraycode import callable_of, free_indices, function, load
from symattn.program.claims_of import claim_at, code_of, derivation, names_of
from symattn.program.sequences import CLAIMS, program, streamed
from symattn.program.tensors import NoCode, python_name
from symattn.sheet import list_sheets, question_names

QUESTIONS = [(s.name, q) for s in list_sheets() for q in question_names(s)]
WITHOUT_CODE = {
    "attention/q1f/as-printed",
    "exploration/q2a/permuted",  # places under a permutation
    "exploration/q2a/positions",
    "exploration/q2d/step",  # a sum over all but the last
}


# any claim -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sheet", "question"), QUESTIONS)
def test_the_code_of_every_claim_gives_what_walking_it_gives(sheet, question):
    compared = 0
    for claim in derivation(f"{sheet}/{question}").claims:
        address = f"{sheet}/{question}/{claim.name}"
        if address in WITHOUT_CODE:
            with pytest.raises(NoCode):
                code_of(address)
            continue
        source = code_of(address)
        run, letters = callable_of(source), Letters.of(claim)
        for seed in range(3):
            drawn = letters.drawn(claim, {"n": 4, "d": 5, "s": 2, "t": 2}, (seed,))
            if drawn is None:
                continue
            full = dict(drawn)
            for one in names_of(claim).needed_for(claim.right):
                full[one.name] = one.array(full)
            known = {python_name(name): value for name, value in drawn.items()}
            found = run(*(known[name] for name in source.parameters))
            at = tuple(int(drawn[a]) - 1 if a in drawn else 0 for a in _indices(source, claim))
            wanted = evaluate(claim.right, full)
            np.testing.assert_allclose(
                np.asarray(found)[at], np.squeeze(wanted), rtol=1e-9, atol=1e-9
            )
            compared += 1
    assert compared or all(f"{sheet}/{question}/{c.name}" in WITHOUT_CODE
                           for c in derivation(f"{sheet}/{question}").claims)  # fmt: skip


def _indices(source, claim):
    """The free indices of a claim in the order of the result's axes; a single one may be called l."""
    axes = [a for a in source.axes[0] if not a.startswith(".")]
    free = [str(s) for s in free_indices(claim.right)]
    return [a if a in free else free[0] for a in axes]


u, w = (IndexedBase(name, real=True) for name in "uw")
FORMULAS = [
    Sum(l * z(l), (l, 1, n)),
    Sum(z(l) * u[l] * w[l], (l, 1, n)) / n,
    Sum(Sum(z(l) * u[m] * (z(l) - u[m]) ** 2, (m, 1, n)), (l, 1, n)),
    Sum(z(l) * u[m], (m, 1, n), (l, 1, n)),
    Sum(beta, (l, 1, n)),
    z(1) + u[2] ** 2,
    Norm(v(1) - Sum(z(l) * v(l), (l, 1, n))) ** 4,
    Sum(Dot(v(l), k(l)) * (v(l) - k(l)), (l, 1, n)),
    OffSum(z(l) * v(l), l, n, (i,)) + v(j) * sqrt(2) * (1 + sqrt(3)),
    Sum(Sum(Dot(v(l), k(m)) * z(m), (m, 1, n)) * v(l), (l, 1, n)),
    exp(-z(i)) * Sum(exp(z(l)) / (1 + exp(z(l))), (l, 1, n)),
    -(Sum(z(l) * log(1 + z(l) ** 2), (l, 1, n)) ** 2) - beta,
]


@pytest.mark.parametrize("formula", FORMULAS, ids=str)
def test_the_code_of_a_formula_gives_what_walking_it_gives(formula):
    rng = np.random.default_rng(0)
    instance = {name: rng.normal(size=4) for name in "zuw"} | {"n": 4, "i": 2, "j": 3, "beta": 0.7}
    instance |= {name: rng.normal(size=(4, 3)) for name in "kv"}
    source = function("value", {"value": formula})
    found = callable_of(source)(*(instance[name] for name in source.parameters))
    axes = [a for a in source.axes[0] if not a.startswith(".")]
    free = [str(s) for s in free_indices(formula)]
    at = tuple(instance[a if a in free else free[0]] - 1 for a in axes)
    wanted = evaluate(formula, {**instance, r"\beta": 0.7})
    np.testing.assert_allclose(np.asarray(found)[at], np.squeeze(wanted))


@pytest.mark.parametrize(
    "formula",
    [Sum(z(l + 1), (l, 1, n)), Sum(z(l), (l, 2, n)), Trace(Matrix("M", d, d)), Expect(z(i))],
    ids=str,
)
def test_what_is_no_formula_of_arrays_has_no_code(formula):
    with pytest.raises(NoCode):
        function("value", {"value": formula})


# sequences: against what is written by hand ------------------------------------------------------


def by_hand(q, k, v, beta, before=None):
    """Attention written by hand, one query at a time and in double precision."""
    q, k, v = (np.asarray(a, dtype=float) for a in (q, k, v))
    c = np.zeros((*q.shape[:-1], v.shape[-1]))
    alpha = np.zeros((*q.shape[:-1], k.shape[-2]))
    for t in range(q.shape[-2]):
        seen = k.shape[-2] if before is None else before + t + 1
        logits = beta * np.einsum("...ld,...d->...l", k[..., :seen, :], q[..., t, :])
        shares = np.exp(logits - logits.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        alpha[..., t, :seen] = shares
        c[..., t, :] = np.einsum("...l,...ld->...d", shares, v[..., :seen, :])
    return c, alpha


def drawn(seed, front=(2, 3), queries=5, keys=5, d=4, p=3, dtype=np.float64):
    rng = np.random.default_rng(seed)
    shapes = ((queries, d), (keys, d), (keys, p), (queries, p))
    return [rng.normal(size=(*front, *shape)).astype(dtype) for shape in shapes]


SHAPES = [
    {"front": (), "queries": 1, "keys": 1, "d": 1, "p": 1},
    {"front": (), "queries": 3, "keys": 7},
    {"front": (2, 3), "queries": 5, "keys": 5},
    {"front": (4,), "queries": 6, "keys": 6, "d": 1, "p": 5},
]
DTYPES = {np.float64: 1e-12, np.float32: 2e-5}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("masked", [False, True])
def test_forward_and_blocks_are_what_is_written_by_hand(shape, dtype, masked):
    q, k, v, _ = drawn(1, dtype=dtype, **shape)
    if masked and q.shape[-2] != k.shape[-2]:
        q = q[..., : k.shape[-2], :]
    wanted, shares = by_hand(q, k, v, 0.7, 0 if masked else None)
    run = program()
    c, alpha = run["forward_causal"](q, k, v, 0.7, 0) if masked else run["forward"](q, k, v, 0.7)
    for found, right in ((c, wanted), (alpha, shares)):
        assert found.dtype == dtype
        np.testing.assert_allclose(found, right, atol=DTYPES[dtype])
    for size in (1, 2, 64):
        merged, r = streamed(q, k, v, 0.7, mask=masked, size=size)
        assert merged.dtype == r.dtype == dtype
        np.testing.assert_allclose(merged, wanted, atol=DTYPES[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1.0, 709.0, 1e4, 1e30])
def test_large_logits_stay_finite(dtype, size):
    q, k, v, g = drawn(2, dtype=dtype)
    q = q * dtype(size)
    run = program()
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        c, alpha = run["forward"](q, k, v, 1.0)
        back = run["backward"](g, q, k, v, c, alpha, 1.0)
        merged, _ = streamed(q, k, v, 1.0, size=2)
    wanted, _ = by_hand(q, k, v, 1.0)
    assert all(np.isfinite(a).all() for a in back)
    np.testing.assert_allclose(c, wanted, rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(merged, wanted, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("masked", [False, True])
def test_the_backward_pass_is_the_slope_by_a_complex_step(shape, masked):
    q, k, v, g = drawn(3, **shape)
    if masked:
        q, g = q[..., : k.shape[-2], :], g[..., : k.shape[-2], :]
    run, before = program(), 0 if masked else None
    c, alpha = run["forward_causal"](q, k, v, 0.6, 0) if masked else run["forward"](q, k, v, 0.6)
    slopes = run["backward"](g, q, k, v, c, alpha, 0.6)
    for at, slope in enumerate(slopes):
        for place in np.ndindex(slope.shape):
            moved = [a.astype(complex) for a in (q, k, v)]
            moved[at][place] += 1e-30j
            found = np.imag(np.sum(g * by_hand_of_complex(*moved, 0.6, before))) / 1e-30
            np.testing.assert_allclose(slope[place], found, rtol=1e-10, atol=1e-12)


def by_hand_of_complex(q, k, v, beta, before):
    """The output, without the largest logit taken off: it is analytic."""
    shares = np.exp(beta * np.einsum("...td,...ld->...tl", q, k))
    if before is not None:
        shares = shares * np.tri(q.shape[-2], k.shape[-2], before)
    return np.einsum("...tl,...lp->...tp", shares / shares.sum(-1, keepdims=True), v)


def test_the_jacobian_is_the_slope_of_the_weights():
    logits, beta = np.random.default_rng(1).normal(size=(2, 4)), 0.7

    def weights(x):
        shares = np.exp(beta * x)
        return shares / shares.sum(-1, keepdims=True)

    found = program()["jacobian"](weights(logits), beta)
    for at in range(4):
        moved = logits + 1e-30j * np.eye(4)[at]
        np.testing.assert_allclose(found[..., at], np.imag(weights(moved)) / 1e-30, rtol=1e-10)


def test_no_array_of_the_caller_is_changed():
    given = drawn(9)
    kept = [a.copy() for a in given]
    q, k, v, g = given
    run = program()
    c, alpha = run["forward"](q, k, v, 1.0)
    shares = alpha.copy()
    run["backward"](g, q, k, v, c, alpha, 1.0)
    a, s = run["block_causal"](q, k, v, 1.0, 0)
    run["merge"](a, s, a, s)
    weights = callable_of(function("weights", {"alpha": softmax(i)}))
    weights(q)
    assert all((x == y).all() for x, y in zip((*given, alpha), (*kept, shares)))


def test_the_code_says_what_it_holds_for_and_takes_no_name_of_a_function():
    said = code_of("attention/q1c/error").function
    assert "the keys are orthonormal" in said
    assert claim_at("attention/q1c/error").latex[:20] in said
    letters = [Symbol(name, real=True) for name in ("exp", "sum", r"\pi", "lambda")]
    source = function("value", {"value": exp(letters[0]) + letters[1] * letters[2] * letters[3]})
    assert source.parameters == ("exp_", "lambda_", "pi_", "sum_")
    assert callable_of(source)(0.0, 2.0, 3.0, 4.0) == 25.0


def test_a_block_of_queries_may_follow_on_keys_of_earlier_blocks():
    q, k, v, _ = drawn(4, queries=3, keys=5)
    c, alpha = program()["forward_causal"](q, k, v, 1.0, 2)
    wanted, shares = by_hand(q, k, v, 1.0, 2)
    np.testing.assert_allclose(c, wanted)
    np.testing.assert_allclose(alpha, shares, atol=1e-15)


def test_blocks_take_no_memory_for_all_pairs():
    n, d = 16384, 16
    q, k, v = (np.ones((n, d), dtype=np.float32) * s for s in (1e-2, 1.0, 3.0))
    tracemalloc.start()
    try:
        c, _ = streamed(q, k, v, 1.0)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    np.testing.assert_allclose(c, 3.0, rtol=1e-5)
    assert most < 512 * 2**20
    assert most < n * n * 4 / 64  # all pairs are a gigabyte


# what it rests on ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", CLAIMS)
def test_what_the_program_rests_on_is_proved(address):
    assert examine_claim(claim_at(address)).verdict == "proved"


@pytest.mark.parametrize(
    ("address", "at"),
    [("softmax/q4b/query", 0), ("softmax/q4c/keys", 1), ("softmax/q4a/values", 2)],
)
def test_a_gradient_of_a_wrong_claim_is_seen_by_the_slope(monkeypatch, address, at):
    def mutated(wanted):
        claim = claim_at(wanted)
        return claim.with_right(-claim.right) if wanted == address else claim

    q, k, v, g = drawn(5, front=(), queries=2, keys=3)
    c, alpha = program()["forward"](q, k, v, 1.0)
    right = program()["backward"](g, q, k, v, c, alpha, 1.0)
    monkeypatch.setattr(sequences, "claim_at", mutated)
    wrong = load(sequences.text(), "a mutant")["backward"](g, q, k, v, c, alpha, 1.0)
    assert [np.allclose(a, b) for a, b in zip(wrong, right)] == [k != at for k in range(3)]
    assert examine_claim(mutated(address)).verdict == "refuted"


def test_the_command_writes_what_runs_and_refuses_what_is_not_there(tmp_path):
    found = CliRunner().invoke(app, ["code", "attention"])
    assert found.exit_code == 0
    q, k, v, _ = drawn(6)
    c, _ = load(found.output, "printed")["forward"](q, k, v, 0.5)
    np.testing.assert_allclose(c, by_hand(q, k, v, 0.5)[0])
    for wrong in ("softmax/q4b/none", "q1c", "a/b/c/d", "nosheet/q1a/sum"):
        assert CliRunner().invoke(app, ["code", wrong]).exit_code not in (0, 70)
    listed = CliRunner().invoke(app, ["code", "--json"])
    assert {c["claim"] for c in json.loads(listed.output)["claims"]} > {"softmax/q4b/query"}
