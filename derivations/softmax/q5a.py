"""Question 5 (a): positive random features."""

from symattn.vocabulary import *

a, b = Vector("p", d), Vector("w", d)
NOISE = isotropic(d, epsilon)


def feature(u: Expr) -> Expr:
    """The feature of a vector: positive, of one random key."""
    return exp(Dot(k(l) - mu(l), u) - epsilon * Norm(u) ** 2 / 2)


QUESTION = Question(
    name="q5a",
    given=Given((Members(mu(l)), GaussianKeys(mu, Sigma), NOISE, Arbitrary(a), Arbitrary(b))),
    names=Definitions().let(Sigma(l), NOISE.value(l), NOISE.array).random(LinearInKeys()),
    specification=Specification(None, words("mean and variance of {f}", f=feature(a) * feature(b))),
    symbols={"p": "a query", "w": "a key"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    product, score = feature(a) * feature(b), epsilon * Dot(a, b)
    D.state(Identity, "mean", Expect(product), exp(score))
    wide = exp(2 * score + epsilon * Norm(a + b) ** 2)
    D.state(Identity, "square", Expect(product**2), wide)
    D.answers(
        """
        The exponential of the score, without bias:
            [mean]
        """
    )
    D.say(
        """
        Both features are positive, so a mean of such products can be a normaliser. Its square has
        the mean
            [square]
        so the relative error of one product grows exponentially with the norm of {sum}, and
        {count} directions divide its square by {count} (Choromanski et al., 2021).
        """,
        sum=a + b,
        count=n,
    )
    return D
