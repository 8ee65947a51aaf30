"""Subscripts, superscripts and primes: on letters they may be a name, elsewhere never."""

from __future__ import annotations

from dataclasses import dataclass, replace

from symattn.latex import nodes as n
from symattn.latex.cursor import (
    FUNCTION_LETTERS,
    NO_ENTRIES,
    NO_ENTRIES_HINT,
    OF_EVENTS,
    PROBABILITIES,
    ROUND,
    Cursor,
    Superscript,
    closes_at_end,
    node_of,
    number_of,
    split_relations,
)
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node
from symattn.latex.tree import read_chain, read_expression, read_group

_LABELS = frozenset("word text function stat mark infinity".split())
_NAMING = frozenset(["label", "index", "'"])
_NO_SLOPE = frozenset(["E", "W", "O", "o", "\\mathcal{O}", "\\mathcal{N}"])
_EVENTS = frozenset(["=", "<", "<=", ">", ">=", "~~"])
_INDICATORS = frozenset(["\\mathbf{1}", "I", "\\chi"])


def read_scripts(cursor: Cursor, node: Node) -> Node:
    """Powers, transposes and the like after something that is not a bare letter."""
    raised = False
    while True:
        token = cursor.tokens[cursor.at]
        kind = token.kind
        if kind == "^":
            if raised:
                cursor.fail("a second superscript", token.start, "put braces round the first")
            raised = True
            node = raised_to(cursor, node, read_superscript(cursor, False), token.start)
        elif kind == "_":
            if type(node) is n.NormBars and not node.label:
                node = read_norm_label(cursor, node)
            elif (
                type(node) is n.Power
                and type(node.base) is n.NormBars
                and not node.base.label
                and raised
            ):
                node = replace(node, base=read_norm_label(cursor, node.base))  # \|q\|^2_2
            elif type(node) is n.Number and node.value == 0:
                take_script(cursor)  # 0_{s \times t}: zero is zero, whatever its shape
            elif type(node) is n.Name:
                cursor.fail("a second subscript", token.start)
            elif (zero := _at_least_zero(cursor, node)) is not None:
                node = zero
            else:
                node = read_entry(cursor, node, token)
        elif kind == "'":
            if type(node) is n.Prime:
                cursor.fail("a second prime", token.start)
            cursor.at += 1
            node = n.Prime(node, node.start, token.end)
        elif kind == "!":
            if type(node) is n.Apply and node.function == "factorial2":
                cursor.fail("a third !", token.start)
            if type(node) is n.Apply and node.function == "factorial":
                node = n.Apply("factorial2", node.arguments, None, node.start, token.end)
            else:
                node = n.Apply("factorial", (node,), None, node.start, token.end)
            cursor.at += 1
        elif kind == "open" and token.text == "{" and take_empty_braces(cursor):
            raised = False
        else:
            return node


def _at_least_zero(cursor: Cursor, node: Node) -> Node | None:
    """`(x)_+`, which is x or 0, whichever is larger; None for another subscript."""
    if type(node) is not n.Group or len(node.items) != 1 or node.bracket not in "([":
        return None
    ahead = [t.text for t in cursor.tokens[cursor.at + 1 : cursor.at + 4]]
    if ahead[:1] != ["+"] and ahead != ["{", "+", "{"]:
        return None
    cursor.at += 2 if ahead[0] == "+" else 4
    end = cursor.tokens[cursor.at - 1].end
    return n.Apply("max", (node.items[0], n.Number(0, end, end)), None, node.start, end)


def read_entry(cursor: Cursor, node: Node, token: Token) -> Node:
    """(A B)_{ij}, \\operatorname{softmax}(z)_i: an entry of something that is no letter."""
    indices, label = read_subscript(cursor)
    if label or type(node) not in (n.Group, n.Apply):
        cursor.fail(NO_ENTRIES, token.start, NO_ENTRIES_HINT)
    return n.EntryOf(node, indices, node.start, cursor.tokens[cursor.at - 1].end)


def read_norm_label(cursor: Cursor, bars: n.NormBars) -> n.NormBars:
    """A norm with the subscript that says which norm it is."""
    indices, label = read_subscript(cursor)
    if len(indices) == 1:
        index = indices[0]
        if type(index) is n.Number:
            label = str(index.value)
        elif type(index) is n.Name:
            label = index.base
        elif type(index) is n.Infinity:
            label = "\\infty"
    return replace(bars, label=label or "?", end=cursor.tokens[cursor.at - 1].end)


def take_empty_braces(cursor: Cursor) -> bool:
    """Consume {} and say so."""
    following = cursor.tokens[cursor.at + 1]
    if following.kind == "close" and following.text == "{":
        cursor.at += 2
        return True
    return False


@dataclass
class _Marked:
    """A letter with the marks that were read at it so far.

    end : where its name ends, without its exponent.
    sup, sup_at : its superscript, and where that stands.
    """

    base: str
    indices: tuple[Node, ...]
    primes: int
    end: int
    subscripted: bool
    sup: Superscript | None = None
    sup_at: int = 0


def _take_index(cursor: Cursor, letter: _Marked, token: Token) -> None:
    if letter.subscripted:
        cursor.fail("a second subscript", token.start)
    letter.subscripted = True
    found, label = read_subscript(cursor, letter.base == "\\delta")
    letter.indices = found + letter.indices
    if label:
        letter.base = f"{letter.base}_{label}"
    letter.end = cursor.tokens[cursor.at - 1].end


def _take_prime(cursor: Cursor, letter: _Marked, token: Token) -> None:
    if letter.sup is not None:
        cursor.fail("a prime after a superscript", token.start)
    letter.primes += 1
    cursor.at += 1
    letter.end = token.end


def _take_superscript(cursor: Cursor, letter: _Marked, token: Token) -> None:
    if letter.sup is not None:
        cursor.fail("a second superscript", token.start, "put braces round the first")
    letter.sup_at = token.start
    letter.sup = kind, said = read_superscript(cursor, letter.base != "e")
    if kind == "label":
        letter.base = f"{letter.base}^{said}"
    elif kind == "index":
        letter.indices = (*letter.indices, node_of(letter.sup))
    elif kind == "'":
        letter.primes += 1
    if kind in _NAMING:
        letter.end = cursor.tokens[cursor.at - 1].end


_MARKS = {"_": _take_index, "'": _take_prime, "^": _take_superscript}


def read_letter(
    cursor: Cursor, base: str, indices: tuple[Node, ...], primes: int, start: int
) -> Node:
    """A letter whose base is read: its indices, label, primes and superscript in any order."""
    tokens = cursor.tokens
    if base in _INDICATORS and (holds := read_indicator(cursor, start)) is not None:
        return holds
    letter = _Marked(base, indices, primes, tokens[cursor.at - 1].end, bool(indices))
    while (token := tokens[cursor.at]).kind in _MARKS:
        _MARKS[token.kind](cursor, letter, token)
    named = letter.base, letter.indices, letter.primes
    name: Node = n.Name(*named, start, letter.end)
    opens = token.kind == "open"
    if opens and token.text in ROUND and letter.base in PROBABILITIES:
        event = read_event(cursor, letter.base, start)
        if event is not None:
            return event
    if opens and letter.base in cursor.functions:
        if token.text in ROUND and letter.sup is None:
            return read_applied(cursor, *named, start)
        if cursor.braced_bracket():  # f{\left(x\right)} and f^{2}{..}, as SymPy prints them
            cursor.at += 1
            name = read_applied(cursor, *named, start)
            cursor.close("{")
    if letter.sup is None or letter.sup[0] in _NAMING:
        return name
    return raised_to(cursor, name, letter.sup, letter.sup_at)


def read_indicator(cursor: Cursor, start: int) -> Node | None:
    """\\mathbb{1}[l = i] or \\mathbf{1}_{l \\in \\{i, j\\}}; None for anything else."""
    at = cursor.at + (cursor.tokens[cursor.at].kind == "_")
    first = cursor.tokens[at]
    if first.kind != "open" or first.text not in ("{", *ROUND):
        return None
    inner, stop = cursor.between(at)
    while inner and inner[0].text in ("{", "\\{") and closes_at_end(inner):
        inner = inner[1:-1]
    if not any(token.kind == "rel" for token in inner):
        return None
    terms, relations = read_chain(cursor, inner, inner[-1].end)
    cursor.at = stop
    return n.Indicator(tuple(terms), tuple(relations), start, cursor.tokens[stop - 1].end)


def _between_words(tokens: list[Token], word: str) -> list[list[Token]]:
    """What stands between the words `or`, or `and`."""
    found: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "text" and token.text.strip() == word:
            found.append([])
        else:
            found[-1].append(token)
    return found


def read_event(cursor: Cursor, said: str, start: int) -> Node | None:
    """Read P(c > 0), or several joined by `or` or `and`; refuse any other, as P(A) or P(a | b)."""
    inner, stop = cursor.between(cursor.at)
    events: list[Node] = []
    joined = "and" if any(t.kind == "text" and t.text.strip() == "and" for t in inner) else "or"
    for piece in _between_words(inner, joined):
        _, relations = split_relations(piece)
        if len(relations) != 1 or any(token.kind in ("sep", "bar", "text") for token in piece):
            break
        if relations[0].text not in _EVENTS:
            break
        terms, signs = read_chain(cursor, piece, piece[-1].end)
        events.append(n.Indicator(tuple(terms), tuple(signs), piece[0].start, piece[-1].end))
    else:
        cursor.at = stop
        kind = "P" if joined == "or" else "P and"
        return n.StatisticOf(kind, tuple(events), (), start, cursor.tokens[stop - 1].end)
    if said in OF_EVENTS or split_relations(inner)[1]:
        hint = "one relation of two sides is, as in P(c > 0)"
        cursor.fail("the probability of an event is not read", start, hint)
    return None


def read_applied(
    cursor: Cursor, base: str, indices: tuple[Node, ...], primes: int, start: int
) -> Node:
    """A letter that is a function, at its bracket."""
    group = read_group(cursor, cursor.tokens[cursor.at], base not in FUNCTION_LETTERS)
    if primes and base in _NO_SLOPE:
        cursor.fail(f"a prime on {base} before a bracket is not read", start)
    if base == "E":
        return n.StatisticOf("E", group.items, indices, start, group.end)
    if base in ("O", "o", "\\mathcal{O}"):
        if len(group.items) != 1 or indices:
            cursor.fail("O(..) takes one expression", start)
        return n.Order(group.items[0], base == "o", start, group.end)
    if len(indices) > 1:
        cursor.fail(f"{base} with two subscripts is not a function", start)
    found = n.Apply(base, group.items, indices[0] if indices else None, start, group.end)
    return n.Slope(found, primes, start, group.end) if primes else found


def raised_to(cursor: Cursor, node: Node, sup: Superscript, at: int) -> Node:
    """Apply a superscript."""
    kind = sup[0]
    end = cursor.tokens[cursor.at - 1].end
    if kind == "power":
        return n.Power(node, node_of(sup), node.start, end)
    if kind == "T":
        return n.Transpose(node, node.start, end)
    if kind == "-1":
        return n.Invert(node, node.start, end)
    if kind == "-T":
        return n.Transpose(n.Invert(node, node.start, end), node.start, end)
    if kind == "+":
        return n.PseudoInvert(node, node.start, end)
    if kind == "'":
        return n.Prime(node, node.start, end)
    raise cursor.error("this superscript is read only on a letter", at)


def read_superscript(cursor: Cursor, on_letter: bool) -> Superscript:
    """What stands after ^: ('power', node), ('T', None), ('label', text), ..."""
    tokens = cursor.tokens
    cursor.at += 1
    token = tokens[cursor.at]
    if token.kind == "open" and token.text == "{":
        first, second = tokens[cursor.at + 1], tokens[cursor.at + 2]
        if second.kind == "close" and second.text == "{":
            short = read_mark(first)
            if short is not None:
                cursor.at += 3
                return short
        elif first.kind == "op" and first.text == "-":
            third = tokens[cursor.at + 3]
            if third.kind == "close" and third.text == "{":
                if second.kind == "number" and second.text == "1":
                    cursor.at += 4
                    return "-1", None
                if _is_transpose(second):
                    cursor.at += 4
                    return "-T", None
        elif (
            on_letter
            and first.kind == "open"
            and first.text in ("(", "[")
            and second.kind in ("name", "number")
            and tokens[cursor.at + 3].kind == "close"
            and tokens[cursor.at + 4].kind == "close"
        ):
            cursor.at += 5
            index: Node = (
                number_of(second)
                if second.kind == "number"
                else n.Name(second.text, (), 0, second.start, second.end)
            )
            return "index", index
        cursor.at += 1
        node = read_expression(cursor)
        cursor.close("{")
        if on_letter and type(node) is n.Group and any(n.names(node)):
            if node.bracket == "(":  # h^{(t+1)} stands beside h^{(t)}, and x^{(a+b)} beside x^a
                said = cursor.source[node.start : node.end]
                cursor.fail(
                    f"^{{{said}}} may be a power or a label",
                    node.start,
                    "leave out the brackets, or write an index",
                )
            if node.bracket == "[":
                return "index", node.items[0]
        return "power", node
    short = read_mark(token)
    if short is not None:
        cursor.at += 1
        return short
    return "power", read_single(cursor, token, "^")


def read_mark(token: Token) -> Superscript | None:
    """A superscript of one token that is a mark and not an exponent."""
    if _is_transpose(token):
        return "T", None
    if token.kind == "mark" or (token.kind == "op" and token.text in "+*"):
        if token.text == "*":
            return "label", "*"
        return token.text, None
    if token.kind == "'":
        return "'", None
    if token.kind in ("word", "text"):
        return "label", f"{{\\mathrm{{{''.join(token.text.split())}}}}}"
    return None


def read_single(cursor: Cursor, token: Token, script: str) -> Node:
    """The one token that a script without braces takes."""
    kind = token.kind
    if kind == "number":
        if len(token.text) > 1:
            cursor.fail(
                f"LaTeX raises or lowers only the first digit of {script}{token.text[:20]}",
                token.start,
                f"write {script}{{{token.text[:20]}}}",
            )
        cursor.at += 1
        return number_of(token)
    if kind == "name":
        cursor.at += 1
        return n.Name(token.text, (), 0, token.start, token.end)
    if kind in ("frac", "infinity"):
        return cursor.grammar.operands[kind](cursor, token)
    shown = cursor.source[token.start : token.end]
    if kind in ("end", "close"):
        cursor.fail(f"nothing stands after {script}", token.start)
    raise cursor.error(f"{shown} after {script} needs braces", token.start, f"write {script}{{..}}")


def read_subscript(cursor: Cursor, pair: bool = False) -> tuple[tuple[Node, ...], str]:
    """What stands after _: indices, or a label that becomes part of the name.

    pair : whether two indices are expected, so that 1i and 11 are two without their comma.
    """
    tokens = cursor.tokens
    cursor.at += 1
    token = tokens[cursor.at]
    if token.kind == "open" and token.text == "{":
        first, second = tokens[cursor.at + 1], tokens[cursor.at + 2]
        if second.kind == "close" and second.text == "{":
            label = _label(first)
            if label:
                cursor.at += 3
                return (), label
        cursor.at += 1
        indices: list[Node] = []
        while True:
            at = tokens[cursor.at].start
            node = read_expression(cursor)
            if pair and (two := _two_digits(node)):
                node = n.Times(two, node.start, node.end)
            if type(node) is n.Group:
                cursor.fail("an index in brackets is not read", at)
            if type(node) is n.Times and (
                all(
                    not op and (type(factor) is n.Name or _is_index(factor, pair, not place))
                    for place, (op, factor) in enumerate(node.factors)
                )
                or all(op == "x" for op, _ in node.factors[1:])  # I_{d \times d}
            ):
                indices.extend(factor for _, factor in node.factors)
            elif type(node) is n.Times and _one_or_two(node):
                said = cursor.source[node.start : node.end]
                cursor.fail(
                    f"{said[:20]} may be one index or several",
                    at,
                    "write a comma between indices, or \\cdot for a product",
                )
            else:
                indices.append(node)
            token = tokens[cursor.at]
            if token.kind != "sep" or token.text != ",":
                break
            cursor.at += 1
        if token.kind == "rel":
            cursor.fail("a relation stands in a subscript", token.start)
        cursor.close("{")
        return tuple(indices), ""
    label = _label(token)
    if label:
        cursor.at += 1
        return (), label
    return (read_single(cursor, token, "_"),), ""


def take_script(cursor: Cursor) -> list[Token]:
    """The tokens of the script that begins here, not yet read."""
    tokens = cursor.tokens
    script = tokens[cursor.at]
    cursor.at += 1
    first = tokens[cursor.at]
    if first.kind == "open":
        begin = cursor.at
        cursor.skip()
        if first.text == "{":
            return tokens[begin + 1 : cursor.at - 1]
        cursor.fail(f"{script.text} needs braces", first.start)
    if first.kind == "number" and len(first.text) > 1:
        read_single(cursor, first, script.text)
    if first.kind not in ("name", "number", "infinity", "mark"):
        cursor.fail(f"{script.text} needs braces", first.start)
    cursor.at += 1
    return [first]


def take_primes(cursor: Cursor) -> int:
    """Consume primes, and return how many there are."""
    count = 0
    while cursor.tokens[cursor.at].kind == "'":
        count, cursor.at = count + 1, cursor.at + 1
    return count


def _two_digits(node: Node) -> tuple[tuple[str, Node], ...]:
    """Two numbers of one digit that stand side by side, as the factors of a product."""
    if type(node) is not n.Number or not isinstance(node.value, int) or not 10 < node.value < 100:
        return ()
    digits = divmod(node.value, 10)
    return tuple(("", n.Number(digit, node.start, node.end)) for digit in digits)


def _is_index(node: Node, pair: bool, first: bool) -> bool:
    """Whether a number beside a letter is an index of its own: nobody writes 1j for j."""
    return type(node) is n.Number and (pair or (first and node.value == 1))


def _is_transpose(token: Token) -> bool:
    return token.text == "T" and token.kind in ("name", "mark")


def _one_or_two(node: n.Times) -> bool:
    """Whether a number stands right behind a letter, as in k_{i1}."""
    pairs = zip(node.factors, node.factors[1:])
    return any(
        not op and type(factor) is n.Number and type(before) is n.Name
        for (_, before), (op, factor) in pairs
    )


def _label(token: Token) -> str:
    """The label that a subscript of one token makes, or nothing."""
    if token.kind in _LABELS:
        if token.kind == "infinity":
            return "\\infty"
        if token.kind == "mark":
            return token.text if token.text == "*" else ""
        said = "".join(token.text.split())
        return f"{{\\mathrm{{{said}}}}}" if said.isalnum() else ""
    return token.text if token.kind == "op" and token.text in "+-*" else ""
