"""Lambdified attention against the same written by hand, and drawing logits against drawing keys.

python benchmarks/arrays.py [--size 1024] [--rounds 15] [--json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import l, output, weight
from symattn.check.oracle import gaussian_keys, gaussian_logits


def paired(first: Callable[[], object], second: Callable[[], object], rounds: int) -> list[float]:
    """Return the ratios of the times of two functions, called in turn."""
    first(), second()
    ratios = []
    for turn in range(rounds):
        times = {}
        order = [(0, first), (1, second)] if turn % 2 == 0 else [(1, second), (0, first)]
        for name, function in order:
            start = time.perf_counter()
            for _ in range(10):
                function()
            times[name] = time.perf_counter() - start
        ratios.append(times[0] / times[1])
    return ratios


def peak(function: Callable[[], object]) -> int:
    """Return the most bytes that a call has allocated at one time."""
    tracemalloc.start()
    function()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def measure(size: int, rounds: int) -> dict[str, float]:
    rng = np.random.default_rng(0)
    keys, values = rng.normal(size=(2, size, size)) / np.sqrt(size)
    query = rng.normal(size=size)
    instance = {"k": keys, "v": values, "q": query, "n": size}
    weights, average = compiled(weight(l), over=l), compiled(output())

    def by_hand() -> np.ndarray:
        e = np.exp(keys @ query)
        return np.asarray(e / e.sum())

    def average_by_hand() -> np.ndarray:
        return np.asarray(by_hand() @ values)

    assert np.allclose(weights(instance), by_hand())
    assert np.allclose(average(instance), average_by_hand())
    few = 16
    means = np.eye(few)
    spread = np.array([0.01 * np.eye(few)] * few)

    def keys_drawn() -> np.ndarray:
        return gaussian_keys(np.random.default_rng(1), means, spread, 2000) @ query[:few]

    def logits_drawn() -> np.ndarray:
        return gaussian_logits(np.random.default_rng(1), means, spread, query[:few], 2000)

    return {
        "weights, lambdified / by hand": statistics.median(
            paired(lambda: weights(instance), by_hand, rounds)
        ),
        "output, lambdified / by hand": statistics.median(
            paired(lambda: average(instance), average_by_hand, rounds)
        ),
        "most memory / keys": peak(lambda: average(instance)) / keys.nbytes,
        "drawing keys / drawing logits (n = d = 16)": statistics.median(
            paired(keys_drawn, logits_drawn, max(3, rounds // 5))
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1024, help="n and d")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.size, options.rounds)
    if options.json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        print(f"{name:44s} {value:8.3f}")


if __name__ == "__main__":
    main()
