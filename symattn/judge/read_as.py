"""How a line was read, in the question's own notation: shown for right and wrong alike."""

from __future__ import annotations

from sympy import Basic

from symattn.judge.approach import names_of
from symattn.judge.bench import Bench
from symattn.judge.free_letters import free_indices
from symattn.latex.write import latex

SIGNS = {
    "~~": r"\approx", "~": r"\sim", "~=": r"\simeq", "->": r"\to", "<-": r"\leftarrow",
    "<=": r"\le", ">=": r"\ge", "<<": r"\ll", ">>": r"\gg", "!=": r"\ne", "=>": r"\implies",
    "<==": r"\impliedby", "<=>": r"\iff", "in": r"\in", "notin": r"\notin", "propto": r"\propto",
    ":=": ":=", "==": "=",
}  # fmt: skip
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
    line = bench.line
    if line.lone is not None and bench.seeks is not None:
        parts = [f"{latex(bench.seeks)} = {latex(line.lone)}"]
    else:
        parts = [
            _said(k.left, k.relation, k.right) + "".join(
                f" + {'o' if r.little else 'O'}({latex(r.size)})" for r in k.remainders
            )
            for k in line.links
        ]  # fmt: skip
    if line.query is not None and bench.seeks is not None:
        parts.append(_said(bench.seeks, "=", line.query))
    scale = bench.judged.scale
    if scale is not None:
        parts += [_said(scale, relation, bound) for relation, bound in line.bounds]
    parts += [names_of([a]) for a in line.approaches]
    parts += [_said(a, "=", b) for a, b in line.places if a != b]
    parts += [_said(a, "!=", b) for a, b in line.apart]
    parts += [f"for every {latex(x)}" for x in line.every]
    places = bench.judged.indices
    others = [p for p in free_indices(*line.terms) if p not in places[:1]]
    if bench.judged.goal is not None and others and not line.left_out:
        named = ", ".join(latex(p) for p in dict.fromkeys(others))
        parts.append(f"for every {named} other than {latex(places[0])}")
    if line.also:
        also = (f"{latex(a)} = {latex(b)}" for at in line.also for a, b in at.items())
        parts.append(f"{'and ' if line.generic else ''}for {', '.join(also)}")
    return list(dict.fromkeys(parts))


def _said(left: Basic, relation: str, right: Basic) -> str:
    if relation in ("=>", "<=>", "<=="):
        return SIGNS[relation]
    return f"{latex(left)} {SIGNS.get(relation, relation)} {latex(right)}"
