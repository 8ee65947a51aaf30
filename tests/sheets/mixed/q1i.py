"""Question 1 (i): activations, a diagonal matrix, and a sum that telescopes."""

from symattn.vocabulary import *

t, r = Symbol("t", real=True), Symbol("r", real=True)
y = IndexedBase("y", real=True)
p, u, w = (Vector(name, d) for name in "puw")
A = Matrix("A", d, d)
GIVEN = Given((Scalar(t), Scalar(r), Reals(y), *map(Arbitrary, (p, u, w, A))))
JACOBIAN = Diag(p) - p * T(p)
QUESTION = Question(
    name="q1i",
    given=GIVEN,
    names=Definitions(),
    specification=Specification(None, words("what activations and matrices satisfy")),
    symbols={"t": "a number", "r": "a number", "y_l": "a number", "p": "weights", "u": "a vector",
             "w": "a vector", "A": "a matrix"},
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "relu", Max(t, 0), (t + Abs(t)) / 2)
    D.at_most("hinge", Abs(Max(t, 0) - Max(r, 0)), Abs(t - r))
    D.at_most("saturates", Abs(tanh(t)), 1)
    D.state(Identity, "telescopes", Sum(y[l + 1] - y[l], (l, 1, n - 1)), y[n] - y[1])
    D.state(Identity, "symmetric", T(JACOBIAN), JACOBIAN)
    D.state(Identity, "form", T(u) * JACOBIAN * u, T(u) * Diag(p) * u - Dot(p, u) ** 2)
    D.state(Identity, "trace", Trace(A * u * T(w)), T(w) * A * u)
    D.answers("""
        Of numbers
            [relu, hinge, saturates, telescopes]
        and of vectors
            [symmetric, form, trace]
        """)
    return D
