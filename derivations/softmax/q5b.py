"""Question 5 (b): the key that wins when Gumbel noise is added to the logits."""

from symattn.vocabulary import *

t, P = Symbol("t", real=True), Symbol("P", real=True)
G = IndexedBase("G", real=True)
TOTAL = Sum(exp(z(m)), (m, 1, n))
NAMES = OF_LOGITS.let(G[l], exp(-exp(z(l) - t))).let(P, alpha(i) * exp(-exp(-t) * TOTAL))
QUESTION = Question(
    name="q5b",
    given=Given((Scalar(t), OF_LOGITS.stands(alpha(l)))),
    names=NAMES,
    specification=Specification(None, words("how often key {i} has the largest noisy logit", i=i)),
    symbols={
        "t": "a level",
        "G_l": "probability that the noisy logit of key $l$ is below the level",
        "P": "probability that key $i$ wins, with a noisy logit below the level",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    below = exp(-Sum(exp(z(m) - t), (m, 1, n)))
    D.state(Identity, "single", Partial(G[l], t), exp(z(l) - t) * exp(-exp(z(l) - t)))
    D.state(Identity, "density", Partial(P, t), exp(z(i) - t) * below)
    D.state(Tends, "all", P, alpha(i), variable=t, point=oo)
    D.state(Tends, "none", P, S.Zero, variable=t, point=-oo)
    D.answers(
        """
        Key {i} wins as often as its weight says. The probability that it wins with a noisy logit
        below {t} is {wins}, and
            [all]
        """,
        i=i, t=t, wins=F(P, "=", alpha(i) * exp(-exp(-t) * TOTAL)),
    )  # fmt: skip
    D.say(
        """
        With Gumbel noise the noisy logit of key {l} is below {t} with the probability {below}, and
        has the density
            [single]
        That key {i} is at {t} while all others are below has this density times the other
        probabilities,
            [density]
        and {P} is its integral, for {none.formula}. So the key of the largest noisy logit is drawn
        as the weights say, and their sum is not needed (Gumbel, 1954).
        """,
        l=l, t=t, i=i, P=P, below=F(G[l], "=", exp(-exp(z(l) - t))),
    )  # fmt: skip
    return D
