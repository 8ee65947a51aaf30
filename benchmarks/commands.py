"""The commands against the bare import of sympy, numpy and latex2sympy2, side by side in one run.

Each round runs every command once, so that a machine whose speed drifts drifts for all of them;
the ratio of CPU seconds (user and system, children included) is taken round by round.

    python benchmarks/commands.py [--rounds 5] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

IMPORTS = [sys.executable, "-c", "import sympy, numpy, latex2sympy2"]
SYMATTN = [sys.executable, "-m", "symattn"]
# command -> (what it cost before the gate and the kernel, what is aimed at)
BOUNDS = {
    "sheet --no-pdf, from nothing": (10.8, 6.0),
    "sheet, unchanged": (0.38, 0.15),
    "--help": (0.13, 0.2),
    "check, cold": (1.67, 1.3),
}


def cpu(command: list[str], environment: Mapping[str, str]) -> float:
    """Return the CPU seconds of one run of a command, which must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(rounds: int) -> dict[str, list[float]]:
    """Return the ratios to the bare import, a list for each command."""
    ratios: dict[str, list[float]] = {name: [] for name in BOUNDS}
    with tempfile.TemporaryDirectory() as folder:
        out, cache = Path(folder) / "out", Path(folder) / "cache"
        environment = {**os.environ, "SYMATTN_CACHE": str(cache), "PYTHONWARNINGS": "ignore"}
        sheet = [*SYMATTN, "sheet", "--no-pdf", "--out", str(out)]
        commands = {
            "sheet --no-pdf, from nothing": [*sheet, "--no-cache"],
            "sheet, unchanged": sheet,
            "--help": [*SYMATTN, "--help"],
            "check, cold": [*SYMATTN, "check", "q1c", r"q = \beta (k_i + k_j)"],
        }
        for command in (IMPORTS, *commands.values()):  # once, uncounted: files into memory
            cpu(command, environment)
        for _ in range(rounds):
            base = cpu(IMPORTS, environment)
            for name, command in commands.items():
                ratios[name].append(cpu(command, environment) / base)
    return ratios


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    ratios = measure(options.rounds)
    rows = {
        name: {
            "before": BOUNDS[name][0],
            "median": statistics.median(r),
            "min": min(r),
            "max": max(r),
            "aim": BOUNDS[name][1],
        }
        for name, r in ratios.items()
    }
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    head = ("before", "median", "min", "max", "aim")
    print(f"{'CPU against the bare import':32s}" + "".join(f"{word:>7s}" for word in head))
    for name, row in rows.items():
        print(f"{name:32s}" + "".join(f"{row[word]:7.2f}" for word in head))


if __name__ == "__main__":
    main()
