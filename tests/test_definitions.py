"""A claim is about what it prints: its meaning and its oracle come from the definitions."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from sympy import Add, Expr, IndexedBase, S, Sum, Symbol, erf, exp, oo

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.attention import alpha, beta, c, d, epsilon, i, j, k, l, mu, n, q, v, weight, z
from symattn.algebra.letters import Cov, Dot, Expect, Norm, Var
from symattn.algebra.plain import evaluate
from symattn.check import oracle
from symattn.check.draws import Plan, instances
from symattn.check.gate import decide
from symattn.check.laws import (
    DrawnKeys,
    LinearInKeys,
    OutputOfNormalKeys,
    ShareOfNormalGap,
    each,
    estimated,
)
from symattn.check.named import ATTENTION, OF_LOGITS
from symattn.check.numbers import measure
from symattn.check.proof import proof_of
from symattn.claims import (
    Claim,
    Equivalent,
    Identity,
    Inequality,
    IntegralTends,
    Leading,
    MaximalOnSimplex,
    Minimal,
    Solution,
    Tends,
)
from symattn.claims.definitions import Along, Definitions, Evaluated
from symattn.claims.tie import check_tie
from symattn.derive.derivation import Derivation
from symattn.derive.prose import Text
from symattn.derive.question import Question, Specification
from symattn.derive.rules import under
from symattn.derive.script import derive
from symattn.errors import BrokenDerivation, SymattnError
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.families import Distinct, Orthonormal
from symattn.hypotheses.gaussian import spiked
from symattn.run import examine_claim

ROOT = Path(__file__).parent.parent / "derivations" / "attention"
ORTHONORMAL = Given((Distinct((i, j)), Orthonormal("k")))
Q = beta * (k(i) + k(j))


def question(names: Definitions = ATTENTION, given: Given = ORTHONORMAL) -> Question:
    return Question("test", given, Specification(q, Text(()), tends), names)


def tends(candidate: Expr) -> tuple[Claim, ...]:
    asked = ATTENTION.let(q, candidate)
    return (
        asked.claim(Tends, "asked", ORTHONORMAL, c, (v(i) + v(j)) / 2, variable=beta, point=oo),
    )


@pytest.fixture(scope="module")
def claims() -> list[Claim]:
    """Every claim of the sheet."""
    found = [c for x in "abcdef" for c in derive(ROOT / f"q1{x}.py").claims]
    assert len(found) >= 68
    return found


def refused(claim: Claim) -> bool:
    try:
        check_tie(claim)
    except BrokenDerivation:
        return True
    return False


# what a name stands for ------------------------------------------------------------------------


@pytest.mark.parametrize("names", [ATTENTION, OF_LOGITS], ids=["of a query", "of logits"])
@pytest.mark.parametrize("letter", [alpha(i), c, alpha(i) / alpha(j), Norm(c - v(i)) ** 2])
def test_the_symbols_and_numpy_say_the_same(names: Definitions, letter: Expr) -> None:
    rng = np.random.default_rng(1)
    for count, size in ((2, 3), (5, 2), (7, 7)):
        instance = Given((Distinct((i, j)),)).sample(rng, {"n": count, "d": size})
        value = names.oracle(letter)(instance)
        assert np.allclose(value, compiled(names.expand(letter))(instance), rtol=1e-12, atol=1e-14)


def test_a_definition_stands_before_what_uses_it() -> None:
    names = ATTENTION.let(q, Q).let(k(l), mu(l), lambda I: I[r"\mu"])
    assert names.expand(Dot(k(l), q)) == Dot(mu(l), beta * (mu(i) + mu(j)))
    order = [one.name for one in names.defined]
    assert order.index("k") < order.index("q") < order.index(r"\alpha")


def test_a_letter_may_stand_for_itself_scaled() -> None:
    """The query is scaled once, in symbols and in numbers."""
    names = ATTENTION.let(q, beta * q)
    assert names.expand(alpha(i)) == weight(i, beta * q)
    instance = ORTHONORMAL.sample(np.random.default_rng(0), {"n": 3, "d": 3}) | {r"\beta": 2.0}
    expected = oracle.weights(instance["k"], 2 * instance["q"])[instance["i"] - 1]
    assert names.oracle(alpha(i))(instance) == pytest.approx(expected)


# what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        (Symbol("f", positive=True), "f"),
        (alpha(i) * Symbol("u", real=True), "u"),
        (Sum(alpha(l) * Symbol(r"\tau"), (l, 1, n)), r"\tau"),
    ],
)
def test_an_undefined_name_is_refused(shown: Expr, missing: str) -> None:
    D = Derivation(question())
    with pytest.raises(BrokenDerivation, match="nothing defines") as error:
        D.state(Identity, "claim", shown, S.One)
    assert error.value.message.endswith(missing)
    D.any(Symbol(missing, real=True))
    D.state(Identity, "claim", shown, S.One)  # it may be any number, and the claim be false


def test_a_name_that_only_another_question_defines_is_refused() -> None:
    with pytest.raises(BrokenDerivation, match="nothing defines c"):
        Derivation(question(Definitions())).state(Identity, "claim", c, v(i))


def test_a_chain_that_is_about_something_else_is_refused() -> None:
    D = Derivation(question())
    D.let(q, Q, oracle.pair_query)
    chain = D.start("weight", alpha(i)).by(under(ORTHONORMAL, "the keys are orthonormal"))
    with pytest.raises(BrokenDerivation, match="by definition"):
        D.identity("weight", chain, shown=alpha(l))
    with pytest.raises(BrokenDerivation, match="by definition"):
        D.identity("weight", chain, shown=2 * alpha(i))
    D.identity("weight", chain, shown=alpha(j))  # the same, under the hypotheses
    assert examine_claim(D.claims[0]).verdict == "proved"


def test_what_a_claim_is_about_cannot_differ_from_what_it_prints(claims: list[Claim]) -> None:
    """One change in the meaning, in the oracle or in what is printed: all refused."""
    for claim in claims:
        check_tie(claim)
        changes: list[Claim] = [replace(claim, oracle=lambda I: 0.0)]
        if isinstance(claim, Solution):
            asked = replace(claim, requires=lambda x, claim=claim: (
                replace(claim.required[0], shown=2 * claim.required[0].shown),
            ))  # fmt: skip
            assert refused(asked), claim.name
            continue
        made = claim.oracle.oracle if isinstance(claim.oracle, Along) else claim.oracle
        assert isinstance(made, Evaluated)
        changes.append(replace(claim, shown=2 * claim.shown))
        twice = replace(made, shown=2 * made.shown)
        if isinstance(claim, Leading):
            along = Along(twice, claim.oracle.paths)  # type: ignore[attr-defined]
            changes.append(replace(claim, oracle=along, exact=along))
            changes.append(replace(claim, exact=along))
        else:
            changes.append(replace(claim, oracle=twice))
        if isinstance(claim, (Identity, Inequality)):
            more = S.One if claim.left.is_commutative else claim.left
            if more is S.One or claim.right != 0:  # twice nothing is nothing
                changes.append(replace(claim, left=claim.left + more))
        if isinstance(claim, (Tends, Minimal)):
            changes.append(replace(claim, f=2 * claim.f))
        if isinstance(claim, Equivalent):
            changes.append(replace(claim, first=replace(claim.first, left=2 * claim.first.left)))
            changes.append(replace(claim, first=replace(claim.first, right=2 * claim.first.right)))
        if isinstance(claim, IntegralTends):
            changes.append(replace(claim, integrand=2 * claim.integrand))
            changes.append(replace(claim, exponent=2 * claim.exponent))
        if isinstance(claim, MaximalOnSimplex):
            changes.append(replace(claim, f=exp(z(i))))
        for change in changes:
            differs = [
                f.name for f in fields(claim) if getattr(change, f.name) != getattr(claim, f.name)
            ]
            assert refused(change), (claim.name, differs)


def test_the_question_says_what_its_letters_stand_for() -> None:
    D = Derivation(question())
    with pytest.raises(BrokenDerivation, match="the question says what"):
        D.let(alpha(l), weight(l))
    D.let(q, Q)
    D.let(q, 2 * Q)  # the unknown may be one candidate after the other
    assert D.names.expand(q) == 2 * Q


def test_the_unknown_is_the_question_s_own() -> None:
    asked = question()
    D = Derivation(asked)
    own = Solution(
        name="query", given=ORTHONORMAL, shown=q, right=Q,
        requires=asked.specification.requires, oracle=D.names.oracle(q),
    )  # fmt: skip
    for wrong in (replace(own, shown=c), replace(own, requires=lambda candidate: ())):
        with pytest.raises(BrokenDerivation, match="the question asks for q"):
            D.claim(wrong)
    D.claim(own)


@pytest.mark.parametrize(
    "asks", [lambda q: (), lambda q: (of_pair(None),)], ids=["nothing", "else"]
)
def test_a_specification_asks_something_of_the_candidate(asks) -> None:
    asked = replace(question(), specification=Specification(q, Text(()), asks))
    D = Derivation(asked)
    with pytest.raises(BrokenDerivation, match="does not depend on the candidate"):
        D.answered("query", Q)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (Identity, {"relation": "<"}),
        (Identity, {"relation": r"\ne"}),
        (Inequality, {"relation": "=", "slack": alpha(i)}),
        (Inequality, {"relation": r"\gg", "slack": alpha(i)}),
        (Tends, {"relation": "=", "variable": beta, "point": oo}),
    ],
)
def test_a_kind_says_what_its_obligations_mean(kind, more) -> None:
    with pytest.raises(BrokenDerivation, match="is not what a claim of the kind"):
        ATTENTION.claim(kind, "x", ORTHONORMAL, alpha(i), S.Zero, **more)


def test_a_script_makes_no_kind_of_claim_and_no_law() -> None:
    with pytest.raises(BrokenDerivation, match="is no kind of claim"):
        type("Sure", (Identity,), {"obligations": ()})
    with pytest.raises(BrokenDerivation, match="is no law"):
        ATTENTION.random(object())


def test_a_claim_that_was_slipped_in_is_tied_to_what_it_prints() -> None:
    D = Derivation(question())
    D.claims.append(
        Identity(
            name="x", given=ORTHONORMAL, shown=alpha(i), left=S.Half, right=S.Half,
            oracle=lambda instance: 0.5,
        )
    )  # fmt: skip
    with pytest.raises(BrokenDerivation):
        examine_claim(D.claims[-1])


def test_a_family_is_made_from_its_value() -> None:
    at = IndexedBase(r"\omega", real=True)[l]
    for value, expected in ((2 * z(l), 4.0), (2 * n, 4.0), (beta, 3.0)):
        names = Definitions().let(at, value)
        instance = {"n": 2, "z": np.array([1.0, 2.0]), r"\beta": 3.0, "i": 2}
        assert float(names.oracle(at.subs(l, i))(instance)) == expected


# what the numbers see --------------------------------------------------------------------------


def of_pair(array: object) -> Claim:
    names = ATTENTION.let(q, Q, array)  # type: ignore[arg-type]
    right = exp(beta) / (2 * exp(beta) + n - 2)
    return names.claim(Identity, "weight", ORTHONORMAL, alpha(i), right)


def test_an_oracle_that_is_not_the_definition_is_seen() -> None:
    assert measure(of_pair(oracle.pair_query))[0].verdict == "confirmed"
    wrong = of_pair(lambda I: oracle.pair_query(I) / 2)
    with pytest.raises(BrokenDerivation, match="is not its value"):
        check_tie(wrong)  # the symbols cannot see it, one instance does
    assert proof_of(wrong).verdict == "proved"
    assert measure(wrong)[0].verdict == "refuted"
    assert decide(wrong).verdict == "refuted"


@pytest.mark.parametrize("letter", [alpha(l), c])
def test_a_wrong_array_of_the_question_is_seen_by_the_numbers(letter: Expr) -> None:
    value = next(one for one in ATTENTION.defined if one.letter == letter)
    names = ATTENTION.let(letter, value.value, lambda I: 1.001 * value.array(I)).let(q, Q)
    shown, right = (
        (alpha(i), exp(beta) / (2 * exp(beta) + n - 2))
        if letter == alpha(l)
        else (c, names.expand(c))
    )
    claim = names.claim(Identity, "claim", ORTHONORMAL, shown, right)
    assert proof_of(claim).verdict == "proved"
    assert measure(claim)[0].verdict == "refuted"


def test_every_order_is_measured_term_by_term(claims: list[Claim]) -> None:
    """An order without one of its terms, or with that term squared, is refused on some path.

    But for one: the deviation of the gap grows like the scale, so exp(-beta) is nothing beside it.
    """
    seen = 0
    for claim in claims:
        if not isinstance(claim, Leading):
            continue
        assert measure(claim)[0].verdict == "confirmed"
        for term in Add.make_args(claim.order):
            if term == n * exp(-beta) and claim.order != term:
                continue
            for order in (claim.order - term, claim.order - term + term**2):
                if order != 0:
                    found, _ = measure(replace(claim, order=order))
                    assert found.verdict == "refuted", (claim.name, order)
                    seen += 1
    assert seen == 20


@pytest.mark.parametrize("side", ["shown", "right"])
def test_two_ways_to_evaluate_agree(claims: list[Claim], side: str) -> None:
    """The walk that the left sides go, and the code that is printed for the right sides."""
    seen = 0
    for claim in claims:
        made = claim.oracle.oracle if isinstance(claim.oracle, Along) else claim.oracle
        assert isinstance(made, Evaluated)
        x = made.rest if side == "shown" else claim.right
        if made.statistics or x.is_infinite:
            continue
        for instance in islice(instances(claim, Plan(instances=3)), 3):
            for one in made.needed if side == "shown" else ():
                instance[one.name] = one.array(instance)
            if any(name not in instance for name in needed(x)):
                continue
            walked, printed = evaluate(x, instance), compiled(x)(instance)
            assert np.shape(walked) == np.shape(printed)
            assert np.allclose(walked, printed, rtol=1e-9, atol=1e-12), claim.name
            seen += 1
    assert seen > 120


@pytest.mark.parametrize("x", [Symbol("u"), erf(beta), alpha(i)])
def test_what_cannot_be_walked_is_named(x: Expr) -> None:
    with pytest.raises(SymattnError, match=r"no value for|is not evaluated"):
        evaluate(x, {r"\beta": 1.0, "i": 1})


# laws ------------------------------------------------------------------------------------------


def normal_keys(count: int = 3) -> Instance:
    hypotheses = Given((Distinct((i, j)), Orthonormal(r"\mu"), spiked(d, epsilon, i)))
    instance = hypotheses.sample(np.random.default_rng(3), {"n": count, "d": 4})
    return instance | {"q": np.array([0.3, -0.5, 0.2, 1.0]), "l": 2}


@pytest.mark.parametrize(
    "statistic", [Expect(Dot(k(i), q)), Var(Dot(k(i), q)), Var(Dot(k(i) - 2 * k(j), q))]
)
def test_drawn_keys_have_the_moments_of_their_law(statistic: Expr) -> None:
    instance = normal_keys()
    exact = DrawnKeys(("n",))(statistic, instance)  # type: ignore[arg-type]
    assert exact == pytest.approx(LinearInKeys()(statistic, instance))  # type: ignore[arg-type]
    keys = oracle.gaussian_keys(
        np.random.default_rng(0), instance[r"\mu"], instance[r"\Sigma"], 20_000
    )
    values = {k(p): keys[:, instance[p.name] - 1] for p in (i, j)}
    drawn = estimated(statistic, each(statistic.args[0], values, instance))  # type: ignore[arg-type]
    assert abs(drawn.value - exact) < 5 * drawn.error


@pytest.mark.parametrize(
    "statistic", [Expect(c), Cov(c), Expect(Norm(c - v(i)) ** 2), Var(Dot(c, v(j)))]
)
@pytest.mark.parametrize("scale", [0.5, 40.0], ids=["narrow", "wide"])
def test_the_output_of_normal_keys_is_integrated(statistic: Expr, scale: float) -> None:
    instance = normal_keys()
    instance["q"] = instance["q"] * scale
    # The keys vary little, but for one of them along its mean.
    instance[r"\Sigma"] = spiked(d, epsilon, i).array(instance | {r"\epsilon": 0.3 / scale**2})
    exact = OutputOfNormalKeys()(statistic, instance)  # type: ignore[arg-type]
    keys = oracle.gaussian_keys(
        np.random.default_rng(0), instance[r"\mu"], instance[r"\Sigma"], 20_000
    )
    outputs = oracle.softmax(keys @ instance["q"]) @ instance["v"]
    drawn = estimated(statistic, each(statistic.args[0], {c: outputs}, instance))  # type: ignore[arg-type]
    assert np.all(np.abs(drawn.value - exact) < 5 * np.asarray(drawn.error) + 1e-9)
    # With more keys than a grid has room for, moments of degree two are exact all the same.
    many = OutputOfNormalKeys(most=2)(statistic, instance)  # type: ignore[arg-type]
    assert many == pytest.approx(exact, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("deviation", [0.1, 1.0, 30.0])
def test_the_share_of_a_normal_gap_is_integrated(deviation: float) -> None:
    from scipy.integrate import quad
    from scipy.special import expit
    from scipy.stats import norm

    rho = Symbol(r"\rho", positive=True)
    value = ShareOfNormalGap()(Expect(rho * (1 - rho)), {r"\tau": deviation, "n": 2})
    f = lambda y: expit(y) * expit(-y) * norm.pdf(y, scale=deviation)  # noqa: E731
    reach = min(60.0, 12 * deviation)
    assert value == pytest.approx(quad(f, -reach, reach, points=[0.0], limit=200)[0], rel=1e-7)


def test_a_statistic_without_a_law_is_refused() -> None:
    claim = ATTENTION.claim(Identity, "claim", ORTHONORMAL, Expect(c), v(i))
    with pytest.raises(BrokenDerivation, match="how Expect"):
        claim.oracle(ORTHONORMAL.sample(np.random.default_rng(0), {"n": 3, "d": 3}))


# words -----------------------------------------------------------------------------------------


def written() -> Derivation:
    D = Derivation(question())
    D.let(q, Q, oracle.pair_query)
    D.state(Inequality, "positive", alpha(i), S.Zero, relation=">", slack=D.names.expand(alpha(i)))
    D.state(Tends, "limit", alpha(i), S.Half, variable=beta, point=oo)
    return D


def test_words_name_claims_and_letters() -> None:
    D = written()
    D.say(
        """
        For {Q} it is {positive.formula},
            [positive, limit]
        and tends to {limit.right} with {beta}, by {limit}.

        That is all.
        """,
        Q=Q,
    )
    kinds = [type(block).__name__ for block in D.explanation]
    assert kinds == ["Text", "Inequality", "Tends", "Text", "Text"]
    first, *_, third, last = D.explanation
    assert [p if isinstance(p, str) else p.latex for p in first.parts] == [
        "For ", r"\beta \left(k_{i} + k_{j}\right)", " it is ", r"\alpha_{i} > 0", ",",
    ]  # fmt: skip
    assert third.parts[-2] is D.named("limit")
    assert last.parts == ("That is all.",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("by {limit.left}", "limit.left"),
        ("by {nothing}", "nothing"),
        ("so\n[none]", "no claim is called 'none'"),
        ("so {Q}", "without a place"),
    ],
)
def test_words_that_name_nothing_are_refused(text: str, words: str) -> None:
    with pytest.raises(BrokenDerivation, match=words):
        written().say(text, Q=Q, unused=Q)
