"""The commands, marks and words that are read, and why some of them are not."""

from __future__ import annotations

GREEK = (
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
    "->": ("->", "to rightarrow longrightarrow uparrow downarrow nearrow searrow"),
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
    ":=": (":=", "coloneqq coloneq triangleq doteq eqdef defeq"),
    "perp": ("perp", "perp bot"),
    "subset": ("subset", "subset subseteq"),
}
_FUNCTIONS = (
    "exp ln log sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min tr Tr "
    "softmax sigmoid logistic expit erf erfc diag span rank det sign sgn argmax argmin lg arsinh "
    "artanh arcosh trace LambertW sqrt vec dim ker sup inf logsumexp LSE lse"
).split()
_FUNCTION_ALIASES = {
    "Tr": "tr",
    "trace": "tr",
    "sigmoid": "logistic",
    "expit": "logistic",
    "sgn": "sign",
    "LambertW": "W",
    "sup": "max",
    "inf": "min",
    "LSE": "logsumexp",
    "lse": "logsumexp",
}
_STATISTICS = {
    "E": "E",
    "Exp": "E",
    "Cov": "Cov",
    "cov": "Cov",
    "Var": "Var",
    "var": "Var",
    "Covar": "Cov",
    **dict.fromkeys("sd SD std Std stdev".split(), "sd"),
}
UPRIGHT_LETTERS = {"d": ("diff", "d"), "E": ("stat", "E"), "Id": ("name", "I")}

COMMANDS: dict[str, tuple[str, str]] = {}
COMMANDS.update((word, ("name", "\\" + word)) for word in GREEK)
COMMANDS.update((word, ("name", "\\" + same)) for word, same in _VARIANTS.items())
for _sign, _words in _RELATIONS.values():
    COMMANDS.update((word, ("rel", _sign)) for word in _words.split())
COMMANDS.update(
    (word, ("function", _FUNCTION_ALIASES.get(word, word)))
    for word in (
        "exp ln log lg sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min "
        "sup inf det dim ker argmax argmin"
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
        "setminus": ("without", "\\"),
        "smallsetminus": ("without", "\\"),
        "otimes": ("op", "ox"),
        "odot": ("op", "odot"),
        "lfloor": ("open", "floor"),
        "rfloor": ("close", "floor"),
        "lceil": ("open", "ceil"),
        "rceil": ("close", "ceil"),
        "partial": ("partial", "\\partial"),
        "nabla": ("partial", "\\nabla"),
        "norm": ("fence", "||"),
        "abs": ("fence", "|"),
        "underbrace": ("brace", "_"),
        "overbrace": ("brace", "^"),
        "over": ("over", "over"),
        "Pr": ("name", "\\Pr"),
        # what people define for themselves, always for the same
        "E": ("stat", "E"),
        "EE": ("stat", "E"),
        "Var": ("stat", "Var"),
        "Cov": ("stat", "Cov"),
        "R": ("name", "\\mathbb{R}"),
        "therefore": ("text", "therefore"),
        "because": ("text", "because"),
        "qed": ("end-mark", "qed"),
        "square": ("end-mark", "qed"),
        "Box": ("end-mark", "qed"),
        "blacksquare": ("end-mark", "qed"),
        "xRightarrow": ("label", "=>"),
        "xrightarrow": ("label", "->"),
        "xlongrightarrow": ("label", "->"),
        "overset": ("label", ""),
        "underset": ("label", ""),
        "stackrel": ("label", ""),
    }
)

# Dropped: they change how a formula looks and not what it says.
SILENT = frozenset(
    [",", ";", ":", "!", " ", ">", "/"]
    + (
        "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag "
        "thinspace medspace thickspace negthinspace enspace allowbreak nobreak strut mathstrut "
        "mathbf boldsymbol bm pmb vec underline mathrm mathit mathsf mathtt mathnormal "
        "overrightarrow boxed mathop mathbin mathrel mathord rm bf it cal bfseries smash "
        "ensuremath relax symbf symbfit symrm symup big Big bigg Bigg substack hfill hfil null "
        "noindent centering small footnotesize mathopen mathclose mathinner displaylimits qedhere"
    ).split()
)
LEFT = frozenset("left bigl Bigl biggl Biggl".split())
RIGHT = frozenset("right bigr Bigr biggr Biggr".split())
WITH_ARGUMENT = frozenset(
    "label tag hspace vspace hphantom vphantom phantom color textcolor".split()
)

PICK = "write the inequality for every other index: k_i \\cdot q > k_l \\cdot q, l \\ne i"
# What is not read: the sentence, and what to write instead.
REFUSED: dict[str, tuple[str, str]] = {
    "pm": ("\\pm stands for two values", "give two formulas, one with + and one with -"),
    "mp": ("\\mp stands for two values", "give two formulas, one with - and one with +"),
    "arg": ("\\arg is not read", PICK),
    "circ": ("\\circ may be an elementwise product, a composition or degrees", ""),
    "oplus": ("\\oplus is not read", ""),
    "limsup": ("\\limsup is not read", ""),
    "liminf": ("\\liminf is not read", ""),
    "cup": ("unions of sets are not read", "list the members: \\{i, j\\}"),
    "cap": ("intersections of sets are not read", "list the members: \\{i, j\\}"),
    "lor": ("alternatives (\\lor) are not read", "give one formula at a time"),
    "vee": ("alternatives (\\vee) are not read", "give one formula at a time"),
    "neg": ("negations are not read", ""),
    "lnot": ("negations are not read", ""),
    "middle": ("\\middle is not read", "leave it out"),
    "iint": ("multiple integrals are not read", ""),
    "oint": ("contour integrals are not read", ""),
    "%": ("percentages are not read", "write a fraction"),
    "parallel": ("\\parallel is not read", "write u = \\lambda v, or u \\propto v"),
    "gets": ("\\gets is not read", "turn the relation round, or write ="),
    "leftarrow": ("\\leftarrow is not read", "turn the relation round"),
    "mapsto": ("\\mapsto is not read", "write what the letter is, with ="),
    "asymp": ("\\asymp is not read", "write \\approx for nearly equal"),
    "emptyset": ("the empty set is not read", "sets are read as \\{i, j\\}"),
    "cancel": ("struck-out terms (\\cancel) are not read", "leave them out"),
    "choose": ("\\choose is not read", "write \\binom{..}{..}"),
    "Re": ("complex numbers are not read", ""),
    "Im": ("complex numbers are not read", ""),
}
DANGEROUS = frozenset(
    (
        "input include write immediate openin openout read closein closeout def edef gdef "
        "xdef let csname endcsname catcode expandafter newcommand renewcommand providecommand "
        "special jobname loop repeat newread newwrite directlua luaexec latelua verbatiminput "
        "lstinputlisting usepackage documentclass DeclareMathOperator includegraphics import "
        "subimport href url if else fi ifx ifnum noexpand futurelet afterassignment "
        "aftergroup output shipout message errmessage typeout batchmode makeatletter string "
        "meaning number romannumeral uppercase lowercase the count dimen toks hbox vbox "
        "halign valign scantokens ShellEscape IfFileExists InputIfFileExists pdffiledump "
        "pdfmdfivesum"
    ).split()
)

PUNCTUATION: dict[str, tuple[str, str]] = {
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
    "=:": ("rel", "="),
    "&": ("amp", "&"),
}
# Words that join a condition to a formula; all others in \\text are refused.
CONNECTIVES = frozenset(
    (
        "with where when whenever as for if provided given assuming since because under let here "
        "while such limit and or but also so thus hence then therefore all any every each some the a an "
        "in of that is are we have get large small sufficiently very enough fixed be holds it at "
        "big huge really s.t letting taking distinct different other otherwise else implies gives i.e "
        "e.g namely indices index over "
        "iff only arbitrarily scale constant scalar number parameter real positive arbitrary factor"
    ).split()
) - {"a"}
WORDS: dict[str, tuple[str, str]] = {
    word: ("function", _FUNCTION_ALIASES.get(word, word)) for word in _FUNCTIONS
}
WORDS.update((word, ("stat", same)) for word, same in _STATISTICS.items() if len(word) > 1)
# Letters that run together and spell a function are the function, not a product of letters.
RUNS = {
    word: kind
    for word, kind in WORDS.items()
    if len(word) > 2 and word not in ("dim", "ker", "vec", "det", "sec", "std", "Std")
} | {"ln": ("function", "ln"), "tr": ("function", "tr")}
BOARD: dict[str, tuple[str, str]] = {
    "\\mathbb{E}": ("stat", "E"),
    "\\mathbb{V}": ("stat", "Var"),
    "\\mathbb{I}": ("name", "I"),
    "\\mathbb{1}": ("name", "\\mathbf{1}"),
}
CLOSING = {
    "floor": "\\rfloor",
    "ceil": "\\rceil",
    "(": ")",
    "[": "]",
    "{": "}",
    "\\{": "\\}",
    "<": "\\rangle",
    "|": "|",
    "||": "\\|",
}
DISPLAY = frozenset(
    "equation equation* displaymath math align align* aligned gather gather* gathered multline "
    "multline* split eqnarray eqnarray* flalign flalign*".split()
)
DISTRIBUTIONS = frozenset(
    "bernoulli ber bern uniform unif normal gaussian binomial bin categorical cat multinomial "
    "exponential poisson gamma beta dirichlet laplace cauchy".split()
)
CASES = frozenset("cases dcases rcases cases* dcases*".split())
MATRICES = frozenset("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix array".split())
