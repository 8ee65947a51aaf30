"""Question 1 (a): the attention weights are a categorical distribution, and which one."""

from symattn.vocabulary import *

GIVEN = Given(())
P = IndexedBase("p", positive=True)
WEIGHTS = OF_LOGITS.stands(alpha(l))
DISTRIBUTION = Given((Simplex(P), WEIGHTS))
ALIKE = Given((Simplex(P, near=lambda I: oracle.softmax(I["z"])), WEIGHTS))
multiplier, y = Symbol(r"\lambda", real=True), Symbol("y", real=True)

QUESTION = Question(
    name="q1a",
    given=GIVEN,
    names=ATTENTION,
    specification=Specification(
        None,
        words("why {a} are the probabilities of a categorical distribution on {indices}",
              a=alpha(i), indices=F(S.One, r"\le", i, r"\le", n)),
    ),
    symbols={"p_l": "probability", "y": "any number"},
)  # fmt: skip


def gain(share: IndexedBase, index: Symbol) -> Expr:
    """The mean logit plus the entropy of a distribution."""
    mean = Sum(share[index] * z(index), (index, 1, n))
    return mean - Sum(share[index] * log(share[index]), (index, 1, n))


def derive() -> Derivation:
    D = Derivation(QUESTION)

    # Positive, and their sum is one.
    D.positive("positive", alpha(i))
    D.follows("sum", Sum(alpha(l), (l, 1, n)), "the denominator is common")

    # Which distribution: the maximiser of mean logit plus entropy, at any logits, on the simplex.
    D.names = OF_LOGITS.any(y)
    lagrangian = gain(P, m) - multiplier * (Sum(P[m], (m, 1, n)) - 1)
    slope = D.start("slope", lagrangian).by(differentiate(P[l])).by(split_deltas())
    free = D.start("stationary point", slope.value).by(solve_zero(P[l]))
    level = D.start("its sum is one", Sum(free.value.xreplace({l: m}), (m, 1, n)) - 1)
    level.by(constants_out()).by(solve_zero(multiplier))
    best = free.by(put({multiplier: level.value})).value
    most = D.names.let(P[l], None, lambda I: oracle.gibbs_shares(I["z"]))
    D.state(MaximalOnSimplex, "maximiser", P[l], best, names=most, f=gain(P, m), other=j, count=n)
    peak = D.start("value at the maximum", gain(P, l).xreplace({P[l]: best}))
    peak.under("the logarithm of a quotient")
    top = D.identity("maximum", peak, gain(alpha(l).base, l)).right

    # By how much every other distribution falls short.
    apart = Sum(P[l] * log(P[l] / alpha(l)), (l, 1, n))
    D.follows("gap", top - gain(P, l), "the probabilities sum to one", apart, DISTRIBUTION)
    D.at_least("gap-sign", apart, S.Zero, ALIKE)

    # Only differences of logits matter.
    moved = D.start("shifted logits", softmax(i, lambda index: z(index) + y))
    D.identity("shift", moved.by(constants_out()).under("cancel"))

    D.answers(
        """
        Every weight is positive, and together they are one,
            [positive, sum]
        so {a} is the probability of key {i} in a categorical distribution on the {n} keys, and
        the output is the mean value under it.
        """,
        a=alpha(i),
    )  # fmt: skip
    D.say(
        """
        Positive because exponentials are; the sum is one because the denominator is the sum of
        the numerators. The distribution is that of Gibbs: the mean logit plus the entropy,
        {gain}, is strictly concave in the probabilities {p_l}, and largest for the weights alone,
            [maximiser]
        The maximum is {maximum.right}, and any other distribution misses it by its entropy
        relative to the weights,
            [gap]
        Only differences of logits count: adding the same {y} to all of them changes no weight,
            [shift]
        """,
        gain=gain(P, l), p_l=P[l], y=y,
    )  # fmt: skip
    return D


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
