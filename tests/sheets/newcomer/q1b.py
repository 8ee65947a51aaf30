"""Question 1 (b): two heads, each with the mean of one key as its query."""

from symattn.vocabulary import *

NOISE, SPIKE = isotropic(d, epsilon), spiked(d, epsilon, i)
KEYS = (Distinct((i, j)), Orthonormal(r"\mu", "the means"), GaussianKeys(mu, Sigma))
g, h = Vector("g", d), Vector("h", d)
MEANS = Definitions().let(k(l), mu(l)).let(g, output(beta * mu(i))).let(h, output(beta * mu(j)))
QUESTION = Question(
    name="q1b",
    given=Given(KEYS),
    names=Definitions().any(beta),
    specification=Specification(
        None, words("the output of two heads, and the gaps of their logits")
    ),
    symbols={"g": "output of the first head", "h": "output of the second head"},
)


def law(covariance: Covariance) -> Definitions:
    """The keys are normal, with this covariance."""
    named = Definitions().let(Sigma(l), covariance.value(l), covariance.array)
    return named.random(LinearInKeys()).any(beta)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    middle, given = (v(i) + v(j)) / 2, Given(KEYS[:2])
    D.state(Tends, "limit", (g + h) / 2, middle, given, MEANS, variable=beta, point=oo)
    gap, noisy = Dot(k(i) - k(j), beta * mu(i)), Given((*KEYS, NOISE))
    D.state(Identity, "gap-mean", Expect(gap), beta, noisy, law(NOISE))
    D.state(Identity, "gap-variance", Var(gap), 2 * epsilon * beta**2, noisy, law(NOISE))
    wide = beta**2 * (Rational(1, 2) + 2 * epsilon)
    D.state(Identity, "spiked", Var(gap), wide, Given((*KEYS, SPIKE)), law(SPIKE))
    D.answers(
        """
        At the mean keys
            [limit]
        and the gap of the logits of the first head has
            [gap-mean, gap-variance]
        When one key varies along its own mean its head has a wider gap:
            [spiked]
        """
    )
    return D
