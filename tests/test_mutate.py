"""Mutants: what is changed, that each is another claim, and that what is wrong is refused."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import IndexedBase, S, Sum, Symbol, exp, oo

from symattn.algebra.attention import alpha, beta, c, d, i, j, k, l, m, n, softmax, v, weight
from symattn.algebra.letters import Dot, Inverse, Matrix, Member, OffSum, T, Vector
from symattn.check import oracle
from symattn.check.draws import Plan
from symattn.check.mutation.misprint import misprints
from symattn.check.mutation.mutate import KINDS, Mutant, mutants
from symattn.check.mutation.selftest import Gate, MutantTrial, Subject
from symattn.check.mutation.signs import certainly_nonnegative
from symattn.check.mutation.truth import Truth
from symattn.check.mutation.weaken import breaks, weakenings
from symattn.check.readback import read_back
from symattn.claims import Condition, Equivalent, Identity, Inequality, Leading, Tends
from symattn.claims.definitions import Definitions
from symattn.hypotheses.base import Given, Hypothesis, no_opposites
from symattn.hypotheses.families import (
    Above,
    Arbitrary,
    AtLeast,
    Between,
    Bounded,
    Distinct,
    Exactly,
    Named,
    Orthonormal,
    Perpendicular,
    Replaced,
)
from symattn.hypotheses.free import Reals
from symattn.hypotheses.gaps import Dominates, Nearest, WideGaps
from symattn.hypotheses.gaussian import isotropic, spiked
from symattn.hypotheses.simplex import Simplex
from symattn.hypotheses.stands import Stands
from symattn.hypotheses.subspaces import Annihilates, Orthogonal, OrthonormalBasis, UnitBasis

s, t = (Symbol(name, integer=True, positive=True) for name in "st")
Sb, Tb, N, X = Matrix("S", d, s), Matrix("T", d, t), Matrix("N", d, d), Matrix("X", d, d)
a, b, w = Vector("a", s), Vector("b", t), Vector("w", d)
R, eta = Symbol("R", positive=True), Symbol(r"\eta", positive=True)
WIDTH = IndexedBase("y", real=True)
KEYS = Given((Distinct((i, j)), Orthonormal("k")))
BASES = Given((UnitBasis(Sb), UnitBasis(Tb), Orthogonal(Sb, Tb), Arbitrary(a), Arbitrary(b)))
Q = beta * (k(i) + k(j))


@pytest.mark.parametrize("lacking", ["sample", "latex", "violation", "opposites"])
def test_a_hypothesis_that_lacks_a_face_is_refused_where_it_is_written(lacking):
    faces = {"sample": print, "latex": "", "violation": print, "opposites": no_opposites}
    assert type("Whole", (Hypothesis,), faces)
    del faces[lacking]
    with pytest.raises(TypeError, match=f"Partial lacks {lacking}"):
        type("Partial", (Hypothesis,), faces)


def query(I):
    return I[r"\beta"] * (I["k"][I["i"] - 1] + I["k"][I["j"] - 1])


def own(I):
    return oracle.weights(I["k"], query(I))[I["i"] - 1]


WEIGHT = Identity(
    name="weight",
    given=KEYS,
    shown=alpha(i),
    left=weight(i, Q),
    right=exp(beta) / (n + 2 * exp(beta) - 2),
    oracle=own,
)
LIMIT = Tends(
    name="limit",
    given=KEYS,
    shown=alpha(i),
    f=weight(i, Q),
    variable=beta,
    point=oo,
    right=S.Half,
    oracle=own,
)
BOUND = Inequality(
    name="bound",
    given=KEYS,
    shown=alpha(i),
    relation=r"\le",
    left=weight(i, Q),
    right=S.Half,
    slack=(n - 2) / (2 * (n + 2 * exp(beta) - 2)),
    oracle=own,
)
PROJECTED = Identity(
    name="projected",
    given=BASES,
    shown=c,
    left=Sb * Inverse(T(Sb) * Sb) * T(Sb) * (Sb * a + Tb * b),
    right=Sb * Inverse(T(Sb) * Sb) * T(Sb) * Sb * a,
    oracle=lambda I: I["S"] @ np.linalg.lstsq(I["S"], I["S"] @ I["a"] + I["T"] @ I["b"])[0],
)
TURNED = Identity(
    name="turned",
    given=Given((Arbitrary(N), Arbitrary(X))),
    shown=T(N * X),
    left=T(N * X),
    right=T(X) * T(N),
    oracle=lambda I: (I["N"] @ I["X"]).T,
)
NEED = Equivalent(
    name="need",
    given=Given((AtLeast(3),)),
    shown=n * exp(-beta),
    first=Condition(n * exp(-beta), r"\le", S.One),
    second_left=exp(beta),
    second_relation=r"\ge",
    right=n,
    factor=exp(-beta),
    oracle=lambda I: 1 - I["n"] * np.exp(-I[r"\beta"]),
)
SPLIT = Identity(
    name="split",
    given=Given((Distinct((i, j)),)),
    shown=Sum(v(l), (l, 1, n)),
    left=Sum(v(l), (l, 1, n)),
    right=OffSum(v(l), l, n, (i, j)) + v(i) + v(j),
    oracle=lambda I: I["v"].sum(axis=0),
)
CLAIMS = [SPLIT, WEIGHT, LIMIT, BOUND, PROJECTED, TURNED, NEED]


def outcomes_of(claim, *kinds, gate=None):
    """Return the outcome of every mutant of the given kinds."""
    bench = MutantTrial(Subject("test", claim), Plan(), gate or Gate(), 0)
    assert not bench.fault(), bench.fault()
    return [bench.outcome(m) for m in bench.mutants if not kinds or m.kind in kinds]


# what is made ------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_each_mutant_is_another_claim(claim):
    made = list(mutants(claim))
    rights = [m.claim.right for m in made if m.claim.right != claim.right]
    assert len(rights) > 3
    assert {m.kind for m in made} <= set(KINDS)
    descriptions = [one.description for one in made]
    assert len(descriptions) == len(set(descriptions))
    for one in made:
        changed = (one.claim != claim, one.text is not None, one.weakened is not None)
        assert any(changed), one.description


def described(made):
    return [(m.kind, m.description) for m in made]


def test_order_is_fixed_and_the_seed_turns_letters():
    x, y, z = (Symbol(name, positive=True) for name in "xyz")
    claim = Identity(
        name="x", given=Given(()), shown=x, left=x, right=x * y + z, oracle=lambda I: I["x"]
    )
    first = described(mutants(claim))
    assert first == described(mutants(claim))
    other = described(mutants(claim, seed=1))
    assert [m for m in first if m[0] != "swap"] == [m for m in other if m[0] != "swap"]
    assert [m for m in first if m[0] == "swap"] != [m for m in other if m[0] == "swap"]


def test_every_kind_is_made():
    made = {m.kind for claim in CLAIMS for m in mutants(claim)}
    order = Leading(
        name="order",
        given=Given(()),
        shown=beta,
        right=beta,
        kept=beta,
        order=beta**2,
        exact=lambda I: None,
        oracle=lambda I: None,
    )
    made |= {m.kind for m in mutants(order)}
    assert made == set(KINDS)


EXPECTED = [
    (WEIGHT, "sign", -exp(beta) / (n + 2 * exp(beta) - 2)),
    (WEIGHT, "factor", 2 * exp(beta) / (n + 2 * exp(beta) - 2)),
    (WEIGHT, "dropped term", exp(beta) / (n + 2 * exp(beta))),
    (WEIGHT, "dropped factor", 1 / (n + 2 * exp(beta) - 2)),
    (WEIGHT, "off by one", exp(beta) / (n + 2 * exp(beta) - 1)),
    (WEIGHT, "off by one", exp(beta) / (n + 1 + 2 * exp(beta) - 2)),
    (WEIGHT, "exponent", exp(beta) * (n + 2 * exp(beta) - 2)),
    (WEIGHT, "exponent", exp(beta**2) / (n + 2 * exp(beta) - 2)),
    (WEIGHT, "constant", exp(beta) / (n + 2 * exp(beta) - 2) + 1),
    (PROJECTED, "inverse", Sb * T(Sb) * Sb * T(Sb) * Sb * a),
    (PROJECTED, "shape", Tb * Inverse(T(Sb) * Sb) * T(Sb) * Sb * a),
    (PROJECTED, "shape", Sb * Inverse(T(Sb) * Sb) * Sb * Sb * a),
    (TURNED, "transpose", X * T(N)),
    (TURNED, "transpose", N * X),
    (TURNED, "swap", T(N) * T(X)),
    (TURNED, "swap", T(X) * T(X)),
    (LIMIT, "limit", S.Zero),
]


@pytest.mark.parametrize(("claim", "kind", "right"), EXPECTED)
def test_the_change_is_made(claim, kind, right):
    assert any(m.kind == kind and m.claim.right == right for m in mutants(claim))


def test_indices_of_letters_deltas_and_excluded_places():
    claim = Identity(
        name="sum",
        given=KEYS,
        shown=c,
        left=OffSum(v(l), l, n, (i, j)),
        right=OffSum(v(l), l, n, (i, j)) + v(i),
        oracle=lambda I: I["v"].sum(axis=0),
    )
    made = {m.claim.right for m in mutants(claim) if m.kind == "index"}
    assert OffSum(v(l), l, n, (i, j)) + v(j) in made
    assert OffSum(v(i), l, n, (i, j)) + v(i) in made
    assert OffSum(v(l), l, n, (i, i)) + v(i) in made
    assert OffSum(v(l), l, n, (j, i)) + v(j) in made


# what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "order"])
def test_each_kind_is_refused(kind):
    outcomes = [o for claim in CLAIMS for o in outcomes_of(claim, kind) if not o.unseen]
    wrong = [o for o in outcomes if not o.true]
    assert wrong, f"no wrong mutant of kind {kind}"
    assert [o.description for o in outcomes if o.survives] == []
    assert all(o.refused for o in wrong)


def test_shapes_are_refused_as_shapes():
    outcomes = [o for claim in (PROJECTED, TURNED) for o in outcomes_of(claim, "shape")]
    assert len(outcomes) > 5
    assert {o.proof for o in outcomes} == {"shape-mismatch"}


def test_only_the_proof_tells_a_row_from_a_column():
    """NumPy keeps both as one axis."""
    (turned,) = [
        o
        for o in outcomes_of(PROJECTED, "shape")
        if o.description.startswith("the transpose of S*(")
    ]
    assert turned.accepted == ("numbers",)
    assert turned.needs == ("proof",)
    assert turned.refused


# what is true all the same -------------------------------------------------------------------------


def why(claim, mutant):
    return Truth(claim, Plan()).why(mutant)


def test_an_exchange_of_indices_in_a_symmetric_expression_is_the_same():
    claim = Identity(
        name="sum", given=KEYS, shown=c, left=v(i) + v(j), right=v(i) + v(j),
        oracle=lambda I: I["v"][I["i"] - 1] + I["v"][I["j"] - 1],
    )  # fmt: skip
    # SymPy itself sees that sum; a product of deltas or an ordered pair it does not.
    ordered = claim.with_right(OffSum(v(l), l, n, (i, j)))
    ordered = Identity(
        **{
            **vars(ordered),
            "left": ordered.right,
            "oracle": lambda I: np.delete(I["v"], [I["i"] - 1, I["j"] - 1], 0).sum(0),
        }
    )
    found = {o.description: o for o in outcomes_of(ordered, "index")}
    (exchanged,) = [o for text, o in found.items() if text.startswith("i and j are exchanged")]
    assert exchanged.true == "same"
    assert not exchanged.survives
    assert not exchanged.refused


def test_what_multiplies_zero_can_be_dropped():
    two = Given((Exactly(2), Orthonormal("k"), Distinct((i, j))))
    claim = Identity(
        name="two", given=two, shown=alpha(i), left=weight(i, Q),
        right=S.Half + (n - 2) * exp(beta), oracle=own,
    )  # fmt: skip
    outcomes = outcomes_of(claim)
    same = [o for o in outcomes if o.true == "same"]
    assert any("without the term" in o.description for o in same)
    assert any(o.description.startswith("the sign of (n - 2)*exp") for o in same)
    assert [o.description for o in outcomes if o.survives] == []


def test_a_larger_bound_is_weaker_and_a_smaller_one_wrong():
    found = {o.description: o for o in outcomes_of(BOUND, "constant", "factor", "relation")}
    larger = [o for o in found.values() if o.true]
    assert {o.true for o in larger} == {"weaker"}
    assert any("plus one" in o.description for o in larger)
    strict = next(o for text, o in found.items() if text.startswith("< in place"))
    assert strict.refused
    assert not strict.true


def test_a_hypothesis_that_was_not_needed_is_named():
    found = {o.description: o for o in outcomes_of(PROJECTED, "hypothesis")}
    norms = found["without UnitBasis: the columns of S have any norm"]
    assert norms.true == "not needed"
    apart = found["without Orthogonal: the subspaces are not orthogonal"]
    assert apart.refused


def test_truth_believes_neither_numbers_nor_algebra_alone():
    """On one key alone both are the same; on more they are not, and the algebra knows."""
    claim = Identity(
        name="x", given=Given(()), shown=beta, left=beta, right=beta, oracle=lambda I: I[r"\beta"]
    )
    near = Mutant("constant", claim.with_right(beta * (1 + S(10) ** -14)), "nearly the same")
    assert why(claim, near) == ""  # numbers cannot tell them apart


NONNEGATIVE = [
    (R - R * exp(-beta), True),
    (R * exp(-beta) - R * exp(-2 * beta), True),
    (exp(-2 * beta) - exp(-beta), False),
    (R / (n + 1) - R / (n + 2), True),
    ((n - 1) ** 2 - (n - 1), True),  # n is a whole number
    (R - eta, False),
    (R * (WIDTH[i] - 1) ** 2, True),
    (R * (WIDTH[i] - 1) ** 3, False),
    (WIDTH[i] ** 2 - WIDTH[i], False),  # a square is not what it is the square of
    (1 - softmax(i), True),
    (softmax(j) - softmax(i), False),
    (OffSum(R, l, n, (i,)) - OffSum(R * exp(-beta), l, n, (i,)), True),
    (
        OffSum(WIDTH[l] ** 2, l, n, (i,)) - OffSum(WIDTH[l] ** 2, l, n, (j,)),
        False,
    ),  # not over the same indices
    (OffSum(R - eta, l, n, (i,)), False),
    (OffSum(exp(WIDTH[l]), l, n, (j,)) - OffSum(exp(WIDTH[l]), l, n, (i, j)), True),
    (OffSum(exp(WIDTH[l]), l, n, (j, j)) - OffSum(exp(WIDTH[l]), l, n, (i, j)), True),
    (OffSum(exp(WIDTH[l]), l, n, (i, j)) - OffSum(exp(WIDTH[l]), l, n, (j,)), False),
]


@pytest.mark.parametrize(("x", "expected"), NONNEGATIVE)
def test_signs_by_coefficients(x, expected):
    assert certainly_nonnegative(x, Given((AtLeast(1),)).rewriting) is expected


@pytest.mark.parametrize(("least", "expected"), [(1, False), (2, True)])
def test_a_sum_over_the_others_is_positive_where_there_are_others(least, expected):
    rules = Given((AtLeast(least),)).rewriting
    assert certainly_nonnegative(OffSum(R, l, n, (i,)), rules, strict=True) is expected


# The variance is at most the second moment, whatever is added to the numbers; it is not less than it.
VARIANCE = Definitions().claim(
    Inequality, "variance", Given((Reals(WIDTH),)),
    Sum((WIDTH[l] - Sum(WIDTH[m], (m, 1, n)) / n) ** 2, (l, 1, n)), Sum(WIDTH[l] ** 2, (l, 1, n)),
    relation=r"\le", slack=Sum(WIDTH[l], (l, 1, n)) ** 2 / n,
)  # fmt: skip


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (Sum((WIDTH[l] + 1) ** 2, (l, 1, n)), "weaker"),
        (Sum((WIDTH[l] + l) ** 2, (l, 1, n)), ""),
        (Sum(WIDTH[l] ** 2, (l, 1, n)) / 2, ""),
    ],
)
def test_a_bound_holds_at_other_members_too(right, expected):
    assert (
        why(VARIANCE, Mutant("constant", VARIANCE.with_right(right), "another bound")) == expected
    )


def test_a_strict_bound_is_tried_where_it_is_attained():
    """Both sides are zero where all numbers are: samples come there."""
    strict = next(o for o in outcomes_of(VARIANCE, "relation") if o.description.startswith("<"))
    assert strict.refused
    assert "numbers" not in strict.accepted


# hypotheses ----------------------------------------------------------------------------------------


def gaps():
    from sympy import IndexedBase

    base = IndexedBase(r"\Delta", real=True)
    name = Stands(base, lambda x: Dot(k(i) - k(x), Vector("q", d)),
                  lambda I: (I["k"][I["i"] - 1] - I["k"]) @ I["q"])  # fmt: skip
    return base, name


DELTA, NAME = gaps()
gamma, share = Symbol(r"\gamma", positive=True), Symbol(r"\delta", positive=True)
A = Symbol("A", positive=True)
LAMBDA = Simplex(DELTA.func(r"\lambda", nonnegative=True), without=i)
HYPOTHESES = [
    Given((Distinct((i, j, l)),)),
    Given((AtLeast(3),)),
    Given((Exactly(2),)),
    Given((Above(R, eta),)),
    Given((Between(share, S.Zero, S.One),)),
    Given((Orthonormal("k"),)),
    Given((Orthonormal("k"), Perpendicular(w, "k"))),
    Given((UnitBasis(Sb),)),
    Given((UnitBasis(Sb), UnitBasis(Tb), Orthogonal(Sb, Tb))),
    Given((UnitBasis(Sb), OrthonormalBasis(Sb))),
    Given((UnitBasis(Sb), UnitBasis(Tb), Annihilates(N, (Sb, Tb)))),
    Given((Arbitrary(w), Replaced(v(i), w, lambda I: I["w"], "$v_i = w$"))),
    Given((Named(A, n, lambda I: float(I["n"])),)),
    Given((Distinct((i, j)), WideGaps(DELTA, i, gamma))),
    Given((Distinct((i, j)), Dominates(DELTA, i, share))),
    Given((Distinct((i, j)), Nearest(Vector("h", d), i, j))),
    Given((Distinct((i, j)), LAMBDA)),
    Given((Distinct((i, j)), NAME)),
    Given((Distinct((i, j)), Bounded(R, l, eta, (i,), lambda I: np.linalg.norm(I["v"], axis=1)))),
    Given((Orthonormal(r"\mu"), isotropic(d, R))),
    Given((Distinct((i, j)), Orthonormal(r"\mu"), spiked(d, R, i))),
]


@pytest.mark.parametrize("given", HYPOTHESES, ids=lambda g: type(g.hypotheses[-1]).__name__)
def test_a_weakened_hypothesis_is_broken_and_no_other(given):
    kind = type(given.hypotheses[-1])
    found = [x for x in weakenings(given) if type(x.dropped) is kind]
    assert found, f"{kind.__name__} has no opposite"
    for weakening in found:
        rng = np.random.default_rng(5)
        seen = 0
        for sizes in ({"n": 2, "d": 2, "s": 1, "t": 1}, {"n": 5, "d": 7, "s": 3, "t": 2}):
            instance = weakening.given.sample(rng, dict(sizes))
            seen += breaks(weakening.dropped, instance)
            for h in weakening.given:
                assert h.violation(instance) < 1e-9
        assert seen, weakening.what


def test_a_hypothesis_that_the_others_imply_is_not_weakened():
    given = Given((UnitBasis(Sb), OrthonormalBasis(Sb)))
    assert not any(isinstance(x.dropped, UnitBasis) for x in weakenings(given))
    assert not any(isinstance(x.dropped, AtLeast) for x in weakenings(
        Given((Distinct((i, j, l)), AtLeast(3)))
    ))  # fmt: skip


def test_a_hypothesis_reaches_what_is_made_from_it():
    given = Given((*BASES, Replaced(v(j), Tb * b, lambda I: I["T"] @ I["b"], "$v_j = T b$")))
    apart = next(x for x in weakenings(given) if isinstance(x.dropped, Orthogonal))
    instance = given.sample(np.random.default_rng(0), {"n": 3, "d": 4, "s": 2, "t": 1})
    assert apart.reach(instance) == [{"S"}, {"T", "v"}]


# misprints -----------------------------------------------------------------------------------------

PRINTED = [
    [exp(beta) / (n + 2 * exp(beta) - 2)],
    [Dot(k(i) - k(j), Vector("q", d)), exp(-beta) / 2],
    [2 * Sb * Inverse(T(Sb) * Sb) * T(Sb)],
    [OffSum(v(l) - (v(i) + v(j)) / 2, l, n, (i, j))],
    [Member("k", i, d) * T(Member("k", j, d))],
]


@pytest.mark.parametrize("terms", PRINTED, ids=str)
def test_misprints_are_not_read_as_what_was_printed(terms):
    relations = ["="] * (len(terms) - 1)
    evidence = read_back(terms, relations)
    assert evidence.code == "read-back"
    made = list(misprints(evidence.data["latex"]))
    assert len(made) >= 5
    for one in made:
        found = read_back(terms, relations, one.text)
        assert found.verdict != "confirmed", one.text


def test_misprints_know_braces_that_group_nothing():
    texts = {m.text for m in misprints(r"x_{i}^{2} \frac{a}{b}")}
    assert r"x_i^{2} \frac{a}{b}" not in texts  # TeX takes it for the same
    assert r"x_{i^{2} \frac{a}{b}" in texts
    assert r"x_{j}^{2} \frac{a}{b}" in texts
    assert r"x_{i}^{3} \frac{a}{b}" in texts
