r"""The sentence around a formula: what else it says of it.

A condition in dollars of its own counts as one inside the formula; a word that may turn what is said
round leaves it to a reader.
"""

from __future__ import annotations

import re

from symattn.latex.connectives import between
from symattn.latex.languages import english_words
from symattn.latex.lexical import Token
from symattn.latex.mixed import MATH, in_one_line

_ENDS = re.compile(
    r"[.!?;](?=\s|$)|[。！？；]|\n[ \t]*\n|\\\\|\$\$|\\[][]|\\item(?![a-z])(?:\[[^\]]*\])?|\\(?:begin|end)\b"
    r"|\\(?:(?:sub)*section|(?:sub)?paragraph|part|chapter)\*?\{[^{}]*\}|\*\*[^*\n]{1,60}\*\*"
)
_INDEX = re.compile(r"[a-z]\s*(?:\\(?:neq?|in|notin)(?![a-zA-Z])|≠|$)")
_CLOSING = re.compile(r"[\s.,;]*(?:\$|\\\))")
_RELATION = re.compile(r"[=<>]|\\(?:to|ll|gg|leq?|geq?|neq?|in|approx|sim|rightarrow)(?![A-Za-z])")
JOINING = frozenset(
    "with where for as and when if while whenever given provided assuming under that all every each any".split()
)
"""Between a formula and a condition that belongs to it."""
TURNING = frozenset(
    "not no never cannot can't doesn't isn't fail fails failed false wrong incorrect unless except "
    "without neither nor sometimes half otherwise instead arbitrary small tiny bounded fixed finite "
    "longer samples".split()
)
"""Words that may make another statement of the formula beside them."""
CONDITIONAL = frozenset(["if", "when", "whenever"])
"""Words before a formula: what stands in dollars between the two is its condition."""


def said_beside(text: str, start: int, end: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    r"""Return the conditions that a sentence joins to its formula, and the words that may turn it.

    start, end : of the formula in the text, without its dollars.

    >>> text = r"Take $q = \beta k$ with $\beta \gg 1/\epsilon$. It is not $c = 0$."
    >>> said_beside(text, 6, 17)
    (('\\beta \\gg 1/\\epsilon',), ())
    >>> at = text.index("c = 0")
    >>> said_beside(text, at, at + 5)
    ((), ('not',))
    """
    before = max((m.end() for m in _ENDS.finditer(text, max(0, start - 600), start)), default=0)
    before = max(before, start - 600, 0)
    closing = _CLOSING.match(text, end)
    end = closing.end() if closing else end
    after = _ENDS.search(text, end)
    close = min(after.start() if after else len(text), end + 600)
    conditions: list[str] = []
    turning: list[str] = []
    place, joined = end, True
    for found in MATH.finditer(text, end, close):
        between = text[place : found.start()].strip(" \n$,:\\)")
        beside = set(english_words(between))
        inside = (found[1] or found[2]).strip()
        if joined and "some" in beside and _INDEX.match(inside):
            turning.append("some")  # `for some j`, which is not for all
        joined = joined and beside <= JOINING
        if joined and _RELATION.search(inside):
            event = bool(beside & CONDITIONAL)
            conditions.append(rf"\text{{when }} {inside}" if event else inside)
        place = found.end()
    opening = text[before : max(start - 1, before)]
    if CONDITIONAL.intersection(english_words(MATH.sub(" ", opening))):
        said = [(m[1] or m[2]).strip() for m in MATH.finditer(opening)]
        if said and all(_RELATION.search(one) for one in said):
            conditions = [*(rf"\text{{when }} {one}" for one in said), *conditions]
        elif said:
            turning.append("when")
    plain = MATH.sub(" ", opening) + " " + MATH.sub(" ", text[end:close])
    words = english_words(plain)
    turning += [word for word in words if word in TURNING]
    return tuple(conditions), tuple(dict.fromkeys(turning))


def as_line(text: str, start: int, end: int) -> str:
    r"""Return the sentence of a formula as one line, its words as words; empty where that is not possible.

    start, end : of the formula in the text, without its dollars.

    >>> text = r"Then $c \approx v_i$ half of the time, and $c \approx v_j$ otherwise. So be it."
    >>> as_line(text, 6, 19)
    'c \\approx v_i \\text{ half of the time, and } c \\approx v_j \\text{ otherwise }'
    """
    before = max((m.end() for m in _ENDS.finditer(text, max(0, start - 600), start)), default=0)
    closing = _CLOSING.match(text, end)
    after = _ENDS.search(text, closing.end() if closing else end)
    close = after.start() if after else len(text)
    if before < start - 590 or close > end + 600:
        return ""
    if closing and re.search(r"[.!?;]", closing[0]):
        close = closing.end()
    return in_one_line(text[before:close])


def is_between(text: str, end: int) -> bool:
    r"""Tell whether the words behind a formula say what it jumps between.

    >>> is_between("$c$ jumps between $v_i$ and $v_j$", 2)
    True
    """
    behind = MATH.split(text[end : end + 60].lstrip("$\\) \n"))[0]
    words = " ".join(english_words(behind))
    return between(Token("text", words, 0, 0))


def is_condition(text: str, start: int) -> bool:
    r"""Tell whether the words just before a formula make it a condition of another.

    start : of the formula in the text, after its dollar.

    >>> text = r"If $a > 1$, then $b = 2$."
    >>> is_condition(text, text.index("a")), is_condition(text, text.index("b"))
    (True, False)
    """
    said = english_words(text[max(0, start - 60) : max(start - 1, 0)].rstrip("$ \\("))
    return bool(said) and said[-1] in CONDITIONAL | (JOINING - {"and", "that"})
