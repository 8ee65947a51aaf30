"""Claims that an author of a script may try: wrong ones, each beside a right one of its shape.

A row is code in the vocabulary of the scripts, to be put before a script's `D.answers(`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SETUP = r"""
xi, psi = (Symbol(name, real=True) for name in (r"\xi", r"\psi"))
kappa, zeta = (Symbol(name, positive=True) for name in (r"\kappa", r"\zeta"))
letters = (xi, psi, kappa, zeta, beta)
none, distinct = Given(()), Given((Distinct((i, j)),))
E = exp(S.One)
free, asked = OF_LOGITS.any(*letters), ATTENTION.any(*letters)
prob = IndexedBase("p", positive=True)
base = IndexedBase(r"\omega", real=True)
W, named = base[l], Given((OF_LOGITS.stands(alpha(l)),))

def same(left, right, given=none, names=free, **more):
    D.state(Identity, "x", left, right, given, names, **more)

def bound(left, relation, right, given=none, names=free, **more):
    gap = right - left if relation in (r"\le", "<") else left - right
    more.setdefault("slack", names.expand(gap))
    D.state(Inequality, "x", left, right, given, names, relation=relation, **more)

def tends(f, to, given=none, names=free, variable=kappa, point=oo):
    D.state(Tends, "x", f, to, given, names, variable=variable, point=point)

def minimum(place, f, variable=kappa, given=none, names=free, **more):
    D.state(Minimal, "x", variable, place, given, names, f=f, **more)

def both(first, second, given=none, names=free, **more):
    D.iff("x", first, second, given, names=names, **more)

def through(f, end, of=xi, relation=r"\ge", **more):
    both((f(of), relation, f(end)), (of, relation, end), increasing=f, **more)

def of(query):
    return asked.let(q, query)

def ours(left, right):
    D.state(Identity, "x", left, right)

def order(left, right, remainder, given=None, names=None, paths=None, **more):
    names, paths, given = names or integrated, paths or PATHS, given or RANGE
    more.setdefault("kept", right)
    D.state(Leading, "x", left, right, given, names, order=remainder, paths=paths, **more)

def own_law():
    value = NORMAL.subs(g, odds) / (rho * (1 - rho))
    return Definitions().let(f, value, lambda I: quadrature.logit_normal_density(I[r"\rho"], I[r"\tau"])).any(tau)

def said(*parts):
    D.say("So {x}.", x=F(*parts))

def integral(value, of=None, **more):
    shown = tau * Expect(rho * (1 - rho)) if of is None else of
    used = dict(integrand=slope.value*constant, primitive=sigmoid, point=g, constant=constant, variable=tau,
                exponent=-(g**2) / (2 * tau**2), low=low, high=high)
    D.state(IntegralTends, "x", shown, value, AMONG, **{**used, **more})
"""
"""What every row of the first sheet may use."""
LETTERS = {
    "q1a": r"""
flat = Sum(P[l] * (alpha(l) / P[l] - 1), (l, 1, n))
tangent = Theorem("tangent", Sum(P[l] * log(alpha(l) / P[l]), (l, 1, n)), flat)
""",
    "q1b": r"""
logs, lines = -logs, -lines
by_norm = Theorem("cauchy-schwarz", reached, product)
straight, curved = straight / 2, curved / 2
enough = D.start("sufficient gap", enough)
wider, tail = exp(gamma - gap), exp(beta * (gamma - gap))
room = others(1 - tail) / (1 + exp(-beta * gamma) * others(tail))
""",
    "q1c": r"""
spare = collect().apply(cap.value - lack)
""",
    "q1d": r"""
own = D.named("own-norm").right
""",
    "q1f": r"""
wide = D.start("variance of the gap", wide)
""",
    "softmax/q2a": r"""
def tangent(x):
    flat = Sum(alpha(l) * (x - 1), (l, 1, n))
    return Theorem("tangent", Sum(alpha(l) * log(x), (l, 1, n)), flat), flat

even, flat = tangent(1 / (n * alpha(l)))
own, flat = tangent(alpha(l))
others = Sum(alpha(l) * OffSum(alpha(m), m, n, (l,)), (l, 1, n))
""",
    "softmax/q2c": r"""
spare = OffSum(exp(-beta * gamma) * (1 - exp(-beta * (GAP[l] - gamma))), l, n, (i,))
""",
    "softmax/q2d": r"""
flat = Sum(alpha(l) * (1 + x), (l, 1, n))
tangent = Theorem("tangent", flat, curved)
""",
}
"""What the rows of a question call what its script does not name: the ingredients of its bounds."""

ELSEWHERE = r"""
def ours(left, right):
    D.state(Identity, "x", left, right)

def tends(f, to, given, names, variable, point=oo):
    D.state(Tends, "x", f, to, given, names, variable=variable, point=point)
"""
"""What the rows of other sheets may use: `softmax/q1a` is a script of such a sheet."""


@dataclass(frozen=True)
class Row:
    """A wrong claim and a right one of the same shape.

    kind : what is wrong with it; `KINDS` says it in words.
    """

    question: str
    kind: str
    wrong: str
    right: str


KINDS = {
    "monotone": "a function is called increasing that is not, or not everywhere",
    "factor": "the gaps of two conditions do not differ by a positive factor",
    "strict": "strict for not strict, or the other way round",
    "names": "a letter that the question defines is given another meaning in private",
    "poles": "an excluded point, or a branch, inside the context",
    "context": "hypotheses that nothing meets",
    "outvoted": "the exact test says no, and numbers do not see why",
    "samples": "a moment that is off by a few hundredths",
    "constant": "the constant of a limit or of an integral is another",
    "limit": "another limit, one that holds its own variable, or nothing moves",
    "ranges": "a range that the claim does not state",
    "sizes": "false at sizes and scales that are seldom tried",
    "order": "the remainder is not of the order that is stated",
    "extremum": "not the extremum of this function on this domain",
    "coincidence": "two indices that nothing keeps apart are equal",
    "theorem": "not an instance of the theorem that is named",
    "bound": "false in a small part of the domain",
    "squeezed": "the bounds do not enclose, or do not tend there",
    "solution": "the candidate does not meet the specification, or the specification is another",
    "printed": "it prints one thing and is about another",
    "words": "a formula in a sentence",
    "forged": "a claim, a hypothesis or a law of the script's own making",
    "derivative": "another derivative, or by another letter",
    "factors": "products, transposes and norms of vectors and matrices",
    "functions": "a law that a function does not obey",
    "hypothesis": "what only a hypothesis makes true, or what it does not say",
}

_ROWS = r"""
[q1a monotone]
- through(lambda x: x**2, S(2))
+ through(lambda x: x**3 + x, S(2))
- through(lambda x: (x - 1)**2, S(11))
+ through(lambda x: 3*x - 1, S(11))
- through(lambda x: exp(x) + exp(-x), S(9), relation=r"\le")
+ through(lambda x: exp(x) - exp(-x), S(9), relation=r"\le")
- through(lambda x: x**4, S(1))
+ through(lambda x: x + exp(2*x), S(1))
- through(lambda x: -x, S(1))
+ through(lambda x: 2*x, S(1))
- through(lambda x: exp(-x), S(1))
+ through(lambda x: -exp(-x), S(1))
# touches the level once on the other side, at -1
- through(lambda x: x**3 - 3*x, S(2))
+ through(lambda x: x**3 + 3*x, S(2))
- through(lambda x: x*exp(-x), Rational(1, 2))
+ through(lambda x: x*exp(x), Rational(1, 2), of=kappa)
- through(lambda x: (x - 100)**2, S(300), of=kappa)
+ through(lambda x: (x + 100)**2, S(300), of=kappa)
- through(lambda x: (x + 50)**2, S(60))
+ through(lambda x: exp(x) + x, S(60))
- through(lambda x: 1/x, S(3), of=kappa)
+ through(lambda x: -1/x, S(3), of=kappa)
- through(lambda x: log(x)**2, S(5), of=kappa)
+ through(lambda x: log(x), S(5), of=kappa)
- through(lambda x: x**2 - x/1000, Rational(1, 1001), of=kappa)
+ through(lambda x: x**2 + x/1000, Rational(1, 2), of=kappa)
- through(lambda x: 0*x, S(1))
+ through(lambda x: x/1000, S(1))
- through(lambda x: x**2, -S(3), relation=r"\le")
+ through(lambda x: exp(3*x), -S(3), relation=r"\le")
- through(lambda x: x - exp(x)/1000, S(2))
+ through(lambda x: x + exp(x)/1000, S(2))
- both((psi*xi, r"\ge", psi), (xi, r"\ge", S(1)), increasing=lambda x: psi*x)
+ both((kappa*xi, r"\ge", kappa), (xi, r"\ge", S(1)), increasing=lambda x: kappa*x)

[q1a factor]
- both((xi, r"\ge", S(1)), (xi, r"\ge", S(2)))
+ both((xi, r"\ge", S(1)), (3*xi, r"\ge", S(3)))
- both((2*xi, r"\ge", S(4)), (xi, r"\le", S(2)))
+ both((-2*xi, r"\le", -S(4)), (xi, r"\ge", S(2)))
- both((psi*xi, r"\ge", S(0)), (xi, r"\ge", S(0)))
+ both((kappa*xi, r"\ge", S(0)), (xi, r"\ge", S(0)))
# a factor that vanishes at one point
- both((xi**2*(xi - 1), r"\ge", S(0)), (xi, r"\ge", S(1)), factor=xi**2)
+ both(((xi**2 + 1)*(xi - 1), r"\ge", S(0)), (xi, r"\ge", S(1)), factor=xi**2 + 1)
- both(((psi - 3)**2*xi, ">", S(0)), (xi, ">", S(0)), factor=(psi - 3)**2)
+ both((exp(psi)*xi, ">", S(0)), (xi, ">", S(0)), factor=exp(psi))
- both((xi**3 - xi, r"\ge", S(0)), (xi - 1, r"\ge", S(0)))
+ both((xi**3 + xi, r"\ge", S(0)), (xi, r"\ge", S(0)))
- both((xi*(n - 1), r"\ge", S(0)), (xi, r"\ge", S(0)))
+ both((xi*(n + 1), r"\ge", S(0)), (xi, r"\ge", S(0)))
- both((xi*(n - 7)**2, r"\ge", S(0)), (xi, r"\ge", S(0)))
+ both((xi*n**2, r"\ge", S(0)), (xi, r"\ge", S(0)))
- both((xi + Rational(1, 10**12), r"\ge", S(0)), (xi, r"\ge", S(0)), factor=S.One)
+ both((xi + 1, r"\ge", S(1)), (xi, r"\ge", S(0)), factor=S.One)

[q1a strict]
- both((xi, ">", S(1)), (xi, r"\ge", S(1)))
+ both((xi, ">", S(1)), (2*xi, ">", S(2)))
- both((exp(xi), r"\ge", exp(S(2))), (xi, ">", S(2)), increasing=exp)
+ both((exp(xi), r"\ge", exp(S(2))), (xi, r"\ge", S(2)), increasing=exp)
- bound(exp(xi), ">", xi + 1)
+ bound(exp(xi), ">", S(0))
- bound((xi - 3)**2, ">", S(0))
+ bound((xi - 3)**2, r"\ge", S(0))
- bound(kappa + 1/kappa, ">", S(2), slack=(kappa - 1)**2/kappa)
+ bound(kappa + 1/kappa, r"\ge", S(2), slack=(kappa - 1)**2/kappa)
- bound(n, ">", S(1), slack=n - 1)
+ bound(n, r"\ge", S(1), slack=n - 1)
- bound((xi - psi)**2, ">", S(0))
+ bound((xi - psi)**2, r"\ge", S(0))
- bound(alpha(i), "<", S.One)
+ bound(alpha(i), r"\le", S.One, slack=OffSum(alpha(l), l, n, (i,)), given=Given((WEIGHTS,)))
- bound(Sum(prob[l]*log(prob[l]/alpha(l)), (l, 1, n)), ">", S.Zero, ALIKE, middle=-flat,
      slack=S.Zero, theorems=(tangent,))
+ bound(Sum(prob[l]*log(prob[l]/alpha(l)), (l, 1, n)), r"\ge", S.Zero, ALIKE, middle=-flat,
      slack=S.Zero, theorems=(tangent,))

[q1a names]
- same(alpha(i), 1/n, names=OF_LOGITS.let(alpha(l), 1/n))
+ same(base[i], 1/n, names=OF_LOGITS.let(W, 1/n, lambda I: np.ones(I["n"])/I["n"]))
- same(alpha(i), S.Half, names=Definitions().let(alpha(l), S.Half, lambda I: np.full(I["n"], 0.5)))
+ same(base[i], S.Half, names=Definitions().let(W, S.Half, lambda I: np.full(I["n"], 0.5)))
- same(alpha(i), S.Half, names=OF_LOGITS.let(alpha(l), None, lambda I: np.full(I["n"], 0.5)))
+ same(alpha(i), softmax(i), names=OF_LOGITS)
- same(Sum(alpha(l), (l, 1, n)), S(2), names=OF_LOGITS.let(alpha(l), 2*softmax(l)))
+ same(Sum(2*alpha(l), (l, 1, n)), S(2))
- D.names = D.names.let(alpha(l), 1/n); same(alpha(i), 1/n, names=D.names)
+ D.names = D.names.let(W, 2*n); same(base[i], 2*n, names=D.names)
- D.names = Definitions().let(c, v(i)); same(c, v(i), names=D.names)
+ D.let(IndexedBase("a", real=True)[l], 2*z(l), lambda I: 2*I["z"])
  same(IndexedBase("a", real=True)[i], 2*z(i), names=D.names)
- bound(alpha(i), r"\ge", S.Half, names=OF_LOGITS.let(alpha(l), 3*S.Half))
+ bound(alpha(i), r"\ge", -S.Half)
- same(alpha(i), 1/n, Given((Stands(alpha(l).base, lambda x: 1/n, lambda I: np.ones(I["n"])/I["n"]),)))
+ same(base[i], 2*z(i), Given((Stands(base, lambda x: 2*z(x), lambda I: 2*I["z"]),)))
- Defined = type(ATTENTION.defined[0])
  same(alpha(i), 1/n, names=Definitions((Defined(alpha(l), 1/n, lambda I: np.ones(I["n"])/I["n"]),)))
+ Defined = type(ATTENTION.defined[0])
  same(base[i], n + 1, names=Definitions((Defined(W, n + 1, lambda I: np.full(I["n"], I["n"] + 1)),)))
- tends(alpha(i), S.Zero, names=OF_LOGITS.let(alpha(l), 1/kappa).any(kappa))
+ tends(1/(1 + kappa), S.Zero)
- same(c, v(i), names=ATTENTION.let(c, v(i)))
+ same(c, output(), names=ATTENTION)
- both((alpha(i), r"\ge", S.Half), (xi, r"\ge", S.Half), names=free.let(alpha(l), xi))
+ both((base[i], r"\ge", S.Half), (xi, r"\ge", S.Half), names=free.let(W, xi))

[q1a poles]
- same(Sum(alpha(l), (l, 1, n)), (n**2 - 3*n + 2)/((n - 2)*(n - 1)))
+ same(Sum(alpha(l), (l, 1, n)), (n**2 + 3*n + 2)/((n + 2)*(n + 1)))
- same(z(i)*(n**2 - 4)/((n - 2)*(n + 2)), z(i))
+ same(z(i)*(n**2 - 4)/((n - 2)*(n + 2)), z(i), Given((AtLeast(3),)))
- same((xi**2 - 1)/(xi - 1), xi + 1)
+ same((xi**4 - 1)/(xi**2 + 1), xi**2 - 1)
- same(xi + 1, (xi**2 - 1)/(xi - 1))
+ same(xi**2 - 1, (xi**4 - 1)/(xi**2 + 1))
- same((kappa**2 - 49)/(kappa - 7), kappa + 7)
+ same((kappa**2 - 49)/(kappa + 7), kappa - 7)
- same((exp(2*xi) - 1)/(exp(xi) - 1), exp(xi) + 1)
+ same((exp(2*xi) - 1)/(exp(xi) + 1), exp(xi) - 1)
- same((exp(3*xi) - 8)/(exp(xi) - 2), exp(2*xi) + 2*exp(xi) + 4)
+ same((exp(3*xi) + 8)/(exp(xi) + 2), exp(2*xi) - 2*exp(xi) + 4)
- same(Sum(alpha(m)*(m**2 - 9)/((m - 3)*(m + 3)), (m, 1, n)), S.One)
+ same(Sum(alpha(m)*(m**2 + 3*m + 2)/((m + 1)*(m + 2)), (m, 1, n)), S.One)
- same(OffSum(S.One, l, n, (i,))/(n - 1), S.One)
+ same(OffSum(S.One, l, n, (i,))/(n - 1), S.One, Given((AtLeast(2),)))
- same((n**2 - 400)/(n - 20), n + 20)
+ same((n**2 - 400)/(n + 20), n - 20)
- same(log(xi**2), 2*log(xi))
+ same(log(kappa**2), 2*log(kappa))
- same(sqrt(xi*psi), sqrt(xi)*sqrt(psi))
+ same(sqrt(kappa*zeta), sqrt(kappa)*sqrt(zeta))
- same(log(xi*psi), log(xi) + log(psi))
+ same(log(kappa*zeta), log(kappa) + log(zeta))
- same((n**2 - 9)*z(i)/(n - 3), (n + 3)*z(i))
+ same((n**2 - 9)*z(i)/(n - 3), (n + 3)*z(i), Given((AtLeast(4),)))
- same(sqrt(xi**2), xi)
+ same(sqrt(kappa**2), kappa)
- bound((xi**2 - 1)/(xi - 1), r"\ge", xi, slack=S.One)
+ bound((xi**4 - 1)/(xi**2 + 1), r"\ge", xi**2 - 2, slack=S.One)
- tends((kappa*xi - kappa)/((xi - 1)*(kappa + 1)), S.One)
+ tends((kappa*zeta + kappa)/((zeta + 1)*(kappa + 1)), S.One)

[q1a context]
- same(alpha(i), S.Half, Given((AtLeast(3), Exactly(2))))
+ same(OffSum(S.One, l, n, (i, j)), S.Zero, Given((Distinct((i, j)), Exactly(2))))
- same(n, S(5), Given((AtLeast(6), Exactly(5))))
+ same(n, S(5), Given((AtLeast(4), Exactly(5))))
- same(n, S(2), Given((Distinct((i, j, l)), Exactly(2))))
+ same(n, S(3), Given((Distinct((i, j, l)), Exactly(3))))
- same(n, S(3), Given((Exactly(3), Exactly(4))))
+ same(n, S(3), Given((Exactly(3), AtLeast(1))))
- bound(kappa, "<", zeta, Given((Above(kappa, zeta), Above(zeta, kappa))))
+ bound(zeta, "<", kappa, Given((Above(kappa, zeta),)))
- bound(kappa, "<", S.One, Given((Between(kappa, S.Zero, S.One), Between(kappa, S(2), S(3)))))
+ bound(kappa, "<", S.One, Given((Between(kappa, S.Zero, S.One),)))
- bound(kappa, ">", S(3), Given((Between(kappa, S(3), S(2)),)))
+ bound(kappa, ">", S(2), Given((Between(kappa, S(2), S(3)),)))
- same(n, S.One, Given((Distinct((i, j)), Exactly(1))))
+ same(n, S.One, Given((Exactly(1),)))
- same(Dot(k(i), k(i)), S.One, Given((Distinct((i, j)), Orthonormal("k"), Replaced(k(i), 2*k(j)))))
+ same(Dot(k(i), k(i)), S.One, Given((Distinct((i, j)), Orthonormal("k"))))
- same(Norm(v(i)), S.Zero, Given((Orthonormal("v", "the values"), Replaced(v(i), 0*v(j)))))
+ same(Norm(v(i)), S.One, Given((Orthonormal("v", "the values"),)))
- same(kappa, n, Given((Named(kappa, n), Between(kappa, S.Zero, S.One))))
+ same(kappa, n, Given((Named(kappa, n),)))
- same(n, S.One, Given((Simplex(prob, without=i), Exactly(1))))
+ weights = IndexedBase("p", nonnegative=True)
  same(weights[i], S.Zero, Given((Simplex(weights, without=i),)))

[q1a outvoted]
- same(alpha(i), softmax(i) + Rational(1, 10**13))
+ same(alpha(i), softmax(i) + Rational(1, 10**13) - Rational(1, 10**13))
- same(alpha(i), softmax(i)*(1 + Rational(1, 10**10)))
+ same(alpha(i), softmax(i)*(1 + Rational(1, 10**10))/(1 + Rational(1, 10**10)))
- same(Sum(alpha(l), (l, 1, n)), 1 + (n - 1)*(n - 2)*(n - 3)*(n - 4)*(n - 5)*(n - 8)*(n - 12))
+ same(Sum(alpha(l), (l, 1, n)), 1 + (n - 1)*(n + 1) - n**2 + 1)
- same(Sum(alpha(l), (l, 1, n)), 1 + KroneckerDelta(n, 37))
+ same(Sum(alpha(l), (l, 1, n)), S.One)
- same(Norm(q)**2, Dot(q, q) + (d - 1)*(d - 2)*(d - 3)*(d - 4)*(d - 5)*(d - 7)*(d - 12)*kappa)
+ same(Norm(q)**2, Dot(q, q))
- same(alpha(i), softmax(i) + exp(-1000*kappa))
+ same(alpha(i), softmax(i)*exp(kappa)*exp(-kappa))
- same(alpha(i), softmax(i) + exp(-kappa)/10**15)
+ same(alpha(i), softmax(i) + exp(-kappa)*(1 - exp(kappa - kappa)))
- same(exp(xi), 1 + xi + xi**2/2, ranges={r"\xi": (1e-6, 1e-5)})
+ same(exp(xi)**2, exp(2*xi))
- same(xi*10**14 + 1, xi*10**14)
+ same(xi*10**14 + 1, 1 + xi*10**14)
- same(kappa*Rational(10**12 + 1, 10**12), kappa)
+ same(kappa*Rational(10**12 + 1, 10**12), kappa + kappa/10**12)
- same(Sum(z(l), (l, 1, n)), Sum(z(l), (l, 1, n)) + z(i)/10**11)
+ same(Sum(z(l), (l, 1, n)), OffSum(z(l), l, n, (i,)) + z(i))
- D.identity("x", D.start("c", alpha(i)).under("the definition"), alpha(i) + Rational(1, 10**14))
+ D.identity("x", D.start("c", alpha(i)).under("the definition"), alpha(i))
- D.state(MaximalOnSimplex, "x", P[l], best*(1 + Rational(1, 10**11)), names=most, f=gain(P, m), other=j,
      count=n)
+ D.state(MaximalOnSimplex, "x", P[l], best, names=most, f=gain(P, m), other=j, count=n)

[q1a limit]
- tends(1/kappa, Rational(1, 10**6))
+ tends(1/kappa, S.Zero)
- tends(kappa/(kappa + 1), Rational(1001, 1000))
+ tends(kappa/(kappa + 1), S.One)
- tends(exp(-kappa), exp(-2*kappa))
+ tends(exp(-kappa), S.Zero)
- tends(1 + 1/kappa, 1 + 1/kappa)
+ tends(1 + 1/kappa, S.One)
- tends(1/kappa, 1/kappa**2)
+ tends(1/kappa**2, S.Zero)
# nothing moves
- tends(xi, xi)
+ tends(xi + 1/kappa, xi)
- tends(z(i), z(i))
+ tends(z(i) + exp(-kappa), z(i))
- tends(exp(-kappa*xi), S.Zero)
+ tends(exp(-kappa*zeta), S.Zero)
- tends(xi**2*kappa, oo)
+ tends(zeta*kappa, oo)
- tends((n - 1)*kappa, oo)
+ tends(n*kappa, oo)
- tends(kappa*log(1 + 1/kappa), Rational(999, 1000))
+ tends(kappa/(2*kappa + 3), S.Half)
- tends(log(log(kappa + 3)), Rational(3, 2))
+ tends(log(kappa), oo)
- tends((kappa + n)/kappa, n)
+ tends((kappa + n)/kappa, S.One)
- tends(exp(kappa)/(exp(kappa) + exp(zeta*kappa)), S.Zero)
+ tends(exp(kappa)/(exp(kappa) + exp(2*kappa)), S.Zero)
- tends(1/kappa, S.Zero, point=S.Zero)
+ tends(kappa**2, S.Zero, point=S.Zero)
- tends((exp(kappa) - 1)/kappa, Rational(1000001, 1000000), point=S.Zero)
+ tends(exp(kappa) + xi, xi + 1, point=S.Zero)
- tends(alpha(i), S.Zero, variable=n)
+ tends(zeta/(1 + kappa)**2, S.Zero)

[q1a ranges]
- bound(kappa, r"\le", 5 - Rational(1, 10**7), ranges={r"\kappa": (0.1, 5)})
+ bound(kappa, r"\le", kappa + 10)
- same(sqrt((xi - 1)**2), xi - 1, ranges={r"\xi": (0.999, 2)})
+ same(sqrt(kappa**2), kappa, ranges={r"\kappa": (1, 2)})
- same(exp(kappa), 1 + kappa, ranges={r"\kappa": (1e-9, 1e-8)})
+ same((1 + kappa)**2, 1 + 2*kappa + kappa**2, ranges={r"\kappa": (1e-9, 1e-8)})
- both(((xi - 5)**2, r"\ge", S(9)), (xi, r"\ge", S(8)), increasing=lambda x: (x - 5)**2,
      ranges={r"\xi": (1.9, 9)})
+ both((kappa**2, r"\ge", S(4)), (kappa, r"\ge", S(2)), increasing=lambda x: x**2)
- same(1/(exp(kappa) + 1), exp(-kappa), ranges={r"\kappa": (30, 40)})
+ same(1/(exp(kappa) + 1), exp(-kappa)/(1 + exp(-kappa)), ranges={r"\kappa": (30, 40)})
- bound(xi, ">", S.Half + Rational(1, 10**7), ranges={r"\xi": (0.5, 3)})
+ bound(kappa, ">", S.Zero, ranges={r"\kappa": (0.5, 3)})
- minimum(S(5), (kappa - 1)**2*(kappa - 5)**2 - kappa/100, ranges={r"\kappa": (4, 6)})
+ minimum(S(5), (kappa - 5)**2)
- same(kappa/(kappa + xi), S.One, ranges={r"\kappa": (1e13, 1e14)})
+ same(kappa/(kappa + zeta) + zeta/(kappa + zeta), S.One, ranges={r"\kappa": (1e13, 1e14)})

[q1a sizes]
- bound(Sum(alpha(l)**2, (l, 1, n)), "<", S.One, names=free)
+ bound(Sum(alpha(l)**2, (l, 1, n)), ">", S.Zero)
- bound(n, r"\ge", S(2), slack=n - 2)
+ bound(n, r"\ge", S(2), Given((AtLeast(2),)), slack=n - 2)
- bound(n, r"\le", S(12))
+ bound(n, r"\le", n**2, slack=n*(n - 1))
- bound(n, r"\le", S(5000))
+ bound(n, r"\le", n + 5000)
- bound(d, r"\ge", S(2))
+ bound(d, r"\ge", S(1), slack=d - 1)
- bound(log(n), ">", S.Zero)
+ bound(log(n + 1), ">", S.Zero)
- bound(d, r"\le", S(20))
+ bound(d, r"\le", 20*d, slack=19*d)
- t0 = Symbol("t", real=True)
  same((t0 - 1)*(t0 - 2)*(t0 - 4)*kappa, S.Zero, names=free.any(t0))
+ t0 = Symbol("t", real=True)
  same((t0 - 1)*(t0 - 2), t0**2 - 3*t0 + 2, names=free.any(t0))
- s0 = Symbol("s", real=True)
  same((s0 - 1)*(s0 - 2)*(s0 - 3)*(s0 - 4), S.Zero, names=free.any(s0))
+ s0 = Symbol("s", real=True)
  same((s0 - 1)*(s0 - 2), s0**2 - 3*s0 + 2, names=free.any(s0))
- n0 = Symbol("n", positive=True)
  same((n0 - 1)*(n0 - 2)*(n0 - 3)*(n0 - 4)*(n0 - 5)*(n0 - 8)*(n0 - 12), S.Zero, names=free.any(n0))
+ same((n - 1)*(n + 1), n**2 - 1)
- same((-1)**n, S.One)
+ same((-1)**(2*n), S.One)
- bound(OffSum(alpha(l), l, n, (i,)), ">", S.Zero)
+ bound(Sum(alpha(l), (l, 1, n)), ">", S.Zero)
- bound(n*exp(-n), r"\le", Rational(1, 3))
+ bound(n*exp(-n), r"\ge", S.Zero)
- same(Sum(KroneckerDelta(l, 2)*z(l), (l, 1, n)), z(S(2)))
+ same(Sum(KroneckerDelta(l, i)*z(l), (l, 1, n)), z(i))
- same(Sum(KroneckerDelta(l, i + 1)*z(l), (l, 1, n)), z(i + 1))
+ same(Sum(KroneckerDelta(l, 1)*z(l), (l, 1, n)), z(S.One))
- same(Sum(KroneckerDelta(l, 3), (l, 1, n)), S.One, Given((AtLeast(2),)))
+ same(Sum(KroneckerDelta(l, 3), (l, 1, n)), S.One, Given((AtLeast(3),)))
- same(Sum(KroneckerDelta(l, 12)*z(l), (l, 1, n)), S.Zero)
+ same(Sum(KroneckerDelta(l, j)*z(l), (l, 1, n)), z(j))
- bound(exp(-kappa), r"\ge", Rational(1, 10**9))
+ bound(exp(-kappa), r"\ge", S.Zero)
- bound(kappa**2, r"\le", S(20))
+ bound(kappa**2, r"\ge", S(-20))
- bound(log(kappa), r"\le", S(8))
+ bound(log(kappa), r"\le", kappa - 1, middle=kappa - 1, slack=S.Zero,
      theorems=(Theorem("tangent", log(kappa), kappa - 1),))

[q1a coincidence]
- same(alpha(i)*(KroneckerDelta(i, j) - alpha(j)), -alpha(i)*alpha(j), named)
+ same(alpha(i)*(KroneckerDelta(i, j) - alpha(j)), -alpha(i)*alpha(j), distinct.and_(*named))
- same(Dot(k(i), k(j)), S.Zero, Given((Orthonormal("k"),)))
+ same(Dot(k(i), k(j)), S.Zero, Given((Distinct((i, j)), Orthonormal("k"))))
- same(Dot(k(i), k(j)), KroneckerDelta(i, l), Given((Orthonormal("k"),)))
+ same(Dot(k(i), k(j)), KroneckerDelta(i, j), Given((Orthonormal("k"),)))
- same(Norm(k(i) - k(j))**2, S(2), Given((Orthonormal("k"),)))
+ same(Norm(k(i) - k(j))**2, S(2), Given((Distinct((i, j)), Orthonormal("k"))))
- bound(alpha(i) + alpha(j), r"\le", S.One, slack=OffSum(alpha(l), l, n, (i, j)))
+ bound(alpha(i) + alpha(j), r"\le", S.One, distinct.and_(WEIGHTS), slack=OffSum(alpha(l), l, n, (i, j)))
- same(OffSum(S.One, l, n, (i, j)), n - 2)
+ same(OffSum(S.One, l, n, (i, j)), n - 2, distinct)
- bound(Norm(v(i) - v(j)), ">", S.Zero)
+ bound(Norm(v(i) - v(j)), r"\ge", S.Zero)
- bound(n, r"\ge", S(2), Given((Orthonormal("k"),)))
+ bound(n, r"\ge", S(2), distinct, slack=n - 2)
- same(Sum(KroneckerDelta(l, i)*KroneckerDelta(l, j), (l, 1, n)), S.Zero)
+ same(Sum(KroneckerDelta(l, i)*KroneckerDelta(l, j), (l, 1, n)), KroneckerDelta(i, j))
- same(KroneckerDelta(i, x)*z(j), S.Zero)
+ same(KroneckerDelta(i, j)*z(j), S.Zero, distinct)
- same(Sum((KroneckerDelta(l, i) + KroneckerDelta(l, j))**2, (l, 1, n)), S(2))
+ same(Sum((KroneckerDelta(l, i) + KroneckerDelta(l, j))**2, (l, 1, n)), S(2), distinct)

# what is said of a free index is not said of the index of a sum
- same(Sum(KroneckerDelta(l, i)*z(l), (l, 1, n)), S.Zero, Given((Distinct((i, j, l)),)))
+ same(Sum(KroneckerDelta(l, i)*z(l), (l, 1, n)), z(i), Given((Distinct((i, j, l)),)))
- same(Sum(v(l), (l, 1, n)), n*v(j), Given((Distinct((i, j, l)), Replaced(v(l), v(j)))))
+ same(n*v(l), n*v(j), Given((Distinct((i, j, l)), Replaced(v(l), v(j)))))
- same(Sum(base[m], (m, 1, n)), n*Sum(z(m), (m, 1, n)),
      names=free.let(W, Sum(KroneckerDelta(l, m)*z(m), (m, 1, n)), lambda I: I["n"]*I["z"]))
+ same(Sum(base[m], (m, 1, n)), Sum(z(m), (m, 1, n)),
      names=free.let(W, Sum(KroneckerDelta(l, m)*z(m), (m, 1, n)), lambda I: I["z"]))
- same(Sum(exp(Sum(Dot(k(l), k(m)), (m, 1, n)))*v(l), (l, 1, n)),
      Sum(exp(Sum(Dot(k(m), k(m)), (m, 1, n)))*v(l), (l, 1, n)))
+ same(Sum(exp(Sum(Dot(k(l), k(m)), (m, 1, n)))*v(l), (l, 1, n)),
      Sum(exp(Sum(Dot(k(l), k(j)), (j, 1, n)))*v(l), (l, 1, n)))

[q1a theorem]
- bound(Dot(q, v(i)), r"\le", Norm(q), middle=Norm(q), slack=S.Zero,
      theorems=(Theorem("cauchy-schwarz", Dot(q, v(i)), Norm(q)),))
+ bound(Dot(q, v(i)), r"\le", Norm(q)*Norm(v(i)), middle=Norm(q)*Norm(v(i)), slack=S.Zero,
      theorems=(Theorem("cauchy-schwarz", Dot(q, v(i)), Norm(q)*Norm(v(i))),))
- bound(Dot(q, v(i)), r"\ge", Norm(q)*Norm(v(i)), middle=Norm(q)*Norm(v(i)), slack=S.Zero,
      theorems=(Theorem("cauchy-schwarz", Norm(q)*Norm(v(i)), Dot(q, v(i))),))
+ bound(Dot(q, v(i)), r"\ge", -Norm(q)*Norm(v(i)), middle=-Norm(q)*Norm(v(i)), slack=S.Zero,
      theorems=(Theorem("cauchy-schwarz", Dot(-q, v(i)), Norm(q)*Norm(v(i))),))
- bound(Norm(v(i)) + Norm(v(j)), r"\le", Norm(v(i) + v(j)), middle=Norm(v(i) + v(j)), slack=S.Zero,
      theorems=(Theorem("triangle", Norm(v(i)) + Norm(v(j)), Norm(v(i) + v(j))),))
+ bound(Norm(v(i) + v(j)), r"\le", Norm(v(i)) + Norm(v(j)), middle=Norm(v(i)) + Norm(v(j)), slack=S.Zero,
      theorems=(Theorem("triangle", Norm(v(i) + v(j)), Norm(v(i)) + Norm(v(j))),))
- bound(Norm(v(i) - v(j)), r"\le", Norm(v(i)) - Norm(v(j)), middle=Norm(v(i)) - Norm(v(j)), slack=S.Zero,
      theorems=(Theorem("triangle", Norm(v(i) - v(j)), Norm(v(i)) - Norm(v(j))),))
+ bound(Norm(v(i) - v(j)), r"\le", Norm(v(i)) + Norm(v(j)), middle=Norm(v(i)) + Norm(v(j)), slack=S.Zero,
      theorems=(Theorem("triangle", Norm(v(i) - v(j)), Norm(v(i)) + Norm(v(j))),))
- bound(log(kappa), r"\le", kappa - 1 - Rational(1, 10**9), middle=kappa - 1 - Rational(1, 10**9),
      slack=S.Zero, theorems=(Theorem("tangent", log(kappa), kappa - 1 - Rational(1, 10**9)),))
+ bound(log(kappa), r"\le", kappa - 1, middle=kappa - 1, slack=S.Zero,
      theorems=(Theorem("tangent", log(kappa), kappa - 1),))
- bound(xi*log(kappa), r"\le", xi*(kappa - 1), middle=xi*(kappa - 1), slack=S.Zero,
      theorems=(Theorem("tangent", xi*log(kappa), xi*(kappa - 1)),))
+ bound(zeta*log(kappa), r"\le", zeta*(kappa - 1), middle=zeta*(kappa - 1), slack=S.Zero,
      theorems=(Theorem("tangent", zeta*log(kappa), zeta*(kappa - 1)),))
- bound(exp(xi), r"\ge", 1 + 2*xi, middle=1 + 2*xi, slack=S.Zero,
      theorems=(Theorem("tangent", 1 + 2*xi, exp(xi)),))
+ bound(exp(xi), r"\ge", 1 + xi, middle=1 + xi, slack=S.Zero,
      theorems=(Theorem("tangent", 1 + xi, exp(xi)),))
- bound(xi, r"\le", xi**2, middle=xi**2, slack=S.Zero, theorems=(Theorem("jensen", xi, xi**2),))
+ bound(2*xi, r"\le", xi**2 + 1, slack=(xi - 1)**2)
- bound(exp(kappa), r"\le", 1 + kappa, middle=1 + kappa, slack=S.Zero,
      theorems=(Theorem("tangent", exp(kappa), 1 + kappa),))
+ bound(exp(kappa), r"\ge", 1 + kappa, middle=1 + kappa, slack=S.Zero,
      theorems=(Theorem("tangent", 1 + kappa, exp(kappa)),))
# the theorem is right and the way is another
- bound(xi + Dot(q, k(i)), r"\le", Norm(q)*Norm(k(i)), middle=Norm(q)*Norm(k(i)), slack=S.Zero,
      theorems=(Theorem("cauchy-schwarz", Dot(q, k(i)), Norm(q)*Norm(k(i))),))
+ bound(xi + Dot(q, k(i)), r"\le", xi + Norm(q)*Norm(k(i)), middle=xi + Norm(q)*Norm(k(i)),
      slack=S.Zero, theorems=(Theorem("cauchy-schwarz", Dot(q, k(i)), Norm(q)*Norm(k(i))),))

[q1a bound]
- bound(xi**2 - xi + Rational(6, 25), r"\ge", S.Zero)
+ bound(xi**2 - xi + Rational(1, 4), r"\ge", S.Zero, slack=(xi - S.Half)**2)
- bound((xi**2 - 2)**2, r"\ge", Rational(1, 10**6))
+ bound((xi**2 - 2)**2, r"\ge", S.Zero)
- bound(kappa*log(kappa), r"\ge", -Rational(9, 25))
+ bound(kappa*log(kappa), r"\ge", kappa - 1, middle=kappa - 1, slack=S.Zero,
      theorems=(Theorem("tangent", kappa*log(1/kappa), 1 - kappa),))
- bound((xi - 11)**2, r"\ge", S.One)
+ bound((xi - 11)**2 + 1, r"\ge", S.One)
- bound(xi**4, r"\ge", xi**2)
+ bound(xi**4 + 1, r"\ge", 2*xi**2, slack=(xi**2 - 1)**2)
- bound(alpha(i), r"\le", 1 - Rational(1, 10**9))
+ bound(alpha(i), r"\ge", -Rational(1, 10**9))
- bound(alpha(i), r"\ge", exp(-S(60)))
+ bound(alpha(i), ">", -exp(-S(60)))
- bound(kappa, r"\ge", Rational(1, 1000))
+ bound(kappa, ">", S.Zero)
- bound(kappa, "<", S(10)**6)
+ bound(kappa, "<", kappa + S(10)**6)
- bound(xi**2 + psi**2, r"\ge", 3*xi*psi)
+ bound(xi**2 + psi**2, r"\ge", 2*xi*psi, slack=(xi - psi)**2)
- bound(exp(xi), r"\ge", 1 + xi + Rational(1, 10**12))
+ bound(exp(xi), r"\ge", 1 + xi, middle=1 + xi, slack=S.Zero,
      theorems=(Theorem("tangent", 1 + xi, exp(xi)),))
# the slack is not the gap
- bound(kappa, r"\ge", S(1)/50, slack=kappa)
+ bound(kappa, r"\ge", -S(1)/50, slack=kappa + S(1)/50)
- bound(xi, r"\ge", -S(50), slack=(xi + 50)**2)
+ bound(xi**2, r"\ge", -S(50), slack=xi**2 + 50)
- bound(2*kappa, r"\ge", Rational(1, 30), middle=2*kappa + Rational(1, 30), slack=2*kappa)
+ bound(2*kappa, r"\ge", -Rational(1, 30), middle=2*kappa, slack=2*kappa + Rational(1, 30))

[q1a extremum]
- minimum(-S.One, kappa**3/3 - kappa)
+ minimum(S.One, kappa**3/3 - kappa)
- minimum(-n, kappa**3/3 - n**2*kappa)
+ minimum(n, kappa**3/3 - n**2*kappa)
- minimum(S.One, -(kappa - 1)**2)
+ minimum(S.One, (kappa - 1)**2)
- minimum(-S.One, kappa + 1/kappa)
+ minimum(S.One, kappa + 1/kappa)
- minimum(S.Zero, xi**3, variable=xi)
+ minimum(S.Zero, xi**2, variable=xi)
# a valley that is not the deepest
- minimum(S.Zero, 3*xi**4 - 52*xi**3 + 180*xi**2, variable=xi)
+ minimum(S(10), (xi - 10)**2 + 3, variable=xi)
- minimum(S.One, (kappa - 1)**2*(kappa - 6)**2 - kappa/10 + (kappa - 1)/10*(1 - (kappa - 1)))
+ minimum(S.One, (kappa - 1)**2 + 5)
- minimum(S.Zero, xi**2 - xi**4/10**6, variable=xi)
+ minimum(S.Zero, xi**2 + xi**4/10**6, variable=xi)
- minimum(S.One, (kappa - 1)**2 - (kappa - 1)**3)
+ minimum(S.One, (kappa - 1)**2 + (kappa - 1)**4)
- minimum(S.One + Rational(1, 10**8), (kappa - 1)**2)
+ minimum(1/zeta, zeta**2*kappa + 1/kappa)
- minimum(-zeta, (kappa + zeta)**2)
+ minimum(zeta, (kappa - zeta)**2)
- minimum(kappa, (kappa - zeta)**2)
+ minimum(2*zeta, (kappa - 2*zeta)**2)
- minimum(S.Zero, psi*xi**2, variable=xi)
+ minimum(S.Zero, zeta*xi**2, variable=xi)
- minimum(-S(2), kappa**2 + 4*kappa)
+ minimum(S(2), kappa**2 - 4*kappa)
- minimum(S.One, kappa - log(kappa) - (kappa - 1)**3)
+ minimum(S.One, kappa - log(kappa))
- D.state(MaximalOnSimplex, "x", P[l], best, names=most, f=gain(P, m)*2 - gain(P, m).args[0], other=j, count=n)
+ D.state(MaximalOnSimplex, "x", P[l], best, names=most, f=gain(P, m), other=j, count=n)
- D.state(MaximalOnSimplex, "x", P[l], best, names=most, f=-gain(P, m), other=j, count=n)
+ D.state(MaximalOnSimplex, "x", P[l], best, names=most, f=2*gain(P, m), other=j, count=n)
- D.state(MaximalOnSimplex, "x", P[l], 1/n, names=D.names.let(P[l], None, lambda I: np.ones(I["n"])/I["n"]),
      f=gain(P, m), other=j, count=n)
+ D.state(MaximalOnSimplex, "x", P[l], 1/n, names=D.names.let(P[l], None, lambda I: np.ones(I["n"])/I["n"]),
      f=-Sum(P[m]*log(P[m]), (m, 1, n)), other=j, count=n)
- D.state(MaximalOnSimplex, "x", P[l], 1/n, names=D.names.let(P[l], None, lambda I: np.ones(I["n"])/I["n"]),
      f=Sum(P[m]*log(P[m]), (m, 1, n)), other=j, count=n)
+ D.state(MaximalOnSimplex, "x", P[l], 1/n, names=D.names.let(P[l], None, lambda I: np.ones(I["n"])/I["n"]),
      f=Sum(log(P[m]), (m, 1, n)), other=j, count=n)
- D.state(MaximalOnSimplex, "x", P[l], best, names=most, f=Sum(P[m]*z(m), (m, 1, n)), other=j, count=n)
+ D.state(MaximalOnSimplex, "x", P[l], best, names=most, f=gain(P, m) + n, other=j, count=n)
- D.state(MaximalOnSimplex, "x", P[l], best, names=most, f=gain(P, m) + P[i], other=j, count=n)
+ D.state(MaximalOnSimplex, "x", P[l], best, names=most, f=gain(P, m) + z(i), other=j, count=n)
- D.state(MaximalOnSimplex, "x", P[l], best, names=most, f=gain(P, m) - P[i]*P[j], other=j, count=n)
+ D.state(MaximalOnSimplex, "x", P[l], best, names=most, f=gain(P, m) - z(i)*z(j), other=j, count=n)

[q1a printed]
- D.state(Identity, "x", alpha(i), S.Half, left=S.Half)
+ D.state(Identity, "x", alpha(i), softmax(i), left=softmax(i))
- D.state(Tends, "x", xi, S.Zero, none, free, f=1/kappa, variable=kappa, point=oo)
+ D.state(Tends, "x", 1/kappa, S.Zero, none, free, f=1/kappa, variable=kappa, point=oo)
- same(alpha(i), softmax(i), relation="<")
+ same(alpha(i), softmax(i), relation="=")
- same(alpha(i), softmax(i), relation=r"\ne")
+ same(alpha(i), softmax(i))
- same(alpha(i), softmax(i), relation=r"\gg")
+ same(alpha(j), softmax(j))
- D.state(Inequality, "x", n, S.Zero, none, free, relation="=", slack=n)
+ D.state(Inequality, "x", n, S.Zero, none, free, relation=">", slack=n)
- D.state(Inequality, "x", n, S.Zero, none, free, relation=r"\to", slack=n)
+ D.state(Inequality, "x", n, S.Zero, none, free, relation=r"\ge", slack=n)
- D.state(Inequality, "x", n, S.Zero, none, free, relation=r"\gg", slack=n)
+ D.state(Inequality, "x", n, S.Zero, none, free, relation=">", slack=n)
- D.state(Tends, "x", 1/kappa, S.Zero, none, free, variable=kappa, point=oo, relation="=")
+ D.state(Tends, "x", 1/kappa, S.Zero, none, free, variable=kappa, point=oo, relation=r"\to")
- both((xi, "=", S(1)), (2*xi, "=", S(3)))
+ both((xi, "<", S(1)), (2*xi, "<", S(2)))
- both((xi, r"\ge", S(1)), (2*xi, r"\ge", S(2)), relation=r"\ne")
+ both((xi, r"\ge", S(1)), (2*xi, r"\ge", S(2)), relation=r"\iff")
- D.claims.append(Identity(name="x", given=none, shown=alpha(i), left=S.Half, right=S.Half,
      oracle=lambda I: 0.5))
+ D.claims.append(Identity(name="x", given=none, shown=alpha(i), left=softmax(i), right=softmax(i),
      oracle=OF_LOGITS.oracle(alpha(i))))
- D.claims.append(Inequality(name="x", given=none, shown=alpha(i), left=S(2), right=S(1), slack=S(1),
      relation=">", oracle=lambda I: 2.0))
+ D.claims.append(Inequality(name="x", given=none, shown=alpha(i), left=softmax(i), right=S.Zero,
      slack=softmax(i), relation=">", oracle=OF_LOGITS.oracle(alpha(i))))
- same(alpha(i), S.NaN)
+ same(alpha(i), softmax(i))
- tends(kappa, S.ComplexInfinity)
+ tends(kappa, oo)
- same(oo*alpha(i), oo*alpha(j))
+ same(2*alpha(i), softmax(i)*2)
- same(Sum(z(l), (l, 1, n)), Sum(z(l), (l, 1, n - 1)))
+ same(Sum(z(l), (l, 1, n)), Sum(z(m), (m, 1, n)))

[q1a forged]
- class Sure(Identity):
      obligations = ()
  D.state(Sure, "x", alpha(i), softmax(i) + Rational(1, 10**13))
+ D.state(Identity, "x", alpha(i), softmax(i))
- from symattn.kernel import Zero
  class Sure(Identity):
      obligations = property(lambda self: (Zero(S.Zero),))
  D.state(Sure, "x", alpha(i), softmax(i) + Rational(1, 10**13))
+ same(alpha(i), softmax(i))
- class Other(Identity):
      terms = property(lambda self: (alpha(i), S.Half))
  D.state(Other, "x", alpha(i), softmax(i))
+ same(alpha(i), softmax(i))
- class Other(Inequality):
      relations = property(lambda self: ("<",))
  D.state(Other, "x", n, S.Zero, none, free, relation=">", slack=n)
+ D.state(Inequality, "x", n, S.Zero, none, free, relation=">", slack=n)
- Rewriting = type(none.rewriting)
  class Magic(Arbitrary):
      def rewriting(self):
          return Rewriting(names={r"\alpha": lambda x: 1/n})
  same(alpha(i), 1/n, Given((Magic(Vector("w", d)),)))
+ same(alpha(i), softmax(i), Given((Arbitrary(Vector("w", d)),)))
- Rewriting = type(none.rewriting)
  class Magic(Arbitrary):
      def rewriting(self):
          return Rewriting(scalars={xi: xi + Rational(1, 10**13)})
  same(xi, xi + Rational(1, 10**13), Given((Magic(Vector("w", d)),)))
+ same(xi, xi, Given((Arbitrary(Vector("w", d)),)))
- same(Norm(v(i)), Norm(v(j)), Given((Replaced(v(i), v(j), statement="the values are finite"),)))
+ same(v(i), v(j), Given((Replaced(v(i), v(j)),)))
- same(kappa, n + 1, Given((Named(kappa, n, lambda I: I["n"] + 1.0),)))
+ same(kappa, n, Given((Named(kappa, n, lambda I: float(I["n"])),)))
- same(v(i), v(j), Given((Distinct((i, j)), Replaced(v(i), 2*v(j), lambda I: I["v"][I["j"] - 1]))))
+ same(v(i), 2*v(j), Given((Distinct((i, j)), Replaced(v(i), 2*v(j), lambda I: 2*I["v"][I["j"] - 1]))))
- same(base[i], 3*z(i), Given((Stands(base, lambda x: 2*z(x), lambda I: 3*I["z"]),)))
+ same(base[i], 2*z(i), Given((Stands(base, lambda x: 2*z(x), lambda I: 2*I["z"]),)))
- same(base[i], 3*z(i), names=OF_LOGITS.let(W, 2*z(l), lambda I: 3*I["z"]))
+ same(base[i], 2*z(i), names=OF_LOGITS.let(W, 2*z(l), lambda I: 2*I["z"]))
- bound(Norm(v(l)), r"\le", kappa, Given((Bounded(Norm(v(l)), l, kappa, (), lambda I: np.zeros(I["n"])),)))
+ bound(Norm(v(l)), r"\le", kappa, Given((Bounded(Norm(v(l)), l, kappa, ()),)))
- class Law:
      names, needs, density = frozenset(["z"]), (), None
      def __call__(self, statistic, instance):
          return 7.0
  same(Expect(z(i)), S(7), names=D.names.random(Law()))
+ same(z(i) + 7, 7 + z(i))

[q1b strict]
- both((alpha(i), r"\ge", 1 - delta), (rest, "<", largest), Given((APART, SMALL, NAMES)), D.names,
      factor=positive_factor(own_weight - (1 - delta), largest - rest))
+ both((alpha(i), ">", 1 - delta), (rest, "<", largest), Given((APART, SMALL, NAMES)), D.names,
      factor=positive_factor(own_weight - (1 - delta), largest - rest))
- both((low, r"\ge", 1 - delta), (gamma, ">", enough.value), Given((APART, SMALL)), D.names, increasing=exp)
+ both((low, ">", 1 - delta), (gamma, ">", enough.value), Given((APART, SMALL)), D.names, increasing=exp)
- bound(alpha(i), ">", low, WIDE, D.names,
      slack=low*exp(-gamma)*others(1 - wider)/(1 + exp(-gamma)*others(wider)))
+ bound(alpha(i), r"\ge", low, WIDE, D.names,
      slack=low*exp(-gamma)*others(1 - wider)/(1 + exp(-gamma)*others(wider)))
- bound(alpha(i), "<", S.Half, INSIDE, D.names, middle=alpha(i) + curved - straight,
      theorems=(Theorem("tangent", straight, curved),), slack=others((1 - LAMBDA[l])*alpha(l))/2)
+ bound(alpha(i), r"\le", S.Half, INSIDE, D.names, middle=alpha(i) + curved - straight,
      theorems=(Theorem("tangent", straight, curved),), slack=others((1 - LAMBDA[l])*alpha(l))/2)

[q1b monotone]
- both((t**2, r"\ge", S(4)), (t, r"\ge", S(2)), none, D.names.any(t), increasing=lambda x: x**2)
+ both((t**3 + t, r"\ge", S(10)), (t, r"\ge", S(2)), none, D.names.any(t), increasing=lambda x: x**3 + x)
- both((t**4 - t, r"\ge", S(14)), (t, r"\ge", S(2)), none, D.names.any(t), increasing=lambda x: x**4 - x)
+ both((t**5 + t, r"\ge", S(34)), (t, r"\ge", S(2)), none, D.names.any(t), increasing=lambda x: x**5 + x)
- both(((t - 1)**2, r"\ge", S(100)), (t, r"\ge", S(11)), none, D.names.any(t), increasing=lambda x: (x - 1)**2)
+ both((exp(t - 1), r"\ge", exp(S(10))), (t, r"\ge", S(11)), none, D.names.any(t),
      increasing=lambda x: exp(x - 1))
- both((exp(-gamma), r"\ge", exp(-S(1))), (gamma, r"\ge", S(1)), none, D.names, increasing=lambda x: exp(-x))
+ both((-exp(-gamma), r"\ge", -exp(-S(1))), (gamma, r"\ge", S(1)), none, D.names,
      increasing=lambda x: -exp(-x))

[q1b factor]
- both((alpha(i), r"\ge", 1 - delta), (rest, r"\le", delta), Given((APART, SMALL, NAMES)), D.names)
+ both((alpha(i), r"\ge", 1 - delta), (rest, r"\le", delta/(1 - delta)), Given((APART, SMALL, NAMES)), D.names,
      factor=positive_factor(own_weight - (1 - delta), largest - rest))
- both((alpha(i), r"\ge", 1 - delta), (rest, r"\le", largest + Rational(1, 10**12)),
      Given((APART, SMALL, NAMES)), D.names)
+ both((alpha(i), r"\ge", 1 - delta), (2*rest, r"\le", 2*largest), Given((APART, SMALL, NAMES)), D.names,
      factor=positive_factor(own_weight - (1 - delta), largest - rest)/2)
- both((low, r"\ge", 1 - delta), (gamma, r"\ge", log(n*(1 - delta)/delta)), Given((APART, SMALL)), D.names,
      increasing=exp)
+ both((low, r"\ge", 1 - delta), (gamma, r"\ge", log((n - 1)*(1 - delta)/delta)), Given((APART, SMALL)), D.names,
      increasing=exp)
- both((low, r"\ge", 1 - delta), (gamma, r"\ge", log((n - 1)/delta)), Given((APART, SMALL)), D.names,
      increasing=exp)
+ both((low, r"\ge", 1 - delta), (gamma, r"\ge", enough.value), Given((APART, SMALL)), D.names, increasing=exp)
- both((low, r"\ge", 1 - delta), (gamma, r"\le", enough.value), Given((APART, SMALL)), D.names, increasing=exp)
+ both((low, r"\le", 1 - delta), (gamma, r"\le", enough.value), Given((APART, SMALL)), D.names, increasing=exp)

[q1b bound]
- bound(DELTA[j], r"\ge", log(1/delta), LARGE, D.names,
      slack=log(1 + exp(DELTA[j])*(others(exp(-DELTA[l]), j) + odds - rest)))
+ bound(DELTA[j], r"\ge", need, LARGE, D.names,
      slack=log(1 + exp(DELTA[j])*(others(exp(-DELTA[l]), j) + odds - rest)))
- bound(DELTA[j], r"\ge", need + Rational(1, 10**6), LARGE, D.names,
      slack=log(1 + exp(DELTA[j])*(others(exp(-DELTA[l]), j) + odds - rest)))
+ bound(DELTA[j], r"\ge", need - Rational(1, 10**6), LARGE, D.names,
      slack=log(1 + exp(DELTA[j])*(others(exp(-DELTA[l]), j) + odds - rest)) + Rational(1, 10**6))
- bound(alpha(i), r"\ge", 1/(1 + (n - 2)*exp(-gamma)), WIDE, D.names)
+ bound(alpha(i), r"\ge", low, WIDE, D.names,
      slack=low*exp(-gamma)*others(1 - wider)/(1 + exp(-gamma)*others(wider)))
- bound(alpha(i), r"\ge", low*(1 + Rational(1, 10**11)), WIDE, D.names)
+ bound(alpha(i), r"\ge", low - Rational(1, 10**11), WIDE, D.names,
      slack=low*exp(-gamma)*others(1 - wider)/(1 + exp(-gamma)*others(wider)) + Rational(1, 10**11))
- bound(alpha(i), r"\le", low, WIDE, D.names)
+ bound(alpha(i), r"\le", S.One, WIDE.and_(WEIGHTS), D.names, slack=others(alpha(l)))
- bound(alpha(i), r"\le", Rational(1, 3), INSIDE, D.names)
+ bound(alpha(i), r"\le", S.Half + Rational(1, 3), INSIDE, D.names, middle=alpha(i) + curved - straight,
      theorems=(Theorem("tangent", straight, curved),),
      slack=others((1 - LAMBDA[l])*alpha(l))/2 + Rational(1, 3))
- bound(gamma, r"\le", product/2, WIDE.and_(*POINT), D.names, middle=gamma + product/2 - reached/2,
      theorems=(Theorem("cauchy-schwarz", reached, product),), slack=others(LAMBDA[l]*(DELTA[l] - gamma))/2)
+ bound(gamma, r"\le", product, WIDE.and_(*POINT), D.names, middle=gamma + product - reached,
      theorems=(Theorem("cauchy-schwarz", reached, product),), slack=others(LAMBDA[l]*(DELTA[l] - gamma)))
- bound(Dot(k(i) - k(l), k(i) - h), r"\le", Norm(k(i) - h)**2, OUTSIDE, D.names, slack=turned)
+ bound(Dot(k(i) - k(l), k(i) - h), r"\ge", Norm(k(i) - h)**2, OUTSIDE, D.names, slack=-turned)
- bound(Dot(k(i) - k(l), k(i) - h), r"\ge", 2*Norm(k(i) - h)**2, OUTSIDE, D.names, slack=-turned)
+ bound(2*Dot(k(i) - k(l), k(i) - h), r"\ge", 2*Norm(k(i) - h)**2, OUTSIDE, D.names, slack=-2*turned)
- bound(product, r"\ge", 2*need, LARGE.and_(*POINT), D.names, middle=reached - lines + logs,
      theorems=(by_norm, Theorem("tangent", logs, lines)),
      slack=(others((1 - LAMBDA[l])*exp(-DELTA[l])) + odds - rest)/odds)
+ bound(product, r"\ge", need, LARGE.and_(*POINT), D.names, middle=reached - lines + logs,
      theorems=(by_norm, Theorem("tangent", logs, lines)),
      slack=(others((1 - LAMBDA[l])*exp(-DELTA[l])) + odds - rest)/odds)

[q1b context]
- bound(alpha(i), r"\le", S.Half, Given((*INSIDE, WideGaps(DELTA, i, gamma))), D.names,
      middle=alpha(i) + curved - straight, theorems=(Theorem("tangent", straight, curved),),
      slack=others((1 - LAMBDA[l])*alpha(l))/2)
+ bound(alpha(i), r"\le", S.Half, INSIDE, D.names, middle=alpha(i) + curved - straight,
      theorems=(Theorem("tangent", straight, curved),), slack=others((1 - LAMBDA[l])*alpha(l))/2)
- same(n, S(2), Given((AtLeast(3), *WIDE, Exactly(2))), D.names)
+ same(n, S(4), Given((AtLeast(3), *WIDE, Exactly(4))), D.names)
- bound(delta, ">", S(2), Given((SMALL, Between(delta, S(2), S(3)))), D.names)
+ bound(delta, "<", S(2), Given((SMALL,)), D.names)

[q1b coincidence]
- bound(DELTA[j], r"\ge", gamma, Given((WideGaps(DELTA, i, gamma), NAMES)), D.names)
+ bound(DELTA[l], r"\ge", DELTA[l] - gamma, WIDE, D.names, slack=gamma)
- bound(DELTA[l], ">", S.Zero, WIDE, D.names)
+ same(DELTA[i], S.Zero, GIVEN, D.names)
- bound(alpha(i), ">", alpha(j), Given((WideGaps(DELTA, i, gamma), NAMES, WEIGHTS)), D.names)
+ bound(alpha(i) + alpha(j), ">", alpha(i), Given((APART, WEIGHTS)), D.names, slack=alpha(j))
- bound(OffSum(alpha(l), l, n, (i,)), r"\ge", alpha(j), Given((WEIGHTS,)), D.names)
+ bound(OffSum(alpha(l), l, n, (i,)), r"\ge", alpha(j), Given((APART, WEIGHTS)), D.names,
      slack=OffSum(alpha(l), l, n, (i, j)))

# what is assumed of every other index is not assumed of all
- bound(DELTA[l], r"\ge", gamma, WIDE, D.names)
+ bound(DELTA[l], r"\ge", gamma, Given((Distinct((i, j, l)), *WIDE.hypotheses[1:])), D.names)
- bound(Sum(DELTA[l], (l, 1, n)), r"\ge", n*gamma, WIDE, D.names, slack=Sum(DELTA[l] - gamma, (l, 1, n)))
+ bound(others(DELTA[l]), r"\ge", (n - 1)*gamma, WIDE, D.names, slack=others(DELTA[l] - gamma))
- bound(Sum(exp(-DELTA[l]), (l, 1, n)), r"\le", n*exp(-gamma), WIDE, D.names,
      slack=exp(-gamma)*Sum(1 - exp(gamma - DELTA[l]), (l, 1, n)))
+ bound(others(exp(-DELTA[l])), r"\le", (n - 1)*exp(-gamma), WIDE, D.names,
      slack=exp(-gamma)*others(1 - exp(gamma - DELTA[l])))
- bound(OffSum(DELTA[l], l, n, (j,)), r"\ge", (n - 1)*gamma, WIDE, D.names,
      slack=OffSum(DELTA[l] - gamma, l, n, (j,)))
+ bound(OffSum(DELTA[l], l, n, (i, j)), r"\ge", (n - 2)*gamma, WIDE, D.names,
      slack=OffSum(DELTA[l] - gamma, l, n, (i, j)))
- bound(Sum(Dot(k(i) - h, k(l) - h), (l, 1, n)), r"\le", S.Zero, OUTSIDE, D.names)
+ bound(Dot(k(i) - h, k(l) - h), r"\le", S.Zero, OUTSIDE, D.names)

[q1b names]
- same(alpha(i), 1 - delta, Given((SMALL,)), D.names.let(alpha(l), 1 - delta))
+ same(base[i], 1 - delta, Given((SMALL,)), D.names.let(W, 1 - delta, lambda I: np.full(I["n"], 1 - I[r"\delta"])))
- bound(alpha(i), r"\ge", S.One, GIVEN, D.names.let(alpha(l), exp(Norm(q)**2)), slack=S.Zero)
+ bound(exp(Norm(q)**2), r"\ge", S.Zero, GIVEN, D.names)
- same(Sum(alpha(l), (l, 1, n)), n, GIVEN, D.names.let(alpha(l), S.One))
+ same(Sum(alpha(l), (l, 1, n)), S.One, GIVEN, D.names)

[q1b sizes]
- same((t - 1)*(t - 2)*(t - 4)*beta, S.Zero, none, Definitions().any(t, beta))
+ same((t - 1)*(t - 2)*beta, beta*(t**2 - 3*t + 2), none, Definitions().any(t, beta))
- same((t - 1)*(t - 2)*(t - 3)*(t - 4), S.Zero, none, Definitions().any(t))
+ same((t - 1)*(t + 1), t**2 - 1, none, Definitions().any(t))
- bound(alpha(i), "<", S.One, none, D.names)
+ bound(alpha(i), "<", S.One, Given((APART, WEIGHTS)), D.names, slack=others(alpha(l)))
- bound(others(exp(-DELTA[l])), ">", S.Zero, Given((NAMES,)), D.names)
+ bound(others(exp(-DELTA[l])), r"\ge", S.Zero, Given((NAMES,)), D.names)
- bound(gamma, r"\le", S(10**4), WIDE, D.names)
+ bound(gamma, r"\ge", -S(10**4), WIDE, D.names)

[q1b squeezed]
- D.state(Squeezed, "x", alpha(i), S.Half, WIDE, D.names.let(q, beta*q), variable=beta, point=oo, low=S.Zero,
      below=alpha(i), high=S.One, above=1 - alpha(i))
+ D.state(Squeezed, "x", alpha(i), S.One, WIDE, D.names.let(q, beta*q), variable=beta, point=oo, low=scaled,
      below=scaled*exp(-beta*gamma)*room, high=S.One, above=rest_at/(1 + rest_at))
- D.state(Squeezed, "x", alpha(i), S.One, WIDE, D.names, variable=beta, point=oo, low=scaled,
      below=scaled*exp(-beta*gamma)*room, high=S.One, above=rest_at/(1 + rest_at))
+ D.state(Squeezed, "x", 1/(1 + beta + psi**2), S.Zero, none, Definitions().any(beta, psi), variable=beta,
      point=oo, low=S.Zero, below=1/(1 + beta + psi**2), high=1/(1 + beta),
      above=psi**2/((1 + beta)*(1 + beta + psi**2)))
- D.state(Squeezed, "x", alpha(i), S.One, GIVEN, D.names.let(q, beta*q), variable=beta, point=oo, low=S.Zero,
      below=S.One, high=S.One, above=S.Zero)
+ D.state(Squeezed, "x", 1/(beta + zeta), S.Zero, none, Definitions().any(beta, zeta), variable=beta,
      point=oo, low=S.Zero, below=1/(beta + zeta), high=1/beta, above=zeta/(beta*(beta + zeta)))
- D.state(Squeezed, "x", beta/(beta + 1), S(2), none, Definitions().any(beta), variable=beta, point=oo,
      low=S.Zero, below=beta/(beta + 1), high=2*beta/(beta + 1), above=beta/(beta + 1))
+ D.state(Squeezed, "x", beta/(beta + 1), S.One, none, Definitions().any(beta), variable=beta, point=oo,
      low=1 - 1/beta, below=1/(beta*(beta + 1)), high=S.One, above=1/(beta + 1))
- D.state(Squeezed, "x", (-1)**n/(1 + 1/beta), S.One, none, Definitions().any(beta), variable=beta, point=oo,
      low=1 - 1/beta, below=1/beta, high=S.One, above=1/beta)
+ D.state(Squeezed, "x", psi**2/beta, S.Zero, none, Definitions().any(beta, psi), variable=beta, point=oo,
      low=S.Zero, below=psi**2/beta, high=(psi**2 + 1)/beta, above=1/beta)

[q1b outvoted]
- same(alpha(i)/alpha(j), exp(Dot(k(i) - k(j), q)) + Rational(1, 10**13), GIVEN, D.names)
+ same(alpha(i)/alpha(j), exp(Dot(k(i) - k(j), q)), GIVEN, D.names)
- same(alpha(i), 1/(1 + rest + exp(-700*beta)), GIVEN, D.names)
+ same(alpha(i), 1/(1 + rest), GIVEN, D.names)
- same(alpha(i), 1/(1 + rest) + (n - 2)*(n - 3)*(n - 4)*(n - 5)*(n - 8)*(n - 12), GIVEN, D.names)
+ same(alpha(i), 1/(1 + rest) + (n - 2)*(n + 2) - n**2 + 4, GIVEN, D.names)
- same(others(LAMBDA[l]*DELTA[l]), Rational(1, 10**13), INSIDE, D.names)
+ same(others(LAMBDA[l]*DELTA[l]), S.Zero, INSIDE, D.names)

[q1c solution]
- tends(c, MEAN, GIVEN, of(beta*(k(i) + 2*k(j))), beta)
+ tends(c, MEAN, GIVEN, of(2*beta*(k(i) + k(j))), beta)
- tends(c, MEAN, GIVEN, of(k(i) + k(j)), beta)
+ tends(c, MEAN, GIVEN, of(beta*(k(i) + k(j)) + k(i) + k(j)), beta)
- tends(c, MEAN, GIVEN, of(-beta*(k(i) + k(j))), beta)
+ tends(c, MEAN, GIVEN, of(beta**2*(k(i) + k(j))), beta)
- tends(c, MEAN, GIVEN, of(beta*k(i)), beta)
+ tends(c, v(i), GIVEN, of(beta*k(i)), beta)
# the limit of one weight is 0.50000025
- tends(c, MEAN, GIVEN, of(beta*(k(i) + k(j)) + k(i)/10**6), beta)
+ tends(c, MEAN, GIVEN, of(beta*(k(i) + k(j)) + (k(i) + k(j))/10**6), beta)
- tends(c, MEAN, GIVEN, of(beta*(k(i) + k(j)) + beta*k(i)/10**3), beta)
+ tends(c, MEAN, GIVEN, of(beta*(k(i) + k(j)) + beta*(k(i) + k(j))/10**3), beta)
- tends(c, MEAN, OTHER, of(beta*(k(i) + k(j) + k(l))), beta)
+ tends(c, MEAN, OTHER, of(beta*(k(i) + k(j)) + k(l)), beta)
- tends(c, MEAN, OTHER, of(beta*(k(i) + k(j)) + 2*beta*k(l)), beta)
+ tends(c, MEAN, OTHER, of(beta*(k(i) + k(j)) - 2*k(l)), beta)
- tends(c, MEAN, Given((Distinct((i, j)),)), of(beta*(k(i) + k(j))), beta)
+ tends(c, MEAN, Given((Distinct((i, j)), Orthonormal("k"))), of(beta*(k(i) + k(j))), beta)
- D.answered("x", beta*(k(i) + k(j)) + k(i)/100)
+ D.answered("x", beta*(k(i) + k(j)) + (k(i) + k(j))/100)
- D.answered("x", beta*(k(i) - k(j)))
+ D.answered("x", beta*(k(j) + k(i)))
- D.answered("x", beta*(k(i) + k(j))/n + k(j)/n)
+ D.answered("x", beta*(k(i) + k(j))/n)
- D.answered("x", 0*k(i))
+ D.answered("x", 5*beta*k(i) + 5*beta*k(j))
- from dataclasses import replace
  spec = replace(D.question.specification, requires=lambda candidate: ())
  D.question = replace(D.question, specification=spec)
  D.answered("x", k(i))
+ D.answered("x", 7*beta*(k(i) + k(j)))
- from dataclasses import replace
  one = asked.claim(Identity, "x1", GIVEN, n + 1, 1 + n)
  spec = replace(D.question.specification, requires=lambda candidate: (one,))
  D.question = replace(D.question, specification=spec)
  D.answered("x", k(i))
+ D.answered("x", 3*beta*(k(i) + k(j)))
- D.claim(Solution(name="x", given=GIVEN, shown=q, right=k(i), requires=lambda candidate: (),
      oracle=D.names.oracle(q)))
+ D.claim(Solution(name="x", given=GIVEN, shown=q, right=Q, requires=D.question.specification.requires,
      oracle=D.names.oracle(q)))

[q1c names]
- same(alpha(i), 1/n, GIVEN, ATTENTION.let(alpha(l), 1/n))
+ same(alpha(i), 1/n, GIVEN.and_(Perpendicular(w, "k")), of(w))
- same(alpha(l), S.Half, GIVEN, ATTENTION.let(alpha(l), S.Half))
+ same(Sum(alpha(l), (l, 1, n)), S.One, GIVEN, ATTENTION)
- same(c, MEAN, GIVEN, ATTENTION.let(c, MEAN))
+ same(alpha(j), S.Half, GIVEN.and_(Exactly(2)), of(beta*(k(i) + k(j))))
- same(c, MEAN, GIVEN.and_(AtLeast(3)), of(beta*(k(i) + k(j))).let(alpha(l), KroneckerDelta(l, i)).let(c, MEAN))
+ same(alpha(i), exp(beta)/(exp(beta) + n - 1), GIVEN, of(beta*k(i)))
- tends(c, v(i), GIVEN, of(beta*(k(i) + k(j))).let(c, v(i) + v(j)/beta), beta)
+ tends(v(i) + v(j)/beta, v(i), GIVEN, asked, beta)
- same(c, MEAN, GIVEN.and_(Replaced(c, MEAN)), ATTENTION)
+ same(Norm(v(j)), Norm(v(i)), GIVEN.and_(Replaced(v(j), v(i))), ATTENTION)

# the free index of the query is not that of the sum in the output
- tends(c, E/(1 + E)*(v(i) + v(j)), OTHER, of(beta*(k(i) + k(j)) + k(l)), beta)
+ tends(c, (v(i) + v(j))/2, OTHER, of(beta*(k(i) + k(j)) + k(l)), beta)

[q1c coincidence]
- same(alpha(l), 1/(2*exp(beta) + n - 2), GIVEN, of(beta*(k(i) + k(j))))
+ same(alpha(l), 1/(2*exp(beta) + n - 2), OTHER, of(beta*(k(i) + k(j))))
- tends(alpha(i), S.Half, Given((Orthonormal("k"),)), of(beta*(k(i) + k(j))), beta)
+ tends(alpha(i), S.Half, GIVEN, of(beta*(k(i) + k(j))), beta)
- same(Norm(k(i) + k(j))**2, S(2), Given((Orthonormal("k"),)), asked)
+ same(Norm(k(i) + k(j))**2, S(2), GIVEN, asked)
- same(Dot(k(l), beta*(k(i) + k(j))), S.Zero, GIVEN, asked)
+ same(Dot(k(l), beta*(k(i) + k(j))), S.Zero, OTHER, asked)
- same(alpha(i) + alpha(j), 2*exp(beta)/(2*exp(beta) + n - 2), Given((Orthonormal("k"),)), of(beta*(k(i) + k(j))))
+ same(alpha(i) + alpha(j), 2*exp(beta)/(2*exp(beta) + n - 2), GIVEN, of(beta*(k(i) + k(j))))

- bound(norm, r"\le", R, GIVEN.and_(Bounded(norm, l, R, (i, j))), of(Q))
+ bound(norm, r"\le", R, OTHER.and_(Bounded(norm, l, R, (i, j))), of(Q))
- bound(Sum(norm, (l, 1, n)), r"\le", n*R, GIVEN.and_(Bounded(norm, l, R, (i, j))), of(Q),
      slack=Sum(R - norm, (l, 1, n)))
+ bound(OffSum(norm, l, n, (i, j)), r"\le", (n - 2)*R, GIVEN.and_(Bounded(norm, l, R, (i, j))), of(Q),
      slack=OffSum(R - norm, l, n, (i, j)))

[q1c strict]
- bound(alpha(i), ">", half - cap.value, GIVEN, of(Q), slack=spare)
+ bound(alpha(i), r"\ge", half - cap.value, GIVEN, of(Q), slack=spare)
- bound(alpha(i), "<", S.Half, GIVEN, of(Q))
+ bound(alpha(i), r"\le", S.Half, GIVEN, of(Q), slack=S.Half - w_i.right)
- both((top, r"\le", eta), (beta, ">", log((R - eta)*(n - 2)/eta/2)), Given((AtLeast(3), Above(R, eta))), asked,
      increasing=exp)
+ both((top, "<", eta), (beta, ">", log((R - eta)*(n - 2)/eta/2)), Given((AtLeast(3), Above(R, eta))), asked,
      increasing=exp)

[q1c bound]
- bound(alpha(i), r"\ge", S.Half - (n - 2)*exp(-beta)/5, GIVEN, of(Q), slack=spare)
+ bound(alpha(i), r"\ge", S.Half - (n - 2)*exp(-beta)/4, GIVEN, of(Q), slack=spare)
- bound(alpha(i), r"\ge", half - cap.value + Rational(1, 10**10), GIVEN, of(Q), slack=spare)
+ bound(alpha(i), r"\ge", half - cap.value - Rational(1, 10**10), GIVEN, of(Q), slack=spare + Rational(1, 10**10))
- bound(Norm(c - MEAN), r"\le", top/3, GIVEN.and_(Bounded(norm, l, R, (i, j))), of(Q), middle=middle,
      theorems=(Theorem("triangle", Norm(err.right), middle),), slack=top/3 - middle)
+ bound(Norm(c - MEAN), r"\le", top, GIVEN.and_(Bounded(norm, l, R, (i, j))), of(Q), middle=middle,
      theorems=(Theorem("triangle", Norm(err.right), middle),),
      slack=OffSum(R - norm, l, n, (i, j))/(middle/OffSum(norm, l, n, (i, j)))**-1)
- both((top, r"\le", eta), (beta, r"\ge", log(R*(n - 2)/(2*eta))), Given((AtLeast(3), Above(R, eta))), asked,
      increasing=exp)
+ both((top, r"\le", eta), (beta, r"\ge", log((R - eta)*(n - 2)/eta/2)), Given((AtLeast(3), Above(R, eta))), asked,
      increasing=exp)
- bound(alpha(l), r"\ge", exp(-beta)/2, OTHER, of(Q))
+ bound(alpha(l), r"\ge", S.Zero, OTHER, of(Q))

[q1c context]
- bound(alpha(i), r"\le", Rational(1, 5), GIVEN.and_(Above(R, eta), Above(eta, R)),
      of(Q), slack=S.Half - w_i.right)
+ bound(alpha(i), r"\le", S.Half, Given((Distinct((i, j)), Orthonormal("k"), Above(R, eta))), of(Q),
      slack=S.Half - w_i.right)
- same(alpha(i), S.Half, GIVEN.and_(AtLeast(3), Exactly(2)), of(Q))
+ same(alpha(i), S.Half, GIVEN.and_(AtLeast(2), Exactly(2)), of(Q))
- same(alpha(i), S.Half, OTHER.and_(Exactly(2)), of(Q))
+ same(alpha(i), exp(beta)/(2*exp(beta) + 1), OTHER.and_(Exactly(3)), of(Q))
- same(Norm(q)**2, S.Zero, GIVEN.and_(Perpendicular(q, "k"), Replaced(q, k(i))), ATTENTION)
+ same(Dot(q, k(i)), S.Zero, GIVEN.and_(Perpendicular(q, "k")), ATTENTION)
- same(alpha(i), S.Half, GIVEN, of(Q))
+ same(alpha(i), S.Half, GIVEN.and_(Exactly(2)), of(Q))

[q1c ranges]
- D.state(Identity, "x", alpha(l), exp(-beta)/2, OTHER, of(Q), ranges={r"\beta": (25, 30)})
+ D.state(Identity, "x", alpha(l), 1/(2*exp(beta) + n - 2), OTHER, of(Q), ranges={r"\beta": (25, 30)})
- D.state(Identity, "x", alpha(i), S.Half, GIVEN, of(Q), ranges={r"\beta": (40, 50)})
+ D.state(Identity, "x", alpha(i), exp(beta)/(2*exp(beta) + n - 2), GIVEN, of(Q), ranges={r"\beta": (40, 50)})
- bound(beta, r"\ge", log(n), GIVEN, of(Q), ranges={r"\beta": (5, 9)})
+ bound(beta, r"\ge", -log(n), GIVEN, of(Q), ranges={r"\beta": (5, 9)})

[q1c extremum]
- minimum(kappa/3, Norm(q)**2, xi, GIVEN, of(xi*k(i) + (xi - kappa)*k(j)))
+ minimum(kappa/2, Norm(q)**2, xi, GIVEN, of(xi*k(i) + (xi - kappa)*k(j)))
- minimum(kappa/2, -Norm(q)**2, xi, GIVEN, of(xi*k(i) + (xi - kappa)*k(j)))
+ minimum(kappa/2, 2*Norm(q)**2, xi, GIVEN, of(xi*k(i) + (xi - kappa)*k(j)))
- minimum(-S.One, beta**3/3 - beta, beta)
+ minimum(S.One, beta**3/3 - beta, beta)
- minimum(-n, beta**3/3 - n**2*beta, beta)
+ minimum(n, beta**3/3 - n**2*beta, beta)
- minimum(kappa/2*(1 + Rational(1, 10**8)), Norm(q)**2, xi, GIVEN, of(xi*k(i) + (xi - kappa)*k(j)))
+ minimum(kappa/2, Norm(q)**2 + n, xi, GIVEN, of(xi*k(i) + (xi - kappa)*k(j)))

[q1c outvoted]
- same(alpha(i), exp(beta)/(2*exp(beta) + n - 2) + (n - 2)*(n - 3)*(n - 4)*(n - 5)*(n - 8)*(n - 12), GIVEN, of(Q))
+ same(alpha(i), exp(beta)/(2*exp(beta) + n - 2), GIVEN, of(Q))
- same(alpha(i), exp(beta)/(2*exp(beta) + n - 2) + Rational(1, 10**13), GIVEN, of(Q))
+ same(alpha(i), 1/(2 + (n - 2)*exp(-beta)), GIVEN, of(Q))
- same(c - MEAN, err.right + exp(-1000*beta)*v(i), GIVEN, of(Q))
+ same(c - MEAN, err.right, GIVEN, of(Q))
- same(Norm(q)**2, 2*beta**2 + exp(-900*beta), GIVEN, of(Q))
+ same(Norm(q)**2, 2*beta**2, GIVEN, of(Q))
- tends(alpha(i), S.Half + Rational(1, 10**9), GIVEN, of(Q), beta)
+ tends(alpha(i), S.Half, GIVEN, of(Q), beta)
- tends(alpha(i), S.Half + exp(-beta), GIVEN, of(Q), beta)
+ tends(alpha(i) + exp(-beta), S.Half, GIVEN, of(Q), beta)
- tends(exp(beta)*alpha(l), Rational(501, 1000), OTHER, of(Q), beta)
+ tends(exp(beta)*alpha(l), S.Half, OTHER, of(Q), beta)
- tends(alpha(l), exp(-beta)/2, OTHER, of(Q), beta)
+ tends(alpha(l), S.Zero, OTHER, of(Q), beta)
- tends(c - MEAN, exp(-beta)*OffSum(v(l) - MEAN, l, n, (i, j)), GIVEN, of(Q), beta)
+ tends(alpha(i) - alpha(j) + 1/beta, S.Zero, GIVEN, of(Q), beta)

[q1d solution]
- D.answered("x", answer/2)
+ D.answered("x", Sb*Inverse(T(Sb)*Sb)*T(Sb)*2)
- D.answered("x", 2*Sb*T(Sb))
+ D.answered("x", 2*(Eye(d) - P_T))
- D.answered("x", 2*P_S + P_T)
+ D.answered("x", 2*P_S - 0*P_T)
- D.answered("x", answer*(1 + Rational(1, 10**10)))
+ D.answered("x", answer*(1 + Rational(1, 10**10))/(1 + Rational(1, 10**10)))
- D.answered("x", answer + Eye(d)/10**13)
+ D.answered("x", answer + Eye(d)/10**13 - Eye(d)/10**13)
- D.answered("x", 2*Eye(d))
+ D.answered("x", Eye(d) + P_S - P_T)
- D.answered("x", answer + (s - 1)*(s - 2)*(s - 3)*(s - 4)*P_T)
+ D.answered("x", answer + (s - 1)*(s - 2)*aside)
- D.answered("x", answer + (t - 1)*(t - 2)*(t - 4)*P_S)
+ D.answered("x", answer + (t - 1)*(t - 2)*(t - 4)*aside)

[q1d names]
- same(M*c, v(j), GIVEN, D.names.let(c, v(j)/2).let(M, 2*Eye(d)))
+ same(M*c, v(i) + v(j), GIVEN, D.names.let(M, 2*Eye(d)))
- same(c, v(i), GIVEN, D.names.let(c, v(i)))
+ same(2*c, v(i) + v(j), GIVEN, D.names)
- same(M*c, v(j), GIVEN, D.names.let(M, Eye(d)).let(c, Tb*b))
+ same(M*c, c.subs(c, MEAN), GIVEN, D.names.let(M, Eye(d)))
- same(v(i), v(j), GIVEN.and_(Replaced(v(i), Tb*b)), D.names)
+ same(v(i), Sb*a, GIVEN, D.names)

[q1d sizes]
- same(M*c, v(i) + (s - 1)*(s - 2)*(s - 3)*(s - 4)*v(i), GIVEN, D.names)
+ same(M*c, v(i), GIVEN, D.names)
- bound(s, r"\le", S(4), GIVEN, D.names)
+ bound(s, r"\le", 4*s, GIVEN, D.names, slack=3*s)
- bound(t, r"\le", S(4), GIVEN, D.names)
+ bound(t, r"\ge", S(1), GIVEN, D.names, slack=t - 1)
- bound(d, ">", s + t, GIVEN, D.names)
+ bound(d + s + t, ">", s + t, GIVEN, D.names, slack=d)
- same(Norm(M)**2, 4*s + (s - 1)*(s - 2)*(s - 3)*(s - 4), GIVEN, D.names)
+ same(Norm(M)**2, 4*s, GIVEN, D.names)
- same(Norm(M)**2, 4*s + (t - 1)*(t - 2)*(t - 4), GIVEN, D.names)
+ same(Norm(2*M)**2, 16*s, GIVEN, D.names)

[q1d outvoted]
- same(M*c, v(i) + v(j)/10**13, GIVEN, D.names)
+ same(M*c, v(i) + v(j)/10**13 - v(j)/10**13, GIVEN, D.names)
- same(Norm(M)**2, 4*s + Rational(1, 10**12), GIVEN, D.names)
+ same(Norm(M)**2/4, s, GIVEN, D.names)
- same(T(M), M + Eye(d)/10**14, GIVEN, D.names)
+ same(T(M), answer, GIVEN, D.names)
- same(M, 2*Sb*T(Sb), GIVEN, D.names)
+ same(M, 2*Sb*T(Sb), GIVEN.and_(OrthonormalBasis(Sb)), D.names)
- same(Norm(M + N)**2, own + Norm(N)**2 + Norm(N)**4/10**14, annihilating, D.names)
+ same(Norm(M + N)**2, own + Norm(N)**2, annihilating, D.names)
- bound(Norm(M + N)**2, ">", own, annihilating, D.names, slack=Norm(N)**2)
+ bound(Norm(M + N)**2, r"\ge", own, annihilating, D.names, slack=Norm(N)**2)
- same(T(Sb)*Sb, Eye(s), GIVEN, D.names)
+ same(T(Sb)*Sb, Eye(s), GIVEN.and_(OrthonormalBasis(Sb)), D.names)
- same(M*M, 2*M.subs(M, answer) + Eye(d)/10**13, GIVEN, D.names)
+ same(M*M, 2*answer, GIVEN, D.names)
- same(M*v(j), v(j)/10**13, GIVEN, D.names)
+ same(M*v(j), 0*v(j), GIVEN, D.names)
- same(M*v(i), 2*v(i) + Rational(1, 10**13)*v(i), GIVEN, D.names)
+ same(M*v(i), 2*v(i), GIVEN, D.names)

[q1d context]
- same(N*Sb, 0*Sb, GIVEN.and_(Replaced(N, Eye(d)), Annihilates(N, (Sb,))), D.names)
+ same(N*Sb, 0*Sb, GIVEN.and_(Annihilates(N, (Sb,))), D.names)
- same(T(Sb)*Sb, 0*Eye(s), Given((UnitBasis(Sb), Orthogonal(Sb, Sb))), D.names)
+ same(T(Sb)*Tb, 0*T(Sb)*Tb, Given((UnitBasis(Sb), UnitBasis(Tb), Orthogonal(Sb, Tb))), D.names)
- same(v(i), 0*v(i), GIVEN.and_(Replaced(v(i), Tb*b), Annihilates(N, (Tb,)), Replaced(N, Eye(d))), D.names)
+ same(N*v(j), 0*v(j), GIVEN.and_(Annihilates(N, (Tb,))), D.names)

[q1e samples]
- ours(Var(Dot(k(l), q)), Rational(19, 10)*epsilon*beta**2)
+ ours(Var(Dot(k(l), q)), 2*epsilon*beta**2)
- ours(Var(Dot(k(l), q)), Rational(202, 100)*epsilon*beta**2)
+ ours(Var(Dot(2*k(l), q)), 8*epsilon*beta**2)
- ours(Var(Dot(k(l), q)), 2*epsilon*beta**2 + epsilon**2*beta**2)
+ ours(Var(Dot(k(l), q)), epsilon*Norm(Q)**2)
- ours(Var(Dot(k(i) - k(j), q)), Rational(42, 10)*epsilon*beta**2)
+ ours(Var(Dot(k(i) - k(j), q)), 4*epsilon*beta**2)
- ours(Var(Dot(k(i) - k(j), q)), 4*epsilon*beta**2 + epsilon**2*beta**2)
+ ours(Var(Dot(k(i) + k(j), q)), 4*epsilon*beta**2)
- ours(Var(Dot(k(i) + k(j), q)), Rational(39, 10)*epsilon*beta**2)
+ ours(Var(Dot(k(j) - k(i), q)), 4*epsilon*beta**2)
- ours(Expect(Dot(k(l), q)), beta*(KroneckerDelta(l, i) + KroneckerDelta(l, j)) + epsilon*beta/100)
+ ours(Expect(Dot(k(l), q)), beta*(KroneckerDelta(l, i) + KroneckerDelta(l, j)))
- ours(Expect(Dot(k(i) - k(j), q)), epsilon*beta/1000)
+ ours(Expect(Dot(k(i) - k(j), q)), S.Zero)
- ours(Cov(k(l)), Rational(101, 100)*epsilon*Eye(d))
+ ours(Cov(k(l)), epsilon*Eye(d))
- ours(Var(Dot(k(i), mu(i))), Rational(103, 100)*epsilon)
+ ours(Var(Dot(k(i), mu(i))), epsilon)
- ours(Expect(Dot(k(i), mu(i))), 1 + epsilon/100)
+ ours(Expect(Dot(k(i), mu(i))), S.One)
- ours(Expect(Dot(k(l), q)), beta*KroneckerDelta(l, i))
+ ours(Expect(Dot(k(i), q)), beta)

[q1e coincidence]
- same(Var(Dot(k(i) - k(j), q)), 4*epsilon*beta**2, D.given.without(Distinct), D.names)
+ same(Var(Dot(k(i) - k(j), q)), 4*epsilon*beta**2, D.given, D.names)
- same(Var(Dot(k(l) - k(i), q)), 4*epsilon*beta**2, D.given, D.names)
+ same(Var(Dot(k(l) - k(i), q)), 4*epsilon*beta**2, D.given.and_(Distinct((i, j, l))), D.names)
- same(Var(Dot(k(l) + k(i), q)), 4*epsilon*beta**2, D.given, D.names)
+ same(Var(Dot(k(l) + k(i), q)), 4*epsilon*beta**2, D.given.and_(Distinct((i, j, l))), D.names)
- same(Expect(Dot(k(l), q)), S.Zero, D.given, D.names)
+ same(Expect(Dot(k(l), q)), S.Zero, D.given.and_(Distinct((i, j, l))), D.names)

[q1e solution]
- D.answered("x", beta*(mu(i) + 2*mu(j)))
+ D.answered("x", 2*beta*(mu(i) + mu(j)))
- D.answered("x", beta*(mu(i) + mu(j)) + mu(i)/100)
+ D.answered("x", beta*(mu(i) + mu(j)) + (mu(i) + mu(j))/100)
- D.answered("x", beta*(mu(i) + mu(j))/epsilon)
+ D.answered("x", beta*(mu(j) + mu(i))/2)
- D.answered("x", beta*mu(i))
+ D.answered("x", 3*beta*(mu(i) + mu(j)))
- D.answered("x", mu(i) + mu(j))
+ D.answered("x", beta*(mu(i) + mu(j))*5)
- from dataclasses import replace
  spec = replace(D.question.specification, requires=lambda candidate: ())
  D.question = replace(D.question, specification=spec)
  D.answered("x", mu(i))
+ D.answered("x", beta*mu(i) + beta*mu(j))

[q1e extremum]
- minimum(best*(1 + Rational(1, 10**6)), total, beta, plain, D.names)
+ minimum(best, total, beta, plain, D.names)
- minimum(best*(1 + Rational(1, 10**8)), total, beta, plain, D.names)
+ minimum(best, 2*total, beta, plain, D.names)
- minimum(2*best, total, beta, plain, D.names)
+ minimum(best, total + epsilon, beta, plain, D.names)
- minimum(best, -total, beta, plain, D.names)
+ minimum(best, A*total, beta, plain, D.names)
- minimum(-best, total, beta, plain, D.names)
+ minimum(best, total/epsilon, beta, plain, D.names)
- same(best*exp(best), best*exp(best) + Rational(1, 10**13), plain, D.names)
+ same(best*exp(best), best*exp(best), plain, D.names)

[q1e order]
# of many keys the rest grows with their number
- order(Expect(c) - MEAN, bias, exp(-2*beta) + epsilon*beta**2*exp(-beta))
+ order(Expect(c) - MEAN, bias, n**2*exp(-2*beta) + n*epsilon*beta**2*exp(-beta))
- order(Expect(c) - MEAN, bias, n**2*exp(-2*beta))
+ order(Expect(c) - MEAN, bias, n**2*exp(-2*beta) + n*epsilon*beta**2*exp(-beta))
- order(Expect(c) - MEAN, bias, n**3*exp(-3*beta) + n*epsilon*beta**2*exp(-beta))
+ order(Expect(c) - MEAN, bias, n**3*exp(-2*beta) + n*epsilon*beta**2*exp(-beta))
- order(Expect(c) - MEAN, bias, n*epsilon*beta**2*exp(-beta))
+ order(Expect(c) - MEAN, bias, n**2*exp(-2*beta) + n*epsilon*beta**2*exp(-beta))
- order(Expect(c) - MEAN, bias, n**2*exp(-2*beta) + n*epsilon**2*beta**4*exp(-beta))
+ order(Expect(c) - MEAN, bias, n**2*exp(-2*beta) + n*epsilon*beta**2*exp(-beta))
- order(Expect(c) - MEAN, bias, n**2*exp(-2*beta), paths=(lambda size: shrunk(4, 1, size),))
+ order(Expect(c) - MEAN, bias, n**2*exp(-2*beta) + n*epsilon*beta**2*exp(-beta))
- order(Expect(c) - MEAN, bias*Rational(101, 100), n**2*exp(-2*beta) + n*epsilon*beta**2*exp(-beta))
+ order(Expect(c) - MEAN, bias, n**2*exp(-2*beta) + n*epsilon*beta**2*exp(-beta))
- lie = D.start("x", 2*bias, names=Definitions()).by(collect()).value
  order(Expect(c) - MEAN, lie, n**2*exp(-2*beta) + n*epsilon*beta**2*exp(-beta), kept=lie)
+ order(Expect(c) - MEAN, bias, n**2*exp(-2*beta) + n*epsilon*beta**2*exp(-beta), kept=bias)
- lie = D.start("x", 0*v(i), names=Definitions()).by(collect()).value
  order(Expect(c) - MEAN, lie, epsilon*beta**2*exp(-beta), kept=lie)
+ order(Expect(c) - MEAN, bias, n**2*exp(-2*beta) + n*epsilon*beta**2*exp(-beta), kept=bias)
- order(Cov(c), spread.value, epsilon**2*beta**4)
+ order(Cov(c), spread.value, epsilon**2*beta**4 + n*epsilon*beta**2*exp(-beta))
- order(Cov(c), spread.value, n*epsilon*beta**2*exp(-beta))
+ order(Cov(c), spread.value, epsilon**2*beta**4 + n*epsilon*beta**2*exp(-beta))
- order(Cov(c), spread.value, epsilon**3*beta**6 + n*epsilon*beta**2*exp(-beta))
+ order(Cov(c), spread.value, epsilon**2*beta**4 + n*epsilon*beta**2*exp(-beta))
- order(Cov(c), spread.value, epsilon**2*beta**4 + n*epsilon*beta**2*exp(-2*beta))
+ order(Cov(c), spread.value, epsilon**2*beta**4 + n*epsilon*beta**2*exp(-beta))
- order(Cov(c), spread.value*Rational(102, 100), epsilon**2*beta**4 + n*epsilon*beta**2*exp(-beta))
+ order(Cov(c), spread.value, epsilon**2*beta**4 + n*epsilon*beta**2*exp(-beta))

[q1f constant]
- integral(Rational(2, 5))
+ integral(constant)
- integral(Rational(1004, 1000)*constant)
+ integral(constant*(high - low))
- integral(constant + Rational(1, 10**9))
+ integral(1/sqrt(2*pi))
- integral(constant*(1 + 1/tau))
+ integral(sqrt(2)/(2*sqrt(pi)))
- integral(constant/2, high=S.Half)
+ integral(constant, high=S.One)
- integral(constant*(high - low)/tau, of=Expect(rho*(1 - rho)), constant=constant/tau,
      integrand=slope.value*constant/tau)
+ integral(constant, of=tau*Expect(rho*(1 - rho)))
- integral(constant, exponent=-g**2/2)
+ integral(constant, exponent=-(g**2)/(2*tau**2))
- integral(constant, exponent=g**2/(2*tau**2))
+ integral(constant, exponent=-g*g/2/tau**2)
- integral(constant, primitive=sigmoid**2)
+ integral(constant, primitive=sigmoid + 1, low=S.One, high=S(2))
- integral(2*constant, primitive=2*sigmoid, high=S(2))
+ integral(2*constant, of=2*tau*Expect(rho*(1 - rho)), primitive=2*sigmoid, high=S(2),
      integrand=2*slope.value*constant)
- integral(constant, of=tau*Expect(rho**2), integrand=sigmoid**2*constant, primitive=sigmoid)
+ integral(constant, of=tau*Expect(rho - rho**2), integrand=slope.value*constant)
- integral(oo, of=tau*Expect(rho), integrand=sigmoid*constant, primitive=log(1 + exp(g)), high=oo)
+ integral(3*constant, of=3*tau*Expect(rho*(1 - rho)), primitive=3*sigmoid, high=S(3),
      integrand=3*slope.value*constant)
- from dataclasses import replace
  class Law(ShareOfNormalGap):
      density = 2*NORMAL
      def __call__(self, statistic, instance):
          return 2*super().__call__(statistic, instance)
  D.names = replace(D.names, laws=(Law(),))
  integral(2*constant)
+ integral(constant, low=S.Zero)

[q1f samples]
- ours(Var(Dot(k(i), q)), beta**2*(Rational(51, 100) + 2*epsilon))
+ ours(Var(Dot(k(i), q)), beta**2*(S.Half + 2*epsilon))
- ours(Var(Dot(k(i) - k(j), q)), beta**2*(S.Half + Rational(41, 10)*epsilon))
+ ours(Var(Dot(k(i) - k(j), q)), beta**2*(S.Half + 4*epsilon))
- ours(Var(Dot(k(j), q)), beta**2*Rational(202, 100)*epsilon)
+ ours(Var(Dot(k(j), q)), beta**2*2*epsilon)
- ours(Var(Dot(k(i), q)), beta**2*(S.Half + 2*epsilon) + epsilon**2*beta**2/10)
+ ours(Var(Dot(2*k(i), q)), 4*beta**2*(S.Half + 2*epsilon))
- ours(Expect(Dot(k(i) - k(j), q)), beta/100)
+ ours(Expect(Dot(k(i) - k(j), q)), S.Zero)
- ours(Cov(k(i)), epsilon*Eye(d) + Rational(51, 100)*mu(i)*T(mu(i)))
+ ours(Cov(k(i)), epsilon*Eye(d) + mu(i)*T(mu(i))/2)

[q1f coincidence]
- same(Var(Dot(k(x), q)), 2*epsilon*beta**2, Given((Distinct((i, j)), *KEYS, spiked(d, epsilon, x))), D.names)
+ same(Var(Dot(k(x), q)), 2*epsilon*beta**2, ELSEWHERE, D.names)
- same(Var(Dot(k(x), q)), 2*epsilon*beta**2, Given((Distinct((i, x)), *KEYS, spiked(d, epsilon, x))), D.names)
+ same(Var(Dot(k(j), q)), 2*epsilon*beta**2, ELSEWHERE, D.names)
- same(Cov(k(l)), epsilon*Eye(d), AT_I, D.names)
+ same(Cov(k(j)), epsilon*Eye(d), AT_I, D.names)

[q1f outvoted]
- same(f, law*(1 + Rational(1, 10**10)), inside, own_law(), ranges={r"\tau": (0.3, 10)})
+ same(f, law, inside, own_law(), ranges={r"\tau": (0.3, 10)})
- same(f, law + exp(-1000*tau), inside, own_law(), ranges={r"\tau": (0.3, 10)})
+ same(rho*f, rho*law, inside, own_law(), ranges={r"\tau": (0.3, 10)})
- same(f, law + Rational(1, 10**13), inside, own_law(), ranges={r"\tau": (0.3, 10)})
+ same(2*f, 2*law, inside, own_law(), ranges={r"\tau": (0.3, 10)})
- same(f, law - rho**2*(1 - rho)**2/10**13, inside, own_law(), ranges={r"\tau": (0.3, 10)})
+ same(tau**2*f, tau**2*law, inside, own_law(), ranges={r"\tau": (0.3, 10)})

[q1f order]
- order(Var(rho), variance, tau**-4, AMONG, D.names, (lambda size: {r"\tau": 10/size},))
+ order(Var(rho), variance, tau**-3, AMONG, D.names, (lambda size: {r"\tau": 10/size},))
- order(Var(rho), variance + tau**-2/10, tau**-3, AMONG, D.names, (lambda size: {r"\tau": 10/size},))
+ order(Var(rho), variance, tau**-3, AMONG, D.names, (lambda size: {r"\tau": 10/size},))
- order(Var(rho), Rational(1, 4) - Rational(2, 5)/tau, tau**-2, AMONG, D.names,
      (lambda size: {r"\tau": 10/size},))
+ order(Var(rho), variance, tau**-2, AMONG, D.names, (lambda size: {r"\tau": 10/size},))
- order(Var(rho), S(7), tau**-3, AMONG, D.names, (lambda size: {r"\tau": 10/size},))
+ order(Var(rho), variance, tau**-1, AMONG, D.names, (lambda size: {r"\tau": 10/size},))
- order(Expect(c), half*(v(i) + v(j)), exp(-beta)/n**2, large, spiky,
      (lambda size: far(-np.log(0.05*size)),))
+ order(Expect(c), half*(v(i) + v(j)), n*exp(-beta), large, spiky, (lambda size: far(-np.log(0.05*size)),))
- order(Expect(c), half*(v(i) + v(j)), exp(-2*beta), large, spiky, (lambda size: far(-np.log(0.05*size)),))
+ order(Expect(c), half*(v(i) + v(j)), n**2*exp(-beta), large, spiky, (lambda size: far(-np.log(0.05*size)),))
- order(Cov(c), variance*spread, tau**-3 + exp(-beta)/n**3, large, spiky, (lambda size: far(2.5/size),))
+ order(Cov(c), variance*spread, tau**-3 + n*exp(-beta), large, spiky, (lambda size: far(2.5/size),))
- order(Cov(c), variance*spread, n*exp(-beta), large, spiky, (lambda size: far(2.5/size),))
+ order(Cov(c), variance*spread, tau**-3 + n*exp(-beta), large, spiky, (lambda size: far(2.5/size),))

- lie = D.start("x", variance, AMONG, Definitions()).by(put({tau: 2*tau})).value
  order(Var(rho), lie, tau**-3, AMONG, D.names, (lambda size: {r"\tau": 10/size},), kept=lie)
+ lie = D.start("x", variance, AMONG, Definitions()).by(put({tau: 1*tau})).value
  order(Var(rho), lie, tau**-3, AMONG, D.names, (lambda size: {r"\tau": 10/size},), kept=lie)
- lie = D.start("x", Rational(1, 4) - 2/(5*tau), AMONG, Definitions()).by(collect()).value
  order(Var(rho), lie, tau**-2, AMONG, D.names, (lambda size: {r"\tau": 10/size},), kept=lie)
+ lie = D.start("x", variance, AMONG, Definitions()).by(collect()).value
  order(Var(rho), lie, tau**-2, AMONG, D.names, (lambda size: {r"\tau": 10/size},), kept=lie)

[q1f names]
- same(alpha(i), sigmoid, AMONG, D.names.let(alpha(l), sigmoid))
+ same(alpha(i)/(alpha(i) + alpha(j)), 1/(1 + exp(z(j) - z(i))), AMONG, D.names)
- same(Sum(alpha(l), (l, 1, n)), n*sigmoid, AMONG, D.names.let(alpha(l), sigmoid))
+ same(Sum(alpha(l), (l, 1, n)), S.One, AMONG, D.names)
- same(alpha(i) + alpha(j), S.One, AMONG, D.names.let(alpha(l), S.Half))
+ same(alpha(i) + alpha(j), S.One, AMONG.and_(Exactly(2)), D.names)

[q1a limit]
# towards minus infinity, and through exponentials of exponentials
- tends(exp(xi), S.One, variable=xi, point=-oo)
+ tends(exp(xi), S.Zero, variable=xi, point=-oo)
- tends(exp(-exp(-kappa)), S.Zero)
+ tends(exp(-exp(-kappa)), S.One)
- tends(exp(-zeta*exp(xi)), S.Zero, variable=xi, point=-oo)
+ tends(exp(-zeta*exp(xi)), S.One, variable=xi, point=-oo)
- tends(exp(-exp(kappa))*exp(2*exp(kappa)), S.Zero)
+ tends(exp(-exp(kappa))*(1 + 1/kappa), S.Zero)

[q1a hypothesis]
- same(z(i) + z(j), S.Zero, Given((Distinct((i, j)), Replaced(z(j), 2*z(i)))))
+ same(z(i) + z(j), 3*z(i), Given((Distinct((i, j)), Replaced(z(j), 2*z(i)))))
- same(Sum(z(l), (l, 1, n)), S.Zero, Given((Distinct((i, j)), Replaced(z(j), -z(i)))))
+ same(Sum(z(l), (l, 1, n)), S.Zero, Given((Only((i, j)), Replaced(z(j), -z(i)))))
- same(alpha(i), S.Half, Given((Distinct((i, j)), Replaced(z(j), z(i)))))
+ same(alpha(i), alpha(j), Given((Distinct((i, j)), Replaced(z(j), z(i)))))

[softmax/q5a samples]
- ours(Expect(product), exp(epsilon*Dot(a, b)/2))
+ ours(Expect(product), exp(epsilon*Dot(a, b)))
- ours(Expect(feature(a)), exp(epsilon*Norm(a)**2/2))
+ ours(Expect(feature(a)), S.One)
- ours(Expect(product**2), exp(2*score)**2)
+ ours(Expect(feature(a)**2), exp(epsilon*Norm(a)**2))

[softmax/q5b derivative]
- ours(Partial(P, t), alpha(i)*exp(-t)*below)
+ ours(Partial(P, t), exp(z(i))*exp(-t)*below)
- ours(Partial(P, t), exp(z(j) - t)*below)
+ ours(Partial(P, t), TOTAL*exp(-t)*P)

[softmax/q5b names]
- ours(alpha(i), P)
+ ours(alpha(i)*below, P)
- ours(P + alpha(i)*below, 3*P)
+ ours(P + alpha(i)*below, 2*P)

[softmax/q1b names]
- ours(log(Sum(exp(beta*z(m)), (m, 1, n))), H + E)
+ ours(log(Sum(exp(beta*z(m)), (m, 1, n))), H + beta*E)

[softmax/q5c samples]
- ours(Var(PRODUCT), n*b*(a**2 + b))
+ ours(Var(e[l]*f[l]), b*(2*a**2 + b))
- ours(Expect(PRODUCT**2), n**2*a**4)
+ ours(Expect(PRODUCT), n*a**2)

[softmax/q5d samples]
- ours(Expect(psi), S.Half + Rational(1, 10**6))
+ ours(Expect(psi), S.Half)
- ours(Expect(moved(nu**2)), 1 - exp(-nu**2/2))
+ ours(Expect(moved(-nu**2)), exp(-nu**2/2)/2)
- ours(Expect(moved(y)), S.Half)
- ours(Expect(moved(y)) + exp(nu**2/2 - y)*Expect(moved(y - nu)), S.One)
- ours(Expect(moved(y)) + exp(nu**2 - y)*Expect(moved(y - nu**2)), S.One)
+ ours(Expect(moved(y)) + Expect(moved(-y)), S.One)
- ours(Expect(moved(y)) + Expect(moved(-y)), S.One + exp(-nu**2)/1000)

[exploration/q2d sizes]
- ours(read(u[l] + y[l]*KroneckerDelta(l, n)), read(u[l]))
+ ours(read(u[l] + y[l]*KroneckerDelta(l, n + 2*r)), read(u[l]))
- ours(read(u[l] + y[l]*KroneckerDelta(l, r)), read(u[l]))
+ ours(read(u[l]*(1 + KroneckerDelta(l, n + 1))), read(u[l]))

[q1a words]
- said(alpha(i), "<", S.Zero)
+ said(alpha(i), ">", S.Zero)
- said(alpha(i), "=", 1/n)
+ said(alpha(i), "=", softmax(i))
- said(Sum(alpha(l), (l, 1, n)), "=", S(2))
+ said(Sum(alpha(l), (l, 1, n)), "=", S.One)
- said(Sum(alpha(l), (l, 1, n)), "<", S.One)
+ said(Sum(alpha(l), (l, 1, n)), ">", S.Zero)
- said(alpha(i)/alpha(j), "=", exp(z(j) - z(i)))
+ said(alpha(i)/alpha(j), "=", exp(z(i) - z(j)))
- said(1/alpha(i), "<", S.Zero)
+ said(-alpha(i), "<", S.Zero)
- said(-alpha(i), r"\ge", S.Zero)
+ said(-alpha(i), "<", S.Zero)
- said(alpha(i), ">", S.Half)
+ said(2*alpha(i), ">", S.Zero)
- said(alpha(i) - alpha(j), "=", S.Zero)
+ said(alpha(i)*softmax(j) - alpha(j)*softmax(i), "=", S.Zero)
- said(S.Zero, "<", alpha(i), "<", S.Zero)
+ said(S.Zero, "<", alpha(i))
- said(n, r"\ge", S(2))
+ said(2*n, ">", S.One)
- said(alpha(i), r"\to", S.One)
+ said(Sum(2*alpha(l), (l, 1, n)), "=", S(2))
- said(c, "=", v(i))
+ said(c, "=", Sum(softmax(l)*v(l), (l, 1, n)))
- said(c, "=", Sum(z(l)*v(l), (l, 1, n)))
+ said(2*c, "=", Sum(2*softmax(l)*v(l), (l, 1, n)))
- D.say("So {sum.formula}, and so {x}.", x=F(Sum(alpha(l), (l, 1, n)), "=", n))
+ D.say("So {sum.formula}, and so {x}.", x=F(Sum(3*alpha(l), (l, 1, n)), "=", S(3)))
- said(Sum(alpha(l), (l, 1, n)), "=", 1 + Rational(1, 10**12))
+ said(1 + Rational(1, 10**12), ">", Sum(alpha(l), (l, 1, n)))

[q1b words]
- said(DELTA[l], "=", Dot(k(l) - k(i), q))
+ said(DELTA[l], "=", Dot(k(i) - k(l), q))
- said(DELTA[l], "=", Dot(k(j) - k(l), q))
+ said(DELTA[l] + 1, "=", Dot(k(i) - k(l), q) + 1)
- said(alpha(i), "=", 1/(1 + others(exp(DELTA[l]))))
+ said(alpha(i), "=", 1/(1 + others(exp(-DELTA[l]))))
- said(alpha(i)/alpha(j), "=", exp(-DELTA[j]))
+ said(alpha(i)/alpha(j), "=", exp(DELTA[j]))
- said(alpha(i), r"\ge", 1 - delta)
+ said(alpha(i), r"\ge", S.Zero)
- said(DELTA[j], r"\ge", log((1 - delta)/delta))
+ D.say("{x} {necessary-gap}", x=F(DELTA[j], r"\ge", log((1 - delta)/delta)))
- D.say("{x} {necessary-gap}", x=F(DELTA[j], r"\ge", log(2*(1 - delta)/delta)))
+ D.say("{x} {necessary-gap}", x=F(log((1 - delta)/delta), r"\le", DELTA[j]))
- D.say("{x} {necessary-gap}", x=F(DELTA[j], r"\le", log((1 - delta)/delta)))
+ D.say("{x} {necessary-gap}", x=F(DELTA[j], r"\ge", log((1 - delta)/delta)))
- D.say("{x} {necessary-gap}", x=F(DELTA[j], ">", log((1 - delta)/delta)))
+ D.say("{x} {necessary-gap}", x=F(DELTA[j], r"\ge", log((1 - delta)/delta)))
- D.say("{x} {wide-gaps}", x=F(alpha(i), r"\ge", 1/(1 + (n - 1)*exp(gamma))))
+ D.say("{x} {wide-gaps}", x=F(alpha(i), r"\ge", 1/(1 + (n - 1)*exp(-gamma))))
- D.say("{x} {wide-gaps}", x=F(DELTA[l], r"\le", gamma))
+ D.say("{x} {wide-gaps}", x=F(1/(1 + (n - 1)*exp(-gamma)), r"\le", alpha(i)))
- D.say("{x} {inside}", x=F(alpha(i), r"\ge", S.Half))
+ D.say("{x} {inside}", x=F(alpha(i), r"\le", S.Half))
- D.say("{x} {inside}", x=F(alpha(i), "<", S.Half))
+ D.say("{x} {inside}", x=F(alpha(i), r"\le", S.Half))
- D.say("{x} {inside}", x=F(k(i), "=", k(j)))
+ D.say("{x} {inside}", x=F(k(i), "=", others(LAMBDA[l]*k(l))))
- D.say("{x} {inside}", x=F(LAMBDA[l], "<", S.Zero))
+ D.say("{x} {inside}", x=F(LAMBDA[l], r"\ge", S.Zero))
- said(q, "=", h - k(i))
+ said(Norm(q), r"\ge", S.Zero)

[q1c words]
- said(q, "=", beta*(k(i) - k(j)))
+ said(Dot(k(i), k(j)), "=", S.Zero)
- said(Dot(k(i), k(i)), "=", S(2))
+ said(Dot(k(i), k(i)), "=", S.One)
- said(Norm(k(i) - k(j))**2, "=", S.One)
+ said(Norm(k(i) - k(j))**2, "=", S(2))
- said(alpha(i), "=", S.Half)
+ said(alpha(i), ">", S.Zero)
- D.say("{x} {weight}", x=F(alpha(i), "=", exp(beta)/(2*exp(beta) + n)))
+ D.say("{x} {weight}", x=F(alpha(i), "=", exp(beta)/(2*exp(beta) + n - 2)))
- D.say("{x} {weight}", x=F(alpha(j), "=", exp(-beta)/(2*exp(beta) + n - 2)))
+ D.say("{x} {weight}", x=F(exp(beta)/(n - 2 + 2*exp(beta)), "=", alpha(i)))
- D.say("{x} {scale}", x=F(R, "<", eta))
+ D.say("{x} {scale}", x=F(S.Zero, "<", eta, "<", R))
- D.say("{x} {scale}", x=F(beta, r"\le", log((R - eta)*(n - 2)/(2*eta))))
+ D.say("{x} {scale}", x=F(beta, r"\ge", log((R - eta)*(n - 2)/(2*eta))))
- D.say("{x} {scale}", x=F(beta, r"\ge", log((R - eta)*(n - 2)/eta)))
+ D.say("{x} {scale}", x=F(beta, r"\ge", log((R - eta)*(n - 2)/(2*eta))))
- D.say("{x} {scale}", x=F(n, "=", S(2)))
+ D.say("{x} {scale}", x=F(n, r"\ge", S(3)))
- D.say("{x} {two-keys}", x=F(n, "=", S(3)))
+ D.say("{x} {two-keys}", x=F(n, "=", S(2)))
- D.say("{x} {two-keys}", x=F(alpha(i), "=", Rational(1, 3)))
+ D.say("{x} {two-keys}", x=F(alpha(i), "=", S.Half))
- D.say("{x} {specification}", x=F(c, r"\to", v(i)))
+ D.say("{x}", x=F(Norm(v(i)), r"\ge", S.Zero))
- D.say("{x} {specification}", x=F(c, "=", MEAN))
+ D.say("{x}", x=F(Sum(alpha(l), (l, 1, n)), "=", S.One))
- said(z(i) - z(j), r"\to", S.One)
+ said(2*Dot(k(i), k(j)), "=", S.Zero)
- D.say("{x} {error-bound}", x=F(Norm(v(l) - MEAN), r"\ge", R))
+ D.say("{x} {error-bound}", x=F(Norm(v(l) - MEAN), r"\le", R))

[q1d words]
- said(v(i), "=", Tb*b)
+ said(v(i), "=", Sb*a)
- said(v(j), "=", Sb*a)
+ said(v(j), "=", Tb*b)
- said(c, "=", v(i) + v(j))
+ said(c, "=", (v(i) + v(j))/2)
- said(T(Sb)*Sb, "=", Eye(s))
+ said(T(Sb)*Tb, "=", 0*T(Sb)*Tb)
- said(c, "=", v(i))
+ said(2*c, "=", v(i) + v(j))
- said(Dot(v(i), v(j)), "=", S.One)
+ said(Dot(v(i), v(j)), "=", S.Zero)
- said(Norm(c)**2, "=", Norm(v(i))**2 + Norm(v(j))**2)
+ said(4*Norm(c)**2, "=", Norm(v(i))**2 + Norm(v(j))**2)
- D.say("{x} {matrix}", x=F(M, "=", Sb*Inverse(T(Sb)*Sb)*T(Sb)))
+ D.say("{x} {matrix}", x=F(M, "=", 2*Sb*Inverse(T(Sb)*Sb)*T(Sb)))
- D.say("{x} {no-other-solutions}", x=F(N*Sb, "=", Sb))
+ D.say("{x} {no-other-solutions}", x=F(N*Sb, "=", S.Zero))
- D.say("{x} {no-other-solutions}", x=F(N*Tb, "=", Tb))
+ D.say("{x} {no-other-solutions}", x=F(N*Tb, "=", S.Zero))
- D.say("{x} {orthonormal-basis}", x=F(M, "=", Sb*T(Sb)))
+ D.say("{x} {orthonormal-basis}", x=F(M, "=", 2*Sb*T(Sb)))
- said(Norm(Sb)**2, "=", s**2)
+ said(Norm(v(i))**2, r"\ge", S.Zero)

[q1e words]
- said(Var(Dot(k(i), mu(i))), "=", 2*epsilon)
+ said(Var(Dot(2*k(i), mu(i))), "=", 4*epsilon)
- said(Var(Dot(k(i) - k(j), mu(i))), "=", epsilon)
+ said(Var(Dot(k(i) - k(j), mu(i))), "=", 2*epsilon)
- said(Expect(Dot(k(i), mu(i))), "=", S.Zero)
+ said(Expect(Dot(k(i), mu(i))), "=", S.One)
- said(Expect(Dot(k(i), mu(j))), "=", S.One)
+ said(Expect(Dot(k(i), mu(j))), "=", S.Zero)
- said(Cov(k(l)), "=", 2*epsilon*Eye(d))
+ said(Cov(k(l)), "=", epsilon*Eye(d))
- said(Norm(mu(i) - mu(j))**2, "=", S.One)
+ said(Norm(mu(i) - mu(j))**2, "=", S(2))
- D.say("{x} {squared-error}", x=F(A, "=", Norm(v(i) + v(j))**2))
+ D.say("{x} {squared-error}", x=F(A, "=", Norm(v(i) - v(j))**2))
- D.say("{x} {squared-error}", x=F(B, "=", Norm(REST)))
+ D.say("{x} {squared-error}", x=F(B, "=", Norm(REST)**2))
- D.say("{x} {best-scale}", x=F(LambertW(y) + exp(LambertW(y)), "=", y))
+ D.say("{x} {best-scale}", x=F(LambertW(y)*exp(LambertW(y)), "=", y))
- said(beta, r"\ll", 1/epsilon)
+ said(2*beta, ">", S.Zero)
- said(epsilon, r"\to", S.One)
+ said(3*epsilon, ">", S.Zero)
- said(c, "=", MEAN)
+ said(epsilon*beta**2, ">", S.Zero)

[q1f words]
- said(Sigma(i), "=", epsilon*Eye(d) + mu(i)*T(mu(i)))
+ said(Sigma(i), "=", epsilon*Eye(d) + mu(i)*T(mu(i))/2)
- said(Sigma(i), "=", epsilon*Eye(d))
+ said(Cov(k(j)), "=", epsilon*Eye(d))
- said(Var(Dot(k(i), mu(i))), "=", 1 + epsilon)
+ said(Var(Dot(k(i), mu(i))), "=", S.Half + epsilon)
- said(Var(Dot(k(j), mu(j))), "=", S.Half + epsilon)
+ said(Var(Dot(2*k(j), mu(j))), "=", 4*epsilon)
- said(Expect(Dot(k(i) - k(j), mu(i) + mu(j))), "=", S.One)
+ said(Expect(Dot(k(i) - k(j), mu(i) + mu(j))), "=", S.Zero)
- D.say("{x} {gap-variance}", x=F(Var(Dot(k(i) - k(j), q)), "=", beta**2*(1 + 4*epsilon)))
+ D.say("{x} {gap-variance}", x=F(Var(Dot(k(i) - k(j), q)), "=", beta**2*(S.Half + 4*epsilon)))
- D.say("{x} {gap-variance}", x=F(tau, "=", beta**2*(S.Half + 4*epsilon)))
+ said(3*tau, ">", S.Zero)
- D.say("{x} {elsewhere}", x=F(Var(Dot(k(x), q)), "=", epsilon*beta**2))
+ D.say("{x} {elsewhere}", x=F(Var(Dot(k(x), q)), "=", 2*epsilon*beta**2))
- D.say("{x} {elsewhere}", x=F(x, "=", i))
+ said(1/(1 + exp(-g)) + 1/(1 + exp(g)), "=", S.One)
- said(1/(1 + exp(-g)) + 1/(1 + exp(g)), "=", S.Half)
+ said(1/(1 + exp(-g)), ">", S.Zero)
- said(1/(1 + exp(-g)), ">", S.Half)
+ said(1/(1 + exp(-g)), "<", S(2))
- said(c, r"\to", v(i))
+ said(exp(-g), ">", S.Zero)

[softmax/q1a derivative]
- ours(Partial(alpha(i), z(j)), beta*alpha(i)*(KroneckerDelta(i, j) - alpha(i)))
+ ours(Partial(alpha(i), z(j)), beta*alpha(j)*(KroneckerDelta(i, j) - alpha(i)))
- ours(Partial(alpha(i), z(i)), beta*alpha(i))
+ ours(Partial(alpha(i), z(i)), beta*alpha(i)*(1 - alpha(i)))
- ours(Partial(alpha(i), z(j)), -beta*alpha(i)*alpha(j))
+ D.state(Identity, "x", Partial(alpha(i), z(j)), -beta*alpha(i)*alpha(j), Given((*QUESTION.given,
      Distinct((i, j)))))
- ours(Partial(alpha(i), beta), alpha(i)*z(i))
+ ours(Partial(alpha(i), beta), alpha(i)*(z(i) - Sum(alpha(m)*z(m), (m, 1, n))))
- D.at_least("x", Partial(alpha(i), z(j)), S.Zero)
+ D.at_least("x", Partial(alpha(i), z(i)), S.Zero, slack=beta*alpha(i)*OffSum(alpha(l), l, n, (i,)))
- D.positive("x", square)
+ D.at_least("x", square, S.Zero)
- D.state(Inequality, "x", Partial(alpha(i), z(i)), S.Zero, relation=">",
      slack=beta*alpha(i)*OffSum(alpha(l), l, n, (i,)))
+ D.at_least("x", Partial(alpha(i), z(i)), S.Zero, slack=beta*alpha(i)*OffSum(alpha(l), l, n, (i,)))
- ours(form, Sum(alpha(l)*(u[l] - MEAN)**2, (l, 1, n)))
+ ours(form, beta*Sum(alpha(l)*u[l]**2, (l, 1, n)) - beta*MEAN**2)
- ours(form, beta*Sum(alpha(l)*u[l]**2, (l, 1, n)) - MEAN**2)
+ ours(Sum(ENTRY, (i, 1, n)), S.Zero)

[softmax/q1b derivative]
- ours(Partial(H, beta), beta*VARIANCE)
+ ours(Partial(H, beta), -beta*VARIANCE)
- ours(Partial(H, beta), -VARIANCE)
+ ours(Partial(E, beta), Sum(alpha(m)*z(m)**2, (m, 1, n)) - MEAN**2)
- D.positive("x", VARIANCE)
+ D.at_least("x", VARIANCE, S.Zero)
- D.positive("x", Partial(E, beta), slack=VARIANCE)
+ D.at_least("x", Partial(E, beta), S.Zero, slack=VARIANCE)
- D.positive("x", H)
+ ours(H + Sum(alpha(m)*log(alpha(m)), (m, 1, n)), S.Zero)
- tends(alpha(i), S.Zero, QUESTION.given, SCALED, variable=beta)
+ ours(alpha(i)/alpha(j), exp(beta*(z(i) - z(j))))

[softmax/q1c hypothesis]
- ours(Partial(L, z(j)), y[j]*(alpha(j) - 1))
+ ours(Partial(L, z(j)), alpha(j) - y[j])
- D.state(Identity, "x", Partial(L, z(j)), alpha(j) - y[j], Given((Reals(y), OF_LOGITS.stands(alpha(l)))))
+ D.state(Identity, "x", Partial(L, z(j)), alpha(j)*Sum(y[m], (m, 1, n)) - y[j], Given((Reals(y),
      OF_LOGITS.stands(alpha(l)))))
- ours(L, -log(alpha(i)))
+ ours(L, LSE - Sum(y[m]*z(m), (m, 1, n)))
- ours(Sum(Partial(L, z(j)), (j, 1, n)), S.One)
+ ours(Sum(y[m], (m, 1, n)), S.One)
- ours(Sum(y[m], (m, 1, n)), n)
+ ours(Sum(2*y[m], (m, 1, n)), S(2))
- ours(Sum(y[m]**2, (m, 1, n)), S.One)
+ ours(Sum(y[m]*y[l], (m, 1, n)), y[l])
- D.positive("x", y[i])
+ D.at_least("x", y[i], S.Zero)
- D.state(Inequality, "x", y[i], S.One, relation="<", slack=OffSum(y[l], l, n, (i,)))
+ D.at_most("x", y[i], S.One, slack=OffSum(y[l], l, n, (i,)))
- D.at_least("x", y[i] + y[j], y[i] + S.Half)
+ D.at_least("x", y[i] + y[j], y[i])
- D.at_most("x", y[i] + y[j], S.One, slack=OffSum(y[l], l, n, (i, j)))
+ D.at_most("x", y[i], S.One + alpha(j), slack=OffSum(y[l], l, n, (i,)) + alpha(j))
- ours(Partial(F_z, z(j)), 1/n)
+ ours(Partial(F_z, z(j)), alpha(j))
- ours(Partial(L, z(i)), alpha(j) - y[j])
+ ours(Partial(L, z(i)), alpha(i) - y[i])
- D.at_least("x", L, S.One)
+ ours(L - LSE, -Sum(y[m]*z(m), (m, 1, n)))
- ours(OffSum(y[l], l, n, (i,)), 1 - y[j])
+ ours(OffSum(y[l], l, n, (i,)), 1 - y[i])

[softmax/q1d derivative]
- ours(Partial(f, z(j)), alpha(j)*Dot(g, v(j)))
+ ours(Partial(f, z(j)), alpha(j)*Dot(g, v(j) - OUTPUT))
- ours(Partial(f, z(i)), alpha(i)*Dot(g, v(j) - OUTPUT))
+ ours(Partial(f, z(i)), alpha(i)*Dot(g, v(i)) - alpha(i)*Dot(g, OUTPUT))
- ours(Sum(Partial(f, z(j)), (j, 1, n)), Dot(g, OUTPUT))
+ ours(f, Dot(g, OUTPUT))
- ours(f, Dot(g, v(i)))
+ ours(f, Sum(alpha(m)*Dot(v(m), g), (m, 1, n)))
- ours(Dot(g, g), S.One)
+ ours(Dot(g, g), Norm(g)**2)

[softmax/q1e bound]
- D.at_most("x", own, beta/5)
+ D.at_most("x", own, beta/4, slack=spare)
- D.state(Inequality, "x", own, beta/4, relation="<", slack=spare)
+ D.at_most("x", own, beta/3, slack=spare + beta/12)
- D.at_most("x", form, beta/4*Sum(u[l]**2, (l, 1, n)), slack=missing - beta/4*Sum(u[l]**2, (l, 1, n)))
+ D.at_most("x", form, bound, slack=missing)
- D.state(Inequality, "x", form, bound, relation="<", slack=missing)
+ D.at_most("x", form, bound + beta, slack=missing + beta)
- D.at_most("x", form, bound - beta*Sum(u[l]**2, (l, 1, n))/10**9, slack=missing)
+ D.at_least("x", bound, form, slack=missing)
- D.at_least("x", form, bound, slack=-missing)
+ D.at_least("x", form, S.Zero, slack=form)

[softmax/q2a bound]
- D.at_least("x", LSE, z(i) + log(n))
+ D.at_least("x", LSE, z(i), slack=rest)
- D.state(Inequality, "x", LSE, z(i), relation=">", slack=rest)
+ D.at_least("x", LSE, z(i) - 1, slack=rest + 1)
- D.at_most("x", LSE, z(i) + log(n))
+ D.at_most("x", LSE, MEAN + log(n), middle=MEAN + log(n) + tangent(1/(n*alpha(l)))[1],
      slack=-tangent(1/(n*alpha(l)))[1], theorems=(even,))
- D.state(Inequality, "x", H, log(n), relation="<", middle=log(n) + tangent(1/(n*alpha(l)))[1],
      slack=-tangent(1/(n*alpha(l)))[1], theorems=(even,))
+ D.at_most("x", H, log(n), middle=log(n) + tangent(1/(n*alpha(l)))[1], slack=-tangent(1/(n*alpha(l)))[1],
      theorems=(even,))
- D.at_most("x", H, log(n) - Rational(1, 10**9), middle=log(n) + tangent(1/(n*alpha(l)))[1],
      slack=-tangent(1/(n*alpha(l)))[1], theorems=(even,))
+ D.at_least("x", H, S.Zero, middle=-tangent(alpha(l))[1], slack=others, theorems=(own,))
- D.state(Inequality, "x", H, S.Zero, relation=">", middle=-tangent(alpha(l))[1], slack=others, theorems=(own,))
+ D.at_least("x", 2*H, S.Zero, middle=-2*tangent(alpha(l))[1], slack=2*others, theorems=(own, own))
- ours(LSE, MEAN + log(n))
+ ours(LSE, MEAN + H)
- ours(H, log(n))
+ ours(H, LSE - MEAN)
- D.at_least("x", H, log(S(2)))
+ ours(exp(LSE), Sum(exp(z(m)), (m, 1, n)))
- ours(LSE, Sum(z(m), (m, 1, n)))
+ ours(LSE - z(i), -log(alpha(i)))

[softmax/q2b sizes]
- ours(alpha(i), 1/(1 + exp(z(i) - z(j))))
+ ours(alpha(j), 1/(1 + exp(z(i) - z(j))))
- ours(alpha(i) - alpha(j), tanh(z(i) - z(j)))
+ ours(alpha(j) - alpha(i), -tanh((z(i) - z(j))/2))
- D.state(Identity, "x", alpha(i), 1/(1 + exp(z(j) - z(i))), Given((Distinct((i, j)),)))
+ D.state(Identity, "x", alpha(i)/(alpha(i) + alpha(j)), 1/(1 + exp(z(j) - z(i))), Given((Distinct((i, j)),)))
- ours(n, S(3))
+ ours(n, S(2))
- D.at_least("x", alpha(i), S.Half)
+ ours(alpha(i) + alpha(j), S.One)
- ours(c, (v(i) + v(j))/2 + half*(v(j) - v(i))/2)
+ ours(c, v(j) + alpha(i)*(v(i) - v(j)))
- ours(Sum(z(l), (l, 1, n)), 2*z(i))
+ ours(Sum(z(l), (l, 1, n)), z(i) + z(j))
- ours(KroneckerDelta(i, j), S.One)
+ ours(KroneckerDelta(i, j), S.Zero)

[softmax/q2c bound]
- D.at_most("x", 1 - alpha(i), (n - 1)*exp(-2*beta*gamma))
+ D.at_most("x", 1 - alpha(i), top, slack=rest**2/(1 + rest) + spare)
- D.at_most("x", 1 - alpha(i), (n - 2)*exp(-beta*gamma), slack=rest**2/(1 + rest) + spare)
+ D.at_most("x", 1 - alpha(i), n*exp(-beta*gamma), slack=rest**2/(1 + rest) + spare + exp(-beta*gamma))
- D.at_most("x", 1 - alpha(i), exp(-beta*gamma))
+ D.at_most("x", 1 - alpha(i), rest, slack=rest**2/(1 + rest))
- D.at_least("x", 1 - alpha(i), rest)
+ D.at_most("x", alpha(i), S.One, slack=rest/(1 + rest))
- ours(1 - alpha(i), rest)
+ ours(1 - alpha(i), rest/(1 + rest))
- ours(alpha(j), exp(-beta*GAP[j]))
+ ours(alpha(j)/alpha(i), exp(-beta*GAP[j]))
- tends(alpha(j), S.One, QUESTION.given, D.names, variable=beta)
+ ours(alpha(j), exp(-beta*GAP[j])/(1 + rest))
- ours(GAP[i], gamma)
+ ours(GAP[i], S.Zero)

[softmax/q2d hypothesis]
- D.state(Identity, "x", fall, Norm(r - q)**2, UPDATE)
+ D.state(Identity, "x", fall, Norm(r - q)**2/2, UPDATE)
- ours(fall, Norm(r - q)**2/2)
+ ours(fall, Sum(alpha(m)*Dot(k(m), r), (m, 1, n)) - Sum(alpha(m)*Dot(k(m), q), (m, 1, n)) + Dot(q,
      q)/2 - Dot(r, r)/2)
- D.state(Inequality, "x", curved, S.One, relation=">", middle=flat, slack=S.Zero, theorems=(tangent,))
+ D.at_least("x", curved, S.One, middle=flat, slack=S.Zero, theorems=(tangent,))
- ours(total(r) - total(q), mean)
+ ours(total(r) - total(q), mean + log(curved))
- D.at_least("x", total(r), total(q))
+ D.at_least("x", Norm(r - q)**2/2, S.Zero)

[softmax/q3a hypothesis]
- D.state(Identity, "x", softmax(i, lambda index: z(index)*y), softmax(i), names=OF_LOGITS.any(y))
+ D.state(Identity, "x", softmax(i, lambda index: z(index) - 3*y), softmax(i), names=OF_LOGITS.any(y))
- D.state(Identity, "x", softmax(i, lambda index: z(index) + y*index), softmax(i), names=OF_LOGITS.any(y))
+ D.state(Identity, "x", softmax(i, lambda index: z(index) + y*i), softmax(i), names=OF_LOGITS.any(y))
- ours(softmax(i, lambda index: Dot(k(index) + b, q + b)), weight(i))
+ ours(softmax(i, lambda index: Dot(k(index) + 2*b, q)), weight(i))
- ours(softmax(i, lambda index: Dot(k(index), q + b)), weight(i))
+ ours(softmax(i, lambda index: Dot(k(index), q) + Norm(b)), weight(i))
- ours(softmax(i, lambda index: Dot(k(index), q) + Norm(k(index))), weight(i))
+ ours(softmax(i, lambda index: Dot(k(index), q) + Norm(q)), weight(i))
- D.state(Identity, "x", softmax(i, lambda index: z(index) + y) , softmax(i) + y, names=OF_LOGITS.any(y))
+ D.state(Identity, "x", softmax(i, lambda index: z(index) + y), exp(y)*softmax(i)/exp(y),
      names=OF_LOGITS.any(y))

[softmax/q3b hypothesis]
- D.state(Identity, "x", alpha(i), kernel(i)/total, Given(()))
+ ours(alpha(i), kernel(i)/total)
- ours(square, Norm(q)**2 + rho - 2*Dot(k(l), q))
+ ours(square, Norm(q)**2 + rho**2 - 2*Dot(k(l), q))
- ours(alpha(i), exp(-Norm(q - k(i))**2)/Sum(exp(-Norm(q - k(m))**2), (m, 1, n)))
+ ours(alpha(i), exp(-Norm(q - k(i))**2/2 + 5)/Sum(exp(-Norm(q - k(m))**2/2 + 5), (m, 1, n)))
- ours(Norm(k(i) - k(j))**2, 2*rho**2)
+ ours(Norm(k(i) - k(j))**2, 2*rho**2 - 2*Dot(k(i), k(j)))
- ours(Dot(k(i), k(j)), rho**2)
+ ours(Dot(k(i), k(i)), rho**2)
- D.at_most("x", Dot(k(i), k(j)), rho)
+ D.at_most("x", Dot(k(i), k(j)), rho**2, slack=Norm(k(i) - k(j))**2/2)
- D.state(Inequality, "x", Dot(k(i), k(j)), rho**2, relation="<", slack=Norm(k(i) - k(j))**2/2)
+ D.at_most("x", -Dot(k(i), k(j)), rho**2, slack=Norm(k(i) + k(j))**2/2)
- ours(Norm(q), rho)
+ ours(Norm(2*k(i)), 2*rho)
- ours(Norm(k(i) + q), rho + Norm(q))
+ D.at_most("x", Norm(k(i) + q), rho + Norm(q), middle=rho + Norm(q), slack=S.Zero,
      theorems=(Theorem("triangle", Norm(k(i) + q), Norm(k(i)) + Norm(q)),))

[softmax/q3c sizes]
- D.state(Identity, "x", c, alpha(i)*v(i) + (1 - alpha(i))*REST, Given((OF_LOGITS.stands(alpha(l)),)))
+ ours(c, alpha(i)*v(i) + (1 - alpha(i))*REST)
- ours(c, alpha(i)*v(i) + alpha(j)*REST)
+ ours(c, REST + alpha(i)*(v(i) - REST))
- ours(c - REST, alpha(i)*(REST - v(i)))
+ ours(REST - c, alpha(i)*(REST - v(i)))
- ours(alpha(i), exp(z(i))/B)
+ ours(alpha(i)/(1 - alpha(i)), exp(z(i))/B)
- ours(OffSum(exp(z(l)), l, n, (i,)), OffSum(exp(z(l)), l, n, (j,)))
+ ours(OffSum(exp(z(l)), l, n, (i,)) + exp(z(i)), OffSum(exp(z(l)), l, n, (j,)) + exp(z(j)))
- ours(OffSum(alpha(l), l, n, (i, j)), 1 - alpha(i))
+ ours(OffSum(alpha(l), l, n, (i, j)), 1 - alpha(i) - alpha(j))

[softmax/q3d factors]
- ours(TOTAL, Sum(k(l)*T(v(l)), (l, 1, n)))
+ ours(T(TOTAL), Sum(k(l)*T(v(l)), (l, 1, n)))
- ours(TOTAL*q, Sum(Dot(v(l), q)*k(l), (l, 1, n)))
+ ours(TOTAL*q, Sum(Dot(k(l), q)*v(l), (l, 1, n)))
- ours(TOTAL, before + k(i)*T(v(i)))
+ ours(TOTAL - before, v(i)*T(k(i)))
- ours(TOTAL, before + v(i)*T(k(j)))
+ ours(TOTAL, OffSum(v(l)*T(k(l)), l, n, (i, j)) + v(i)*T(k(i)) + v(j)*T(k(j)))
- ours(TOTAL, Sum(v(l), (l, 1, n))*T(NORMAL))
+ ours(Sum(Sum(v(l)*T(k(m)), (m, 1, n)), (l, 1, n)), Sum(v(l), (l, 1, n))*T(NORMAL))
- D.state(Identity, "x", TOTAL, OffSum(v(l)*T(k(l)), l, n, (i, j)) + v(i)*T(k(i)) + v(j)*T(k(j)), Given(()))
+ D.state(Identity, "x", TOTAL, OffSum(v(l)*T(k(l)), l, n, (i,)) + v(i)*T(k(i)), Given(()))
- ours(T(q)*TOTAL*q, Sum(Dot(v(l), k(l))*Norm(q)**2, (l, 1, n)))
+ ours(Dot(q, TOTAL*q), Sum(Dot(v(l), q)*Dot(k(l), q), (l, 1, n)))
- ours(v(i)*T(k(j))*v(i), v(i)*T(v(i))*k(j)*2)
+ ours(v(i)*T(k(j))*v(i), v(i)*Dot(v(i), k(j)))

[softmax/q3e samples]
- ours(Var(Dot(k(l), q)), epsilon*Norm(q))
+ ours(Var(Dot(k(l), q)), epsilon*Dot(q, q))
- D.state(Identity, "x", Var(Dot(k(i) - k(j), q)), 2*epsilon*Norm(q)**2, Given((Members(mu(l)),
      GaussianKeys(mu, Sigma), NOISE)))
+ ours(Var(Dot(k(i) - k(j), q)), 2*epsilon*Norm(q)**2)
- ours(Var(Dot(k(i) + k(j), q)), 4*epsilon*Norm(q)**2)
+ ours(Var(Dot(k(i) + k(j), q)), 2*epsilon*Norm(q)**2)
- ours(Var(Dot(2*k(i), q)), 2*epsilon*Norm(q)**2)
+ ours(Var(Dot(2*k(i), q)), 4*epsilon*Norm(q)**2)
- ours(Var(Dot(k(l), q)/d), epsilon*Norm(q)**2/d)
+ ours(Var(Dot(k(l), q)/d), epsilon*Norm(q)**2/d**2)
- ours(Expect(Dot(k(l), q)), Dot(mu(i), q))
+ ours(Expect(Dot(k(i), q)), Dot(mu(i), q))
- ours(Expect(Dot(k(i) - k(j), q)), S.Zero)
+ ours(Expect(Dot(k(i) - k(j), q)), Dot(mu(i) - mu(j), q))
- ours(Var(Dot(k(l), q) + 3), epsilon*Norm(q)**2 + 3)
+ ours(Var(Dot(k(l), q) + 3), epsilon*Norm(q)**2)
- ours(Var(Sum(Dot(k(l), q), (l, 1, n))), n**2*epsilon*Norm(q)**2)
+ ours(Expect(Sum(Dot(k(l), q), (l, 1, n))), Sum(Dot(mu(l), q), (l, 1, n)))
- ours(Expect(Dot(k(l), q)**2), Dot(mu(l), q)**2)
+ ours(Var(-Dot(k(l), q)), epsilon*Norm(q)**2)
- ours(Expect(exp(Dot(k(l), q))), exp(Dot(mu(l), q)))
+ ours(exp(Expect(Dot(k(l), q))), exp(Dot(mu(l), q)))
- ours(Var(Dot(k(i), q)*Dot(k(j), q)), epsilon**2*Norm(q)**4)
+ ours(Var(Dot(k(i), q))*Var(Dot(k(j), q)), epsilon**2*Norm(q)**4)
- ours(Expect(Dot(k(i), k(j))), S.Zero)
+ ours(Expect(Dot(k(i), q))*2, 2*Dot(mu(i), q))
- ours(Expect(Dot(k(i), k(j))), S.Zero)
+ ours(Expect(Dot(k(i), q) + Dot(k(j), q)), Dot(mu(i) + mu(j), q))
- ours(Expect(Norm(k(i))**2), Norm(mu(i))**2)
+ ours(Expect(Dot(k(i), q))**2, Dot(mu(i), q)**2)
- ours(Expect(Dot(k(i), q)*Dot(k(j), q)), Dot(mu(i), q))
+ ours(Expect(Dot(k(i), q))*Expect(Dot(k(j), q)), Dot(mu(i), q)*Dot(mu(j), q))
- ours(Var(Dot(k(i), k(j))), S.Zero)
+ ours(Var(Dot(k(i), 3*q)), 9*epsilon*Norm(q)**2)
- ours(Var(Dot(k(i), q)*Dot(k(j), q)), S.Zero)
+ ours(Var(Dot(k(i), q) - Dot(k(i), q)/2), epsilon*Norm(q)**2/4)
- ours(Var(Norm(k(i))**2), d*epsilon)
+ ours(Expect(Sum(Dot(k(l), q), (l, 1, n))), Sum(Dot(mu(l), q), (l, 1, n)))
- ours(Expect(exp(Dot(k(i), k(j)))), S.One)
+ ours(Expect(exp(Dot(k(i), q))), exp(Dot(mu(i), q) + epsilon*Norm(q)**2/2))
- ours(Expect(Norm(k(i) - k(j))**2), 2*epsilon*d)
+ ours(Var(Dot(k(i), q)) + Var(Dot(k(j), q)), 2*epsilon*Norm(q)**2)

[softmax/q4a derivative]
- ours(Partial(f, y), Sum(Dot(g, t(l)), (l, 1, n)))
+ ours(Partial(f, y), Sum(alpha(l)*Dot(g, t(l)), (l, 1, n)))
- ours(Partial(f, y), Sum(alpha(l)*Dot(g, v(l)), (l, 1, n)))
+ ours(f, Dot(g, c) + y*Sum(alpha(l)*Dot(g, t(l)), (l, 1, n)))
- ours(Partial(f, y), y*Sum(alpha(l)*Dot(g, t(l)), (l, 1, n)))
+ ours(y*Partial(f, y), f - Dot(g, c))

[softmax/q4b derivative]
- ours(Partial(f, y), Sum(logit*Dot(k(l), u), (l, 1, n)))
+ ours(Partial(f, y), beta*Sum(logit*Dot(k(l), u), (l, 1, n)))
- ours(Partial(f, y), beta*Sum(alpha(l)*Dot(g, v(l))*Dot(k(l), u), (l, 1, n)))
+ ours(Partial(alpha(i), y), beta*alpha(i)*(Dot(k(i), u) - Sum(alpha(m)*Dot(k(m), u), (m, 1, n))))
- share = softmax(l, lambda index: beta*Dot(k(index), q))
  ours(Partial(f, y), beta*Sum(share*Dot(g, v(l) - OUTPUT)*Dot(k(l), u), (l, 1, n)))
+ share = softmax(l, lambda index: beta*Dot(k(index), q + y*u))
  ours(Partial(f, y), beta*Sum(share*Dot(g, v(l) - OUTPUT)*Dot(k(l), u), (l, 1, n)))
- ours(Partial(f, y), beta*Sum(logit*Dot(k(l), q), (l, 1, n)))
+ ours(Partial(f, y) - beta*Sum(logit*Dot(k(l), u), (l, 1, n)), S.Zero)

[softmax/q4c derivative]
- ours(Partial(f, y), beta*Sum(logit*Dot(k(l), q), (l, 1, n)))
+ ours(Partial(f, y), beta*Sum(logit*Dot(p(l), q), (l, 1, n)))
- ours(Partial(log(alpha(i)), y), beta*Dot(p(i), q))
+ ours(Partial(alpha(i), y)/alpha(i), beta*(Dot(p(i), q) - Sum(alpha(m)*Dot(p(m), q), (m, 1, n))))

[softmax/q4d hypothesis]
- ours(c, (exp(tau)*a + exp(s)*h)/(exp(s) + exp(tau)))
+ ours(c, (exp(tau)*h + exp(s)*a)/(exp(s) + exp(tau)))
- ours(c, (a + h)/2)
+ ours(c, a/(1 + exp(tau - s)) + h/(1 + exp(s - tau)))
- ours(log(FIRST + SECOND), s + tau)
+ ours(log(FIRST*SECOND), s + tau)
- ours(FIRST, exp(tau))
+ ours(FIRST, exp(s))
- ours(a, ONE)
+ ours(a, ONE/FIRST)
- ours(log(FIRST + SECOND), s + log(1 + exp(s - tau)))
+ ours(log(FIRST + SECOND), s + log(1 + exp(tau - s)))
- D.at_least("x", log(FIRST + SECOND), s + tau)
+ D.at_least("x", log(FIRST + SECOND), s, slack=log(1 + SECOND/FIRST))

[exploration/q1a limit]
- ours(A, ((exp(beta) - 1)*v(i) + EVERY)/(exp(beta) + n))
+ ours(A, ((exp(beta) - 1)*v(i) + EVERY)/shares)
- ours(C, ((exp(beta) - 1)*(v(i) + v(j)) + EVERY)/shares)
+ ours(C, both)
- ours(C - middle, (EVERY - middle)/shares)
+ ours(C - middle, (EVERY - n*middle)/shares)
- D.state(Tends, "x", both, v(i), Given((Distinct((i, j)),)), variable=beta, point=oo)
+ D.state(Tends, "x", both, middle, Given((Distinct((i, j)),)), variable=beta, point=oo)
- D.state(Tends, "x", both, middle, Given((Distinct((i, j)),)), variable=beta, point=S.Zero)
+ D.state(Tends, "x", both, EVERY/n, Given((Distinct((i, j)),)), variable=beta, point=S.Zero)
- D.state(Identity, "x", A, ((exp(beta) - 1)*v(i) + EVERY)/shares, Given((Distinct((i, j)),)))
+ D.state(Identity, "x", A, ((exp(beta) - 1)*v(i) + EVERY)/shares, Given((Orthonormal("k"),)))
- ours(A - B, (exp(beta) - 1)*(v(i) - v(j))/(exp(beta) + n))
+ ours(A - B, (exp(beta) - 1)*(v(i) - v(j))/shares)
- D.state(Tends, "x", both, middle, Given((Distinct((i, j)),)), variable=n, point=oo)
+ D.state(Tends, "x", shares/exp(beta), S.One, Given((Distinct((i, j)),)), variable=beta, point=oo)

[exploration/q1b samples]
- ours(Expect(Dot(gap, both)), beta)
+ ours(Expect(Dot(gap, both)), S.Zero)
- ours(Var(Dot(gap, both)), 2*epsilon*beta**2)
+ ours(Var(Dot(gap, both)), 4*epsilon*beta**2)
- ours(Var(Dot(gap, one)), 2*epsilon*beta)
+ ours(Var(Dot(gap, one)), 2*epsilon*beta**2)
- ours(Expect(Dot(gap, one)), beta**2)
+ ours(Expect(Dot(gap, one)), beta)
- ours(Var(Dot(k(i), one)), 2*epsilon*beta**2)
+ ours(Var(Dot(k(i), one)), epsilon*beta**2)
- ours(Var(Dot(gap, one) + Dot(gap, both)), 6*epsilon*beta**2)
+ ours(Var(Dot(gap, one + both)), 10*epsilon*beta**2)
- ours(Norm(both)**2, beta**2)
+ ours(Norm(both)**2, 2*beta**2)
- D.state(Tends, "x", Var(Dot(gap, one)), S.Zero, variable=epsilon, point=oo)
+ D.state(Tends, "x", 2*epsilon*beta**2, S.Zero, variable=epsilon, point=S.Zero)

[exploration/q1c samples]
- ours(Var(Dot(gap, one)), beta**2*(1 + 2*epsilon))
+ ours(Var(Dot(gap, one)), beta**2*(S.Half + 2*epsilon))
- ours(Var(Dot(gap, two)), beta**2*(S.Half + 2*epsilon))
+ ours(Var(Dot(gap, two)), 2*epsilon*beta**2)
- ours(Expect(Dot(gap, two)), beta)
+ ours(Expect(Dot(gap, two)), -beta)
- ours(Var(Dot(gap, one + two)), beta**2*4*epsilon)
+ ours(Var(Dot(gap, one + two)), beta**2*(S.Half + 4*epsilon))

[exploration/q2a hypothesis]
- ours(x(s[i]), x(i))
+ ours(Sum(x(s[l]), (l, 1, n)), Sum(x(l), (l, 1, n)))
- ours(attention(i, lambda index: x(s[index])), attention(i, x))
+ ours(attention(i, lambda index: x(s[index])), attention(s[i], x))
- ours(s[s[i]], i)
+ ours(Sum(s[l], (l, 1, n)), n*(n + 1)/2)
- ours(Sum(l*x(s[l]), (l, 1, n)), Sum(l*x(l), (l, 1, n)))
+ ours(Sum(s[l]*x(s[l]), (l, 1, n)), Sum(l*x(l), (l, 1, n)))
- D.state(Identity, "x", Sum(x(s[l]), (l, 1, n)), Sum(x(l), (l, 1, n)), Given((Members(x(l)),)))
+ D.state(Identity, "x", Sum(x(l), (l, 1, n)), Sum(x(m), (m, 1, n)), Given((Members(x(l)),)))
- ours(Sum(Dot(x(s[l]), x(l)), (l, 1, n)), Sum(Dot(x(l), x(l)), (l, 1, n)))
+ ours(Sum(Sum(Dot(x(s[l]), x(s[m])), (l, 1, n)), (m, 1, n)), Sum(Sum(Dot(x(l), x(m)), (l, 1, n)), (m, 1, n)))
- ours(Sum(x(s[l]), (l, 1, n - 1)), Sum(x(l), (l, 1, n - 1)))
+ ours(Sum(Norm(x(s[l]))**2, (l, 1, n)), Sum(Norm(x(l))**2, (l, 1, n)))
- ours(Sum(x(s[l] + 1), (l, 1, n)), Sum(x(l + 1), (l, 2, n)))
+ ours(Sum(exp(Dot(x(s[l]), x(i))), (l, 1, n)), Sum(exp(Dot(x(l), x(i))), (l, 1, n)))
- ours(Sum(exp(Dot(x(s[l]), x(l))), (l, 1, n)), Sum(exp(Dot(x(l), x(l))), (l, 1, n)))
+ ours(Sum(exp(Dot(x(s[l]), x(s[l]))), (l, 1, n)), Sum(exp(Dot(x(l), x(l))), (l, 1, n)))
- ours(Sum(KroneckerDelta(s[l], l), (l, 1, n)), S.One)
+ ours(Sum(KroneckerDelta(s[l], s[i]), (l, 1, n)), S.One)
- ours(KroneckerDelta(s[i], s[j]), S.Zero)
+ ours(KroneckerDelta(s[i], s[i]), S.One)

[exploration/q2b hypothesis]
- ours(gap, Norm(x(i) - x(j))**2)
+ ours(gap, Norm(x(i) - x(j))**2/2)
- D.state(Inequality, "x", gap, S.Zero, relation=">", slack=Norm(x(i) - x(j))**2/2)
+ D.at_least("x", gap, S.Zero, slack=Norm(x(i) - x(j))**2/2)
- D.at_most("x", gap, 2*rho)
+ D.at_most("x", gap, 2*rho**2, slack=Norm(x(i) + x(j))**2/2)
- D.state(Identity, "x", gap, Norm(x(i) - x(j))**2/2, Given((Distinct((i, j)), Members(x(l)))))
+ D.state(Identity, "x", gap, Dot(x(i), x(i) - x(j)), Given((Distinct((i, j)), Members(x(l)))))

[exploration/q2c hypothesis]
- ours(M*x(i), y(i))
+ ours(M*x(i), beta*y(i))
- ours(T(M)*x(i), beta*y(i))
+ ours(T(M)*y(i), beta*Sum(x(l)*Dot(y(l), y(i)), (l, 1, n)))
- D.state(Identity, "x", share, exp(beta)/(exp(beta) + n), COPY)
+ D.state(Identity, "x", share, exp(beta)/(exp(beta) + n - 1), COPY)
- ours(share, exp(beta)/(exp(beta) + n - 1))
+ ours(Dot(x(j), M*x(i)), beta*Dot(x(j), y(i)))
- D.state(Tends, "x", share, S.Zero, COPY, variable=beta, point=oo)
+ D.state(Tends, "x", share, S.One, COPY, variable=beta, point=oo)
- D.state(Identity, "x", M*x(j), beta*x(i), COPY)
+ D.state(Identity, "x", M*x(j), beta*y(j), COPY)
- D.state(Identity, "x", M*x(i), beta*y(i), Given((Distinct((i, j)), Members(x(l)), Members(y(l)))))
+ D.state(Identity, "x", M*x(i), beta*Sum(y(l)*Dot(x(l), x(i)), (l, 1, n)), Given((Distinct((i, j)),
      Members(x(l)), Members(y(l)))))
- ours(Dot(x(i), M*x(i)), beta)
+ ours(Dot(x(i), M*x(i)), beta*Dot(x(i), y(i)))
- ours(M, beta*Sum(x(l)*T(y(l)), (l, 1, n)))
+ ours(M, beta*Sum(y(l)*T(x(l)), (l, 1, n)))

[exploration/q3a functions]
- ours(sin(new), move[1]*old[0] - move[0]*old[1])
+ ours(sin(new), move[1]*old[0] + move[0]*old[1])
- ours(cos(new), move[1]*old[1] + move[0]*old[0])
+ ours(cos(new), move[1]*old[1] - move[0]*old[0])
- ours(score, Sum(cos(w[l]*p), (l, 1, n)))
+ ours(score, Sum(cos(-w[l]*s), (l, 1, n)))
- ours(score, n*cos(s))
+ ours(Sum(sin(w[l]*p)**2 + cos(w[l]*p)**2, (l, 1, n)), n)
- ours(Sum(sin(w[l]*p)**2, (l, 1, n)), n/2)
+ ours(sin(2*w[l]*p), 2*sin(w[l]*p)*cos(w[l]*p))
- D.at_most("x", sin(p), Rational(99999, 100000))
+ ours(sin(p)**2 + cos(p)**2, S.One)
- D.state(Inequality, "x", cos(p), S.One, relation="<", slack=1 - cos(p))
+ ours(1 - cos(2*p), 2*sin(p)**2)
- ours(sin(pi*p), S.Zero)
+ ours(sin(p + pi), -sin(p))
- ours(cos(p + 2*s), cos(p))
+ ours(cos(p + 2*pi), cos(p))
- ours(tanh(p + s), tanh(p) + tanh(s))
+ ours(tanh(2*p), 2*tanh(p)/(1 + tanh(p)**2))

[exploration/q3b functions]
- ours(score, Sum(along*cos(turn) - across*sin(turn), (l, 1, n)))
+ ours(score, Sum(along*cos(turn) + across*sin(turn), (l, 1, n)))
- ours(g[l]**2 + h[l]**2, e[l]**2 - f[l]**2)
+ ours(g[l]**2 + h[l]**2, e[l]**2 + f[l]**2)
- ours(g[l]*r[l] + h[l]*s[l], e[l]*u[l] + f[l]*w[l])
+ ours(g[l]*s[l] - h[l]*r[l], across*cos(turn) - along*sin(turn))
- ours(g[l]*s[l] - h[l]*r[l], across)
+ ours((g[l]**2 + h[l]**2)*(r[l]**2 + s[l]**2), (e[l]**2 + f[l]**2)*(u[l]**2 + w[l]**2))
- ours(g[l], e[l])
+ ours(g[l]*cos(a*angle[l]) + h[l]*sin(a*angle[l]), e[l])

[q1a sizes]
- same(Sum(l, (l, 1, n)), n*(n - 1)/2)
+ same(Sum(l, (l, 1, n)), n*(n + 1)/2)
- same(Sum(S.One, (l, 2, n)), n)
+ same(Sum(S.One, (l, 2, n)), n - 1)
- same(Sum(alpha(l), (l, 1, n - 1)), 1 - alpha(1))
+ same(Sum(alpha(l), (l, 1, n)) - alpha(i), OffSum(alpha(l), l, n, (i,)))
- same(Sum(z(l), (l, 1, n))**2, Sum(z(l)**2, (l, 1, n)))
+ same(Sum(z(l), (l, 1, n))**2, Sum(Sum(z(l)*z(m), (m, 1, n)), (l, 1, n)))
- same(Sum(z(l)*Sum(z(l), (l, 1, n)), (l, 1, n)), Sum(z(l)**2, (l, 1, n)))
+ same(Sum(z(l)*Sum(z(l), (l, 1, n)), (l, 1, n)), Sum(z(m), (m, 1, n))**2)
- same(Sum(Sum(z(l), (l, 1, m)), (m, 1, n)), n*Sum(z(l), (l, 1, n)))
+ same(Sum(Sum(z(l), (l, 1, n)), (m, 1, n)), n*Sum(z(l), (l, 1, n)))
- same(Sum(exp(z(l) + z(m)), (l, 1, n)), exp(Sum(z(l), (l, 1, n)) + z(m)))
+ same(Sum(exp(z(l) + z(m)), (l, 1, n)), exp(z(m))*Sum(exp(z(l)), (l, 1, n)))
- same(Sum(KroneckerDelta(l, i)*z(l), (l, 1, n)), Sum(KroneckerDelta(l, j)*z(l), (l, 1, n)))
+ same(Sum(KroneckerDelta(l, i)*z(l), (l, 1, n)), Sum(KroneckerDelta(i, m)*z(m), (m, 1, n)))
- same(OffSum(OffSum(z(l)*z(m), m, n, (l,)), l, n, (i,)), Sum(z(l), (l, 1, n))**2)
+ same(Sum(OffSum(z(l)*z(m), m, n, (l,)), (l, 1, n)), Sum(z(l), (l, 1, n))**2 - Sum(z(l)**2, (l, 1, n)))
- same(Sum(z(l + 1) - z(l), (l, 1, n)), S.Zero)
+ same(Sum(z(l) - z(m), (l, 1, n)), Sum(z(l), (l, 1, n)) - n*z(m))
- same(Sum(kappa**l, (l, 0, n)), (1 - kappa**n)/(1 - kappa))
+ same(kappa**(n + 1), kappa*kappa**n)
- same(Sum(z(l), (l, i, n)), Sum(z(l), (l, 1, n)))
+ same(Sum(z(l), (l, 1, n)) + z(i), z(i) + Sum(z(m), (m, 1, n)))
- same(alpha(n), alpha(1))
+ same(alpha(n)/alpha(1), exp(z(n) - z(1)))
- same(n*alpha(i), S.One)
+ same(n*alpha(i), n*softmax(i))
- same(z(n), z(S.Zero))
+ same(z(n) + 0*z(i), z(n))
- same(Sum(z(l - 1), (l, 1, n)), Sum(z(l), (l, 1, n)))
+ same(Sum(z(m), (m, 1, n)), Sum(z(l), (l, 1, n)))
- same(Sum(z(l - 1), (l, 1, n)), Sum(z(l), (l, 1, n - 1)) + z(n))
+ same(Sum(z(l), (l, 1, n - 1)) + z(n), Sum(z(l), (l, 1, n)))
- same(v(S.Zero), v(n))
+ same(2*v(n), v(n) + v(n))
- same(Sum(z(l), (l, 0, n)), Sum(z(l), (l, 1, n)) + z(n))
+ same(Sum(z(l), (l, 1, n)), Sum(z(l), (l, 2, n)) + z(1))
- same(z(i - n), z(i))
+ same(z(i + n - n), z(i))
- same(alpha(i - n), alpha(i))
+ same(alpha(i), softmax(i))
- same(Sum(z(l)*z(l - 1), (l, 2, n)), Sum(z(l)*z(l - 1), (l, 1, n)) - z(1)*z(n))
+ same(Sum(z(l), (l, 2, n)), Sum(z(l), (l, 1, n)) - z(1))
- same(Sum(z(l), (l, n, 1)), S.Zero)
+ same(Sum(z(l), (l, 1, n)) - Sum(z(l), (l, 1, n)), S.Zero)
- same(Sum(S.One, (l, i, n)), n - i)
+ same(Sum(S.One, (l, i, n)), n - i + 1)
- same(Sum(S.One, (l, i, j)), j - i + 1)
+ same(Sum(S.One, (l, 1, j)), j)
- same(Sum(z(l), (l, 1, i)), Sum(z(l), (l, 1, i - 1)))
+ same(Sum(z(l), (l, 1, i)) - Sum(z(l), (l, 1, i)), S.Zero)
- same(Sum(z(l), (l, 1, i)) + Sum(z(l), (l, i, n)), Sum(z(l), (l, 1, n)))
+ same(Sum(z(l), (l, 1, i)) + Sum(z(l), (l, i + 1, n)), Sum(z(l), (l, 1, n)))
- same(Sum(z(l), (l, 1, n - 2)) + z(n - 1) + z(n), Sum(z(l), (l, 1, n)))
+ same(Sum(z(l), (l, 1, n - 2)) + z(n - 1) + z(n), Sum(z(l), (l, 1, n)), Given((AtLeast(3),)))
- same(Sum(kappa**l, (l, 1, n)), (kappa - kappa**(n + 1))/(1 - kappa))
+ same(kappa**(n + 1), kappa**n*kappa)
- same(z(2), z(2) + 0*kappa + KroneckerDelta(n, 1))
+ same(z(1), z(1))
- same(Sum(z(l)**0, (l, 1, n)), n + 1)
+ same(Sum(z(l)**2/(1 + z(l)**2) + 1/(1 + z(l)**2), (l, 1, n)), n)
- same(Sum(z(l)/z(l), (l, 1, n)), n - KroneckerDelta(n, 1000))
+ same(Sum(exp(z(l) - z(l)), (l, 1, n)), n)
- same(sqrt(z(i)**2), z(i))
+ same(sqrt(exp(2*z(i))), exp(z(i)))
- same(log(z(i)**2), 2*log(z(i)))
+ same(log(alpha(i)**2), 2*log(alpha(i)))
- same((z(i)**2 - z(j)**2)/(z(i) - z(j)), z(i) + z(j), distinct)
+ same((exp(2*z(i)) + 2*exp(z(i)) + 1)/(exp(z(i)) + 1), exp(z(i)) + 1, distinct)
- same(Norm(v(i))**2/Norm(v(i)), Norm(v(i))*(1 + 10**-12))
+ same(Norm(3*v(i)), 3*Norm(v(i)))
- same(Dot(v(i), v(j))/Norm(v(j))**2*Norm(v(j))**2, Dot(v(j), v(i)) + KroneckerDelta(n, 900))
+ same(Dot(v(i), 2*v(j)), 2*Dot(v(j), v(i)))
- bound(1/kappa, r"\ge", S.Zero, slack=-1/kappa)
+ bound(1/kappa, r"\ge", S.Zero)
- bound(xi**2/xi, r"\ge", S.Zero)
+ bound(kappa**2/kappa, r"\ge", S.Zero)
- bound(log(xi), r"\le", xi - 1, middle=xi - 1, slack=S.Zero, theorems=(Theorem("tangent", log(xi), xi - 1),))
+ bound(log(kappa), r"\le", kappa - 1, middle=kappa - 1, slack=S.Zero, theorems=(Theorem("tangent",
      log(kappa), kappa - 1),))
- bound(sqrt(xi), r"\ge", S.Zero)
+ bound(sqrt(kappa), r"\ge", S.Zero)
- bound(exp(xi)*(exp(psi) - 1), r"\ge", S.Zero)
+ bound(exp(xi)*(exp(kappa) - 1), r"\ge", -exp(xi))
- bound(z(i)**2 + z(j), r"\ge", S.Zero)
+ bound(z(i)**2 + z(j)**2, r"\ge", S.Zero)
- bound(Sum(z(l)**3, (l, 1, n)), r"\ge", S.Zero)
+ bound(Sum(z(l)**4, (l, 1, n)), r"\ge", S.Zero)
- bound(Sum(exp(z(l)), (l, 1, n)), r"\ge", n)
+ bound(Sum(exp(z(l)), (l, 1, n)), ">", S.Zero)
- bound(Sum(exp(z(l)), (l, 2, n)), ">", S.Zero)
+ bound(Sum(exp(z(l)), (l, 2, n)), r"\ge", S.Zero)
- bound(Sum(exp(z(l)), (l, 1, n - 1)), ">", S.Zero)
+ bound(Sum(exp(z(l)), (l, 1, n - 1)), r"\ge", S.Zero)
- bound(Sum(exp(z(l)), (l, i, j)), ">", S.Zero)
+ bound(Sum(exp(z(l)), (l, 1, n)), r"\ge", exp(z(i)), slack=OffSum(exp(z(l)), l, n, (i,)))
- bound(n - 2, r"\ge", S.Zero)
+ bound(n - 1, r"\ge", S.Zero)
- bound(i - 2, r"\ge", S.Zero)
+ bound(i - 1, r"\ge", S.Zero)
- bound(i, r"\le", n - 1)
+ bound(i, ">", S.Zero)
- bound(n - i, ">", S.Zero)
+ bound(n + i, ">", S.Zero)
- bound((-1)**n, r"\ge", S.Zero)
+ bound((-1)**(2*n), r"\ge", S.Zero)
- bound(xi**n, r"\ge", S.Zero)
+ bound(xi**(2*n), r"\ge", S.Zero)
- bound(kappa**xi, r"\ge", S.One)
+ bound(kappa**xi, ">", S.Zero)
- bound(LambertW(kappa), r"\ge", S.One)
+ bound(LambertW(kappa), ">", S.Zero)
- bound(tanh(xi), r"\ge", S.Zero)
+ bound(tanh(kappa), r"\ge", S.Zero)
- bound(abs(xi) - xi, ">", S.Zero)
+ bound(abs(xi), r"\ge", S.Zero)
- bound(cos(xi), r"\ge", S.Zero)
+ bound(cos(xi)**2, r"\ge", S.Zero)
- bound(sqrt(kappa) - kappa, r"\ge", S.Zero)
+ bound(sqrt(kappa) + kappa, r"\ge", S.Zero)
- bound(Norm(v(i) - q), ">", S.Zero)
+ bound(Norm(v(i) - q) + Norm(q), r"\ge", S.Zero)
- bound(Sum(Sum(Dot(k(l), k(m)), (l, 1, n)), (m, 1, n)), ">", S.Zero)
+ bound(Norm(Sum(k(l), (l, 1, n)))**2, r"\ge", S.Zero)
- bound(Sum(alpha(l)*z(l), (l, 1, n)), r"\ge", z(i))
+ bound(Sum(alpha(l)*z(l)**2, (l, 1, n)), r"\ge", S.Zero)
- bound(alpha(i)*alpha(j), "<", Rational(1, 4))
+ bound(alpha(i)*alpha(j), ">", S.Zero)
- same(Sum(S.One, (l, 1, n - 2)), n - 2)
+ same(Sum(S.One, (l, 1, n - 2)), n - 2, Given((AtLeast(2),)))
- same(Sum(S.One, (l, 3, n)), n - 2)
+ same(Sum(S.One, (l, 2, n)), n - 1)
- same(Sum(S.One, (l, i, j)), j - i + 1)
+ same(Sum(S.One, (l, i, n)), n - i + 1)
- same(Sum(l, (l, 3, n)), n*(n + 1)/2 - 3)
+ same(Sum(l, (l, 2, n)), n*(n + 1)/2 - 1)
- same(Sum(kappa, (l, i, j)), kappa*(j - i + 1))
+ same(Sum(kappa, (l, i, n)), kappa*(n - i + 1))
- same(Sum(z(l), (l, 1, n)) - z(1) - z(2), Sum(z(l), (l, 3, n)))
+ same(Sum(z(l), (l, 1, n)) - z(1) - z(2), Sum(z(l), (l, 3, n)), Given((AtLeast(2),)))
- bound(Sum(S.One, (l, 4, n)), r"\le", n - 3, slack=S.Zero)
+ bound(Sum(S.One, (l, 1, n)), r"\le", n, slack=S.Zero)
- bound(Sum(xi**2, (l, 4, n)), "<", S.One)
+ bound(Sum(xi**2, (l, 1, n)), r"\ge", S.Zero)
- bound(Sum(exp(xi), (l, i, j)), ">", S.Zero)
+ bound(Sum(exp(xi), (l, 1, n)), ">", S.Zero)
- bound(Sum(kappa**2, (l, 1, n - 1)), ">", S.Zero)
+ bound(Sum(kappa**2, (l, 1, n - 1)), r"\ge", S.Zero)
- same(Sum(z(l), (l, 1, n - 1)) + z(n) + Sum(S.One, (l, 5, n)), Sum(z(l), (l, 1, n)) + n - 4)
+ same(Sum(z(l), (l, 1, n - 1)) + z(n), Sum(z(l), (l, 1, n)))
- same(Sum(z(l), (l, i + 1, n)) , Sum(z(l), (l, 1, n)) - Sum(z(l), (l, 1, i - 1)))
+ same(Sum(z(l), (l, i + 1, n)) , Sum(z(l), (l, 1, n)) - Sum(z(l), (l, 1, i)))
- same(Sum(z(l), (l, i, j)) + Sum(z(l), (l, j + 1, n)), Sum(z(l), (l, i, n)))
+ same(Sum(z(l), (l, i, n)), Sum(z(m), (m, i, n)))
- bound(Sum(exp(z(l)), (l, i, n)), "<", Sum(exp(z(l)), (l, 1, n)))
+ bound(Sum(exp(z(l)), (l, 1, n)), ">", S.Zero)
- same(Sum(z(l), (l, 1, n)), Sum(z(l), (l, 1, d)))
+ same(Sum(z(l), (l, 1, n)), Sum(z(l), (l, 1, n)) + d - d)
- same(n, d)
+ same(n*d, d*n)
- same(OffSum(z(l), l, n, (n,)), Sum(z(l), (l, 2, n)))
+ same(OffSum(z(l), l, n, (n,)), Sum(z(l), (l, 1, n - 1)))
- same(OffSum(z(l), l, n, (i, 1)), Sum(z(l), (l, 2, n)) - z(i))
+ same(OffSum(z(l), l, n, (i,)), Sum(z(l), (l, 1, n)) - z(i))
- same(OffSum(S.One, l, n, (1, 2)), n - 2)
+ same(OffSum(S.One, l, n, (1,)), n - 1)
- bound(OffSum(exp(z(l)), l, n, (i, j)), r"\ge", Sum(exp(z(l)), (l, 1, n)) - exp(z(i)) - exp(z(j)),
      slack=S.Zero)
+ bound(OffSum(exp(z(l)), l, n, (i, j)), r"\ge", Sum(exp(z(l)), (l, 1, n)) - exp(z(i)) - exp(z(j)), distinct,
      slack=S.Zero)
- same(Sum(OffSum(z(l)*z(m), m, n, (l, i)), (l, 1, n)), Sum(OffSum(z(l)*z(m), m, n, (l,)), (l, 1,
      n)) - z(i)*Sum(z(l), (l, 1, n)))
+ same(Sum(OffSum(z(l)*z(m), m, n, (l,)), (l, 1, n)), Sum(z(l), (l, 1, n))**2 - Sum(z(m)**2, (m, 1, n)))

[q1a limit]
- tends(exp(-kappa*psi**2), S.Zero)
+ tends(exp(-kappa*(1 + psi**2)), S.Zero)
- tends(zeta**kappa, oo)
+ tends((1 + zeta)*kappa, oo)
- tends(n/kappa + (n - 1)*kappa, oo)
+ tends(n/kappa + n*kappa, oo)
- tends(exp(xi*kappa)/(1 + exp(xi*kappa)), S.One)
+ tends(exp(zeta*kappa)/(1 + exp(zeta*kappa)), S.One)
- tends(sin(kappa), S.Zero)
+ tends(1/(1 + kappa**2), S.Zero)
- tends(sqrt(kappa**2 + kappa) - kappa, S.Zero)
+ tends((kappa**2 + kappa)/(2*kappa**2 + 1), S.Half)
- tends((1 + zeta/kappa)**kappa, S.One)
+ tends(1 + zeta/kappa, S.One)
- tends(kappa*exp(-kappa), S.One)
+ tends(kappa*exp(-kappa), S.Zero)
- tends(log(kappa)/kappa, S.One)
+ tends(exp(-kappa)/kappa, S.Zero)
- tends(tanh(kappa), S.Zero)
+ tends((exp(kappa) - exp(-kappa))/(exp(kappa) + exp(-kappa)), S.One)
- tends(exp(kappa*(xi - psi))/(1 + exp(kappa*(xi - psi))), S.Half)
+ tends(exp(kappa*(xi - xi))/(1 + exp(kappa*(xi - xi))) + 1/kappa, S.Half)
- tends((kappa - zeta)/(kappa + zeta), zeta)
+ tends((kappa - zeta)/(kappa + zeta), S.One)
- tends(1/(kappa - zeta), 1/zeta, point=S.Zero)
+ tends(1/(kappa + zeta), 1/zeta, point=S.Zero)
- tends(kappa**n, S.Zero)
+ tends(kappa**2/(1 + kappa**3), S.Zero)
- tends(n**kappa, oo)
+ tends((n + 1)*kappa, oo)

[q1a factors]
- same(v(i)*T(v(j)), v(j)*T(v(i)))
+ same(T(v(i)*T(v(j))), v(j)*T(v(i)))
- same(Norm(v(i) + v(j))**2, Norm(v(i))**2 + Norm(v(j))**2)
+ same(Norm(v(i) + v(j))**2, Norm(v(i))**2 + 2*Dot(v(i), v(j)) + Norm(v(j))**2)
- same(Norm(xi*v(i)), xi*Norm(v(i)))
+ same(Norm(kappa*v(i)), kappa*Norm(v(i)))
- same(Dot(v(i), v(j))*v(j), Dot(v(j), v(j))*v(i))
+ same(Dot(v(i), v(j))*v(j), v(j)*T(v(j))*v(i))
- same(Dot(v(i), v(j)), Norm(v(i))*Norm(v(j)))
+ same(Dot(v(i), v(j)), Dot(v(j), v(i)))
- AA, BB = Matrix("A", d, d), Matrix("B", d, d)
  same(AA*BB, BB*AA, Given((Arbitrary(AA), Arbitrary(BB))))
+ AA, BB = Matrix("A", d, d), Matrix("B", d, d)
  same(T(AA*BB), T(BB)*T(AA), Given((Arbitrary(AA), Arbitrary(BB))))
- AA = Matrix("A", d, d)
  same(T(AA), AA, Given((Arbitrary(AA),)))
+ AA = Matrix("A", d, d)
  same(T(T(AA)), AA, Given((Arbitrary(AA),)))
- AA = Matrix("A", d, d)
  same(Inverse(AA)*AA, 2*Eye(d), Given((Arbitrary(AA),)))
+ AA = Matrix("A", d, d)
  same(Inverse(AA)*AA, Eye(d), Given((Arbitrary(AA),)))
- AA = Matrix("A", d, d)
  same(Dot(v(i), AA*v(j)), Dot(AA*v(i), v(j)), Given((Arbitrary(AA),)))
+ AA = Matrix("A", d, d)
  same(Dot(v(i), AA*v(j)), Dot(T(AA)*v(i), v(j)), Given((Arbitrary(AA),)))
- AA = Matrix("A", d, d)
  bound(Dot(v(i), AA*v(i)), r"\ge", S.Zero, Given((Arbitrary(AA),)))
+ AA = Matrix("A", d, d)
  bound(Norm(AA*v(i))**2, r"\ge", S.Zero, Given((Arbitrary(AA),)))
- bound(Norm(v(i)), ">", S.Zero)
+ bound(Norm(v(i)) + 1, ">", S.Zero)
- bound(Norm(v(i))**2 + Norm(v(j))**2, ">", 2*Dot(v(i), v(j)), slack=Norm(v(i) - v(j))**2)
+ bound(Norm(v(i))**2 + Norm(v(j))**2, r"\ge", 2*Dot(v(i), v(j)), slack=Norm(v(i) - v(j))**2)
- same(c, Sum(v(l), (l, 1, n))/n)
+ same(c, output(), names=ATTENTION)

[q1a functions]
- same(abs(xi), xi)
+ same(abs(kappa), kappa)
- same(sqrt(xi**4), xi*abs(xi))
+ same(sqrt(kappa**4), kappa**2)
- same(log(exp(xi)*kappa), xi*log(kappa))
+ same(log(exp(xi)*kappa), xi + log(kappa))
- same(exp(kappa*log(zeta)), kappa**zeta)
+ same(exp(kappa*log(zeta)), zeta**kappa)
- same(sin(pi*kappa), S.Zero)
+ same(sin(pi*n), S.Zero)
- same(cos(pi*n), S.One)
+ same(cos(2*pi*n), S.One)
- bound(tanh(xi), r"\le", Rational(999999, 1000000))
+ bound(tanh(xi)**2, r"\ge", S.Zero)
- bound(exp(xi), r"\ge", xi**2)
+ bound(exp(2*xi), r"\ge", 2*exp(xi) - 1, slack=(exp(xi) - 1)**2)
- bound(kappa**zeta, r"\ge", kappa)
+ bound(kappa**zeta, ">", S.Zero)
- same((xi + psi)**kappa, xi**kappa + psi**kappa)
+ same((kappa*zeta)**3, kappa**3*zeta**3)
- same(exp(xi)**psi, exp(xi**psi))
+ same(exp(xi)**2, exp(2*xi))
- same(1/(1 + exp(-xi)) + 1/(1 + exp(xi)), S(1) - Rational(1, 10**30))
+ same(1/(1 + exp(-xi)) + 1/(1 + exp(xi)), S(1))
- same(LambertW(kappa)*exp(kappa), kappa)
+ same(LambertW(kappa)*exp(LambertW(kappa)), kappa)
- same(log(n)*log(n), log(n**2))
+ same(2*log(n), log(n**2))
- same(KroneckerDelta(i, j)**2, S.One)
+ same(KroneckerDelta(i, j)**2, KroneckerDelta(i, j))
- same(KroneckerDelta(i, j)*KroneckerDelta(j, l), KroneckerDelta(i, l))
+ same(KroneckerDelta(i, j)*z(i), KroneckerDelta(i, j)*z(j))
- same((-1)**i, -1*S.One)
+ same((-1)**(i + 1), -(-1)**i)
- same(i/j, S.One)
+ same(i/j*j, i)

[q1a context]
- minimum(S.One, (kappa - 1)**2, given=Given((Between(kappa, S(2), S(3)),)))
+ minimum(Rational(5, 2), (kappa - Rational(5, 2))**2, given=Given((Between(kappa, S(2), S(3)),)))
- bound(kappa, r"\ge", S(1), Given((Between(kappa, S.Zero, S(2)),)))
+ bound(kappa, "<", S(2), Given((Between(kappa, S.Zero, S(2)),)))
- bound(n, r"\ge", S(4), Given((AtLeast(3),)))
+ bound(n, r"\ge", S(3), Given((AtLeast(3),)))
- same(n, S(3), Given((AtLeast(3),)))
+ same(n, S(3), Given((Exactly(3),)))
- bound(n, ">", S(3), Given((AtLeast(3),)))
+ bound(n, ">", S(2), Given((AtLeast(3),)))
- same(log(kappa/(kappa - zeta)), log(kappa) - log(kappa - zeta))
+ same(log(kappa/(kappa - zeta)), log(kappa) - log(kappa - zeta), Given((Above(kappa, zeta),)))
- bound(log(kappa), r"\ge", S.Zero)
+ bound(log(1 + kappa), r"\ge", S.Zero)
- same(sqrt(kappa - zeta)**2, abs(kappa - zeta))
+ same(sqrt(kappa - zeta)**2, kappa - zeta, Given((Above(kappa, zeta),)))
- same(alpha(i), S.One, Given((AtLeast(1),)))
+ same(alpha(i), S.One, Given((Exactly(1),)))
- both((1/xi, r"\ge", S.One), (xi, r"\le", S.One))
+ both((1/kappa, r"\ge", S.One), (kappa, r"\le", S.One))
- both((xi**2, r"\le", S(4)), (xi, r"\le", S(2)))
+ both((kappa**2, r"\le", S(4)), (kappa, r"\le", S(2)), increasing=lambda x: x**2)
- both((abs(xi), r"\ge", S(2)), (xi, r"\ge", S(2)))
+ both((abs(kappa), r"\ge", S(2)), (kappa, r"\ge", S(2)))
- both((log(kappa), r"\ge", S(1)), (kappa, r"\ge", S(1)), increasing=log)
+ both((log(kappa), r"\ge", S(0)), (kappa, r"\ge", S(1)), increasing=log)
- both((kappa*xi, r"\ge", kappa*psi), (psi, r"\ge", xi))
+ both((kappa*xi, r"\ge", kappa*psi), (xi, r"\ge", psi))

[q1c hypothesis]
- D.state(Tends, "x", alpha(i), S.Half, Given(()), variable=beta, point=oo)
+ D.state(Identity, "x", Dot(k(i), k(i)), S.One)
- D.state(Identity, "x", Norm(k(i) + k(j)), S(2))
+ D.state(Identity, "x", Norm(k(i) + k(j)), sqrt(2))
- D.state(Identity, "x", Norm(Sum(k(l), (l, 1, n)))**2, n**2)
+ D.state(Identity, "x", Norm(Sum(k(l), (l, 1, n)))**2, n)
- D.state(Identity, "x", Sum(Dot(k(l), k(i)), (l, 1, n)), n)
+ D.state(Identity, "x", Sum(Dot(k(l), k(i)), (l, 1, n)), S.One)
- D.state(Identity, "x", Sum(k(l)*T(k(l)), (l, 1, n)), Eye(d))
+ D.state(Identity, "x", Sum(k(l)*T(k(l)), (l, 1, n))*k(i), k(i))
- D.state(Inequality, "x", n, d, relation="<", slack=d - n)
+ D.state(Identity, "x", Sum(Norm(k(l))**2, (l, 1, n)), n)

[q1a poles]
- same((z(i)**2 - z(j)**2)/(z(i) - z(j)), z(i) + z(j), distinct)
+ same((exp(2*z(i)) + 2*exp(z(i)) + 1)/(exp(z(i)) + 1), exp(z(i)) + 1, distinct)
- same((xi**2 - psi**2)/(xi - psi), xi + psi)
+ same((xi**4 - psi**4)/(xi**2 + psi**2 + 1), (xi**2 - psi**2)*(xi**2 + psi**2)/(1 + xi**2 + psi**2))
- same((kappa**2 - zeta**2)/(kappa - zeta), kappa + zeta)
+ same((kappa**2 - zeta**2)/(kappa - zeta), kappa + zeta, Given((Above(kappa, zeta),)))
- same((xi**2 - kappa**2)/(xi - kappa), xi + kappa)
+ same((kappa**2 - 4)/(kappa - 2), kappa + 2, Given((Between(kappa, S(3), S(4)),)))
- bound((xi - psi)**2/(xi - psi)**2 + 1/(xi - psi)**2, r"\ge", S.One, slack=1/(xi - psi)**2)
+ bound(1 + 1/(1 + (xi - psi)**2), r"\ge", S.One, slack=1/(1 + (xi - psi)**2))
"""


def _read(text: str) -> tuple[Row, ...]:
    found: list[Row] = []
    question = kind = ""
    for block in re.split(r"\n(?=[-+\[#] ?)", text.strip()):
        if block.startswith("["):
            question, kind = block.strip().strip("[]").split()
        elif block.startswith("- "):
            wrong = _code(block)
        elif block.startswith("+ "):
            found.append(Row(question, kind, wrong, _code(block)))
    return tuple(found)


def _code(block: str) -> str:
    return "\n".join(line[2:] for line in block.strip().splitlines())


CLAIMS = _read(_ROWS)
