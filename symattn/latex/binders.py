"""Sums, limits, integrals and cases: what stands below them, and how far they reach."""

from __future__ import annotations

from symattn.latex import nodes as n
from symattn.latex.cursor import (
    ROUND,
    STARTS,
    Cursor,
    closes_at_end,
    split_at,
    split_relations,
    split_separators,
    without,
)
from symattn.latex.lexical import Token
from symattn.latex.nodes import Node
from symattn.latex.scripts import take_script
from symattn.latex.series import domains
from symattn.latex.tree import read_chain, read_product, read_whole, take_signs

_CASE_WORDS = frozenset(["if", "for", "when", "or", "otherwise", "else"])


def take_bounds(cursor: Cursor) -> tuple[list[Token] | None, list[Token] | None]:
    """The subscript and superscript tokens of an operator, in either order."""
    cursor.at += 1
    scripts: dict[str, list[Token]] = {}
    while cursor.tokens[cursor.at].kind in ("_", "^"):
        script = cursor.tokens[cursor.at]
        if script.kind in scripts:
            cursor.fail(f"a second {script.text}", script.start)
        scripts[script.kind] = take_script(cursor)
    return scripts.get("_"), scripts.get("^")


def read_body(cursor: Cursor, token: Token) -> Node:
    """The product that an operator governs: all that follows in its term."""
    at = cursor.tokens[cursor.at].start
    sign = take_signs(cursor)
    if cursor.tokens[cursor.at].kind not in STARTS:
        shown = cursor.source[token.start : token.end]
        cursor.fail(f"nothing follows {shown}", cursor.tokens[cursor.at].start)
    body = read_product(cursor)
    return body if sign > 0 else n.Plus(((-1, body),), at, body.end)


def read_big(cursor: Cursor, token: Token) -> Node:
    """A sum or product over indices."""
    below, above = take_bounds(cursor)
    if not below:
        return read_bare_sum(cursor, token, above)
    domains = read_domains(cursor, below, above, token)
    body = read_body(cursor, token)
    if token.text == "prod" and type(body) is n.Times:
        return _side_by_side(domains, body, token.start)
    return n.Big(token.text, domains, body, token.start, body.end)


def read_bare_sum(cursor: Cursor, token: Token, above: list[Token] | None) -> Node:
    """`\\sum \\alpha_i v_i`: over the one index that is free in what is summed."""
    after = cursor.tokens[cursor.at].start
    upper = read_whole(cursor.part(above, above[-1].end)) if above else None
    body = read_body(cursor, token)
    free = free_indices(body)
    if len(free) != 1:
        ask = f"it may be {' or '.join(sorted(free))}" if free else "nothing here has one"
        cursor.fail(f"the index of the sum is missing, and {ask}", after, "write \\sum_{l=1}^{n}")
    (letter,) = free.values()
    domain = n.Domain(letter, None, upper, (), None, after, after)
    return n.Big(token.text, (domain,), body, token.start, body.end)


def read_extremum(cursor: Cursor, token: Token) -> Node:
    """\\max or \\min over an index."""
    cursor.at -= 1
    below, above = take_bounds(cursor)
    if not below:
        cursor.fail(f"the index of \\{token.text} is missing", token.start)
    domains = read_domains(cursor, below, above, token)
    begin = cursor.at
    following = cursor.tokens[begin]
    if following.kind == "open" and following.text in ROUND:
        cursor.skip()
        after = cursor.tokens[cursor.at]
        cursor.at = begin
        if after.kind in STARTS or (after.kind == "op" and after.text in "/*x"):
            cursor.fail(
                f"it is not clear where the argument of \\{token.text} ends",
                after.start,
                "put brackets round all of it",
            )
    body = read_body(cursor, token)
    return n.Big(token.text, domains, body, token.start, body.end)


def read_domains(
    cursor: Cursor, below: list[Token], above: list[Token] | None, token: Token
) -> tuple[n.Domain, ...]:
    end = below[-1].end
    while below[0].kind == "open" and below[0].text == "{" and closes_at_end(below):
        below = below[1:-1]
        if not below:
            cursor.fail("the braces are empty", token.end)
    upper = read_whole(cursor.part(above, above[-1].end)) if above else None
    pieces = [part for piece in split_separators(below) if piece for part in without(piece)]
    parts = [read_chain(cursor, piece, piece[-1].end) for piece in pieces if piece]
    if not parts:
        cursor.fail("the index of the sum is missing", end)
    return domains(parts, upper, cursor.source, below[0].start, end)


def read_limit(cursor: Cursor, token: Token) -> Node:
    """\\lim_{x \\to target} body."""
    below, above = take_bounds(cursor)
    if not below or above is not None:
        cursor.fail("\\lim needs its variable below it: \\lim_{x \\to 0}", token.start)
    pieces, relations = split_relations(below)
    if len(relations) != 1 or relations[0].text != "->":
        cursor.fail("\\lim needs x \\to target below it", below[0].start)
    side = ""
    target = pieces[1]
    tail = [t.text for t in target[-4:]]
    if tail[-2:] in (["^", "+"], ["^", "-"]):
        side, target = tail[-1], target[:-2]
    elif tail in (["^", "{", "+", "{"], ["^", "{", "-", "{"]):
        side, target = tail[-2], target[:-4]
    variable = read_whole(cursor.part(pieces[0], relations[0].start))
    goal = read_whole(cursor.part(target, below[-1].end))
    body = read_body(cursor, token)
    return n.Limit(body, variable, goal, side, token.start, body.end)


def read_integral(cursor: Cursor, token: Token) -> Node:
    """\\int_a^b body dx."""
    below, above = take_bounds(cursor)
    lower = read_whole(cursor.part(below, below[-1].end)) if below else None
    upper = read_whole(cursor.part(above, above[-1].end)) if above else None
    tokens = cursor.tokens
    begin = cursor.at
    missing = 1  # differentials still to come, for this integral and those inside
    while True:
        here, following = tokens[cursor.at], tokens[min(cursor.at + 1, len(tokens) - 1)]
        if (
            (here.kind == "diff" or (here.kind == "name" and here.text == "d"))
            and following.kind == "name"
            and tokens[cursor.at - 1].kind not in ("_", "^")
        ):
            missing -= 1
            if not missing:
                break
        if here.kind == "int":
            missing += 1
        if missing == 1 and (found := _over_stroke(cursor, here)) is not None:
            fraction, variable, after = found
            whole = [*tokens[begin : cursor.at], *fraction]
            cursor.at = after
            body = read_whole(cursor.part(whole, tokens[after].start))
            return n.Integrate(body, variable, lower, upper, token.start, tokens[after - 1].end)
        if here.kind == "open":
            cursor.skip()
            continue
        if here.kind in ("end", "close", "sep"):
            cursor.fail("the integral has no differential dx at its end", token.start)
        cursor.at += 1
    body = read_whole(cursor.part(tokens[begin : cursor.at], here.start))
    cursor.at += 2
    variable = n.Name(following.text, (), 0, following.start, following.end)
    return n.Integrate(body, variable, lower, upper, token.start, following.end)


def _over_stroke(cursor: Cursor, here: Token) -> tuple[list[Token], n.Name, int] | None:
    r"""`\\frac{x dx}{1+x}`: the fraction without its differential, the variable, and what follows."""
    tokens = cursor.tokens
    if here.text not in ("frac", "dfrac", "tfrac") or tokens[cursor.at + 1].text != "{":
        return None
    top, middle = cursor.between(cursor.at + 1)
    if len(top) < 2 or top[-1].kind != "name" or tokens[middle].text != "{":
        return None
    if not (top[-2].kind == "diff" or (top[-2].kind == "name" and top[-2].text == "d")):
        return None
    bottom, after = cursor.between(middle)
    one = top[-1]._replace(kind="number", text="1")
    rest = top[:-2] or [one]
    opened, closed = tokens[cursor.at + 1], tokens[middle - 1]
    body = [here, opened, *rest, closed, tokens[middle], *bottom, tokens[after - 1]]
    return body, n.Name(top[-1].text, (), 0, top[-1].start, top[-1].end), after


def read_cases(cursor: Cursor, token: Token) -> Node:
    """\\begin{cases} value & condition \\\\ .. \\end{cases}."""
    begin = cursor.at + 1
    cursor.skip()
    inner = cursor.tokens[begin : cursor.at - 1]
    end = cursor.tokens[cursor.at - 1].end
    rows = []
    for row in split_at(inner, ("row",)):
        if not row:
            continue
        cells = split_at(row, ("amp",))
        words = [t for t in row if t.kind == "text"]
        condition = list(cells[1]) if len(cells) > 1 else []
        while condition and condition[0].kind == "text" and condition[0].text != "or":
            condition.pop(0)
        value = [t for t in cells[0] if t.kind not in ("quad", "text")]
        while value and value[-1].kind == "sep":
            value.pop()
        while condition and condition[-1].kind == "sep":
            condition.pop()
        for word in words:
            if word.text.lower() not in _CASE_WORDS:
                cursor.fail(f"the words '{word.text[:40]}' are not read", word.start)
        if len(cells) > 2 or not value:
            cursor.fail("a row of cases is a value & a condition", row[0].start)
        node = read_whole(cursor.part(value, row[-1].end))
        terms: list[Node] = []
        relations: list[str] = []
        if any(t.kind != "text" for t in condition):
            terms, relations = read_condition(cursor, condition, row[-1].end)
        elif not words or words[-1].text.lower() not in ("otherwise", "else"):
            cursor.fail("the condition of a case is missing", row[-1].end)
        rows.append(n.CaseRow(node, tuple(terms), tuple(relations), row[0].start, row[-1].end))
    if not rows:
        cursor.fail("the cases are empty", token.start)
    return n.Cases(tuple(rows), token.start, end)


def read_condition(cursor: Cursor, tokens: list[Token], end: int) -> tuple[list[Node], list[str]]:
    """`l \\in \\{i, j\\}`, `l = i, j`, `l = i \\text{ or } l = j`, `l \\ne i, j`."""
    terms: list[Node] = []
    relations: list[str] = []
    for piece in split_at(tokens, ("sep", "quad", "text")):
        if not piece:
            continue
        more, signs = read_chain(cursor, piece, end)
        if not terms:
            terms, relations = more, signs
            if not signs:
                cursor.fail("the condition of a case is missing", piece[0].start)
            continue
        same = signs == relations and n.parts(more[0]) == n.parts(terms[0])
        if relations not in (["="], ["!="], ["in"], ["notin"]) or (signs and not same):
            cursor.fail("the condition of this case is not read", piece[0].start)
        before = terms[1].items if type(terms[1]) is n.Group else (terms[1],)
        members = (*before, more[-1])
        relations = ["in" if relations[0] in ("=", "in") else "notin"]
        terms = [terms[0], n.Group(members, "\\{", terms[1].start, more[-1].end)]
    return terms, relations


def _side_by_side(domains: tuple[n.Domain, ...], body: n.Times, start: int) -> Node:
    """A product whose last factor is a sum or product: a factor of it, unless it holds its index.

    In `\\prod_i x_i \\prod_j y_j` the second stands beside the first; a sum, which may as well
    stand inside, is left there.
    """
    *first, (op, last) = body.factors
    own = {domain.letter.text for domain in domains}
    if type(last) is n.Big:
        rebound = own & {domain.letter.text for domain in last.domains}
        if rebound or not any(name.text in own for name in n.names(last)):
            inner = first[0][1] if len(first) == 1 else n.Times(
                tuple(first), body.start, first[-1][1].end
            )  # fmt: skip
            big = n.Big("prod", domains, inner, start, inner.end)
            return n.Times((("", big), (op, last)), start, last.end)
    return n.Big("prod", domains, body, start, body.end)


def free_indices(tree: object) -> dict[str, n.Name]:
    """The letters that stand as an index in a tree and are not bound inside it."""
    found: dict[str, n.Name] = {}
    stack: list[tuple[object, bool, frozenset[str]]] = [(tree, False, frozenset())]
    while stack:
        here, index, bound = stack.pop()
        if type(here) is n.Name:
            if index and not here.indices and here.text not in bound:
                found.setdefault(here.text, here)
            stack.extend((x, True, bound) for x in here.indices)
            continue
        if type(here) is n.Big:
            bound = bound | {domain.letter.text for domain in here.domains}
        stack.extend((x, index, bound) for x in n.inside(here))
    return found
