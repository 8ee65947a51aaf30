"""Quantifiers and conditions in brackets: where what they range over begins and ends."""

from __future__ import annotations

from symattn.errors import ReadError
from symattn.latex.connectives import says_size
from symattn.latex.cursor import STARTS, split_relations
from symattn.latex.lexical import Token

OPERANDS = STARTS - {"quad"}
_JOINING = [[word] for word in ("with", "where", "when", "as", "for", "if")]


def condition_in_brackets(tokens: list[Token]) -> list[Token]:
    """Take the brackets off a condition in words at the end: `q = a (\\beta \\text{ large})`."""
    last = tokens[-1]
    if last.kind != "close" or last.text != "(":
        return tokens
    level = 0
    for at in range(len(tokens) - 1, -1, -1):
        level += (tokens[at].kind == "close") - (tokens[at].kind == "open")
        if level == 0:
            break
    inner = tokens[at + 1 : -1]
    said = [token for token in inner if token.kind == "text"]
    if not at or len(said) == len(inner) or split_relations(inner)[1]:
        return tokens
    if not any(says_size(token) for token in said) and not (
        inner[0].kind == "text" and inner[0].text.lower().split()[:1] in _JOINING
    ):
        return tokens
    return [*tokens[:at], tokens[at]._replace(kind="sep", text=","), *inner]


def excludes(current: list[Token]) -> bool:
    """Whether these tokens are `l \\ne i`."""
    return len(current) == 3 and current[1].text == "!="


def refuse_open_list(tokens: list[Token], at: int, source: str) -> None:
    """Refuse `\\forall l \\ne i, j \\alpha_l = 0`, where j may belong to the list or to a product."""
    if at + 1 < len(tokens) and tokens[at].kind == "name" and tokens[at].text.islower():
        if len(tokens[at].text) == 1 and tokens[at + 1].kind in OPERANDS:
            hint = f"write a colon before or after {tokens[at].text}"
            said = "it is not clear where the list of indices ends"
            raise ReadError(said, source, tokens[at].start, hint)


def unwrapped(tokens: list[Token]) -> list[Token]:
    """Take the brackets off a quantifier: `(\\forall i) a_i > 0`, and `a_i > 0 (\\forall i)`."""
    if not any(token.kind == "forall" for token in tokens):
        return tokens
    kept: list[Token] = []
    opened: list[bool] = []
    for at, token in enumerate(tokens):
        if token.kind == "open":
            follows = tokens[at + 1].kind if at + 1 < len(tokens) else ""
            opened.append(token.text in "([" and follows == "forall" and not any(opened))
            if opened[-1] and len(opened) == 1:
                continue
        elif token.kind == "close" and opened.pop() and not opened:
            if at + 1 < len(tokens):
                kept.append(token._replace(kind="sep", text=":"))
            continue
        kept.append(token)
    return kept


def range_end(tokens: list[Token], at: int) -> int:
    """Where the range of a quantifier ends that has no mark behind it; 0 where a mark follows.

    `\\forall i a_i > 0` and `\\forall i \\in \\{1, .., n\\} a_i > 0`, where nothing else can be meant.
    """
    count = len(tokens)
    if at >= count or tokens[at].kind != "name":
        return 0
    end = at + 1
    if end + 1 < count and tokens[end].kind == "rel" and tokens[end].text == "!=":
        end += 1 + (tokens[end + 1].kind == "name")
    elif end + 1 < count and tokens[end].kind == "rel" and tokens[end].text in ("in", "notin"):
        end += 1
        if tokens[end].kind != "open":
            return 0
        level = 0
        while end < count:
            level += (tokens[end].kind == "open") - (tokens[end].kind == "close")
            end += 1
            if level == 0:
                break
    return end if end < count and tokens[end].kind in OPERANDS else 0
