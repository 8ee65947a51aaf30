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
