"""Every code that a verdict or its evidence may carry, with one sentence each.

A code is stable: a program may tell verdicts apart by it. `symattn check --codes` prints the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        # right
        "by-definition": "The line writes out what a name of the question stands for.",
        "identity-proved": "Both sides are equal: the difference is identically zero.",
        "identity-proved-on-common-domain": "Both sides are equal wherever both have a value.",
        "sign-proved": "The bound holds: the gap is an expression whose sign is certain.",
        "limit-proved": "The limit is the one stated: it was taken in a safe form.",
        "bound-proved": "The bound follows from a named inequality and an exact identity.",
        "remainder-proved": "What is left out is of the stated order.",
        "implication-proved": "The condition implies the conclusion.",
        "necessary-and-sufficient": "The condition is necessary and sufficient.",
        "sufficient": "The condition is sufficient; that it is necessary is not claimed.",
        "necessary": "The condition is necessary; that it is sufficient is not claimed.",
        "leading-terms-exact": "The kept terms are exact; the order of the rest is measured.",
        "remainder-confirmed": "The kept terms and the stated order agree with what is measured.",
        "instances-agree": "Both sides agree on enough valid instances, and no proof was found.",
        "limit-approached": "In numbers the two sides come near along the limit.",
        "samples-agree": "Both sides agree at sampled points.",
        "read-back": "The printed LaTeX was read again as what it was printed from.",
        # wrong
        "counterexample": "At one concrete instance the two sides differ beyond rounding.",
        "separated": "At one point the two expressions differ beyond rounding.",
        "fixed-scale": "The query does not grow, so the other keys keep a weight.",
        "scale-too-small": "The scale stays bounded, or below what the other keys need to vanish.",
        "scale-too-large": "The scale is so large that the noise decides between the two keys.",
        "wrong-limit": "In the limit that is meant the two sides stay apart.",
        "only-in-the-limit": "It is written as an equation and holds in the limit only.",
        "remainder-too-small": "What is left out is larger than the stated order.",
        "not-sufficient": "The condition can hold while the weight is not near 1.",
        "not-necessary": "The weight can be near 1 while the condition fails.",
        "extra-assumption": "It is right under a condition that the question does not give.",
        "not-invertible": "A matrix that is inverted may be singular.",
        "shape-mismatch": "The shapes of vectors or matrices do not fit.",
        "no-common-domain": "Nowhere do both expressions have a value.",
        "read-differently": "The printed LaTeX was read as something else.",
        # undecided: the line
        "ask-what-is": "A letter is not known; the line should say what it stands for.",
        "ask-which-quantity": "The line has no left side; it should say which quantity is meant.",
        "ask-which-scale": "Several letters could be the scale; the line should say which.",
        "ask-which-matrix": "Several letters could be the basis; the line should say which.",
        "ask-which-index": "A number stands as an index; the line should name the index.",
        "ask-which-limit": "The line states no limit, and the question has none of its own.",
        "ask-for-all": "A condition is judged for every other index, and this is for some.",
        "query-uses-keys": "The query is written with keys that are drawn after it is chosen.",
        "uses-what-is-not-known": "The answer is written with what it must do for all of.",
        "circular": "The line gives a quantity in terms of itself, or both sides are the same.",
        "says-nothing": "The remainder does not vanish, so that everything is right up to it.",
        "leading-order": "It is right to leading order, and is written as an equation.",
        "approximate": "It is so near that no computation tells it from what is wanted, and not equal.",
        "loose-bound": "The bound holds with room to spare; a closer one is known.",
        "restates-the-question": "The line says again what is wanted.",
        "not-an-answer": "The line says nothing of what the question judges.",
        "contradicts-the-question": "A condition of the line excludes what the question gives.",
        "condition-unused": "A condition that matters is not taken into account.",
        "definition": "The line says what a letter stands for; the lines after it use that.",
        "hypothesis": "The line states a hypothesis, which is given and not judged.",
        "relation-not-judged": "Relations of this kind are not judged.",
        "not-judged": "Statements of this kind are not judged.",
        # undecided: the check
        "not-proved": "Neither a proof nor an instance decides it.",
        "not-identical": "The expressions differ, and no instance tried shows it.",
        "not-separated": "The two sides differ, but not beyond rounding.",
        "no-safe-form": "The limit is not of a form that is taken safely.",
        "no-obligation": "There was nothing to prove.",
        "no-evidence": "No check was made.",
        "conflict": "The proof and the numbers contradict each other.",
        "case-not-excluded": "A case could not be excluded.",
        "nowhere-defined": "Nowhere tried do both sides have a finite value.",
        "partly-defined": "At some instances one side has no value.",
        "name-clash": "One letter stands for the size of an array and for a number.",
        "one-sided": "The condition was never both true and false.",
        "undefined-inside": "Where the context allows it, a side has no value.",
        "nothing-moves": "The limit is taken in a letter on which nothing depends.",
        "too-slow": "The two sides come nearer, and floats do not tell whether they meet.",
        "uninhabited": "No instance meets all the hypotheses together.",
        "boundary-unseen": "No instance lies near enough to where equality would be.",
        "two-readings": "A letter may be read in two ways, and only one makes the sides equal.",
        "too-small-to-see": "A part of a side shows at no point that was tried.",
        "instances-raised": "At some instances a side could not be computed at all.",
        "too-few-points": "Too few instances had a value.",
        "nothing-read": "Nothing was printed that could be read back.",
        "raised": "The check ended with an error of its own.",
        "out-of-time": "Time was up before it was decided.",
        "out-of-budget": "The process used more time or memory than it may.",
        # unread
        "unread": "The LaTeX could not be read; the caret shows where.",
        "ambiguous-name": "Two letters would be printed alike.",
        # a file
        "bad-input": "The file could not be read.",
        "question-text": "The formula stands in the question's own text, beside the answer.",
        "condition": "The formula is a condition of what stands beside it.",
        "not-here": "Its heading is not on this sheet, as the option map says.",
        "no-question": "No heading names the question of this formula.",
        "unknown-question": "The heading names a question that is not judged.",
        "no-relation": "The formula states no relation.",
        "inline": "Said inside a sentence, and neither proved nor refuted beyond doubt there.",
    }
)  # fmt: skip


def sentence(code: str) -> str:
    """Return what a code means.

    Raises
    ------
    KeyError : there is no such code.

    >>> sentence("fixed-scale")
    'The query does not grow, so the other keys keep a weight.'
    """
    return CODES[code]
