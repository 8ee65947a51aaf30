"""The kernel: what alone makes proofs.  It imports the algebra and the hypotheses, nothing else.

>>> from sympy import Symbol, exp
>>> from symattn.kernel import Context, Proof, Sign, Zero, prove
>>> x = Symbol("x", real=True)
>>> isinstance(prove([Zero((x + 1) ** 2 - x**2 - 2 * x - 1)], Context()), Proof)
True
>>> prove([Sign(exp(x) - 1)], Context()).reason
'exp(x) - 1 >= 0 is not decided'
"""

from symattn.kernel.approaches import Approach
from symattn.kernel.obligations import (
    Approximates,
    Free,
    HasValue,
    LimitIs,
    Moves,
    Obligation,
    Sign,
    StaysBounded,
    Theorem,
    Zero,
)
from symattn.kernel.proving import RULES, Context, Unproved, prove
from symattn.kernel.seal import Certificate, Proof, is_proof

__all__ = [
    "RULES", "Approach", "Approximates", "Certificate", "Context", "HasValue", "Free", "LimitIs", "Moves",
    "Obligation", "Proof", "Sign", "StaysBounded", "Theorem", "Unproved", "Zero", "is_proof", "prove",
]  # fmt: skip
