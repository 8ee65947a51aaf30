"""From LaTeX to tokens with their places: one pass, bounded, and nothing is ever executed.

Whatever does not change the meaning goes here: spacing, sizes, `\\left` and `\\right`, bold and
arrows, comments.  What remains is a flat list in which every token knows where it stood, so that
an error can point at it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from symattn.errors import ReadError

MAX_CHARS = 20_000
MAX_TOKENS = 4_000
MAX_DEPTH = 60
MAX_DIGITS = 100


class Token(NamedTuple):
    """One token: `kind` is what the grammar sees, `text` its canonical spelling."""

    kind: str
    text: str
    start: int
    end: int


# Kinds of token.  `op`: + - . x * /   `rel`: a relation   `open` / `close`: a pair of brackets
# `bar`: | or || whose side is not written   `name`, `number`, `function`, `stat` (E, Cov, Var)
# `big` (sum, prod), `int`, `lim`, `frac`, `sqrt`, `accent`, `mark` (only in superscripts),
# `word` (upright letters), `text` (prose), `sep`, `quad`, `forall`, `label` (an annotated arrow),
# `dots`, `infinity`, `diff` (an upright d), `amp`, `row`, and the scripts ^ _ '.

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "sigma tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi "
    "Omega ell"
).split()
_VARIANTS = {
    "varepsilon": "epsilon",
    "varphi": "phi",
    "vartheta": "theta",
    "varrho": "rho",
    "varsigma": "sigma",
    "varpi": "pi",
    "varkappa": "kappa",
    "varSigma": "Sigma",
    "varDelta": "Delta",
    "varLambda": "Lambda",
}
_RELATIONS = {
    "=": ("=", "eq"),
    "!=": ("!=", "ne neq"),
    "<": ("<", "lt"),
    ">": (">", "gt"),
    "<=": ("<=", "le leq leqslant leqq"),
    ">=": (">=", "ge geq geqslant geqq"),
    "~~": ("~~", "approx thickapprox approxeq"),
    "~": ("~", "sim thicksim"),
    "~=": ("~=", "simeq cong"),
    "->": ("->", "to rightarrow longrightarrow"),
    "=>": ("=>", "Rightarrow Longrightarrow implies"),
    "<==": ("<==", "Leftarrow Longleftarrow impliedby"),
    "<=>": ("<=>", "iff Leftrightarrow Longleftrightarrow"),
    "propto": ("propto", "propto varpropto"),
    ">>": (">>", "gg ggg"),
    "<<": ("<<", "ll lll"),
    ">~": (">~", "gtrsim gtrapprox"),
    "<~": ("<~", "lesssim lessapprox"),
    "in": ("in", "in"),
    "notin": ("notin", "notin"),
    "==": ("==", "equiv"),
    ":=": (":=", "coloneqq coloneq triangleq doteq"),
    "perp": ("perp", "perp bot"),
    "subset": ("subset", "subset subseteq"),
}
_FUNCTIONS = (
    "exp ln log sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min tr Tr "
    "softmax sigmoid logistic expit erf erfc diag span rank det sign sgn argmax argmin lg arsinh "
    "artanh arcosh trace LambertW sqrt vec dim ker"
).split()
_FUNCTION_ALIASES = {
    "Tr": "tr",
    "trace": "tr",
    "sigmoid": "logistic",
    "expit": "logistic",
    "sgn": "sign",
    "LambertW": "W",
}
_STATISTICS = {
    "E": "E",
    "Exp": "E",
    "Cov": "Cov",
    "cov": "Cov",
    "Var": "Var",
    "var": "Var",
    "Covar": "Cov",
}
_UPRIGHT_LETTERS = {"d": ("diff", "d"), "E": ("stat", "E"), "Id": ("name", "I")}

COMMANDS: dict[str, tuple[str, str]] = {}
COMMANDS.update((word, ("name", "\\" + word)) for word in _GREEK)
COMMANDS.update((word, ("name", "\\" + same)) for word, same in _VARIANTS.items())
for _sign, _words in _RELATIONS.values():
    COMMANDS.update((word, ("rel", _sign)) for word in _words.split())
COMMANDS.update(
    (word, ("function", _FUNCTION_ALIASES.get(word, word)))
    for word in (
        "exp ln log lg sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min "
        "det dim ker"
    ).split()
)
COMMANDS.update((word, ("frac", "frac")) for word in ("frac", "dfrac", "tfrac", "cfrac"))
COMMANDS.update((word, ("frac", "binom")) for word in ("binom", "dbinom", "tbinom"))
COMMANDS.update((word, ("dots", "...")) for word in ("dots", "ldots", "cdots", "dotsc", "dotsb"))
COMMANDS.update(
    (word, ("accent", accent))
    for word, accent in {
        "hat": "hat",
        "widehat": "hat",
        "tilde": "tilde",
        "widetilde": "tilde",
        "bar": "bar",
        "overline": "bar",
        "check": "check",
        "breve": "breve",
        "dot": "dot",
        "ddot": "ddot",
        "mathring": "mathring",
    }.items()
)
COMMANDS.update(
    {
        "cdot": ("op", "."),
        "bullet": ("op", "."),
        "times": ("op", "x"),
        "ast": ("op", "*"),
        "div": ("op", "/"),
        "sum": ("big", "sum"),
        "prod": ("big", "prod"),
        "int": ("int", "int"),
        "lim": ("lim", "lim"),
        "sqrt": ("sqrt", "sqrt"),
        "infty": ("infinity", "oo"),
        "top": ("mark", "T"),
        "intercal": ("mark", "T"),
        "transp": ("mark", "T"),
        "dagger": ("mark", "+"),
        "star": ("mark", "*"),
        "prime": ("mark", "'"),
        "langle": ("open", "<"),
        "rangle": ("close", "<"),
        "lvert": ("open", "|"),
        "rvert": ("close", "|"),
        "lVert": ("open", "||"),
        "rVert": ("close", "||"),
        "{": ("open", "\\{"),
        "}": ("close", "\\{"),
        "lbrace": ("open", "\\{"),
        "rbrace": ("close", "\\{"),
        "lbrack": ("open", "["),
        "rbrack": ("close", "["),
        "lparen": ("open", "("),
        "rparen": ("close", "("),
        "|": ("bar", "||"),
        "vert": ("bar", "|"),
        "Vert": ("bar", "||"),
        "colon": ("sep", ":"),
        "mid": ("sep", "|"),
        "forall": ("forall", "for all"),
        "exists": ("forall", "there is"),
        "quad": ("quad", " "),
        "qquad": ("quad", " "),
        "\\": ("row", "\\\\"),
        "cr": ("row", "\\\\"),
        "land": ("sep", ","),
        "wedge": ("sep", ","),
        "xrightarrow": ("label", "->"),
        "xlongrightarrow": ("label", "->"),
        "overset": ("label", ""),
        "underset": ("label", ""),
        "stackrel": ("label", ""),
    }
)

# Dropped: they change how a formula looks and not what it says.
_SILENT = frozenset(
    [",", ";", ":", "!", " ", ">", "/"]
    + (
        "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag "
        "thinspace medspace thickspace negthinspace enspace allowbreak nobreak strut mathstrut "
        "mathbf boldsymbol bm pmb vec underline mathrm mathit mathsf mathtt mathnormal overrightarrow "
        "boxed mathop mathbin mathrel mathord rm bf it cal bfseries smash ensuremath relax "
        "symbf symbfit symrm symup big Big bigg Bigg substack"
    ).split()
)
_LEFT = frozenset("left bigl Bigl biggl Biggl".split())
_RIGHT = frozenset("right bigr Bigr biggr Biggr".split())
_WITH_ARGUMENT = frozenset(
    "label tag hspace vspace hphantom vphantom phantom color textcolor".split()
)

_REFUSED = {
    "pm": "\\pm stands for two values, and one formula is read at a time",
    "mp": "\\mp stands for two values, and one formula is read at a time",
    "partial": "derivatives are not read",
    "nabla": "derivatives are not read",
    "over": "\\over is not read; write \\frac{..}{..}",
    "lfloor": "rounding (\\lfloor, \\lceil) is not read",
    "lceil": "rounding (\\lfloor, \\lceil) is not read",
    "circ": "\\circ (an elementwise product, a composition or degrees) is not read",
    "odot": "\\odot (the elementwise product) is not read",
    "otimes": "\\otimes is not read; write the outer product as u v^\\top",
    "oplus": "\\oplus is not read",
    "setminus": "\\setminus is not read; write \\ne in the sum, or \\notin \\{..\\}",
    "sup": "\\sup is not read",
    "inf": "\\inf is not read",
    "limsup": "\\limsup is not read",
    "liminf": "\\liminf is not read",
    "arg": "\\arg is not read",
    "Pr": "probabilities of events are not read",
    "cup": "unions of sets are not read",
    "cap": "intersections of sets are not read",
    "lor": "alternatives (\\lor) are not read; give one formula at a time",
    "vee": "alternatives (\\vee) are not read; give one formula at a time",
    "neg": "negations are not read",
    "lnot": "negations are not read",
    "middle": "\\middle is not read",
    "underbrace": "\\underbrace is not read; leave it out",
    "overbrace": "\\overbrace is not read; leave it out",
    "iint": "multiple integrals are not read",
    "oint": "contour integrals are not read",
    "%": "percentages are not read; write a fraction",
    "parallel": "\\parallel is not read",
    "gets": "\\gets is not read",
    "leftarrow": "\\leftarrow is not read; turn the relation round",
    "mapsto": "\\mapsto is not read; write what the letter is, with =",
    "emptyset": "sets are read only as \\{i, j\\}",
    "cancel": "struck-out terms (\\cancel) are not read; leave them out",
    "Re": "complex numbers are not read",
    "Im": "complex numbers are not read",
}
_DANGEROUS = frozenset(
    (
        "input include write immediate openin openout read closein closeout def edef gdef xdef let "
        "csname endcsname catcode expandafter newcommand renewcommand providecommand special "
        "jobname loop repeat newread newwrite directlua luaexec latelua verbatiminput lstinputlisting "
        "usepackage documentclass DeclareMathOperator include includegraphics import subimport "
        "href url if else fi ifx ifnum noexpand futurelet afterassignment aftergroup output shipout "
        "message errmessage typeout batchmode makeatletter string meaning number romannumeral "
        "uppercase lowercase the count dimen toks hbox vbox halign valign scantokens ShellEscape "
        "IfFileExists InputIfFileExists pdffiledump pdfmdfivesum"
    ).split()
)

_PUNCTUATION: dict[str, tuple[str, str]] = {
    "+": ("op", "+"),
    "-": ("op", "-"),
    "*": ("op", "*"),
    "/": ("op", "/"),
    "^": ("^", "^"),
    "_": ("_", "_"),
    "'": ("'", "'"),
    "(": ("open", "("),
    ")": ("close", "("),
    "[": ("open", "["),
    "]": ("close", "["),
    "{": ("open", "{"),
    "}": ("close", "{"),
    "|": ("bar", "|"),
    "||": ("bar", "||"),
    ",": ("sep", ","),
    ";": ("sep", ";"),
    ":": ("sep", ":"),
    ".": ("sep", "."),
    "...": ("dots", "..."),
    "!": ("!", "!"),
    "=": ("rel", "="),
    "<": ("rel", "<"),
    ">": ("rel", ">"),
    ":=": ("rel", ":="),
    "<=": ("rel", "<="),
    ">=": ("rel", ">="),
    "!=": ("rel", "!="),
    "->": ("rel", "->"),
    "=>": ("rel", "=>"),
    ">>": ("rel", ">>"),
    "<<": ("rel", "<<"),
    "&": ("amp", "&"),
}
_UNICODE: dict[str, tuple[str, str]] = {
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
    "ᵀ": ("sup-T", "T"),
    "′": ("'", "'"),
    "’": ("'", "'"),
    "…": ("dots", "..."),
    "⟨": ("open", "<"),
    "⟩": ("close", "<"),
    "‖": ("bar", "||"),
    "∀": ("forall", "for all"),
    "ϵ": ("name", "\\epsilon"),
    "ϕ": ("name", "\\phi"),
}
for _code, _word in zip("αβγδεζηθικλμνξοπρστυφχψω", _GREEK, strict=False):
    _UNICODE[_code] = ("name", "\\" + _word)
for _code, _word in zip("ΓΔΘΛΞΠΣΥΦΨΩ", _GREEK[24:], strict=False):
    _UNICODE[_code] = ("name", "\\" + _word)

_STYLES = "mathrm|operatorname\\*?|mathit|mathsf|mathtt|mathnormal"
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n\u00a0\u2009\u202f~]+)
    | (?P<comment>%[^\n]*)
    | (?P<prose>\\(?:text|mbox|textnormal|textrm|textit|textbf|textsf|textup)\s*\{{(?P<said>[^{{}}]*)\}})
    | (?P<styled>\\(?:{_STYLES})\s*\{{\s*(?P<roman>[A-Za-z]+)\s*\}})
    | (?P<board>\\(?P<face>mathbb|mathcal|mathfrak|mathscr|Bbb)\s*
          (?:\{{\s*(?P<faced>[A-Za-z0-9])\s*\}}|(?P<faced1>(?<![A-Za-z])[A-Za-z0-9])))
    | (?P<ones>\\(?:mathbf|boldsymbol|bm|vec)\s*(?:\{{\s*1\s*\}}|1))
    | (?P<begin>\\(?:begin|end)\s*\{{\s*(?P<environment>[A-Za-z]*\*?)\s*\}})
    | (?P<control>\\(?:[A-Za-z]+|.))
    | (?P<science>[0-9]+[eE][0-9]+)
    | (?P<digits>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
    | (?P<letters>[A-Za-z]+)
    | (?P<mark>\.\.\.|\|\||:=|<=|>=|!=|->|=>|>>|<<|[-+*/^_'()\[\]{{}}|,;:.!=<>&])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# Words that join a condition to a formula; all others in \\text are refused.
CONNECTIVES = frozenset(
    (
        "with where when whenever as for if provided given assuming since because under let here "
        "while such limit and also so thus hence then therefore all any every each some the a an "
        "in of that is are we have get large small sufficiently very enough fixed be holds it at "
        "big distinct different other otherwise implies gives i.e e.g namely indices index over "
        "iff only scale"
    ).split()
) - {"a"}
_WORDS: dict[str, tuple[str, str]] = {
    word: ("function", _FUNCTION_ALIASES.get(word, word)) for word in _FUNCTIONS
}
_WORDS.update((word, ("stat", same)) for word, same in _STATISTICS.items() if len(word) > 1)
# Letters that run together and spell a function are the function, not a product of letters.
_RUNS = {
    word: kind
    for word, kind in _WORDS.items()
    if len(word) > 2 and word not in ("dim", "ker", "vec", "det", "sec")
} | {"ln": ("function", "ln"), "tr": ("function", "tr")}
_BOARD: dict[str, tuple[str, str]] = {
    "\\mathbb{E}": ("stat", "E"),
    "\\mathbb{V}": ("stat", "Var"),
    "\\mathbb{I}": ("name", "I"),
    "\\mathbb{1}": ("name", "\\mathbf{1}"),
}
_CLOSING = {"(": ")", "[": "]", "{": "}", "\\{": "\\}", "<": "\\rangle", "|": "|", "||": "\\|"}
_DISPLAY = frozenset(
    "equation equation* displaymath math align align* aligned gather gather* gathered multline "
    "multline* split eqnarray eqnarray* flalign flalign*".split()
)


def tokenize(source: str) -> list[Token]:
    """Return the tokens of one formula, without what does not change its meaning.

    Brackets are checked here: the list that comes back is balanced and at most MAX_DEPTH deep.

    Raises
    ------
    ReadError : too long, a character or command that is not read, unbalanced brackets.

    >>> [t.text for t in tokenize(r"\\mathbf{k}_i \\cdot q")]
    ['{', 'k', '{', '_', 'i', '.', 'q']
    """
    if len(source) > MAX_CHARS:
        raise ReadError(
            f"the formula has {len(source)} characters, and at most {MAX_CHARS} are read",
            source[: MAX_CHARS + 1],
            MAX_CHARS,
            "give one formula at a time",
        )
    start, end = _outer(source)
    tokens: list[Token] = []
    _scan(source, start, end, tokens, True)
    return _balance(source, tokens)


def _outer(source: str) -> tuple[int, int]:
    """Strip blanks and the marks of mathematics around the whole: $..$, \\[..\\], \\(..\\)."""
    start, end = 0, len(source)
    while True:
        while start < end and source[start] in " \t\r\n":
            start += 1
        while end > start and source[end - 1] in " \t\r\n":
            end -= 1
        for left, right in (("$$", "$$"), ("$", "$"), ("\\[", "\\]"), ("\\(", "\\)")):
            if end - start >= len(left) + len(right) and source.startswith(left, start):
                stop = end
                # A full stop or comma after the closing mark belongs to the prose around it.
                while stop > start and source[stop - 1] in ".,; \t\r\n":
                    stop -= 1
                if source.endswith(right, start + len(left), stop):
                    start, end = start + len(left), stop - len(right)
                    break
        else:
            return start, end


def _scan(source: str, start: int, end: int, tokens: list[Token], outermost: bool) -> None:
    """Append the tokens of source[start:end]."""
    side = ""  # "l" or "r" right after \left or \right
    skip_to = -1
    rows = 0  # how many environments are open in which & and \\ mean something
    negate = -1
    for match in _TOKEN.finditer(source, start, end):
        group = match.lastgroup
        if group == "space":
            continue
        at = match.start()
        if at < skip_to:
            continue
        stop = match.end()
        if group == "letters":
            run = match.group()
            if len(run) == 1:
                tokens.append(Token("name", run, at, stop))
            elif len(run) > 2 and _in_script(tokens):
                tokens.append(Token("word", run, at, stop))  # x_{max}, q_{opt}
            elif run in _RUNS:
                kind, text = _RUNS[run]
                tokens.append(Token(kind, text, at, stop))
            elif len(run) > 3:
                raise ReadError(
                    f"the word {run[:30]} stands in the formula",
                    source,
                    at,
                    "put words in \\text{..}, and blanks between letters that are multiplied",
                )
            else:
                tokens.extend(
                    [Token("name", c, at + k, at + k + 1) for k, c in enumerate(run)],
                )
        elif group == "mark":
            text = match.group()
            if side:
                if text == "|" or text == "||":
                    tokens.append(Token("open" if side == "l" else "close", text, at, stop))
                    side = ""
                    continue
                if text == ".":
                    side = ""
                    continue
                if text == "<" or text == ">":
                    tokens.append(Token("open" if text == "<" else "close", "<", at, stop))
                    side = ""
                    continue
                side = ""
            kind, text = _PUNCTUATION[text]
            if negate >= 0 and kind == "rel" and text == "=":
                text, at, negate = "!=", negate, -1
            if kind != "amp" or rows:
                tokens.append(Token(kind, text, at, stop))
        elif group == "control":
            word = source[at + 1 : stop]
            known = COMMANDS.get(word)
            if known is not None:
                kind, text = known
                if side and kind == "bar":
                    kind = "open" if side == "l" else "close"
                side = ""
                if negate >= 0 and kind == "rel":
                    if text != "in" and text != "=":
                        raise ReadError("only \\not= and \\not\\in are read", source, negate)
                    text, at, negate = ("notin" if text == "in" else "!="), negate, -1
                tokens.append(Token(kind, text, at, stop))
            elif word in _SILENT:
                pass
            elif word in _LEFT:
                side = "l"
            elif word in _RIGHT:
                side = "r"
            elif word == "not":
                negate = at
            elif word in _WITH_ARGUMENT:
                skip_to = _argument_end(source, stop, end, word)
                if word == "hspace":
                    tokens.append(Token("quad", " ", at, skip_to))
            else:
                raise _unknown(source, word, at)
        elif group == "digits":
            if stop - at > MAX_DIGITS:
                raise ReadError(f"a number has more than {MAX_DIGITS} digits", source, at)
            tokens.append(Token("number", match.group(), at, stop))
        elif group == "styled":
            roman = match.group("roman")
            kind, text = _upright(roman)
            tokens.append(Token(kind, text, at, stop))
        elif group == "board":
            letter = match.group("faced") or match.group("faced1")
            text = f"\\{match.group('face').replace('Bbb', 'mathbb')}{{{letter}}}"
            kind, text = _BOARD.get(text, ("name", text))
            tokens.append(Token(kind, text, at, stop))
        elif group == "prose":
            _prose(source, match.start("said"), match.end("said"), tokens, at, outermost)
        elif group == "ones":
            tokens.append(Token("name", "\\mathbf{1}", at, stop))
        elif group == "begin":
            environment = match.group("environment")
            opens = source.startswith("begin", at + 1)
            if environment == "cases":
                rows += 1 if opens else -1
                tokens.append(Token("open" if opens else "close", "cases", at, stop))
            elif environment not in _DISPLAY:
                raise ReadError(
                    f"the environment {environment or '(without a name)'} is not read",
                    source,
                    at,
                    "matrices are read by their letters, not entry by entry"
                    if "matrix" in environment or environment == "array"
                    else "",
                )
        elif group == "science":
            raise ReadError(
                f"{match.group()[:30]} may be a power of ten or a product with e",
                source,
                at,
                "write 2 \\cdot 10^{3}",
            )
        elif group == "other":
            _other(source, match.group(), at, stop, tokens)
        if len(tokens) > MAX_TOKENS:
            raise ReadError(
                f"the formula has more than {MAX_TOKENS} tokens", source, at, "give one at a time"
            )
    if negate >= 0:
        raise ReadError("only \\not= and \\not\\in are read", source, negate)


def _in_script(tokens: list[Token]) -> bool:
    """Whether the next token is the first one of a subscript or superscript."""
    if not tokens:
        return False
    if tokens[-1].kind == "open" and tokens[-1].text == "{":
        return len(tokens) > 1 and tokens[-2].kind in ("_", "^")
    return tokens[-1].kind == "_"


def _other(source: str, char: str, at: int, stop: int, tokens: list[Token]) -> None:
    """A character outside ASCII letters, digits and marks: a known symbol, or refused."""
    known = _UNICODE.get(char)
    if known is not None:
        if known[0] == "sup-T":
            tokens.append(Token("^", "^", at, stop))
            tokens.append(Token("mark", "T", at, stop))
        else:
            tokens.append(Token(known[0], known[1], at, stop))
        return
    code = ord(char)
    if char == "$":
        raise ReadError("a $ stands inside the formula", source, at, "give one formula at a time")
    if char == "\\":
        raise ReadError("the formula ends in a lone backslash", source, at)
    if code < 32 or 127 <= code < 160:
        raise ReadError(f"a control character (U+{code:04X}) is not read", source, at)
    if not char.isprintable():
        raise ReadError(f"an invisible character (U+{code:04X}) is not read", source, at)
    raise ReadError(f"the character {char} (U+{code:04X}) is not read", source, at)


def _unknown(source: str, word: str, at: int) -> ReadError:
    """The error for a command that is not read, with the nearest known one as a hint."""
    # TeX also takes digits after \write as its argument: name the whole of \write18.
    if word in _DANGEROUS:
        digits = re.compile(r"[0-9]*").match(source, at + 1 + len(word))
        shown = word + (digits.group() if digits else "")
        return ReadError(
            f"the command \\{shown} is not allowed in a formula",
            source,
            at,
            "only mathematics is read, and nothing is executed",
        )
    if word in _REFUSED:
        return ReadError(_REFUSED[word], source, at)
    if word in "()[]":
        return ReadError(f"\\{word} stands inside the formula", source, at)
    if word.startswith("operatorname") or word in ("text", "mbox"):
        return ReadError(f"\\{word} is not followed by plain words in braces", source, at)
    if word.startswith(("math", "Bbb")):
        return ReadError(f"\\{word} is not followed by one letter", source, at)
    if not word.isalpha() or not word.isascii():
        shown = word if word.isprintable() and not word.isspace() else f"U+{ord(word):04X}"
        return ReadError(f"a backslash before {shown} is not read", source, at)
    import difflib

    near = difflib.get_close_matches(word[:40], COMMANDS, n=1, cutoff=0.75)
    shown = word if len(word) <= 40 else word[:40] + "..."
    return ReadError(
        f"the command \\{shown} is not known",
        source,
        at,
        f"did you mean \\{near[0]}?" if near else "",
    )


def _upright(word: str) -> tuple[str, str]:
    """Kind and text of upright letters: a function, a statistic, a letter or a word."""
    known = _UPRIGHT_LETTERS.get(word) or _WORDS.get(word)
    if known is not None:
        return known
    if word.lower() in CONNECTIVES:
        return "text", word
    return ("name" if len(word) == 1 and word.isalpha() and word.isascii() else "word"), word


def _argument_end(source: str, at: int, end: int, word: str) -> int:
    """The place after `{...}` that begins at `at`; nothing in it is read."""
    while at < end and source[at] in " *\t":
        at += 1
    if at < end and source[at] == "{":
        close = source.find("}", at, end)
        if close >= 0 and source.find("{", at + 1, close) < 0:
            return close + 1
    raise ReadError(f"\\{word} is not followed by {{...}}", source, min(at, len(source)))


def _prose(
    source: str, start: int, end: int, tokens: list[Token], at: int, outermost: bool
) -> None:
    """Words inside \\text{..}; formulas between $ signs in them are tokens again."""
    said = source[start:end]
    if "$" not in said:
        kind, text = _upright(said.strip())
        tokens.append(Token("text" if kind == "word" else kind, text, at, end + 1))
        return
    pieces = said.split("$")
    if len(pieces) % 2 == 0 or not outermost:
        raise ReadError("a $ inside \\text is not closed", source, start + said.index("$"))
    for count, piece in enumerate(pieces):
        if count % 2:
            _scan(source, start, start + len(piece), tokens, False)
        elif piece.strip():
            tokens.append(Token("text", piece.strip(), start, start + len(piece)))
        start += len(piece) + 1


def _balance(source: str, tokens: list[Token]) -> list[Token]:
    """Refuse brackets that do not match or are nested too deep; drop wide blanks inside them."""
    stack: list[Token] = []
    blanks = False
    for token in tokens:
        if token.kind == "quad":
            blanks = blanks or bool(stack)
        elif token.kind == "open":
            stack.append(token)
            if len(stack) > MAX_DEPTH:
                raise ReadError(
                    f"brackets are nested more than {MAX_DEPTH} deep", source, token.start
                )
        elif token.kind == "close":
            if not stack:
                shown = source[token.start : token.end]
                raise ReadError(f"{shown} closes nothing", source, token.start)
            if stack[-1].text != token.text:
                was, shown = stack[-1], source[token.start : token.end]
                raise ReadError(
                    f"{source[was.start : was.end]} is closed by {shown}", source, token.start
                )
            stack.pop()
    if stack:
        last = stack[-1]
        shown = source[last.start : last.end]
        missing = _CLOSING.get(last.text, "\\end{cases}")
        raise ReadError(f"{shown} is never closed", source, last.start, f"{missing} is missing")
    if not blanks:
        return tokens
    level = 0
    kept = []
    for token in tokens:
        if token.kind == "open":
            level += 1
        elif token.kind == "close":
            level -= 1
        if level == 0 or token.kind != "quad":
            kept.append(token)
    return kept
