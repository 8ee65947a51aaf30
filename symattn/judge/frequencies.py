r"""How often something is so: half of the time, otherwise, either or, and coins as letters.

What a line says so becomes the probability of an event, which is judged as any other moment is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from sympy import Basic, Expr, S

from symattn.algebra.letters import Expect, Holds
from symattn.judge.line import Link, Unclear
from symattn.latex.meaning import Distribution, ReadCondition

_NEARLY = frozenset(["~~", "~=", "->", "<", ">"])


def as_events(
    links: list[Link], said: Sequence[ReadCondition], alternatives: int, drawn: bool
) -> list[Link]:
    r"""Read `c \approx v_i` with how often beside it as one of the probability of that event.

    Of alternatives, as `c \approx v_i \text{ or } c \approx v_j`, each is so at times, and always one.

    said : how often, for each link or once for all; of `sometimes` there is no number.
    alternatives : how many of the links are joined by `or`.
    drawn : whether anything is random in the question.

    Raises
    ------
    Unclear : there are fewer or more of one than of the other, or an equation is said to be so often.
    """
    certain = not drawn and all(c.terms[0] == 1 for c in said)  # `always`
    if not alternatives and (not said or certain):
        return links
    count = len(links)
    if len(said) == 1 and said[0].word == "each":
        said = list(said) * count
    sometimes = {c.word == "sometimes" for c in said} or {True}
    vague = alternatives or True in sometimes
    fits = len(said) in (count, 0) and len(sometimes) == 1 and (said or count > 1)
    if not fits or (vague and not drawn):
        text = "how often something is so is read beside each of some approximations"
        raise Unclear("not-judged", text)
    if not {x.relation for x in links} <= _NEARLY:
        raise Unclear("not-judged", "how often an equation is so is not judged; write \\approx")
    mixed = alternatives and {x.relation for x in links} & {"<", ">"}
    if alternatives not in (0, count - 1) or mixed:
        text = "some of the line is said as an alternative, and some is not"
        raise Unclear("not-judged", text)
    events = [
        Holds(x.left, x.right, x.relation if x.relation in ("<", ">") else "~~") for x in links
    ]
    if said and sometimes == {False}:
        return [
            Link(Expect(event), "~~", c.terms[0], f"{x.text} {c.text}")
            for event, x, c in zip(events, links, said)
        ]
    seen = [Link(Expect(event), ">", S.Zero, x.text) for event, x in zip(events, links)]
    either = reduce(lambda a, b: Holds(a, b, "or"), events)
    whole = Link(Expect(either), "~~", S.One, ", ".join(x.text for x in links))
    return [whole, *seen] if count > 1 else seen


def share_of(x: Any) -> Expr | None:
    """Return how often a law of two points is 1, `Bernoulli(p)`; None for another law."""
    coin = isinstance(x, Distribution) and x.name.lower() in ("bernoulli", "ber", "bern")
    return x.args[1] if coin and len(x.args) == 2 else None


def of_coin(links: Sequence[Link], coin: Basic, share: Expr) -> list[Link]:
    r"""Say of both its sides what links say of a coin: of each side, that they hold together.

    `c \approx b v_i + (1-b) v_j` is `c \approx v_i` as often as b is 1, and `c \approx v_j` as often
    as it is 0.
    """
    if any(x.relation not in ("~~", "~=", "~", "=", "->") for x in links):
        raise Unclear("relation-not-judged", "of a coin this relation is not judged")
    found = []
    for side, often in ((S.One, share), (S.Zero, 1 - share)):
        one = {coin: side}
        held = [Holds(x.left.xreplace(one), x.right.xreplace(one), "~~") for x in links]
        event = reduce(lambda a, b: Holds(a, b, "and"), held)
        found.append(Link(Expect(event), "~~", often, ", ".join(x.text for x in links)))
    return found
