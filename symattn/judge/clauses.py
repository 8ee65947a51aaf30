r"""A line that says one thing under one event and another under another: each is judged by itself.

`c \approx v_i \text{ if } k_i \cdot \mu_i > 1, \text{ otherwise } c \approx v_j`, or the same by
\begin{cases}: an event on the keys is a condition of what stands beside it, and not of the rest.
"""

from __future__ import annotations

import re

from symattn.errors import ReadError
from symattn.latex.nodes import Name, SideCondition
from symattn.latex.statement import parse

_CASES = re.compile(r"\\begin\{cases\}(.*?)\\end\{cases\}\s*", re.DOTALL)
_HEADS = frozenset(["", "and", "so", "otherwise"])
_EVENTS = frozenset(["if", "when", "for", "where", "with"])
_DRAWN = frozenset(["c", "\\alpha"])
_OPPOSITE = {"<": r"\ge", "<=": ">", ">": r"\le", ">=": "<"}


def without_cases(latex: str) -> str:
    r"""Write cases that a line ends with as sentences.

    >>> without_cases(r"c \approx \begin{cases} v_i & g > 1 \\ v_j & \text{otherwise} \end{cases}")
    'c \\approx v_i \\text{ if } g > 1, v_j \\text{otherwise}'
    """
    found = _CASES.search(latex)
    if found is None or r"\begin" in found[1]:
        return latex
    rows = []
    for row in re.split(r"\\\\(?:\[[^\]]*\])?", found[1]):
        value, *condition = row.split("&")
        if not row.strip():
            continue
        if len(condition) != 1:
            return latex
        said = condition[0].strip().rstrip(",")
        joined = "" if said.startswith((r"\text", r"\mbox", r"\textrm")) else r"\text{ if } "
        rows.append(f"{value.strip().rstrip(',')} {joined}{said}")
    return latex[: found.start()] + ", ".join(rows) + latex[found.end() :]


def clauses(latex: str) -> list[str]:
    r"""Return what a line says, each with its own event; the line itself where that is one thing.

    >>> clauses(r"c \approx v_i \text{ if } g > 1 \text{ and } c \approx v_j \text{ if } g < 1")
    ['c \\approx v_i \\text{ if } g > 1', 'c \\approx v_j \\text{ if } g < 1']
    """
    try:
        statement = parse(latex)
    except ReadError:
        return [latex]  # where and why is said when it is judged
    first = SideCondition(
        "", statement.terms, statement.relations, statement.terms[0].start, statement.terms[-1].end
    )
    said = sorted((first, *statement.conditions), key=lambda c: c.start)
    heads, events, others = [], [], []
    for c in said:
        (one, *more) = c.relations or ("",)
        if (
            one in ("~~", "->", "=", "~=")
            and not more
            and c.word in _HEADS
            and _same(c, first, latex)
        ):
            heads.append(c)
        elif one in _OPPOSITE and not more and c.word in _EVENTS:
            events.append(c)
        else:
            others.append(c)
    if len(heads) < 2 or any(c.word == "otherwise" for c in heads[:-1]):
        return [latex]
    last = heads[-1]
    if last.word == "otherwise" and len(heads) == 2 and len(events) == 1:
        left, right = events[0].terms
        opposite = _OPPOSITE[events[0].relations[0]]
        ends = f"{latex[left.start : left.end]} {opposite} {latex[right.start : right.end]}"
        said_if = [latex[events[0].start : events[0].end], ends]
    elif len(heads) == len(events) and last.word != "otherwise":
        before = [c for c in said if c not in others][::2]
        if before not in (heads, events):
            return [latex]
        said_if = [latex[c.start : c.end] for c in events]
    else:
        return [latex]
    rest = "".join(rf"\text{{ {c.word or 'with'} }} {latex[c.start : c.end]}" for c in others)
    sign = latex[first.terms[0].end : first.terms[1].start]

    def said_of(c: SideCondition) -> str:
        left, right = (latex[x.start : x.end] for x in c.terms)
        return f"{left}{sign}{right}"

    return [
        rf"{said_of(c)} \text{{ if }} {event.strip()}" + rest for c, event in zip(heads, said_if)
    ]


def _same(c: SideCondition, first: SideCondition, latex: str) -> bool:
    """Whether two conditions say something of the same, or of weights and outputs, by one relation."""
    one, two = ("".join(latex[x.terms[0].start : x.terms[0].end].split()) for x in (c, first))
    drawn = all(type(x.terms[0]) is Name and x.terms[0].base in _DRAWN for x in (c, first))
    return c.relations == first.relations and (one == two or drawn)
