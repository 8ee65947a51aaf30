r"""What `\argmax` says: `i = \argmax_l f_l` is `f_i \ge f_l` for every other l.

As an equation it says besides that there is no second such index; with `\in` it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
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
    '\\alpha_{i} > \\alpha_{l} \\quad \\forall l \\ne i'
    """
    if "arg" not in latex:
        return None
    said = parse(latex, functions)
    terms, relations = said.terms, said.relations
    first = next((x for x in terms if _picks(x)), None)
    if first is None:
        return None
    around = latex[: terms[0].start], latex[terms[-1].end :]
    if len(relations) == 1 and all(map(_picks, terms)):
        taken = {x.base for x in tree.names(said)}
        place = next(x for x in _INDICES if x not in taken)
        return Picked(r" \iff ".join(_others(latex, terms, [place])).join(around))
    pairs = [(terms[k : k + 2], relations[k]) for k in range(0, len(relations), 2)]
    if any(sum(map(_picks, pair)) != 1 for pair, _ in pairs) or not 1 <= len(pairs) <= 2:
        _refuse(latex, first)
    nodes = [next(x for x in pair if isinstance(x, tree.Big) and _picks(x)) for pair, _ in pairs]
    places = [_places(said, next(x for x in pair if not _picks(x))) for pair, _ in pairs]
    ((left, _), relation), several = pairs[0], len(places[0]) > 1
    if len(pairs) == 2:
        if relations[1] not in _ARROWS or places[0] != places[1] or several:
            _refuse(latex, first)
        return Picked(
            f" {_ARROWS[relations[1]]} ".join(_others(latex, nodes, places[0])).join(around)
        )
    if relation not in (*_EQUAL, "in") or (relation == "in" and _picks(left) and not several):
        _refuse(latex, first)
    weak, strict = (
        _others(latex, nodes, places[0], sign)[0].join(around) for sign in _SIGNS[nodes[0].kind]
    )
    if relation == "in":
        return Picked(weak, member=several)
    return Picked(strict) if several else Picked(weak, strict, "" if _picks(left) else places[0][0])


def _picks(node: tree.Node) -> bool:
    return isinstance(node, tree.Big) and node.kind in _SIGNS


def _refuse(source: str, node: tree.Node) -> NoReturn:
    hint = r"write i = \argmax_l k_l \cdot q, or the inequality for every other index"
    raise ReadError(r"\argmax is read beside one index", source, node.start, hint)


def _places(said: tree.Statement, node: tree.Node) -> list[str]:
    """The letter that an index is, or those of a set: for `i^*` its letter, where that is free."""
    found = []
    running = {d.letter.base for x in tree.every(said.terms, tree.Big) for d in x.domains}
    for one in node.items if type(node) is tree.Group else (node,):
        plain = one.base.removesuffix("^*") if type(one) is tree.Name else ""
        named = {x.base for x in tree.names(said)} - running
        if len(plain) != 1 or one.indices or one.primes or (plain != one.base and plain in named):  # type: ignore[union-attr]
            _refuse(said.source, node)
        found.append(plain)
    return found


def _others(
    source: str, nodes: Sequence[tree.Node], places: Sequence[str], sign: str = ""
) -> list[str]:
    """Write that no other index has more, for each \\argmax; what runs in the first runs in all.

    The quantifier stands behind the last.  Several places are said to have the same.
    """
    letter = ""
    found = []
    for node in nodes:
        assert isinstance(node, tree.Big)
        (domain, *more) = node.domains
        if more or domain.lower or domain.members is not None or domain.excluded:
            _refuse(source, node)
        own = domain.letter.base
        taken = {*places, *(x.base for x in tree.names(node.body))}
        letter = letter or (own if own not in places else next(
            x for x in _INDICES if x not in taken))  # fmt: skip
        equal = " = ".join(_put(source, node.body, own, p) for p in places)
        rest = _put(source, node.body, own, letter)
        found.append(f"{equal} {sign or _SIGNS[node.kind][0]} {rest}")
    found[-1] += rf" \quad \forall {letter} \ne {', '.join(places)}"
    return found


def _put(source: str, body: tree.Node, letter: str, place: str) -> str:
    """Write another letter for the one that runs."""
    text, end = "", body.start
    for name in tree.names(body):
        if name.base == letter and not name.indices and not name.primes:
            before = source[end : name.start]
            text += before + (f"{{{place}}}" if before.endswith("_") else place)
            end = name.end
    return text + source[end : body.end]


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
