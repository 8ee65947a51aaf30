r"""What holds at a place of a document: kinds of letters, hypotheses, definitions, and doubts.

A doubt is something said of a letter that was not understood.  A link that holds a doubtful letter
is never refuted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from symattn.check.equality.named_laws import normal_law
from symattn.check.equality.spellings import is_entropy
from symattn.check.equality.standing import Standing
from symattn.document.chains import Stated, letters, parsed
from symattn.document.sayings import doubt_said, kind_said
from symattn.latex import nodes as n
from symattn.latex.cursor import FUNCTION_LETTERS
from symattn.latex.names import canonical, spelled

_SPACE = re.compile(
    r"\\(?:mathbb|bm|mathbf|mathrm)?\s?\{?\\?R\}?\s*(?:\^\s*(?:\{(?P<sizes>[^{}]*)\}|(?P<one>[A-Za-z0-9])))?"
    r"(?P<sign>_\{?(?:\\ge(?:q)?\s?0|>\s?0|\+|\+\+)\}?)?|R\^\s*(?:\{(?P<plain>[^{}]*)\}|(?P<short>[a-z0-9]))"
)
_COUNTING = re.compile(r"\\(?:mathbb|mathbf)\s?\{?(?P<which>[NZ])\}?(?:_.*|\^.*)?")
_INTERVAL = re.compile(
    r"(?P<open>[(\[])\s*(?P<low>[^,()\[\]]+),\s*(?P<high>[^,()\[\]]+?)\s*(?P<close>[)\]])"
)
_TIMES = re.compile(r"\\times|(?<=[\sA-Za-z0-9])x(?=[\sA-Za-z0-9])")
ORDER = frozenset(["<", ">", "<=", ">=", "!="])


@dataclass(frozen=True)
class Known:
    """What holds at a place; each change makes another.

    shapes : name -> rows, columns, and "symmetric"; signs : name -> positive, nonnegative, real.
    given : relations as they are written; kinds : name -> orthonormal, orthogonal or unit.
    laws : name -> mean and variance of what is normal.
    equations : the letters of each equation that is supposed and binds them.
    standing : what names stand for, in their order; doubts : name -> what was not understood.
    """

    shapes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    signs: dict[str, str] = field(default_factory=dict)
    integers: frozenset[str] = frozenset()
    given: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    standing: dict[str, Standing] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    equations: tuple[frozenset[str], ...] = ()
    laws: dict[str, tuple[str, str]] = field(default_factory=dict)

    def doubting(self, names: Iterable[str], why: str) -> Known:
        return replace(self, doubts={**dict.fromkeys(names, why), **self.doubts})

    def with_standing(self, one: Standing) -> Known:
        """Let a name stand for something; what rested on its former meaning is known no longer."""
        name = canonical(one.name)
        found = self
        former = self.standing.get(name)
        if former is not None and former != one:
            for key, other in self.standing.items():
                if key != name and name in (letters(other.latex) or ()):
                    found = found.opaque(key, f"{name} is defined anew")
        kept = {key: s for key, s in found.standing.items() if key != name}
        doubts = {key: why for key, why in found.doubts.items() if key != name}
        return replace(found, standing={**kept, name: one}, doubts=doubts)

    def opaque(self, name: str, why: str) -> Known:
        """Forget what a name stands for, and doubt it."""
        kept = {key: s for key, s in self.standing.items() if key != name}
        return replace(self, standing=kept).doubting([name], why)

    # formulas --------------------------------------------------------------------------------------

    def take(self, one: Stated) -> Known | None:
        """Take up a membership, a law or an inequality as a hypothesis; None for anything else."""
        if len(one.sides) < 2:
            if one.ranged:
                return replace(self, integers=self.integers | set(map(canonical, one.ranged)))
            return self if not one.relations else None
        if one.relations == ("in",):
            return self._member(one.sides[0], one.sides[1])
        if one.relations == ("~",):
            name, law = bare(one.sides[0]), normal_law(one.sides[1])
            if name and not name[1] and law and name[0] not in self.shapes:
                return replace(self, laws={**self.laws, name[0]: law})
            found = letters(one.sides[0])
            return self.doubting(found or (), "its law is not read")
        if ORDER.issuperset(one.relations):
            return self._ordered(one)
        return None

    def _member(self, side: str, where: str) -> Known:
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
                    if self.shapes.get(named, ())[:2] == both:
                        return self
                    return replace(self, shapes={**self.shapes, named: both})
        if _COUNTING.fullmatch(where.strip()):
            return replace(self, integers=self.integers | {named})
        if interval := _INTERVAL.fullmatch(where.strip()):
            low = "<" if interval["open"] == "(" else r"\le"
            high = "<" if interval["close"] == ")" else r"\le"
            given = f"{interval['low']} {low} {side} {high} {interval['high']}"
            signs = {named: "real", **self.signs}  # `\\pi \\in (0, 1)` is no 3.14
            return replace(self, given=(*self.given, given), signs=signs)
        return self.doubting([named], f"{side} \\in {where} is not read")

    def _ordered(self, one: Stated) -> Known:
        if one.relations == (">",) and one.sides[1].strip() == "0" and (name := bare(one.sides[0])):
            return replace(self, signs={**self.signs, name[0]: "positive"})
        if (
            one.relations == (">=",)
            and one.sides[1].strip() == "0"
            and (name := bare(one.sides[0]))
        ):
            if self.signs.get(name[0]) != "positive":
                return replace(self, signs={**self.signs, name[0]: "nonnegative"})
            return self
        signs = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne"}
        said = one.sides[0]
        for sign, side in zip(one.relations, one.sides[1:]):
            said += f" {signs.get(sign, sign)} {side}"
        return replace(self, given=(*self.given, said))

    # words -----------------------------------------------------------------------------------------

    def told(
        self,
        before: str,
        names: list[str],
        after: str,
        valued: bool = False,
        followed: bool = False,
    ) -> Known:
        """Take up what the words round a list of letters say of them.

        valued, followed : a definition, or a relation, comes next.
        """
        found = self
        kind, all_of = kind_said(before, after)
        own = names if all_of else names[-1:]
        if kind and not all_of:
            square = [x for x in names[:-1] if len(set(self.shapes.get(x, ("",))[:2])) == 1]
            found = found.doubting(square, f"it may be {kind} too")
        if kind == "symmetric":
            shapes = dict(self.shapes)
            square = [x for x in own if len(set(shapes.get(x, ())[:2])) == 1 and len(shapes[x]) > 1]
            for name in square:
                shapes[name] = (*shapes[name][:2], "symmetric")
            found = replace(found, shapes=shapes)
            if not square:
                found = found.doubting(own, "it is said to be symmetric")
        elif kind in ("positive", "nonnegative"):
            found = replace(found, signs={**found.signs, **dict.fromkeys(own, kind)})
        elif kind == "integer":
            found = replace(found, integers=found.integers | set(own))
        elif kind:
            found = replace(found, kinds={**found.kinds, **dict.fromkeys(own, kind)})
        doubtful = doubt_said(before, after, valued, followed)
        if doubtful in ("independent", "i.i.d", "uncorrelated"):
            return replace(found, kinds={**found.kinds, **dict.fromkeys(names, "independent")})
        return found.doubting(names, f"{doubtful!r} is not read") if doubtful else found

    def binding(self, names: Iterable[str]) -> Known:
        """Keep that an equation which is supposed binds these letters."""
        return replace(self, equations=(*self.equations, frozenset(names)))

    def bound_in(self, names: Iterable[str]) -> bool:
        """Whether equations may bind these letters to each other.

        An equation with a letter of its own, which stands nowhere else, can be met by that letter.
        """
        inside, left = set(names), [e for e in self.equations if e]
        while True:
            rest = [
                e
                for n, e in enumerate(left)
                if not any(
                    x not in inside and not any(x in o for m, o in enumerate(left) if m != n)
                    for x in e
                )
            ]
            if len(rest) == len(left):
                return any(e & inside for e in rest)
            left = rest

    # comments --------------------------------------------------------------------------------------

    def commented(self, said: str) -> Known:
        r"""Take up `S in R^{d x s}, S^T S = I, beta > 0`; it takes precedence over the text.

        Raises
        ------
        ValueError : a part is not understood.

        >>> Known().commented("S in R^{d x s}, S^T S = I").kinds
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


def bare(side: str) -> tuple[str, tuple[str, ...], bool] | None:
    r"""Return a name with its indices or arguments, and whether it is a function; None for others.

    >>> bare("p_i"), bare(r"\sigma(x)"), bare("2x")
    (('p', ('i',), False), ('\\sigma', ('x',), True), None)
    """
    if is_entropy(side):
        return None
    applied = re.match(r"\s*(\\?[A-Za-z]+)\s*\(", side)
    tree = parsed(side, frozenset({*FUNCTION_LETTERS, applied[1]}) if applied else FUNCTION_LETTERS)
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
    places = [i for i in node.indices if type(i) is n.Name and not i.indices and len(i.base) == 1]
    if node.indices and len(places) == len(node.indices):
        return node.base, tuple(i.base for i in places), False
    if any(type(i) not in (n.Name, n.Number) for i in node.indices) or places:
        return None
    return spelled(node, side), (), False
