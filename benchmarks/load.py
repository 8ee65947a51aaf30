"""The author's lines alone and beside busy loops: no verdict, code or hint may depend on the load.

    python benchmarks/load.py [--loops 8]

The exit status is 1 when one differs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

LOOP = [sys.executable, "-c", "while True: pass"]
LINES = """
import json
from symattn.judge.author_tests import run_author_tests
from symattn.sheet import find_sheet

found = [
    (trial.question, trial.test.latex, str(trial.found), trial.found.code, trial.found.nearest)
    for question in find_sheet().scripts
    for trial in run_author_tests(question)
]
print(json.dumps(found))
"""


def judged() -> list[list[str]]:
    """Return question, line, verdict, code and hint of each of the author's lines."""
    done = subprocess.run([sys.executable, "-c", LINES], capture_output=True, text=True, check=True)
    found: list[list[str]] = json.loads(done.stdout)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--loops", type=int, default=8)
    count = parser.parse_args().loops
    alone = judged()
    loops = [subprocess.Popen(LOOP) for _ in range(count)]
    try:
        loaded = judged()
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
    differing = [(a, b) for a, b in zip(alone, loaded) if a != b]
    for one, other in differing:
        print(f"{one}\n  beside {count} loops: {other}")
    print(f"{len(alone)} lines, {len(differing)} differ beside {count} busy loops")
    return 1 if differing or len(alone) != len(loaded) else 0


if __name__ == "__main__":
    sys.exit(main())
