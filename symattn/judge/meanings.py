"""What the letters of a stranger's line mean: the question's own, and those that the line explains."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial

from sympy import Basic, Expr, Symbol

from symattn.algebra.letters import Letter, Matrix
from symattn.algebra.stable import Peak, Pit
from symattn.derive.question import Question
from symattn.errors import UnknownName
from symattn.judge.columns import MatrixEntries
from symattn.judge.free_letters import free_indices, reindexed
from symattn.judge.judged import Judged
from symattn.judge.line import Unclear
from symattn.judge.over_keys import ENTROPY, entropy
from symattn.judge.slashes import SLASH
from symattn.latex.meaning import read
from symattn.latex.names import Vocabulary, attention_vocabulary, spelled
from symattn.latex.nodes import Name, Number, Statement, names

# The letters of `attention_vocabulary` that every question has.
_COMMON = frozenset(["n", "d", "q", "c", "k", "v", "\\alpha", "z"])
_vocabularies: dict[int, tuple[Judged, Vocabulary]] = {}


def vocabulary(judged: Judged) -> Vocabulary:
    """Return what the letters of a question mean."""
    found = _vocabularies.get(id(judged))
    if found is not None and found[0] is judged:
        return found[1]
    words = _common()
    for name, meaning in judged.letters.items():
        for one in meaning if isinstance(meaning, tuple) else (meaning,):
            words = words.define(name, one)
    if judged.scale is not None:
        words = words.define(judged.scale.name, judged.scale)
    for name, (matrix, count) in judged.columns.items():
        words = words.matrix(name, partial(_with_columns, matrix, count))
    if judged.columns:
        words = words.without(ENTROPY).with_entries(MatrixEntries())
    words = words.range("max", partial(extreme, Peak)).range("min", partial(extreme, Pit))
    _vocabularies[id(judged)] = (judged, words)
    return words


def extreme(node: type[Peak], f: Expr, index: Expr, upper: Expr, excluded: Sequence[Expr]) -> Expr:
    r"""Return what `\max_{l \ne i}` makes of its summand.

    Raises
    ------
    Unclear : the index stands nowhere in it.
    """
    if not f.has(index):
        raise Unclear("ask-which-index", f"{index} stands nowhere in what runs over it")
    return node(f, index, upper, excluded)


def _with_columns(matrix: Letter, count: Symbol, last: Expr) -> Expr | None:
    """The matrix [s_1, .., s_t], when t is the number of its columns."""
    return matrix if str(last) in (str(count), matrix.name) else None


@lru_cache(maxsize=1)
def _common() -> Vocabulary:
    words = attention_vocabulary()
    return words.without(*[name for name in words.names() if name not in _COMMON]).merged(
        Vocabulary(
            indices={name: Symbol(name, integer=True, positive=True) for name in "ijlmx"},
            functions={ENTROPY: entropy},
            slopes=True,
        )
    )


def meant(words: Vocabulary, where: Mapping[str, str]) -> Vocabulary:
    """Add the names that a user explains: `A` is `S`, `\\gamma` is `\\beta`, `u_l` is `k_l`.

    Raises
    ------
    UnknownName : a name that the question does not have.
    """
    for name, target in where.items():
        if name == SLASH:
            continue  # it is no name
        name, target = _bare(name), _bare(target)
        found = False
        for look, define in (
            (words.letter, words.define),
            (words.family, words.define),
            (words.index_letter, words.index),
        ):
            meaning = look(_canonical(target))
            if meaning is not None:
                words = define(name, meaning)  # type: ignore[operator]
                found = True
        if not found:
            raise UnknownName(
                f"{name} cannot stand for {target}, which the question does not have",
                f"its letters are {', '.join(words.names())}",
            )
    return words


def _canonical(name: str) -> str:
    from symattn.latex.names import canonical

    return canonical(name)


def _bare(name: str) -> str:
    """Return a name without the index that stands for any: `u_l` is the family `u`."""
    return re.sub(r"_\{?[a-z]\}?$", "", name.strip().strip("$").strip())


def with_basis(
    judged: Judged, words: Vocabulary, statement: Statement
) -> tuple[Vocabulary, list[str]]:
    """Take one unknown capital letter as the question's basis, when no basis is written."""
    if judged.basis is None:
        return words, []
    known, unknown = set(), set()
    for name in names(statement):
        if name.indices or name.base in ("I", "e"):
            continue
        if words.letter(name.text) is not None or words.letter(name.base) is not None:
            known.add(name.base)
        elif re.fullmatch(r"(\\[a-z]+\{)?[A-Z]\}?", name.base) and not _stated(statement, name):
            unknown.add(name.base)
    basis = judged.basis.name
    if not unknown or basis in known:
        return words, []
    others = [
        name for name, x in judged.letters.items()
        if isinstance(x, Matrix) and x.shape[0] != x.shape[1]
    ]  # fmt: skip
    if len(unknown) > 1 or known.intersection(others):
        raise Unclear(
            "ask-which-matrix",
            f"{' and '.join(sorted(unknown))} {'is' if len(unknown) == 1 else 'are'} not a letter "
            f"of the question; say what it stands for, as with --where '{min(unknown)}={basis}'",
        )
    (letter,) = unknown
    return words.define(letter, judged.basis), [f"{letter} is taken as {basis}"]


def _stated(statement: Statement, name: Name) -> bool:
    """Whether a side condition says what the letter is."""
    return any(
        c.relations == ("=",) and type(c.terms[0]) is Name and c.terms[0].base == name.base
        for c in statement.conditions
    )


def with_definitions(
    question: Question, judged: Judged, words: Vocabulary, statement: Statement, latex: str
) -> tuple[Vocabulary, list[str], list[Basic]]:
    """Take up what a line says its own letters are: `P = S (S^T S)^{-1} S^T`.

    What it says the scale is comes last.
    """
    notes, values = [], []
    for condition in statement.conditions:
        if condition.relations != ("=",) or type(condition.terms[0]) is not Name:
            continue
        left, right = condition.terms
        assert isinstance(left, Name)
        name = spelled(left, latex)
        scale = judged.scale is not None and name == judged.scale.name
        index = words.index_letter(name) is not None and type(right) in (Name, Number)
        if not scale and (index or not own_name(words, left, latex)):
            continue
        meaning = read(latex[right.start : right.end], words)
        if meaning.unknown and not scale:
            continue
        value = meaning.terms[0]
        indices = _family_indices(left, value, words)
        if indices:
            words = words.define(left.text, _family(value, indices))
            name = left.text
        else:
            words = words.define(name, value)
        if scale:
            values.append(value)
        notes.append(f"{name} is what the line says it is")
    return words, notes, values


def own_name(words: Vocabulary, name: Name, latex: str) -> bool:
    """Whether a name is the line's own: no letter of the question, nor one of its families."""
    if words.letter(spelled(name, latex)) is not None or words.letter(name.text) is not None:
        return False
    if words.family(name.text) is None:
        return True
    return len(name.indices) == 2 and words.indices_of(name.text)[1] == 1


def _family_indices(left: Name, value: Basic, words: Vocabulary) -> list[Expr]:
    """Return the indices over which `u_i = ..` or `u_{ij} = ..` defines a family; none for a letter."""
    plain = [words.index_letter(x.text) if type(x) is Name else None for x in left.indices]
    indices = [x for x in plain if x is not None]
    known = set(indices) <= set(free_indices(value)) and len(indices) == len(plain) <= 2
    return indices if known else []


def _family(value: Expr, indices: list[Expr]) -> Callable[..., Expr]:
    """Return what a family is at its one or two places."""

    def of_one(place: Expr) -> Expr:
        return reindexed(value, {indices[0]: place})  # type: ignore[no-any-return]

    def of_two(one: Expr, two: Expr) -> Expr:
        return reindexed(value, dict(zip(indices, (one, two))))  # type: ignore[no-any-return]

    return of_one if len(indices) == 1 else of_two
