"""A document judged from its beginning to its end: each link, under what holds at its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from symattn.check.equality.standing import Standing
from symattn.check.equality.told import read_as
from symattn.check.verdict import Verdict
from symattn.document.chains import (
    CONDITION,
    Stated,
    letters,
    operation,
    spelled_letters,
    stated,
)
from symattn.document.cues import AFTERWARDS, DENIED, FALSE, HEDGES, OTHERWISE, Role, cue, is_local
from symattn.document.doubts import may_be_matrices, may_refute, read_otherwise
from symattn.document.findings import SIGNS, LinkFinding, Outcome, Paper
from symattn.document.holds import ORDER, Known, bare
from symattn.document.judged_links import JudgedLink, decided
from symattn.document.nearby import nearest_side
from symattn.document.orders_of import ordered
from symattn.document.passages import HEADING, Sentence, Written, passages
from symattn.errors import visible
from symattn.latex.names import canonical
from symattn.submission.source import Remark, Source, load

_MATRICES = re.compile(r"\bmatri|\boperators?\b|\\top|\\operatorname\{tr\}|\bcommut", re.I)
_SIDES = re.compile(r"\\le(?![a-z])|\\ge(?![a-z])|\\ne(?![a-z])|[<>]")
_JOIN = re.compile(r"[\s,;:]*(?:and|or)?[\s,;:]*")
_LABEL = re.compile(r"\\(?:label|tag)\*?\s?\{([^{}]*)\}")
_CITED = re.compile(
    r"\\(?:eq|c|auto)?ref\s?\{([^{}]*)\}|(?:by|from|using|with|in)[~\s]+\((\d+)\)", re.I
)
_CONSTANTS = frozenset(["e", "\\pi", "I", "\\delta", "\\infty", "\\mathbf{1}"])
_CONSTANT = re.compile(r"-?[\d.]+|\\(?:infty|mathbf\{?0\}?)|0|I(?:_\{?\w\}?)?")


def read_paper(path: Path | str) -> Paper:
    """Judge a file.

    Raises
    ------
    SubmissionError : it cannot be read.
    """
    return judge_paper(load(path), str(path))


def judge_paper(source: Source, name: str = "") -> Paper:
    r"""Judge a text.

    >>> from symattn.submission.source import source
    >>> paper = judge_paper(source(r"We have $(a+b)^2 - a^2 - b^2 = 2 a b$."))
    >>> [(f.outcome, f.verdict.verdict) for f in paper.findings]
    [('follows', 'proved')]
    """
    sentences, comments, remarks = passages(source)
    walk = _Walk(comments, text=source.text)
    for at, sentence in enumerate(sentences):
        following = sentences[at + 1][0] if at + 1 < len(sentences) else ""
        walk.sentence(sentence, following if isinstance(following, str) else "")
    return Paper(name, source.text, tuple(walk.findings), (*remarks, *walk.remarks))


@dataclass
class _Walk:
    """A walk through the sentences: what holds so far, and what was found."""

    comments: list[tuple[int, str]]
    holds: Known = field(default_factory=Known)
    seen: set[str] = field(default_factory=set)
    findings: list[LinkFinding] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    last: str = ""
    first: bool = True
    role: Role = "says"
    hedged: str = ""
    elsewhere: str = ""
    matrices: bool = False
    text: str = ""
    numbered: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    past: tuple[str, ...] = ()
    old: frozenset[str] = frozenset()

    def sentence(self, sentence: Sentence, following: str = "") -> None:
        """Take up one sentence: its words, its hypotheses, and its chains.

        following : the words that the next one begins with.
        """
        if sentence == [HEADING]:
            self.old = frozenset((*self.holds.standing, *self.holds.shapes))
            return
        prose = " ".join(x for x in sentence if isinstance(x, str))
        formulas_too = " ".join(x if isinstance(x, str) else x.latex for x in sentence)
        if other := OTHERWISE.search(formulas_too):
            self.elsewhere = f"{other.group()!r} may give the letters another meaning"
        self.matrices = self.matrices or _MATRICES.search(formulas_too) is not None
        hedge = HEDGES.search(prose)
        self.hedged = f"{hedge.group()!r} in its sentence" if hedge else self.elsewhere
        denied = FALSE.search(prose) or AFTERWARDS.match(following)
        formulas = [x for x in sentence if not isinstance(x, str)]
        if formulas:
            self.said_in_comments(formulas[-1].end)
        everywhere = self.holds
        self.words(sentence)
        words = ""
        self.role, self.last = "says", ""
        for at, item in enumerate(sentence):
            if isinstance(item, str):
                words = item
                continue
            if words and not _JOIN.fullmatch(words):
                self.role = cue(words) or ("says" if item.display else self.role)
            after = sentence[at + 1] if at + 1 < len(sentence) else ""
            if denied or (isinstance(after, str) and DENIED.match(after)):
                self.role = "denies"
            self.formula(item)
            words = ""
        local = self.holds
        if any(isinstance(x, str) and is_local(x) for x in sentence):
            # what is said of one case holds in its sentence alone
            standing = {k: v for k, v in local.standing.items() if everywhere.standing.get(k) == v}
            standing = {**everywhere.standing, **standing}
            given = tuple(g for g in local.given if g in everywhere.given)
            signs = {k: v for k, v in local.signs.items() if everywhere.signs.get(k) == v}
            self.past = (*self.past, *(set(local.given) - set(given)))
            self.holds = replace(local, standing=standing, given=given, signs=signs)

    def said_in_comments(self, end: int) -> None:
        while self.comments and self.comments[0][0] < end:
            _, said = self.comments.pop(0)
            try:
                self.holds = self.holds.commented(said)
            except ValueError as error:
                self.remarks.append(
                    Remark(0, f"% symattn: {visible(str(error))} is not understood")
                )

    def words(self, sentence: Sentence) -> None:
        """Take up what is said in words of the letters of a sentence."""
        for item in sentence:
            if not isinstance(item, str) and not item.fault:
                for one in stated(item.latex):
                    if one.relations == ("in",) or one.ranged:
                        self.holds = self.holds.take(one) or self.holds
                        self.old -= set(letters(*one.sides[:1]) or ())
        for at, item in enumerate(sentence):
            if isinstance(item, str) or item.display or item.fault:
                continue
            names = _listed(item)
            if not names:
                continue
            k = at
            after = ""
            while k + 1 < len(sentence):
                ahead = sentence[k + 1]
                if not isinstance(ahead, str):
                    break
                more = _listed(sentence[k + 2]) if k + 2 < len(sentence) else []
                if _JOIN.fullmatch(ahead) and more:
                    names, k = [*names, *more], k + 2
                    continue
                after = ahead
                break
            before = sentence[at - 1] if at and isinstance(sentence[at - 1], str) else ""
            assert isinstance(before, str)
            following = sentence[k + 2] if k + 2 < len(sentence) else ""
            valued = isinstance(following, Written) and _defines(following)
            followed = isinstance(following, Written) and any(
                one.relations for one in stated(following.latex)
            )
            self.holds = self.holds.told(before, names, after, valued, followed)

    # formulas --------------------------------------------------------------------------------------

    def formula(self, item: Written) -> None:
        if item.fault:
            if item.display:
                self.add(item, "", "", "", "unread", Verdict("unread", "unread", item.fault))
            self.last = ""
            return
        for one in stated(item.latex):
            self.chain(item, one)

    def chain(self, item: Written, one: Stated) -> None:
        """Take up one chain: as a hypothesis, as a definition, or link by link."""
        if one.ranged or one.relations in (("in",), ("~",)):
            self.holds = self.holds.take(one) or self.holds
            return
        if one.relations == ("->",) and not item.display and bare(one.sides[0]):
            return  # `as t \to \infty`
        if not one.relations:
            self.last, self.first = one.sides[0], True
            self.see(*one.sides)
            return
        if self.is_hypothesis(item, one):
            taken = self.holds.take(one)
            self.holds = taken or self.holds
            self.see(*one.sides)
            return
        sides = list(one.sides)
        first = not one.opens
        if one.opens:
            if not self.last:
                lost = Verdict("unread", "unread", "it starts with a relation: no left side")
                self.add(item, "", one.relations[0], sides[1], "unread", lost)
                self.last = sides[-1]
                return
            sides[0] = self.last
        for at, relation in enumerate(one.relations):
            self.link(item, sides[at], relation, sides[at + 1], first and at == 0, one)
        self.last = sides[-1]

    def is_hypothesis(self, item: Written, one: Stated) -> bool:
        """Whether an inequality is said of letters, and not of what was computed."""
        if not ORDER.issuperset(one.relations) or one.opens:
            return False
        if CONDITION.search(one.word):
            return True
        simple = all(bare(s) or re.fullmatch(r"-?[\d.]+|\\infty", s.strip()) for s in one.sides)
        if not item.display:
            return simple or self.role in ("assumes", "local", "defines")
        return simple and self.role != "follows"

    def link(
        self, item: Written, left: str, relation: str, right: str, first: bool, one: Stated
    ) -> None:
        """Judge one link, or take it up as a definition."""
        if relation == "==":
            relation = "="
        local = _is_case(left, right) and self.role in ("local", "defines", "assumes", "says")
        if relation in ("=", ":=") and first:
            if self.introduces(item, left, relation, right, local):
                self.see(left, right)
                return
        new = bare(right)
        if relation == "=" and not first and new and self.is_new(new[0], left):
            self.defined(right, left, new)
            self.introduced(item, left, relation, right)
            self.see(left, right)
            return
        if relation in ("=", ":="):
            found = decided(left, right, self.holds)
            if not found.verdict.passed and (cited := self.cited(item)):
                found = self.by_what_is_cited(left, right, found, cited)
            self.number(item, left, right)
        elif relation in ("<=", ">=", "<", ">"):
            found = ordered(left, relation, right, self.holds)
        else:
            text = f"{SIGNS.get(relation, relation)} is not judged in a document"
            found = JudgedLink(Verdict("undecided", "relation-not-judged", text))
        self.outcome(item, left, relation, right, first, found)
        self.see(left, right)

    def number(self, item: Written, left: str, right: str) -> None:
        """Keep an equation by its label or its tag."""
        whole = _LABEL.findall(self.text[slice(*item.block)])
        own = whole if len(whole) == 1 else _LABEL.findall(self.text[item.start : item.end])
        for name in own:
            self.numbered.setdefault(name, []).append((left, right))

    def cited(self, item: Written) -> list[tuple[str, str]]:
        """Return the equations that are named between the formula before and this one."""
        end = min(item.start, item.block[0])
        begin = max(self.text.rfind(mark, 0, end) for mark in (r"\end{", r"\]", "\n\n"))
        names = _CITED.findall(self.text[max(begin, 0) : end])
        return [pair for name in names for pair in self.numbered.get(name[0] or name[1], [])]

    def by_what_is_cited(
        self, left: str, right: str, found: JudgedLink, cited: list[tuple[str, str]]
    ) -> JudgedLink:
        """Return the verdict with the equations that are cited as facts, where it is one that passes."""
        facts = tuple(f"{a} = {b}" for a, b in cited)
        with_facts = decided(left, right, replace(self.holds, given=(*self.holds.given, *facts)))
        if not with_facts.verdict.passed:
            return found
        reason = f"{with_facts.verdict.reason}, by {' and '.join(facts)}"
        return replace(with_facts, verdict=replace(with_facts.verdict, reason=reason))

    def outcome(
        self, item: Written, left: str, relation: str, right: str, first: bool, found: JudgedLink
    ) -> None:
        verdict = found.verdict
        said = read_as(found.sides, found.used) if found.sides else ""
        supposes = self.role in ("assumes", "local") or (
            self.role == "satisfies" and not found.used
        )
        if self.role == "assumes" and operation(left) == "strong" and letters(right):
            supposes = False
        if self.role == "denies":
            turned = Verdict("undecided", "not-judged", "its sentence may turn what it says")
            self.add(item, left, relation, right, "undecided", turned, said)
            return
        if verdict.passed:
            other = self.elsewhere or read_otherwise(left, right, self.holds)
            other = other or may_be_matrices(left, right, self.holds, found, self.matrices)
            if other:
                verdict = Verdict("undecided", "two-readings", other)
                self.add(item, left, relation, right, "undecided", verdict, said)
                return
            self.add(item, left, relation, right, "follows", verdict, said)
            return
        if verdict.verdict == "refuted":
            inline = not item.display and self.role == "defines"
            if first and relation == "=" and (inline or supposes):
                self.assumed(left, right)
                self.introduced(item, left, relation, right, said)
                return
            why = (
                self.hedged
                or self.said_before(left, right, found)
                or may_refute(left, relation, right, self.holds, found, first, self.role)
            )
            if not why:
                near = self.nearest(left, relation, right)
                self.add(item, left, relation, right, "does not follow", verdict, said, near)
                return
            verdict = Verdict("undecided", "not-judged", why)
        if first and verdict.verdict in ("undecided", "unread"):
            self.assumed(left, right)
            if supposes or (not item.display and self.role == "defines"):
                self.introduced(item, left, relation, right, said)
                return
        word: Outcome = "unread" if verdict.verdict == "unread" else "undecided"
        self.add(item, left, relation, right, word, verdict, said)

    def said_before(self, left: str, right: str, found: JudgedLink) -> str:
        """Say what was said in an earlier section, or of one case, that may not be what is meant."""
        names = letters(left, right, *(s.latex for s in found.used)) or {}
        known = {*(canonical(s.name) for s in found.used), *self.holds.shapes}
        for name in sorted(self.old & set(names) & known):
            return f"what {name} is was said in an earlier section"
        for text in self.past:
            for name in sorted(set(letters(*_SIDES.split(text)) or ()) & set(names)):
                bounded = replace(self.holds, given=(*self.holds.given, text))
                if decided(left, right, bounded).verdict.verdict != "refuted":
                    return f"{name} had bounds before that may still be meant"
        return ""

    def nearest(self, left: str, relation: str, right: str) -> str:
        """Return what would be right in the place of a link that does not follow."""
        before = self.findings[-1] if self.findings else None
        if before and (before.right, before.outcome, relation) == (left, "does not follow", "="):
            if decided(before.left, right, self.holds).verdict.passed:
                return f"{before.left} = {right} follows; what stands between the two does not"
        near = nearest_side(left, right, self.holds) if relation == "=" else ""
        return f"right: {near}" if near else ""

    def assumed(self, left: str, right: str) -> None:
        """Keep an equation that is taken for granted, and doubt its letters: it binds them."""
        if operation(left) == "strong" and self.role in ("says", "follows", "universal"):
            return  # it is worked out, and not supposed
        name = bare(left)
        if name is not None:
            if canonical(name[0]) not in self.holds.standing:
                self.holds = self.holds.doubting([canonical(name[0])], "an equation gives it")
            return
        names = spelled_letters(left, right)
        self.holds = self.holds.binding(x for x in names if names[x] or x not in _CONSTANTS)

    # definitions -----------------------------------------------------------------------------------

    def introduces(self, item: Written, left: str, relation: str, right: str, local: bool) -> bool:
        """Take up a definition; False where it is none."""
        name = bare(left)
        if name is None or self.role == "denies":
            return False
        base = canonical(name[0])
        inside = letters(right)
        if inside is not None and base in inside and not name[2]:
            return False
        known = base in self.holds.standing
        says = relation == ":=" or self.role in ("defines", "local") or local
        if known:
            if self.again(item, left, relation, right):
                return True
            if not says and self.role != "assumes":
                return False
        self.defined(left, right, name)
        self.introduced(item, left, relation, right)
        return True

    def again(self, item: Written, left: str, relation: str, right: str) -> bool:
        """Whether a name that is defined is said to be the same again; then it follows."""
        found = decided(left, right, self.holds)
        if found.verdict.passed:
            said = read_as(found.sides, found.used) if found.sides else ""
            self.add(item, left, relation, right, "follows", found.verdict, said)
            return True
        return False

    def is_new(self, name: str, other: str) -> bool:
        base = canonical(name)
        inside = letters(other)
        if inside is not None and base in inside:
            return False
        return base not in self.seen and base not in self.holds.standing

    def defined(self, left: str, right: str, name: tuple[str, tuple[str, ...], bool]) -> None:
        base, places, function = name
        if letters(right) is None:
            self.holds = self.holds.opaque(canonical(base), f"what {left} stands for is not read")
            return
        self.holds = self.holds.with_standing(Standing(base, right, places, function))
        made = decided(left, right, self.holds)
        if not made.verdict.passed:
            self.holds = self.holds.opaque(canonical(base), f"what {left} stands for is not read")

    def introduced(
        self, item: Written, left: str, relation: str, right: str, said: str = ""
    ) -> None:
        why = Verdict("undecided", "definition", "it is introduced here, and no consequence")
        self.add(item, left, relation, right, "introduced here", why, said)

    def see(self, *sides: str) -> None:
        for side in sides:
            self.seen |= set(letters(side) or ())

    def add(
        self,
        item: Written,
        left: str,
        relation: str,
        right: str,
        outcome: Outcome,
        verdict: Verdict,
        said: str = "",
        near: str = "",
    ) -> None:
        self.findings.append(
            LinkFinding(
                item.line, item.start, item.end, left, relation, right, outcome, verdict, said, near
            )
        )


def _is_case(left: str, right: str) -> bool:
    """Whether a relation takes one case: `n = 2`."""
    return bare(left) is not None and _CONSTANT.fullmatch(right.strip()) is not None


def _defines(item: Written) -> bool:
    """Whether a formula says what a letter stands for."""
    chains = stated(item.latex)
    return bool(chains and chains[0].relations and bare(chains[0].sides[0]))


def _listed(item: str | Written) -> list[str]:
    """Return the letters that a formula lists or says the kind of: `u, v`, `A \\in X`."""
    if isinstance(item, str) or item.display or item.fault:
        return []
    found: list[str] = []
    for one in stated(item.latex):
        if one.ranged or re.fullmatch(r"\\[lc]?dots", (one.sides or ("",))[0].strip()):
            continue
        if one.relations not in ((), ("in",)):
            return []
        name = bare(one.sides[0])
        if name is None:
            return []
        base = re.sub(r"_\{\d+\}$|_\d+$", "", canonical(name[0]))
        found.append(base)
    return found
