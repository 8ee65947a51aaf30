r"""Spellings of the field that are written out as something else before a side is read.

`[i = j]` is an indicator, `\frac{d}{dx} f |_{x = a}` a value at a point, `\Phi^{-1}` the quantile
function, and entropies of letters are sums of what the letters share.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import combinations

from symattn.check.equality.named_laws import closed

QUANTILE = r"\Phi^{-1}(..) is read as the quantile function of the normal law"
SHARED = "entropies are written as sums of what is shared, and of nothing else"
AT = "a bar with a point below it is read as the value there of the whole term before it"
MOST_LETTERS = 4  # of which entropies are taken together

_OPEN = r"(?:\\left|\\[bB]ig{1,2}l?)?\s*"
_SHUT = r"\s*(?:\\right|\\[bB]ig{1,2}r?)?\s*"
_UPRIGHT = r"\\(?:math(?:rm|bb|bf|sf|ds)|operatorname\*?|mathop|text)\s*"
_BRACKET = re.compile(rf"{_OPEN}\[(?P<inside>[^\[\]]*?){_SHUT}\]")
_TESTS = re.compile(r"(?<![:<>!])=|[<>]|\\(?:neq?|leq?|geq?|in|notin)(?![a-z])")
_TAKES_A_BRACKET = re.compile(
    r"(?:\\math\w+\s*\{?\s*\w\s*\}?|\\operatorname\*?\s*\{\w+\}|\\(?:Pr|in|notin|subset)|[PEI]|[A-Za-z\]]\s*_\{?\w+\}?)\s*$"
)
_QUANTILE = re.compile(r"\\Phi\s*\^\s*\{\s*-\s*1\s*\}(?=\s*(?:\\left|\\[bB]ig{1,2}l?)?\s*[(\[])")
_POINT = re.compile(
    r"(?P<sized>\\(?:right|[bB]ig{1,2}[rg]?)\s*)?(?:\||\\vert|\\rvert)\s*_\s*"
    r"\{\s*(?P<letter>[A-Za-z]|\\[a-z]+)\s*=(?P<value>(?:[^{}]|\{[^{}]*\})*)\}"
)
_ENTROPY = re.compile(
    rf"(?:{_UPRIGHT}\{{?(?P<upright>H|I|MI)\}}?|(?<![A-Za-z\\{{])(?P<bare>H|I|MI))\s*{_OPEN}\("
)
_MEMBER = re.compile(r"[A-Z](?:_\{?\w\}?)?")


def spelled(sources: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    r"""Return sides as they are read, what that took for granted, and letters that are positive.

    >>> spelled([r"\sum_{i=1}^n [i = j] x_i"])[0]
    ['\\sum_{i=1}^n\\mathbf{1}[i = j] x_i']
    """
    notes: dict[str, None] = {}
    made = [_one(source, notes) for source in sources]
    made, letters = _entropies(made)
    if letters:
        notes[SHARED] = None
    return made, list(notes), letters


def _one(source: str, notes: dict[str, None]) -> str:
    if "[" in source:
        source = _BRACKET.sub(_indicator(source), source)
    if "Phi" in source and _QUANTILE.search(source):
        notes[QUANTILE] = None
        source = _QUANTILE.sub(r"\\operatorname{probit}", source)
    while (point := _POINT.search(source)) is not None:
        begin = _term_before(source, point)
        if begin is None:
            return source
        notes[AT] = None
        body = source[begin : point.start()]
        body = re.sub(r"^\s*\\(?:left|[bB]ig{1,2}l?)\s*\.", "", body)
        said = rf"\operatorname{{valueat}}({body}, {point['letter']}, {point['value']})"
        source = f"{source[:begin]}{said}{source[point.end() :]}"
    return source


def _indicator(source: str) -> Callable[[re.Match[str]], str]:
    """Return what writes an indicator before a bracket that holds a relation, and nothing of that kind."""

    def written(m: re.Match[str]) -> str:
        plain = _TESTS.search(m["inside"]) is None or "," in m["inside"]
        if plain or _TAKES_A_BRACKET.search(source, 0, m.start()):
            return m.group()
        return rf"\mathbf{{1}}[{m['inside']}]"

    return written


_STARTS = re.compile(
    r"\s*(?:\\d?frac\s*\{\s*(?:d|\\partial|\\mathrm\{d\})[\s\^}A-Za-z\\]|\\nabla|\\left\s*\.|\\[bB]ig{1,2}l?\s*\.)"
)


def _term_before(source: str, point: re.Match[str]) -> int | None:
    r"""Return where the term begins that a bar stands behind; None where its reach is not clear.

    It begins with `\left.` or with a derivative: of a product before the bar it is not said which
    factors are meant.
    """
    level, at = 0, point.start()
    while at > 0:
        at -= 1
        c = source[at]
        level += (c in ")]}") - (c in "([{")
        if level < 0 or (level == 0 and c in "+-=," and source[at - 1 : at] not in ("^", "_")):
            at += 1
            break
    return at if _STARTS.match(source, at) else None


def _entropies(sources: list[str]) -> tuple[list[str], list[str]]:
    """Return sides whose entropies are sums over what their letters share, and those sums' letters.

    A measure on the letters' union: H(A | C) is that of A without C, I(A; B | C) that of A and B
    without C (Yeung, A new outlook on Shannon's information measures).  What is linear in entropies
    holds of every law where it holds of every such measure with positive parts: each is that of
    independent letters which the others share.
    """
    found = [list(_measures(source)) for source in sources]
    parts = [one for every in found for _, _, one in every]
    letters = sorted({x for one in parts for group in one for x in group})
    joint = any(len(one) > 2 or one[1] or len(one[0]) > 1 for one in parts)
    if not joint or len(letters) > MOST_LETTERS:
        return sources, []
    subsets = [set(c) for k in range(1, len(letters) + 1) for c in combinations(letters, k)]
    used: dict[str, None] = {}
    made = []
    for source, every in zip(sources, found):
        for start, end, (first, given, *second) in reversed(every):
            inside = [
                s for s in subsets
                if s & first and not s & given and all(s & group for group in second)
            ]  # fmt: skip
            names = [_name(s) for s in inside]
            used.update(dict.fromkeys(names))
            source = f"{source[:start]}({'+'.join(names) or '0'}){source[end:]}"
        made.append(source)
    return made, sorted(used)


def is_entropy(text: str) -> bool:
    r"""Tell whether LaTeX is an entropy of several letters, or what they share.

    >>> is_entropy("I(X; Y)"), is_entropy("H(X)")
    (True, False)
    """
    found = list(_measures(text))
    whole = len(found) == 1 and (found[0][0], found[0][1]) == (0, len(text.rstrip()))
    return whole and any(sign in text for sign in (";", ",", "|", "\\mid"))


_DIGITS = "zero one two three four five six seven eight nine".split()


def _name(letters: set[str]) -> str:
    said = "".join(re.sub(r"\W|_", "", x) for x in sorted(letters))
    said = re.sub(r"\d", lambda m: _DIGITS[int(m.group())], said)
    return rf"\mathrm{{shared{said}}}"


def _measures(source: str) -> list[tuple[int, int, tuple[set[str], ...]]]:
    """Return where entropies of letters stand: the letters, what is given, and what is shared with."""
    found = []
    for m in _ENTROPY.finditer(source):
        end = closed(source, m.end())
        inside = re.sub(r"\\(?:right|[bB]ig{1,2}r?)\s*$|\\[,;! ]", "", source[m.end() : end - 1])
        kind = m["upright"] or m["bare"]
        body, *condition = re.split(r"\\mid(?![a-z])|(?<!\\)\|", inside)
        groups = [_letters(x) for x in (body.split(";") if kind != "H" else [body])]
        given = _letters(condition[0]) if condition else set()
        if not end or len(condition) > 1 or len(groups) != (1 if kind == "H" else 2):
            continue
        if all(groups) and (given or not condition) and given is not None:
            first, *second = (x for x in groups if x is not None)
            found.append((m.start(), end, (first, given, *second)))
    return found


def _letters(text: str) -> set[str] | None:
    """Return the capitals of a list; None where anything else stands in it."""
    parts = [x.strip() for x in text.split(",")]
    return set(parts) if all(_MEMBER.fullmatch(x) for x in parts) else None
