"""LaTeX formulas as MathML Core, the part of MathML that browsers lay out.

The conversion itself is latex2mathml's. It passes over what it does not know in silence, and writes
some of MathML 3 that browsers have dropped; here the first is an error and the second is mended.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element, SubElement, tostring

from symattn.errors import OutputError
from symattn.pages.formula import check

_ARITY = {
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "msubsup": 3,
    "munder": 2,
    "mover": 2,
    "munderover": 3,
}
_SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
_TAGS = {*_ARITY, *"math mrow mi mn mo mtext mspace msqrt mtable mtr mtd mstyle mpadded".split()}
_TAGS.add("mphantom")
_ATTRIBUTES = set(
    "accent accentunder columnalign depth displaystyle fence form height largeop linethickness lspace"
    " mathvariant maxsize minsize movablelimits rspace scriptlevel separator stretchy symmetric width".split()
)
_SIZES = {"depth", "height", "linethickness", "lspace", "maxsize", "minsize", "rspace", "width"}
_UNITS = {"em": 1.0, "ex": 0.5, "mu": 1 / 18, "pt": 0.1, "px": 0.0625, "mm": 0.28, "cm": 2.8}
_SIZE = re.compile(rf"([+-]?\d{{1,4}}(?:\.\d*)?|[+-]?\.\d+)({'|'.join(_UNITS)})?")
_WITH_LIMITS = {"lim", "max", "min", "sup", "inf", "argmax", "argmin"}
_LETTERS = set("∞∅∂∇⊤⊥…⋯⋮⋱∀∃¬′ℵ°")  # written as mo or with operator spacing; letters in fact
_NAMES = {
    **{r"\{": "{", r"\}": "}", r"\|": "‖", r"\lVert": "‖", r"\rVert": "‖", r"\lvert": "|"},
    **{r"\rvert": "|", r"\langle": "⟨", r"\rangle": "⟩"},
    **{"argmax": "arg\u2009max", "argmin": "arg\u2009min"},
}
# First letters of Unicode's mathematical alphabets: capitals, small letters, Greek, digits.
_ALPHABETS = {
    "bold": {"A": 0x1D400, "a": 0x1D41A, "Α": 0x1D6A8, "α": 0x1D6C2, "0": 0x1D7CE},
    "bold-italic": {"A": 0x1D468, "a": 0x1D482, "Α": 0x1D71C, "α": 0x1D736, "0": 0x1D7CE},
    "sans-serif": {"A": 0x1D5A0, "a": 0x1D5BA, "0": 0x1D7E2},
    "monospace": {"A": 0x1D670, "a": 0x1D68A, "0": 0x1D7F6},
}
_SPANS = {"A": 26, "a": 26, "Α": 25, "α": 25, "0": 10}
_REWRITTEN = (
    (re.compile(r"\\(begin|end)\{aligned\}"), r"\\\1{split}"),
    (re.compile(r"\\(begin|end)\{gathered\}"), r"\\\1{matrix}"),
    (re.compile(r"\\operatorname\*?\{arg(?:\\,| )(max|min)\}"), r"\\operatorname{arg\1}"),
    (re.compile(r"\\operatorname\*"), r"\\operatorname"),
    (re.compile(r"\\arg(?![A-Za-z])"), r"\\operatorname{arg}"),
    (re.compile(r"\\mathrm(?=\{[A-Za-z]+\})"), r"\\operatorname"),
    (re.compile(r"\\eqref|\\label|\\tag"), r"\\unsupported"),
)


@lru_cache(maxsize=4096)
def inline(latex: str) -> str:
    """Return a formula inside a line as a ``<math>`` element.

    Raises
    ------
    OutputError : naming the formula, when it cannot be shown on a web page.

    >>> inline("q")
    '<math><mi>q</mi></math>'
    """
    return _write([as_row(latex)], display=False)


@lru_cache(maxsize=4096)
def display(rows: Sequence[tuple[str, str]]) -> str:
    """Return a displayed ``<math>``: one row plain, more as a table aligned between the pairs.

    Parameters
    ----------
    rows : pairs (left, relation and right); either side may be empty.

    Raises
    ------
    OutputError : naming the formula, when it cannot be shown on a web page.

    >>> display((("a", "= b"),))
    '<math display="block"><mi>a</mi><mo form="infix">=</mo><mi>b</mi></math>'
    """
    if len(rows) == 1:
        left, right = rows[0]
        return _write([as_row(left), _relation(right)], display=True)
    table = Element("mtable", {"displaystyle": "true", "class": "aligned"})
    for left, right in rows:
        line = SubElement(table, "mtr")
        SubElement(line, "mtd").append(as_row(left))
        SubElement(line, "mtd").append(_relation(right))
    return _write([table], display=True)


def _write(parts: Sequence[Element], display: bool) -> str:
    root = Element("math", {"display": "block"} if display else {})
    for part in parts:
        if part.tag == "mrow" and not part.attrib:
            root.extend(list(part))
        else:
            root.append(part)
    return tostring(root, encoding="unicode", short_empty_elements=False)


def _relation(latex: str) -> Element:
    row = as_row(latex)
    if len(row) and row[0].tag == "mo":
        row[0].set("form", "infix")  # not a sign, though it stands first
    return row


def as_row(latex: str) -> Element:
    """Return the mrow of a formula, checked and mended.

    Raises
    ------
    OutputError : naming the formula, when it cannot be shown on a web page.
    """
    from latex2mathml.converter import convert_to_element

    if not latex.strip():
        return Element("mrow")
    check(latex)
    source = latex
    for pattern, new in _REWRITTEN:
        source = pattern.sub(new, source)
    try:
        row = convert_to_element(source, display="block")[0]
    except Exception as error:  # its own errors have no common base but Exception
        reason = str(error) or type(error).__name__
        raise _refusal(latex, f"latex2mathml says {reason}") from error
    for element in row.iter():
        _mend(element, latex)
    for element in [e for e in row.iter() if e.tag in ("mrow", "mtd", "mstyle", "msqrt")]:
        _space_functions(element)
    for element in row.iter():
        if element.tag in _SCRIPTS:
            _tighten(element[1:])
    return row


def _refusal(latex: str, reason: str) -> OutputError:
    return OutputError(
        f"the formula {latex!r} cannot be shown on the web page: {reason}",
        "write it with commands that both amsmath and latex2mathml know",
    )


def _mend(element: Element, latex: str) -> None:
    if element.tag not in _TAGS:
        raise _refusal(latex, f"browsers have no <{element.tag}>")
    if len(element) != _ARITY.get(element.tag, len(element)):
        raise _refusal(latex, f"an argument of <{element.tag}> is missing")
    if element.get("linebreak"):
        raise _refusal(latex, "a line break outside an environment")
    for name in set(element.attrib) - _ATTRIBUTES:  # colours, links, styles, sizes of letters
        del element.attrib[name]
    for name in _SIZES & set(element.attrib):
        if not _is_small(element.attrib[name]):
            del element.attrib[name]
    align = element.attrib.pop("columnalign", None)
    if align:
        element.set("class", align)
    if element.tag == "mtable" and any(td.get("columnalign") == "right" for td in element.iter()):
        element.set("class", "aligned")
    if element.get("width") == "negativethinmathspace":
        element.set("width", "-0.167em")
    if element.tag == "mpadded" and element.get("width", "").startswith("+"):
        # The label of an arrow that stretches: relative widths are gone, spaces do the same.
        element.tag, inner = "mrow", list(element)
        element.attrib.clear()
        for child in inner:
            element.remove(child)
        side = {"width": "0.4em"}
        element.extend([Element("mspace", side), *inner[:-1], Element("mspace", side)])
    if element.text is not None:
        _mend_text(element, latex)
    if element.tag in ("msub", "msup", "msubsup") and (element[0].text or "") in _WITH_LIMITS:
        element.tag = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}[element.tag]
        element[0].set("movablelimits", "true")


def _is_small(size: str) -> bool:
    """Tell whether a space moves what stands beside it only a little; names of spaces do.

    >>> _is_small("-0.167em"), _is_small("18mu"), _is_small("-9999em"), _is_small("1e9em")
    (True, True, False, False)
    """
    found = _SIZE.fullmatch(size)
    if found is None:
        return size.isalpha()
    return -0.5 <= float(found[1]) * _UNITS[found[2] or "em"] <= 4


def _mend_text(element: Element, latex: str) -> None:
    # Each text is an entity, or one token of the source.
    text = unescape(element.text or "")
    text = _NAMES.get(text, text)
    if "\\" in text or (text == "&" and r"\&" not in latex):
        raise _refusal(latex, f"{text!r} is not known there")
    variant = element.attrib.pop("mathvariant", None)
    if variant == "normal" and element.tag == "mi":
        element.set("mathvariant", "normal")
    elif variant not in (None, "normal"):
        text = "".join(_letter(char, variant, latex) for char in text)
    if element.tag == "mi" and "Α" <= text <= "Ω":
        element.set("mathvariant", "normal")  # TeX's Greek capitals stand upright
    if element.tag == "mi" and len(text) == 1 and text not in _LETTERS:
        text = _mend_sign(element, text)
    elif element.tag == "mo" and text in _LETTERS and text:
        _make_letter(element, upright=text == "∇")
    if element.tag == "mo":
        _mend_operator(element, text, latex)
    element.text = text


def _make_letter(element: Element, upright: bool) -> None:
    element.tag = "mi"
    element.attrib.clear()
    if upright:
        element.set("mathvariant", "normal")


def _mend_sign(element: Element, text: str) -> str:
    """Make an operator of a sign that is set as a letter; return it as it is set."""
    if text == "~":
        element.tag, text = "mo", "∼"
    elif text == ":":
        element.tag = "mo"
        element.attrib.update(lspace="0", rspace="0.3em")
    elif unicodedata.category(text) in ("Sm", "Ps", "Pe", "So"):
        element.tag = "mo"
        if text in "⟨⟩":
            element.set("stretchy", "false")
    return text


def _mend_operator(element: Element, text: str, latex: str) -> None:
    if text in ("|", "‖") and not element.get("form"):
        # \middle and \bigl choose their size
        element.set("stretchy", "true" if element.get("fence") == "true" else "false")
        element.attrib.update(lspace="0", rspace="0")
    elif text == "/" or (text[:1].isalpha() and len(text) > 1):
        element.attrib.update(lspace="0", rspace="0")
    elif text.isalpha():
        _make_letter(element, upright=True)
    elif not text and not element.get("fence"):
        raise _refusal(latex, "an operator without a name")


def _letter(char: str, variant: str, latex: str) -> str:
    for first, start in _ALPHABETS.get(variant, {}).items():
        offset = ord(char) - ord(first)
        if 0 <= offset < _SPANS[first]:
            return chr(start + offset)
    if char.isalnum():
        raise _refusal(latex, f"{char!r} in {variant}")
    return char


def _space_functions(row: Element) -> None:
    """Set a thin space between a function's name (ln, Var, max) and a letter beside it."""
    before: Element | None = None
    spaced: list[Element] = []
    for child in list(row):
        if before is not None and _needs_space(before, child):
            spaced.append(Element("mspace", {"width": "0.167em"}))
        spaced.append(child)
        before = child
    for child in list(row):
        row.remove(child)
    row.extend(spaced)


def _tighten(scripts: Sequence[Element]) -> None:
    """Take the space around operators in scripts, as TeX does."""
    for script in scripts:
        for inner in script.iter("mo"):
            if not inner.get("fence"):
                inner.attrib.update(lspace="0", rspace="0")


def _needs_space(left: Element, right: Element) -> bool:
    if left.tag == "mspace" or right.tag == "mspace":
        return False
    if _is_function(left):
        beside_limits = len(left) > 1 and right.tag == "mrow"
        return _is_function(right) or beside_limits or not _opens_with_operator(right)
    return _is_function(right) and left.tag != "mo"


def _is_function(element: Element) -> bool:
    while element.tag in _SCRIPTS:
        element = element[0]
    text = element.text or ""
    return element.tag in ("mi", "mo") and len(text) > 1 and text[0].isascii() and text[0].isalpha()


def _opens_with_operator(element: Element) -> bool:
    for inner in _first(element):
        if inner.tag == "mo":
            return not _is_function(inner)
    return False


def _first(element: Element) -> Iterator[Element]:
    """Yield an element and the first child of each first child."""
    yield element
    while len(element) and element.tag in ("mrow", "msub", "msup", "msubsup", "mstyle"):
        element = element[0]
        yield element
