"""What the words beside a letter say of it: a kind that is understood, nothing, or a doubt.

Words that only say what a letter is called by are harmless.  Any other word leaves a doubt: a letter
of which something is not understood is never part of a link that is called wrong.
"""

from __future__ import annotations

import re

KINDS: tuple[tuple[str, str], ...] = (
    (r"orthonormal columns|columns (?:are|that are) orthonormal", "orthonormal"),
    (r"orthogonal(?! to)|orthonormal", "orthogonal"),
    (r"unit (?:vectors?|norm|length)|of (?:norm|length) (?:one|1)", "unit"),
    (r"symmetric|positive (?:semi-?)?definite|self-?adjoint", "symmetric"),
    (r"(?:strictly )?positive(?! (?:semi-?)?definite| integer)", "positive"),
    (r"non-?negative", "nonnegative"),
    (r"(?:positive )?integers?|whole numbers?|natural numbers?", "integer"),
)
_KINDS = tuple((re.compile(rf"(?<![\w-])(?:{words})\b", re.I), kind) for words, kind in KINDS)
_OF_MATRIX = re.compile(
    r"\bentries of an? (?:covariance|positive definite|symmetric) matrix\b", re.I
)
_BEING = frozenset(
    "be is are denote denotes denoting stand stands mean means represent represents has have having "
    "with whose being was were".split()
)
HARMLESS = frozenset(
    "a an the of for by in to on at and or as their its our be is are given fixed arbitrary any some "
    "real scalar scalars vector vectors matrix matrices constant constants number numbers column "
    "columns row rows entry entries coordinate coordinates input inputs output outputs logit logits "
    "query queries key keys value values weight parameter parameters feature features label labels "
    "target targets data datum example examples observation observations reward rewards action "
    "actions state states token tokens position positions gradient upstream incoming outgoing "
    "dimension dimensions size sizes width height length depth index indices batch layer layers head "
    "heads variable variables random two three four different distinct another other all both each "
    "every one single learning rate step steps hyperparameter temperature bias offset gain scale "
    "shift angle angles frequency time discount coefficient coefficients unknown known "
    "invertible nonsingular non-singular regular finite large small nonzero non-zero negative "
    "variances model embedding embeddings hidden image point points set now then "
    "here chosen free square tall again respectively where that which we class classes "
    "pair pairs new old previous next first second third last i.e current baseline slope intercept "
    "strength let so if shrunk divided multiplied used taken called observed updated turned replaced "
    "split has have with score scores velocity momentum threshold thresholds margin channel channels "
    "node nodes edge edges candidate candidates speed "
    "successes failures trials observations tosses mini-batch".split()
)
"""Words after a letter that do not bind it; `positive` and its like are inequalities and read."""
_NO_VERBS = frozenset(
    "this its as was plus times minus thus does always is has yields gives becomes gets changes "
    "is follows reads looks counts stands needs means across versus towards afterwards hence "
    "increases decreases grows depends-on vs us".split()
)
_VERBS = frozenset(
    "sum add satisfy solve minimise minimize maximise maximize commute lie depend form span obey "
    "vanish equal share differ agree coincide diagonalise diagonalize generate follow converge".split()
)
_COUNTED = re.compile(r"\b(?:over|of|for|with|by|from|the|all|these|in|to|at|on|into)\s*$", re.I)
"""Before a letter that counts what comes behind it: `over $N$ frequencies`."""
_OPENING = re.compile(r"\b(?:let|suppose|assume|assuming|that|and)\s*$", re.I)
_NOUN = (
    "projections?|projectors?|rotations?|permutations?|rank|densit(?:y|ies)|distributions?|laws?|"
    "eigen\\w*|singular values?|solutions?|minimi[sz]ers?|maximi[sz]ers?|optim\\w*|roots?|means?|averages?|"
    "variances?|covariances?|deviations?|norms?|inverses?|products?|sums?|ratios?|differences?|"
    "transposes?|determinant|trace|softmax|sigmoid|entropy|derivatives?|jacobian|hessian|squares?|half|"
    "fraction|total|complement|errors?|residuals?|expectations?|moments?|correlation|kernel|posterior|"
    "likelihood|odds|logarithms?|functions?|maximum|minimum|probabilit(?:y|ies)|estimat\\w*|limits?|"
    "zeros?|part|components?|factors?|unit"
)
_KIND = (
    "independent|uncorrelated|i\\.i\\.d|diagonal|stochastic|skew[\\w-]*|anti-?symmetric|unitary|"
    "triangular|idempotent|simplex|normali[sz]ed|stationary|centred|centered|standard|zero-mean|"
    "projections?|rotations?|permutations?|nilpotent|circulant|probability|low-rank|hermitian|"
    "bernoulli|gaussian|normal|binary|involut\\w+|commuting|even|odd|linear|golden|primitive"
)
_NAMED = re.compile(
    rf"\b(?:(?:the|their|its)(?:\s+[\w-]+){{0,2}}?\s+(?:{_NOUN})|(?:{_KIND})(?:\s+[\w-]+){{0,2}})\s*$",
    re.I,
)
_FUNCTIONS = re.compile(
    r"\b(?:logistic|sigmoid|gamma function|(?:standard )?normal (?:cumulative )?distribution function)\b"
)


def kind_said(before: str, after: str) -> tuple[str, bool]:
    """Return the kind that words say, and whether they say it of all in the list.

    >>> kind_said("Let ", " be symmetric"), kind_said("a unit vector ", "")
    (('symmetric', True), ('unit', True))
    >>> kind_said("a skew-symmetric matrix ", "")
    ('', True)
    """
    head = re.split(r"[,;:]|\bwith\b(?! (?:unit|orthonormal))", after, maxsplit=1)[0][:60]
    said = re.match(r"\s*(?:both\s+)?(?P<verb>be|is|are|has|have|having|with)?\b", head)
    for pattern, kind in _KINDS:
        inside = pattern.search(head)
        if said and inside and not re.search(r"\b(?:of|for|to|the)\b", head[: inside.start()]):
            return kind, bool(said["verb"])
        tail = pattern.search(before[-40:])
        if tail and re.fullmatch(
            r"\s*(?:matri(?:x|ces)|vectors?|numbers?|scalars?|constants?|angles?)?\s*",
            before[-40:][tail.end() :],
        ):
            return kind, True
    return "", True


def doubt_said(before: str, after: str, valued: bool, followed: bool = False) -> str:
    """Return the word beside a letter that is not understood and may bind it; '' for none.

    valued : a definition comes next, which says in a formula what the words name.
    followed : a relation comes next, of which `has the` speaks.

    >>> doubt_said("Let ", " be the logits", False), doubt_said("Let ", " be a Bernoulli variable", False)
    ('', 'bernoulli')
    >>> doubt_said("where ", " solves the equation", False), doubt_said("a stochastic matrix ", "", False)
    ('solves', 'stochastic matrix')
    """
    named = _NAMED.search(before)
    if named:
        first = named.group().split()[0].lower()
        return (
            first if first in ("independent", "uncorrelated") else " ".join(named.group().split())
        )
    clause = _OF_MATRIX.sub(" ", re.split(r"[,;:]", after, maxsplit=1)[0])
    clause = _FUNCTIONS.sub(" ", clause.lower())
    for pattern, _ in _KINDS:
        clause = pattern.sub(" ", clause)
    if followed:
        clause = re.sub(r"\bby the factor\s*$", "", clause)
    words = re.findall(r"[a-z][a-z.'-]*", clause.replace("(", " "))
    if not words:
        return ""
    first, *rest = words
    if first in ("which", "that", "both", "all") and rest:
        first, *rest = rest
    if first in _BEING:
        if valued and first in ("with", "has", "have", "having", "whose") and len(rest) == 1:
            return ""
        if followed and first in ("has", "have") and rest[:1] == ["the"] and len(rest) == 2:
            return ""
        return next((w for w in rest if w not in HARMLESS), "")
    opened = _OPENING.search(before) is not None and before.strip().lower() != "and"
    if opened and first not in HARMLESS:
        return first
    if first in _VERBS:
        return first
    verb = first.endswith("s") and not _COUNTED.search(before)
    return first if verb and first not in _NO_VERBS and first not in HARMLESS else ""
