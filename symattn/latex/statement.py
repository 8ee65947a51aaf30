"""A line of mathematics: a chain of relations, and the side conditions that come with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from symattn.errors import ReadError
from symattn.latex import nodes as n
from symattn.latex.cursor import FUNCTION_LETTERS, split_relations
from symattn.latex.nodes import Condition, Node, Statement
from symattn.latex.segments import CONDITIONAL, Segment, segments
from symattn.latex.series import alike
from symattn.latex.tokens import tokenize
from symattn.latex.tree import Parser

MAX_TERMS = 200
_AT_THE_END = frozenset(["sep", "quad", "row", "end-mark"])
_QUANTIFIERS = frozenset(["for all", "there is"])
# Words after which a letter alone is no statement: `for i`, `where \\beta (is large)`.
_NAMING = _QUANTIFIERS | {"for", "with", "if", "where"}


def parse(latex: str, functions: Collection[str] = FUNCTION_LETTERS) -> Statement:
    """Read one line of LaTeX into a chain of terms, its relations, and its side conditions.

    functions : letters that are functions when a bracket follows at once.

    Raises
    ------
    ReadError : with the place, for whatever is not read.

    >>> s = parse(r"q = \\beta (k_i + k_j), \\quad \\beta \\gg 0")
    >>> len(s.terms), s.relations, [c.relations for c in s.conditions]
    (2, ('=',), [('>>',)])
    """
    try:
        return _parse(latex, functions)
    except RecursionError:  # the caller had used up the stack before
        raise ReadError("the formula is nested too deep", latex, 0) from None


def _parse(latex: str, functions: Collection[str]) -> Statement:
    if not isinstance(latex, str):
        raise ReadError(f"a formula is text, and this is {type(latex).__name__}")
    tokens = tokenize(latex)
    while tokens and tokens[-1].kind in _AT_THE_END and tokens[-1].text != "|":
        tokens.pop()
    if not tokens:
        raise ReadError("the formula is empty", latex, 0)
    terms: tuple[Node, ...] | None = None
    relations: tuple[str, ...] = ()
    conditions: list[Condition] = []
    waiting: list[tuple[Segment, Node]] = []  # bare names before their relation: `i, j \ne l`
    previous: Condition | None = None
    shared_with: list[tuple[Segment, Node]] = []  # `a_j` of `a_i, a_j \to 0`
    for segment in segments(tokens, latex):
        nodes, signs = _chain(segment, latex, functions)
        if not signs:
            if segment.word == "otherwise":
                raise ReadError("'otherwise' has nothing to refer to", latex, segment.start)
            if segment.hint:
                conditions.append(_sized(segment, nodes[0]))
                continue
            added = _inherit(previous, segment, nodes[0]) if previous is not None else None
            if added is not None:
                if added.relations != ("in",):
                    conditions.append(added)
                elif conditions and conditions[-1] is previous:
                    conditions[-1] = added
                else:
                    terms, relations = added.terms, added.relations
                previous = added
                continue
            if segment.word in _NAMING and type(nodes[0]) is n.Name:
                # `for all i`, or the first of `for i, j \ne l`
                if waiting and waiting[0][0].word != segment.word:
                    conditions += _named(waiting)
                    waiting = []
                waiting.append((segment, nodes[0]))
                continue
            if waiting and type(nodes[0]) is n.Name and not segment.word:
                waiting.append((segment, nodes[0]))
                continue
            if terms is None:
                terms = nodes
                continue
            if not relations and not conditions and alike(terms[0], nodes[0]):
                shared_with.append((segment, nodes[0]))  # `a_i, a_j \to 0`
                continue
            raise ReadError(
                "this stands alone: it is neither a relation nor a condition",
                latex,
                segment.start,
                "join it to the formula, or give it a relation",
            )
        condition = _condition(segment, nodes, signs)
        conditional = segment.word in CONDITIONAL
        if waiting and segment.word in _QUANTIFIERS and segment.word != waiting[0][0].word:
            conditions += _named(waiting)  # `there is i, for all j \ne i`
            waiting = []
        if terms is not None and not relations and not conditional and alike(terms[0], nodes[0]):
            # what stands on the right is said of all that are listed on the left
            terms, relations = (terms[0], *nodes[1:]), signs
            for other, node in (*shared_with, (segment, nodes[0])):
                both = (node, *nodes[1:])
                conditions.append(Condition("and", both, signs, other.start, segment.end))
            shared_with, previous = [], None
            continue
        if waiting and (conditional or not segment.word) and _about_indices(condition):
            for earlier, name in waiting:
                shared = replace(condition, word=earlier.word, terms=(name, *nodes[1:]))
                conditions.append(shared)
            condition = replace(condition, word=waiting[0][0].word)
            conditional, waiting = True, []
        if terms is None and not conditional:
            terms, relations = nodes, signs
            # `a = 1, b`: what follows may still belong to a list on the right
            previous = condition if segment.word == "" and _about_indices(condition) else None
        else:
            conditions.append(condition)
            previous = condition
    if shared_with:
        raise ReadError(
            "this stands alone: it is neither a relation nor a condition",
            latex,
            shared_with[0][0].start,
            "join it to the formula, or give it a relation",
        )
    conditions += _named(waiting)
    if terms is None:
        if not conditions or not conditions[0].relations or conditions[0].word != "let":
            raise ReadError("the formula holds only conditions", latex, 0)
        first = conditions.pop(0)
        terms, relations = first.terms, first.relations
    return Statement(terms, relations, tuple(conditions), latex)


def _named(waiting: list[tuple[Segment, Node]]) -> list[Condition]:
    """Letters that a condition names and says nothing of: `for all i`."""
    return [Condition(s.word, (name,), (), s.start, s.end) for s, name in waiting]


def _condition(segment: Segment, nodes: tuple[Node, ...], signs: tuple[str, ...]) -> Condition:
    """A condition; `x = o(y)` says that x is much smaller than y."""
    if signs == ("=",) and type(nodes[1]) is n.Order and nodes[1].little:
        nodes, signs = (nodes[0], nodes[1].size), ("<<",)
    return Condition(segment.word, nodes, signs, segment.start, segment.end)


def _chain(
    segment: Segment, source: str, functions: Collection[str]
) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """The terms of a segment and the relations between them."""
    pieces, relations = split_relations(segment.tokens)
    if len(relations) > MAX_TERMS:
        raise ReadError(
            f"the chain has more than {MAX_TERMS} relations", source, relations[MAX_TERMS].start
        )
    terms = []
    for at, piece in enumerate(pieces):
        stop = relations[at].start if at < len(relations) else segment.end
        if not piece:
            if at < len(relations):
                sign = source[relations[at].start : relations[at].end]
                raise ReadError(f"nothing stands before {sign}", source, relations[at].start)
            sign = source[relations[-1].start : relations[-1].end]
            raise ReadError(f"nothing stands after {sign}", source, relations[-1].start)
        terms.append(Parser(piece, source, stop, functions).whole())
    return tuple(terms), tuple(relation.text for relation in relations)


def _inherit(previous: Condition, segment: Segment, node: Node) -> Condition | None:
    """What a bare term makes of the condition before it: `l \\ne i, j` or `l = 1, \\dots, n`.

    One with `in` takes the place of the condition before, any other stands beside it.
    """
    if segment.word not in ("", "and") or len(previous.relations) != 1:
        return None
    relation, right = previous.relations[0], previous.terms[1]
    if relation in ("!=", "notin"):
        return replace(
            previous, terms=(previous.terms[0], node), start=segment.start, end=segment.end
        )
    if relation not in ("=", "in"):
        return None
    if relation == "in" and (type(right) is not n.Group or right.end != right.start):
        return None  # a set that is written out is complete
    items = right.items if type(right) is n.Group and relation == "in" else (right,)
    listed = n.Group((*items, node), "\\{", right.start, right.start)
    if relation == "=" and not (
        type(node) is n.Dots or (type(node) is n.Number and type(right) is n.Number)
    ):
        return None
    return replace(previous, terms=(previous.terms[0], listed), relations=("in",), end=segment.end)


def _sized(segment: Segment, node: Node) -> Condition:
    """`for large \\beta` is \\beta >> 0, `for small \\epsilon` is \\epsilon << 1."""
    relation = {"large": ">>", "small": "<<", "positive": ">"}[segment.hint]
    bound = n.Number(1 if relation == "<<" else 0, segment.end, segment.end)
    return Condition(segment.word, (node, bound), (relation,), segment.start, segment.end)


def _about_indices(condition: Condition) -> bool:
    """Whether the left side is a bare letter, so that a list may stand on either side."""
    return len(condition.relations) == 1 and type(condition.terms[0]) is n.Name
