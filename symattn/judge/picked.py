r"""What `\argmax` says: `i = \argmax_l f_l` is `f_i \ge f_l` for every other l.

As an equation it says besides that there is no second such index; with `\in` it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import NoReturn, TypeVar

from symattn.derive.question import Question
from symattn.errors import ReadError
from symattn.judge.judgement import Judgement
from symattn.latex import nodes as tree
from symattn.latex.statement import parse

_SIGNS = {"argmax": (r"\ge", ">"), "argmin": (r"\le", "<")}
_EQUAL = ("=", ":=", "==")
_ARROWS = {"<=>": r"\iff", "=>": r"\implies", "<==": r"\impliedby"}
_INDICES = "ijlmr"
NECESSARY = "it is necessary, and does not suffice"
"""How a reason begins that calls a condition necessary and refutes it as one that suffices."""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Picked:
    r"""A line with `\argmax` as inequalities.

    weak : that no other index has more.
    strict : that every other one has less; empty where the line does not say so.
    names : the letter of which the line may only say which index it is; empty for none.
    member : whether one of several indices is meant, of which all are judged.
    """

    weak: str
    strict: str = ""
    names: str = ""
    member: bool = False


def picked(latex: str, functions: Collection[str]) -> Picked | None:
    r"""Return what a line says with `\argmax`; None for a line without.

    Raises
    ------
    ReadError : it stands in another place than beside an index.

    >>> picked(r"i = \argmax_l \alpha_l", ()).strict
    '\\alpha_{i} > \\alpha_l \\quad \\forall l \\ne i'
    """
    if "arg" not in latex:
        return None
    said = parse(latex, functions)
    if not any(map(_picks, said.terms)):
        return None
    one = _OneLine(latex, said)
    terms, relations = said.terms, said.relations
    if len(relations) == 1 and all(map(_picks, terms)):
        return one.same(terms[0], terms[1])
    if len(relations) == 1:
        return one.single(terms, relations[0])
    if len(relations) == 3 and relations[1] in _ARROWS:
        return one.implied(terms, relations)
    return one.refuse(next(x for x in terms if _picks(x)))


def _picks(node: tree.Node) -> bool:
    return type(node) is tree.Big and node.kind in _SIGNS


@dataclass(frozen=True)
class _OneLine:
    """A line, and how its parts are written as inequalities."""

    source: str
    said: tree.Statement

    def refuse(self, node: tree.Node) -> NoReturn:
        raise ReadError(
            r"\argmax is read beside one index",
            self.source,
            node.start,
            r"write i = \argmax_l k_l \cdot q, or the inequality for every other index",
        )

    def within(self, relations: str) -> str:
        """Put what stands before and behind the chain round other relations."""
        terms = self.said.terms
        return self.source[: terms[0].start] + relations + self.source[terms[-1].end :]

    def single(self, terms: tuple[tree.Node, ...], relation: str) -> Picked:
        """`i = \\argmax ..`, `\\argmax .. \\in \\{i, j\\}`."""
        node, other = terms if _picks(terms[0]) else terms[::-1]
        if relation not in (*_EQUAL, "in") or (relation == "in" and node is terms[0] and type(
            other) is not tree.Group):  # fmt: skip
            self.refuse(node)
        if type(other) is tree.Group:
            return self.members(node, other, relation)
        place = self.place(other)
        weak, strict = (self.within(self.compared(node, place, sign)) for sign in _signs(node))
        if relation == "in":
            return Picked(weak)
        return Picked(weak, strict, names=place if node is terms[1] else "")

    def members(self, node: tree.Node, group: tree.Group, relation: str) -> Picked:
        """All of `\\{i, j\\}` are where it is largest, or one of them is."""
        assert isinstance(node, tree.Big)
        places = [self.place(x) for x in group.items]
        letter, body = self.letter(node, places)
        equal = " = ".join(self.at(node, p) for p in places)
        weak, strict = (
            self.within(rf"{equal} {sign} {body} \quad \forall {letter} \ne {', '.join(places)}")
            for sign in _signs(node)
        )
        return Picked(weak, member=True) if relation == "in" else Picked(strict)

    def same(self, one: tree.Node, two: tree.Node) -> Picked:
        """`\\argmax .. = \\argmax ..`: what is largest in one is largest in the other."""
        place = next(x for x in _INDICES if x not in {n.base for n in tree.names(self.said)})
        return self.arrow(one, two, place, r"\iff")

    def implied(self, terms: tuple[tree.Node, ...], relations: tuple[str, ...]) -> Picked:
        """`i = \\argmax .. \\iff i = \\argmax ..`."""
        sides = []
        for pair, relation in ((terms[:2], relations[0]), (terms[2:], relations[2])):
            node, other = pair if _picks(pair[0]) else pair[::-1]
            if not _picks(node) or relation not in (*_EQUAL, "in"):
                self.refuse(node)
            sides.append((node, self.place(other)))
        (one, place), (two, other_place) = sides
        if place != other_place:
            self.refuse(two)
        return self.arrow(one, two, place, _ARROWS[relations[1]])

    def arrow(self, one: tree.Node, two: tree.Node, place: str, sign: str) -> Picked:
        assert isinstance(one, tree.Big)
        letter, _ = self.letter(one, [place])
        sides = [self.compared(x, place, _signs(x)[0], letter) for x in (one, two)]
        return Picked(self.within(rf"{f' {sign} '.join(sides)} \quad \forall {letter} \ne {place}"))

    def compared(self, node: tree.Node, place: str, sign: str, letter: str = "") -> str:
        """The inequality of one index and every other; of `letter`, without its quantifier."""
        assert isinstance(node, tree.Big)
        own, body = self.letter(node, [place])
        if letter:
            return f"{self.at(node, place)} {sign} {self.at(node, letter)}"
        return rf"{self.at(node, place)} {sign} {body} \quad \forall {own} \ne {place}"

    def place(self, node: tree.Node) -> str:
        """The one letter that an index is."""
        if type(node) is not tree.Name or node.indices or node.primes:
            self.refuse(node)
        plain = node.base.removesuffix("^*")
        if len(plain) != 1 or (plain != node.base and self.stands(plain)):
            self.refuse(node)
        return plain

    def stands(self, letter: str) -> bool:
        """Whether a letter stands in the line for anything but what runs in an \\argmax."""
        running = [x.domains[0].letter.base for x in self.said.terms if isinstance(x, tree.Big)]
        return letter not in running and letter in {n.base for n in tree.names(self.said)}

    def letter(self, node: tree.Big, places: list[str]) -> tuple[str, str]:
        """The letter that runs in an \\argmax, another than the places, and what it is of there."""
        (first, *more) = node.domains
        whole = first.lower is None and first.members is None and not first.excluded
        if more or not whole:
            self.refuse(node)
        own = first.letter.base
        if own not in places:
            return own, self.source[node.body.start : node.body.end]
        taken = {*places, *(n.base for n in tree.names(node.body))}
        fresh = next(x for x in _INDICES if x not in taken)
        return fresh, self.at(node, fresh)

    def at(self, node: tree.Node, place: str) -> str:
        """What stands in an \\argmax, at a place."""
        assert isinstance(node, tree.Big)
        own, body = node.domains[0].letter.base, node.body
        text, end = "", body.start
        for name in tree.names(body):
            if name.base == own and not name.indices and not name.primes:
                before = self.source[end : name.start]
                text += before + (f"{{{place}}}" if before.endswith("_") else place)
                end = name.end
        return text + self.source[end : body.end]


def _signs(node: tree.Node) -> tuple[str, str]:
    assert isinstance(node, tree.Big)
    return _SIGNS[node.kind]


def judge_picked(
    said: Picked, judge: Callable[[str], tuple[Judgement, Found]], question: Question
) -> tuple[Judgement, Found]:
    r"""Judge a line with `\argmax` by its inequalities."""
    found, bench = judge(said.weak)
    if found.passed and said.strict and not judge(said.strict)[0].passed:
        return _open(found, "ask-which-index", "there may be another such index; write \\in"), bench
    if found.verdict != "refuted":
        return found, bench
    judged, counter = question.judged, found.counterexample
    arrow = r"\iff" in said.weak or r"\imp" in said.weak
    known = question.specification.unknown is not None and said.names in map(str, judged.indices)
    if judged.goal is not None and (
        found.reason.startswith(NECESSARY) or found.code == "counterexample"
    ):
        text = f"it says which weight is the largest, and not by how much: {found.reason}"
        return _open(found, "not-judged", text), bench
    if said.names and not known and found.code == "counterexample":
        text = "it says which index is meant, and nothing of what the question asks"
        return _open(found, "not-an-answer", text), bench
    if said.member:
        return _open(
            found, "not-proved", "whether one of them always is the largest is open"
        ), bench
    if arrow and (counter is None or counter.instance.get("n") != 2):
        # it fails of one other index, and may hold of all together
        return _open(found, "not-proved", "whether it holds of all others is open"), bench
    return found, bench


def _open(found: Judgement, code: str, reason: str) -> Judgement:
    return replace(found, verdict="undecided", code=code, reason=reason, counterexample=None)
