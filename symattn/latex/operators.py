"""Fractions, roots, functions, statistics, and the operators that govern what follows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from symattn.latex import nodes as n
from symattn.latex.binders import read_body, read_extremum
from symattn.latex.cursor import (
    DERIVATIVES,
    NO_DERIVATIVES,
    PROBABILITIES,
    ROUND,
    STARTS,
    Cursor,
    split_at,
    split_relations,
)
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node
from symattn.latex.scripts import (
    read_event,
    read_letter,
    read_subscript,
    read_superscript,
    take_primes,
    take_script,
)
from symattn.latex.tree import (
    PICKS,
    only_item,
    read_argument,
    read_expression,
    read_factor,
    read_group,
    read_whole,
)

# What may follow an unbracketed argument, as in `\ln n \ln m`, without a doubt about its end.
_AFTER_BARE = frozenset("function big int lim".split())
_DIFFERENTIALS = frozenset(["diff", "partial"])
MAX_ORDER = 6  # of a derivative


def read_fraction(cursor: Cursor, token: Token) -> Node:
    cursor.at += 1
    command = cursor.source[token.start : token.end]
    if (derivative := read_derivative(cursor, token)) is not None:
        return derivative
    first, second, third = (*cursor.tokens[cursor.at : cursor.at + 3], *2 * cursor.tokens[-1:])[:3]
    inside = first.text == "{" and second.kind in _DIFFERENTIALS and third.kind != "_"
    if first.kind in _DIFFERENTIALS or inside:
        cursor.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
    top = read_argument(cursor, command)
    bottom = read_argument(cursor, command)
    end = cursor.tokens[cursor.at - 1].end
    if token.text == "binom":
        return n.Binomial(top, bottom, token.start, end)
    if _begins_with_d(top) and type(bottom) is n.Times and _begins_with_d(bottom):
        cursor.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
    return n.Fraction_(top, bottom, token.start, end)


def read_derivative(cursor: Cursor, token: Token) -> Node | None:
    """\\frac{d}{dx} f, \\frac{d^2 f}{dx^2}, \\frac{\\partial f}{\\partial x \\partial y}."""
    begin = cursor.at
    top, bottom = take_level(cursor), take_level(cursor)
    if not top or len(bottom) < 2 or not _is_differential(top[0]):
        cursor.at = begin
        return None
    kinds = ("name", "accent") if _is_differential(bottom[0]) else ()
    if bottom[1].kind not in kinds or (top[0].text == "d") != (bottom[0].text == "d"):
        cursor.at = begin
        return None
    order, rest = 1, top[1:]
    if rest and rest[0].kind == "^":
        raised, rest = _raised(rest)
        if raised is None:
            cursor.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
        order = raised
    variables: list[tuple[n.Name, int]] = []
    marked = [t._replace(kind="row") if _is_differential(t) else t for t in bottom[1:]]
    for piece in split_at(marked, ("row",)):
        if not piece:
            cursor.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
        node: Any = read_whole(cursor.part(piece, piece[-1].end))
        times = 1
        if type(node) is n.Power and type(node.exponent) is n.Number:
            node, times = node.base, int(node.exponent.value)
        if type(node) is not n.Name or not 1 <= times <= MAX_ORDER:
            cursor.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
        variables.append((node, times))
    if sum(times for _, times in variables) != order:
        cursor.fail("the orders above and below the stroke of a derivative differ", token.start)
    if rest:
        body: Node = read_whole(cursor.part(rest, rest[-1].end))
    else:
        body = read_differentiated(cursor, token, [v for v, _ in variables])
    return n.Derive(body, tuple(variables), False, token.start, cursor.tokens[cursor.at - 1].end)


def take_level(cursor: Cursor) -> list[Token]:
    """The tokens of the top or bottom of a fraction, not yet read; nothing where none stand."""
    first = cursor.tokens[cursor.at]
    if first.kind == "end":
        return []
    if first.kind == "open" and first.text == "{":
        inner, cursor.at = cursor.between(cursor.at)
        return inner
    cursor.at += 1
    return [first]


def read_differentiated(cursor: Cursor, token: Token, variables: list[Node]) -> Node:
    """What stands behind \\frac{d}{dx} or \\nabla_x: all that follows in its term."""
    body = read_body(cursor, token)
    if type(body) is n.Times and type(body.factors[0][1]) is n.Group:
        bases = {v.base for v in variables if type(v) is n.Name}
        if any(name.base in bases for _, f in body.factors[1:] for name in n.names(f)):
            cursor.fail(
                "it is not clear how far the derivative reaches",
                body.factors[1][1].start,
                "put brackets round all that is differentiated",
            )
    return body


def read_gradient(cursor: Cursor, token: Token) -> Node:
    """\\nabla_x f and \\partial_x f."""
    cursor.at += 1
    nabla = token.text == "\\nabla"
    times, by = 1, None
    while cursor.tokens[cursor.at].kind in ("_", "^"):
        if cursor.tokens[cursor.at].kind == "^":
            power = take_script(cursor)
            if times > 1 or not nabla or [t.text for t in power] != ["2"]:
                cursor.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
            times = 2
            continue
        indices, label = read_subscript(cursor)
        if label or len(indices) != 1 or type(indices[0]) is not n.Name or by is not None:
            cursor.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
        by = indices[0]
    following = cursor.tokens[cursor.at]
    dotted = following.kind == "op" and following.text in ".x*"
    divergence = nabla and times == 1 and following.text == "." and dotted
    if (by is None and not nabla) or (dotted and not divergence):
        cursor.fail(DERIVATIVES, token.start, NO_DERIVATIVES)
    cursor.at += divergence
    body = read_differentiated(cursor, token, [by] if by is not None else [])
    variables = ((by, times),) if by is not None else ()
    found = n.Derive(body, variables, nabla, token.start, body.end, times)
    return n.Apply("tr", (found,), None, token.start, body.end) if divergence else found


def read_root(cursor: Cursor, token: Token) -> Node:
    cursor.at += 1
    degree: Node | None = None
    following = cursor.tokens[cursor.at]
    if following.kind == "open" and following.text == "[":
        group = read_group(cursor, following)
        if len(group.items) != 1:
            cursor.fail("a root has one degree", following.start)
        degree = group.items[0]
    following = cursor.tokens[cursor.at]
    if following.kind == "open" and following.text == "(":
        if cursor.source[token.start] == "\\":
            # \sqrt(x) typesets the root of "(" alone.
            cursor.fail("\\sqrt needs braces round its argument", following.start)
        body = only_item(cursor, read_group(cursor, following))
    else:
        body = read_argument(cursor, "\\sqrt")
    return n.Root(body, degree, token.start, cursor.tokens[cursor.at - 1].end)


def read_function(cursor: Cursor, token: Token) -> Node:
    """\\exp, \\ln and their like, with a base, a power and one or more arguments."""
    tokens = cursor.tokens
    cursor.at += 1
    name = token.text
    base: Node | None = None
    power: Node | None = None
    if name in (*PICKS, "max", "min", "logsumexp") and tokens[cursor.at].kind == "_":
        return read_extremum(cursor, token)
    primes = take_primes(cursor)
    while True:
        kind = tokens[cursor.at].kind
        if kind == "^" and power is None:
            sup_at = tokens[cursor.at].start
            sup = read_superscript(cursor, False)
            if sup[0] != "power" or isinstance(sup[1], str) or sup[1] is None:
                hint = f"write \\arc{name}" if name in ("sin", "cos", "tan") else ""
                cursor.fail(
                    f"\\{name} with this superscript may be an inverse function or a power",
                    sup_at,
                    hint or "put the power behind the bracket",
                )
            power = sup[1]
        elif kind == "_" and base is None:
            sub_at = tokens[cursor.at].start
            indices, label = read_subscript(cursor)
            if label or len(indices) != 1:
                cursor.fail(f"\\{name} does not take this subscript", sub_at)
            base = indices[0]
        else:
            break
    arguments, doubt = read_arguments(cursor, name)
    applied = n.Apply(name, arguments, base, token.start, tokens[cursor.at - 1].end)
    node: Node = applied
    if primes:
        node = n.Slope(applied, primes, token.start, applied.end)
    if power is not None:
        node = n.Power(node, power, token.start, node.end)
    if doubt is None:
        return node
    return n.Bare(node, arguments[0], doubt, token.start, node.end)


def read_arguments(cursor: Cursor, name: str) -> tuple[tuple[Node, ...], str | None]:
    """The arguments of a function: a bracket, or one factor.

    Behind one factor without brackets another may stand: then the sign between them is
    returned, for only the shapes can tell which of the two the function takes.
    """
    tokens = cursor.tokens
    first = tokens[cursor.at]
    if first.kind == "open":
        if first.text in ROUND:
            return read_group(cursor, first).items, None
        if first.text == "{":
            cursor.at += 1
            node = read_expression(cursor)
            cursor.close("{")
            return (node.items if type(node) is n.Group else (node,)), None
    if first.kind not in STARTS or first.kind == "dots":
        if first.kind == "op":
            cursor.fail(
                f"the argument of {name} needs brackets", first.start, f"write \\{name}(..)"
            )
        cursor.fail(f"the argument of {name} is missing", first.start)
    node = read_factor(cursor)
    following = tokens[cursor.at]
    doubt: str | None = None
    if first.kind not in _AFTER_BARE:
        if following.kind == "op" and following.text not in "+-":
            ratio = following.text == "/" and tokens[cursor.at + 1].kind == "function"
            doubt = None if ratio else following.text
        elif (
            following.kind in STARTS
            and following.kind not in _AFTER_BARE
            and not (following.kind == "bar" and following.text == cursor.bar)
        ):
            doubt = ""
    return (node,), doubt


def read_statistic(cursor: Cursor, token: Token) -> Node:
    """\\mathbb{E}[..], Cov(..), Var(..)."""
    cursor.at += 1
    over: tuple[Node, ...] = ()
    drawn = None
    if cursor.tokens[cursor.at].kind == "_":
        drawn = _drawn(cursor)
        over, _ = ((), "") if drawn is not None else read_subscript(cursor)
    if cursor.tokens[cursor.at].kind == "^":
        cursor.fail(
            f"a power of {token.text} is ambiguous",
            cursor.tokens[cursor.at].start,
            "put it behind the bracket",
        )
    bar = cursor.at
    conditional = take_condition(cursor)
    if conditional is not None:
        argument, given = conditional
        end = cursor.tokens[cursor.at - 1].end
        if drawn is not None:
            cursor.fail(
                "a conditional expectation over a law is not read", cursor.tokens[bar].start
            )
        return n.StatisticOf(token.text, (argument,), over, token.start, end, given)
    arguments, doubt = read_arguments(cursor, token.text)
    if doubt is not None and doubt in "/":
        cursor.fail(
            f"it is not clear where the argument of {token.text} ends",
            cursor.tokens[cursor.at].start,
            "put brackets round it",
        )
    end = cursor.tokens[cursor.at - 1].end
    if drawn is not None and _counts(drawn, arguments) and token.text == "E":
        letter, law = drawn
        weight = n.Name(law.text, (letter,), 0, law.start, law.end)
        total = n.Times((("", weight), ("", arguments[0])), law.start, end)
        domain = n.Domain(letter, None, None, (), None, token.start, end)
        return n.Big("sum", (domain,), total, token.start, end)
    if drawn is not None:  # no letter is called so
        over = (drawn[0], replace(drawn[1], base=f"~{drawn[1].base}"))
    return n.StatisticOf(token.text, arguments, over, token.start, end)


def _counts(drawn: tuple[n.Name, n.Name], arguments: Sequence[Node]) -> bool:
    """Tell whether what is drawn is an index, and by weights of one letter."""
    letter, law = drawn
    subscripts = {
        i.base for name in n.every(arguments, n.Name) for i in name.indices if isinstance(i, n.Name)
    }
    one = len(arguments) == 1 and re.fullmatch(r"[A-Za-z]|\\[A-Za-z]+", law.base) is not None
    return one and (letter.base in _COUNTING or letter.base in subscripts)


_COUNTING = frozenset("i j k l m".split())


def _drawn(cursor: Cursor) -> tuple[n.Name, n.Name] | None:
    r"""Read the subscript of `\mathbb{E}_{x \sim p}`: a letter, and what it is drawn from.

    Where an index is drawn, the law is the letter of its weights.
    """
    begin = cursor.at
    if cursor.tokens[begin + 1].kind != "open":
        return None
    pieces, relations = split_relations(take_script(cursor))
    if [r.text for r in relations] == ["~"] and all(pieces):
        (first, *rest), law = pieces[0], pieces[1]
        if first.kind == "name" and not rest:
            start, end = law[0].start, law[-1].end
            text = law[0].text if len(law) == 1 else "".join(cursor.source[start:end].split())
            letter = n.Name(first.text, (), 0, first.start, first.end)
            return letter, n.Name(text, (), 0, start, end)
    cursor.at = begin
    return None


def take_condition(cursor: Cursor) -> tuple[Node, tuple[Node, ...]] | None:
    r"""Read the bracket of `\mathbb{E}[c \mid k]`: what it is of, and what is given; None for another."""
    first = cursor.tokens[cursor.at]
    if first.kind != "open" or first.text not in ROUND:
        return None
    inner, stop = cursor.between(cursor.at)
    level, bars = 0, []
    for at, token in enumerate(inner):
        level += (token.kind == "open") - (token.kind == "close")
        if level == 0 and token.text == "|" and token.kind in ("bar", "sep"):
            bars.append(at)
    if len(bars) != 1:
        return None
    (bar,) = bars
    pieces = split_at(inner[bar + 1 :], ("sep",))
    if not inner[:bar] or not all(pieces):
        cursor.fail("a condition is missing", inner[bar].start)
    if any(split_relations(piece)[1] for piece in pieces):
        cursor.fail("a conditional expectation given a relation is not read", inner[bar].start)
    given = tuple(read_whole(cursor.part(piece, piece[-1].end)) for piece in pieces)
    argument = read_whole(cursor.part(inner[:bar], inner[bar].start))
    cursor.at = stop
    return argument, given


def read_fence(cursor: Cursor, token: Token) -> Node:
    """\\norm{q} and \\abs{x}."""
    cursor.at += 1
    following = cursor.tokens[cursor.at]
    if following.kind == "op" and following.text == "*" and following.start == token.end:
        cursor.at += 1
    body = read_argument(cursor, cursor.source[token.start : token.end])
    kind = "norm" if token.text == "||" else "abs"
    return n.NormBars(kind, body, "", token.start, cursor.tokens[cursor.at - 1].end)


def read_brace(cursor: Cursor, token: Token) -> Node:
    """\\underbrace{x}_{..}: the formula; what stands at the brace is passed over."""
    cursor.at += 1
    body = read_argument(cursor, cursor.source[token.start : token.end])
    if cursor.tokens[cursor.at].kind == token.text:
        take_script(cursor)
    return n.Annotated(body, token.start, cursor.tokens[cursor.at - 1].end)


def read_accent(cursor: Cursor, token: Token) -> Node:
    """\\hat{q}: the accent becomes part of the name."""
    cursor.at += 1
    node = read_argument(cursor, cursor.source[token.start : token.end])
    if type(node) is not n.Name:
        cursor.fail(f"\\{token.text} is read over a single letter only", token.start)
    base = f"\\{token.text}{{{node.base}}}"
    return read_letter(cursor, base, node.indices, node.primes, token.start)


def read_word(cursor: Cursor, token: Token) -> Node:
    """Upright letters that are no known function: the name of something."""
    cursor.at += 1
    base = f"\\mathrm{{{token.text}}}"
    primes = take_primes(cursor)
    following = cursor.tokens[cursor.at]
    braced = cursor.braced_bracket()
    if braced or (following.kind == "open" and following.text in ROUND):
        cursor.at += braced
        if token.text in PROBABILITIES:
            event = read_event(cursor, token.text, token.start)
            if event is not None:
                if braced:
                    cursor.close("{")
                return event
        group = read_group(cursor, cursor.tokens[cursor.at])
        if braced:
            cursor.close("{")
        found = n.Apply(token.text, group.items, None, token.start, group.end)
        return n.Slope(found, primes, token.start, group.end) if primes else found
    return read_letter(cursor, base, (), primes, token.start)


def read_dots(cursor: Cursor, token: Token) -> Node:
    cursor.at += 1
    return n.Dots(token.start, token.end)


def read_infinity(cursor: Cursor, token: Token) -> Node:
    cursor.at += 1
    return n.Infinity(token.start, token.end)


def _is_differential(token: Token) -> bool:
    """Whether a token is the d or the \\partial of a derivative."""
    if token.kind == "partial":
        return token.text == "\\partial"
    return token.kind == "diff" or (token.kind == "name" and token.text == "d")


def _raised(tokens: list[Token]) -> tuple[int | None, list[Token]]:
    """Return the whole number that a superscript in front is, and the tokens behind it."""
    inside, rest = tokens[1:2], tokens[2:]
    if inside and inside[0].text == "{":
        inside, rest = tokens[2:3], tokens[4:]
    if len(inside) != 1 or inside[0].kind != "number" or not inside[0].text.isdigit():
        return None, rest
    order = int(inside[0].text)
    return (order if 1 <= order <= MAX_ORDER else None), rest


def _begins_with_d(node: Node) -> bool:
    """Whether this may be the top or bottom of a derivative."""
    if type(node) is n.Times:
        node = node.factors[0][1]
    return type(node) is n.Name and node.base == "d" and not node.indices
