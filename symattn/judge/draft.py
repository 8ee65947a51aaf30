"""Read a stranger's line: sort its side conditions, then say what each unknown letter is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sympy import (
    Basic,
    Expr,
    FiniteSet,
    Indexed,
    Integer,
    Interval,
    Pow,
    Range,
    S,
    Sum,
    Symbol,
    Tuple,
    log,
    oo,
    sqrt,
)

from symattn.algebra.attention import d, n
from symattn.algebra.attention import i as PLACE
from symattn.algebra.attention import l as ANY
from symattn.algebra.letters import (
    Cov,
    Expect,
    Holds,
    Inverse,
    Letter,
    Member,
    T,
    Var,
    shape,
)
from symattn.claims.definitions import family_name
from symattn.derive.question import Question
from symattn.errors import ShapeError
from symattn.judge.asides import (
    STATEMENT_WORDS,
    apart,
    first_aside,
    introduced,
    own_law,
    premise_aside,
)
from symattn.judge.columns import gathered, stacked
from symattn.judge.free_letters import (
    free_indices,
    free_scalars,
    is_index,
    isolated,
    listed,
    reindexed,
    turned,
)
from symattn.judge.frequencies import as_events, of_coin, share_of
from symattn.judge.index_roles import (
    Indices,
    Roles,
    dominance,
    excepted,
    further,
    larger,
    number_asked,
    pair_and_others,
    unified,
)
from symattn.judge.judged import Judged
from symattn.judge.line import Line, Link, Unclear, judged_letters, rewritten
from symattn.judge.meanings import meant, vocabulary, with_basis, with_definitions
from symattn.judge.over_keys import by_entry
from symattn.judge.own_matrices import own_matrices
from symattn.judge.random_length import NORMAL, random_length
from symattn.judge.respelled import named_otherwise, respelled
from symattn.judge.side_conditions import ROOM, between, even_in, inside, settled
from symattn.kernel.approaches import Approach
from symattn.latex.languages import source_in_english
from symattn.latex.meaning import Distribution, ReadCondition, Reading, read
from symattn.latex.statement import parse

_EQUAL = frozenset(["=", ":=", "=="])
COIN = Symbol("_coin", real=True)
_ALIKE = frozenset(["=", "~~", "~=", "->"])


def read_line(question: Question, judged: Judged, latex: str, where: Mapping[str, str]) -> Line:
    """Read a line in the letters of a question.

    Raises
    ------
    ReadError : what could not be read, and where.
    ShapeError : vectors and matrices that do not fit.
    UnknownName : an explained name stands for nothing that the question has.
    Unclear : a letter that could be taken for several things.
    """
    words = meant(vocabulary(judged), where)
    as_written, latex = latex, respelled(judged, words, latex)
    statement = parse(latex, words.function_letters)
    words, guess = named_otherwise(words, statement)
    own = own_matrices(judged, words, statement, latex)
    if own.latex != latex:
        statement = parse(own.latex, words.function_letters)
    source, latex = as_written, own.latex
    words, notes = with_basis(judged, own.words, statement)
    notes = [*own.notes, *notes]
    told_first = introduced(words, statement)
    words, told, values = with_definitions(question, judged, words, told_first, latex)
    try:
        reading = read(latex, words)
    except ShapeError:
        if "in" not in statement.relations:
            raise
        text = "that a vector is one of a set is not judged; write a mean, a covariance or a weight"
        raise Unclear("relation-not-judged", text) from None
    if told_first is not statement or own_law(reading):
        reading = first_aside(reading)
    reading = premise_aside(question, judged, reading)
    reading = replace(reading, conditions=tuple(x for c in reading.conditions for x in apart(c)))
    if any(isinstance(x, Distribution) for x in reading.terms) and not _law(reading, judged):
        if judged_letters(question, judged, reading.terms[0]) - judged.spoken:
            raise Unclear(
                "relation-not-judged", "a law is not judged; state its mean or covariance"
            )
        raise Unclear("hypothesis", "it states a hypothesis, which is not judged")
    entries: list[tuple[Basic, ...]] = []
    if own.over_keys:
        reading, entries = by_entry(reading, judged.indices[0] if judged.indices else PLACE, ANY)
    notes = [guess] * bool(guess) + [*notes, *told, *reading.notes]
    draft = Draft(question, judged, reading, notes, entries=entries, guess=guess)
    line = rewritten(draft.line(), own.projected)
    line = replace(line, source=source, hypotheses=own.hypotheses)
    return _at_scale(question, judged, line, values)


def _law(reading: Reading, judged: Judged) -> bool:
    """Whether it states the law of a coin, or a normal one of what is made of the keys and is no key."""
    left, *rest = reading.terms
    law = rest[0] if len(rest) == 1 and reading.relations in (("~",), ("~~",)) else None
    if share_of(law) is not None and judged.chance is not None:
        return bool(left.is_commutative)
    law = law if reading.relations == ("~",) else None
    made = isinstance(left, Expr) and not isinstance(left, (Member, Symbol, Indexed, Letter))
    return made and isinstance(law, Distribution) and law.name in NORMAL and len(law.args) == 3


def _at_scale(question: Question, judged: Judged, line: Line, values: Sequence[Basic]) -> Line:
    """Note the scale that a statement is made for: the question's own query has it then."""
    unknown = question.specification.unknown
    said = {x for link in line.links for x in (link.left, link.right)}
    proposes = unknown in said and unknown not in {
        one.letter for one in judged.defined if one.name != "q"
    }
    if not values or line.query is not None or line.lone is not None or proposes:
        return line
    return replace(line, at_scale=values[-1]) if isinstance(values[-1], Expr) else line


@dataclass
class Draft:
    """A line on its way from what was read to what it means."""

    question: Question
    judged: Judged
    reading: Reading
    assumptions: list[str]
    approaches: list[Approach] = field(default_factory=list)
    bounds: list[tuple[Symbol, str, Expr]] = field(default_factory=list)
    said: Indices = field(default_factory=Indices)
    count: list[tuple[str, Expr]] = field(default_factory=list)
    query: Expr | None = None
    weight: Expr | None = None
    guess: str = ""
    unused: list[ReadCondition] = field(default_factory=list)
    further: list[ReadCondition] = field(default_factory=list)
    signs: set[Symbol] = field(default_factory=set)
    negative: set[Symbol] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    quantified: list[tuple[Expr, ReadCondition]] = field(default_factory=list)
    filed: list[tuple[Symbol, str, Basic, ReadCondition]] = field(default_factory=list)
    evenly: dict[Symbol, str] = field(default_factory=dict)
    vague: dict[Symbol, str] = field(default_factory=dict)
    values: dict[Symbol, Expr] = field(default_factory=dict)
    often: list[ReadCondition] = field(default_factory=list)
    alternatives: int = 0
    entries: list[tuple[Basic, ...]] = field(default_factory=list)
    coins: dict[Basic, Expr] = field(default_factory=dict)

    def line(self) -> Line:
        """Sort the side conditions, then say what each unknown letter is."""
        from symattn.latex.write import latex

        reading = self.reading
        pairs = list(zip(reading.terms, reading.relations, reading.terms[1:]))
        length = random_length(self.judged, reading.unknown, reading.conditions, pairs)
        for condition in reading.conditions:
            if length is not None and condition in length.used:
                continue
            if length is not None and length.letter in _symbols(condition):
                stated = condition.word in STATEMENT_WORDS and set(condition.relations) <= _ALIKE
                if stated and self.says_something(condition.terms):
                    self.further.append(condition)
                else:  # an event: the letter is random, and no scale
                    self.unused.append(condition)
            else:
                self.condition(condition)
        self.consistent()
        links = [self.of_columns(x) for x in self.links()]
        links = as_events(links, self.often, self.alternatives, self.judged.chance is not None)
        for coin, share in self.coins.items():
            tossed = [x for x in links if x.left.has(coin) or x.right.has(coin)]
            if not tossed:
                raise Unclear("not-judged", f"{coin} stands nowhere in what is said")
            links = [*of_coin(tossed, coin, share), *(x for x in links if x not in tossed)]
        if length is not None:
            links += length.stated
            if self.judged.place is not None and not self.said.same:
                self.said.same.append(
                    (self.judged.place, length.place)
                )  # it is the one that varies
            self.values[length.letter] = length.value
            self.assumptions.append(
                f"${latex(length.letter)}$ is taken as ${latex(length.value)}$, from the length along "
                "its mean of the key that varies"
            )
        lone = None
        if not self.reading.relations:
            lone = self.reading.terms[0]
        line = Line(
            self.reading.statement.source, tuple(links), lone, tuple(self.approaches), None, "",
            tuple((r, b) for _, r, b in self.bounds), count=tuple(self.count), query=self.query,
        )  # fmt: skip
        line = self.stated_with_if(line)
        line = rewritten(line, partial(gathered, self.judged.columns))
        if self.values:
            line = rewritten(line, lambda x: x.xreplace(self.values))
            self.told_apart(self.values)
            scales = [x for s, x in self.values.items() if length is None or s != length.letter]
            line = _at_scale(self.question, self.judged, line, scales)
        line = self.scalars(self.indices(line))
        self.of_others(line)
        return replace(
            line, assumptions=tuple(dict.fromkeys(self.assumptions)), unused=tuple(self.unused),
            law=any(isinstance(x, Distribution) and share_of(x) is None for x in reading.terms), guess=self.guess,
        )  # fmt: skip

    def of_others(self, line: Line) -> None:
        """Leave unused what is said of other scalars than the scale, unless it says nothing new."""
        scale, chance = self.judged.scale, self.judged.chance
        known = self.judged.given or self.question.given
        free = free_scalars(*line.terms)
        for symbol, relation, bound, c in self.filed:
            if symbol == scale or symbol.name == line.scale_name or symbol in line.constants:
                continue
            grows = (relation in (">>", ">", ">=") and bound in (0, 1)) or bound == oo
            if chance is not None and symbol == chance.small:
                new = not (relation in ("<<", "<") or bound == 0)
            elif any(symbol in between(h) for h in known):
                new = not inside(relation, bound)
            elif symbol in {one.letter for one in self.judged.defined}:
                new = not grows
            else:
                new = Symbol(symbol.name, positive=True) not in line.constants and (
                    symbol not in free or symbol not in {a.symbol for a in line.approaches}
                ) and symbol not in self.values  # fmt: skip
            if new and c not in self.unused:
                self.unused.append(c)

    def told_apart(self, mapping: Mapping[Any, Expr]) -> None:
        """Put in what letters stand for in the conditions that are not filed yet."""
        self.unused = [
            replace(c, terms=tuple(x.xreplace(mapping) if isinstance(x, Expr) else x for x in c.terms))
            for c in self.unused
        ]  # fmt: skip

    def consistent(self) -> None:
        """Refuse limits of one letter that contradict each other.

        Of a scale that is negative, large means far below zero where nothing else is said.

        Raises
        ------
        Unclear : there are such.
        """
        told = {a.symbol for a in self.approaches}
        for s in sorted(self.negative - told, key=str):
            self.approaches.append(Approach(s, -oo))
        ends: dict[Symbol, Expr] = {}
        for a in self.approaches:
            if ends.setdefault(a.symbol, a.point) != a.point:
                raise Unclear("contradicts-the-question", f"{a.symbol} has one limit, and not two")

    def stated_with_if(self, line: Line) -> Line:
        """Judge the condition of `\\alpha_i \\approx 1 if ..`, where conditions are asked for."""
        goal = self.judged.goal
        if goal is None or len(self.unused) != 1 or not line.links:
            return line
        (*before, last), (condition,) = line.links, self.unused
        weight, starts = line.links[0].left, [x.right for x in before]
        near_one = last.relation in ("~~", "->") and last.right == 1
        chained = starts == [x.left for x in line.links[1:]] and all(
            x.relation == "=" for x in before
        )
        if not (near_one and chained) or not isinstance(weight, Indexed):
            return line
        if condition.word not in ("if", "when") or family_name(weight) != family_name(goal):
            return line
        if len(condition.relations) != 1:
            return line
        self.unused = []
        self.weight = weight.indices[0]
        left, right = condition.terms
        link = Link(left, condition.relations[0], right, condition.text)  # type: ignore[arg-type]
        return replace(line, links=(*before, link), weight=True)

    # links --------------------------------------------------------------------------------------

    def links(self) -> list[Link]:
        reading, source = self.reading, self.reading.statement.source
        found = []
        nodes = reading.statement.terms
        for at, relation in enumerate(reading.relations):
            left, right = reading.terms[at], reading.terms[at + 1]
            text = source[nodes[at].start : nodes[at + 1].end].strip()
            if (share := share_of(right)) is not None:
                found += of_coin([Link(left, "~~", COIN, text)], COIN, share)  # type: ignore[arg-type]
                continue
            if isinstance(right, Distribution):
                _, mean, variance = right.args
                spread = Var(left) if left.is_commutative else Cov(left)
                found += [Link(Expect(left), "=", mean, text), Link(spread, "=", variance, text)]  # type: ignore[arg-type]
                continue
            of_index = self.law_of_index(left, relation, right, text)
            if of_index:
                found += of_index
                continue
            remainders = tuple(r for r in reading.remainders if r.term in (at, at + 1))
            found.append(Link(left, relation, right, text, remainders))  # type: ignore[arg-type]
        for terms in self.entries:
            whole = source[nodes[0].start : nodes[-1].end].strip()
            for relation, left, right in zip(reading.relations, terms, terms[1:]):
                found.append(Link(left, relation, right, whole))  # type: ignore[arg-type]
        # The query is given where neither it is sought nor a condition on it.
        given = (
            set()
            if self.judged.goal is not None
            else {"q"} - {one.name for one in self.judged.defined}
        )
        unknown = self.question.specification.unknown
        if unknown is not None:
            given -= {family_name(unknown)}
        for condition in self.further:
            pairs = zip(condition.relations, condition.terms, condition.terms[1:])
            aside = _is_given(condition.terms, given) and not _is_given(reading.terms, given)
            for relation, left, right in pairs:
                found.append(Link(left, relation, right, condition.text, aside=aside))  # type: ignore[arg-type]
        return found

    @property
    def of_some(self) -> list[str]:
        """The indices of which the line says something for some of them alone."""
        return re.findall(
            r"(?:\bsome|\\exists)\b[\s$\\,;_{}]*([a-z])",
            source_in_english(self.reading.statement.source),
        )

    def of_columns(self, link: Link) -> Link:
        """Say of the whole basis what a link says of every column of it.

        Raises
        ------
        Unclear : it says so of some columns alone.
        """
        left, right = stacked(self.judged.columns, link.left, link.relation, link.right)
        one = {m.index for x in (link.left, link.right) for m in x.atoms(Member)}
        few = self.of_some or one & {*self.said.numbered, *self.said.members}
        if (left, right) != (link.left, link.right) and few:
            raise Unclear("ask-for-all", "what is said of some columns alone is not judged")
        return replace(link, left=left, right=right)  # type: ignore[arg-type]

    def law_of_index(self, left: Basic, relation: str, right: Basic, text: str) -> list[Link]:
        """Read `P(X = i) = p_i` of an index X that the line draws: the p_i are not negative and sum to 1."""
        if relation not in _EQUAL or self.judged.chance is not None:
            return []
        for one, other in ((left, right), (right, left)):
            event = one.args[0] if isinstance(one, Expect) else None
            if not isinstance(event, Holds) or event.relation != "=" or not isinstance(other, Expr):
                continue
            drawn, index = event.args[:2]
            if is_index(drawn) and not is_index(index):
                drawn, index = index, drawn
            if str(drawn) not in self.reading.unknown or not is_index(index):
                continue
            if drawn in other.free_symbols or not other.is_commutative:
                continue
            self.assumptions.append(
                f"{drawn} is taken as an index that is drawn with these probabilities"
            )
            fresh = Symbol("l", integer=True, positive=True)
            whole = Sum(reindexed(other, {index: fresh}), (fresh, 1, n))
            return [Link(other, ">=", S.Zero, text), Link(whole, "=", S.One, text)]
        return []

    # side conditions ------------------------------------------------------------------------------

    def condition(self, condition: ReadCondition) -> None:
        """File a side condition under what it is about."""
        c = condition
        if len(c.relations) == 1:
            sides = stacked(self.judged.columns, c.terms[0], c.relations[0], c.terms[1])
            c = replace(c, terms=sides)
        if c.word == "for all" or (c.word == "any" and not is_index(c.terms[0])):
            self.quantify(c)
        if c.word in ("probability", "each", "sometimes"):
            self.often.append(c)
        if c.word == "otherwise" and not self.often and self.says_something(c.terms):
            named = free_indices(*self.reading.terms)
            self.said.apart += [(p, o) for p in free_indices(*c.terms) for o in named if p != o]
            c = replace(c, word="and")
        if c.word == "or" and c.relations:
            self.alternatives += 1
            self.further.append(c)
            return
        if not c.relations:
            if c.word == "or":
                self.unused.append(c)
            return
        if any(isinstance(x, Distribution) for x in c.terms):
            share = share_of(c.terms[1]) if c.relations == ("~",) else None
            if share is not None and str(c.terms[0]) in self.reading.unknown and not self.coins:
                self.coins[c.terms[0]] = share
            else:
                self.unused.append(c)
            return
        if c.relations == ("<=", "<=") and c.terms[::2] == (1, n) and is_index(c.terms[1]):
            self.said.every[c.terms[1]] = c.text  # type: ignore[index]
            return
        pairs = list(zip(c.relations, c.terms, c.terms[1:]))
        done = [settled(*pair, c.text) for pair in pairs]
        taken = [sure or self.pair(*pair, c) for sure, pair in zip(done, pairs)]
        if all(done):
            self.settled |= {str(s) for s in _symbols(c)}
        unknown = self.question.specification.unknown
        if self.query is not None and unknown in c.terms and c.word in STATEMENT_WORDS:
            self.further.append(c)  # it is stated, and not only assumed
        if all(taken):
            return
        if c.word in STATEMENT_WORDS and self.says_something(c.terms):
            self.further.append(c)
            return
        self.unused.append(c)

    def quantify(self, c: ReadCondition) -> None:
        """Note what a quantifier runs over: an index, or a scalar."""
        letters = [x for x in c.terms if isinstance(x, Symbol)]
        if not letters:
            return
        letter = next((x for x in letters if is_index(x)), letters[0])
        if is_index(letter):
            self.said.every[letter] = c.text
        else:
            self.quantified.append((letter, c))

    def says_something(self, terms: tuple[Basic, ...]) -> bool:
        """Whether a letter that the question judges stands in it."""
        return any(judged_letters(self.question, self.judged, x) for x in terms)

    def pair(self, relation: str, left: Basic, right: Basic, said: ReadCondition) -> bool:
        """File one relation; False when it is none of these."""
        if relation in ("!=", "in", "notin") and is_index(left):
            right = self.as_indices(right)
        if relation == "in" and isinstance(right, Tuple) and isinstance(left, Expr):
            sizes = shape(left)  # S in R^{d x s} says again what S is
            return right[0] == S.Reals and sizes in ((*right[1:],), (*right[1:], 1))
        if (
            relation == "in"
            and right == S.Reals
            and (is_index(left) or left in (n, d) or not isinstance(left, Symbol))
        ):  # `for fixed n`, `where v_i is constant`
            return True
        if self.sizes & {left, right}:
            return False
        if is_index(left) and (is_index(right) or isinstance(right, (FiniteSet, Basic))):
            if self.index_pair(relation, left, right):
                return True
        if d in (left, right):
            sign, other = (relation, right) if left == d else (turned(relation), left)
            if (sign, other) in ROOM:
                return True
        if n in (left, right) and relation in ("=", ">=", ">", "<", "<="):
            other = right if left == n else left
            sign = relation if left == n else turned(relation)
            if isinstance(other, Integer):
                self.count.append((sign, other))
                return True
        if left == self.question.specification.unknown and relation in _EQUAL:
            self.query = right  # type: ignore[assignment]
            return True
        for symbol, sign, bound in ((left, relation, right), (right, turned(relation), left)):
            scale = self.judged.scale
            if scale is not None and symbol != scale and scale in bound.free_symbols:
                continue  # what is said of the scale is filed under it
            if self.scalar_pair(symbol, sign, bound, said):
                return True
        if relation == "->" and (right == oo or (right == 0 and not left.has(log))):
            # a product that vanishes, or grows
            relation, right = "<<" if right == 0 else ">>", S.One
        alone = isolated(relation, left, right, self.judged.scale, self.own)
        if alone is None:
            return False
        symbol, sign, bound = alone
        if sign == "->" and bound in (S.Zero, oo):
            self.approaches.append(Approach(symbol, bound))
            return True
        if sign in ("=", "~~", "->"):
            self.values[symbol] = bound
            return True
        return self.scalar_pair(symbol, sign, bound, said)

    @property
    def own(self) -> set[Symbol]:
        """The scalars that the question has, besides its scale.

        A candidate for the unknown knows of none that only our own formulas use.
        """
        if self.judged.chance is not None and self.proposes:
            return {self.judged.chance.small, n, d}
        meanings = self.judged.letters.values()
        each = (x for m in meanings for x in (m if isinstance(m, tuple) else (m,)))
        return {x for x in each if isinstance(x, Symbol)} | {n, d}

    def as_indices(self, x: Basic) -> Basic:
        r"""Read letters beside an index as indices: a and b in `i \ne a, b`."""
        if isinstance(x, FiniteSet):
            return FiniteSet(*[self.as_indices(a) for a in x.args])
        if isinstance(x, Symbol) and x.name in self.reading.unknown and len(x.name) == 1:
            return Symbol(x.name, integer=True, positive=True)
        return x

    @property
    def ranges(self) -> list[Range]:
        """What an index runs over: the keys, or the columns of a basis."""
        return [Range(1, n + 1), *(Range(1, count + 1) for count in self.sizes)]  # type: ignore[operator]

    @property
    def sizes(self) -> set[Basic]:
        """The letters that count the columns of a matrix: no indices."""
        return {count for _, count in self.judged.columns.values()}

    @property
    def proposes(self) -> bool:
        """Whether the line gives the unknown, and is no statement of something else."""
        return not self.reading.relations or self.question.specification.unknown in (
            self.reading.terms
        )

    def index_pair(self, relation: str, left: Basic, right: Basic) -> bool:
        said = self.said
        if relation == "!=" and (is_index(right) or isinstance(right, Integer)):
            said.apart.append((left, right))  # type: ignore[arg-type]
        elif relation == "=" and is_index(right):
            own = self.judged.indices
            if len(own) > 2 and own[2] in (left, right) and not {left, right} & set(own[:2]):
                other = left if right == own[2] else right  # l is any other index
                said.apart.extend((other, p) for p in own[:2])  # type: ignore[misc]
            said.same.append((left, right))  # type: ignore[arg-type]
        elif relation == "=" and isinstance(right, Integer):
            if right < 1 or said.numbered.get(left, right) != right:
                raise Unclear(
                    "contradicts-the-question", f"no index of a key is {left} = {right} here"
                )
            said.numbered[left] = right  # type: ignore[index]
        elif relation == "notin" and isinstance(right, FiniteSet):
            said.apart.extend((left, p) for p in right.args)  # type: ignore[misc]
        elif relation == "in" and isinstance(right, FiniteSet):
            said.members[left] = right.args  # type: ignore[index,assignment]
        elif relation == "in" and right in (*self.ranges, S.Naturals, S.Integers):
            said.every[left] = str(left)  # type: ignore[index]
        else:
            return False
        return True

    def scalar_pair(self, symbol: Basic, relation: str, bound: Basic, said: ReadCondition) -> bool:
        """File what is said of one scalar: a limit, a size, a sign."""
        filed = self.scalar(symbol, relation, bound, said)
        if filed:
            self.filed.append((symbol, relation, bound, said))  # type: ignore[arg-type]
        return filed

    def scalar(self, symbol: Basic, relation: str, bound: Basic, said: ReadCondition) -> bool:
        if not isinstance(symbol, Symbol) or symbol in (n, d) or is_index(symbol):
            return False
        if relation == "in" and not isinstance(bound, Expr):
            if bound in (S.Reals, S.Integers, S.Naturals, S.Naturals0, S.Rationals):
                self.vague[symbol] = said.text
                return True
            return isinstance(bound, Interval) and self.interval(symbol, bound, said)
        if not isinstance(bound, Expr) or bound.free_symbols & {symbol} or not bound.is_commutative:
            return False
        if any(isinstance(a, (Letter, Indexed)) for a in bound.atoms(Letter, Indexed)):
            return False
        if relation in ("->", "=", "~~"):
            if relation != "=" and bound in (oo, -oo, 0):
                self.approach(symbol, bound, said)
                return True
            return False
        if relation in (">>", "<<"):
            self.bounds.append((symbol, relation, bound))
            if relation == "<<" and bound.free_symbols - {n}:
                return True  # an upper bound that moves
            point = oo if relation == ">>" else -oo if bound == 0 else Integer(0)
        elif relation in (">", ">=", "<", "<="):
            if bound != 0:
                self.bounds.append((symbol, relation, bound))
                return True
            self.vague[symbol] = said.text
            (self.signs if relation in (">", ">=") else self.negative).add(symbol)
            return True
        else:
            return False
        if not any(a.symbol == symbol for a in self.approaches):
            self.approach(symbol, point, said)
        return True

    def approach(self, symbol: Symbol, point: Expr, said: ReadCondition) -> None:
        """Note a limit, and whether it is one of a square or modulus, which has no sign."""
        self.approaches.append(Approach(symbol, point))
        if point != 0 and said.tree is not None and even_in(symbol.name, said.tree.terms):
            self.evenly.setdefault(symbol, said.text)
        else:
            self.evenly[symbol] = ""

    def interval(self, symbol: Symbol, within: Interval, said: ReadCondition) -> bool:
        """File `x in [a, b]` as two bounds."""
        low = within.start == -oo or self.scalar_pair(symbol, ">=", within.start, said)
        return low and (within.end == oo or self.scalar_pair(symbol, "<=", within.end, said))

    # letters that the question does not have --------------------------------------------------------

    def indices(self, line: Line) -> Line:
        """Take foreign indices, and numbers as indices, for those of the question.

        Raises
        ------
        Unclear : an index that has no place, or several that could have one.
        """
        own = self.judged.indices
        if not own:
            return line
        said, kept = self.said, self.judged.place
        same = unified(own, said, kept)
        line = rewritten(line, lambda x: reindexed(x, same))
        said = Indices(
            [(same.get(s, s), same.get(p, p)) for s, p in said.apart], said.same, said.numbered,
            {same.get(s, s): text for s, text in said.every.items()},
            {s: tuple(same.get(p, p) for p in ps) for s, ps in said.members.items()},
        )  # fmt: skip
        if any(s == p for s, p in said.apart):
            raise Unclear("contradicts-the-question", "the line keeps an index apart from itself")
        tops = [int(v) - (r == "<") for r, v in self.count if r in ("=", "==", "<=", "<")]
        if tops and any(number > min(tops) for number in said.numbered.values()):
            raise Unclear("contradicts-the-question", "the line names a key beyond the last one")
        free = free_indices(*line.terms)
        foreign = [Symbol(s, integer=True, positive=True) for s in self.reading.unknown_indices]
        foreign += [p for _, p in said.apart if str(p) in self.reading.unknown]
        if self.judged.goal is not None:
            mapping, line = self.dominated(line, free, foreign, said)
        else:
            events = [x for c in self.unused for x in c.terms if isinstance(x, Expr)]
            beside = dict.fromkeys((*free, *free_indices(*events)))
            mapping = pair_and_others(own, [p for p in beside if p != kept], foreign, said)
        unplaced = [
            p for p in free
            if (not isinstance(p, Symbol) and p not in mapping) or str(p) == "\\pi"
        ]  # fmt: skip
        if unplaced:
            raise number_asked(unplaced)
        self.vacuous(line, free, said, mapping)
        also = [] if self.proposes else further(own, free, said, mapping)
        mapping = {a: b for a, b in mapping.items() if a != b}
        if mapping:
            old, new = listed(mapping), listed(mapping.values())
            text = f"the index {old} is" if len(mapping) == 1 else f"the indices {old} are"
            self.assumptions.append(f"{text} taken as {new}")
            line = rewritten(line, lambda x: reindexed(x, mapping))
            self.unused = [
                replace(c, terms=tuple(reindexed(x, mapping) for x in c.terms)) for c in self.unused
            ]

        def placed(pairs: Sequence[tuple[Expr, Expr]]) -> tuple[tuple[Expr, Expr], ...]:
            return tuple((mapping.get(s, s), mapping.get(p, p)) for s, p in pairs if kept in (s, p))

        few = self.few(free, said, mapping)
        return replace(
            line,
            also=(*also, *few),
            generic=not few,
            places=placed(said.same), apart=placed(said.apart),
            pair=any({mapping.get(s, s), mapping.get(p, p)} == {*own[:2]} for s, p in said.apart),
            parted=any(mapping.get(o, o) in own[:2] for p in free for o in said.partners(p)),
            members=tuple(mapping.get(p, p) for p in said.members.get(kept, ())),  # type: ignore[arg-type]
            every=(*((kept,) if kept in said.every else ()), *self.scalars_quantified()),  # type: ignore[arg-type]
        )  # fmt: skip

    def scalars_quantified(self) -> list[Expr]:
        """Return the scalars that a quantifier runs over; what the question leaves free is arbitrary."""
        free = self.own - {getattr(self.judged.chance, "small", None)} | {n, d}
        found = []
        for letter, c in self.quantified:
            if letter == self.judged.scale or str(letter) in self.reading.unknown:
                found.append(letter)
            elif letter not in free:
                self.unused.append(c)
        return found

    def few(
        self, free: Sequence[Expr], said: Indices, mapping: Mapping[Expr, Expr]
    ) -> list[dict[Expr, Expr]]:
        """Return the renamings for `\\alpha_l = 0, l \\in \\{a, b\\}`: one for each member."""
        found: list[dict[Expr, Expr]] = []
        for p, members in said.members.items():
            if p in free and p != self.judged.place:
                place = mapping.get(p, p)
                found += [{place: mapping.get(o, o)} for o in members]
        return found

    def vacuous(
        self, line: Line, free: Sequence[Expr], said: Indices, mapping: Mapping[Expr, Expr]
    ) -> None:
        """Leave a condition on a bound index unused: the sum over it does not know of it."""
        known = {*free, *self.judged.indices[:2], self.judged.place}
        stands = {s for x in (*line.terms, line.query) if x is not None for s in free_indices(x)}
        bound = {s for x in line.terms for s in x.free_symbols | x.atoms(Symbol)}
        for subject in dict.fromkeys((*said.every, *[s for s, _ in said.apart], *said.members)):
            # it speaks of a letter that the formula does not have, and so not of the formula
            known_elsewhere = stands | bound | {self.judged.place}
            if str(subject) in self.settled:
                continue  # `since e^x > 0 for all x`
            if subject not in known_elsewhere and stands and not isinstance(subject, Integer):
                text = said.every.get(subject) or f"for {subject}"
                self.unused.append(ReadCondition("", (subject,), (), text))
        for subject, partner in said.apart:
            if subject in known or self.judged.goal is not None:
                continue
            if any(x.has(subject) for x in line.terms):
                text = f"{subject} \\ne {partner}"
                self.unused.append(ReadCondition("", (subject, partner), ("!=",), text))

    def dominated(
        self, line: Line, free: Sequence[Expr], foreign: Sequence[Expr], said: Indices
    ) -> tuple[dict[Expr, Expr], Line]:
        """Say which index dominates in a condition, and which it leaves out.

        Raises
        ------
        Unclear : it names one by a number, or says `for some j`.
        """
        own = self.judged.indices
        above = larger(self.judged, line)
        found = excepted(line, own[0]) or dominance(own, free, said, above)
        first = own[0]
        strange = [p for p in free if p in foreign]
        if found is None and len(strange) == 2 and above in strange:
            found = Roles({above: own[0], next(p for p in strange if p != above): own[1]})
        if found is not None:
            first = next((p for p, place in found.places.items() if place == own[0]), own[0])
        beaten = first not in said.every and said.partners(first) and not said.every
        some = any(name != first.name or beaten for name in self.of_some)  # type: ignore[attr-defined]
        numbers = [p for p in free if not isinstance(p, Symbol)]
        if some or numbers or said.numbered or said.members:
            raise Unclear(
                "ask-for-all",
                "a condition is judged for every index other than i; write it for j and all "
                r"j \ne i, not for some j or for one number",
            )
        if first in said.every and not said.partners(first):
            raise Unclear(
                "ask-for-all",
                "not every weight can be larger than all others; write the condition for one i",
            )
        mapping = found.places if found is not None else pair_and_others(own, free, foreign, said)
        weight = self.weight
        if weight is not None and mapping.get(weight, weight) != own[0]:
            raise Unclear("not-judged", "the condition is not for the weight that it stands beside")
        left_out = found.left_out if found is not None else ()
        return dict(mapping), replace(line, left_out=left_out)

    def scalars(self, line: Line) -> Line:
        """Say which scalar is the scale, and which are constants."""
        free = free_scalars(*line.terms, *([line.query] if line.query is not None else []))
        free |= {a.symbol for a in line.approaches} | {s for s, _, _ in self.bounds}
        families = [
            f for f in self.reading.unknown_families
            if any(family_name(a) == f for t in line.terms for a in t.atoms(Indexed))
        ]  # fmt: skip
        if families:
            raise Unclear(
                "ask-what-is",
                f"{listed(families)} with an index {'is' if len(families) == 1 else 'are'} not known "
                f"here; say on the line what it is, or with --where '{families[0]}=...'",
            )
        own, scale = self.own, self.judged.scale
        strange = sorted((s for s in free if s not in own and s != scale), key=lambda s: s.name)
        constants = [s for s in strange if s in self.signs and not self.is_large(s, line)]
        if scale is not None and (scale in free or len(strange) - len(constants) >= 1):
            strange = [s for s in strange if s not in constants]
        else:
            constants = []
        mapping: dict[Expr, Expr] = {s: Symbol(s.name, positive=True) for s in constants}
        if scale is None:
            at_zero = self.regular(line, strange)
            if at_zero is not None:
                self.assumptions.append(f"the limit in {listed(strange)} is continuous")
                self.filed = [x for x in self.filed if x[0] not in at_zero]
                line = replace(line, approaches=())
                return rewritten(line, lambda x: x.xreplace(at_zero))
            if strange:
                raise Unclear(
                    "ask-what-is",
                    f"{listed(strange)} {'is' if len(strange) == 1 else 'are'} not known here; "
                    f"say what it stands for, as with --where '{strange[0]}=...'",
                )
            return line
        if scale in free and strange:
            noise = self.as_noise(strange, free, line)
            if noise is not None:
                self.guess = f"{strange[0]} is taken as the noise"
                self.assumptions.append(self.guess)
                self.told_apart(noise)
                return replace(
                    self.with_scale(rewritten(line, lambda x: x.xreplace(noise)), {}), scale=scale
                )
            raise Unclear(
                "ask-which-scale",
                f"beside the scale {scale} the line has {listed(strange)}, which the question does "
                f"not know; say what it is, as with --where '{strange[0]}={scale}'",
            )
        if len(strange) > 1:
            raise Unclear(
                "ask-which-scale",
                f"{listed(strange)} are not known here, and only one can be taken as the scale; "
                f"say which, as with --where '{strange[0]}={scale}'",
            )
        chosen = scale if scale in free else None
        if strange:
            (stranger,) = strange
            mapping[stranger] = scale
            chosen = scale
            self.assumptions.append(f"{stranger} is taken as the scale {scale}")
        line = rewritten(line, lambda x: x.xreplace(mapping))
        line = replace(
            self.with_scale(self.from_below(line, mapping), mapping),
            scale=chosen,
            scale_name=strange[0].name if strange else scale.name,
            constants=tuple(Symbol(s.name, positive=True) for s in constants),
        )
        if constants:
            self.assumptions.append(f"{listed(constants)} {'is a' if len(constants) == 1 else 'are'} "
                                    f"positive constant{'' if len(constants) == 1 else 's'}")  # fmt: skip
        return line

    def with_scale(self, line: Line, mapping: Mapping[Any, Expr]) -> Line:
        """File what is said of the scale, however the line calls it."""
        scale = self.judged.scale
        assert scale is not None
        return replace(
            line,
            approaches=tuple(
                replace(a, symbol=mapping.get(a.symbol, a.symbol)) for a in line.approaches
            ),
            scale_name=scale.name,
            bounds=tuple((r, b) for s, r, b in self.bounds if mapping.get(s, s) == scale),
            every=tuple(mapping.get(s, s) for s in line.every),
            sign_open=self.of_scale(self.evenly, mapping),
            vague="" if self.told_to_grow(mapping) else self.of_scale(self.vague, mapping),
        )

    def from_below(self, line: Line, mapping: Mapping[Any, Expr]) -> Line:
        r"""Write a scale that tends to 0 from below as minus a positive one: `T \to 0^-`.

        Raises
        ------
        Unclear : the line is no query of its own, or another letter does so.
        """
        below = [a.symbol for a in line.approaches if a.symbol in self.negative and a.point == 0]
        if not below:
            return line
        scale = self.judged.scale
        (s, *more) = (mapping.get(x, x) for x in below)
        if s != scale or more or not (self.proposes or line.query is not None):
            raise Unclear("not-judged", "a limit from below is judged of the scale of a query")
        self.assumptions.append(f"{below[0]} is written as minus a positive number")
        return rewritten(line, lambda x: x.xreplace({scale: -scale}))

    def told_to_grow(self, mapping: Mapping[Any, Expr]) -> bool:
        """Whether the line says how large the scale is, and not only its sign or kind."""
        return any(
            relation in ("->", ">>", "<<") or (relation in ("<", "<=") and bound != 0)
            for s, relation, bound, _ in self.filed if mapping.get(s, s) == self.judged.scale
        )  # fmt: skip

    def as_noise(
        self, strange: Sequence[Symbol], free: set[Symbol], line: Line
    ) -> dict[Symbol, Expr] | None:
        r"""Take the one unknown letter beside the scale as the noise: \alpha, or \sigma in \sigma^2."""
        small = getattr(self.judged.chance, "small", None)
        if small is None or small in free or len(strange) != 1 or self.proposes:
            return None
        (s,) = strange
        terms = [x for x in line.terms if isinstance(x, Expr) and x.has(s)]
        squared = all((x.subs(s, -s) - x).expand() == 0 for x in terms)
        return {s: sqrt(small) if squared else small}

    def regular(self, line: Line, strange: Sequence[Symbol]) -> dict[Symbol, Expr] | None:
        r"""Return zero for letters that tend to it, where what they stand in is continuous there.

        `(S^\top S + \lambda I)^{-1}` is: a Gram matrix of a basis has an inverse.
        """
        at_zero: dict[Symbol, Expr] = {a.symbol: S.Zero for a in line.approaches if a.point == 0}
        if not strange or set(strange) != set(at_zero):
            return None
        for x in line.terms:
            for node in x.atoms(Inverse) | x.atoms(Pow):
                if not node.has(*strange):
                    continue
                inner = node.args[0].xreplace(at_zero).doit()
                _, word = inner.args_cnc()
                if isinstance(node, Pow) or len(word) != 2 or word[0] != T(word[1]):
                    return None
        return at_zero

    def of_scale(self, said: Mapping[Symbol, str], mapping: Mapping[Expr, Expr]) -> str:
        """Return what was noted of the scale, however the line calls it."""
        texts = [text for s, text in said.items() if mapping.get(s, s) == self.judged.scale]
        signed = said is self.evenly and any(
            mapping.get(s, s) == self.judged.scale for s in self.signs
        )
        return "" if signed else next(iter(texts), "")

    def is_large(self, s: Symbol, line: Line) -> bool:
        return any(a.symbol == s for a in line.approaches)


def _is_given(terms: Sequence[Basic], more: Collection[str]) -> bool:
    """Whether nothing but keys, their means and values, and letters of more names, stands in expressions."""
    held = {family_name(a) for x in terms for a in x.atoms(Letter, Indexed) if a.args}
    return held <= {"k", "v", r"\mu", *more}


def _symbols(c: ReadCondition) -> set[Basic]:
    return {s for x in c.terms for s in getattr(x, "free_symbols", ())}
