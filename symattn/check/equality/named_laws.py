r"""Laws that are called by name: `\mathbb{E}_{x \sim \mathcal{N}(0, 1)}[x^2]` is written out.

A law is a row of a table; what is taken of it, a mean, a variance, an entropy or a divergence, is
an integral or a sum over its density, which is read and decided as any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

MOST = 12  # statistics that are written out


@dataclass(frozen=True)
class NamedLaw:
    """A law with a density, all in LaTeX; `<a>`, `<b>` are its parameters and `<x>` is the letter.

    over : what an expectation is; `<f>` is what it is taken of and `<p>` the density.
    density, logarithm : of the law; conditions : on its parameters, a letter alone is positive.
    doubt : how else its parameters may be meant, so that nothing is refuted.
    """

    names: str
    over: str
    density: str
    logarithm: str
    conditions: tuple[str, ...] = ()
    doubt: str = ""


_LINE = r"\int_{-\infty}^{\infty}<p>\cdot(<f>)d<x>"
_HALF = r"\int_0^{\infty}<p>\cdot(<f>)d<x>"
LAWS = (
    NamedLaw(
        "N Normal Gaussian",
        _LINE,
        r"\frac{1}{\sqrt{2\pi\cdot(<b>)}}\exp\left(-\frac{(<x>-(<a>))^2}{2(<b>)}\right)",
        r"\left(-\frac{(<x>-(<a>))^2}{2(<b>)}-\frac{1}{2}\log(2\pi\cdot(<b>))\right)",
        ("<b>>0",),
    ),
    NamedLaw(
        "Laplace Lap",
        r"\left(\int_{-\infty}^{<a>}<p>\cdot(<f>)d<x>+\int_{<a>}^{\infty}<p>\cdot(<f>)d<x>\right)",
        r"\frac{1}{2(<b>)}\exp\left(-\frac{|<x>-(<a>)|}{<b>}\right)",
        r"\left(-\frac{|<x>-(<a>)|}{<b>}-\log(2(<b>))\right)",
        ("<b>>0",),
    ),
    NamedLaw(
        "Uniform Unif U",
        r"\int_{<a>}^{<b>}<p>\cdot(<f>)d<x>",
        r"\frac{1}{<b>-(<a>)}",
        r"(-\log(<b>-(<a>)))",
        ("<a>< <b>",),
    ),
    NamedLaw(
        "Exp Exponential",
        _HALF,
        r"(<a>)\exp(-(<a>)<x>)",
        r"(\log(<a>)-(<a>)<x>)",
        ("<a>>0",),
        "an exponential law may be given by its rate or by its mean",
    ),
    NamedLaw(
        "Gamma",
        _HALF,
        r"\frac{(<b>)^{<a>}}{\Gamma(<a>)}<x>^{<a>-1}\exp(-(<b>)<x>)",
        r"((<a>)\log(<b>)-\log\Gamma(<a>)+(<a>-1)\log(<x>)-(<b>)<x>)",
        ("<a>>0", "<b>>0"),
        "a gamma law may be given by its rate or by its scale",
    ),
    NamedLaw(
        "Beta",
        r"\int_0^1<p>\cdot(<f>)d<x>",
        r"\frac{\Gamma(<a>+<b>)}{\Gamma(<a>)\Gamma(<b>)}<x>^{<a>-1}(1-<x>)^{<b>-1}",
        r"(\log\frac{\Gamma(<a>+<b>)}{\Gamma(<a>)\Gamma(<b>)}+(<a>-1)\log(<x>)+(<b>-1)\log(1-<x>))",
        ("<a>>0", "<b>>0"),
    ),
    NamedLaw(
        "Bernoulli Bern Ber B",
        r"\sum_{<x>\in\{0,1\}}<p>\cdot(<f>)",
        r"(<a>)^{<x>}(1-(<a>))^{1-<x>}",
        r"(<x>\log(<a>)+(1-<x>)\log(1-(<a>)))",
        ("<a>>0", "<a><1"),
    ),
    NamedLaw(
        "Binomial Bin",
        r"\sum_{<x>=0}^{<a>}<p>\cdot(<f>)",
        r"\binom{<a>}{<x>}(<b>)^{<x>}(1-(<b>))^{<a>-<x>}",
        r"\log\left(\binom{<a>}{<x>}(<b>)^{<x>}(1-(<b>))^{<a>-<x>}\right)",
        ("<b>>0", "<b><1"),
    ),
    NamedLaw(
        "Poisson Poi Pois",
        r"\sum_{<x>=0}^{\infty}<p>\cdot(<f>)",
        r"\frac{(<a>)^{<x>}\exp(-(<a>))}{<x>!}",
        r"(<x>\log(<a>)-(<a>)-\log(<x>!))",
        ("<a>>0",),
    ),
    NamedLaw(
        "Geometric Geom Geo",
        r"\sum_{<x>=1}^{\infty}<p>\cdot(<f>)",
        r"(<a>)(1-(<a>))^{<x>-1}",
        r"(\log(<a>)+(<x>-1)\log(1-(<a>)))",
        ("<a>>0", "<a><1"),
        "a geometric law may count from 0 or from 1",
    ),
    NamedLaw(
        "Categorical Cat", r"\sum_{<x>}<p>\cdot(<f>)", "<a>_{<x>}", r"\log(<a>_{<x>})", ("<a>",)
    ),
)
_BY_NAME = {name: law for law in LAWS for name in law.names.split()}

_SPACE = r"(?:\\[,;!: ]|\s)*"
_SIZED = r"(?:\\left|\\[bB]ig{1,2}[lgr]?)?\s*"
_WEIGHTS = re.compile(r"(\\[A-Za-z]+|[a-z])(?=_)|\\[A-Za-z]+")
_UPRIGHT = r"\\(?:math(?:bb|bf|rm|sf|cal|it)|operatorname\*?|text(?:rm|sf|bf)?)\s?"
_LAW = re.compile(
    rf"{_SPACE}(?:{_UPRIGHT}\{{?\s?(?P<name>[A-Za-z]+)\s?\}}?|(?P<bare>[A-Z][a-z]*)){_SPACE}{_SIZED}\("
)
_BAR = re.compile(rf"{_SPACE}(?:\\middle\s*)?(?:\\\||\\Vert|\\parallel|\|\||\\mid\\mid){_SPACE}")


def _word(*names: str) -> str:
    """Return a pattern of names that are set upright or stand bare."""
    said = "|".join(names)
    return rf"(?:{_UPRIGHT}\{{?\s?(?:{said})\s?\}}?|(?<![A-Za-z\\{{])(?:{said})(?![A-Za-z]))"


_MEAN = re.compile(rf"(?:{_word('E')}|(?P<var>{_word('Var', 'V')}))\s*_\s*\{{")
_ENTROPY = re.compile(rf"{_word('H', 'h', 'Ent')}{_SPACE}{_SIZED}[(\[]")
_DIVERGENCE = re.compile(
    rf"(?:{_word('D', 'KL', 'D_KL')})(?:{_SPACE}_\s?\{{?(?:{_UPRIGHT}\{{?)?KL\}}{{0,2}})?"
    rf"{_SPACE}{_SIZED}[(\[]"
)


Weights = Collection[str]
Mean = Callable[["NamedLaw", list[str], str, str], str]


def closed(text: str, at: int) -> int:
    """Return the place behind the bracket that closes the one just before `at`; 0 for none."""
    level = 1
    while at < len(text):
        level += (text[at] in "([{") - (text[at] in ")]}")
        at += 1
        if not level:
            return at
    return 0


def _inside(text: str) -> str:
    r"""Return what stands in brackets without what sizes the closing one."""
    return re.sub(r"\\right\s*$|\\[bB]ig{1,2}[lgr]?\s*$", "", text).strip()


def _parts(text: str) -> list[str]:
    """Return the arguments of a law."""
    level, found = 0, [""]
    for c in text:
        level += (c in "([{") - (c in ")]}")
        if c in ",;" and not level:
            found.append("")
        else:
            found[-1] += c
    return [re.sub(rf"^{_SPACE}|\\$", "", part.rstrip("\\ ")).strip() for part in found]


def named(text: str) -> tuple[NamedLaw, list[str]] | None:
    r"""Return the law that LaTeX names, and its parameters; None for what is no law of the table.

    >>> law, said = named(r"\mathcal{N}(\mu, \sigma^2)")
    >>> law.names, said
    ('N Normal Gaussian', ['\\mu', '\\sigma^2'])
    >>> named(r"\mathcal{N}(0, I)"), named("p")
    (None, None)
    """
    text = text.strip()
    opened = _LAW.match(text)
    if opened is None or closed(text, opened.end()) != len(text):
        return None
    law = _BY_NAME.get(opened["name"] or opened["bare"])
    said = _parts(_inside(text[opened.end() : -1]))
    if law is None or not all(said) or len(said) != (2 if "<b>" in law.density else 1):
        return None
    if law is LAWS[0] and normal_law(text) is None:
        return None
    return law, said


def normal_law(text: str) -> tuple[str, str] | None:
    r"""Return the mean and the variance of `\mathcal{N}(\mu, \sigma^2)`; None for another law.

    A second parameter that looks like a deviation is not taken for a variance.

    >>> normal_law(r"\mathcal{N}(\mu, \sigma^2)"), normal_law(r"\mathcal{N}(0, \sigma)")
    (('\\mu', '\\sigma^2'), None)
    """
    said = _normal(text)
    if said is None or re.search(r"I|\\Sigma|\\mathbf|\\bm|\\top", "".join(said)):
        return None
    squared = re.search(r"\^\{?2", said[1]) is not None
    deviation = re.search(r"\\sigma|\bs\b|std|\\epsilon", said[1]) is not None
    return said if squared or not deviation else None


def normal_columns(text: str) -> tuple[str, str] | None:
    r"""Return the mean and the covariance of a normal law of columns, in LaTeX; None for another.

    >>> normal_columns(r"\mathcal{N}(\mu, \Sigma)"), normal_columns(r"\mathcal{N}(0, \sigma^2)")
    (('\\mu', '\\Sigma'), None)
    """
    said = _normal(text)
    matrix = r"\\(?:Sigma|Lambda|Psi|mathbf|Gamma)|(?<![A-Za-z\\])[A-Z](?![a-z])"
    return said if said is not None and re.search(matrix, said[1]) else None


def _normal(text: str) -> tuple[str, str] | None:
    """Return the two parameters of a law that is called normal."""
    text = text.strip()
    opened = _LAW.match(text)
    if opened is None or _BY_NAME.get(opened["name"] or opened["bare"]) is not LAWS[0]:
        return None
    if closed(text, opened.end()) != len(text):
        return None
    said = _parts(_inside(text[opened.end() : -1]))
    return (said[0], said[1]) if len(said) == 2 and all(said) else None


def _filled(form: str, said: list[str], letter: str, **more: str) -> str:
    values = {"x": letter, "a": said[0], "b": said[-1], **more}
    return re.sub(r"<([a-z])>", lambda m: values[m[1]], form)


@dataclass(frozen=True)
class WrittenOut:
    """LaTeX in which named laws are written out, with what that took for granted."""

    text: str
    conditions: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def _read(text: str, weights: Collection[str]) -> tuple[NamedLaw, list[str]] | None:
    """Return the law that LaTeX names, or that of weights with an index."""
    text = text.strip()
    return (_BY_NAME["Categorical"], [text]) if text in weights else named(text)


def written_out(text: str, beside: str = "") -> WrittenOut:
    r"""Return LaTeX with what it takes of named laws as integrals and sums; the rest stays.

    beside : the other side: a letter that has an index in either is a law by its weights.

    >>> written_out(r"\mathbb{E}_{x \sim \mathrm{Bern}(p)}[x]").text
    '\\left(\\sum_{x\\in\\{0,1\\}}(p)^{x}(1-(p))^{1-x}\\cdot(x)\\right)'
    """
    if not any(mark in text for mark in ("\\sim", "H", "h", "KL", "D", "Ent")):
        return WrittenOut(text)
    weights = frozenset(_WEIGHTS.findall(f"{text} {beside}")) - {""}
    conditions: dict[str, None] = {}
    one: tuple[int, str] | None
    doubts: dict[str, None] = {}

    def mean(law: NamedLaw, said: list[str], letter: str, f: str) -> str:
        conditions.update(dict.fromkeys(_filled(c, said, letter) for c in law.conditions))
        doubts.update({law.doubt: None} if law.doubt else {})
        density = _filled(law.density, said, letter)
        return f"\\left({_filled(law.over, said, letter, f=f, p=density)}\\right)"

    at = 0
    for _ in range(MOST):
        found = next(
            (
                (m, one)
                for m in sorted(
                    (m for kind in _KINDS for m in kind.finditer(text, at)),
                    key=lambda m: -m.start(),
                )
                if (one := _KINDS[m.re](text, m, mean, weights)) is not None
            ),
            None,
        )
        if found is None:
            break
        match, (end, made) = found
        text = text[: match.start()] + made + text[end:]
    return WrittenOut(text, tuple(conditions), tuple(doubts))


def _of_mean(text: str, m: re.Match[str], mean: Mean, weights: Weights) -> tuple[int, str] | None:
    below = closed(text, m.end())
    draws = _draws(text[m.end() : below - 1]) if below else []
    if len(draws) > 1:
        return _one_by_one(text, m, below, draws)
    letter, _, law = text[m.end() : below - 1].partition("\\sim")
    letter = letter.strip()
    found = named(law) if below else None
    opened = re.compile(rf"{_SPACE}{_SIZED}(\[|\(|\\\{{)").match(text, below)
    if found is None or opened is None or not re.fullmatch(r"[A-Za-z]|\\[a-z]+", letter):
        return None
    if any(re.search(rf"{re.escape(letter)}(?![a-z])", one) for one in found[1]):
        return None
    end = closed(text, opened.end())
    if not end:
        return None
    f = _inside(text[opened.end() : end - 1]).rstrip("\\")
    first = mean(*found, letter, f)
    if m["var"] is None:
        return end, first
    return end, f"\\left({mean(*found, letter, f'({f})^2')}-{first}\\cdot{first}\\right)"


def _draws(below: str) -> list[tuple[str, str]]:
    r"""Return what is drawn and its law, of `x \sim A, y \sim B` and of `x, y \sim A`.

    >>> _draws(r"x, y \sim U(0, 1)")
    [('x', ' U(0, 1)'), ('y', ' U(0, 1)')]
    """
    found: list[tuple[str, str]] = []
    waiting: list[str] = []
    for part in _parts(below):
        letter, sign, law = part.partition("\\sim")
        waiting.append(letter.strip())
        if sign:
            found += [(one, law) for one in waiting]
            waiting = []
    return [] if waiting or any(named(law) is None for _, law in found) else found


def _one_by_one(
    text: str, m: re.Match[str], below: int, draws: list[tuple[str, str]]
) -> tuple[int, str] | None:
    """Return an expectation over letters that are drawn side by side, and so independent."""
    opened = re.compile(rf"{_SPACE}{_SIZED}(\[|\(|\\\{{)").match(text, below)
    end = closed(text, opened.end()) if opened else 0
    if opened is None or not end:
        return None
    inner = _inside(text[opened.end() : end - 1]).rstrip("\\")

    def over(f: str) -> str:
        for letter, law in reversed(draws):
            f = rf"\mathbb{{E}}_{{{letter}\sim{law}}}[{f}]"
        return f

    first = over(inner)
    return end, first if m[
        "var"
    ] is None else f"\\left({over(f'({inner})^2')}-{first}\\cdot{first}\\right)"


def _fresh(text: str, law: NamedLaw) -> str:
    letters = "kjlmi" if "\\sum" in law.over else "xtuyz"
    return next(c for c in (*letters, "w") if not re.search(rf"(?<![\\a-z]){c}(?![a-z])", text))


def _of_entropy(
    text: str, m: re.Match[str], mean: Mean, weights: Weights
) -> tuple[int, str] | None:
    end = closed(text, m.end())
    parts = _parts(_inside(text[m.end() : end - 1])) if end else []
    laws = [_read(part, weights) for part in parts]
    if len(laws) != 2 or not all(part in weights for part in parts):  # no cross entropy
        laws = [_read(_inside(text[m.end() : end - 1]), weights)] if end else []
    if not laws or laws[0] is None or laws[-1] is None:
        return None
    (law, said), (_, others) = laws[0], laws[-1]
    letter = _fresh("".join((*said, *others)), law)
    mean(law, others, letter, "0")  # for what it asks of the parameters
    logarithm = _filled(law.logarithm, others, letter)
    return end, f"\\left(-{mean(law, said, letter, logarithm)}\\right)"


def _of_divergence(
    text: str, m: re.Match[str], mean: Mean, weights: Weights
) -> tuple[int, str] | None:
    end = closed(text, m.end())
    parts = _BAR.split(_inside(text[m.end() : end - 1])) if end else []
    if len(parts) == 2 and parts[0].strip() == parts[1].strip() != "":
        return end, "0"
    laws = (
        [_read(part, weights) for part in _BAR.split(_inside(text[m.end() : end - 1]))]
        if end
        else []
    )
    if len(laws) != 2 or laws[0] is None or laws[1] is None or laws[0][0] is not laws[1][0]:
        return None
    (law, said), (_, others) = laws[0], laws[1]
    letter = _fresh("".join((*said, *others)), law)
    if law.over.startswith("\\int_{<a>}"):  # the divergence is infinite where one ends first
        return None
    mean(law, others, letter, "0")  # for what it asks of the parameters
    logarithms = [_filled(law.logarithm, one, letter) for one in (said, others)]
    return end, mean(law, said, letter, "-".join(logarithms))


_KINDS = {_MEAN: _of_mean, _ENTROPY: _of_entropy, _DIVERGENCE: _of_divergence}
