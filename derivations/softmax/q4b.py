"""Question 4 (b): what the query receives in the backward pass."""

from symattn.vocabulary import *

g, u = Vector("g", d), Vector("u", d)
f, y = Symbol("f", real=True), Symbol("y", real=True)
MOVED = Definitions().let(alpha(l), softmax(l, lambda index: beta * Dot(k(index), q + y * u)))
OUTPUT = Sum(alpha(m) * v(m), (m, 1, n))

QUESTION = Question(
    name="q4b",
    given=Given((Arbitrary(g), Arbitrary(u), Scalar(y), Scalar(beta), MOVED.stands(alpha(l)))),
    names=MOVED.let(f, Dot(g, Sum(alpha(l) * v(l), (l, 1, n)))),
    specification=Specification(
        None, words("the derivative of {f} by {y} when the query moves, {q}", f=f, y=y, q=q + y * u)
    ),
    symbols={
        "g": "gradient that arrives at the output", "f": "what is differentiated",
        "u": "direction in which the query moves", "y": "any number",
        r"\beta": "scale of the logits",
    },
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    logit = alpha(l) * Dot(g, v(l) - OUTPUT)
    D.state(Identity, "query", Partial(f, y), beta * Sum(logit * Dot(k(l), u), (l, 1, n)))
    D.answers(
        """
        The sum of the keys, each times the scale and what its logit receives (1 (d)):
            [query]
        when the query moves in any direction {u}, to {moved}.
        """,
        u=u,
        moved=q + y * u,
    )
    return D


TESTS = (
    AuthorTest(
        r"\frac{\partial f}{\partial y} = \beta \sum_l \alpha_l (k_l \cdot u)"
        r"(g \cdot (v_l - \sum_m \alpha_m v_m))",
        "proved",
    ),
    AuthorTest(
        r"\frac{\partial f}{\partial y} = \sum_l \alpha_l (k_l \cdot u)(g \cdot (v_l - \sum_m \alpha_m v_m))",
        "refuted",
    ),
)
