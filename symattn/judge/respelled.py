r"""Spellings that are turned into plainer ones before a line is read, each as long as it was.

`q \in \{\beta (k_i + k_j) : \beta \gg 1\}` says what q is and what \beta is; a sum over `\text{others}`
leaves out the pair; `\hat q`, `\tilde q` and `q'` may be a name for q.
"""

from __future__ import annotations

import re

from symattn.judge.judged import Judged
from symattn.latex.grammar.identifiers import ACCENT
from symattn.latex.names import Vocabulary, canonical
from symattn.latex.nodes import Name, Statement, names

_BUILT = re.compile(
    r"(?P<left>[^=<>&]*?)\\in\s*(?:\\left\s*)?\\(?:\{|lbrace)(?P<inside>.*)", re.DOTALL
)
_SUCH_THAT = re.compile(r":|\\mid(?![A-Za-z])|\\colon|\\,?\|\\,?")
_ENDS = re.compile(r"(?:\\right\s*)?\\(?:\}|rbrace)\s*$")
_OTHERS = re.compile(
    r"_\{\s*\\(?:text|mathrm|textrm)\{\s*(?:all )?(?:the )?(?:others?|rest|remaining)\s*\}\s*\}"
)


_LARGE = r"\\text\{[^}]*\b(?:large|constant)\b[^}]*\}"
_ALONE = r"(?:^|[,;}]|\\q?quad(?![a-z]))\s*"
_SIZED = re.compile(
    rf"{_ALONE}([a-z])\s*"
    rf"(?:\\gg|(?:\\to|\\rightarrow|\\uparrow|>|\\geq?)\s*(?:\\infty|\d)|{_LARGE})"
    rf"|(?:{_LARGE}|{_ALONE}\d\s*(?:\\ll|<))\s*([a-z])\s*(?=$|[,;]|\\ll|<)"
)


def own_scale(judged: Judged, words: Vocabulary, latex: str, unknown: str) -> dict[str, str]:
    r"""Return the scale for a vector of ours that a line says is large: it is a number of its own.

    `q = c (k_i + k_j), c \gg 1` does not speak of the output.
    """
    if judged.scale is None:
        return {}
    found = {one or other for one, other in _SIZED.findall(latex)}
    vectors = {
        name for name in found if (x := words.letter(name)) is not None and not x.is_commutative
    }
    return {name: str(judged.scale) for name in sorted(vectors - {unknown})[:1]}


def respelled(judged: Judged, words: Vocabulary, latex: str) -> str:
    r"""Write a set that is built, and a sum over the others, in plainer words of the same length."""
    return _without_builder(words, _with_others(judged, latex))


def _with_others(judged: Judged, latex: str) -> str:
    left_out = "i" if judged.goal is not None else "i,j"
    if len(judged.indices) < 2 or re.search(r"_\{?[a-hkm-z]", latex.replace(r"\text", "")):
        return latex  # the pair may have other names
    return _OTHERS.sub(lambda m: f"_{{l\\ne {left_out}}}".ljust(len(m[0])), latex)


def _without_builder(words: Vocabulary, latex: str) -> str:
    found = _BUILT.fullmatch(latex)
    ends = _ENDS.search(latex)
    if found is None or ends is None:
        return latex
    letter = words.letter(canonical(found["left"].strip()))
    if letter is None or letter.is_commutative:
        return latex
    start, inside = found.start("inside"), latex[found.start("inside") : ends.start()]
    level = 0
    for m in re.finditer(rf"\\?[{{(\[]|\\?[}})\]]|{_SUCH_THAT.pattern}", inside):
        mark = m[0].lstrip("\\")
        level += (mark in "{([") - (mark in "})]")
        if level < 0:
            return latex
        if level == 0 and _SUCH_THAT.fullmatch(m[0]):
            at = start + m.start()
            head = "=".ljust(start - found.end("left")) + latex[start:at]
            tail = ",".ljust(len(m[0])) + latex[at + len(m[0]) : ends.start()]
            return latex[: found.end("left")] + head + tail + " " * (len(latex) - ends.start())
    return latex


def named_otherwise(words: Vocabulary, statement: Statement) -> tuple[Vocabulary, str]:
    r"""Take `\hat q`, `\tilde q` or `q'` for q, where q itself does not stand in the line.

    Returns the words with it, and what was guessed; the guess counts only where the line is right then.
    """
    found = list(names(statement))
    bare = {x.base for x in found if not x.primes}
    first = statement.terms[0]
    for x in found:
        match = ACCENT.fullmatch(x.base)
        plain = match["plain"] if match else x.base if x.primes == 1 else ""
        letter = words.letter(plain) if plain and not x.indices else None
        if letter is None or letter.is_commutative or plain in bare or words.letter(x.text):
            continue
        if x.primes and not (type(first) is Name and first.text == x.text):
            continue  # a prime inside a product is a transpose
        return words.define(x.text, letter), f"{x.text} is taken as {plain}"
    return words, ""
