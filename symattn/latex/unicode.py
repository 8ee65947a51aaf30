"""Characters beyond ASCII: mathematics as it is copied from a page or typed with a good keyboard."""

from __future__ import annotations

from symattn.latex.commands import BOARD, GREEK

UNICODE: dict[str, tuple[str, str]] = {
    "−": ("op", "-"),
    "·": ("op", "."),
    "⋅": ("op", "."),
    "×": ("op", "x"),
    "∗": ("op", "*"),
    "≠": ("rel", "!="),
    "≤": ("rel", "<="),
    "≥": ("rel", ">="),
    "≈": ("rel", "~~"),
    "≃": ("rel", "~="),
    "→": ("rel", "->"),
    "⇒": ("rel", "=>"),
    "⇔": ("rel", "<=>"),
    "∝": ("rel", "propto"),
    "≫": ("rel", ">>"),
    "≪": ("rel", "<<"),
    "∈": ("rel", "in"),
    "∉": ("rel", "notin"),
    "≡": ("rel", "=="),
    "⊥": ("rel", "perp"),
    "∞": ("infinity", "oo"),
    "∑": ("big", "sum"),
    "∏": ("big", "prod"),
    "∫": ("int", "int"),
    "√": ("sqrt", "sqrt"),
    "⊤": ("mark", "T"),
    "′": ("'", "'"),
    "’": ("'", "'"),
    "…": ("dots", "..."),
    "⟨": ("open", "<"),
    "⟩": ("close", "<"),
    "‖": ("bar", "||"),
    "∀": ("forall", "for all"),
    "ϵ": ("name", "\\epsilon"),
    "ϕ": ("name", "\\phi"),
    "–": ("op", "-"),
    "∙": ("op", "."),
    "•": ("op", "."),
    "÷": ("op", "/"),
    "⊗": ("op", "ox"),
    "≜": ("rel", ":="),
    "≔": ("rel", ":="),
    "≐": ("rel", ":="),
    "∼": ("rel", "~"),
    "≅": ("rel", "~="),
    "⟶": ("rel", "->"),
    "⟹": ("rel", "=>"),
    "⟺": ("rel", "<=>"),
    "≲": ("rel", "<~"),
    "≳": ("rel", ">~"),
    "⩽": ("rel", "<="),
    "⩾": ("rel", ">="),
    "⊂": ("rel", "subset"),
    "⊆": ("rel", "subset"),
    "∃": ("forall", "there is"),
    "†": ("mark", "+"),
    "∥": ("bar", "||"),
    "∣": ("sep", "|"),
    "⋯": ("dots", "..."),
    "〈": ("open", "<"),
    "〉": ("close", "<"),
    "ℓ": ("name", "\\ell"),
    "∂": ("partial", "\\partial"),
    "∇": ("partial", "\\nabla"),
    "∧": ("sep", ","),
    "∖": ("without", "\\"),
    "∎": ("end-mark", "qed"),
    "□": ("end-mark", "qed"),
    "■": ("end-mark", "qed"),
    "∴": ("text", "therefore"),
    "∵": ("text", "because"),
}
for _code, _word in zip("αβγδεζηθικλμνξοπρστυφχψω", GREEK, strict=False):
    UNICODE[_code] = ("name", "\\" + _word)
for _code, _word in zip("ΓΔΘΛΞΠΣΥΦΨΩ", GREEK[24:], strict=False):
    UNICODE[_code] = ("name", "\\" + _word)
# Superscripts and subscripts: a run of them is one script.
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ", "0123456789+-()ni", strict=True))
SUBSCRIPTS = dict(
    zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-()aehijklmnoprstuvx", strict=True)
)
# Fractions of one character: their top and bottom.
FRACTIONS = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8),
}  # fmt: skip


def faced(char: str) -> tuple[str, str] | None:
    r"""Return the kind and text of a mathematical letter, whose face is part of the character.

    >>> faced("\U0001d45e"), faced("\u211d"), faced("\u5b57")
    (('name', 'q'), ('name', '\\mathbb{R}'), None)
    """
    import unicodedata

    if not ("\U0001d400" <= char <= "\U0001d7ff" or "\u2100" <= char <= "\u214f"):
        return None
    same, face = unicodedata.normalize("NFKC", char), unicodedata.name(char, "")
    if len(same) != 1 or "FRAKTUR" in face or "BLACK-LETTER" in face:
        return None
    if same == "1" and ("BOLD" in face or "DOUBLE-STRUCK" in face):
        return "name", "\\mathbf{1}"
    if same.isdigit():
        return None
    if not same.isascii():
        return UNICODE.get(same)
    if "DOUBLE-STRUCK" in face:
        return BOARD.get(f"\\mathbb{{{same}}}", ("name", f"\\mathbb{{{same}}}"))
    if "SCRIPT" in face and "SMALL" not in face:
        return "name", f"\\mathcal{{{same}}}"
    return ("name", same) if same.isalpha() else None
