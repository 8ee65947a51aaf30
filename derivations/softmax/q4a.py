"""Question 4 (a): what the values receive in the backward pass."""

from symattn.vocabulary import *

g, f, y = Vector("g", d), Symbol("f", real=True), Symbol("y", real=True)


def t(index: Expr) -> Expr:
    """The direction in which a value moves."""
    return Member("t", index, d)


SCALED = Definitions().let(alpha(l), softmax(l, lambda index: beta * Dot(k(index), q)))
PLAIN = SCALED.let(c, Sum(alpha(l) * v(l), (l, 1, n)))
NAMES = PLAIN.let(f, Dot(g, Sum(alpha(l) * (v(l) + y * t(l)), (l, 1, n))))
QUESTION = Question(
    name="q4a",
    given=Given((Arbitrary(g), Members(t(l)), Scalar(y), Scalar(beta), SCALED.stands(alpha(l)))),
    names=NAMES,
    specification=Specification(
        None, words("the derivative of {f} by {y} when each value moves, {w}", f=f, y=y, w=v(l) + y * t(l))
    ),
    symbols={
        "g": "gradient that arrives at the output", "f": "what is differentiated",
        "t_l": "direction in which a value moves", "y": "any number",
        r"\beta": "scale of the logits",
    },
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "values", Partial(f, y), Sum(alpha(l) * Dot(g, t(l)), (l, 1, n)))
    D.answers(
        """
        Each its weight times the gradient {g}. When the values move in any directions, to {moved},
            [values]
        """,
        g=g,
        moved=v(l) + y * t(l),
    )
    return D


TESTS = (
    AuthorTest(r"\frac{\partial f}{\partial y} = \sum_l \alpha_l g \cdot t_l", "proved"),
    AuthorTest(r"\frac{\partial f}{\partial y} = \sum_l g \cdot t_l", "refuted"),
)
