"""A line of mathematics: a chain of relations, and the side conditions that come with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NoReturn

from symattn.errors import ReadError
from symattn.latex import nodes as n
from symattn.latex.cursor import FUNCTION_LETTERS, split_relations
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node, SideCondition, Statement
from symattn.latex.parser import parse_tokens
from symattn.latex.segments import CONDITIONAL, Segment, segments
from symattn.latex.series import alike
from symattn.latex.tokens import tokenize

MAX_TERMS = 200
Side = tuple[Node, str] | None
"""What tends to 0 from one side, and the sign that it has there."""
_AT_THE_END = frozenset(["sep", "quad", "row", "end-mark"])
_SIZED = {"large": ">>", "small": "<<", "positive": ">", "real": "in", "any": ""}
_TARGETS = frozenset(["infinite", "zero"])
_ARROWS_TO_ZERO = {"\\downarrow": ">", "\\searrow": ">", "\\uparrow": "<", "\\nearrow": "<"}
_SIDES = [[script, side] for script in "^_" for side in "+-"]
_QUANTIFIERS = frozenset(["for all", "there is"])
_OFTEN = frozenset(["probability", "each", "sometimes"])
_EVENT = (("<",), ("<=",), (">",), (">=",))
_NEAR = (("~~",), ("->",), ("=",), ("~=",))
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
    if not isinstance(latex, str):
        raise ReadError(f"a formula is text, and this is {type(latex).__name__}")
    try:
        return _parse(str(latex), frozenset(functions))
    except RecursionError:  # the caller had used up the stack before
        raise ReadError("the formula is nested too deep", latex, 0) from None


@lru_cache(maxsize=1000)
def _parse(latex: str, functions: frozenset[str]) -> Statement:
    tokens = tokenize(latex)
    while tokens and tokens[-1].kind in _AT_THE_END and tokens[-1].text != "|":
        tokens.pop()
    if not tokens:
        raise ReadError("the formula is empty", latex, 0)
    gathered = _Gathered(latex)
    for segment in segments(tokens, latex):
        nodes, signs, side = _chain(segment, latex, functions)
        if signs:
            gathered.relation(segment, nodes, signs, side)
        elif not gathered.bare(segment, nodes[0]):
            gathered.alone(segment)
    return gathered.statement()


@dataclass
class _Gathered:
    """What the segments of a line have come to so far.

    terms, relations : the statement; None before there is one.
    waiting : bare names before their relation: `i, j` of `for i, j \\ne l`.
    shared : what is listed on the left of one relation: `a_j` of `a_i, a_j \\to 0`.
    previous : the condition that a bare term may go on with: `l \\ne i, j`.
    doubtful : `\\epsilon \\to 0` of `as \\beta \\to \\infty, \\epsilon \\to 0, ..`.
    """

    source: str
    terms: tuple[Node, ...] | None = None
    relations: tuple[str, ...] = ()
    conditions: list[SideCondition] = field(default_factory=list)
    waiting: list[tuple[Segment, Node]] = field(default_factory=list)
    shared: list[tuple[Segment, Node]] = field(default_factory=list)
    previous: SideCondition | None = None
    doubtful: Segment | None = None

    def alone(self, segment: Segment) -> NoReturn:
        """Refuse a term that nothing is said of."""
        raise ReadError(
            "this stands alone: it is neither a relation nor a condition",
            self.source,
            segment.start,
            "join it to the formula, or give it a relation",
        )

    # a segment without a relation ----------------------------------------------------------------

    def bare(self, segment: Segment, node: Node) -> bool:
        """Take up a term without a relation; False where it has no place."""
        if segment.word in _OFTEN:
            self.conditions.append(
                SideCondition(segment.word, (node,), (), segment.start, segment.end)
            )
            return True
        if segment.hint:
            self.conditions.append(_sized(segment, node))
            return True
        return (
            self.goes_on(segment, node)
            or self.otherwise_near(segment, node)
            or self.refers(segment)
            or self.is_named(segment, node)
            or self.first(segment, node)
        )

    def refers(self, segment: Segment) -> bool:
        """Refuse an `otherwise` that no case stands before."""
        if segment.word == "otherwise":
            raise ReadError("'otherwise' has nothing to refer to", self.source, segment.start)
        return False

    def otherwise_near(self, segment: Segment, node: Node) -> bool:
        r"""Take v_j of `c \approx v_i \text{ half of the time, } v_j \text{ otherwise}` for `c \approx v_j`."""
        shared = segment.word in ("", "and", "otherwise") and any(
            c.word in _OFTEN or (c.word in ("if", "when") and c.relations in _EVENT)
            for c in self.conditions
        )
        if (
            self.terms is None
            or self.relations not in _NEAR
            or not (shared or segment.word == "or")
        ):
            return False
        both = (self.terms[0], node)
        word = segment.word or "and"
        self.conditions.append(
            SideCondition(word, both, self.relations, segment.start, segment.end)
        )
        return True

    def goes_on(self, segment: Segment, node: Node) -> bool:
        """Take a term for one more of the condition before it."""
        added = _inherit(self.previous, segment, node) if self.previous is not None else None
        if added is None:
            return False
        if added.relations != ("in",):
            self.conditions.append(added)
        elif self.conditions and self.conditions[-1] is self.previous:
            self.conditions[-1] = added
        else:
            self.terms, self.relations = added.terms, added.relations
        self.previous = added
        return True

    def is_named(self, segment: Segment, node: Node) -> bool:
        """Take a letter for what a condition is about: `for all i`, the first of `for i, j \\ne l`."""
        if type(node) is not n.Name:
            return False
        if segment.word in _NAMING:
            if self.waiting and self.waiting[0][0].word != segment.word:
                self.settle()
        elif not self.waiting or segment.word:
            return False
        self.waiting.append((segment, node))
        return True

    def first(self, segment: Segment, node: Node) -> bool:
        """Take a term for the whole statement, or for one of a list on the left."""
        if self.terms is None:
            self.terms = (node,)
            return True
        if self.relations or self.conditions or not alike(self.terms[0], node):
            return False
        self.shared.append((segment, node))
        return True

    def settle(self) -> None:
        """File the letters that wait as named by a condition which says nothing of them."""
        self.conditions += _named(self.waiting)
        self.waiting = []

    # a segment with a relation -------------------------------------------------------------------

    def relation(
        self, segment: Segment, nodes: tuple[Node, ...], signs: tuple[str, ...], side: Side
    ) -> None:
        """Take up a chain: as the statement, as a condition, or as what is said of letters named."""
        if segment.hint in _SIZED:  # `for large \\beta > 0`
            self.conditions.append(_sized(segment, nodes[0]))
        condition = _condition(segment, nodes, signs)
        conditional = segment.word in CONDITIONAL
        if (
            self.waiting
            and segment.word in _QUANTIFIERS
            and segment.word != self.waiting[0][0].word
        ):
            self.settle()  # `there is i, for all j \\ne i`
        if not conditional and self.is_of_all(segment, nodes, signs):
            return
        if self.waiting and _of_the_waiting(condition, segment, self.waiting):
            condition = self.of_named(condition, nodes)
            conditional = True
        elif not conditional:
            self.settle()  # `for all i: a_i > 0`
        if side is not None:
            word = "side" if conditional or self.terms is not None else "and"
            letter, sign = side
            both = (letter, n.Number(0, segment.end, segment.end))
            self.conditions.append(SideCondition(word, both, (sign,), segment.start, segment.end))
        if self.doubtful is not None and not segment.word:
            raise ReadError(
                "it is not clear whether this is what is said or one more condition",
                self.source,
                self.doubtful.start,
                "join conditions by \\text{ and }",
            )
        if conditional or self.terms is not None:
            self.conditions.append(condition)
            self.previous = condition
            return
        if _one_more(condition, self.conditions):
            self.doubtful = segment
        self.terms, self.relations = nodes, signs
        # `a = 1, b`: what follows may still belong to a list on the right
        goes_on = segment.word == "" and _about_indices(condition)
        self.previous = condition if goes_on else None

    def is_of_all(self, segment: Segment, nodes: tuple[Node, ...], signs: tuple[str, ...]) -> bool:
        """Say what stands on the right of all that are listed on the left."""
        if self.terms is None or self.relations or not alike(self.terms[0], nodes[0]):
            return False
        self.terms, self.relations = (self.terms[0], *nodes[1:]), signs
        for other, node in (*self.shared, (segment, nodes[0])):
            both = (node, *nodes[1:])
            self.conditions.append(SideCondition("and", both, signs, other.start, segment.end))
        self.shared, self.previous = [], None
        return True

    def of_named(self, condition: SideCondition, nodes: tuple[Node, ...]) -> SideCondition:
        """Say a condition of each letter that waits, and return it with their word."""
        word = self.waiting[0][0].word
        if not _is_named(condition.terms[0], self.waiting):
            for _, name in self.waiting:
                self.conditions.append(replace(condition, word=word, terms=(name, *nodes[1:])))
            self.waiting = []
        self.settle()  # `for all i, j, i \\ne j`
        return replace(condition, word=word)

    def statement(self) -> Statement:
        """Return what the line says as a whole."""
        if self.shared:
            self.alone(self.shared[0][0])
        self.settle()
        if self.terms is None:
            first = self.conditions[0] if self.conditions else None
            if first is None or not first.relations or first.word != "let":
                raise ReadError("the formula holds only conditions", self.source, 0)
            self.terms, self.relations = first.terms, first.relations
            del self.conditions[0]
        return Statement(self.terms, self.relations, tuple(self.conditions), self.source)


def _named(waiting: list[tuple[Segment, Node]]) -> list[SideCondition]:
    """Letters that a condition names and says nothing of: `for all i`."""
    return [SideCondition(waiting[0][0].word, (name,), (), s.start, s.end) for s, name in waiting]


def _condition(segment: Segment, nodes: tuple[Node, ...], signs: tuple[str, ...]) -> SideCondition:
    """A condition; `x = o(y)` says that x is much smaller than y."""
    if signs == ("=",) and type(nodes[1]) is n.Order and nodes[1].little:
        nodes, signs = (nodes[0], nodes[1].size), ("<<",)
    return SideCondition(segment.word, nodes, signs, segment.start, segment.end)


def _chain(
    segment: Segment, source: str, functions: Collection[str]
) -> tuple[tuple[Node, ...], tuple[str, ...], Side]:
    """The terms of a segment, the relations between them, and what tends to 0 from one side."""
    pieces, relations = split_relations(segment.tokens)
    if len(relations) > MAX_TERMS:
        raise ReadError(
            f"the chain has more than {MAX_TERMS} relations", source, relations[MAX_TERMS].start
        )
    terms: list[Node] = []
    side: Side = None
    for at, piece in enumerate(pieces):
        if at and relations[at - 1].text == "->":
            sign = source[relations[at - 1].start : relations[at - 1].end]
            piece, from_side = _from_side(piece, sign, source)
            side = (terms[-1], from_side) if from_side else side
        stop = relations[at].start if at < len(relations) else segment.end
        if not piece:
            if at < len(relations):
                sign = source[relations[at].start : relations[at].end]
                raise ReadError(f"nothing stands before {sign}", source, relations[at].start)
            sign = source[relations[-1].start : relations[-1].end]
            raise ReadError(f"nothing stands after {sign}", source, relations[-1].start)
        terms.append(parse_tokens(piece, source, stop, functions))
    return tuple(terms), tuple(relation.text for relation in relations), side


def _from_side(piece: list[Token], sign: str, source: str) -> tuple[list[Token], str]:
    """Take the mark off the target of a limit from one side: 0^+, 0+, 0_-, and \\downarrow 0."""
    marks = [t.text for t in piece[1:] if t.text != "{"]
    if not piece or piece[0].text != "0" or marks not in (["+"], ["-"], *_SIDES):
        zero = [t.text for t in piece] == ["0"]
        return piece, _ARROWS_TO_ZERO.get(sign, "") if zero else ""
    return piece[:1], ">" if marks[-1] == "+" else "<"


def _inherit(previous: SideCondition, segment: Segment, node: Node) -> SideCondition | None:
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


def _sized(segment: Segment, node: Node) -> SideCondition:
    """`for large \\beta` is \\beta >> 0, `for small \\epsilon` is \\epsilon << 1."""
    at = segment.end
    if segment.hint in _TARGETS:
        target = n.Infinity(at, at) if segment.hint == "infinite" else n.Number(0, at, at)
        return SideCondition(segment.word, (node, target), ("->",), segment.start, at)
    relation = _SIZED[segment.hint]
    if not relation:  # `where \\beta is arbitrary`
        return SideCondition("any", (node,), (), segment.start, at)
    if relation == "in":  # `a constant` says as little as `\\beta \\in \\mathbb{R}`
        reals = n.Name("\\mathbb{R}", (), 0, at, at)
        return SideCondition(segment.word, (node, reals), ("in",), segment.start, at)
    bound = n.Number(1 if relation == "<<" else 0, segment.end, segment.end)
    return SideCondition(segment.word, (node, bound), (relation,), segment.start, segment.end)


def _of_the_waiting(
    condition: SideCondition, segment: Segment, waiting: list[tuple[Segment, Node]]
) -> bool:
    """Whether this is said of letters that were named before it, as in `for i, j \\ne l`."""
    left = condition.terms[0]
    if not _about_indices(condition) or type(left) is not n.Name or left.indices:
        return False
    if segment.word not in ("", *CONDITIONAL):
        return False
    if segment.stated:  # behind a colon only what is said of the same letter
        return _is_named(left, waiting)
    return condition.relations != ("=",) or type(condition.terms[1]) is n.Number


def _one_more(condition: SideCondition, conditions: list[SideCondition]) -> bool:
    """Whether a limit of one letter follows such a limit that is a condition."""
    left = condition.terms[0]
    return (
        bool(conditions)
        and conditions[-1].relations == condition.relations == ("->",)
        and not condition.word
        and type(left) is n.Name
        and not left.indices
        and type(condition.terms[1]) in (n.Number, n.Infinity)
    )


def _is_named(letter: Node, waiting: list[tuple[Segment, Node]]) -> bool:
    """Whether a letter is one of those that were named."""
    named = {name.text for _, name in waiting if type(name) is n.Name}
    return type(letter) is n.Name and letter.text in named


def _about_indices(condition: SideCondition) -> bool:
    """Whether the left side is a bare letter, so that a list may stand on either side."""
    return len(condition.relations) == 1 and type(condition.terms[0]) is n.Name
