"""Attention made of claims, beside attention written by hand and beside PyTorch's, in one run.

    python benchmarks/attention.py [--quick]

Forward and backward in float32, 4 heads of 64 entries: the least time of several turns, and the median
of the ratios of runs that follow each other, so that a busy machine slows both alike.  Memory is what
NumPy allocates at once (tracemalloc); PyTorch's own allocator is not seen by it.  The last lines are the
block-wise form, whose memory does not grow with the square of the length.
"""

from __future__ import annotations

import statistics
import sys
import time
import tracemalloc
from functools import partial

import numpy as np

from symattn.program.sequences import program, streamed

AIM = 1.1
LIMIT = 512 * 2**20


def by_hand(q, k, v, g, beta):
    """Forward and backward as one writes them in NumPy."""
    scores = beta * (q @ np.swapaxes(k, -1, -2))
    scores -= scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores)
    weights /= weights.sum(axis=-1, keepdims=True)
    out = weights @ v
    dv = np.swapaxes(weights, -1, -2) @ g
    dw = g @ np.swapaxes(v, -1, -2)
    ds = weights * (dw - (dw * weights).sum(axis=-1, keepdims=True))
    return out, beta * (ds @ k), beta * (np.swapaxes(ds, -1, -2) @ q), dv


def generated(q, k, v, g, beta):
    run = program()
    c, alpha = run["forward"](q, k, v, beta)
    return (c, *run["backward"](g, q, k, v, c, alpha, beta))


def of_torch(q, k, v, g, beta):
    import torch

    q, k, v = (a.detach().requires_grad_() for a in (q, k, v))
    out = torch.nn.functional.scaled_dot_product_attention(q, k, v, scale=beta)
    out.backward(g)
    return out, q.grad, k.grad, v.grad


def drawn(n, heads=4, d=64):
    rng = np.random.default_rng(n)
    return [rng.normal(size=(1, heads, n, d)).astype(np.float32) for _ in range(4)]


def timed(runs, turns):
    """Return the times of each run, taken in turn, in both orders."""
    found = [[] for _ in runs]
    for turn in range(turns):
        for at in range(len(runs))[:: 1 if turn % 2 else -1]:
            start = time.perf_counter()
            runs[at]()
            found[at].append(time.perf_counter() - start)
    return found


def ratio(first, second):
    return statistics.median(a / b for a, b in zip(first, second))


def peak(run):
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def main() -> int:
    quick = "--quick" in sys.argv
    try:
        import torch
    except ImportError:
        torch = None
    head = "     n   generated     by hand    ratio    PyTorch    ratio    memory   by hand"
    print(head)
    worst, beta = 0.0, 64**-0.5
    for n, turns in ((128, 60), (512, 20), (2048, 5)):
        arrays = drawn(n)
        runs = [partial(generated, *arrays, beta), partial(by_hand, *arrays, beta)]
        for ours, theirs in zip(runs[0](), runs[1]()):
            np.testing.assert_allclose(ours, theirs, atol=1e-3)
        if torch is not None:
            runs.append(partial(of_torch, *map(torch.from_numpy, arrays), beta))
        times = timed(runs, max(4, turns // (5 if quick else 1)))
        memory = [peak(run) / 2**20 for run in runs[:2]]
        beside = ratio(times[0], times[1])
        worst = max(worst, beside)
        least = [min(t) * 1e3 for t in times]
        peer = " " * 20
        if torch is not None:
            peer = f"{least[2]:8.1f} ms {ratio(times[0], times[2]):8.2f}"
        print(f"{n:6d} {least[0]:8.1f} ms {least[1]:8.1f} ms {beside:8.2f} {peer}"
              f" {memory[0]:6.0f} MB {memory[1]:6.0f} MB")  # fmt: skip
    for n in (4096,) if quick else (4096, 16384):
        q, k, v, _ = (a[0, 0] for a in drawn(n, heads=1))
        start = time.perf_counter()
        streamed(q, k, v, 0.125)
        took = time.perf_counter() - start
        memory = peak(partial(streamed, q, k, v, 0.125))
        print(
            f"{n:6d} in blocks: {took:6.1f} s, {memory / 2**20:6.1f} MB; all pairs: {4 * n * n / 2**20:6.0f} MB"
        )
        if memory > LIMIT:
            return 1
    print(f"worst ratio to what is written by hand: {worst:.2f} (aim {AIM})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
