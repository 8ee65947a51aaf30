"""Claims: the one currency.  What a script, a stranger or a sentence says, one file a kind."""

from symattn.claims.bound import Inequality
from symattn.claims.claim import Behind, Claim, Oracle, chain
from symattn.claims.equivalence import Condition, Equivalent
from symattn.claims.extremum import MaximalOnSimplex, Minimal
from symattn.claims.identity import Identity
from symattn.claims.limit import IntegralTends, Squeezed, Tends
from symattn.claims.order import Exact, Leading
from symattn.claims.solution import Solution

__all__ = [
    "Behind", "Claim", "Condition", "Equivalent", "Exact", "Identity", "Inequality",
    "IntegralTends", "Leading", "MaximalOnSimplex", "Minimal", "Oracle", "Solution", "Squeezed",
    "Tends", "chain",
]  # fmt: skip
