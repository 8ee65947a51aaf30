r"""`1/2 \beta`: half of \beta, or one by twice \beta.  Both are judged, and where they differ it is asked.

Who marks a file answers once for all of it, with `--where '1/2 x=(1/2) x'`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from symattn.errors import ReadError, ShapeError, TwoReadings, UnknownName
from symattn.judge.judgement import Judgement
from symattn.judge.line import Unclear

SLASH = "1/2 x"
_MEANT = {"(1/2)x": 0, "1/(2x)": 1}
_SAID = {"proved": "right", "confirmed": "right", "refuted": "wrong"}

Found = TypeVar("Found")
Where = Mapping[str, str]


def read_either_way(
    doubt: TwoReadings, judge: Callable[[str, Where], tuple[Judgement, Found]], where: Where
) -> tuple[Judgement, Found]:
    r"""Judge a line with `1/2 \beta` as it is said to be meant, or where both readings agree.

    Raises
    ------
    Unclear : they do not, and none is said to be meant.
    UnknownName : what is said is neither.
    """
    if SLASH in where:
        meant = _MEANT.get("".join(where[SLASH].split()))
        if meant is None:
            raise UnknownName(f"{SLASH} is one of (1/2) x and 1/(2 x)")
        found, bench = judge(doubt.wholes[meant], where)
        return _with_note(found, f"${doubt.parts[meant]}$ is meant, as is said"), bench
    results: list[tuple[Judgement, Found]] = []
    words = []
    for whole, meaning in zip(doubt.wholes, _MEANT):
        try:
            results.append(judge(whole, {**where, SLASH: meaning}))
            words.append(_SAID.get(results[-1][0].verdict, "undecided"))
        except (ReadError, ShapeError, Unclear):
            words.append("undecided")
    if words[0] == words[1] != "undecided":
        found, bench = results[0]
        note = f"read as ${doubt.parts[0]}$; as ${doubt.parts[1]}$ it is {words[1]}, too"
        return _with_note(found, note), bench
    ways = " or ".join(f"${x}$ ({word})" for x, word in zip(doubt.parts, words))
    raise Unclear(
        "two-readings", f"it may be {ways}; write one, or say which with --where '{SLASH}=(1/2) x'"
    )


def _with_note(found: Judgement, note: str) -> Judgement:
    return replace(found, assumptions=(*found.assumptions, note))
