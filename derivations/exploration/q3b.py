"""Question 3 (b): the score of rotary positions depends on the difference of the positions."""

from symattn.vocabulary import *

NAMES = ("e", "f", "u", "w", "g", "h", "r", "s", r"\theta")
e, f, u, w, g, h, r, s, angle = (IndexedBase(name, real=True) for name in NAMES)
a, b = Symbol("a", real=True), Symbol("b", real=True)


def turned(one: Expr, two: Expr, at: Expr) -> tuple[Expr, Expr]:
    """A pair of entries, rotated by a position times the pair's angle."""
    t = at * angle[l]
    return one * cos(t) - two * sin(t), one * sin(t) + two * cos(t)


QUERY, KEY = turned(e[l], f[l], a), turned(u[l], w[l], b)
ROTATED = Definitions()
for letter, value in zip((g, h, r, s), (*QUERY, *KEY), strict=True):
    ROTATED = ROTATED.let(letter[l], value)

QUESTION = Question(
    name="q3b",
    given=Given((*map(Reals, (e, f, u, w, angle)), Scalar(a), Scalar(b))),
    names=ROTATED,
    specification=Specification(None, words("the score at the positions {a} and {b}", a=a, b=b)),
    symbols={
        "e_l": "entry of the query", "f_l": "entry of the query", "u_l": "entry of the key",
        "w_l": "entry of the key", "g_l": "entry of the rotated query",
        "h_l": "entry of the rotated query", "r_l": "entry of the rotated key",
        "s_l": "entry of the rotated key", r"\theta_l": "angle of a pair",
        "a": "position of the query", "b": "position of the key",
    },
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    turn, score = (a - b) * angle[l], Sum(g[l] * r[l] + h[l] * s[l], (l, 1, n))
    along, across = e[l] * u[l] + f[l] * w[l], e[l] * w[l] - f[l] * u[l]
    D.state(Identity, "score", score, Sum(along * cos(turn) + across * sin(turn), (l, 1, n)))
    D.state(Identity, "length", g[l] ** 2 + h[l] ** 2, e[l] ** 2 + f[l] ** 2)
    D.answers(
        """
        On the difference of the positions alone. With {g} and {h}, and the same of the key,
            [score]
        """,
        g=F(g[l], "=", QUERY[0]), h=F(h[l], "=", QUERY[1]),
    )  # fmt: skip
    D.say("A rotation keeps every length, {length.formula} (Su and others, 2021).")
    return D
