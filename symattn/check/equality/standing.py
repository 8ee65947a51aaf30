r"""What the names of a document stand for: `p_i = e^{z_i} / \sum_k e^{z_k}` is put in for each p_j."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Dummy, Expr, Integral, Product, Sum, Symbol

from symattn.algebra.symbols import of_kind
from symattn.errors import ReadError
from symattn.latex.meaning import read
from symattn.latex.names import Vocabulary, canonical


@dataclass(frozen=True)
class Standing:
    """A name and what it stands for.

    places : its indices, or its arguments where it is a function.
    """

    name: str
    latex: str
    places: tuple[str, ...] = ()
    function: bool = False


def put_in_place(words: Vocabulary, one: Standing) -> Vocabulary:
    r"""Return a vocabulary in which a name stands for its value.

    Raises
    ------
    ReadError, ShapeError : the value cannot be read.

    >>> words = put_in_place(Vocabulary(), Standing("f", "x^2", ("x",), True))
    >>> read("f(a)", words).terms[0]
    a**2
    """
    reading = read(one.latex, words)
    if reading.relations or len(reading.terms) != 1 or not isinstance(reading.terms[0], Expr):
        raise ReadError(f"what {one.name} stands for is no expression", one.latex, 0)
    value = _apart(reading.terms[0])
    if not one.places:
        return words.define(one.name, value)
    if one.function:
        return words.function(one.name, _at(value, one.places))
    return words.define(one.name, _at(value, one.places))


def _at(value: Expr, places: tuple[str, ...]) -> Callable[..., Expr]:
    """Return the value as a function of what stands in its places."""
    names = [canonical(place) for place in places]

    def put(*given: Any) -> Expr:
        if len(given) != len(names):
            raise ReadError(f"{len(names)} indices or arguments are expected")
        change = {s: x for name, x in zip(names, given) for s in _called(value, name)}
        return value.xreplace(change)

    return put


def _called(value: Expr, name: str) -> list[Symbol]:
    return [s for s in value.free_symbols if isinstance(s, Symbol) and s.name == name]


def _apart(value: Expr) -> Expr:
    """Return a value whose bound letters are no letters of the document."""
    change = {
        s: Dummy(s.name, **s.assumptions0)
        for e in of_kind((Sum, Product, Integral), value)
        for s in e.bound_symbols
        if isinstance(s, Symbol) and not isinstance(s, Dummy)
    }
    bound = {s for s in change if s not in value.free_symbols}
    return value.xreplace({s: d for s, d in change.items() if s in bound})


_NORMAL = re.compile(
    r"\\(?:mathcal|mathsf|mathrm|operatorname)\s?\{?\s?N(?:ormal)?\s?\}?\s*(?:\\left|\\big)?\s*\("
    r"|N\s?\(|\\mathcal\s?N\s?\("
)


def normal_law(text: str) -> tuple[str, str] | None:
    r"""Return the mean and the variance of `\mathcal{N}(\mu, \sigma^2)`; None for another law.

    A second parameter that looks like a deviation is not taken for a variance.

    >>> normal_law(r"\mathcal{N}(\mu, \sigma^2)"), normal_law(r"\mathcal{N}(0, \sigma)")
    (('\\mu', '\\sigma^2'), None)
    """
    opened = _NORMAL.match(text.strip())
    inside = text.strip()[opened.end() :].rstrip() if opened else ""
    inside = inside.removesuffix("\\right)").removesuffix(")")
    level, cuts = 0, []
    for at, c in enumerate(inside):
        level += (c in "([{") - (c in ")]}")
        if c in ",;" and level == 0:
            cuts.append(at)
    if opened is None or len(cuts) != 1 or level:
        return None
    mean, variance = inside[: cuts[0]].strip(), inside[cuts[0] + 1 :].strip()
    if not mean or not variance or re.search(r"I|\\Sigma|\\mathbf|\\bm|\\top", mean + variance):
        return None
    squared = re.search(r"\^\{?2", variance) is not None
    deviation = re.search(r"\\sigma|\bs\b|std|\\epsilon", variance) is not None
    return (mean, variance) if squared or not deviation else None


_DIVERGENCE = re.compile(
    r"(?:\\operatorname\s?\{(?:KL|D)\}|\\(?:mathrm|text|mathit)\s?\{KL\}|(?<![A-Za-z\\])D|(?<![A-Za-z\\])KL)"
    r"(?:_\s?(?:\{(?:\\(?:mathrm|text)\s?\{)?KL\}{1,2}))?\s*(?:\\left|\\big[lgr]*|\\Big[lgr]*)?\s*[(\[]"
)
_BAR = re.compile(r"(?:\\,|\\;|\\!|\s)*(?:\\\||\\Vert|\\parallel|\|\|)(?:\\,|\\;|\\!|\s)*")


def divergences(text: str) -> str:
    r"""Return LaTeX with the divergence of one normal law from another written out.

    Any other divergence stays as it is, and is not read.

    >>> divergences(r"\operatorname{KL}(\mathcal{N}(a, b^2) \| \mathcal{N}(0, 1)) + c")
    '\\frac{1}{2}\\left(\\log\\frac{1}{b^2}+\\frac{b^2+(a-(0))^2}{1}-1\\right) + c'
    """
    at = 0
    while (found := _DIVERGENCE.search(text, at)) is not None:
        at = found.end()
        end, level = at, 1
        while end < len(text) and level:
            level += (text[end] in "([{") - (text[end] in ")]}")
            end += 1
        inside = re.sub(r"\\right\s*$|\\[bB]ig[lgr]*\s*$", "", text[at : end - 1])
        parts = _BAR.split(inside)
        laws = [normal_law(part) for part in parts]
        if level or len(laws) != 2 or laws[0] is None or laws[1] is None:
            continue
        (m, v), (k, w) = laws[0], laws[1]
        made = rf"\frac{{1}}{{2}}\left(\log\frac{{{w}}}{{{v}}}+\frac{{{v}+({m}-({k}))^2}}{{{w}}}-1\right)"
        text = text[: found.start()] + made + text[end:]
        at = found.start() + len(made)
    return text
