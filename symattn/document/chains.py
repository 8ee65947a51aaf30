r"""What a formula states: chains of relations, one beside another, and the words between them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from symattn.check.equality.named_laws import written_out
from symattn.check.equality.spellings import is_entropy
from symattn.check.equality.spellings import spelled as spelled_out
from symattn.errors import ReadError
from symattn.latex import nodes as n
from symattn.latex.cursor import FUNCTION_LETTERS
from symattn.latex.names import spelled
from symattn.latex.statement import parse
from symattn.latex.tree import PICKS
from symattn.submission.rows import outline, trimmed

_TOKEN = re.compile(
    r"\\(?P<edge>begin|end)\{[a-z]+\*?\}|\\(?:left|right)(?![A-Za-z])\s?(?:\\[{}|]|.)?"
    r"|(?P<text>\\(?:text|mbox|textrm|textit|intertext)\s?\{(?P<said>[^{}]*)\})"
    r"|(?P<blank>\\(?:quad|qquad)(?![A-Za-z]))|\\[A-Za-z]+|(?P<open>\\\{|[{(\[])|(?P<close>\\\}|[})\]])|\\."
    r"|(?P<mark>[,;])",
    re.S,
)
_RANGE = re.compile(r"\s*(?:\\[lc]?dots|\\[lc]dots[a-z]?)")
_MEMBER = ("in", "~", "notin", "subset")
CONDITION = re.compile(
    r"\b(?:for|where|with|if|when|as|given|provided|all|since|because|on)\b", re.I
)


@dataclass(frozen=True)
class Stated:
    """One chain: its sides, the relations between them, the words before it, and its conditions.

    opens : it begins with a relation, so that its left side stands before.
    ranged : the letters that run over whole numbers, as `i` in `i = 1, \\dots, n`.
    """

    sides: tuple[str, ...]
    relations: tuple[str, ...]
    word: str = ""
    opens: bool = False
    ranged: tuple[str, ...] = ()


def stated(latex: str) -> list[Stated]:
    r"""Return the chains of a formula.

    >>> [(s.sides, s.relations) for s in stated(r"a = b = c, \qquad d < 2")]
    [(('a', 'b', 'c'), ('=', '=')), (('d', '2'), ('<',))]
    """
    found: list[Stated] = []
    listed: list[str] = []  # `u` and `v` of `u, v \in X`
    skipping = False
    for word, part in _parts(latex):
        if _RANGE.match(part) and found:
            skipping = True
            last = found[-1]
            if len(last.sides) == 2 and last.sides[1].isdigit():  # i = 1, \dots, n
                found[-1] = Stated((), (), last.word, False, (last.sides[0],))
            continue
        seen = outline(part)
        if not seen.relations:
            if skipping or not part.strip():
                continue
            listed.append(part)
            continue
        skipping = False
        ends = [*(r.start for r in seen.relations[1:]), len(part)]
        sides = [trimmed(part[: seen.relations[0].start])]
        sides += [trimmed(part[r.end : stop]) for r, stop in zip(seen.relations, ends)]
        kinds = tuple(r.kind for r in seen.relations)
        for name in listed if kinds[0] in (*_MEMBER, ">", "<", ">=", "<=") else []:
            found.append(Stated((name.strip(), *sides[1:]), kinds, word))
        listed = []
        opens = not sides[0]
        found.append(Stated(tuple(sides), kinds, word, opens))
    if listed and not found:
        found += [Stated((text.strip(),), ()) for text in listed]
    return found


def _parts(latex: str) -> Iterator[tuple[str, str]]:
    """Yield what stands between commas, wide blanks and words, each with the words before it."""
    level = start = 0
    word = ""
    for match in _TOKEN.finditer(latex):
        if match["edge"]:
            level += 1 if match["edge"] == "begin" else -1
        elif match["open"]:
            level += 1
        elif match["close"]:
            level = max(0, level - 1)
        elif level == 0 and (match["mark"] or match["blank"] or match["text"]):
            part = trimmed(latex[start : match.start()])
            if part:
                yield word, part
                word = ""
            word = match["said"] if match["text"] else word
            start = match.end()
    part = trimmed(latex[start:]).rstrip(".").rstrip()
    if part:
        yield word, part


@lru_cache(maxsize=2048)
def parsed(latex: str, functions: Collection[str] = FUNCTION_LETTERS) -> n.Statement | None:
    """Return the tree of a side or a relation; None where it cannot be read."""
    for text in dict.fromkeys((latex, _written_out(latex))):
        try:
            return parse(text, functions)
        except ReadError:
            continue
    return None


def _written_out(latex: str) -> str:
    """Return LaTeX with the spellings of the field and its named laws as they are compared."""
    return written_out(spelled_out([latex])[0][0]).text


Operation = Literal["", "weak", "strong"]
_STRONG = (n.Derive, n.Slope, n.StatisticOf)
_OF_MANY = (n.Transpose, n.Invert, n.EntryOf)
_WEAK = (n.Big, n.Integrate, n.Limit, n.NormBars, n.Apply)


def operation(side: str) -> Operation:
    r"""Say whether a side asks for something to be worked out, as a derivative or a sum does.

    What stands on the other side of a strong one is hardly ever a condition on its letters.

    >>> operation(r"\frac{d}{dx} x^2"), operation("(A B)^{-1}"), operation("A B")
    ('strong', 'strong', '')
    """
    if is_entropy(side):
        return "strong"
    tree = parsed(side)
    if tree is None or len(tree.terms) != 1:
        return ""
    term = tree.terms[0]
    picks = type(term) is n.Big and term.kind in PICKS
    if type(term) in _STRONG or picks or tree.source != side:  # as a law that is written out
        return "strong"
    if type(term) is n.Power and type(term.base) is n.NormBars:
        sums = any(True for _ in n.every(term.base, n.Plus))
        return "weak" if sums else ""
    body = getattr(term, "body", None)
    if type(term) in _OF_MANY and len({x.base for x in n.names(body)}) > 1:
        return "strong"
    if type(term) is n.Apply and term.function in ("tr", "det"):
        return "strong"
    return "weak" if isinstance(term, _WEAK) else ""


def spelled_letters(*sides: str) -> dict[str, bool]:
    """Return the letters of sides that need not be readable, as they are spelled."""
    found: dict[str, bool] = {}
    for side in sides:
        found |= letters(side) or dict.fromkeys(
            _SPELLED.findall(_OTHER_WORDS.sub(" ", side)), False
        )
    return found


_OTHER_WORDS = re.compile(
    r"\\(?:begin|end|operatorname\*?|text|mathrm|mathbb|mathcal)\s?\{[^}]*\}"
    r"|\\(?![a-z]*(?:alpha|beta|gamma|delta|epsilon|eta|theta|lambda|mu|nu|xi|pi|rho|sigma|tau|phi"
    r"|chi|psi|omega|kappa|zeta|Sigma|Lambda|Theta|Phi|Psi|Omega|Gamma|Delta)\b)[A-Za-z]+"
)
_SPELLED = re.compile(r"\\[A-Za-z]+|[A-Za-z]")


def letters(*sides: str) -> dict[str, bool] | None:
    r"""Return the letters of some sides without their indices, and whether each has any; or None.

    >>> letters(r"x_i + a"), letters(r"\frac{")
    ({'x': True, 'a': False}, None)
    """
    found: dict[str, bool] = {}
    for side in sides:
        own = _letters(side)
        if own is None:
            return None
        for key, numbered in own.items():
            found[key] = found.get(key, False) or numbered
    return found


@lru_cache(maxsize=2048)
def _letters(side: str) -> dict[str, bool] | None:
    """Return the letters of one side; what is returned is kept, and not to be changed."""
    tree = parsed(side)
    if tree is None:
        return None
    found: dict[str, bool] = {}
    places = _places(tree)
    for name in n.names(tree):
        if (name.start, name.end) in places:
            continue
        numbered = bool(name.indices) and not any(
            type(i) is n.Number or (type(i) is n.Name and i.base.startswith("\\mathrm"))
            for i in name.indices
        )
        key = name.base if numbered or not name.indices else spelled(name, side)
        found[key] = found.get(key, False) or numbered
    for here in n.every(tree, n.Apply):
        if len(here.function) == 1 or here.function[0] == "\\":
            found.setdefault(here.function, False)
    return found


def applied(*sides: str) -> set[str]:
    r"""Return the single letters that stand as functions before a bracket.

    >>> applied(r"\sigma(x) + \sigma y + \exp(z)")
    {'\\sigma'}
    """
    trees = [tree for side in sides if (tree := parsed(side)) is not None]
    names = {here.function for tree in trees for here in n.every(tree, n.Apply)}
    return {name for name in names if len(name) == 1 or name[0] == "\\"}


def _places(tree: n.Statement) -> set[tuple[int, int]]:
    """Return where the indices stand, which are no letters of their own, and bound ones."""
    places: set[tuple[int, int]] = set()
    bound: set[str] = set()
    for name in n.names(tree):
        places |= {(x.start, x.end) for index in name.indices for x in n.names(index)}
    stack: list[object] = [tree]
    while stack:
        here = stack.pop()
        if type(here) is n.Big:
            own = [x for domain in here.domains for x in n.names(domain.letter)]
            places |= {(x.start, x.end) for x in own}
            # what `\\argmin_w` goes over has the kind that is said of w
            bound |= {x.base for x in own if here.kind not in PICKS}
        elif type(here) is n.Integrate:
            bound.add(here.variable.base)
        elif type(here) is n.Apply and here.function == "valueat":
            bound |= {x.base for x in n.names(here.arguments[1:2])}
        elif type(here) is n.EntryOf:
            places |= {(x.start, x.end) for index in here.indices for x in n.names(index)}
        stack.extend(n.inside(here))
    places |= {(x.start, x.end) for x in n.names(tree) if x.base in bound and not x.indices}
    return places
