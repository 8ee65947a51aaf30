"""Question 4 (d): two blocks of keys are merged by their outputs and normalisers alone."""

from symattn.vocabulary import *

a, h = Vector("a", d), Vector("h", d)
s, tau = Symbol("s", real=True), Symbol(r"\tau", real=True)
zeta = IndexedBase(r"\zeta", real=True)


def w(index: Expr) -> Expr:
    """A value of the second block."""
    return Member("w", index, d)


FIRST, SECOND = Sum(exp(z(l)), (l, 1, n)), Sum(exp(zeta[l]), (l, 1, n))
ONE, TWO = Sum(exp(z(l)) * v(l), (l, 1, n)), Sum(exp(zeta[l]) * w(l), (l, 1, n))
OUTPUTS = (Replaced(a, ONE / FIRST), Replaced(h, TWO / SECOND))

QUESTION = Question(
    name="q4d",
    given=Given(
        (Reals(zeta), Members(w(l)), Named(s, log(FIRST)), Named(tau, log(SECOND)), *OUTPUTS)
    ),
    names=Definitions().let(c, (ONE + TWO) / (FIRST + SECOND)),
    specification=Specification(None, words("the output {c} of all keys by {a} and {h}", c=c, a=a, h=h)),
    symbols={
        r"\zeta_l": "logit of the second block", "w_l": "value of the second block",
        "a": "output of the first block", "h": "output of the second block",
        "s": "logarithm of the first sum of exponentials",
        r"\tau": "logarithm of the second sum of exponentials",
    },
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "merge", c, (exp(s) * a + exp(tau) * h) / (exp(s) + exp(tau)))
    D.state(Identity, "normaliser", log(FIRST + SECOND), log(exp(s) + exp(tau)))
    D.answers(
        """
        As two values would be, with the logarithms {s} and {tau} for logits:
            [merge, normaliser]
        """,
        s=s, tau=tau,
    )  # fmt: skip
    D.say(
        """
        So a sequence is worked through in blocks, of which only the output and one number for each
        query are kept (Dao and others, 2022).
        """
    )
    return D


TESTS = (
    AuthorTest(r"c = \frac{e^s a + e^\tau h}{e^s + e^\tau}", "proved"),
    AuthorTest(r"c = \frac{a + h}{2}", "refuted"),
)
