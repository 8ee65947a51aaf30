"""Kinds of letters from their use: what is inferred is told, and never refutes by its shape."""

from __future__ import annotations

import pytest

from symattn.check.equal import equal

# both sides, whether they are equal, and what is told of the letters
ROWS = [
    (r"x^\top A x", r"\operatorname{tr}(A x x^\top)", True, {"A": "matrix", "x": "column"}),
    (r"x^\top A x", r"\operatorname{tr}(A) x^\top x", False, {"A": "matrix", "x": "column"}),
    (r"(AB)^\top", r"B^\top A^\top", True, {"A": "matrix", "B": "matrix"}),
    (r"(AB)^\top", r"A^\top B^\top", False, {"A": "matrix", "B": "matrix"}),
    (r"\operatorname{tr}(AB)", r"\operatorname{tr}(BA)", True, {"A": "matrix", "B": "matrix"}),
    (r"\operatorname{tr}(AB)", r"\operatorname{tr}(A)\operatorname{tr}(B)", False, {"A": "matrix"}),
    (r"\|x+y\|^2", r"\|x\|^2+2x^\top y+\|y\|^2", True, {"x": "column", "y": "column"}),
    (r"\|x+y\|^2", r"\|x\|^2+x^\top y+\|y\|^2", False, {"x": "column", "y": "column"}),
    (r"\nabla_x x^\top A x", r"(A+A^\top)x", True, {"A": "matrix", "x": "column"}),
    (r"\nabla_x x^\top A x", r"2Ax", False, {"A": "matrix", "x": "column"}),
    (
        r"(X^\top X+\lambda I)^{-1}X^\top",
        r"X^\top(XX^\top+\lambda I)^{-1}",
        True,
        {"X": "matrix"},
    ),
    (r"\det(AB)", r"\det(A)\det(B)", True, {"A": "matrix", "B": "matrix"}),
    (r"\det(A+B)", r"\det(A)+\det(B)", False, {"A": "matrix", "B": "matrix"}),
]


@pytest.mark.parametrize(("left", "right", "same", "kinds"), ROWS, ids=[row[0] for row in ROWS])
def test_kinds_are_inferred_and_told(left, right, same, kinds):
    found = equal(left, right)
    assert found.passed == same, found
    assert same or found.verdict == "refuted", found
    for letter, kind in kinds.items():
        assert any(a.startswith(f"{letter} is read as a {kind}") for a in found.assumptions), found


def test_a_shape_that_is_guessed_refutes_nothing():
    found = equal(r"a^\top a", "a^2")
    assert (found.verdict, "a is read as a column" in found.reason) == ("unread", True)
    assert equal(r"a^\top a", "a^2", shapes={"a": ("d", 1)}).verdict == "refuted"


def test_what_is_declared_stands():
    found = equal(r"S^\top S", r"S S^\top", shapes={"S": ("d", "s")})
    assert found.code == "shape-mismatch"
    assert not any("is read as" in a for a in found.assumptions)


def test_a_barred_letter_may_be_the_mean_of_its_family():
    found = equal(r"\sum_{i=1}^n (x_i-\bar x)^2", r"\sum_{i=1}^n x_i^2-n\bar x^2")
    assert (found.verdict, found.code) == ("undecided", "two-readings")
    assert r"\bar{x} may be the mean" in found.reason
    assert equal(r"\bar x + 1", r"\bar x").verdict == "refuted"


SUMS = [
    (r"\sum_i p_i \log \frac{p_i}{q_i}", r"\sum_i p_i \log p_i - \sum_j p_j \log q_j", True),
    (r"\sum_i (x_i + y_i)", r"\sum_i x_i + \sum_j y_j", True),
    (r"\sum_i x_i y_i", r"\sum_i x_i \sum_j y_j", False),
    (r"\operatorname{softmax}(z)_i", r"\frac{e^{z_i}}{\sum_j e^{z_j}}", True),
    (r"\operatorname{softmax}(z)_i", r"\frac{e^{z_j}}{\sum_j e^{z_j}}", False),
    (r"\sum_i 2 x_i", r"2 \sum_i x_i", True),
    (r"\prod_i e^{x_i}", r"e^{\sum_i x_i}", True),
]


@pytest.mark.parametrize(("left", "right", "same"), SUMS, ids=[row[0] for row in SUMS])
def test_a_sum_that_writes_no_end_runs_to_n(left, right, same):
    found = equal(left, right, positive=["p", "q"] if "log" in left else [])
    assert found.passed == same, found
    assert same or found.verdict in ("refuted", "unread"), found


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\sum_i x_i + \sum_{k=1}^n y_k", r"\sum_{k=1}^n y_k + \sum_i x_i"),
        (r"\sum_i x_i", r"\sum_{i=1}^n x_i + \sum_{i=1}^m x_i - \sum_{i=1}^m x_i"),
        (r"\sum_i 1", "n"),
    ],
)
def test_an_end_that_may_be_another_is_asked_for(left, right):
    assert equal(left, right).verdict == "unread"


def test_an_end_is_that_of_the_same_family_and_is_told():
    found = equal(r"\sum_i x_i", r"\sum_{k=1}^K x_k")
    assert found.verdict == "proved"
    assert "a sum that writes no end is read as one from 1 to K" in found.assumptions
    assert equal(r"\sum_i x_i", r"\sum_{k=1}^K x_k + x_1").verdict == "refuted"
    pairs = r"(\sum_{i=1}^n x_i)^2 - \sum_{i=1}^n x_i^2"
    assert equal(r"\sum_{i \ne j} x_i x_j", pairs).passed
    assert not equal(r"\sum_{i \ne j} x_i x_j", pairs + " + x_j").passed


# what holds of the kinds that are guessed, and not of others that fit as well
GUESSED = [
    (r"X(X^\top X)^{-1}X^\top", "I"),
    (r"\operatorname{tr}(X(X^\top X)^{-1}X^\top)", "d"),
    (r"(X^\top X)^{-1}X^\top", r"X^\top(XX^\top)^{-1}"),
    (r"\det(X^\top X)", r"\det(XX^\top)"),
    (r"(AB)^{-1}", r"A^{-1}B^{-1}"),
    (r"A^{-1}BA", "B"),
    (r"(A\otimes B)(C\otimes D)", r"CA\otimes BD"),
    (r"\mathbf 1^\top x", r"\sum_i x_i"),
    (r"\mathbf 1^\top\mathbf 1", "n"),
    ("AB", "BA"),
    ("ABC", "CBA"),
    ("AB-BA", "0"),
    ("A^2B", "ABA"),
    ("(A+B)^2", "A^2+2AB+B^2"),
    ("(A+B)(A-B)", "A^2-B^2"),
    (r"A\cdot B", r"B\cdot A"),
    (r"e^{A+B}", "e^Ae^B"),
    (r"\hat A\hat B", r"\hat B\hat A"),
    (r"\Sigma\Lambda", r"\Lambda\Sigma"),
    (r"\frac{AB}{C}", r"\frac{BA}{C}"),
    ("W_QW_K", "W_KW_Q"),
    ("W_1W_2x", "W_2W_1x"),
    ("W^{(1)}W^{(2)}", "W^{(2)}W^{(1)}"),
    (r"\mathbf{A}\mathbf{B}", r"\mathbf{B}\mathbf{A}"),
    (r"\bm{W}\bm{x}", r"\bm{x}\bm{W}"),
    (r"\mathbf{x}\mathbf{y}", r"\mathbf{y}\mathbf{x}"),
]


@pytest.mark.parametrize(("left", "right"), GUESSED, ids=[row[0] for row in GUESSED])
def test_a_guess_neither_accepts_nor_refutes_what_depends_on_it(left, right):
    found = equal(left, right)
    assert (found.verdict, found.code) == ("undecided", "two-readings")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"(AB)^{-1}", r"B^{-1}A^{-1}"),
        (r"A^{-1}-B^{-1}", r"A^{-1}(B-A)B^{-1}"),
        ("RR^{-1}", "1"),
        (r"\det(I+XX^\top)", r"\det(I+X^\top X)"),
        (r"a\otimes b", "ab"),
        ("AB+AC", "A(B+C)"),
        ("(A+1)(B+1)", "AB+A+B+1"),
        ("nRT", "TRn"),
        (r"2\frac{PR}{P+R}", r"\frac{2}{\frac1P+\frac1R}"),
        ("X_1X_2", "X_2X_1"),
        ("Wx", "xW"),
        (r"\mathbf{W}\mathbf{x}+\mathbf{b}", r"\mathbf{b}+\mathbf{W}\mathbf{x}"),
        (r"\sum_{h=1}^H\sum_{l=1}^Lc", "LHc"),
    ],
)
def test_what_holds_of_every_kind_that_fits_is_accepted(left, right):
    assert equal(left, right).passed


def test_shapes_beyond_those_that_are_tried_are_asked_for():
    left = r"\operatorname{tr}(A^\top B C^\top R S^\top)"
    right = r"\operatorname{tr}(S^\top A^\top B C^\top R)"
    assert equal(left, right).code == "two-readings"


def test_a_capital_that_is_declared_is_a_number():
    assert equal("(A+B)^2", "A^2+2AB+B^2", real=["A", "B"]).verdict == "proved"
    assert equal("AB", "BA", where={"A": "x^2"}).verdict == "proved"


@pytest.mark.parametrize(
    ("left", "right"),
    [(r"\mathbf{x}", "x"), (r"\epsilon x", r"x\varepsilon"), (r"\varpi", r"\pi")],
)
def test_two_spellings_of_one_letter_are_told(left, right):
    found = equal(left, right)
    assert found.passed, found
    assert any("read as one letter" in a for a in found.assumptions), found


@pytest.mark.parametrize("side", [r"\mathbf{x}-x", r"\epsilon-\varepsilon", r"\bm x_i-x_i"])
def test_two_spellings_side_by_side_are_not_read(side):
    assert equal(side, "0").verdict == "unread"
    assert equal(r"\operatorname{softmax}(\mathbf z)_i", r"\frac{e^{z_i}}{\sum_je^{z_j}}").passed


# both sides, and what the verdict has to say that it takes for granted
TAKEN = [
    ("x/x", "1", ["x != 0"]),
    ("x^{-1}x", "1", ["x != 0"]),
    (r"\frac ab\cdot b", "a", ["b != 0"]),
    (r"\frac{\sin x}{\sin x}", "1", ["sin(x) != 0"]),
    (r"e^{\ln x}", "x", ["x > 0"]),
    (r"\log x^2", r"2\log x", ["x > 0"]),
    (r"\log(xy)", r"\log x+\log y", ["x > 0", "y > 0"]),
    (r"\sqrt x\sqrt x", "x", ["x >= 0"]),
    (r"\operatorname{logit}(p)", r"\log\frac p{1-p}", ["p > 0", "1 - p > 0"]),
    (r"\frac{p_i}{q_i}q_i", "p_i", ["q[i] != 0"]),
    (r"\sum_{k=1}^{n-2}1", "n-2", ["1 <= n - 1"]),
    (r"\sum_{k=m}^n1", "n-m+1", ["m <= n + 1"]),
    (r"\sum_{k=0}^\infty r^k", r"\frac1{1-r}", ["1 - r != 0", "infinite sums"]),
    (r"\int_0^\infty e^{-ax}dx", r"\frac1a", ["a != 0", "improper integrals"]),
    (r"\nabla_x\|x\|", r"\frac x{\|x\|}", [r"\|x\| != 0"]),
    (r"A^{-1}A", "I_d", ["every inverse"]),
    (r"A^+A", "I_s", ["independent columns"]),
]


@pytest.mark.parametrize(("left", "right", "taken"), TAKEN, ids=[row[0] for row in TAKEN])
def test_what_is_taken_for_granted_is_told(left, right, taken):
    shapes = {"A": ("d", "s" if "+" in left else "d")} if "A" in left else None
    found = equal(left, right, shapes=shapes)
    assert found.passed, found
    for said in taken:
        assert any(a == said or (" " in said and said in a) for a in found.assumptions), found


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\frac1{1+e^{-x}}", r"\frac{e^x}{1+e^x}"),
        ("(a^2+1)/(a^2+1)", "1"),
        (r"\sum_{k=1}^{n-1}k", r"\frac{n(n-1)}2"),
        (r"\sqrt{x^2}", "|x|"),
    ],
)
def test_what_always_has_a_value_takes_nothing_for_granted(left, right):
    said = equal(left, right).assumptions
    assert not [a for a in said if ">" in a or "<" in a or "!=" in a], said


def test_a_letter_that_cancels_may_be_declared():
    assert equal("x/x", "1", positive=["x"]).verdict == "proved"


# a sum over `i < j` is one over all pairs where nothing else says what j is
PAIRS = [
    (r"\sum_{i<j}x_ix_j", r"\frac12((\sum_{i=1}^nx_i)^2-\sum_{i=1}^nx_i^2)", "confirmed"),
    (r"\sum_{i<j}(x_i-x_j)^2", r"N\sum_{i=1}^Nx_i^2-(\sum_{i=1}^Nx_i)^2", "confirmed"),
    (r"\sum_{1\le i<j\le n}1", r"\binom n2", "proved"),
    (r"\sum_{1\le i<j\le n}1", "n^2", "refuted"),
    (r"\sum_{i<j}x_ix_j", r"\frac12(\sum_{i=1}^nx_i)^2", "refuted"),
    (r"\sum_{i<j}x_ix_j", r"x_j\sum_{i=1}^{j-1}x_i", "proved"),
    (r"\sum_{i<j}x_i", r"\sum_{i=1}^jx_i", "refuted"),
    (r"\sum_{j=1}^n\sum_{i<j}x_iy_j", r"\sum_{i=1}^n\sum_{j=1}^{i-1}x_jy_i", "proved"),
]


@pytest.mark.parametrize(("left", "right", "verdict"), PAIRS, ids=[row[0] for row in PAIRS])
def test_a_sum_over_smaller_indices(left, right, verdict):
    assert equal(left, right).verdict == verdict


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\sigma^{-1}(p)", r"\log\frac p{1-p}"),
        (r"\prod_{s=1}^t\alpha_s\cdot\alpha_{t+1}", r"\prod_{s=1}^{t+1}\alpha_s"),
        (r"\prod_{i=1}^nx_i\,c", r"c\prod_{i=1}^nx_i"),
    ],
)
def test_what_may_be_read_otherwise_is_not_refuted(left, right):
    assert equal(left, right).code == "two-readings"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\sigma^{-1}(x-\mu)", r"\frac{x-\mu}{\sigma^2}"),
        (r"\prod_{i=1}^ncx_i", r"c\prod_{i=1}^nx_i"),
    ],
)
def test_what_has_one_reading_is_refuted(left, right):
    assert equal(left, right).verdict == "refuted"


@pytest.mark.parametrize(
    ("left", "right"), [("a^{[l]}", "a^l"), ("h^{[t-1]}", "h^{t-1}"), ("h^{(t+1)}", "h^{t+1}")]
)
def test_a_label_in_brackets_is_no_power(left, right):
    assert equal(left, right).verdict in ("undecided", "unread")
    assert equal("a^{[l]}", "a^{(l)}").passed
    assert equal("e^{(a+b)}", "e^ae^b").passed


def test_a_divergence_beside_an_inverse_is_read():
    left = r"\mathrm{KL}(\mathcal{N}(\mu,\sigma^2)\,\|\,\mathcal{N}(0,1))"
    right = r"\frac12(\sigma^2+\mu^2-1-\ln\sigma^2)"
    assert equal(left, right, positive=[r"\sigma"]).passed


@pytest.mark.parametrize(("power", "verdict"), [(9, "proved"), (8, "refuted")])
def test_independent_sums_cost_no_more_than_one_after_the_other(power, verdict):
    """Nine nested sums of three terms have 19,683 summands, and nine times three."""
    letters = "abcdefglm"
    nested = "".join(rf"\sum_{{{x}=1}}^n " for x in letters) + " ".join(f"x_{x}" for x in letters)
    assert equal(nested, rf"(\sum_{{h=1}}^n x_h)^{power}").verdict == verdict
