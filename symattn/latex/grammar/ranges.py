"""Sums, products, integrals and limits: whatever binds a letter."""

from __future__ import annotations

from sympy import Add, Expr, Integral, Max, Min, Mul, Product, S, Sum, Symbol, exp, log, oo

from symattn.algebra.letters import OffSum
from symattn.latex import nodes as n
from symattn.latex.commands import PICK
from symattn.latex.grammar.builder import OPEN_SIZE, Builder, ScalarLimit, is_open
from symattn.latex.grammar.identifiers import index_of, member_of
from symattn.latex.grammar.named_functions import MAX_LIST
from symattn.latex.nodes import Node
from symattn.latex.tree import PICKS

MAX_TERMS_OF_SUM = 10_000
MAX_FACTORS_OF_PRODUCT = 1_000


def _bound(b: Builder, name: n.Name, lower: Expr) -> Expr:
    """The symbol of a bound index: a positive one only where its range is."""
    if lower.is_positive:
        return b.vocabulary.index_letter(name.base) or Symbol(
            name.base, integer=True, positive=True
        )
    return Symbol(name.base, integer=True, nonnegative=lower.is_nonnegative or None)


def build_big(b: Builder, node: n.Big) -> Expr:
    """A sum, product, maximum or minimum over indices, or where a maximum or minimum is."""
    if node.kind in PICKS and not _is_index(node):
        return _place(b, node)
    return _over(b, node, 0)


def _is_index(node: n.Big) -> bool:
    """Whether the letter below stands as an index in the body."""
    own = {domain.letter.base for domain in node.domains}
    return any(
        type(i) is n.Name and i.base in own for name in n.names(node.body) for i in name.indices
    )


def _place(b: Builder, node: n.Big) -> Expr:
    """Where a function of one letter, which is no index, is largest or smallest."""
    (domain, *more), whole = node.domains, b.vocabulary.range_named(f"{node.kind} of all")
    if more or whole is None or domain.lower or domain.upper or domain.members or domain.excluded:
        b.fail(f"\\{node.kind} is not read here", node.start, PICK)
    body = node.body
    body = body.items[0] if type(body) is n.Group and len(body.items) == 1 else body
    key = domain.letter.base
    if b.vocabulary.letter(key) is None and key not in b.scope:
        b.scope[key] = Symbol(key, real=True)  # of both signs, and no index
        found = whole(b.scalar(body, f"\\{node.kind}"), b.scope.pop(key))
    else:
        found = whole(b.scalar(body, f"\\{node.kind}"), b.build(domain.letter))
    if found is None:
        b.fail(f"this {node.kind} is not found", node.start, "write that its derivative is zero")
    b.notes[f"{node.kind}: the only one of a quadratic, with positive factors of squares"] = None
    return b.weighed(found, node)


def _over(b: Builder, node: n.Big, at: int) -> Expr:
    """Over the domains from `at` on; the first is the outermost."""
    if at == len(node.domains):
        body = node.body
        # The bracket after \max is its argument and no product.
        if type(body) is n.Group and len(body.items) == 1:
            body = body.items[0]
        return b.build(body)
    domain = node.domains[at]
    key = domain.letter.base
    saved = b.scope.get(key)
    if domain.start == domain.end:  # nothing is written below the sum
        _supplied(b, node.kind, key, domain.start)
    try:
        if domain.members is not None:
            return _over_members(b, node, at, domain)
        lower, upper = _ends(b, domain, node)
        excluded = []
        for item in domain.excluded:
            value = member_of(b, item)
            if value not in excluded:
                excluded.append(value)
        symbol = _bound(b, domain.letter, lower)
        b.scope[key] = symbol
        inner = _over(b, node, at + 1)
    finally:
        if saved is None:
            b.scope.pop(key, None)
        else:
            b.scope[key] = saved
    if is_open(inner):
        inner = inner.xreplace({OPEN_SIZE: b.vocabulary.size or OPEN_SIZE})
    return _ranged(b, node, inner, symbol, lower, upper, excluded)


def _supplied(b: Builder, kind: str, letter: str, place: int) -> None:
    """Say that a sum without an index runs over the one index in it; refuse what is not free."""
    count = b.vocabulary.count
    if letter in b.scope or (count is not None and str(count) == letter):
        b.fail("the index of the sum is missing", place, "write \\sum_{l=1}^{n}")
    what = "product" if kind == "prod" else "sum"
    b.notes[f"the {what} without an index is read as the {what} over {letter}"] = None


def _ranged(
    b: Builder,
    node: n.Big,
    inner: Expr,
    symbol: Expr,
    lower: Expr,
    upper: Expr,
    excluded: list[Expr],
) -> Expr:
    if symbol in excluded:
        b.fail("the index is excluded from its own sum", node.start)
    if excluded and lower != 1:
        b.fail("a sum that leaves indices out starts at 1", node.start)
    if node.kind == "sum":
        if excluded:
            return OffSum(inner, symbol, upper, excluded)
        return Sum(inner, (symbol, lower, upper))
    if not inner.is_commutative:
        # `\\max_j z_j \\mathbf{1}` may be the vector of ones times a maximum
        (b.misfit if node.kind == "prod" else b.fail)(
            f"\\{node.kind} needs scalars; {b.text(node.body)} is {b.kind(inner)}",
            node.body.start,
            "put brackets round what it is taken of",
        )
    if node.kind == "logsumexp":
        return log(OffSum(exp(inner), symbol, upper, excluded) if excluded else Sum(
            exp(inner), (symbol, lower, upper)))  # fmt: skip
    if node.kind == "prod":
        if excluded:
            b.fail("a product that leaves indices out is not read", node.start)
        return Product(inner, (symbol, lower, upper))
    builder = b.vocabulary.range_named(node.kind)
    if builder is None or lower != 1:
        b.fail(
            f"\\{node.kind} over an index is not read here",
            node.start,
            PICK if node.kind in PICKS else "write the condition for each index, with \\forall",
        )
    return builder(inner, symbol, upper, tuple(excluded))


def _ends(b: Builder, domain: n.Domain, node: n.Big) -> tuple[Expr, Expr]:
    """The lower and upper end of an index; n where none is written."""
    lower = _end(b, domain.lower) if domain.lower is not None else S.One
    if domain.upper is not None:
        upper = _end(b, domain.upper)
    elif b.vocabulary.count is not None:
        upper = b.vocabulary.count
    else:
        b.fail("the upper end of the sum is missing", node.start, "write \\sum_{l=1}^{n}")
    if lower.is_number and upper.is_number and lower.is_finite and upper.is_finite:
        if not (lower.is_Integer and upper.is_Integer):
            b.fail("the ends of a sum are whole numbers", domain.start)
        count = int(upper) - int(lower) + 1
        most = MAX_TERMS_OF_SUM if node.kind == "sum" else MAX_FACTORS_OF_PRODUCT
        if count > most:
            b.fail(
                f"a {'sum' if node.kind == 'sum' else 'product'} of {count} terms is too long; "
                f"at most {most} are read",
                node.start,
            )
        if count < 1:
            b.fail("the sum runs over nothing", node.start)
    return lower, upper


def _end(b: Builder, node: Node) -> Expr:
    """One end of a range; it may be infinite."""
    boundless = infinite(node)
    return boundless if boundless is not None else index_of(b, node)


def _over_members(b: Builder, node: n.Big, at: int, domain: n.Domain) -> Expr:
    """A sum over a few indices that are listed."""
    assert domain.members is not None
    key = domain.letter.base
    values = []
    for member in domain.members:
        b.scope.pop(key, None)
        place = member_of(b, member)
        b.scope[key] = place
        values.append(_over(b, node, at + 1))
    if len(values) > MAX_LIST and node.kind in ("max", "min"):
        b.fail(f"\\{node.kind} of more than {MAX_LIST} numbers is not read", node.start)
    if node.kind == "sum":
        return b.weighed(Add(*values), node)
    if not all(value.is_commutative for value in values):
        b.misfit(f"\\{node.kind} needs scalars", node.body.start)
    if node.kind == "prod":
        return Mul(*values)
    if node.kind == "logsumexp":
        return log(Add(*map(exp, values)))
    return (Max if node.kind == "max" else Min)(*values)


def build_integral(b: Builder, node: n.Integrate) -> Expr:
    """An integral."""
    ends: list[Expr] = []
    line = type(node.lower) is n.Name and node.lower.base == "\\mathbb{R}" and node.upper is None
    if line:
        ends = [-oo, oo]
    elif (node.lower is None) != (node.upper is None):
        b.fail("an integral has two ends or none", node.start)
    for side in () if line else (node.lower, node.upper):
        if side is not None:
            boundless = infinite(side)
            ends.append(
                boundless if boundless is not None else b.scalar(side, "the end of an integral")
            )
    key = node.variable.base
    saved = b.scope.get(key)
    b.scope[key] = symbol = Symbol(key, real=True)
    try:
        body = b.scalar(node.body, "an integral")
    finally:
        if saved is None:
            b.scope.pop(key, None)
        else:
            b.scope[key] = saved
    return Integral(body, (symbol, *ends))


def build_limit(b: Builder, node: n.Limit) -> Expr:
    """A limit inside an expression, inert."""
    variable = b.build(node.variable)
    if not isinstance(variable, Symbol):
        b.fail("the variable of a limit is one letter", node.variable.start)
    target = infinite(node.target)
    if target is None:
        target = b.scalar(node.target, "the target of a limit")
    body = b.build(node.body)
    if not body.is_commutative:
        b.fail(
            "the limit of a vector is read only as a whole side",
            node.start,
            "write c \\to v \\text{ as } x \\to \\infty",
        )
    if target in (oo, -oo):
        return ScalarLimit(body, variable, target)
    return ScalarLimit(body, variable, target, node.side or ("+" if variable.is_positive else "+-"))


def infinite(node: Node) -> Expr | None:
    """Oo or -oo when the node is just that."""
    if type(node) is n.Infinity:
        return oo
    if type(node) is n.Plus and len(node.terms) == 1 and type(node.terms[0][1]) is n.Infinity:
        return oo if node.terms[0][0] > 0 else -oo
    return None
