"""`equal` with what letters stand for, and with their laws: each right line beside wrong ones."""

import json

import pytest
from click.testing import CliRunner

from symattn.check.equal import equal
from symattn.cli import app
from symattn.hypotheses.subspaces import OrthonormalBasis

RUN = CliRunner()
NORMAL = {"x": ("m", "v")}
STANDARD = {"e": ("0", "1")}
KL = r"\operatorname{KL}(\mathcal{N}(a, b^2) \,\|\, \mathcal{N}(m, s^2))"


@pytest.mark.parametrize(
    ("left", "right", "wrong", "options"),
    [
        (r"\mathbb{E}[x^3]", "m^3 + 3 m v", "m^3 + m v", {"laws": NORMAL}),
        (r"\mathbb{E}[(x - m)^4]", "3 v^2", "v^2", {"laws": NORMAL}),
        (r"\operatorname{Var}(x^2)", "2 v^2 + 4 m^2 v", "2 v^2 + 2 m^2 v", {"laws": NORMAL}),
        (r"\mathbb{E}[e^{t x}]", r"e^{t m + t^2 v/2}", r"e^{t m + t^2 v}", {"laws": NORMAL}),
        (
            r"\mathbb{E}[z^2]",
            r"\mu^2 + s^2",
            r"\mu^2 + s",
            {"laws": {"x": ("0", "1")}, "where": {"z": r"\mu + s x"}},
        ),
        ("(1 - g) a", "a b / (a + b)", "a^2 / (a + b)", {"where": {"g": "a / (a + b)"}}),
        (
            KL,
            r"\log s - \log b + \frac{b^2 + (a - m)^2}{2 s^2} - \frac{1}{2}",
            r"\log b - \log s + \frac{b^2 + (a - m)^2}{2 s^2} - \frac{1}{2}",
            {"positive": ["s", "b"]},
        ),
    ],
)
def test_what_is_said_of_letters_is_put_in(left, right, wrong, options):
    assert equal(left, right, **options).passed
    assert equal(left, wrong, **options).verdict == "refuted"


@pytest.mark.parametrize(
    ("left", "right", "laws"),
    [
        (r"\mathbb{E}[x y]", r"m \mathbb{E}[y]", NORMAL),  # nothing says that they are independent
        (r"\mathbb{E}[x X]", r"m \mathbb{E}[X]", NORMAL),
        (r"\mathbb{E}[x X]", r"\mathbb{E}[X^2]", {"x": ("X", "v")}),
    ],
)
def test_joint_laws_are_not_guessed(left, right, laws):
    assert equal(left, right, laws=laws).verdict in ("undecided", "unread")


def test_a_symmetric_matrix_is_drawn_symmetric():
    shapes = {"A": ("d", "d", "symmetric"), "x": ("d", 1)}
    right = equal(
        r"(x - A x)^\top A (x - A x)", r"x^\top A x - 2 x^\top A^2 x + x^\top A^3 x", shapes=shapes
    )
    assert right.passed
    wrong = equal(r"x^\top A^\top A x", r"2 x^\top A^2 x", shapes=shapes)
    assert wrong.verdict == "refuted"
    assert equal(r"A^\top", "A", shapes={"A": ("d", "d")}).verdict == "refuted"


@pytest.mark.parametrize("rows", ["d", "m"])
def test_orthonormal_columns_have_any_number_of_rows(rows):
    from sympy import Symbol

    from symattn.algebra.letters import Matrix

    sizes = [Symbol(s, integer=True, positive=True) for s in (rows, "k")]
    given = [OrthonormalBasis(Matrix("U", *sizes))]
    options = {"given": given, "shapes": {"U": (rows, "k"), "x": (rows, 1)}}
    assert equal(r"U U^\top U U^\top x", r"U U^\top x", **options).passed
    assert equal(r"U U^\top x", "x", **options).verdict == "refuted"
    square = Matrix("U", sizes[0], sizes[0])
    options = {"given": [OrthonormalBasis(square)], "shapes": {"U": (rows, rows)}}
    assert equal(r"U U^\top", "I", **options).passed
    assert equal(r"U U^\top", "2 I", **options).verdict == "refuted"


def test_the_command_says_how_it_read():
    line = ["equal", r"\mathbb{E}[z]", "m", "--where", "z=m + s x", "--law", "x=N(0,1)"]
    said = RUN.invoke(app, line)
    assert said.exit_code == 0
    assert "read as: m real, s real, x real, x ~ N(0, 1), z = m + s x" in said.output
    found = json.loads(
        RUN.invoke(app, ["equal", r"x^\top x", r"\|x\|^2", "--vector", "x=n", "--json"]).output
    )
    assert (found["verdict"], found["read_as"]) == ("proved", "x in R^n")


@pytest.mark.parametrize(
    "option", [["--law", "x=N(0, s)"], ["--law", "x"], ["--where", "=2"], ["--vector", "=d"]]
)
def test_what_is_said_wrongly_is_refused(option):
    assert RUN.invoke(app, ["equal", "x", "x", *option]).exit_code == 2
