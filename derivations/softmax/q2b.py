"""Question 2 (b): two keys: the logistic function and the hyperbolic tangent."""

from symattn.vocabulary import *

QUESTION = Question(
    name="q2b",
    given=Given((Only((i, j)),)),
    names=OF_LOGITS,
    specification=Specification(None, words("weights and output by the gap {g}", g=z(i) - z(j))),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    half = tanh((z(i) - z(j)) / 2)
    D.state(Identity, "logistic", alpha(i), 1 / (1 + exp(z(j) - z(i))))
    D.state(Identity, "difference", alpha(i) - alpha(j), half)
    D.state(Identity, "output", c, (v(i) + v(j)) / 2 + half * (v(i) - v(j)) / 2)
    D.answers(
        """
        The logistic function, and the hyperbolic tangent of half the gap:
            [logistic, difference, output]
        """
    )
    return D


TESTS = (
    AuthorTest(r"\alpha_i = \frac{1}{1 + e^{-(z_i - z_j)}}", "proved"),
    AuthorTest(r"\alpha_i = \frac{1}{1 + e^{z_i - z_j}}", "refuted"),
)
