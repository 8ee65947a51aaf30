"""Question 1 (d): the matrix that takes one value out of the mean of two."""

from symattn.vocabulary import *

s, t = (Symbol(name, integer=True, positive=True) for name in "st")
M, X, Z, N = Matrix("M", d, d), Matrix("X", d, s), Matrix("Z", d, d), Matrix("N", d, d)
Sb, Tb = Matrix("S", d, s), Matrix("T", d, t)
a, b = Vector("a", s), Vector("b", t)

GIVEN = Given(
    (
        Distinct((i, j)), UnitBasis(Sb), UnitBasis(Tb), Orthogonal(Sb, Tb),
        Arbitrary(a), Arbitrary(b),
        Replaced(v(i), Sb * a, statement="$v_i = S a$"),
        Replaced(v(j), Tb * b, statement="$v_j = T b$"),
    )
)  # fmt: skip
MEAN = (v(i) + v(j)) / 2
mean = oracle.pair_mean
NAMES = Definitions().let(c, MEAN, mean)


def requires(candidate: Expr) -> tuple[Claim, ...]:
    """A matrix is right when it takes the mean to the first value, for all coefficients."""
    return (NAMES.let(M, candidate).claim(Identity, "specification", GIVEN, M * c, v(i)),)


QUESTION = Question(
    name="q1d",
    given=GIVEN,
    names=NAMES,
    specification=Specification(
        M,
        words("{goal} for all coefficients {a} and {b}", goal=F(M * c, "=", v(i)), a=a, b=b),
        requires,
    ),
    symbols={
        "S": "basis of the first subspace, as columns",
        "s": "number of columns of $S$",
        "T": "basis of the second subspace, as columns",
        "t": "number of columns of $T$",
        "a": "coefficients of the first value",
        "b": "coefficients of the second value",
        "M": "unknown matrix",
        "X": "matrix of coefficients",
        "N": "matrix that sends both subspaces to 0",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    G = T(Sb) * Sb

    # The condition on any M, and what it says for all coefficients: M S = 2 S and M T = 0.
    any_matrix = GIVEN.and_(Arbitrary(M))
    missed = D.start("what M misses", M * c - v(i), any_matrix).under("the two values")
    on_a, on_b = (coefficient_of(x).apply(missed.value) for x in (a, b))
    D.state(Identity, "missed", M * c - v(i), on_a * a + on_b * b, any_matrix)
    # The rows of M are wanted in the span of the first basis: then M T = 0 by orthogonality.
    form = {M: X * T(Sb)}
    D.start("M on T", on_b).by(put(form)).under("orthogonal subspaces", expect=S.Zero)
    linear = D.start("M on S", on_a).by(put(form)).value
    solved = D.start("X", linear).by(right_divide(X, G / 2)).value
    D.let(X, solved)
    answer = D.start("the matrix", form[M]).by(put({X: solved})).value
    D.let(M, answer, lambda I: 2 * oracle.projector(I["S"]))
    D.claim(*D.answered("matrix", answer))
    D.state(Identity, "row-form", T(c) * M, T(v(i)))
    D.follows("symmetric", T(M), "the Gram matrix is symmetric")
    orthonormal = GIVEN.and_(OrthonormalBasis(Sb))
    D.follows("orthonormal-basis", M, "Gram matrix is I", given=orthonormal)

    # All solutions, and why this one is the shortest.
    P_S, P_T = (A * Inverse(T(A) * A) * T(A) for A in (Sb, Tb))
    aside = Eye(d) - P_S - P_T
    other = D.names.let(M, answer + Z * aside)
    D.state(Identity, "all-solutions", M * c, v(i), GIVEN.and_(Arbitrary(Z)), other)
    annihilating = GIVEN.and_(Annihilates(N, (Sb, Tb)))
    back = "N sends both subspaces to 0"
    D.follows("no-other-solutions", N * aside, back, given=annihilating)
    total = D.follows("own-norm", Norm(M) ** 2, "trace of a projector").right + Norm(N) ** 2
    D.follows("least-norm", Norm(M + N) ** 2, "the cross term vanishes", total, annihilating)

    D.answers(
        """
        We read e as {c}. Write the basis vectors as the columns of {S} and of {T}. Twice the
        orthogonal projector onto the first subspace does it,
            [matrix]
        whatever {i} and {j} are: it is made of the first basis alone.
        """,
        S=Sb, T=Tb,
    )  # fmt: skip
    D.say(
        """
        With {vi} and {vj}, and any matrix {M},
            [missed]
        which is zero for all {a} and {b} if and only if {on_S} and {on_T}. Rows in the first
        subspace, {form}, meet the second condition by orthogonality, and turn the first into
        {eq}. The basis vectors have norm 1 but need not be orthogonal to each other, so the Gram
        matrix {G} stays; the factor 2 is there because {mean} is the average. For an orthonormal
        basis this is {orthonormal-basis.formula}. The matrix is symmetric, so it answers both
        printed forms of the condition, {specification.formula} and {row-form.formula}.

        The other solutions are {M} plus any {N} with {NS} and {NT}. For each of these
            [no-other-solutions]
        and any matrix in place of {N} on the left gives one. Their norms are larger,
            [least-norm]
        in the Frobenius norm, so {M} is the shortest.
        """,
        vi=F(v(i), "=", Sb * a), vj=F(v(j), "=", Tb * b), a=a, b=b, on_S=F(M * Sb, "=", 2 * Sb),
        on_T=F(M * Tb, "=", S.Zero), G=G, form=F(M, "=", X * T(Sb)),
        eq=F(X * G, "=", 2 * Sb), mean=F(c, "=", MEAN), M=M, N=N, NS=F(N * Sb, "=", S.Zero),
        NT=F(N * Tb, "=", S.Zero),
    )  # fmt: skip
    return D


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
