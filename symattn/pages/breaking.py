"""Breaking: formulas in rows that fit a line, and brackets that fit what they hold."""

from __future__ import annotations

import re

from symattn.claims import Claim
from symattn.latex.write import latex

WIDE = 66
"""About how many letters wide a formula may be."""


def rows(claim: Claim) -> tuple[tuple[str, str], ...]:
    r"""Return a claim's formula in rows: one, or for a long one several.

    A row is (left, relation and right). A chain breaks before each relation, an equivalence before
    its arrow, and what is still too long before a plus or a minus outside all brackets.
    """
    terms = [tight(latex(t)) for t in claim.terms]
    aside = tight(claim.aside)
    links = list(zip(claim.relations, terms[1:], strict=True))
    if not links:
        return tuple(("", line) for line in lines(terms[0] + aside))
    found: list[tuple[str, str]] = []
    if _width(claim.latex) < WIDE:
        rest = " ".join(f"{relation} {term}" for relation, term in links)
        return ((terms[0], rest + aside),)
    left = terms[0]
    for at, (relation, term) in enumerate(links):
        arrow = relation in (r"\iff", r"\Rightarrow")
        first, *more = lines(term + (aside if at == len(links) - 1 else ""))
        if arrow and found:
            left = rf"{relation}\quad {first}"
            continue
        if _width(left + first) > WIDE and _width(left) > WIDE // 4:
            *above, left = lines(left)
            found += [(line, "") for line in (*above, left)]
            left = ""
        found.append((left, f"{relation} {first}"))
        found += [("", rf"\qquad {line}") for line in more]
        left = ""
    return tuple(found)


def tight(text: str) -> str:
    r"""Return a formula in which brackets around what is flat do not grow and keep no distance.

    >>> tight(r"\left(n - 2\right) \left(\frac{1}{2}\right)")
    '(n - 2) \\left(\\frac{1}{2}\\right)'
    """
    flat = re.compile(
        r"\\left\(((?:(?!\\left|\\right|\\frac|\\sum|\\substack|\^\{\\top\}|\^\{-1\}).)*)\\right\)"
    )
    before = ""
    while before != text:
        before, text = text, flat.sub(r"(\1)", text)
    return text


def lines(text: str, room: int = WIDE) -> tuple[str, ...]:
    r"""Break a formula before a plus or a minus outside all brackets, where it is too wide.

    >>> lines(r"a + \frac{b + c}{d} - e", 3)
    ('a', '+ \\frac{b + c}{d}', '- e')
    """
    pieces, depth, start = [], 0, 0
    for found in re.finditer(r"\\[A-Za-z]+|\\.|[{}()\[\]]| [+-] ", text):
        word = found[0]
        if word in ("{", "(", "[", r"\left", r"\{"):
            depth += 1
        elif word in ("}", ")", "]", r"\right", r"\}"):
            depth -= 1
        elif word in (" + ", " - ") and depth == 0 and found.start() > start:
            pieces.append(text[start : found.start()])
            start = found.start() + 1
    pieces.append(text[start:])
    broken = [pieces[0]]
    for piece in pieces[1:]:
        if _width(f"{broken[-1]} {piece}") > room:
            broken.append(piece)
        else:
            broken[-1] += f" {piece}"
    return tuple(broken)


def _width(text: str) -> int:
    """About how many letters wide a formula is; of a fraction the wider part counts."""
    inner = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
    wider = re.compile(rf"\\frac{inner}{inner}")
    text = wider.sub(lambda m: max(m[1], m[2], key=len), text)
    return len(re.sub(r"\\[A-Za-z]+|[\\{}^_ ]", lambda m: "x" if m[0][1:].isalpha() else "", text))
