"""Names with their indices and arguments, and sums with their index sets.

A list called `rest` is consumed from its front.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import (
    Expr,
    Integer,
    Sum,
    Symbol,
)

from symattn.algebra.letters import (
    OffSum,
)
from symattn.latex.names import arity
from symattn.latex.second.brackets import (
    BracketGroup,
    Lexeme,
    Node,
    is_token,
    spell,
    split,
)
from symattn.latex.second.short_formulas import Entry, Plain

ROUND = frozenset(["(", "[", r"\{", r"\lbrace"])
_ACCENTS = frozenset([r"\bar", r"\hat", r"\tilde", r"\overline", r"\widehat", r"\widetilde"])
_BOLD = frozenset(
    [r"\mathbf", r"\boldsymbol", r"\bm", r"\vec", r"\overrightarrow"]
    + [r"\mathrm", r"\mathit", r"\mathsf", r"\text"]
)
FONTS = _BOLD | {r"\mathbb", r"\mathcal", r"\operatorname"}
_DECORATIONS = frozenset([r"\star", r"\ast", "*", r"\circ", r"\prime", r"\dagger", "+"])
UNEQUAL = (r"\ne", r"\neq", r"\notin")


def raw_argument(reader: Plain, rest: list[Node], at: int) -> tuple[Node, ...]:
    """Take what TeX takes as an argument: a group in braces, or one token, or one digit."""
    if not rest:
        raise reader.fail("an argument is missing here", at)
    node = rest.pop(0)
    if isinstance(node, BracketGroup):
        return node.items if node.opening == "{" else (node,)
    if node.text[0].isdigit() and len(node.text) > 1:
        rest.insert(0, Lexeme(node.text[1:], node.at + 1))
        return (Lexeme(node.text[0], node.at),)
    return (node,)


def read_argument(reader: Plain, rest: list[Node], at: int) -> Expr:
    """Read what TeX takes as an argument."""
    start = rest[0].at if rest else at
    return reader.value(raw_argument(reader, rest, at), start)


def read_name(reader: Plain, node: Lexeme, rest: list[Node]) -> Expr | None:
    """Read a name of the vocabulary with its indices; None if it is not one."""
    heads: list[tuple[str, ...]] = [(node.text,)]
    tail = rest[:]
    if node.text in _ACCENTS | FONTS and tail:
        inner = spell(raw_argument(reader, tail, node.at))
        heads = [(node.text, *(inner if len(inner) == 1 else ("{", *inner, "}")))]
        if node.text in _BOLD:
            heads.append(inner)
    for head in heads:
        entry, after = _longest(reader, head, tail)
        if entry is None:
            continue
        if isinstance(entry, Expr):
            if after and is_token(after[0], "_"):
                continue  # an index that the vocabulary does not know makes another name
            rest[:] = after
            return entry
        if after and is_token(after[0], "_"):
            after = after[1:]
            script = raw_argument(reader, after, node.at)
            pair = arity(entry)[0] == 2
            arguments = read_indices(reader, script, node.at, pair)
        elif after and isinstance(after[0], BracketGroup) and argument_of(after[0]):
            arguments = read_indices(reader, argument_of(after[0]), node.at)
            after = after[1:]
        else:
            raise reader.fail(f"{''.join(head)} needs an index", node.at)
        rest[:] = after
        try:
            return entry(*arguments)
        except TypeError:
            message = f"{''.join(head)} does not take {len(arguments)} indices"
            raise reader.fail(message, node.at) from None
    return None


def _longest(
    reader: Plain, head: tuple[str, ...], tail: Sequence[Node]
) -> tuple[Entry | None, list[Node]]:
    """Look up the head with as many of its scripts as the vocabulary knows."""
    spellings: list[tuple[tuple[str, ...], int]] = [(head, 0)]
    words, used = head, 0
    while used < len(tail) and is_token(tail[used], "'", "_", "^"):
        mark = spell([tail[used]])[0]
        used += 1
        words = (*words, mark)
        if mark != "'":
            after = list(tail[used:])
            script = spell(raw_argument(reader, after, tail[used - 1].at))
            words = (*words, *(script if len(script) == 1 else ("{", *script, "}")))
            used = len(tail) - len(after)
        spellings.append((words, used))
    for spelling, used in reversed(spellings):
        if spelling in reader.vocabulary:
            after = list(tail[used:])
            decorated = (
                len(after) > 1 and is_token(after[0], "^") and is_token(after[1], *_DECORATIONS)
            )
            if decorated or (after and is_token(after[0], "'")):
                break  # a star or a prime that the vocabulary does not know: another name
            return reader.vocabulary[spelling], after
    return None, []


def read_indices(reader: Plain, nodes: Sequence[Node], at: int, pair: bool = False) -> list[Expr]:
    """Read indices between commas; of a pair also two side by side, as in `ij`."""
    sides = split(nodes, ",")
    if pair and len(sides) == 1 and len(nodes) == 2:
        sides = [(nodes[0],), (nodes[1],)]
    return [reader.value(side, at) for side in sides]


def read_sum(reader: Plain, rest: list[Node], at: int) -> Expr:
    r"""Read `\sum` with its index set; it reaches to the end of the term."""
    low, high = _bounds(reader, rest, at)
    conditions = [c for line in split(low, r"\\") for c in _conditions(line)]
    unclear = reader.fail("a sum whose index set is not understood", at)
    if not conditions:
        raise unclear
    name = spell(conditions[0][:1])
    known = reader.vocabulary.get(name)
    index = (
        known
        if isinstance(known, Symbol)
        else Symbol(name[0].lstrip("\\"), integer=True, positive=True)
    )
    first: Expr | None = None
    excluded: list[Expr] = []
    for condition in conditions:
        others = condition[2:]
        if spell(condition[:1]) != name or len(condition) == 2:
            raise unclear
        if len(condition) == 1:
            continue
        if is_token(condition[1], *UNEQUAL):
            if isinstance(others[0], BracketGroup) and len(others) == 1:
                others = others[0].items
            excluded += read_indices(reader, others, at)
        elif is_token(condition[1], "=") and high and first is None:
            first = reader.value(others, at)
        else:
            raise unclear
    last = reader.value(high, at) if high else reader.vocabulary.get(("n",))
    if not isinstance(last, Expr):
        raise reader.fail("a sum without an upper end", at)
    if not rest:
        raise reader.fail("a sum of nothing", at)
    outer = reader.vocabulary
    reader.vocabulary = {**outer, name: index}
    body = reader.value(rest, rest[0].at)
    reader.vocabulary = outer
    rest.clear()
    if not excluded:
        return Sum(body, (index, Integer(1) if first is None else first, last))
    if first not in (None, 1):
        raise unclear
    return OffSum(body, index, last, tuple(excluded))


def _bounds(reader: Plain, rest: list[Node], at: int) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Take the lower and the upper bound of a sum; either may be empty."""
    found: dict[str, tuple[Node, ...]] = {"_": (), "^": ()}
    while rest and is_token(rest[0], "_", "^"):
        mark = spell([rest.pop(0)])[0]
        nodes = raw_argument(reader, rest, at)
        if nodes and is_token(nodes[0], r"\substack") and len(nodes) == 2:
            nodes = raw_argument(reader, list(nodes[1:]), at)
        found[mark] = nodes
    return found["_"], found["^"]


def argument_of(group: BracketGroup) -> tuple[Node, ...]:
    r"""Return what `f(x)` applies to, also in SymPy's spelling `f{\left(x \right)}`."""
    inner = group.items
    if group.opening == "{" and len(inner) == 1 and isinstance(inner[0], BracketGroup):
        group = inner[0]
    return group.items if group.opening in ROUND else ()


def _conditions(nodes: Sequence[Node]) -> list[tuple[Node, ...]]:
    r"""Split `l=1, l \ne i, j` into `l=1` and `l \ne i, j`."""
    found: list[tuple[Node, ...]] = []
    for part in split(nodes, ","):
        begins = len(part) > 1 and is_token(part[1], "=", *UNEQUAL)
        if found and not begins:
            found[-1] = (*found[-1], Lexeme(",", nodes[0].at), *part)
        elif part:
            found.append(part)
    return found
