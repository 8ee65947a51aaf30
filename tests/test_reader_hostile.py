"""The reader against strangers: whatever comes in ends fast, with one sentence and its place."""

from __future__ import annotations

import importlib
import re
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symattn.errors import ReadError, ShapeError
from symattn.latex import attention_vocabulary, parse, read

sys.path.insert(0, str(Path(__file__).parent))
slips = importlib.import_module("symattn_slips")
rows = importlib.import_module("symattn_lines")
LINES = [row[0] for row in (*rows.TERMS, *rows.CHAINS)]
WORDS = attention_vocabulary()
SECONDS = 60  # only an endless reading takes so long, on however slow a machine


def nest(pattern, depth, inner="x"):
    """Put a pattern into itself."""
    for _ in range(depth):
        inner = pattern.replace("@", inner)
    return inner


# name -> (LaTeX, a word of the sentence, the place)
REFUSED = {
    "a tower of exponents": ("2^{9^{9^9}}", "too large", 3),
    "a taller tower": (nest("9^{@}", 50, "9"), "too large", None),
    "a tower of exponentials": (nest("e^{@}", 50, "9"), "too large", None),
    "exponentials of exponentials": (nest("e^{-@}", 25, "2"), "nested too deep", None),
    "nested roots of numbers": (nest(r"\sqrt{2-@}", 18, "2"), "too deep", None),
    "nested logarithms of numbers": (nest(r"\log_{@} 2", 14, "3"), "too deep", None),
    "a huge power": ("10^{4000}", "too large", 0),
    "a power of powers": ("((x^{1000})^{1000})^{1000}", "exponents beyond", 1),
    "a matrix to a huge power": ("(M^{64})^{64}", "powers of matrices", 0),
    "a huge factorial": ("(10^{9})!", "factorials", 0),
    "a huge binomial": (r"\binom{10^9}{10^8}", "binomials", 0),
    "a sum of 10^12 terms": (r"\sum_{l=1}^{10^{12}} l", "too long", 0),
    "a product of 10^12 factors": (r"\prod_{l=1}^{10^{12}} l", "too long", 0),
    "a numeric sum in a function": (r"|\sum_{l=1}^{9999} \sin(l^2)|", "plain numbers", 1),
    "a numeric integral in a function": (
        r"\max(\int_0^{\infty} \sin(x^{37}) e^{e^{x}} \, dx, 1)",
        "plain numbers",
        5,
    ),
    "a maximum of many": (r"\max(" + ",".join(f"x_{{{k}}}" for k in range(40)) + ")", "10", 0),
    "doubling covariances": (
        nest(r"\operatorname{Cov}(@,x)", 25, "y"),
        "written out",
        None,
    ),
    "doubling sums": (nest(r"\sum_{l \in \{i,j,m,x\}} (@)", 10, "l"), "too large", None),
    "a long number": ("9" * 5000, "digits", 0),
    "10,000 nested braces": ("{" * 10_000 + "x" + "}" * 10_000, "characters", 20_000),
    "3,000 nested brackets": ("(" * 3_000 + "x" + ")" * 3_000, "tokens", None),
    "100 nested brackets": ("(" * 100 + "x" + ")" * 100, "nested more than 60", 60),
    "nesting without brackets": (r"\exp" * 100 + "(x)", "nested", None),
    "roots of roots": (r"\sqrt" * 100 + "2", "braces", None),
    "sums of sums": (r"\sum_l " * 100 + "1", "nested", None),
    "accents on accents": (r"\hat{" * 58 + "x" + "}" * 58, "nested", None),
    "primes on primes": ("(x)" + "'" * 3_000, "second prime", 4),
    "factorials of factorials": ("x" + "!" * 3_000, "third !", 3),
    "a long chain": ("a=" * 1_000 + "a", "200 relations", 401),
    "5 MB": ("x+" * 2_500_000, "characters", 20_000),
    "5 MB of braces": ("{" * 5_000_000, "characters", 20_000),
    "5 MB of text": (r"\text{" * 1_000_000, "characters", 20_000),
    "5,000 tokens": ("x " * 5_000, "tokens", None),
    "a control character": ("a + \x07 b", "U+0007", 4),
    "a zero byte": ("a\x00", "U+0000", 1),
    "text that runs backwards": ("a \u202e b", "U+202E", 2),
    "an invisible character": ("a\u200bb", "U+200B", 1),
    "half a character": ("\ud800", "U+D800", 0),
    "another script": ("a + 字", "the words", 4),
    "a bracket that stays open": ("(a + b", "never closed", 0),
    "a brace that stays open": (r"\frac{a}{b", "never closed", 8),
    "a bracket that closes nothing": ("a)", "closes nothing", 1),
    "crossed brackets": ("(a]", "closed by", 2),
    "cases that stay open": (r"\begin{cases} 1", "never closed", 0),
    r"\input": (r"a + \input{/etc/passwd}", "not allowed", 4),
    r"\write18": (r"\write18{ls}", r"\write18 is not allowed", 0),
    r"\immediate\write18": (r"\immediate\write18{ls}", "not allowed", 0),
    r"\csname": (r"\csname input\endcsname", "not allowed", 0),
    r"\def": (r"\def\x{1} \x", "not allowed", 0),
    r"\catcode": (r"\catcode`\@=11", "not allowed", 0),
    r"\directlua": (r"\directlua{os.exit()}", "not allowed", 0),
    r"\verbatiminput": (r"\text{\input{x}}", "plain words", 6),
    "python": ("__import__('os').system('ls')", "the word system", 17),
    "division by zero": ("x/0", "division by zero", 2),
    "a fraction over zero": (r"\frac{x}{0}", "division by zero", 9),
    "division by a zero in disguise": (r"\frac{x}{1-1}", "division by zero", 9),
    "the inverse of zero": ("0^{-1}", "division by zero", 0),
    "zero to a negative power": ("0^{-2}", "division by zero", 0),
    "the logarithm of zero": (r"\ln 0", "logarithm", 0),
    "a pole": (r"\tan(\pi/2)", "not a number", 0),
    "infinity in a sum": (r"\infty + 1", "not a number", 0),
    "infinity as a value": (r"x = \infty", "not a number", 4),
    "infinity over infinity": (r"\frac{\infty}{\infty}", "not a number", 6),
    "infinity as a power": (r"e^{-\infty}", "not a number", 4),
    "nothing": ("", "empty", 0),
    "blanks": (" \n ", "empty", 0),
    "dollars": ("$$", "empty", 0),
    "two formulas": ("$x$ and $y$", "$", 2),
    "commas": ("," * 3_000, "empty", 0),
    "a backslash": ("x\\", "backslash", 1),
    "not text": (None, "text", 0),
    "bytes": (b"x", "text", 0),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_input_is_refused_with_a_sentence_and_a_place(name):
    latex, word, position = REFUSED[name]
    begin = time.perf_counter()
    with pytest.raises(ReadError) as caught:
        read(latex, WORDS)
    caret = caught.value.caret()
    assert time.perf_counter() - begin < SECONDS
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250
    if position is not None:
        assert caught.value.position == position
    assert 0 <= caught.value.position <= len(latex or "")
    assert max(map(len, caret.splitlines())) <= 73


# What is large and still honest must be read, and fast.
ALLOWED = {
    "many terms": "+".join(f"x_{{{k}}}" for k in range(600)),
    "one term many times": "x+" * 1_999 + "x",
    "many factors": " ".join(f"x_{{{k}}}" for k in range(600)),
    "a long word of matrices": "M P " * 1_900,
    "many sums": r"\sum_l a_l +" * 330 + "1",
    "many dot products": r"k_i\cdot q+" * 500 + "1",
    "many divisions": "x" + "/(y+1)" * 600,
    "many signs": "-" * 3_900 + "x",
    "continued fractions": nest(r"\frac{1}{1+@}", 25),
    "exponentials of letters": nest("e^{-@}", 20),
    "roots of letters": nest(r"\sqrt{2+@}", 15),
    "absolute values": nest(r"\left|1-@\right|", 15),
    "nested functions": nest(r"\tanh(\beta+@)", 18),
    "nested inverses": nest("(M+@)^{-1}", 12, "M"),
    "nested norms": nest(r"\lVert q @ \rVert", 25),
    "deep indices": "x_{" * 50 + "i" + "}" * 50,
    "a sum of 10,000 terms that is not evaluated": r"\sum_{l=1}^{10000} \sin(l^2)",
    "a sum without end that is not evaluated": r"\sum_{l=1}^{\infty} 2^{l^{l^l}}",
}


@pytest.mark.parametrize("name", ALLOWED)
def test_large_formulas_are_read_in_time(name):
    begin = time.perf_counter()
    read(ALLOWED[name], WORDS)
    assert time.perf_counter() - begin < SECONDS


def test_work_grows_with_the_length_and_not_faster():
    def work(count):
        return _calls(parse, r"\frac{x_i}{y} + " * count + "1")

    short = work(20)  # what is read once is kept
    assert 100 < short < work(200) < 15 * short


def _calls(function, *arguments):
    """How many Python functions are called: what a clock would measure on an idle machine."""
    count = 0

    def tick(_frame, event, _argument):
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        function(*arguments)
    finally:
        sys.setprofile(before)
    return count


def test_the_stack_of_the_caller_does_not_matter():
    """A caller that has used up most of the stack gets an error of ours, never RecursionError."""

    def deeper(depth):
        if depth:
            return deeper(depth - 1)
        try:
            return read("((((((((((x))))))))))", WORDS).terms
        except ReadError as error:
            return error.message

    import sys

    for margin in range(20, 400, 20):
        here = len(_stack())
        try:
            result = deeper(max(sys.getrecursionlimit() - here - margin, 0))
        except RecursionError:
            continue  # not even the call itself had room
        assert result


def _stack():
    import inspect

    return inspect.stack(0)


# fuzzing ------------------------------------------------------------------------------------------

FUZZ = settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def only_our_errors(latex):
    """Read it: an expression comes out, or one of our errors with a place in the text."""
    begin = time.perf_counter()
    refusal = None
    try:
        read(latex, WORDS)
    except (ReadError, ShapeError) as error:
        refusal = error
    assert time.perf_counter() - begin < SECONDS
    if refusal is not None:
        assert 0 <= refusal.position <= len(latex)
        assert refusal.source == latex
        assert refusal.caret()
        assert re.fullmatch(r"[^\n]+", str(refusal))


@FUZZ
@given(slips.formulas)
def test_formulas_at_random(latex):
    only_our_errors(latex)


@FUZZ
@given(slips.soups)
def test_tokens_at_random(latex):
    only_our_errors(latex)


@FUZZ
@given(st.text(max_size=60))
def test_text_at_random(latex):
    only_our_errors(latex)


@FUZZ
@given(slips.formulas, st.integers(0, 10**6), st.sampled_from(list("{}()[]^_\\ ,=|$'")))
def test_damaged_formulas(latex, place, char):
    place %= len(latex) + 1
    only_our_errors(latex[:place] + char + latex[place:])
    only_our_errors(latex[:place] + latex[place + 1 :])


@FUZZ
@given(st.builds(slips.damaged, st.sampled_from(LINES), slips.slips))
def test_valid_lines_with_slips(latex):
    only_our_errors(latex)


# What the fuzzers found, kept.
FOUND = [
    r",   \setminus\alpha   0 M\in   I   , i K \mu ",
    r"\frac12/\mathbb{1}_{l \in \{i,j\}}",
    r"\begin{cases} 1 & l \ne i \begin{cases} 1 & l = i \end{cases} \end{cases}",
    r"\beta_{\text{optk_l}}",
    r"\beta\beta^*",
    r"\sigma(12) \in [\frac{1}{2}, \infty, 12]",
    r"|d| \in [W(-1), W(-1)]",
    r"\left|\lim_{x \to 0} \frac{\sin(x)}{x}\right|",
    r"\forall i k_i = 0",
    r"\int_0^1 x \int_0^1 y \, dy \, dx",
]


@pytest.mark.parametrize("latex", FOUND)
def test_what_the_fuzzers_found(latex):
    only_our_errors(latex)
