"""The named quantities of attention: each in symbols and, independently, in plain NumPy."""

from __future__ import annotations

from sympy import Sum

from symattn.algebra.attention import alpha, c, k, l, output, q, softmax, v, weight, z
from symattn.algebra.attention import n as count
from symattn.algebra.letters import Dot
from symattn.check import oracle
from symattn.claims.definitions import Defined, Definitions


def attention(query: Defined | None = None) -> tuple[Defined, ...]:
    """Return the logits, weights and output of a query, from their definitions.

    Without a query they are those of the letter q, which stays free.

    >>> [one.name for one in attention()]
    ['z', '\\\\alpha', 'c']
    """
    first = () if query is None else (query,)
    return (
        *first,
        Defined(z(l), Dot(k(l), q), lambda I: I["k"] @ I["q"]),
        Defined(alpha(l), weight(l), lambda I: oracle.weights(I["k"], I["q"])),
        Defined(c, output(), lambda I: oracle.output(I["k"], I["v"], I["q"])),
    )


ATTENTION = Definitions(attention()[1:])
"""The weights and the output of a query."""

OF_LOGITS = Definitions(
    (
        Defined(alpha(l), softmax(l), lambda I: oracle.softmax(I["z"])),
        Defined(
            c, Sum(softmax(l) * v(l), (l, 1, count)), lambda I: oracle.softmax(I["z"]) @ I["v"]
        ),
    )
)
"""The weights and the output of any logits, whatever they come from."""
