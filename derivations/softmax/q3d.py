"""Question 3 (d): linear attention: its matrix form and its recurrence."""

from symattn.vocabulary import *

TOTAL, NORMAL = Sum(v(l) * T(k(l)), (l, 1, n)), Sum(k(l), (l, 1, n))
LINEAR = Sum(Dot(k(l), q) * v(l), (l, 1, n)) / Sum(Dot(k(l), q), (l, 1, n))
QUESTION = Question(
    name="q3d",
    given=Given((Distinct((i, j)),)),
    names=Definitions(),
    specification=Specification(
        None, words("{f} by sums that do not depend on {q}", f=LINEAR, q=q)
    ),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "form", LINEAR, TOTAL * q / Dot(NORMAL, q))
    before = OffSum(v(l) * T(k(l)), l, n, (i,))
    D.state(Identity, "recurrence", TOTAL, before + v(i) * T(k(i)))
    D.answers(
        """
        One matrix and one vector hold all that is needed of the keys and values,
            [form]
        """
    )
    D.say(
        """
        One more key adds one product to the matrix,
            [recurrence]
        so that a sequence costs one step a key (Katharopoulos and others, 2020). The weights need
        not be positive, and the denominator may vanish.
        """
    )
    return D
