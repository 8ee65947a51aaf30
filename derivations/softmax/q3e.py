"""Question 3 (e): mean and variance of the logits of normal keys, and the scale that they ask for."""

from symattn.vocabulary import *

NOISE = isotropic(d, epsilon)
QUESTION = Question(
    name="q3e",
    given=Given((Distinct((i, j)), Members(mu(l)), GaussianKeys(mu, Sigma), NOISE)),
    names=Definitions().let(Sigma(l), NOISE.value(l), NOISE.array).random(LinearInKeys()),
    specification=Specification(None, words("mean and variance of {z}", z=Dot(k(l), q))),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "mean", Expect(Dot(k(l), q)), Dot(mu(l), q))
    D.state(Identity, "variance", Var(Dot(k(l), q)), epsilon * Norm(q) ** 2)
    D.state(Identity, "scaled", Var(Dot(k(l), q) / sqrt(d)), epsilon * Norm(q) ** 2 / d)
    D.state(Identity, "gap", Var(Dot(k(i) - k(j), q)), 2 * epsilon * Norm(q) ** 2)
    D.answers(
        """
        The mean is that of the key, whatever it is, and the variance is that of one axis times
        the squared norm of the query:
            [mean, variance]
        """
    )
    D.say(
        """
        A query with entries of size one has a squared norm of about {d}, and dividing by the root
        of {d} takes this growth away, {scaled.formula}. The gap of two logits has twice the
        variance, {gap.formula}.
        """,
        d=d,
    )
    return D
