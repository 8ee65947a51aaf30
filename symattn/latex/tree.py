"""From tokens to the syntax tree of one expression: precedence, scripts and bounds.

The grammar is LaTeX as mathematicians write it, and where it is ambiguous (`\\ln a b`, `x^12`) the
reader refuses with a sentence instead of guessing.  Every recursion is counted, so that no input
can exhaust the stack, and nothing is ever read twice, so that the time is linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symattn.latex import nodes as n
from symattn.latex.cursor import (
    SCRIPTS,
    STARTS,
    Cursor,
    number_of,
    split_relations,
)
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node
from symattn.latex.series import expand
from symattn.latex.tokens import MAX_DEPTH

PICKS = ("argmax", "argmin")
_SHALLOW = frozenset(["name", "number", "open"])  # what stands in a bracket is counted there


def read_whole(cursor: Cursor) -> Node:
    """Read all tokens as one expression."""
    node = read_expression(cursor)
    token = cursor.tokens[cursor.at]
    if token.kind != "end":
        cursor.unexpected(token)
    return node


def read_expression(cursor: Cursor) -> Node:
    """A sum of products."""
    tokens = cursor.tokens
    cursor.depth += 1
    if cursor.depth > MAX_DEPTH:
        cursor.fail(f"the formula is nested more than {MAX_DEPTH} deep", tokens[cursor.at].start)
    start = tokens[cursor.at].start
    terms: list[tuple[int, Node]] = []
    while True:
        sign = take_signs(cursor)
        terms.append((sign, read_product(cursor)))
        token = tokens[cursor.at]
        if token.kind != "op" or token.text not in "+-":
            break
    cursor.depth -= 1
    if len(terms) == 1 and terms[0][0] > 0:
        return terms[0][1]
    terms = _within_limits(cursor, terms)
    if len(terms) == 1 and terms[0][0] > 0:
        return terms[0][1]
    plus = n.Plus(tuple(terms), start, tokens[cursor.at - 1].end)
    if len(terms) > 2 and any(type(term) is n.Dots for _, term in terms):
        return expand(plus, cursor.source)
    return plus


def read_inside(cursor: Cursor, bar: str = "") -> Node:
    """An expression inside a bracket, which the bar would close."""
    saved, cursor.bar = cursor.bar, bar
    node = read_expression(cursor)
    cursor.bar = saved
    return node


def take_signs(cursor: Cursor) -> int:
    """Consume + and -; return the sign that they make."""
    sign = 1
    while True:
        token = cursor.tokens[cursor.at]
        if token.kind != "op" or token.text not in "+-":
            return sign
        if token.text == "-":
            sign = -sign
        cursor.at += 1


def read_product(cursor: Cursor) -> Node:
    """Factors side by side or with a sign between them."""
    tokens = cursor.tokens
    start = tokens[cursor.at].start
    factors: list[tuple[str, Node]] = []
    op = ""
    while True:
        if op and tokens[cursor.at].kind == "op" and tokens[cursor.at].text == "-":
            at = tokens[cursor.at].start  # 2 \cdot -3
            if take_signs(cursor) < 0:
                factors.append((op, n.Number(-1, at, at + 1)))
                op = "." if op != "/" else "/"
        first = tokens[cursor.at]
        node = read_factor(cursor)
        if factors and type(node) is n.Number and not op and type(factors[-1][1]) is n.Number:
            cursor.fail("two numbers stand side by side", first.start, "put \\cdot between them")
        factors.append((op, node))
        token = tokens[cursor.at]
        kind = token.kind
        if kind == "op":
            if token.text in "+-":
                break
            op = token.text
            cursor.at += 1
        elif kind in STARTS:
            if kind == "bar" and cursor.bar == token.text:
                break
            op = ""
        else:
            break
    if len(factors) == 1:
        return factors[0][1]
    for _, node in factors:
        if type(node) is n.Dots:
            cursor.fail("dots in a product are not read", node.start, "write \\prod")
    return n.Times(tuple(factors), start, tokens[cursor.at - 1].end)


def read_factor(cursor: Cursor) -> Node:
    """One operand with its scripts."""
    token = cursor.tokens[cursor.at]
    kind = token.kind
    read = cursor.grammar.operands.get(kind)
    if read is None:
        cursor.unexpected(token)
    counted = kind not in _SHALLOW
    cursor.depth += counted
    if cursor.depth > MAX_DEPTH:
        cursor.fail(f"the formula is nested more than {MAX_DEPTH} deep", token.start)
    node = read(cursor, token)
    cursor.depth -= counted
    following = cursor.tokens[cursor.at]
    if following.kind in SCRIPTS or (
        following.kind == "open"
        and following.text == "{"
        and cursor.tokens[cursor.at + 1].kind == "close"
    ):
        return cursor.grammar.scripts(cursor, node)
    return node


def read_argument(cursor: Cursor, command: str) -> Node:
    """The argument of a command: braces, or one token."""
    tokens = cursor.tokens
    token = tokens[cursor.at]
    if token.kind == "open" and token.text == "{":
        cursor.at += 1
        node = read_inside(cursor)
        cursor.close("{")
        return node
    if token.kind == "number":
        if len(token.text) > 1:
            # \frac12: TeX takes one digit and leaves the rest.
            if "." in token.text:
                cursor.fail(f"{command} needs braces", token.start)
            rest = Token("number", token.text[1:], token.start + 1, token.end)
            tokens[cursor.at] = rest
            return n.Number(int(token.text[0]), token.start, token.start + 1)
        cursor.at += 1
        return number_of(token)
    if token.kind == "name":
        cursor.at += 1
        return n.Name(token.text, (), 0, token.start, token.end)
    raise cursor.error(f"{command} needs braces round its argument", token.start)


def read_group(cursor: Cursor, token: Token, given: bool = False) -> n.Group:
    """A bracket and the expressions in it, with commas between them.

    given : whether a bar may stand between them, as in `p(x \\mid z)`; it is an item of its own.
    """
    tokens = cursor.tokens
    # (s_1 \mid s_2 \mid \dots \mid s_t) is a matrix by its columns
    dotted = token.text in "([" and any(t.kind == "dots" for t in cursor.between(cursor.at)[0])
    signs = ",;|" if dotted else ",;"
    cursor.at += 1
    items = [read_inside(cursor)]
    signs += "|" if given else ""
    while (sign := tokens[cursor.at]).kind == "sep" and sign.text in signs:
        cursor.at += 1
        if given and sign.text == "|":
            items.append(n.Name("\\mid", (), 0, sign.start, sign.end))
        items.append(read_inside(cursor))
    last = tokens[cursor.at]
    if last.kind == "sep" and last.text == "|":
        cursor.fail("conditional expectations and probabilities are not read", last.start)
    cursor.close(token.text)
    return n.Group(tuple(items), token.text, token.start, last.end)


def only_item(cursor: Cursor, group: n.Group) -> Node:
    if len(group.items) != 1:
        cursor.fail("one expression is expected here, not a list", group.start)
    return group.items[0]


def read_chain(cursor: Cursor, tokens: Sequence[Token], end: int) -> tuple[list[Node], list[str]]:
    """Terms and the relations between them."""
    pieces, relations = split_relations(tokens)
    terms: list[Node] = []
    for piece, following in zip(pieces, [*relations, None], strict=True):
        stop = following.start if following is not None else end
        terms.append(read_whole(cursor.part(piece, stop)))
    return terms, [relation.text for relation in relations]


def _within_limits(cursor: Cursor, terms: list[tuple[int, Node]]) -> list[tuple[int, Node]]:
    """Put the terms behind a limit, or behind `\\argmin_x`, into it where they hold its variable.

    It has no other meaning; of an argmin without it the reach is not clear.
    """
    for place, (sign, term) in enumerate(terms):
        rest = terms[place + 1 :]
        if not isinstance(term, (n.Limit, n.Big)) or not rest:
            continue
        picks = isinstance(term, n.Big) and term.kind in PICKS
        letter = term.domains[0].letter if isinstance(term, n.Big) else term.variable
        if not (picks or isinstance(term, n.Limit)) or not isinstance(letter, n.Name):
            continue
        if any(name.base == letter.base for _, other in rest for name in n.names(other)):
            end = rest[-1][1].end
            turned = rest if sign > 0 else [(-s, t) for s, t in rest]
            body = n.Plus(((1, term.body), *turned), term.body.start, end)
            return [*terms[:place], (sign, replace(term, body=body, end=end))]
        if picks:
            cursor.fail(
                "it is not clear where the argument of argmin or argmax ends",
                rest[0][1].start,
                "put brackets round all of it",
            )
    return terms
