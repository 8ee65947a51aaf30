"""Question 2 (a): bounds of the logarithm of the sum of the exponentials, and of the entropy."""

from symattn.vocabulary import *

LSE = log(Sum(exp(z(m)), (m, 1, n)))
MEAN = Sum(alpha(l) * z(l), (l, 1, n))
H = -Sum(alpha(l) * log(alpha(l)), (l, 1, n))

QUESTION = Question(
    name="q2a",
    given=Given((OF_LOGITS.stands(alpha(l)),)),
    names=OF_LOGITS,
    specification=Specification(None, words("bounds of {f} and of {H}", f=LSE, H=H)),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    rest = log(1 + OffSum(exp(z(l) - z(i)), l, n, (i,)))
    D.state(Identity, "gap", LSE - z(i), rest)
    D.at_least("lower", LSE, z(i))
    D.state(Identity, "free-energy", LSE, MEAN + H)
    spread = 1 / (n * alpha(l))
    tangent = [Sum(alpha(l) * x, (l, 1, n)) for x in (log(spread), spread - 1)]
    D.at_most("entropy", H, log(n))
    D.at_most("upper", LSE, MEAN + log(n), through=[MEAN + log(n) + x for x in tangent])
    D.at_least("entropy-sign", H, S.Zero)
    D.answers(
        """
        It is above every logit, and at most the logarithm of {n} above their mean:
            [lower, upper]
        The entropy lies between {entropy-sign.right} and {entropy.right}.
        """
    )
    D.say(
        """
        The difference to one logit is not negative, and the mean logit and the entropy are together
        the logarithm:
            [gap, free-energy]
        and the tangent of the logarithm bounds the entropy, {entropy.formula} and
        {entropy-sign.formula}, with equality for equal weights and for a single one.
        """
    )
    return D
