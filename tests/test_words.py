"""The words of a script are claims: what each formula in them rests on, and that none can be bent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sympy import Expr, Integer, Rational, S, Symbol

from symattn import run
from symattn.algebra.attention import alpha, beta, delta, epsilon, i, j, k, n, v
from symattn.derive.prose import F, Formula, Text
from symattn.derive.roles import ROLES
from symattn.derive.script import derive
from symattn.errors import BrokenDerivation
from symattn.pages.build import agreed
from symattn.pages.notation import beside, letters, meanings
from symattn.pages.parts import words
from symattn.sheet import find_sheet, question_names

SOURCE = find_sheet()
QUESTIONS = question_names(SOURCE)
gamma = Symbol(r"\gamma", positive=True)
TURNED = {
    "=": ("<", ">"), r"\le": (r"\ge", "="), r"\ge": (r"\le", "="), "<": (">",), ">": ("<",),
    r"\ll": (r"\gg",), r"\to": ("=",), r"\iff": (r"\to",),
}  # fmt: skip
SWAPS = ({i: j, j: i}, {k(i): k(j), k(j): k(i)}, {v(i): v(j), v(j): v(i)}, {beta: epsilon})
LESS = (
    r"- \left\lVert c - \frac{v_{i} + v_{j}}{2} \right\rVert \le "
    r"\frac{\left(n - 2\right) R}{2 e^{\beta} + n - 2}"
)
# Bent, and true all the same: by symmetry, by a change that keeps zero, or since it says less.
TRUE = {
    "q1b": {
        r"- \gamma \le \lVert k_{i} - h \rVert \lVert q \rVert",
        r"\lVert k_{j} - k_{i} \rVert \lVert q \rVert \ge \ln\left(\frac{1 - \delta}{\delta}\right)",
    },
    "q1c": {
        "2 n \\ge 3",
        "1 + n \\ge 3",
        r"1 + \alpha_{i} \ge \frac{1}{2} - \frac{\left(n - 2\right) e^{- \beta}}{4}",
        r"\lVert q \rVert^{2} < 2 \gamma^{2}",
        LESS,
    },
    "q1d": {"-M T = 0", "2 M T = 0", r"\frac{M T}{2} = 0"},
    "q1e": {
        r"\mathbb{E}\left[k_{j} \cdot q\right] = \beta",
        r"\operatorname{Var}\left(\left(k_{j} - k_{i}\right) \cdot q\right) = 4 \epsilon \beta^{2}",
    },
    "q1f": {
        r"\alpha_{i} + \alpha_{j} - 1 \le e^{- z_{j}} \sum_{l \ne i,j} e^{z_{l}}",
        r"\frac{1}{2} - \frac{\alpha_{i}}{2} - \frac{\alpha_{j}}{2} \le e^{- z_{j}} \sum_{l \ne i,j} e^{z_{l}}",
        r"1 - \alpha_{i} - \alpha_{j} \le 2 e^{- z_{j}} \sum_{l \ne i,j} e^{z_{l}}",
        r"1 - \alpha_{i} - \alpha_{j} \le 1 + e^{- z_{j}} \sum_{l \ne i,j} e^{z_{l}}",
        r"1 - \alpha_{i} - \alpha_{j} \le e^{- z_{i}} \sum_{l \ne j,i} e^{z_{l}}",
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=QUESTIONS)
def derivation(request):
    return derive(SOURCE.scripts[request.param])


def bent(said: Formula) -> Iterator[tuple[str, Formula]]:
    """Formulas that look like the one that is said, and do not say it."""
    for at, relation in enumerate(said.relations):
        for other in TURNED[relation]:
            relations = (*said.relations[:at], other, *said.relations[at + 1 :])
            yield f"{relation} becomes {other}", Formula(said.terms, relations, said.behind)
    for at, term in enumerate(said.terms):
        for what, new in _bent(term):
            if new != term:
                terms = (*said.terms[:at], new, *said.terms[at + 1 :])
                yield f"{what} in side {at}", Formula(terms, said.relations, said.behind)


def _bent(x: Expr) -> Iterator[tuple[str, Expr]]:
    if x.is_infinite:
        yield "sign", -x
        return
    yield "sign", -x
    yield "twice", 2 * x
    yield "half", x / 2
    if x.is_commutative:
        yield "one more", x + 1
    for number in sorted(x.atoms(Integer, Rational), key=str):
        if number not in (S.NegativeOne,) and x != number:
            yield f"{number} becomes {number + 1}", x.xreplace({number: number + 1})
    for swap in SWAPS:
        new = x.xreplace(swap)
        yield f"swap {sorted(map(str, swap))}", new


def accepted(derivation, said: Formula) -> str:
    """What a formula would rest on in this derivation; empty when it is refused or marked."""
    found, made = derivation.ground([c.name for c in derivation.claims]).role(said)
    if found.role == "spot":
        if not all(run.examine_claim(claim).passed for claim in made):
            return ""
    return "" if found.role == "unchecked" else f"{found.role}: {found.of}"


def test_every_formula_of_the_sheet_rests_on_something(derivation):
    for said in derivation.formulas():
        assert said.role in ROLES
        assert said.role != "unchecked", said.latex


def test_no_formula_in_the_words_can_be_bent(derivation):
    name, tried, passed = derivation.question.name, 0, set()
    for said in dict.fromkeys(f for f in derivation.formulas() if f.relations):
        for _, wrong in bent(said):
            tried += 1
            if accepted(derivation, wrong):
                passed.add(wrong.latex)
    assert passed <= TRUE.get(name, set())
    assert tried > 40 or name == "q1a"


@pytest.mark.parametrize(
    ("parts", "role"),
    [
        ((alpha(i), r"\ge", 1 - delta), ""),  # one side of an equivalence, and nobody names it
        ((gamma, r"\ge", S.One), ""),  # a condition that no claim beside it makes
        ((alpha(i), "=", S.Half), ""),
        ((alpha(i), ">", S.Zero), "spot"),
        ((alpha(i), "=", 1 / n), ""),
        ((alpha(i), r"\to", S.One), ""),
        ((i, "=", j), ""),
        ((n, r"\ge", S.One), ""),
    ],
    ids=str,
)
def test_what_a_formula_rests_on(parts, role):
    derivation = derive(SOURCE.scripts["q1b"])
    found, made = derivation.ground().role(F(*parts))
    if found.role == "spot" and not all(run.examine_claim(claim).passed for claim in made):
        found = replace(found, role="unchecked")
    assert found.role == (role or "unchecked")


def test_a_denied_formula_makes_the_run_fail():
    derivation = derive(SOURCE.scripts["q1b"])
    derivation.say("so {wrong}.", wrong=F(alpha(i), "=", 1 / n))
    verdict = run.examine(derivation)["words-1"]
    assert verdict.verdict == "refuted"


def test_the_notation_lists_the_letters_that_occur_and_no_other():
    derivations = [derive(SOURCE.scripts[name]) for name in QUESTIONS]
    found = agreed({d.question.name: meanings(d) for d in derivations})
    assert [letter for letter, meaning in found.items() if not meaning] == []
    named = {key.split("_")[0] for d in derivations for key in d.question.symbols}
    printed = {name for d in derivations for name in letters(d)}
    assert named <= printed


def test_a_letter_with_two_meanings_is_refused():
    first, second = (derive(SOURCE.scripts[name]) for name in ("q1b", "q1c"))
    symbols = {**second.question.symbols, r"\gamma": "something else"}
    second.question = replace(second.question, symbols=symbols)
    with pytest.raises(BrokenDerivation, match="something else"):
        agreed({"q1b": meanings(first), "q1c": meanings(second)})


@pytest.mark.parametrize(
    ("name", "claim", "said"),
    [
        ("q1c", "other-weight", r"if $l \ne i, j$"),
        ("q1c", "scale", r"if $n \ge 3$; $0 < \eta < R$"),
        ("q1b", "outside", r"with $\beta q$ in place of $q$"),
        ("q1c", "weight", ""),
        ("q1d", "missed", ""),
    ],
)
def test_a_claim_is_printed_with_what_it_assumes(name, claim, said):
    derivation = derive(SOURCE.scripts[name])
    spans = beside(derivation.named(claim), derivation)
    found = "".join(f"${s.body}$" if s.kind == "math" else s.body for s in spans)
    assert said in found
    assert bool(said) == bool(found)


def test_what_is_not_checked_is_marked_and_counted():
    text = Text((Formula((alpha(i), S.One), (r"\to",), role="unchecked"), " in the end"))
    assert words(text, {})[1].body == " [stated, not checked]"
