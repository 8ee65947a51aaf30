"""Question 3 (b): the score of rotary positions depends on the difference of the positions."""

from symattn.vocabulary import *

x, y, u, w, angle = (IndexedBase(name, real=True) for name in ("e", "f", "u", "w", r"\theta"))
a, b, s = (Symbol(name, real=True) for name in "abs")


def turned(one: Expr, two: Expr, at: Expr) -> tuple[Expr, Expr]:
    """A pair of entries, rotated by a position times the pair's angle."""
    t = at * angle[l]
    return one * cos(t) - two * sin(t), one * sin(t) + two * cos(t)


def score(p: Expr, r: Expr) -> Expr:
    """The product of a query at one position and a key at another."""
    query, key = turned(x[l], y[l], p), turned(u[l], w[l], r)
    return Sum(query[0] * key[0] + query[1] * key[1], (l, 1, n))


QUESTION = Question(
    name="q3b",
    given=Given((*map(Reals, (x, y, u, w, angle)), *map(Number, (a, b, s)))),
    names=Definitions(),
    specification=Specification(None, words("the score at the positions {a} and {b}", a=a, b=b)),
    symbols={
        "e_l": "entry of the query", "f_l": "entry of the query", "u_l": "entry of the key",
        "w_l": "entry of the key", r"\theta_l": "angle of a pair", "a": "position of the query",
        "b": "position of the key", "s": "shift",
    },
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    turn = (a - b) * angle[l]
    along, across = x[l] * u[l] + y[l] * w[l], x[l] * w[l] - y[l] * u[l]
    D.state(Identity, "score", score(a, b), Sum(along * cos(turn) + across * sin(turn), (l, 1, n)))
    D.state(Identity, "shift", score(a + s, b + s), score(a, b))
    D.answers(
        """
        On the difference of the positions alone:
            [score]
        """
    )
    D.say("A shift {s} of both changes nothing, {shift.formula} (Su and others, 2021).", s=s)
    return D
