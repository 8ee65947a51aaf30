"""What question 1 (d) judges, and the author's tests."""

from __future__ import annotations

from symattn.algebra.attention import c, d, i, j
from symattn.algebra.letters import Member, T
from symattn.claims.definitions import Defined
from symattn.derive.question import AuthorTest
from symattn.hypotheses.base import Given
from symattn.hypotheses.solutions import Separates
from symattn.hypotheses.subspaces import OrthonormalBasis
from symattn.judge.judged import Judged

from .q1d import GIVEN, MEAN, M, Sb, Tb, a, b, mean, s, t

JUDGED = Judged(
    meanings={
        M * c: "what the matrix makes of the output",
        T(c) * M: "the row form",
        M * Sb: "what it makes of the first basis",
        M * Tb: "what it makes of the second basis",
        c: "output",
    },
    defined=(Defined(c, MEAN, mean),),
    letters={
        "S": Sb, "T": Tb, "M": M, "a": a, "b": b,
        "s": (s, lambda index: Member("s", index, d)),
        "t": (t, lambda index: Member("t", index, d)),
    },
    told=frozenset(["c"]),
    spoken=frozenset(["v"]),
    allowed=frozenset(["S", "T"]),
    indices=(i, j),
    basis=Sb,
    columns={"s": (Sb, s), "t": (Tb, t)},
    given=GIVEN.and_(Separates(M, Sb, Tb)),
    assumed=Given((OrthonormalBasis(Sb),)),
    mirrored=True,
)  # fmt: skip

right = [
    r"M = 2 S (S^\top S)^{-1} S^\top",
    r"M = 2 A (A^T A)^{-1} A^T",
    r"M = 2 S S^{+}",
    r"2 S (S^T S)^{-1} S^T",
    r"\mathbf{M} = 2 \mathbf{S} (\mathbf{S}^\top \mathbf{S})^{-1} \mathbf{S}^\top",
    r"M = 2 P, \quad P = S (S^\top S)^{-1} S^\top",
    r"M = 2 P_S \text{ where } P_S = S (S^\top S)^{-1} S^\top",
    r"M = 2 (I - T (T^\top T)^{-1} T^\top)",
    r"M^\top = 2 S (S^\top S)^{-1} S^\top",
    r"M = S \left(\frac{1}{2} S^\top S\right)^{-1} S^\top = 2 S (S^\top S)^{-1} S^\top",
    r"M = 2 S (S^\top S)^{-1} S^\top + 3 (I - S (S^\top S)^{-1} S^\top - T (T^\top T)^{-1} T^\top)",
]

TESTS = (
    *(AuthorTest(line, "proved", "identity-proved") for line in right),
    AuthorTest(r"M = 2 U (U^\top U)^{-1} U^\top", "proved", where={"U": "S"}),
    AuthorTest(r"M c = v_i", "proved"),
    AuthorTest(r"M S = 2 S, \quad M T = 0", "proved"),
    AuthorTest(r"M v_i = 2 v_i", "proved"),
    AuthorTest(r"c = \frac{1}{2} (S a + T b)", "proved"),
    AuthorTest(r"c^\top M = v_i^\top", "proved", "identity-proved", "the other printed form"),
    AuthorTest(r"c^\top M = v_j^\top", "refuted", "counterexample"),
    AuthorTest(r"M v_j = 0", "proved"),
    AuthorTest(r"a = 2 (S^\top S)^{-1} S^\top c", "proved"),
    AuthorTest(r"M = 2 S S^\top \text{ if } S^\top S = I", "refuted", "extra-assumption"),
    AuthorTest(r"M = 2 (S S^\top)^{-1}", "refuted", "not-invertible"),
    AuthorTest(r"M c = v_j", "refuted", "counterexample"),
    AuthorTest(r"M^2 = 2 M", "refuted", "counterexample", "not for every solution"),
    AuthorTest(r"M = S (S^\top S)^{-1} S^\top", "refuted", "counterexample", "the factor 2"),
    AuthorTest(r"M = A A^T", "refuted", "counterexample", "the Gram matrix and the factor"),
    AuthorTest(r"M = 2 S S^\top", "refuted", "counterexample", "the Gram matrix"),
    AuthorTest(r"M = 2 \sum_{l=1}^{s} s_l s_l^\top", "refuted", "counterexample"),
    AuthorTest(r"M = 2 T (T^\top T)^{-1} T^\top", "refuted", "counterexample", "the other basis"),
    AuthorTest(r"M = \frac{1}{2} S (S^\top S)^{-1} S^\top", "refuted", "counterexample"),
    AuthorTest(r"M = I", "refuted", "counterexample"),
    AuthorTest(r"M = 2 I", "refuted", "counterexample"),
    AuthorTest(r"M = 0", "refuted", "counterexample"),
    AuthorTest(r"M = S^\top", "refuted", "shape-mismatch"),
    AuthorTest(r"M = 2 S S^{-1}", "refuted", "shape-mismatch"),
    AuthorTest(r"M = 2 (S^\top S)^{-1} S^\top", "refuted", "shape-mismatch"),
    AuthorTest(r"M = \frac{v_i c^\top}{c^\top c}", "undecided", "circular", "it depends on c"),
    AuthorTest(r"M = \frac{2 v_i v_i^\top}{v_i^\top v_i}", "undecided", "uses-what-is-not-known"),
    AuthorTest(r"M = 2 P_S", "undecided", "ask-what-is"),
    AuthorTest(r"M = 2 A A^\top B", "undecided", "ask-which-matrix"),
    AuthorTest(r"M = \lambda S S^\top", "undecided", "ask-what-is"),
    AuthorTest(r"M = 2 S (S^\top S^{-1} S^\top", "unread", "unread"),
    AuthorTest(r"M = \frac{2 S S^\top}{S^\top S}", "refuted", "shape-mismatch", "a matrix below"),
    # what was once misjudged, or is likely to be
    AuthorTest(r"M = \left(2 S (S^\top S)^{-1} S^\top\right)^\top", "proved", "identity-proved"),
    AuthorTest(
        r"M = I + P_S - P_T, \quad P_S = S (S^\top S)^{-1} S^\top, \quad P_T = T (T^\top"
        r" T)^{-1} T^\top",
        "proved", "identity-proved",
    ),
    AuthorTest(
        r"M = \frac{1}{2} \left(2 S (S^\top S)^{-1} S^\top\right)^2",
        "proved", "identity-proved",
    ),
    AuthorTest(
        r"M c = M \frac{v_i + v_j}{2} = \frac12 M S a + \frac12 M T b = S a",
        "proved", "identity-proved",
    ),
    AuthorTest(r"c - T (T^\top T)^{-1} T^\top c = \frac{v_i}{2}", "proved", "identity-proved"),
    AuthorTest(r"S^\top v_j = 0", "proved", "identity-proved"),
    AuthorTest(r"M S = 2 S \implies M v_i = 2 v_i", "proved", "identity-proved"),
    AuthorTest(r"M S = 2 S \implies M c = v_i", "refuted", "counterexample", "so does 2 I"),
    AuthorTest(r"M T = 0 \implies M c = v_i", "refuted", "counterexample", "so does 0"),
    AuthorTest(r"M = 2 P, \quad P = S S^\top", "refuted", "counterexample"),
    AuthorTest(r"M = 1.999999 S (S^\top S)^{-1} S^\top", "refuted", "counterexample"),
    AuthorTest(r"M = 2 S (S^\top S) S^\top", "refuted", "counterexample"),
    AuthorTest(r"M = 2 S (S S^\top)^{-1} S^\top", "refuted", "shape-mismatch"),
    AuthorTest(r"M = 2 (I - T T^\top)", "refuted", "counterexample"),
    AuthorTest(r"M = 2 S S^\top / \operatorname{tr}(S^\top S)", "refuted", "counterexample"),
    AuthorTest(r"M = 2 S (S^\top S)^{-1} S^\top = 2 S S^\top", "refuted", "counterexample"),
    AuthorTest(r"M = 2 S S^\top = 2 S (S^\top S)^{-1} S^\top", "refuted", "counterexample"),
    AuthorTest(r"M = 2 S (S^\top T)^{-1} S^\top", "refuted", "shape-mismatch"),
    AuthorTest(r"v_i = S a = T b", "refuted", "counterexample"),
    AuthorTest(r"M = I \implies M c = v_i", "refuted", "counterexample"),
    AuthorTest(r"M = M", "undecided", "circular"),
    # true of too little, or of another limit
    AuthorTest(
        r"M = 2 S (S^\top S)^{-1} S^\top, \quad S^\top T \ne 0",
        "undecided", "contradicts-the-question",
    ),
    AuthorTest(r"M = 2 P", "undecided", "ask-what-is"),
)  # fmt: skip
