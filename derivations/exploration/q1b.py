"""Question 1 (b): the logits of two heads when the keys are random."""

from symattn.vocabulary import *

NOISE = isotropic(d, epsilon)
LAW = Definitions().let(Sigma(l), NOISE.value(l), NOISE.array).random(LinearInKeys())
QUESTION = Question(
    name="q1b",
    given=Given((Distinct((i, j)), Orthonormal(r"\mu", "the means"), GaussianKeys(mu, Sigma), NOISE)),
    names=LAW,
    specification=Specification(None, words("the gaps of the logits, for one query and for two")),
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.any(beta)
    one, both = beta * mu(i), beta * (mu(i) + mu(j))
    gap = k(i) - k(j)
    D.state(Identity, "head-mean", Expect(Dot(gap, one)), beta)
    D.state(Identity, "head-variance", Var(Dot(gap, one)), 2 * epsilon * beta**2)
    odds = Expect(Dot(gap, one)) / sqrt(Var(Dot(gap, one)))
    D.state(Identity, "odds", odds, 1 / sqrt(2 * epsilon))
    D.state(Identity, "query-mean", Expect(Dot(gap, both)), S.Zero)
    D.state(Identity, "query-variance", Var(Dot(gap, both)), 4 * epsilon * beta**2)
    D.answers(
        """
        The gap of the two logits has in the first of two heads the mean and the variance
            [head-mean, head-variance]
        and for a single query with the sum of the two means
            [query-mean, query-variance]
        """
    )
    D.say(
        """
        With two heads the mean of the gap is so many standard deviations away from zero:
            [odds]
        The gap is normal, so the probability that the head fails is that of a standard normal below
        minus this number: it does not depend on the scale, and vanishes with the variance {epsilon}
        of the keys. With one query the gap is on either side equally often, and large scales make
        the output one of the two values.
        """
    )
    return D
