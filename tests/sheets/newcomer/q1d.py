"""Question 1 (d): linear attention and its recurrence."""

from symattn.vocabulary import *

r = Symbol("r", integer=True, positive=True)
t = Symbol("t", integer=True, nonnegative=True)
w, u = IndexedBase("w", positive=True), IndexedBase("u", real=True)
QUESTION = Question(
    name="q1d",
    given=Given((Reals(w), Reals(u))),
    names=Definitions(),
    specification=Specification(None, words("the output {c} without a softmax", c=c)),
    symbols={"w_l": "kernel of the query and a key", "u_l": "entry of a value"},
)


def upto(count: Expr) -> tuple[Expr, Expr]:
    """The sums behind numerator and denominator, of so many keys."""
    return Sum(w[l] * u[l], (l, 1, count)), Sum(w[l], (l, 1, count))


def derive() -> Derivation:
    D = Derivation(QUESTION)
    linear = Sum(Dot(k(l), q) * v(l), (l, 1, n))
    D.state(Identity, "linear", linear, Sum(v(l) * T(k(l)), (l, 1, n)) * q)
    top, bottom = upto(n)
    last, before = upto(n)[0], upto(n - 1)[0]
    D.state(Identity, "recurrence", last, before + w[n] * u[n])
    D.state(Identity, "kernel", Sum(w[l] / bottom * u[l], (l, 1, n)), top / bottom)
    D.answers(
        """
        With the product itself as the kernel the sum over the keys is one matrix, and with any
        kernel it is a quotient of two sums:
            [linear, kernel]
        Each new key adds one term to either:
            [recurrence]
        """
    )
    return D
