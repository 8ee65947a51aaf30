r"""A reason as HTML: what is LaTeX in it becomes MathML, and everything else is escaped.

Reasons hold formulas between dollars and, where they name what was written, LaTeX as it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symattn.errors import OutputError
from symattn.pages import mathml

if TYPE_CHECKING:
    from markupsafe import Markup

MAX_FORMULA = 1_000
_QUOTED = re.compile(r"('[^']*')")
_HELD = "\N{WORD JOINER}"
_INDICES = re.compile(r"(.*?)(?:(, )((?:and )?for .*))?\Z", re.DOTALL)
_LATEX = re.compile(r"[\\_^]")
_HIDING = re.compile(r"\\[hv]?phantom|\\smash|\\[lrc]lap|\\rule|\\color|\\text")


def told(text: str) -> Markup:
    r"""Return words with formulas as HTML.

    >>> print(told(r"c tends to \frac{v_{i}}{2}, <b>"))
    c tends to <math><mfrac><mrow><msub><mi>v</mi>...</mfrac></math>, &lt;b&gt;
    >>> print(told(r"say it with --where 'r=\beta'"))
    say it with --where <code>r=\beta</code>
    """
    from markupsafe import Markup

    shown = []
    for at, piece in enumerate(text.split("$")):
        if at % 2:
            shown.append(_formula(piece))
            continue
        for place, words in enumerate(_QUOTED.split(piece)):
            quoted = place % 2 and _LATEX.search(words)
            shown.append(Markup("<code>{}</code>").format(words[1:-1]) if quoted else _words(words))
    return Markup("").join(shown)


def told_reading(text: str) -> Markup:
    r"""Return what a line is read as: a formula, and the words about its indices that follow it.

    >>> print(told_reading("q, for every j other than i"))
    <math><mi>q</mi></math>, for every j other than i
    """
    from markupsafe import Markup

    formula, sign, words = _INDICES.match(text).groups()  # type: ignore[union-attr]
    return Markup("").join([_formula(formula), sign or "", told(words or "")])


def shortened(text: str, width: int) -> str:
    r"""Return the first words of a reason; no formula in it is cut in the middle.

    >>> shortened(r"the limit is $a + b$ and not c", 20), shortened(r"it is \frac{a + b}{2}", 12)
    ('the limit is $a + b$ …', 'it is …')
    """
    if len(text) <= width:
        return text
    pieces = _held(text).split("$")
    whole = "$".join(re.sub(r"\s", _HELD, p) if at % 2 else p for at, p in enumerate(pieces))
    kept: list[str] = []
    length = 0
    for word in whole.split():
        length += len(word) + 1
        if kept and length - 1 > width:
            break
        kept.append(word)
    return " ".join([*kept, "…"]).replace(_HELD, " ")


def _words(text: str) -> Markup:
    """Return words in which each that holds LaTeX is a formula; blanks in braces do not end it."""
    from markupsafe import Markup

    done = []
    for word in re.findall(r"\s+|\S+", _held(text)):
        bare = word.rstrip(",.:;")
        if _LATEX.search(bare):
            done += [_formula(bare.replace(_HELD, " ")), Markup.escape(word[len(bare) :])]
        else:
            done.append(Markup.escape(word.replace(_HELD, " ")))
    return Markup("").join(done)


def _held(text: str) -> str:
    r"""Put a mark for each blank inside braces, or between \left and \right."""
    depth = 0
    pieces = []
    for piece in re.findall(r"\\left(?![a-z])|\\right(?![a-z])|\\[{}]|[{}]|[^\\{}]+|\\", text):
        depth = max(0, depth + {"{": 1, r"\left": 1, "}": -1, r"\right": -1}.get(piece, 0))
        pieces.append(re.sub(r"\s", _HELD, piece) if depth else piece)
    return "".join(pieces) if depth == 0 else text


def _formula(latex: str) -> Markup:
    from markupsafe import Markup

    plain = len(latex) <= MAX_FORMULA and latex.isprintable() and not _HIDING.search(latex)
    try:
        if plain and latex.strip():
            return Markup(mathml.inline(latex))
    except (OutputError, RecursionError, ValueError, LookupError, TypeError, AttributeError):
        pass
    return Markup("<code>{}</code>").format(latex)
