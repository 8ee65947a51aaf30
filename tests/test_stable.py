"""Taking the largest exponent off changes no value, and nothing overflows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Sum, Symbol, exp, log

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import beta, i, l, n, output, v, weight, z
from symattn.algebra.letters import OffSum
from symattn.algebra.plain import evaluate
from symattn.algebra.stable import Peak, stable
from symattn.program.arraycode import callable_of, function

a, b, c = (Symbol(name, real=True) for name in "abc")
POINT = {"a": 0.3, "b": -1.2, "c": 2.0}

terms = st.builds(
    lambda number, power, letter: number * exp(power * letter),
    st.integers(1, 5), st.integers(-2, 2), st.sampled_from([a, b, c]),
)  # fmt: skip
sums = st.lists(terms, min_size=1, max_size=3).map(lambda found: sum(found, Integer(0)))
quotients = st.builds(
    lambda over, under, power, sign: sign * over / under**power,
    sums, sums, st.integers(1, 3), st.sampled_from([1, -1, a]),
)  # fmt: skip


def value(x, at):
    source = function("f", {"value": x})
    return callable_of(source)(*(at[name] for name in source.parameters))


@settings(deadline=None, max_examples=60)
@given(st.one_of(quotients, sums.map(log)))
def test_the_value_is_the_same(x):
    wanted = complex(x.subs({Symbol(k, real=True): v for k, v in POINT.items()}).evalf()).real
    assert value(x, POINT) == pytest.approx(wanted, rel=1e-10)
    assert stable(stable(x)) is not None


@pytest.mark.parametrize("size", [710.0, 1e5])
def test_nothing_overflows(size):
    large = {"a": size, "b": size - 1.0, "c": -size}
    with np.errstate(over="raise", invalid="raise"):
        assert value(exp(a) / (exp(a) + exp(b)), large) == pytest.approx(1 / (1 + np.exp(-1)))
        assert value(log(exp(a) + exp(b)), large) == pytest.approx(size + np.log1p(np.exp(-1)))
        assert value((exp(a) - 1) / (exp(a) + 4), large) == pytest.approx(1.0)
        assert value(1 / (1 + exp(a)), large) == pytest.approx(0.0, abs=1e-300)
        assert value(1 / (1 + exp(c)), large) == 1.0


def test_sums_over_keys_and_over_all_others():
    instance = {"n": 5, "i": 2, "z": np.array([3.0, -1.0, 0.5, 2.0, 0.0]), r"\beta": 2.0,
                "v": np.arange(10.0).reshape(5, 2)}  # fmt: skip
    rest = OffSum(exp(z(l)) * v(l), l, n, (i,)) / OffSum(exp(z(l)), l, n, (i,))
    for x in (rest, 1 / (2 * exp(beta) + n - 2)):
        source = function("f", {"value": x})
        known = {"n": 5, "i": 2, "z": instance["z"], "v": instance["v"], "beta": 2.0}
        found = callable_of(source)(*(known[name] for name in source.parameters))
        np.testing.assert_allclose(found, evaluate(x, instance).squeeze())


def test_what_divides_nothing_stays():
    assert stable(exp(a) + exp(b)) == exp(a) + exp(b)
    assert stable(output()).has(Peak)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_lambdified_for_the_numbers_is_finite_too(dtype):
    keys = np.eye(3, dtype=dtype) * 1000
    instance = {"n": 3, "i": 1, "k": keys, "q": np.array([1, 1, -1], dtype=dtype), "v": keys / 1000}
    with np.errstate(over="raise", invalid="raise"):
        np.testing.assert_allclose(compiled(weight(l), over=l)(instance), [0.5, 0.5, 0.0])
        found = compiled(output())(instance)
        assert (
            compiled(log(Sum(exp(z(l)), (l, 1, n))))({"n": 2, "z": np.array([900.0, 0.0])}) == 900
        )
    np.testing.assert_allclose(found, [0.5, 0.5, 0.0])
    assert found.dtype == dtype
