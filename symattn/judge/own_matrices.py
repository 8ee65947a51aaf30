r"""Matrices that a line brings along: an orthonormal basis, a projection, one that sends both spaces to zero.

`S = Q R` and `U = S (S^\top S)^{-1/2}` give a matrix with orthonormal columns that span what the
columns of S span.  Of such a matrix `Q Q^\top = S (S^\top S)^{-1} S^\top`, whichever of them it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from sympy import Expr, Mul

from symattn.algebra.letters import Inverse, Letter, Matrix, T, shape
from symattn.algebra.vanish import vanishes
from symattn.hypotheses.base import Given, Hypothesis
from symattn.hypotheses.subspaces import Annihilates
from symattn.judge.judged import Judged
from symattn.judge.line import Unclear
from symattn.judge.over_keys import with_vectors
from symattn.latex import nodes as n
from symattn.latex.meaning import read
from symattn.latex.names import Vocabulary, spelled
from symattn.latex.nodes import Statement

_CAPITAL = r"(?P<own>(?:\\[a-z]+\{)?[A-Z]\}?)"
_BASES = (  # without blanks; B is the basis
    rf"B={_CAPITAL}R",
    rf"{_CAPITAL}=B\(B\^\\topB\)\^\{{-(?:1/2|\\frac\{{?1\}}?\{{?2\}}?)\}}",
)


@dataclass(frozen=True)
class OwnMatrices:
    """What a line says of its own matrices.

    words : the vocabulary with them.
    latex : the line without what only says what they are.
    bases : letters with orthonormal columns -> the basis whose span they span.
    hypotheses : what it says of the others.
    notes : what was taken for what.
    over_keys : whether it is one of vectors over the keys.
    """

    words: Vocabulary
    latex: str
    bases: dict[Letter, Letter] = field(default_factory=dict)
    hypotheses: tuple[Hypothesis, ...] = ()
    notes: tuple[str, ...] = ()
    over_keys: bool = False

    def projected(self, x: Expr) -> Expr:
        """Write `Q Q^T` as the projection onto the span of the basis.

        Raises
        ------
        Unclear : an orthonormal basis stands otherwise, where its choice would matter.
        """
        if not self.bases:
            return x
        x = x.replace(lambda e: isinstance(e, Mul) and not e.is_commutative, self._product)
        for letter in self.bases:
            if x.has(letter):
                raise Unclear(
                    "not-judged", f"{letter.name} is one of several, and stands not only in "
                    f"{letter.name} {letter.name}^\\top",
                )  # fmt: skip
        return x

    def _product(self, e: Mul) -> Expr:
        scalars, word = e.args_cnc()
        at = 0
        while at + 1 < len(word):
            basis = self.bases.get(word[at])
            if basis is not None and word[at + 1] == T(word[at]):
                word[at : at + 2] = projection(basis).args_cnc()[1]
            at += 1
        return Mul(*scalars, *word)


def projection(basis: Expr) -> Expr:
    """The orthogonal projection onto the span of the columns.

    >>> from symattn.algebra.attention import d
    >>> from sympy import Symbol
    >>> projection(Matrix("S", d, Symbol("s")))
    S*(S.T*S)^-1*S.T
    """
    return basis * Inverse(T(basis) * basis) * T(basis)


def own_matrices(
    judged: Judged, words: Vocabulary, statement: Statement, latex: str
) -> OwnMatrices:
    """Take up what the conditions of a line say of matrices of its own."""
    matrices = {m.name: m for m, _ in judged.columns.values()}
    if not matrices:
        vectors = with_vectors(words, statement, latex)
        return OwnMatrices(*(vectors or (words, latex)), over_keys=vectors is not None)
    bases: dict[Letter, Letter] = {}
    zero: dict[tuple[str, bool], list[Matrix]] = {}
    notes = []
    for c in statement.conditions:
        if c.relations and c.relations[-1] == "projects":
            words, latex = _projects(judged, words, c, latex)
            continue
        if c.relations != ("=",):
            continue
        left, right = c.terms
        said = _plain(latex[left.start : right.end])
        for name, basis in matrices.items():
            for pattern in _BASES:
                found = re.fullmatch(pattern.replace("B", name), said)
                if found is None or words.letter(found["own"]) is not None:
                    continue
                own = Matrix(found["own"], *basis.shape)
                words = words.define(found["own"], own)
                bases[own] = basis
                notes.append(
                    f"{own.name} is taken as a matrix with orthonormal columns that span what the "
                    f"columns of {name} span"
                )
                latex = _without(latex, c)
        killed = _killed(left, right, matrices)
        if killed is not None and words.letter(killed[0]) is None:
            zero.setdefault((killed[0], killed[2]), []).append(matrices[killed[1]])
    for c in statement.conditions:  # what is taken for orthonormal may be said to be
        if _plain(latex[c.start : c.end]) in {rf"{own.name}^\top{own.name}=I" for own in bases}:
            latex = _without(latex, c)
    hypotheses = []
    if len({name for name, _ in zero}) < len(zero):
        raise Unclear("not-judged", "what a matrix and its transpose send to zero is not judged")
    for (name, turned), columns in zero.items():
        own = Matrix(name, columns[0].shape[0], columns[0].shape[0])
        words = words.define(name, T(own) if turned else own)
        hypotheses.append(Annihilates(own, tuple(columns)))
    return OwnMatrices(words, latex, bases, tuple(hypotheses), tuple(notes))


def _without(latex: str, c: n.SideCondition) -> str:
    """Return LaTeX of the same length without a condition, nor the comma behind it."""
    comma = re.compile(r"\s*,").match(latex, c.end)
    end = comma.end() if comma else c.end
    return latex[: c.start] + " " * (end - c.start) + latex[end:]


def _plain(latex: str) -> str:
    r"""Return LaTeX without blanks, each transpose written `^\top`.

    >>> print(_plain(r"Q^T Q = I"))
    Q^\topQ=I
    """
    said = re.sub(r"\s|\\[,;:! ]", "", latex).replace("^T", r"\top")
    return said.replace(r"^{\top}", r"\top").replace(r"^\top", r"\top").replace(r"\top", r"^\top")


def _projects(
    judged: Judged, words: Vocabulary, c: n.SideCondition, latex: str
) -> tuple[Vocabulary, str]:
    """Take up `P \\text{ is the projection onto } S`, also behind `P = ..`, which must be it.

    Raises
    ------
    Unclear : it is not, or that is not decided.
    """
    *before, onto = c.terms
    if type(onto) is n.Apply and onto.function == "span" and len(onto.arguments) == 1:
        (onto,) = onto.arguments
    basis = words.letter(onto.text) if type(onto) is n.Name else None
    first = before[0]
    if not isinstance(basis, Matrix) or type(first) is not n.Name:
        raise Unclear("not-judged", "onto what it projects is not read; write its basis, as S or T")
    end = c.terms[-2].end
    if len(before) == 1 and words.letter(first.text) is None:
        words = words.define(spelled(first, latex), projection(basis))
        end = c.start
    else:
        value = read(latex[before[-1].start : end], words).terms[0]
        same = isinstance(value, Expr) and shape(value) == (basis.shape[0],) * 2
        given = judged.given or Given(())
        if not same or vanishes(value - projection(basis), given.rewriting) is not True:  # type: ignore[operator]
            said = latex[c.start : c.end].strip()
            raise Unclear("contradicts-the-question", f"that is not shown: {said}")
    return words, latex[:end] + " " * (c.end - end) + latex[c.end :]


def _killed(left: n.Node, right: n.Node, known: Collection[str]) -> tuple[str, str, bool] | None:
    r"""The letters of `N S = 0`, and whether it is N^T that sends S to zero: `S^\top N = 0`."""
    if type(right) is not n.Number or right.value != 0 or type(left) is not n.Times:
        return None
    factors = [x for _, x in left.factors]
    if len(factors) != 2:
        return None
    turned = [type(x) is n.Transpose for x in factors]
    one, two = (x.body if type(x) is n.Transpose else x for x in factors)
    if any(type(x) is not n.Name or x.indices for x in (one, two)):
        return None
    assert isinstance(one, n.Name)
    assert isinstance(two, n.Name)
    if two.text in known and not turned[1]:
        return one.text, two.text, turned[0]
    if one.text in known and turned[0]:
        return two.text, one.text, not turned[1]
    return None
