"""What each kind of token begins: the table of the grammar, and the brackets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NoReturn

from symattn.latex import nodes as n
from symattn.latex.binders import read_big, read_cases, read_integral, read_limit
from symattn.latex.cursor import (
    FUNCTION_LETTERS,
    ROUND,
    SCRIPTS,
    Cursor,
    Grammar,
    number_of,
    split_at,
)
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node
from symattn.latex.operators import (
    read_accent,
    read_brace,
    read_dots,
    read_fence,
    read_fraction,
    read_function,
    read_gradient,
    read_infinity,
    read_root,
    read_statistic,
    read_word,
)
from symattn.latex.pairs import HALF_OPEN
from symattn.latex.scripts import read_letter, read_scripts
from symattn.latex.tree import read_group, read_inside, read_whole


def read_bracket(cursor: Cursor, token: Token) -> Node:
    """Whatever an opening bracket begins."""
    return _BRACKETS.get(token.text, read_size)(cursor, token)


def read_braces(cursor: Cursor, token: Token) -> Node:
    """What stands in braces, which do not print; `{a \\over b}` is a fraction."""
    if cursor.tokens[cursor.at + 1].kind == "close":
        cursor.fail("the braces are empty", token.start)
    cursor.at += 1
    node = read_inside(cursor)
    if cursor.tokens[cursor.at].kind == "over":
        cursor.at += 1
        bottom = read_inside(cursor)
        node = n.Fraction_(node, bottom, token.start, bottom.end)
    last = cursor.tokens[cursor.at]
    if last.kind == "sep":
        cursor.fail(f"{last.text} stands inside braces", last.start, "write a set as \\{i, j\\}")
    cursor.close("{")
    following = cursor.tokens[cursor.at]
    if type(node) is n.Name and (
        following.kind in SCRIPTS
        or (following.kind == "open" and node.base in cursor.functions and not node.indices)
    ):
        return read_letter(cursor, node.base, node.indices, node.primes, node.start)
    return node


def read_angles(cursor: Cursor, token: Token) -> Node:
    """<u, v>, the dot product; <x> is a mean."""
    take_inner_bar(cursor)
    group = read_group(cursor, token)
    if len(group.items) == 1:
        return n.StatisticOf("E", group.items, (), group.start, group.end)
    if len(group.items) != 2:
        cursor.fail(
            "\\langle .. \\rangle needs two vectors", token.start, "write \\mathbb{E}[c] for a mean"
        )
    return n.Inner(*group.items, group.start, group.end)


def read_rounded(cursor: Cursor, token: Token) -> Node:
    """A number rounded down or up."""
    group = read_group(cursor, token)
    return n.Apply(token.text, group.items, None, group.start, group.end)


def read_size(cursor: Cursor, token: Token) -> Node:
    """|x| or \\|x\\| whose bars say their side, and whatever else is bracketed."""
    cursor.at += 1
    node = read_inside(cursor)
    cursor.close(token.text)
    kind = "norm" if token.text == "||" else "abs"
    return n.NormBars(kind, node, "", token.start, cursor.tokens[cursor.at - 1].end)


def take_inner_bar(cursor: Cursor) -> None:
    """Take \\langle u | v \\rangle for \\langle u, v \\rangle."""
    inner, _ = cursor.between(cursor.at)
    bars = [t for t in inner if t.kind == "bar" or (t.kind == "sep" and t.text == "|")]
    if len(bars) == 1 and bars[0].text == "|":
        at = cursor.tokens.index(bars[0], cursor.at)
        cursor.tokens[at] = bars[0]._replace(kind="sep", text=",")


def read_matrix(cursor: Cursor, token: Token) -> Node:
    """A matrix whose entries are given: a group of its entries, or of its rows where it has more."""
    inner, stop = cursor.between(cursor.at)
    rows = [
        n.Group(
            tuple(
                read_whole(cursor.part(cell, cell[-1].end)) if cell else no_matrix(cursor, token)
                for cell in split_at(row, ("amp", "sep"))
            ),
            "row",
            row[0].start,
            row[-1].end,
        )
        for row in split_at(inner, ("row",))
        if row
    ]
    cursor.at = stop
    end = cursor.tokens[stop - 1].end
    items = tuple(rows) if len(rows) != 1 else rows[0].items
    found = n.Group(items, "matrix", token.start, end)
    kind = cursor.source[token.start : token.end]
    if "Vmatrix" in kind or not rows:
        no_matrix(cursor, token)
    return n.Apply("det", (found,), None, token.start, end) if "vmatrix" in kind else found


def no_matrix(cursor: Cursor, token: Token) -> NoReturn:
    cursor.fail(
        "a matrix is not read entry by entry",
        token.start,
        "give it by its letter, or as a product such as S S^\\top",
    )


def read_bars(cursor: Cursor, token: Token) -> Node:
    """|x| or \\|x\\| with bars that do not say their side."""
    cursor.at += 1
    node = read_inside(cursor, token.text)
    last = cursor.tokens[cursor.at]
    if last.kind != "bar" or last.text != token.text:
        if last.kind in ("sep", "bar", "end", "close"):
            cursor.fail("a bar | or \\| is never closed", token.start)
        cursor.unexpected(last)
    cursor.at += 1
    kind = "norm" if token.text == "||" else "abs"
    return n.NormBars(kind, node, "", token.start, last.end)


def read_name(cursor: Cursor, token: Token) -> Node:
    cursor.at += 1
    return read_letter(cursor, token.text, (), 0, token.start)


def read_number(cursor: Cursor, token: Token) -> Node:
    cursor.at += 1
    return number_of(token)


_BRACKETS: dict[str, Callable[[Cursor, Token], Node]] = {
    **dict.fromkeys((*ROUND, *HALF_OPEN), read_group),
    "{": read_braces, "<": read_angles, "matrix": read_matrix, "cases": read_cases,
    "floor": read_rounded, "ceil": read_rounded,
}  # fmt: skip
GRAMMAR = Grammar(
    {
        "name": read_name,
        "number": read_number,
        "open": read_bracket,
        "bar": read_bars,
        "frac": read_fraction,
        "sqrt": read_root,
        "function": read_function,
        "stat": read_statistic,
        "accent": read_accent,
        "word": read_word,
        "dots": read_dots,
        "infinity": read_infinity,
        "fence": read_fence,
        "brace": read_brace,
        "big": read_big,
        "lim": read_limit,
        "partial": read_gradient,
        "int": read_integral,
    },
    read_scripts,
)


def parse_tokens(
    tokens: Sequence[Token], source: str, end: int, functions: Collection[str] = FUNCTION_LETTERS
) -> Node:
    """Read all tokens, whose brackets are balanced, as one expression."""
    return read_whole(Cursor(tokens, source, end, GRAMMAR, functions))
