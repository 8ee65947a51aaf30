"""Notation: what each letter of a page stands for, and what a claim assumes beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sympy import Basic, Indexed, KroneckerDelta, LambertW, Symbol

from symattn.algebra.attention import MEANINGS
from symattn.algebra.letters import IdentityMatrix, Letter
from symattn.check.assumed import meaning
from symattn.check.named import ATTENTION, OF_LOGITS
from symattn.claims import Claim
from symattn.derive.prose import Formula
from symattn.hypotheses.families import Arbitrary, Distinct, Named
from symattn.hypotheses.stands import Meant, Stands
from symattn.pages.breaking import tight
from symattn.spans import Prose, dollars

if TYPE_CHECKING:
    from sympy import Expr

    from symattn.derive.derivation import Derivation

_COMMON = (*ATTENTION.defined, *OF_LOGITS.defined)
SAID = (Arbitrary, Named, Stands)
"""Hypotheses that assume nothing: they say what a letter is, and so do the words."""


def letters(derivation: Derivation) -> dict[str, str]:
    """Return the letters in what a derivation shows, by name, each as it is printed.

    The members of a family are one letter, at the index l.
    """
    found: dict[str, str] = {}
    for x in _shown(derivation):
        for a in sorted(x.atoms(Symbol, Indexed, Letter), key=str):
            if isinstance(a, IdentityMatrix):
                found["I"] = "I"
            elif isinstance(a, Indexed) or (isinstance(a, Letter) and a.index is not None):
                name = str(a.base) if isinstance(a, Indexed) else a.name
                several = isinstance(a, Indexed) and len(a.indices) > 1
                found[name] = rf"{name}_{{lm}}" if several else f"{name}_l"
            elif isinstance(a, (Symbol, Letter)) and not a.name.startswith("_"):
                found.setdefault(a.name, a.name)
        if x.has(KroneckerDelta):
            found["KroneckerDelta"] = r"\delta_{lm}"
        if x.has(LambertW):
            found["LambertW"] = "W"
    return found


def common(texts: Iterable[str], own: Iterable[str]) -> dict[str, str]:
    r"""Return the letters of attention between the dollars of texts that are not explained anyhow.

    >>> common([r"with $q = \beta k_i$"], [r"\beta"])
    {'i': 'index of a key', 'k': 'key', 'q': 'query'}
    """
    formulas = " ".join(piece for text in texts for piece in text.split("$")[1::2])
    known = {key.split("_")[0] for key in own}
    occur = set(re.findall(r"\\[A-Za-z]+(?:_\{[a-z]{2}\})?|[A-Za-z]", formulas)) - known
    return {name: meaning for name, meaning in MEANINGS.items() if name in occur}


def _shown(derivation: Derivation) -> Iterator[Basic]:
    for item in (*derivation.answer, *derivation.explanation):
        if isinstance(item, Claim):
            yield from item.terms
            if item.behind:
                yield from item.behind.terms
        else:
            for part in item.parts:
                if isinstance(part, Formula):
                    yield from part.terms


def meanings(derivation: Derivation) -> dict[str, str]:
    """Return what each letter of a derivation stands for, as it is printed; '' is not explained."""
    own = {key.split("_")[0]: text for key, text in derivation.question.symbols.items()}
    return {
        printed: own.get(name, MEANINGS.get(name, ""))
        for name, printed in letters(derivation).items()
    }


def beside(claim: Claim, derivation: Derivation, *, alone: bool = False) -> Prose:
    """Say what a claim assumes and means by its letters, besides what the page says elsewhere.

    alone : whether it stands without the words of the page.
    """
    common = derivation.given
    known = {index for h in common if isinstance(h, Distinct) for index in h.indices}
    own = {one.letter for one in derivation.question.names.defined}  # `defined` says these
    found = []
    for hypothesis in claim.given:
        if hypothesis.latex in common.latex or isinstance(hypothesis, SAID):
            continue
        if isinstance(hypothesis, Meant) and hypothesis.letter in own and not alone:
            continue
        text = hypothesis.latex
        if isinstance(hypothesis, Distinct):
            new = [index for index in hypothesis.indices if index not in known]
            if known and len(new) < len(hypothesis.indices):
                others = ", ".join(str(x) for x in hypothesis.indices if x in known)
                text = "; ".join(rf"${index} \ne {others}$" for index in new)
        if text:
            found.append(text)
    told = ["if " + "; ".join(found)] if found else []
    for name, value in claim.definitions:
        if alone or value.has(name) or not _is_told(name, value, derivation):
            told.append(f"with {meaning(name, value)}")
    return dollars(tight(", ".join(told)))


def defined(derivation: Derivation) -> tuple[str, ...]:
    """Return what the question's own letters on a page stand for, where no words say it.

    Those of attention itself stand at the head of the page, hypotheses among what is assumed.
    """
    said = {str(h.base) for h in derivation.given if isinstance(h, Stands)}
    wanted, own = set(letters(derivation)), []
    for one in reversed(derivation.question.names.defined):
        if one.value is None or one.name not in wanted or one.name in said or one in _COMMON:
            continue
        wanted |= one.names
        if not _is_told(one.letter, one.value, derivation, exactly=True):
            own.append(meaning(one.letter, one.value))
    return tuple(reversed(own))


def _is_told(name: Expr, value: Expr, derivation: Derivation, *, exactly: bool = False) -> bool:
    """Whether a definition stands in the words, or a displayed claim says what the letter is.

    exactly : a claim has to say it as the definition does.
    """
    for item in (*derivation.answer, *derivation.explanation):
        if isinstance(item, Claim):
            if item.shown == name and (item.right == value or not exactly):
                return True
        elif any(isinstance(f, Formula) and f.terms == (name, value) for f in item.parts):
            return True
    return False
