"""A class of submissions: verdicts a second on one worker and on two, and the workers' memory.

The submissions are made up: right and wrong answers to several questions, each in many spellings,
from a seed.  The memory is the resident one of the processes that judge, at a tenth of the class
and at its end: it must not grow with the number of submissions.

    python benchmarks/submissions.py [--files 100] [--jobs 1 2] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from symattn.submission.marking import MarkingOptions
from symattn.submission.pool import check_all

SCALES = [r"\beta", r"\lambda", r"\gamma", r"\kappa", r"\eta", r"\theta", r"\omega", "C", "r"]
FORMS = [
    ("q1c", "q = {f}{s} ({k}_i + {k}_j)"),
    ("q1c", "q = {f}{s} {k}_i + {f}{s} {k}_j"),
    ("q1c", r"q = \frac{{{k}_i + {k}_j}}{{{f}}}"),
    ("q1c", r"\alpha_i \to \frac{{1}}{{{f}}}"),
    ("q1c", r"\alpha_i = \frac{{e^{{{s}}}}}{{{f} e^{{{s}}} + n - {f}}}"),
    ("q1c", r"c \approx \frac{{1}}{{{f}}} (v_i + v_j)"),
    ("q1d", r"M = {f} S (S^\top S)^{{-1}} S^\top"),
    ("q1d", r"M = {f} A A^\top"),
    ("q1d", r"M = \foo_{f} S"),
]


def submission(rng: random.Random) -> str:
    """Return one submission of eight displayed lines."""
    lines = [r"\documentclass{article}", r"\begin{document}"]
    for question in ("q1c", "q1d"):
        lines.append(rf"\section{{Question 1 ({question[-1]})}}")
        for _ in range(4):
            form = rng.choice([text for name, text in FORMS if name == question])
            formula = form.format(
                f=rng.randint(2, 99),
                s=rng.choice(SCALES),
                k=rng.choice(["k", r"\mathbf{k}", r"\vec{k}"]),
            )
            lines.append(rf"\[ {formula} \]")
    return "\n".join([*lines, r"\end{document}", ""])


def children(pid: int) -> Iterator[int]:
    """Yield the processes below a process."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from children(int(child))


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def memory() -> dict[str, float]:
    """Return the memory of this process and of the largest process below it, in MB."""
    try:
        below = [resident(pid) for pid in children(os.getpid())]
        return {"own": resident(os.getpid()), "largest worker": max(below, default=0.0)}
    except OSError:  # no /proc, or a process that has just ended
        return {}


def run(folder: Path, jobs: int) -> dict[str, object]:
    """Judge a folder and return verdicts a second and the memory."""
    paths = sorted(folder.glob("*.tex"))
    verdicts, early, states = 0, {}, {}
    start = time.perf_counter()
    for number, marking in enumerate(check_all(paths, MarkingOptions(), jobs=jobs), 1):
        verdicts += sum(mark.judged for mark in marking.marks)
        states[marking.state] = states.get(marking.state, 0) + 1
        if number == max(1, len(paths) // 10):
            early = memory()
    seconds = time.perf_counter() - start
    return {
        "jobs": jobs,
        "files": len(paths),
        "verdicts": verdicts,
        "seconds": round(seconds, 2),
        "verdicts a second": round(verdicts / seconds, 1),
        "memory at a tenth, MB": {k: round(v) for k, v in early.items()},
        "memory at the end, MB": {k: round(v) for k, v in memory().items()},
        "states": dict(sorted(states.items())),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    from symattn.check.budget import close_workers

    judge = MarkingOptions().judge
    judge.prepare(judge.questions())  # imports are not counted
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(options.files):
            rng = random.Random(options.seed * 1_000_003 + number)
            (folder / f"{number:05}.tex").write_text(submission(rng), encoding="utf-8")
        for jobs in options.jobs:
            found.append(run(folder, jobs))
            close_workers()
            if not options.json:
                print("\n".join(f"{key:24s} {value}" for key, value in found[-1].items()), "\n")
    if options.json:
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
