r"""What holds at a place of a document: kinds of letters, hypotheses, definitions, and doubts.

A doubt is something said of a letter that was not understood.  A link that holds a doubtful letter
is never refuted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from symattn.check.equality.standing import Standing
from symattn.document.chains import Stated, letters, parsed
from symattn.latex import nodes as n
from symattn.latex.names import canonical, spelled

_SPACE = re.compile(
    r"\\(?:mathbb|bm|mathbf|mathrm)?\s?\{?\\?R\}?\s*(?:\^\s*(?:\{(?P<sizes>[^{}]*)\}|(?P<one>[A-Za-z0-9])))?"
    r"(?P<sign>_\{?(?:\\ge(?:q)?\s?0|>\s?0|\+|\+\+)\}?)?|R\^\s*(?:\{(?P<plain>[^{}]*)\}|(?P<short>[a-z0-9]))"
)
_COUNTING = re.compile(r"\\(?:mathbb|mathbf)\s?\{?(?P<which>[NZ])\}?(?:_.*|\^.*)?")
_INTERVAL = re.compile(r"(?P<open>[(\[])\s*(?P<low>[^,()\[\]]+),\s*(?P<high>[^,()\[\]]+?)\s*(?P<close>[)\]])")
_TIMES = re.compile(r"\\times|(?<=[\sA-Za-z0-9])x(?=[\sA-Za-z0-9])")
_NORMAL = re.compile(
    r"\\(?:mathcal|mathsf|mathrm)?\s?\{?(?:\\mathcal)?\s?N(?:ormal)?\}?\s*(?:\\left)?\("
)
ORDER = frozenset(["<", ">", "<=", ">=", "!="])

# What is said of a letter in words: understood (a kind), harmless, or a doubt.
KINDS: tuple[tuple[str, str], ...] = (
    (r"orthonormal columns|columns (?:are|that are) orthonormal", "orthonormal"),
    (r"orthogonal(?! to)|orthonormal", "orthogonal"),
    (r"unit (?:vectors?|norm|length)|of (?:norm|length) (?:one|1)", "unit"),
    (r"symmetric|positive (?:semi-?)?definite|self-?adjoint", "symmetric"),
    (r"(?:strictly )?positive(?! (?:semi-?)?definite| integer)", "positive"),
    (r"non-?negative", "nonnegative"),
    (r"integers?|whole numbers?|natural numbers?", "integer"),
)
_KINDS = tuple((re.compile(rf"\b(?:{words})\b", re.I), kind) for words, kind in KINDS)
DOUBT = (
    "diagonal|stochastic|independent|skew|antisymmetric|sparse|unitary|triangular|idempotent|"
    "projections?|projectors?|rotations?|permutations?|rank|densit(?:y|ies)|distributions?|laws?|"
    "simplex|normali[sz]ed|eigen\\w*|singular|solutions?|solves?|minimi\\w*|maximi\\w*|optim\\w*|"
    "roots?|satisf\\w*|mean|average|variance|covariance|deviation|norms?|inverse|products?|sums?|"
    "ratios?|differences?|transposes?|determinant|trace|softmax|sigmoid|entropy|derivatives?|"
    "jacobian|hessian|squares?|half|fraction|total|complement|stationary|errors?|residuals?|"
    "expect\\w*|moments?|correlation|kernel|posterior|likelihood|odds|logarithm|random|centred|"
    "centered|zero|one|equal|commut\\w*|same|bounded|constant in|function|whose|average of"
)
_BE = (
    rf"\b(?:be|is|are|denotes?|stands? for|means|as)\b(?:\s+(?:the|a|an|their|its|two|any))?"
    rf"(?:\s+[\w-]+){{0,3}}?\s+(?:{DOUBT})\b"
)
_IS_DOUBTFUL = re.compile(_BE, re.I)
_NAMED_DOUBTFUL = re.compile(rf"\b(?:the|their|its)(?:\s+[\w-]+){{0,2}}?\s+(?:{DOUBT})\s*(?:of\s+[\w ]*)?$", re.I)
_SAID_DOUBTFUL = re.compile(
    r"\b(?:independent|i\.i\.d|diagonal|stochastic|unitary|rotations?|permutations?|idempotent|simplex|"
    r"satisf\w*|solves?|minimi\w*|maximi\w*|commut\w*|normali[sz]ed|triangular)\b",
    re.I,
)


@dataclass(frozen=True)
class Holds:
    """What holds at a place; each change makes another.

    shapes : name -> rows, columns, and "symmetric"; signs : name -> positive, nonnegative, real.
    given : relations as they are written; kinds : name -> orthonormal, orthogonal or unit.
    standing : what names stand for, in their order; doubts : name -> what was not understood.
    """

    shapes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    signs: dict[str, str] = field(default_factory=dict)
    integers: frozenset[str] = frozenset()
    given: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    standing: dict[str, Standing] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    equations: tuple[tuple[str, str], ...] = ()

    def doubting(self, names: Iterable[str], why: str) -> Holds:
        return replace(self, doubts={**dict.fromkeys(names, why), **self.doubts})

    def with_standing(self, one: Standing) -> Holds:
        name = canonical(one.name)
        kept = {key: s for key, s in self.standing.items() if key != name}
        doubts = {key: why for key, why in self.doubts.items() if key != name}
        return replace(self, standing={**kept, name: one}, doubts=doubts)

    def opaque(self, name: str, why: str) -> Holds:
        """Forget what a name stands for, and doubt it."""
        kept = {key: s for key, s in self.standing.items() if key != name}
        return replace(self, standing=kept).doubting([name], why)

    # formulas --------------------------------------------------------------------------------------

    def take(self, one: Stated) -> Holds | None:
        """Take up a membership, a law or an inequality as a hypothesis; None for anything else."""
        if len(one.sides) < 2:
            if one.ranged:
                return replace(self, integers=self.integers | set(map(canonical, one.ranged)))
            return self if not one.relations else None
        if one.relations == ("in",):
            return self._member(one.sides[0], one.sides[1])
        if one.relations == ("~",):
            found = letters(one.sides[0])
            return self.doubting(found or (), "its law is not read")
        if ORDER.issuperset(one.relations):
            return self._ordered(one)
        return None

    def _member(self, side: str, where: str) -> Holds:
        name = bare(side)
        if name is None:
            return self.doubting(letters(side) or (), f"{side} \\in {where} is not read")
        named = name[0]
        if space := _SPACE.fullmatch(where.strip()):
            sizes = space["sizes"] or space["one"] or space["plain"] or space["short"] or ""
            if space["sign"]:
                return replace(self, signs={**self.signs, named: "nonnegative"})
            if not sizes:
                return replace(self, signs={named: "real", **self.signs})
            rows = [part.strip() for part in _TIMES.split(sizes)]
            if all(re.fullmatch(r"[A-Za-z]|\d+|\\[a-z]+", part) for part in rows) and len(rows) < 3:
                if not name[1]:
                    both = (rows[0], "1") if len(rows) == 1 else (rows[0], rows[1])
                    return replace(self, shapes={**self.shapes, named: both})
        if _COUNTING.fullmatch(where.strip()):
            return replace(self, integers=self.integers | {named})
        if interval := _INTERVAL.fullmatch(where.strip()):
            low = "<" if interval["open"] == "(" else r"\le"
            high = "<" if interval["close"] == ")" else r"\le"
            given = f"{interval['low']} {low} {side} {high} {interval['high']}"
            return replace(self, given=(*self.given, given))
        return self.doubting([named], f"{side} \\in {where} is not read")

    def _ordered(self, one: Stated) -> Holds:
        if one.relations == (">",) and one.sides[1].strip() == "0" and (name := bare(one.sides[0])):
            return replace(self, signs={**self.signs, name[0]: "positive"})
        if one.relations == (">=",) and one.sides[1].strip() == "0" and (name := bare(one.sides[0])):
            if self.signs.get(name[0]) != "positive":
                return replace(self, signs={**self.signs, name[0]: "nonnegative"})
            return self
        signs = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne"}
        said = one.sides[0]
        for sign, side in zip(one.relations, one.sides[1:]):
            said += f" {signs.get(sign, sign)} {side}"
        return replace(self, given=(*self.given, said))

    # words -----------------------------------------------------------------------------------------

    def told(self, before: str, names: list[str], after: str) -> Holds:
        """Take up what the words round a list of letters say of them."""
        found = self
        kind = _of_words(before, after)
        if kind == "symmetric":
            shapes = dict(self.shapes)
            for name in names:
                if len(shapes.get(name, ())) == 2 and shapes[name][0] == shapes[name][1]:
                    shapes[name] = (*shapes[name][:2], "symmetric")
                else:
                    found = found.doubting([name], "it is said to be symmetric")
            found = replace(found, shapes=shapes)
        elif kind in ("positive", "nonnegative"):
            found = replace(found, signs={**found.signs, **dict.fromkeys(names, kind)})
        elif kind == "integer":
            found = replace(found, integers=found.integers | set(names))
        elif kind:
            found = replace(found, kinds={**found.kinds, **dict.fromkeys(names, kind)})
        doubtful = _IS_DOUBTFUL.search(after) or _NAMED_DOUBTFUL.search(before)
        doubtful = doubtful or _SAID_DOUBTFUL.search(after) or _SAID_DOUBTFUL.search(before)
        if doubtful:
            found = found.doubting(names, f"{' '.join(doubtful.group().split())!r} is not read")
        return found

    # comments --------------------------------------------------------------------------------------

    def commented(self, said: str) -> Holds:
        r"""Take up `S in R^{d x s}, S^T S = I, beta > 0`; it takes precedence over the text.

        Raises
        ------
        ValueError : a part is not understood.

        >>> Holds().commented("S in R^{d x s}, S^T S = I").kinds
        {'S': 'orthonormal'}
        """
        found = self
        for part in re.split(r",(?![^{]*\})", said):
            text = re.sub(r"(?<!\\)\bin\b", r"\\in ", part.strip())
            gram = re.fullmatch(r"(\S+)\s?\^\{?(?:T|\\top)\}?\s*(\S+)\s*=\s*I", text)
            symmetric = re.fullmatch(r"(\S+)\s?\^\{?(?:T|\\top)\}?\s*=\s*(\S+)", text)
            if gram and gram[1] == gram[2]:
                found = replace(found, kinds={**found.kinds, canonical(gram[1]): "orthonormal"})
                continue
            if symmetric and symmetric[1] == symmetric[2]:
                found = found.told("symmetric", [canonical(symmetric[1])], "")
                continue
            sides = re.split(r"(\\in |<=|>=|<|>|=)", text)
            if len(sides) != 3:
                raise ValueError(part.strip())
            name, sign, value = canonical(sides[0].strip()), sides[1].strip(), sides[2].strip()
            if sign == "=":
                found = found.with_standing(Standing(sides[0].strip(), value))
                continue
            kind = {"\\in": "in"}.get(sign, sign)
            made = found.take(Stated((sides[0].strip(), value), (kind,)))
            if made is None or (name in made.doubts and name not in found.doubts):
                raise ValueError(part.strip())
            found = made
        return found


def _of_words(before: str, after: str) -> str:
    head = re.split(r"[,;:]|\band \$|\bwith\b(?! (?:unit|orthonormal))", after, maxsplit=1)[0][:60]
    for pattern, kind in _KINDS:
        if re.match(r"\s*(?:both\s+)?(?:be|is|are|has|have|having|with|,)?\b", head) and pattern.search(head):
            return kind
        tail = pattern.search(before[-40:])
        if tail and re.fullmatch(
            r"\s*(?:matri(?:x|ces)|vectors?|numbers?|scalars?|constants?|angles?)?\s*",
            before[-40:][tail.end() :],
        ):
            return kind
    return ""


def bare(side: str) -> tuple[str, tuple[str, ...], bool] | None:
    r"""Return a name with its indices or arguments, and whether it is a function; None for others.

    >>> bare("p_i"), bare(r"\sigma(x)"), bare("2x")
    (('p', ('i',), False), ('\\sigma', ('x',), True), None)
    """
    tree = parsed(side)
    if tree is None or tree.relations or tree.conditions or len(tree.terms) != 1:
        return None
    node = tree.terms[0]
    if type(node) is n.Apply and re.fullmatch(r"\\?[A-Za-z]+", node.function):
        names = [a for a in node.arguments if type(a) is n.Name and not a.indices]
        plain = len(node.function) == 1 or node.function.startswith("\\")
        if plain and len(names) == len(node.arguments) and names:
            return node.function, tuple(spelled(a, side) for a in names), True
        return None
    if type(node) is not n.Name or node.primes:
        return None
    letters_ = [i for i in node.indices if type(i) is n.Name and not i.indices and len(i.base) == 1]
    if node.indices and len(letters_) == len(node.indices):
        return node.base, tuple(i.base for i in letters_), False
    return spelled(node, side), (), False
