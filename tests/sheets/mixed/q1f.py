"""Question 1 (f): dot product of normal keys."""

from symattn.vocabulary import *

NOISE = isotropic(d, epsilon)
QUESTION = Question(
    name="q1f",
    given=Given((Distinct((i, j)), Members(mu(l)), GaussianKeys(mu, Sigma), NOISE)),
    names=Definitions().let(Sigma(l), NOISE.value(l), NOISE.array).random(DrawnKeys()),
    specification=Specification(None, words("mean of {z}", z=Dot(k(i), k(j)))),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "mean", Expect(Dot(k(i), k(j))), Dot(mu(i), mu(j)))
    D.state(Identity, "norm", Expect(Norm(k(i)) ** 2), Norm(mu(i)) ** 2 + epsilon * d)
    D.state(
        Identity, "dist", Expect(Norm(k(i) - k(j)) ** 2), Norm(mu(i) - mu(j)) ** 2 + 2 * epsilon * d
    )
    D.answers("""
        The noise adds to the norms, not to the products of two keys:
            [mean, norm, dist]
        """)
    return D
