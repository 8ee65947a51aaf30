"""Where the time goes: the share of CPU of each part, for a sheet from nothing and for warm lines.

The interpreter is interrupted every two milliseconds of CPU, and the moment belongs to the innermost
part of the table that is at work: what algebra does for a search belongs to the search.

    python benchmarks/shares.py [--lines] [--json]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import signal
import sys
import tempfile
from collections import Counter
from types import FrameType

PARTS = {  # a part of a path -> what is done there; the first that fits is taken
    "importlib": "imports",
    "symattn/claims/search": "search for proofs",
    "symattn/kernel/": "proofs",
    "symattn/check/readback": "reading back",
    "symattn/latex/second": "reading back",
    "symattn/latex/write": "printing",
    "symattn/pages/": "pages, figures",
    "symattn/check/orders": "numbers: orders",
    "symattn/check/draws": "numbers: drawing instances",
    "symattn/hypotheses/": "numbers: drawing instances",
    "symattn/check/laws": "numbers: integrals",
    "symattn/check/quadrature": "numbers: integrals",
    "symattn/check/": "numbers: the rest",
    "symattn/derive/": "steps and words",
    "symattn/claims/": "claims from definitions",
    "symattn/latex/": "reading lines",
    "symattn/judge/": "judging lines",
}
EVERY = 0.002  # seconds of CPU


def part_of(frame: FrameType | None) -> str:
    """Return the part that a moment belongs to."""
    while frame is not None:
        path = frame.f_code.co_filename
        for piece, name in PARTS.items():
            if piece in path:
                return name
        frame = frame.f_back
    return "the rest"


def sheet() -> None:
    """Make the first sheet from nothing, without its PDF."""
    from symattn.cli import main

    with tempfile.TemporaryDirectory() as out:
        sys.argv = ["symattn", "sheet", "--no-pdf", "--no-cache", "--out", out]
        with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
            main()


def lines() -> None:
    """Judge the lines of the authors once."""
    from symattn.judge.author_tests import run_author_tests
    from symattn.sheet import find_sheet

    for name in find_sheet().scripts:
        list(run_author_tests(name))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", action="store_true", help="of warm lines, not of a sheet")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found: Counter[str] = Counter()

    def tick(_: int, frame: FrameType | None) -> None:
        found[part_of(frame)] += 1

    if options.lines:
        lines()  # warm
    signal.signal(signal.SIGVTALRM, tick)
    signal.setitimer(signal.ITIMER_VIRTUAL, EVERY, EVERY)
    (lines if options.lines else sheet)()
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    total = found.total()
    shares = {name: count / total for name, count in found.most_common()}
    if options.json:
        print(json.dumps(shares, indent=2))
        return
    for name, share in shares.items():
        print(f"{name:28s}{100 * share:6.1f} %")


if __name__ == "__main__":
    main()
