"""Question 2 (d): a causal mask, under which a token reads itself and those before it."""

from symattn.vocabulary import *

r = Symbol("r", integer=True, positive=True)
w, u = IndexedBase(r"\omega", positive=True), IndexedBase(r"\zeta", real=True)
y = IndexedBase(r"\eta", real=True)
BEFORE = Given((Reals(w), Reals(u), AtLeast(2)))


def read(value: Expr, count: Expr = n) -> Expr:
    """The mean of the first values, by the weights of the last one's logits."""
    return Sum(w[l] * value, (l, 1, count)) / Sum(w[l], (l, 1, count))


QUESTION = Question(
    name="q2d",
    given=Given((Reals(w), Reals(u), Reals(y))),
    names=Definitions(),
    specification=Specification(None, words("what token {n} reads: the first {n} tokens", n=n)),
    symbols={
        r"\omega_l": "exponential of a logit",
        r"\zeta_l": "entry of a value",
        r"\eta_l": "change of an entry",
        "r": "distance to a later token",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.any(r)
    changed = u[l] + y[l] * KroneckerDelta(l, n + r)
    D.state(Identity, "prefix", read(changed), read(u[l]))
    earlier, total = read(u[l], n - 1), Sum(w[l], (l, 1, n))
    step = w[n] / total * (u[n] - earlier)
    D.state(Identity, "step", read(u[l]) - earlier, step, BEFORE)
    D.answers(
        """
        Nothing. When token {later} changes by any {y}, the output of token {n} stays as it is:
            [prefix]
        """,
        later=n + r, y=y[l], n=n,
    )  # fmt: skip
    D.say(
        """
        With the same logits, one more token moves the output towards its value by its own weight,
            [step]
        so the outputs of a whole sequence can be made one after the other.
        """
    )
    return D
