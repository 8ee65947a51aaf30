"""Formulas as matched brackets of tokens, for the second reader: no meaning, only nesting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from symattn.errors import ReadError

MAX_TOKENS = 4000
MAX_DEPTH = 40

_TOKEN = re.compile(
    r"\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|[a-zA-Z]|[-+*/^_{}()\[\]|,!':;.=<>&]", re.DOTALL
)
_BLANK = re.compile(r"[\s~]+")
_SPACES = (r"\ ", r"\,", r"\;", r"\:", r"\!", r"\>", r"\quad", r"\qquad")
_LAYOUT = (r"\displaystyle", r"\textstyle", r"\limits", r"\nolimits")
_SIZES = tuple(
    rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", *"lrm")
)
_DROPPED = frozenset((*_SPACES, *_LAYOUT, *_SIZES))
_CLOSING = {
    "{": "}",
    "(": ")",
    "[": "]",
    r"\{": r"\}",
    r"\lbrace": r"\rbrace",
    r"\lVert": r"\rVert",
    r"\lvert": r"\rvert",
    r"\langle": r"\rangle",
}
_CLOSERS = frozenset(_CLOSING.values())
_FENCES = {"|": r"\lvert", r"\vert": r"\lvert", r"\|": r"\lVert", r"\Vert": r"\lVert"}


@dataclass(frozen=True)
class Lexeme:
    """One token of the second reader, with its place."""

    text: str
    at: int


@dataclass(frozen=True)
class BracketGroup:
    """A bracket with what stands in it; `opening` is normalised ('\\lVert' for every norm bar)."""

    opening: str
    items: tuple[Node, ...]
    at: int


Node = Lexeme | BracketGroup


def _tokens(source: str) -> Iterator[Lexeme]:
    at = 0
    while at < len(source):
        blank = _BLANK.match(source, at)
        if blank:
            at = blank.end()
            continue
        found = _TOKEN.match(source, at)
        if not found:
            raise ReadError("a character that is no mathematics", source, at)
        if found.group() not in _DROPPED:
            yield Lexeme(found.group(), at)
        at = found.end()


def brackets(source: str) -> tuple[Node, ...]:
    """Match the brackets of a formula."""
    levels: list[list[Node]] = [[]]
    opened: list[Lexeme] = []
    side = ""  # what a preceding \left or \right says of a bar that could open or close
    for count, token in enumerate(_tokens(source)):
        if count >= MAX_TOKENS:
            raise ReadError(f"a formula of more than {MAX_TOKENS} symbols", source, token.at)
        text = token.text
        if text in (r"\left", r"\right"):
            side = text
            continue
        closes = text in _CLOSERS
        if text in _FENCES:
            opens = _FENCES[text]
            inside = bool(opened) and opened[-1].text == opens
            closes = side == r"\right" or (inside and side != r"\left")
            text = _CLOSING[opens] if closes else opens
        side = ""
        if closes:
            if not opened or _CLOSING[opened[-1].text] != text:
                raise ReadError("a closing bracket that nothing opened", source, token.at)
            first = opened.pop()
            group = BracketGroup(first.text, tuple(levels.pop()), first.at)
            levels[-1].append(group)
        elif text in _CLOSING:
            if len(opened) >= MAX_DEPTH:
                raise ReadError(f"brackets more than {MAX_DEPTH} deep", source, token.at)
            opened.append(Lexeme(text, token.at))
            levels.append([])
        else:
            levels[-1].append(token)
    if opened:
        raise ReadError("a bracket that is never closed", source, opened[-1].at)
    return tuple(levels[0])


def spell(nodes: Sequence[Node]) -> tuple[str, ...]:
    """Write nodes as words again, braces round a single word left out."""
    found: list[str] = []
    for node in nodes:
        if isinstance(node, Lexeme):
            found.append(node.text)
            continue
        inside = spell(node.items)
        if node.opening == "{" and len(inside) == 1:
            found += inside
        else:
            found += [node.opening, *inside, _CLOSING[node.opening]]
    return tuple(found)


@lru_cache(maxsize=4096)
def key(name: str) -> tuple[str, ...]:
    r"""Return what two spellings of a name have in common.

    >>> key(r"\mu_{x}") == key(r"\mu_x")
    True
    """
    return spell(brackets(name))


def is_token(node: Node, *texts: str) -> bool:
    """Tell whether a node is one of these tokens."""
    return isinstance(node, Lexeme) and node.text in texts


def is_group(node: Node, *openings: str) -> bool:
    """Tell whether a node is a bracket that opens in one of these ways."""
    return isinstance(node, BracketGroup) and node.opening in openings


def split(nodes: Sequence[Node], mark: str) -> list[tuple[Node, ...]]:
    """Split at each token `mark` of this level."""
    sides: list[list[Node]] = [[]]
    for node in nodes:
        if is_token(node, mark):
            sides.append([])
        else:
            sides[-1].append(node)
    return [tuple(side) for side in sides]
