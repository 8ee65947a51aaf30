"""Which key can dominate: certificates, corner cases, brute force over the faces of the hull."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from symattn.check.oracle import weights
from symattn.errors import SymattnError
from symattn.hull import dominance

SQUARE = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]


def gaps(keys, i, query):
    keys = np.asarray(keys, dtype=float)
    return np.delete((keys[i - 1] - keys) @ query, i - 1)


def check(keys, i, **options):
    """Return what is found after its certificate has been checked from the definition."""
    keys = np.asarray(keys, dtype=float)
    found = dominance(keys, i, **options)
    assert found.key == i
    if found.possible:
        assert found.combination is None
        assert found.residual == 0
        if len(keys) > 1:
            assert np.linalg.norm(found.query) == pytest.approx(1)
            assert gaps(keys, i, found.query).min() == pytest.approx(found.margin, rel=1e-9)
            assert found.margin > 0
            assert weights(keys, found.query * 50 / found.margin)[i - 1] > 0.999
    else:
        assert found.query is None
        assert found.margin == 0
        share = found.combination
        assert share.shape == (len(keys),)
        assert share.min() >= 0
        assert share[i - 1] == 0
        assert share.sum() == pytest.approx(1)
        assert np.linalg.norm(share @ keys - keys[i - 1]) == pytest.approx(
            found.residual, abs=1e-12
        )
    return found


def distance(keys, i):
    """Brute force: the least distance to a face, over all sets of at most d + 1 other keys."""
    keys = np.asarray(keys, dtype=float)
    rest = np.delete(keys, i - 1, axis=0) - keys[i - 1]
    best = np.inf
    for size in range(1, keys.shape[1] + 2):
        for chosen in combinations(rest, size):
            points = np.array(chosen)
            edges = points[1:] - points[0]
            steps = np.linalg.lstsq(edges.T, -points[0], rcond=None)[0] if size > 1 else []
            share = np.append(1 - np.sum(steps), steps)
            if share.min() >= -1e-12:
                best = min(best, float(np.linalg.norm(share @ points)))
    return best


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_agrees_with_brute_force(n, d):
    rng = np.random.default_rng([n, d])
    seen = set()
    for _ in range(25):
        keys = rng.normal(size=(n, d)) * np.exp(rng.uniform(-3, 3))
        i = int(rng.integers(1, n + 1))
        if rng.uniform() < 0.4:
            keys[i - 1] = rng.dirichlet(np.ones(n)) @ keys
        found, expected = check(keys, i), distance(keys, i)
        assert found.possible == (expected > 1e-8)
        assert found.margin == pytest.approx(expected, rel=1e-7, abs=1e-8)
        seen.add(found.possible)
    assert True in seen
    assert n in {2, 3} or False in seen


@pytest.mark.parametrize("i", [1, 2, 3, 4])
def test_every_corner_can_dominate(i):
    assert check(SQUARE, i).margin == pytest.approx(np.sqrt(0.5))


def test_the_middle_cannot():
    found = check([*SQUARE, [0.5, 0.5]], 5)
    assert not found.possible
    assert found.residual == 0


@pytest.mark.parametrize(
    ("key", "share"), [([0.5, 0.0], [0.5, 0.5, 0, 0, 0]), ([1.0, 0.75], [0, 0.25, 0, 0.75, 0])]
)
def test_on_the_boundary(key, share):
    found = check([*SQUARE, key], 5)
    assert not found.possible
    np.testing.assert_allclose(found.combination, share, atol=1e-12)


def test_just_off_the_boundary():
    assert check([*SQUARE, [0.5, -1e-6]], 5).margin == pytest.approx(1e-6, rel=1e-6)
    assert not check([*SQUARE, [0.5, -1e-12]], 5).possible
    assert check([*SQUARE, [0.5, -1e-12]], 5, tolerance=1e-14).margin == pytest.approx(1e-12)


@pytest.mark.parametrize("i", [4, 5])
def test_a_duplicate_forbids_both(i):
    found = check([*SQUARE, [1.0, 1.0]], i)
    assert not found.possible
    assert found.combination[8 - i] == 1
    assert found.residual == 0


def test_duplicates_of_others_do_not_matter():
    assert check([*SQUARE, [0.0, 0.0]], 4).possible


def test_all_keys_equal():
    found = check(np.ones((5, 3)), 2)
    assert found.combination[0] == 1


def test_one_key():
    found = check([[3.0, 4.0]], 1)
    assert found.possible
    assert found.margin == np.inf
    assert found.query.tolist() == [0, 0]


@pytest.mark.parametrize("i", [1, 2])
def test_two_keys(i):
    found = check([[0.0, 0.0], [3.0, 4.0]], i)
    assert found.margin == pytest.approx(5)
    np.testing.assert_allclose(found.query, np.array([0.6, 0.8]) * (1 if i == 2 else -1))


@pytest.mark.parametrize(("i", "possible"), [(1, True), (2, False), (3, True)])
def test_on_a_line(i, possible):
    assert check([[-1.0], [0.5], [2.0]], i).possible == possible


def test_more_dimensions_than_keys():
    rng = np.random.default_rng(3)
    keys = rng.normal(size=(6, 20))
    assert all(check(keys, i).possible for i in range(1, 7))
    keys[2] = (keys[0] + keys[4]) / 2
    found = check(keys, 3)
    np.testing.assert_allclose(found.combination, [0.5, 0, 0, 0, 0.5, 0], atol=1e-9)


def test_no_query_has_a_larger_margin():
    rng = np.random.default_rng(5)
    keys = rng.normal(size=(7, 4)) + np.eye(7, 4) * 4
    found = check(keys, 1)
    for _ in range(2000):
        query = found.query + rng.normal(size=4) * np.exp(rng.uniform(-6, 1))
        assert gaps(keys, 1, query / np.linalg.norm(query)).min() <= found.margin * (1 + 1e-12)


@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1.0, 1e12, 1e300])
def test_the_scale_of_the_keys_does_not_matter(scale):
    keys = np.array([*SQUARE, [0.5, 0.5]]) * scale
    assert dominance(keys, 4).margin == pytest.approx(np.sqrt(0.5) * scale)
    assert not dominance(keys, 5).possible


def test_far_from_the_origin():
    keys = np.array([*SQUARE, [0.5, 0.5]]) + 1e6
    assert check(keys, 4).margin == pytest.approx(np.sqrt(0.5))
    assert not check(keys, 5).possible


def test_integers_and_lists_will_do():
    assert dominance([[0, 0], [2, 0], [1, 0]], 3).combination.tolist() == [0.5, 0.5, 0]


def test_the_keys_are_left_alone():
    keys = np.array(SQUARE)
    before = keys.copy()
    dominance(keys, 1)
    np.testing.assert_array_equal(keys, before)


@pytest.mark.parametrize(
    ("keys", "i", "said"),
    [
        ([1.0, 2.0], 1, "shape"),
        (np.zeros((2, 2, 2)), 1, "shape"),
        (np.zeros((0, 2)), 1, "shape"),
        (np.zeros((2, 0)), 1, "shape"),
        ([[1.0], [np.nan]], 1, "finite"),
        ([[1.0], [-np.inf]], 1, "finite"),
        ([[1.0], [1j]], 1, "real"),
        ([[1.0], ["a"]], 1, "real"),
        ([[1.0], [2.0, 3.0]], 1, "real"),
        (SQUARE, 0, "no key 0"),
        (SQUARE, 5, "no key 5"),
        (SQUARE, -1, "no key -1"),
        (SQUARE, 1.5, "whole number"),
        (SQUARE, True, "whole number"),
        (SQUARE, "1", "whole number"),
    ],
)
def test_bad_input_is_refused(keys, i, said):
    with pytest.raises(SymattnError, match=said):
        dominance(keys, i)
