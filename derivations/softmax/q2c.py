"""Question 2 (c): the limit of large scales, with its rate."""

from symattn.vocabulary import *

GAP, gamma = IndexedBase(r"\Delta", real=True), Symbol(r"\gamma", positive=True)
NAMES = Stands(GAP, lambda index: Dot(k(i) - k(index), q), oracle.logit_gaps)
SCALED = Definitions().let(alpha(l), softmax(l, lambda index: beta * Dot(k(index), q)))

QUESTION = Question(
    name="q2c",
    given=Given((Distinct((i, j)), WideGaps(GAP, i, gamma), NAMES)),
    names=SCALED,
    specification=Specification(None, words("how fast {a} tends to 1", a=alpha(i))),
    symbols={
        r"\beta": "scale of the logits",
        r"\Delta_l": "gap of the logits",
        r"\gamma": "least gap",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.any(beta, gamma)
    D.state(Identity, "ratio", alpha(j) / alpha(i), exp(-beta * GAP[j]))
    rest = OffSum(exp(-beta * GAP[l]), l, n, (i,))
    D.state(Identity, "own", alpha(i), 1 / (1 + rest))
    D.at_most("lack", 1 - alpha(i), rest)
    top = (n - 1) * exp(-beta * gamma)
    D.at_most("rate", 1 - alpha(i), top, through=(rest / (1 + rest), rest))
    D.answers(
        """
        Exponentially in the least gap:
            [rate]
        """
    )
    D.say(
        """
        The weight is
            [own]
        so it lacks no more than {lack.right}, and every gap is at least {gamma}. Two weights have
        the ratio {ratio.right}: where their logits tie it is one, at every scale, and the limit
        shares the weight among the keys that tie.
        """,
        gamma=gamma,
    )
    return D
