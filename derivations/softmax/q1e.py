"""Question 1 (e): the steepest slopes of softmax, and its Lipschitz constant."""

from symattn.vocabulary import *

u = IndexedBase("u", real=True)
SCALED = Definitions().let(alpha(l), softmax(l, lambda index: beta * z(index)))
MEAN = Sum(alpha(m) * u[m], (m, 1, n))
QUESTION = Question(
    name="q1e",
    given=Given((Scalar(beta), Reals(u), SCALED.stands(alpha(l)))),
    names=SCALED,
    specification=Specification(None, words("a bound of the derivatives of {a}", a=alpha(i))),
    symbols={"u_l": "any direction", r"\beta": "scale of the logits"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    own = Partial(alpha(i), z(i))
    spare = beta * (alpha(i) - S.Half) ** 2
    D.state(Identity, "own-gap", beta / 4 - own, spare)
    D.at_most("own", own, beta / 4)
    form = beta * Sum(alpha(l) * (u[l] - MEAN) ** 2, (l, 1, n))
    pairs = Sum(OffSum(alpha(l) * alpha(m) * (u[l] + u[m]) ** 2, m, n, (l,)), (l, 1, n))
    halves = Sum((alpha(l) - S.Half) ** 2 * u[l] ** 2, (l, 1, n))
    bound, missing = beta / 2 * Sum(u[l] ** 2, (l, 1, n)), 2 * beta * halves + beta / 2 * pairs
    D.state(Identity, "form-gap", bound - form, missing)
    D.at_most("lipschitz", form, bound, slack=missing)
    pair = (Only((i, j)), Replaced(u[j], -u[i]), Replaced(z(j), z(i)))
    D.state(Identity, "attained", form, bound, QUESTION.given.and_(*pair))
    D.answers(
        """
        No weight moves faster with its own logit than {own.formula}, and in any direction {u}
            [lipschitz]
        so that softmax is Lipschitz with a constant of half the scale {beta}.
        """,
        u=u[l],
    )
    D.say(
        """
        What is missing to the two bounds is
            [own-gap, form-gap]
        The first is 0 where the weight is one half. The second is a sum of squares, 0 for two keys
        of equal logits and opposite entries of {u},
            [attained]
        and for no {u} but 0 if there are more keys (Gao and Pavel, 2017).
        """,
        u=u[l],
    )
    return D
