"""All the words that a derivation is written in: `from symattn.vocabulary import *`.

Letters of attention, vectors and matrices, hypotheses, rules, kinds of claims, and SymPy's own.
"""

from __future__ import annotations

import numpy as np
from sympy import (
    Abs,
    Expr,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    LambertW,
    Max,
    Min,
    Rational,
    S,
    Sum,
    Symbol,
    cos,
    erf,
    exp,
    log,
    oo,
    pi,
    sin,
    sqrt,
    tanh,
)

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import (
    Sigma,
    alpha,
    beta,
    c,
    d,
    delta,
    epsilon,
    i,
    j,
    k,
    l,
    logit,
    m,
    mu,
    n,
    output,
    q,
    softmax,
    v,
    weight,
    x,
    z,
)
from symattn.algebra.letters import (
    Cov,
    Det,
    Diag,
    Dot,
    Expect,
    Inverse,
    Matrix,
    Member,
    Norm,
    OffSum,
    Partial,
    T,
    Trace,
    Var,
    Vector,
)
from symattn.algebra.letters import IdentityMatrix as Eye
from symattn.check import oracle, quadrature
from symattn.check.laws import (
    DrawnKeys,
    LinearInKeys,
    OutputOfNormalKeys,
    ShareOfNormalGap,
    TwoPoints,
)
from symattn.check.named import ATTENTION, OF_LOGITS
from symattn.claims import (
    Claim,
    Equivalent,
    Identity,
    Inequality,
    IntegralTends,
    Leading,
    MaximalOnSimplex,
    Minimal,
    Oracle,
    Solution,
    Squeezed,
    Tends,
)
from symattn.claims.definitions import Definitions
from symattn.claims.equivalence import positive_factor
from symattn.derive.derivation import Derivation
from symattn.derive.noise import (
    Small,
    change_of_variable,
    exchanged,
    gaussian_moment,
    in_terms_of,
    leading,
    noise_only,
)
from symattn.derive.prose import F, Text, words
from symattn.derive.question import AuthorTest, Question, Specification
from symattn.derive.rules import (
    Rule,
    bound_each,
    centre,
    coefficient_of,
    collect,
    constants_out,
    differentiate,
    expand_products,
    inside,
    limit,
    put,
    right_divide,
    separate,
    solve_zero,
    split_deltas,
    triangle,
    under,
)
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.coordinates import AffineCoordinates
from symattn.hypotheses.families import (
    Above,
    Arbitrary,
    AtLeast,
    Between,
    Bounded,
    Distinct,
    EqualNorms,
    Exactly,
    Large,
    Named,
    Only,
    Orthonormal,
    Perpendicular,
    Replaced,
    Vanishing,
)
from symattn.hypotheses.free import Members, Permutation, Reals, Scalar
from symattn.hypotheses.gaps import Dominates, Nearest, PairAhead, WideGaps
from symattn.hypotheses.gaussian import Covariance, GaussianKeys, isotropic, spiked
from symattn.hypotheses.independent import Independent
from symattn.hypotheses.simplex import Simplex
from symattn.hypotheses.stands import Stands
from symattn.hypotheses.subspaces import Annihilates, Orthogonal, OrthonormalBasis, UnitBasis
from symattn.kernel import Theorem
from symattn.pages.model import Bars, Curve, Figure, Mark
from symattn.pages.plots import curve

__all__ = [
    "Above", "Abs", "AffineCoordinates", "alpha", "Annihilates", "Arbitrary", "AtLeast", "ATTENTION",
    "AuthorTest", "Bars", "beta", "Between", "bound_each", "Bounded", "c", "centre",
    "change_of_variable", "Claim", "coefficient_of", "collect", "compiled", "constants_out", "cos",
    "Cov", "Covariance", "Curve", "curve", "d", "Definitions", "delta", "Derivation", "Det", "Diag",
    "differentiate", "Distinct", "Dominates", "Dot", "DrawnKeys", "epsilon", "EqualNorms",
    "Equivalent", "erf", "Exactly", "exchanged", "exp", "expand_products", "Expect", "Expr", "Eye", "F",
    "Figure", "gaussian_moment", "GaussianKeys", "Given", "i", "Identity", "in_terms_of", "Indexed",
    "IndexedBase", "Independent", "Inequality", "inside", "Instance", "IntegralTends", "Inverse", "isotropic", "j",
    "k", "KroneckerDelta", "l", "LambertW", "Large", "Leading", "LinearInKeys", "leading", "limit",
    "log", "logit", "m", "Mark", "Matrix", "Max", "MaximalOnSimplex", "Member", "Members", "Min", "Minimal", "mu",
    "n", "Named", "Nearest", "noise_only", "Norm", "np", "OF_LOGITS", "OffSum", "Only", "Oracle",
    "oo", "oracle", "Orthogonal", "Orthonormal", "OrthonormalBasis", "output", "OutputOfNormalKeys",
    "PairAhead", "Partial", "Permutation", "Perpendicular", "pi", "positive_factor", "put", "q",
    "quadrature", "Question", "Rational", "Reals", "Replaced", "right_divide", "Rule", "S",
    "Scalar", "separate", "ShareOfNormalGap", "Sigma", "Simplex", "sin", "Small", "softmax",
    "Solution", "solve_zero", "Specification", "spiked", "split_deltas", "sqrt", "Squeezed",
    "Stands", "Sum", "Symbol", "T", "tanh", "Tends", "Text", "Theorem", "Trace", "triangle", "TwoPoints", "under",
    "UnitBasis", "v", "Vanishing", "Var", "Vector", "weight", "WideGaps", "words", "x", "z",
]  # fmt: skip
