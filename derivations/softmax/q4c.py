"""Question 4 (c): what the keys receive in the backward pass."""

from symattn.vocabulary import *

g, f, y = Vector("g", d), Symbol("f", real=True), Symbol("y", real=True)


def p(index: Expr) -> Expr:
    """The direction in which a key moves."""
    return Member("p", index, d)


MOVED = Definitions().let(
    alpha(l), softmax(l, lambda index: beta * Dot(k(index) + y * p(index), q))
)
OUTPUT = Sum(alpha(m) * v(m), (m, 1, n))

QUESTION = Question(
    name="q4c",
    given=Given((Arbitrary(g), Members(p(l)), Scalar(y), Scalar(beta), MOVED.stands(alpha(l)))),
    names=MOVED.let(f, Dot(g, Sum(alpha(l) * v(l), (l, 1, n)))),
    specification=Specification(
        None, words("the derivative of {f} by {y} when each key moves, {k}", f=f, y=y, k=k(l) + y * p(l))
    ),
    symbols={
        "g": "gradient that arrives at the output", "f": "what is differentiated",
        "p_l": "direction in which a key moves", "y": "any number",
        r"\beta": "scale of the logits",
    },
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    logit = alpha(l) * Dot(g, v(l) - OUTPUT)
    D.state(Identity, "keys", Partial(f, y), beta * Sum(logit * Dot(p(l), q), (l, 1, n)))
    D.answers(
        """
        Each the query, times the scale and what its logit receives (1 (d)). When the keys move in
        any directions, to {moved},
            [keys]
        """,
        moved=k(l) + y * p(l),
    )
    return D


TESTS = (
    AuthorTest(
        r"\frac{\partial f}{\partial y} = \beta \sum_l \alpha_l (q \cdot p_l)"
        r"(g \cdot (v_l - \sum_m \alpha_m v_m))",
        "proved",
    ),
    AuthorTest(
        r"\frac{\partial f}{\partial y} = \beta \sum_l \alpha_l (q \cdot p_l)(g \cdot v_l)",
        "refuted",
    ),
)
