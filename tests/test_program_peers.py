"""The program beside the attention of JAX and of PyTorch, and beside their automatic derivatives.

SYMATTN_PEERS names the peers, "jax", "torch" or both with a comma; without it this file is not
collected (conftest.py).  Continuous integration names JAX: the Linux package of PyTorch on PyPI
brings 5 GB for other devices.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from sympy import LambertW

from symattn.check.draws import Letters
from symattn.program.arraycode import callable_of
from symattn.program.claims_of import code_of, derivation
from symattn.program.sequences import program
from symattn.program.tensors import NoCode, python_name
from symattn.sheet import list_sheets, question_names

QUESTIONS = [(s.name, q) for s in list_sheets() for q in question_names(s)]
sys.path.insert(0, str(Path(__file__).parent))
WITHOUT_CODE = importlib.import_module("test_program").WITHOUT_CODE

DTYPES = {"float64": 1e-11, "float32": 3e-5}
SHAPES = [((), 3, 7, 4), ((2, 3), 6, 6, 5), ((1, 2), 1, 1, 1)]


@pytest.fixture(scope="module", params=os.environ.get("SYMATTN_PEERS", "jax").split(","))
def peer(request):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = importlib.import_module(request.param)
    if request.param == "jax":
        module.config.update("jax_enable_x64", True)
    return module


def arrays(peer, seed, shape, dtype, size=1.0):
    front, queries, keys, d = shape
    rng = np.random.default_rng(seed)
    shapes = ((queries, d), (keys, d), (keys, d), (queries, d))
    q, k, v, g = (rng.normal(size=(*front, *s)).astype(dtype) for s in shapes)
    made = [q * np.asarray(size, dtype), k, v, g]
    return made, [_held(peer, a) for a in made]


def _jax(peer):
    return peer.__name__ == "jax"


def attention(peer, q, k, v, beta, masked):
    """The peer's own attention, or of its own softmax."""
    if not _jax(peer):
        return peer.nn.functional.scaled_dot_product_attention(
            q, k, v, scale=beta, is_causal=masked
        )
    # jax.nn.dot_product_attention takes its softmax in single precision: no oracle for float64.
    logits = beta * peer.numpy.einsum("...td,...ld->...tl", q, k)
    if masked:
        seen = np.tri(q.shape[-2], k.shape[-2], dtype=bool)
        logits = peer.numpy.where(seen, logits, -peer.numpy.inf)
    return peer.nn.softmax(logits) @ v


def slopes(peer, q, k, v, g, beta, masked):
    """What automatic differentiation says that the query, the keys and the values receive."""
    if _jax(peer):
        return peer.grad(lambda *a: (g * attention(peer, *a, beta, masked)).sum(), (0, 1, 2))(
            q, k, v
        )
    leaves = [a.clone().requires_grad_() for a in (q, k, v)]
    (g * attention(peer, *leaves, beta, masked)).sum().backward()
    return [a.grad for a in leaves]


@pytest.mark.parametrize("target", ["numpy", "own"])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("size", [1.0, 1000.0])
def test_forward_and_backward_are_those_of_the_peer(peer, target, dtype, shape, masked, size):
    if masked and shape[1] != shape[2]:
        shape = (shape[0], shape[2], *shape[2:])
    ours, theirs = arrays(peer, 7, shape, dtype, size)
    wanted = attention(peer, *theirs[:3], 0.5, masked)
    receive = slopes(peer, *theirs, 0.5, masked)
    run = program("numpy" if target == "numpy" else peer.__name__)
    q, k, v, g = ours if target == "numpy" else theirs
    c, alpha = run["forward_causal"](q, k, v, 0.5, 0) if masked else run["forward"](q, k, v, 0.5)
    found = run["backward"](g, q, k, v, c, alpha, 0.5)
    assert str(c.dtype).endswith(dtype)
    for a, b in zip((c, *found), (wanted, *receive)):
        a, b = np.asarray(a), np.asarray(b)
        scale = max(1.0, float(np.abs(b).max()))
        np.testing.assert_allclose(a, b, atol=DTYPES[dtype] * scale * np.sqrt(size))


@pytest.mark.parametrize(("sheet", "question"), QUESTIONS)
def test_the_code_of_every_claim_is_the_same_function_on_every_target(peer, sheet, question):
    for claim in derivation(f"{sheet}/{question}").claims:
        address = f"{sheet}/{question}/{claim.name}"
        drawn = Letters.of(claim).drawn(claim, {"n": 4, "d": 5, "s": 2, "t": 2}, (0,))
        if drawn is None or address in WITHOUT_CODE:
            continue
        if claim.right.has(LambertW):  # SymPy's printers know it for NumPy only
            with pytest.raises(NoCode):
                code_of(address, peer.__name__)
            continue
        found = []
        for target in ("numpy", peer.__name__):
            source = code_of(address, target)
            known = {python_name(name): value for name, value in drawn.items()}
            if target != "numpy":
                known = {name: _held(peer, value) for name, value in known.items()}
            found.append(callable_of(source)(*(known[name] for name in source.parameters)))
        np.testing.assert_allclose(
            np.asarray(found[1]), np.asarray(found[0]), rtol=1e-9, atol=1e-12
        )


def _held(peer, value):
    if not isinstance(value, np.ndarray):
        return value
    return peer.numpy.asarray(value) if _jax(peer) else peer.from_numpy(value)


@pytest.mark.parametrize("dtype", DTYPES)
def test_blocks_merge_on_every_target(peer, dtype):
    _, (q, k, v, _) = arrays(peer, 8, ((2,), 4, 6, 3), dtype, 900.0)
    run = program(peer.__name__)
    first = run["block"](q, k[..., :2, :], v[..., :2, :], 1.0)
    c, _ = run["merge"](*first, *run["block"](q, k[..., 2:, :], v[..., 2:, :], 1.0))
    wanted = attention(peer, q, k, v, 1.0, False)
    np.testing.assert_allclose(np.asarray(c), np.asarray(wanted), atol=100 * DTYPES[dtype])
