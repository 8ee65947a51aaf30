"""How a line was read, in the question's own notation: shown for right and wrong alike."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Basic, Expr

from symattn.algebra.attention import n as N
from symattn.judge.approach import names_of
from symattn.judge.bench import Bench
from symattn.judge.candidates import growing
from symattn.judge.free_letters import free_indices
from symattn.judge.line import Line, Link, Unclear
from symattn.judge.links import proposed
from symattn.kernel.approaches import Approach
from symattn.latex.write import latex

SIGNS = {
    "~~": r"\approx", "~": r"\sim", "~=": r"\simeq", "->": r"\to", "<-": r"\leftarrow",
    "<=": r"\le", ">=": r"\ge", "<<": r"\ll", ">>": r"\gg", "!=": r"\ne", "=>": r"\implies",
    "<==": r"\impliedby", "<=>": r"\iff", "in": r"\in", "notin": r"\notin", "propto": r"\propto",
    ":=": ":=", "==": "=",
}  # fmt: skip
IMPLIES = ("=>", "<=>", "<==")
ARROWS = (r"\implies", r"\impliedby", r"\iff")
_FAILURES = (AttributeError, NotImplementedError, TypeError, ValueError)


def read_as(bench: Bench) -> str:
    r"""Return the relations of a line as they were judged, with what it says of letters and places.

    Letters of its own are written as what they were taken for, and a condition in (b) as one for
    every other index; what is not read is no part of it.
    """
    try:
        said = ", ".join(_parts(bench))
    except _FAILURES:
        return ""  # what has no LaTeX of ours
    for arrow in ARROWS:
        said = said.replace(f", {arrow}, ", f" {arrow} ")
    return said


def _parts(bench: Bench) -> list[str]:
    line = bench.said or bench.line
    if line.lone is not None and bench.seeks is not None:
        parts = [f"{latex(bench.seeks)} = {latex(line.lone)}"]
    else:
        parts = _chained(line.links)
    if line.query is not None and bench.seeks is not None:
        parts.append(_said(bench.seeks, "=", line.query))
    scale = bench.judged.scale
    if scale is not None:
        parts += [
            _said(scale, relation, bound)
            for relation, bound in line.bounds
            if not (line.sign_open and relation in (">>", ">"))
        ]
        parts += [_said(scale, "=", line.at_scale)] if line.at_scale is not None else []
    if line.sign_open:
        parts.append(line.sign_open)
    else:
        parts += [names_of([a]) for a in (*line.approaches, *_shrinking(bench, line))]
    parts += [_said(N, relation, number) for relation, number in line.count]
    parts += [_said(a, "=", b) for a, b in line.places if a != b]
    parts += [_said(a, "!=", b) for a, b in line.apart]
    if line.members and bench.judged.place is not None:
        members = ", ".join(map(latex, line.members))
        parts.append(rf"{latex(bench.judged.place)} \in \{{{members}\}}")
    parts += [rf"\forall {latex(x)}" for x in line.every]
    parts += [h.latex.replace("$", "") for h in line.hypotheses]
    parts = list(dict.fromkeys([*parts, *_quantified(bench, line)]))
    if bench.events:
        parts[0] += r" \text{ if } " + ", ".join(_said(*event) for event in bench.events)
    return parts


def _chained(links: Sequence[Link]) -> list[str]:
    """Write relations, those that begin where the last one ended as one chain."""
    parts: list[str] = []
    before: Basic | None = None
    for k in links:
        rest = "".join(f" + {'o' if r.little else 'O'}({latex(r.size)})" for r in k.remainders)
        if before is not None and k.left == before and k.relation not in ("<-", *IMPLIES):
            parts[-1] += f" {SIGNS.get(k.relation, k.relation)} {latex(k.right)}{rest}"
        else:
            parts.append(_said(k.left, k.relation, k.right) + rest)
        before = None if rest or k.relation in ("<-", *IMPLIES) else k.right
    return parts


def _quantified(bench: Bench, line: Line) -> list[str]:
    """Say of which indices a line is said: of every other one in (b), or of those that it names."""
    places = bench.judged.indices
    others = [p for p in free_indices(*line.terms) if p not in places[:1]]
    if bench.judged.goal is not None:
        if not others:
            return []
        first, *rest = [latex(p) for p in dict.fromkeys(others)]
        out = ", ".join(latex(p) for p in dict.fromkeys((places[0], *line.left_out)))
        return [rf"\forall {first} \ne {out}", *(rf"{p} \ne {out}" for p in rest)]
    said: dict[Basic, list[Basic]] = {}
    for renaming in line.also:
        for index, other in renaming.items():
            said.setdefault(index, [index] if line.generic else []).append(other)
    return [rf"{latex(a)} \in \{{{', '.join(map(latex, bs))}\}}" for a, bs in said.items()]


def _shrinking(bench: Bench, line: Line) -> list[Approach]:
    """Return that the scale vanishes, where a query without a word of it asks for that."""
    scale, lone = line.scale, line.lone
    if lone is None and len(line.links) == 1 and isinstance(line.links[0].right, Expr):
        (link,) = line.links
        lone = proposed(bench, link.left, link.relation, link.right)  # type: ignore[arg-type]
    if lone is None or scale not in lone.free_symbols or line.approaches or line.bounds:
        return []
    try:
        found = growing(bench.question, line, lone)
    except Unclear:
        return []
    return [found] if found.point == 0 else []


def _said(left: Basic, relation: str, right: Basic) -> str:
    if relation in IMPLIES:
        return SIGNS[relation]
    if relation == "<-":
        left, relation, right = right, "->", left
    return f"{latex(left)} {SIGNS.get(relation, relation)} {latex(right)}"
