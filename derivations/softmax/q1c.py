"""Question 1 (c): the gradient of the cross-entropy by the logits."""

from symattn.vocabulary import *

y, L, F_z = IndexedBase("y", nonnegative=True), Symbol("L", real=True), Symbol("F", real=True)
LSE = log(Sum(exp(z(m)), (m, 1, n)))
NAMES = OF_LOGITS.let(L, -Sum(y[m] * log(alpha(m)), (m, 1, n))).let(F_z, LSE)

QUESTION = Question(
    name="q1c",
    given=Given((Simplex(y), OF_LOGITS.stands(alpha(l)))),
    names=NAMES,
    specification=Specification(
        None, words("the gradient of {L}, for labels {y} that sum to one", L=L, y=y[l])
    ),
    symbols={
        "y_l": "probability of a label", "L": "cross-entropy",
        "F": "logarithm of the sum of the exponentials",
    },
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "split", L, LSE - Sum(y[m] * z(m), (m, 1, n)))
    D.state(Identity, "free", Partial(F_z, z(j)), alpha(j))
    D.state(Identity, "gradient", Partial(L, z(j)), alpha(j) - y[j])
    D.answers(
        """
        Weights minus labels:
            [gradient]
        """
    )
    D.say(
        """
        The labels sum to one, so the cross-entropy is
            [split]
        and the gradient of its first part is the weights, {free.formula}.
        """
    )
    return D


TESTS = (
    AuthorTest(r"\frac{\partial L}{\partial z_j} = \alpha_j - y_j", "proved"),
    AuthorTest(r"\frac{\partial L}{\partial z_j} = y_j - \alpha_j", "refuted"),
    AuthorTest(
        r"\frac{\partial^2 L}{\partial z_i \partial z_j} = \alpha_i (\delta_{ij} - \alpha_j)",
        "proved",
    ),
    AuthorTest(r"\frac{\partial^2 L}{\partial z_j^2} = \alpha_j", "refuted"),
    AuthorTest(r"\frac{\partial^2 L}{\partial z_j^2} \ge 0", "proved"),
)
