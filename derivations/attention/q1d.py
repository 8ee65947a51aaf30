"""Question 1 (d): the matrix that takes one value out of the mean of two."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import Expr, S, Symbol

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import c, d, i, j, v
from symattn.algebra.letters import Identity as Eye
from symattn.algebra.letters import Inverse, Matrix, Norm, T, Vector
from symattn.derive.claim import Claim, Identity, Solution
from symattn.derive.derivation import Derivation
from symattn.derive.prose import F, Text
from symattn.derive.question import Question, Specification
from symattn.derive.rules import coefficient_of, put, right_divide, under
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.families import Arbitrary, Distinct, Replaced
from symattn.hypotheses.subspaces import Annihilates, Orthogonal, OrthonormalBasis, UnitBasis

s, t = (Symbol(name, integer=True, positive=True) for name in "st")
M, X, Z, N = Matrix("M", d, d), Matrix("X", d, s), Matrix("Z", d, d), Matrix("N", d, d)
Sb, Tb = Matrix("S", d, s), Matrix("T", d, t)
a, b = Vector("a", s), Vector("b", t)

GIVEN = Given(
    (
        Distinct((i, j)),
        UnitBasis(Sb),
        UnitBasis(Tb),
        Orthogonal(Sb, Tb),
        Arbitrary(a),
        Arbitrary(b),
        Replaced(v(i), Sb * a, lambda I: I["S"] @ I["a"], "$v_i = S a$"),
        Replaced(v(j), Tb * b, lambda I: I["T"] @ I["b"], "$v_j = T b$"),
    )
)
MEAN = (v(i) + v(j)) / 2


def mean(I: Instance) -> np.ndarray:
    return np.asarray((I["v"][I["i"] - 1] + I["v"][I["j"] - 1]) / 2)


def projector(columns: Any) -> np.ndarray:
    """The orthogonal projector onto the span of the columns, by least squares."""
    return np.asarray(columns @ np.linalg.lstsq(columns, np.eye(len(columns)), rcond=None)[0])


def requires(candidate: Expr) -> tuple[Claim, ...]:
    """A matrix is right when it takes the mean to the first value, for all coefficients."""
    return (
        Identity(
            name="specification",
            given=GIVEN,
            shown=M * c,
            left=candidate * MEAN,
            right=v(i),
            oracle=lambda I: compiled(candidate)(I) @ mean(I),
        ),
    )


QUESTION = Question(
    name="q1d",
    given=GIVEN,
    specification=Specification(
        unknown=M,
        wanted=Text.of(
            "{goal} for all coefficients {a} and {b}", {"goal": F(M * c, "=", v(i)), "a": a, "b": b}
        ),
        requires=requires,
    ),
    symbols={
        "S": "basis of the first subspace, as columns",
        "T": "basis of the second subspace, as columns",
        "a": "coefficients of the first value",
        "b": "coefficients of the second value",
        "c": "output, the mean of the two values",
        "M": "unknown matrix",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    G = T(Sb) * Sb

    # The condition, for all coefficients: M S = 2 S and M T = 0.
    condition = M * (Sb * a + Tb * b) / 2 - Sb * a
    on_a = D.start("coefficients of a", condition).by(coefficient_of(a))
    on_b = D.start("coefficients of b", condition).by(coefficient_of(b))
    # The rows of M are wanted in the span of the first basis: then M T = 0 by orthogonality.
    form = {M: X * T(Sb)}
    killed = D.start("M on T", on_b.value).by(put(form)).by(under(GIVEN, "orthogonal subspaces"))
    assert killed.value == 0
    linear = D.start("M on S", on_a.value).by(put(form)).value
    solved = D.start("X", linear).by(right_divide(X, G / 2))
    found = D.start("the matrix", form[M]).by(put({X: solved.value}))
    answer = found.value

    def m_oracle(I: Instance) -> np.ndarray:
        return 2 * projector(I["S"])

    matrix = D.claim(
        Solution(
            name="matrix", given=GIVEN, shown=M, right=answer, requires=requires, oracle=m_oracle
        )
    )
    (spec,) = requires(answer)
    D.claim(spec)
    row = D.claim(
        Identity(
            name="row-form",
            given=GIVEN,
            shown=T(c) * M,
            left=T(MEAN) * answer,
            right=T(v(i)),
            oracle=lambda I: mean(I) @ m_oracle(I),
        )
    )
    mirrored = D.start("transpose of M", T(answer)).by(under(GIVEN, "the Gram matrix is symmetric"))
    D.identity("symmetric", T(M), mirrored, lambda I: m_oracle(I).T)

    square = GIVEN.and_(OrthonormalBasis(Sb))
    special = D.start("orthonormal basis", answer, square).by(under(square, "Gram matrix is I"))
    orthonormal = D.identity("orthonormal-basis", M, special, m_oracle)

    # All solutions, and why this one is the shortest.
    P_S, P_T = (A * Inverse(T(A) * A) * T(A) for A in (Sb, Tb))
    free = GIVEN.and_(Arbitrary(Z))
    other = answer + Z * (Eye(d) - P_S - P_T)
    D.claim(
        Identity(
            name="all-solutions",
            given=free,
            shown=M * c,
            left=other * MEAN,
            right=v(i),
            oracle=lambda I: (
                (m_oracle(I) + I["Z"] - I["Z"] @ (projector(I["S"]) + projector(I["T"]))) @ mean(I)
            ),
        )
    )
    annihilating = GIVEN.and_(Annihilates(N, (Sb, Tb)))
    back = D.start("no others", N * (Eye(d) - P_S - P_T), annihilating).by(
        under(annihilating, "N sends both subspaces to 0")
    )
    D.identity(
        "no-other-solutions",
        N * (Eye(d) - P_S - P_T),
        back,
        lambda I: I["N"] @ (np.eye(I["d"]) - projector(I["S"]) - projector(I["T"])),
    )
    size = D.start("norm of M", Norm(answer) ** 2).by(under(GIVEN, "trace of a projector"))
    own = D.identity("own-norm", Norm(M) ** 2, size, lambda I: np.sum(m_oracle(I) ** 2))
    longer = D.start("norm of any solution", Norm(answer + N) ** 2, annihilating).by(
        under(annihilating, "the cross term vanishes"), expect=own.right + Norm(N) ** 2
    )
    norm = D.identity(
        "least-norm", Norm(M + N) ** 2, longer, lambda I: np.sum((m_oracle(I) + I["N"]) ** 2)
    )

    D.answers(
        "Write the basis vectors as the columns of {S} and of {T}. Twice the orthogonal "
        "projector onto the first subspace does it:",
        S=F(Sb),
        T=F(Tb),
    )
    D.show(matrix, first=True)
    D.say(
        "With {vi} and {vj} the condition {goal} for all {a} and {b} says {on_a} and {on_b}. "
        "Rows in the first subspace, {form}, meet the second condition by orthogonality, and "
        "turn the first into {eq}. The basis vectors have norm 1 but need not be orthogonal to "
        "each other, so the Gram matrix {G} stays; the factor 2 is there because {c} is the "
        "average.",
        vi=F(v(i), "=", Sb * a),
        vj=F(v(j), "=", Tb * b),
        goal=F(M * c, "=", v(i)),
        a=a,
        b=b,
        on_a=F(on_a.value, "=", S.Zero),
        on_b=F(on_b.value, "=", S.Zero),
        form=F(M, "=", X * T(Sb)),
        eq=F(linear, "=", S.Zero),
        G=G,
        c=F(c, "=", MEAN),
    )
    D.show(spec)
    D.say(
        "For an orthonormal basis this is {special}. The matrix is symmetric, so it answers both "
        "printed forms of the condition, the column form above and the row form {row}.",
        special=F(M, "=", orthonormal.right),
        row=F(T(c) * M, "=", row.right),
    )
    D.say(
        "The other solutions are {M} plus any {N} with {NS} and {NT}, that is any {Z}. Their "
        "norms are larger,",
        M=M,
        N=N,
        NS=F(N * Sb, "=", S.Zero),
        NT=F(N * Tb, "=", S.Zero),
        Z=F(N, "=", Z * (Eye(d) - P_S - P_T)),
    )
    D.show(norm)
    D.say("in the Frobenius norm, so {M} is the shortest.", M=M)
    return D


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
