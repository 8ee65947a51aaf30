"""Pairs decided per second, and how they were judged: symattn, SymPy's two, two packages.

    python benchmarks/equal.py [--pairs 200] [--seed 7] [--seconds 5] [--table FILE] [--json]

The same LaTeX pairs in one run.  symattn and math-verify read the LaTeX within the time that is
measured; `simplify(a - b) == 0` and `a.equals(b)` get the expressions ready, and pycodemath, which
reads no LaTeX, gets them as the text that SymPy prints.  With --table the pairs are the identities of
a file such as tests/data/identities.tsv, each with its first false twin, where nothing but signs is
declared.  The two packages are installed in virtual
environments of their own, in a temporary directory, and each runs there as one warm process.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
import venv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sympy import latex, simplify

from symattn.check.budget import deadline
from symattn.check.equal import Options, equal, read_sides
from symattn.errors import BudgetExceeded, SymattnError

ROOT = Path(__file__).resolve().parent.parent

# (left, right, whether they are equal, letters that are positive)
BY_HAND: tuple[tuple[str, str, bool, str], ...] = (
    (r"\tanh x", r"\frac{e^{2x}-1}{e^{2x}+1}", True, ""),
    (r"\frac{1}{1+e^{-x}}", r"\frac{e^x}{1+e^x}", True, ""),
    (r"\frac{1}{1+e^{-x}}", r"\frac{1+\tanh(x/2)}{2}", True, ""),
    (r"\frac{e^b}{2e^b+n-2}", r"\frac{1}{2+(n-2)e^{-b}}", True, "n"),
    (r"\ln(1+e^x)", r"x+\ln(1+e^{-x})", True, ""),
    (r"\ln(p q)", r"\ln p+\ln q", True, "pq"),
    (r"\sqrt{p^2 q}", r"p\sqrt{q}", True, "pq"),
    (r"\sum_{l=1}^{n} (x_l+y)", r"n y+\sum_{m=1}^{n} x_m", True, ""),
    (r"\sum_{l=1}^{n} e^{x_l-y}", r"e^{-y}\sum_{l=1}^{n} e^{x_l}", True, ""),
    (r"\frac{e^{x-m}}{e^{x-m}+e^{y-m}}", r"\frac{e^x}{e^x+e^y}", True, ""),
    (r"\frac{x}{\sqrt{d}}", r"\frac{x\sqrt{d}}{d}", True, "d"),
    (r"(x+y)^2", r"x^2+2xy+y^2", True, ""),
    (r"\sqrt{3+2\sqrt{2}}", r"1+\sqrt{2}", True, ""),
    (r"\cosh^2 x-\sinh^2 x", r"1", True, ""),
    (r"e^{-50}", r"e^{-60}", False, ""),
    (r"\sqrt{x^2}", r"x", False, ""),
    (r"|x|", r"x", False, ""),
    (r"1+10^{-12}", r"1", False, ""),
    (r"x+10^{-9}y", r"x", False, ""),
    (r"\frac{e^b}{2e^b+n-2}", r"\frac{1}{2}", False, "n"),
    (r"\frac{e^b}{2e^b+n-2}", r"\frac{e^b}{2e^b+n-1}", False, "n"),
    (r"\sum_{l=1}^{n} x_l", r"\sum_{l=1}^{n-1} x_l", False, ""),
    (r"\sum_{l=1}^{n} x_l", r"n x_i", False, ""),
    (r"\sin(\pi x)", r"0", False, ""),
    (r"\ln(x^2)", r"2\ln(|x|+1)", False, ""),
    (r"e^{x+y}", r"e^x+e^y", False, ""),
    (r"\tanh x", r"x-\frac{x^3}{3}", False, ""),
    (r"\pi", r"\frac{355}{113}", False, ""),
    (r"e^{\pi\sqrt{163}}", r"262537412640768744", False, ""),
    (r"\frac{x}{\sqrt{d}}", r"\frac{x}{d}", False, "d"),
)

MATH_VERIFY = textwrap.dedent(
    """
    import json, logging, sys, time
    logging.disable(logging.CRITICAL)
    from math_verify import parse, verify
    verify(parse("$1$"), parse("$1$"))
    for line in sys.stdin:
        left, right, limit = json.loads(line)
        start = time.perf_counter()
        try:
            one = parse(f"${left}$", parsing_timeout=limit)
            two = parse(f"${right}$", parsing_timeout=limit)
            word = "unread" if not one or not two else (
                "equal" if verify(one, two, timeout_seconds=limit) else "different")
        except Exception as error:
            word = "undecided"
        print(json.dumps([word, time.perf_counter() - start]), flush=True)
    """
)


PYCODEMATH = textwrap.dedent(
    """
    import json, sys, time
    from pycodemath.verify import check_equal
    words = {"verified": "equal", "refuted": "different", "undecided": "undecided"}
    for line in sys.stdin:
        left, right, limit = json.loads(line)
        start = time.perf_counter()
        try:
            word = words[check_equal(left, right, budget=limit).status.value]
        except Exception as error:
            word = "unread"
        print(json.dumps([word, time.perf_counter() - start]), flush=True)
    """
)
# name -> what runs it, and whether it is given text instead of LaTeX
PEERS = {"math-verify": (MATH_VERIFY, False), "pycodemath": (PYCODEMATH, True)}


@dataclass(frozen=True)
class LatexPair:
    left: str
    right: str
    equal: bool
    positive: tuple[str, ...]
    expressions: tuple[object, object] | None = None


def make_pairs(count: int, seed: int) -> list[LatexPair]:
    """Return the pairs by hand, then as many equal ones as unequal ones from the generators."""
    sys.path.insert(0, str(ROOT / "tests"))
    import symattn_pairs as made

    pairs = [LatexPair(a, b, same, tuple(letters)) for a, b, same, letters in BY_HAND][:count]
    half = (count - len(pairs) + 1) // 2
    generated = [*made.equal_pairs(half, seed), *made.unequal_pairs(half, seed)]
    random.Random(seed).shuffle(generated)
    for pair in generated[: count - len(pairs)]:
        free = pair.left.free_symbols | pair.right.free_symbols
        letters = tuple(sorted(s.name for s in free if s.is_positive and not s.is_integer))
        sides = [latex(e, ln_notation=True) for e in (pair.left, pair.right)]
        both = (pair.left, pair.right)
        pairs.append(LatexPair(sides[0], sides[1], pair.equal, letters, both))
    return pairs


def pairs_of(table: Path, count: int, seed: int) -> list[LatexPair]:
    """Return identities of a table and their first false twins, as many as are wanted."""
    pairs = []
    for line in table.read_text(encoding="utf-8").splitlines():
        left, right, options, *twins = (line.split("\t") + ["", ""])[: line.count("\t") + 3]
        kind, _, letters = options.partition("=")
        if line.startswith("#") or kind not in ("", "positive"):
            continue
        positive = tuple(filter(None, letters.split(",")))
        pairs.append(LatexPair(left, right, True, positive))
        pairs += [LatexPair(left, twin, False, positive) for twin in twins[:1] if twin]
    random.Random(seed).shuffle(pairs)
    return pairs[:count]


def by_symattn(pair: LatexPair, seconds: float) -> tuple[str, float]:
    start = time.perf_counter()
    verdict = equal(pair.left, pair.right, positive=pair.positive, seconds=seconds)
    spent = time.perf_counter() - start
    words = {"proved": "equal", "confirmed": "equal", "refuted": "different"}
    return words.get(verdict.verdict, verdict.verdict), spent


def by_equals(pair: LatexPair, seconds: float) -> tuple[str, float]:
    return by_sympy(pair, seconds, lambda left, right: left.equals(right))


def by_simplify(pair: LatexPair, seconds: float) -> tuple[str, float]:
    return by_sympy(pair, seconds, lambda left, right: simplify(left - right) == 0)


def expressions(pair: LatexPair) -> tuple[Any, Any]:
    if pair.expressions is not None:
        return pair.expressions
    sides = read_sides(pair.left, pair.right, Options(positive=pair.positive))
    return sides.left, sides.right


def by_sympy(
    pair: LatexPair, seconds: float, decide: Callable[[Any, Any], bool | None]
) -> tuple[str, float]:
    start = time.perf_counter()
    try:
        left, right = expressions(pair)
    except SymattnError:
        return "unread", time.perf_counter() - start
    start = time.perf_counter()
    try:
        with deadline(seconds):
            found = decide(left, right)
            word = "undecided" if found is None else "equal" if found else "different"
    except BudgetExceeded:
        word = "undecided"
    except Exception:  # noqa: BLE001 - whatever a peer raises, it has not decided
        word = "undecided"
    return word, time.perf_counter() - start


class Peer:
    """A package in an environment of its own; absent when it cannot be installed."""

    def __init__(self, name: str, directory: Path) -> None:
        worker, self.as_text = PEERS[name]
        venv.create(directory, with_pip=True)
        python = directory / "bin" / "python"
        install = [str(python), "-m", "pip", "install", "--quiet", name]
        subprocess.run(install, check=True, capture_output=True)
        show = [str(python), "-m", "pip", "list", "--format=json"]
        packages = json.loads(subprocess.run(show, check=True, capture_output=True).stdout)
        self.version = next(p["version"] for p in packages if p["name"] == name)
        self.process = subprocess.Popen(
            [str(python), "-c", worker],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __call__(self, pair: LatexPair, seconds: float) -> tuple[str, float]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        given = [pair.left, pair.right]
        if self.as_text:
            try:
                given = list(map(str, expressions(pair)))
            except SymattnError:
                return "unread", 0.0
        self.process.stdin.write(json.dumps([*given, int(seconds)]) + "\n")
        self.process.stdin.flush()
        word, spent = json.loads(self.process.stdout.readline())
        return word, spent

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def judged(word: str, same: bool) -> str:
    """Return right, wrong accept, wrong reject, or the word that is no judgement."""
    if word == "equal":
        return "right" if same else "wrong accept"
    if word == "different":
        return "wrong reject" if same else "right"
    return word


def measure(count: int, seed: int, seconds: float, table: Path | None = None) -> dict[str, object]:
    pairs = pairs_of(table, count, seed) if table is not None else make_pairs(count, seed)
    for pair in pairs[:5]:  # warm caches and imports for all of them
        by_symattn(pair, seconds)
        by_simplify(pair, seconds)
    found: dict[str, list[tuple[str, float]]] = {"symattn": [], "simplify": [], "equals": []}
    with tempfile.TemporaryDirectory() as directory:
        peers: dict[str, Peer] = {}
        said = []
        for name in PEERS:
            try:
                peers[name] = Peer(name, Path(directory) / name)
                said.append(f"{name} {peers[name].version}")
            except (subprocess.CalledProcessError, OSError) as error:
                said.append(f"{name} not installed: {error}")
        found.update({name: [] for name in peers})
        for pair in pairs:
            found["symattn"].append(by_symattn(pair, seconds))
            found["simplify"].append(by_simplify(pair, seconds))
            found["equals"].append(by_equals(pair, seconds))
            for name, peer in peers.items():
                found[name].append(peer(pair, seconds))
        for peer in peers.values():
            peer.close()
    own = [spent for _, spent in found["symattn"]]
    rows = {}
    for name, results in found.items():
        counts = Counter(
            judged(word, pair.equal) for (word, _), pair in zip(results, pairs, strict=True)
        )
        times = [spent for _, spent in results]
        rows[name] = {
            "pairs per second": round(len(times) / sum(times), 1),
            "median ms": round(1000 * statistics.median(times), 2),
            "median ratio": round(
                statistics.median(t / o for t, o in zip(times, own, strict=True)), 2
            ),
            **{
                word: counts.get(word, 0)
                for word in ("right", "wrong accept", "wrong reject", "undecided", "unread")
            },
        }
    wrong = [
        {"by": name, "left": pair.left, "right": pair.right, "equal": pair.equal}
        for name, results in found.items()
        for (word, _), pair in zip(results, pairs, strict=True)
        if judged(word, pair.equal).startswith("wrong")
    ]
    return {
        "pairs": len(pairs),
        "equal": sum(pair.equal for pair in pairs),
        "seed": seed,
        "peers": ", ".join(said),
        "rows": rows,
        "wrong": wrong,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each pair")
    parser.add_argument("--table", type=Path, help="identities with their false twins")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.pairs, options.seed, options.seconds, options.table)
    if options.json:
        print(json.dumps(found, indent=2))
        return
    print(f"{found['pairs']} pairs, {found['equal']} of them equal; peers: {found['peers']}")
    rows = found["rows"]
    assert isinstance(rows, dict)
    columns = list(next(iter(rows.values())))
    widths = [max(len(c), 8) for c in columns]
    print(" " * 12 + "  ".join(c.rjust(w) for c, w in zip(columns, widths, strict=True)))
    for name, row in rows.items():
        cells = [str(row[c]).rjust(w) for c, w in zip(columns, widths, strict=True)]
        print(name.ljust(12) + "  ".join(cells))


if __name__ == "__main__":
    main()
