"""The commands against the bare import of sympy, numpy and latex2sympy2, side by side in one run.

Each round runs every command once, so that a machine whose speed drifts drifts for all of them;
the ratio of CPU seconds (user and system, children included) is taken round by round.  Of an
edited script it is the ratio to the sheet from nothing.  The lines of the authors are judged warm,
once, in one process; the mutants of `selftest` too, with --long.

    python benchmarks/commands.py [--rounds 5] [--long] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from symattn.sheet import find_sheet

IMPORTS = [sys.executable, "-c", "import sympy, numpy, latex2sympy2"]
SYMATTN = [sys.executable, "-m", "symattn"]
# command -> (what it cost before the gate and the kernel, what is aimed at)
BOUNDS = {
    "sheet --no-pdf, from nothing": (10.8, 6.0),
    "sheet, unchanged": (0.38, 0.15),
    "sheet, one script edited": (1.0, 0.4),
    "--help": (0.13, 0.2),
    "check, cold": (1.67, 1.3),
}
WARM = {
    "author lines a second": (15.0, 100.0),
    "milliseconds a line, median": (20.0, 10.0),
    "milliseconds a line, 99 %": (950.0, 200.0),
}
LONG = {"selftest, CPU seconds": (26.0, 12.0)}
LINES = """
import json, time
from symattn.judge import author_tests
from symattn.sheet import find_sheet
spent, judge = [], author_tests.check
def timed(*args, **more):
    begin = time.thread_time()
    try:
        return judge(*args, **more)
    finally:
        spent.append(time.thread_time() - begin)
author_tests.check = timed
for name in find_sheet().scripts:
    list(author_tests.run_author_tests(name))
spent.sort()
print(json.dumps([len(spent) / sum(spent), 1e3 * spent[len(spent) // 2], 1e3 * spent[int(0.99 * len(spent))]]))
"""


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
        copied = Path(folder) / "edited"
        shutil.copytree(find_sheet().folder, copied)
        scripts = sorted(s for s in copied.glob("q*.py") if not s.stem.endswith("_judged"))
        environment = {**os.environ, "SYMATTN_CACHE": str(cache), "PYTHONWARNINGS": "ignore"}
        sheet = [*SYMATTN, "sheet", "--no-pdf", "--out", str(out)]
        commands = {
            "sheet --no-pdf, from nothing": [*sheet, "--no-cache"],
            "sheet, unchanged": sheet,
            "--help": [*SYMATTN, "--help"],
            "check, cold": [*SYMATTN, "check", "q1c", r"q = \beta (k_i + k_j)"],
        }
        edited = [*SYMATTN, "sheet", str(copied), "--no-pdf", "--out", str(out)]
        for command in (IMPORTS, *commands.values(), edited):  # once, uncounted: files into memory
            cpu(command, environment)
        for at in range(rounds):
            base = cpu(IMPORTS, environment)
            spent = {name: cpu(command, environment) for name, command in commands.items()}
            for name, seconds in spent.items():
                ratios[name].append(seconds / base)
            with scripts[at % len(scripts)].open("a", encoding="utf-8") as script:
                script.write(f"# edit {at}\n")
            share = cpu(edited, environment) / spent["sheet --no-pdf, from nothing"]
            ratios["sheet, one script edited"].append(share)
    return ratios


def warm() -> dict[str, list[float]]:
    """Return how fast the lines of the authors are judged in one process."""
    told = subprocess.run([sys.executable, "-c", LINES], check=True, capture_output=True, text=True)
    return {name: [value] for name, value in zip(WARM, json.loads(told.stdout), strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    ratios = measure(options.rounds) | warm()
    bounds = BOUNDS | WARM | LONG
    if options.long:
        ratios[next(iter(LONG))] = [cpu([*SYMATTN, "selftest"], dict(os.environ))]
    rows = {
        name: {
            "before": bounds[name][0],
            "median": statistics.median(r),
            "min": min(r),
            "max": max(r),
            "aim": bounds[name][1],
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
