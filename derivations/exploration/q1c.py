"""Question 1 (c): two heads when one key varies along its own mean."""

from symattn.vocabulary import *

SPIKE = spiked(d, epsilon, i)
LAW = Definitions().let(Sigma(l), SPIKE.value(l), SPIKE.array).random(LinearInKeys())
QUESTION = Question(
    name="q1c",
    given=Given(
        (Distinct((i, j)), Orthonormal(r"\mu", "the means"), GaussianKeys(mu, Sigma), SPIKE)
    ),
    names=LAW,
    specification=Specification(None, words("the gaps of the logits in the two heads")),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.any(beta)
    gap = k(i) - k(j)
    one, two = beta * mu(i), beta * mu(j)
    D.state(Identity, "first-mean", Expect(Dot(gap, one)), beta)
    D.state(
        Identity, "first-variance", Var(Dot(gap, one)), beta**2 * (Rational(1, 2) + 2 * epsilon)
    )
    D.state(Identity, "second-mean", Expect(Dot(-gap, two)), beta)
    D.state(Identity, "second-variance", Var(Dot(-gap, two)), 2 * epsilon * beta**2)
    D.answers(
        """
        The head of the varying key {i} has a gap of the logits with
            [first-mean, first-variance]
        and the other head does not see the variation:
            [second-mean, second-variance]
        """
    )
    D.say(
        """
        So the first head reads the varying key unless a standard normal number exceeds about the
        root of two, whatever the scale, and the second head reads {j} in nearly every sample. A
        single query for both is a fair coin.
        """
    )
    return D
