r"""What people write: each row is a line as it stands in a submission, and what it must be read as.

They have one sensible reading; `test_reader_asked.py` has those that are asked about.
"""

from __future__ import annotations

from sympy import (
    Abs,
    Eq,
    FiniteSet,
    Indexed,
    IndexedBase,
    Interval,
    KroneckerDelta,
    Not,
    Or,
    Piecewise,
    Range,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    log,
    oo,
    sqrt,
)

from symattn.algebra.attention import (
    Sigma,
    alpha,
    beta,
    c,
    d,
    epsilon,
    i,
    j,
    k,
    l,
    m,
    mu,
    n,
    q,
    v,
)
from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    IdentityMatrix,
    Inverse,
    Matrix,
    Member,
    Norm,
    OffSum,
    T,
    Var,
)
from symattn.latex import attention_vocabulary

s_, t_ = (Symbol(name, integer=True, positive=True) for name in "st")
SS, TT = Matrix("S", d, s_), Matrix("T", d, t_)
M, P = Matrix("M", d, d), Matrix("P", d, d)
WORDS = attention_vocabulary().matrix("s", lambda last: SS if last == s_ else None)
I = IdentityMatrix(d)
PINV = Inverse(T(SS) * SS)
KEYS = k(i) + k(j)
MEANS = mu(i) + mu(j)
HALF = (v(i) + v(j)) / 2
GRAM = SS * PINV * T(SS)


def real(name):
    return Symbol(name, real=True)


def family(name, *indices):
    return Indexed(IndexedBase(name, real=True), *indices)


u, w, x, C = (real(name) for name in "uwxC")
QUERY = (q, beta * KEYS)
BOTH = Or(Eq(l, i), Eq(l, j))
gap = real("w")
ABOVE = ("with", (gap, 0), (">",))
LARGE = (beta, 0), (">>",)

# One term: the line and its expression.
TERMS = [
    # numbers
    (r"0{,}5", Rational(1, 2)),
    (r"0{,}125 \beta", beta / 8),
    (r"1{,}25", Rational(5, 4)),
    (r"10\,000", 10_000),
    (r"1\,000\,000 \beta", 1_000_000 * beta),
    ("½ β", beta / 2),
    ("¾(v_i + v_j)", 3 * (v(i) + v(j)) / 4),
    (r"{\beta \over 2}", beta / 2),
    (r"{1 \over n - 1} \beta", beta / (n - 1)),
    # characters beyond ASCII
    ("β(k_i + k_j)", beta * KEYS),
    ("β(kᵢ + kⱼ)", beta * KEYS),
    ("β²", beta**2),
    ("β⁻¹", 1 / beta),
    ("ε⁻¹", 1 / epsilon),
    ("‖q‖²", Norm(q) ** 2),
    ("S⊤S", T(SS) * SS),
    ("SᵀS", T(SS) * SS),
    ("S^⊤ S", T(SS) * SS),
    ("S (SᵀS)⁻¹ Sᵀ", GRAM),
    ("k₁ + k₂", k(S(1)) + k(S(2))),
    ("α₁₂", alpha(S(12))),
    ("k_i·q", Dot(k(i), q)),
    ("k_i ⋅ q", Dot(k(i), q)),
    ("⟨k_i, q⟩", Dot(k(i), q)),
    ("∑_l α_l", Sum(alpha(l), (l, 1, n))),
    ("√(β + 1)", sqrt(beta + 1)),
    ("𝑞", q),
    ("𝛽𝒒", beta * q),
    ("𝔼[c]", Expect(c)),
    ("β × 2", 2 * beta),
    ("β ÷ 2", beta / 2),
    ("β – 1", beta - 1),
    ("μ_i ⊗ μ_j", mu(i) * T(mu(j))),
    # fonts, sizes, labels
    (r"\beta \bigl( k_i + k_j \bigr)", beta * KEYS),
    (r"\beta \Big( k_i + k_j \Big)", beta * KEYS),
    (r"\beta \left[ k_i + k_j \right]", beta * KEYS),
    (r"{\bf k}_i", k(i)),
    (r"\bm{k}_i", k(i)),
    (r"\vec k_i", k(i)),
    (r"\boldsymbol k_i", k(i)),
    (r"\left. \frac{1}{2} \right.", Rational(1, 2)),
    (r"\beta \hfill \label{eq:b} \tag{3}", beta),
    (r"\underbrace{\beta}_{\text{large}} k_i", beta * k(i)),
    (r"\underbrace{\alpha_i v_i}_{\approx 1/2} + \alpha_j v_j", alpha(i) * v(i) + alpha(j) * v(j)),
    (r"\overbrace{\beta k_i}^{\text{main part}}", beta * k(i)),
    (r"\underbrace{k_i + k_j}", KEYS),
    (r"\norm{q}^2", Norm(q) ** 2),
    (r"\norm*{k_i - k_j}", Norm(k(i) - k(j))),
    (r"\abs{u}", Abs(u)),
    (r"\lVert q \rVert_2", Norm(q)),
    (r"\left\lVert q \right\rVert", Norm(q)),
    (r"||q||^2", Norm(q) ** 2),
    (r"\beta \square", beta),
    # products of vectors
    (r"\langle k_i, q \rangle", Dot(k(i), q)),
    (r"\langle k_i | q \rangle", Dot(k(i), q)),
    ("<k_i, q>", Dot(k(i), q)),
    ("2 - <k_i, q>", 2 - Dot(k(i), q)),
    (r"\exp(<k_i, q>)", exp(Dot(k(i), q))),
    (r"e^{<k_i | q>}", exp(Dot(k(i), q))),
    (r"\langle k_i \mid q \rangle", Dot(k(i), q)),
    (r"\mu_i \otimes \mu_i", mu(i) * T(mu(i))),
    (r"\frac12 \mu_i \otimes \mu_i + \epsilon I", mu(i) * T(mu(i)) / 2 + epsilon * I),
    (r"k_{i+1}", k(i + 1)),
    (r"k_{n-1} \cdot q", Dot(k(n - 1), q)),
    # functions without brackets: a vector behind them can only be a factor
    (r"\ln\epsilon (\mu_i + \mu_j)", log(epsilon) * MEANS),
    (r"-\ln\epsilon \, (\mu_i + \mu_j)", -log(epsilon) * MEANS),
    (r"\ln\frac{1}{\epsilon} (\mu_i + \mu_j)", log(1 / epsilon) * MEANS),
    (r"\log\frac1\epsilon (\mu_i + \mu_j)", log(1 / epsilon) * MEANS),
    (r"\ln\epsilon^{-1} (\mu_i + \mu_j)", log(1 / epsilon) * MEANS),
    (r"2 \ln n \, k_i", 2 * log(n) * k(i)),
    (r"\ln^2 n \, k_i", log(n) ** 2 * k(i)),
    (r"\ln n \, (k_i + k_j) / 2", log(n) * KEYS / 2),
    (r"\ln n \cdot \beta", log(n) * beta),
    (r"\ln n / \ln u", log(n) / log(u)),
    (r"\exp\beta \, k_i", exp(beta) * k(i)),
    # sums over index sets
    (r"\sum_{l \ne i,j} \alpha_l", OffSum(alpha(l), l, n, (i, j))),
    (r"\sum_{l \neq i, l \neq j} \alpha_l", OffSum(alpha(l), l, n, (i, j))),
    (r"\sum_{l \not= i,j} \alpha_l", OffSum(alpha(l), l, n, (i, j))),
    (r"\sum_{l \notin \{i,j\}} \alpha_l v_l", OffSum(alpha(l) * v(l), l, n, (i, j))),
    (
        r"\sum_{l \in \{1,\ldots,n\} \setminus \{i,j\}} \alpha_l",
        OffSum(alpha(l), l, n, (i, j)),
    ),
    (r"\sum_{l \in [n] \setminus \{i\}} \alpha_l", OffSum(alpha(l), l, n, (i,))),
    (r"\sum_{l \in [n] \setminus i} \alpha_l", OffSum(alpha(l), l, n, (i,))),
    (r"\sum_{\substack{l = 1 \\ l \ne i, j}}^{n} v_l", OffSum(v(l), l, n, (i, j))),
    (r"\sum\nolimits_{l=1}^n v_l", Sum(v(l), (l, 1, n))),
    # a sum without an index, where one index is free in what is summed
    (r"\sum \alpha_i", Sum(alpha(i), (i, 1, n))),
    (r"\sum \alpha_l v_l", Sum(alpha(l) * v(l), (l, 1, n))),
    (r"\sum^n \alpha_i v_i", Sum(alpha(i) * v(i), (i, 1, n))),
    (r"\sum \alpha_l v_l + v_j", Sum(alpha(l) * v(l), (l, 1, n)) + v(j)),
    (r"\sum \sum_{j} \alpha_i \alpha_j", Sum(alpha(i) * alpha(j), (j, 1, n), (i, 1, n))),
    (
        r"\frac{\exp(k_i \cdot q)}{\sum \exp(k_l \cdot q)}",
        exp(Dot(k(i), q)) / Sum(exp(Dot(k(l), q)), (l, 1, n)),
    ),
    # indicators and cases
    (r"\mathbb{1}[l = i]", KroneckerDelta(l, i)),
    (r"\mathbf{1}_{l = i}", KroneckerDelta(l, i)),
    (r"\mathbf{1}_{\{l = i\}}", KroneckerDelta(l, i)),
    (r"\mathbb{1}\{l \in \{i, j\}\}", Piecewise((1, BOTH), (0, True))),
    (r"\frac12 \mathbb{1}_{l \in \{i,j\}}", Piecewise((1, BOTH), (0, True)) / 2),
    (r"\mathbb{I}(l = j)", KroneckerDelta(l, j)),
    (
        r"\begin{cases} \beta, & \text{if } l = i \text{ or } l = j \\ 0, & \text{else} \end{cases}",
        Piecewise((beta, BOTH), (0, True)),
    ),
    (
        r"\begin{cases} \beta & l = i, j \\ 0 & l \ne i, j \end{cases}",
        Piecewise((beta, BOTH), (0, Not(BOTH))),
    ),
    (
        r"\begin{dcases} \beta & l \in \{i,j\} \\ 0 & \text{otherwise} \end{dcases}",
        Piecewise((beta, BOTH), (0, True)),
    ),
    (
        r"\left\{ \begin{array}{ll} \beta & l = i \\ 0 & l \ne i \end{array} \right.",
        Piecewise((beta, Eq(l, i)), (0, True)),
    ),
    # matrices
    (r"[s_1, \dots, s_s]", SS),
    (r"(s_1, s_2, \dots, s_s)", SS),
    (r"\begin{bmatrix} s_1 & \cdots & s_s \end{bmatrix}", SS),
    (r"(s_1 \mid s_2 \mid \dots \mid s_s)", SS),
    (r"\begin{pmatrix} s_1 & s_2 & \ldots & s_s \end{pmatrix}^\top", T(SS)),
    (r"I_{d \times d}", I),
    (r"0_{s \times t}", 0),
    (r"\mathbf{0}", 0),
    (r"2 S S^+", 2 * GRAM),
    (r"2 S S^{\dagger}", 2 * GRAM),
    # statistics
    (r"\mathbf{E}[c]", Expect(c)),
    (r"\mathbb E [c]", Expect(c)),
    (r"\mathsf{E}\left[ c \right]", Expect(c)),
    (r"\mathbb{V}\mathrm{ar}(\alpha_i)", Var(alpha(i))),
    (r"\mathbb{C}\operatorname{ov}(c)", Cov(c)),
    (r"\mathbb{V}[k_i^\top q]", Var(Dot(k(i), q))),
    (r"\text{Var}(k_i^\top q)", Var(Dot(k(i), q))),
    # a star on a vector of the vocabulary
    (r"q^*", q),
    (r"q^\star", q),
    (r"q_{\text{opt}}", q),
    (r"k_i^\top q^*", Dot(k(i), q)),
]

# A chain: the line, its terms, its relations, and its side conditions.
CHAINS = [
    (r"q \coloneqq \beta (k_i + k_j)", QUERY, ":=", []),
    (r"q := \beta (k_i + k_j)", QUERY, ":=", []),
    ("q ≔ β(k_i + k_j)", QUERY, ":=", []),
    (r"q \triangleq \beta (k_i + k_j)", QUERY, ":=", []),
    (r"q \equiv \beta (k_i + k_j)", QUERY, "==", []),
    (r"\beta (k_i + k_j) =: q", QUERY[::-1], "=", []),
    (r"q \stackrel{\text{def}}{=} \beta (k_i + k_j)", QUERY, ":=", []),
    (r"q \stackrel{(1)}{=} \beta (k_i + k_j)", QUERY, "=", []),
    (r"q \overset{(a)}{=} \beta (k_i + k_j)", QUERY, "=", []),
    (r"q \overset{(*)}{=} \beta (k_i + k_j)", QUERY, "=", []),
    (r"q \overset{\text{orthonormality}}{=} \beta (k_i + k_j)", QUERY, "=", []),
    (r"q \stackrel{!}{=} \beta (k_i + k_j)", QUERY, "=", []),
    (
        r"c \xrightarrow{\beta\to\infty} \frac{v_i+v_j}{2}",
        (c, HALF),
        "->",
        [("as", (beta, oo), ("->",))],
    ),
    (
        r"c \xrightarrow[\beta\to\infty]{} \frac{v_i+v_j}{2}",
        (c, HALF),
        "->",
        [("as", (beta, oo), ("->",))],
    ),
    (
        r"c \stackrel{\beta\to\infty}{\longrightarrow} \frac{v_i+v_j}{2}",
        (c, HALF),
        "->",
        [("as", (beta, oo), ("->",))],
    ),
    (r"c \xrightarrow{} v_i", (c, v(i)), "->", []),
    (
        r"c \to v_i \quad \text{as } \beta \to \infty",
        (c, v(i)),
        "->",
        [("as", (beta, oo), ("->",))],
    ),
    ("c → v_i, β → ∞", (c, v(i)), "->", [("", (beta, oo), ("->",))]),
    (r"c \to v_i, \beta \uparrow \infty", (c, v(i)), "->", [("", (beta, oo), ("->",))]),
    (r"c \to v_i, \epsilon \downarrow 0", (c, v(i)), "->", [("", (epsilon, 0), ("->",))]),
    ("c ≈ v_i", (c, v(i)), "~~", []),
    ("β ≫ 1", (beta, 1), ">>", []),
    ("k_i ⊥ k_j", (k(i), k(j)), "perp", []),
    (r"u = w \therefore w = C", (u, w), "=", [("so", (w, C), ("=",))]),
    # words beside a formula
    (r"q = \beta (k_i + k_j) \text{ by orthogonality}", QUERY, "=", []),
    (r"q = \beta (k_i + k_j) \text{ (by \eqref{eq:1})}", QUERY, "=", []),
    (r"q = \beta (k_i + k_j) \quad \text{(since the keys are orthonormal)}", QUERY, "=", []),
    (r"u = w \text{ (by linearity)} = C", (u, w, C), "= =", []),
    (r"\text{Hence } u = w \text{ (as required)}", (u, w), "=", []),
    (
        r"q = \beta (k_i + k_j) \text{ where } \beta \text{ is large}",
        QUERY,
        "=",
        [("where", *LARGE)],
    ),
    (r"q = \beta (k_i + k_j) \text{ where $\beta$ is very large}", QUERY, "=", [("where", *LARGE)]),
    (r"q = \beta (k_i + k_j) \text{ with } \beta \text{ large}", QUERY, "=", [("with", *LARGE)]),
    (
        r"q = \beta (k_i + k_j) \text{ for } \beta \text{ large enough}",
        QUERY,
        "=",
        [("for", *LARGE)],
    ),
    (r"q = \beta (k_i + k_j) \text{ for sufficiently large } \beta", QUERY, "=", [("for", *LARGE)]),
    (r"q = \beta (k_i + k_j) \text{ for a large constant } \beta", QUERY, "=", [("for", *LARGE)]),
    (r"q = \beta (k_i + k_j), \quad \beta \text{ large}", QUERY, "=", [("", *LARGE)]),
    (
        r"q = \beta (k_i + k_j) \text{ where } \beta > 0 \text{ is a large constant}",
        QUERY,
        "=",
        [("where", (beta, 0), (">",)), ("", *LARGE)],
    ),
    (
        r"q = \beta k_i \text{ where } \beta \text{ is a constant}",
        (q, beta * k(i)),
        "=",
        [("where", (beta, S.Reals), ("in",))],
    ),
    (
        r"q = \beta k_i \text{ with } \beta \text{ positive}",
        (q, beta * k(i)),
        "=",
        [("with", (beta, 0), (">",))],
    ),
    (r"c = v_i \text{ for small } \epsilon", (c, v(i)), "=", [("for", (epsilon, 1), ("<<",))]),
    (
        r"\alpha_l \approx 0 \quad (l \ne i, j)",
        (alpha(l), 0),
        "~~",
        [("with", (l, i), ("!=",)), ("with", (l, j), ("!=",))],
    ),
    (
        r"\alpha_l \approx 0 \;\; \forall l \neq i,j",
        (alpha(l), 0),
        "~~",
        [("for all", (l, i), ("!=",)), ("for all", (l, j), ("!=",))],
    ),
    (
        r"\alpha_l = 0 \quad \forall l \in \{1, \dots, n\} \setminus \{i, j\}",
        (alpha(l), 0),
        "=",
        None,
    ),
    # what is said of all that are listed
    (
        r"\alpha_i, \alpha_j \to \frac12",
        (alpha(i), Rational(1, 2)),
        "->",
        [("and", (alpha(j), Rational(1, 2)), ("->",))],
    ),
    (
        r"k_i^\top q, k_j^\top q = \beta",
        (Dot(k(i), q), beta),
        "=",
        [("and", (Dot(k(j), q), beta), ("=",))],
    ),
    (
        r"\alpha_i, \alpha_j, \alpha_m > 0",
        (alpha(i), 0),
        ">",
        [("and", (alpha(j), 0), (">",)), ("and", (alpha(m), 0), (">",))],
    ),
    (r"\beta (k_i + k_j), \beta \to \infty", (beta * KEYS,), "", [("", (beta, oo), ("->",))]),
    (
        r"\exists i \; \forall j \ne i : \alpha_i \gg \alpha_j",
        (alpha(i), alpha(j)),
        ">>",
        [("there is", (i,), ()), ("for all", (j, i), ("!=",))],
    ),
    # laws and sets
    (r"k_i \sim \mathcal{N}(\mu_i, \Sigma_i)", (k(i), r"\mathcal{N}", mu(i), Sigma(i)), "~", []),
    (r"k_i \sim N(\mu_i, \epsilon I)", (k(i), "N", mu(i), epsilon * I), "~", []),
    (
        r"k_i \overset{\text{iid}}{\sim} \mathcal{N}(\mu_i, \Sigma_i)",
        (k(i), r"\mathcal{N}", mu(i), Sigma(i)),
        "~",
        [],
    ),
    (
        r"k_i \stackrel{i.i.d.}{\sim} \mathcal{N}(\mu_i, \Sigma_i)",
        (k(i), r"\mathcal{N}", mu(i), Sigma(i)),
        "~",
        [],
    ),
    (r"u \sim \text{Bernoulli}(1/2)", (u, "Bernoulli", Rational(1, 2)), "~", []),
    (r"u \sim \operatorname{Unif}(0, 1)", (u, "Unif", 0, 1), "~", []),
    (r"v_i \in \operatorname{span}(S)", (v(i), "span", SS), "in", []),
    (
        r"v_i \in \operatorname{span}\{s_1, \dots, s_s\}",
        (v(i), "span", Member("s", S.One, d), Member("s", s_, d)),
        "in",
        [],
    ),
    (r"c \in \{v_i, v_j\}", (c, FiniteSet(v(i), v(j))), "in", []),
    (r"\alpha_i \in \{0, 1\}", (alpha(i), FiniteSet(0, 1)), "in", []),
    (r"\alpha_i \in (0, 1)", (alpha(i), Interval.open(0, 1)), "in", []),
    (r"\beta \in (0, \infty)", (beta, Interval.open(0, oo)), "in", []),
    (r"C \in \mathbb{R}_+", (C, Interval.open(0, oo)), "in", []),
    (r"C \in \mathbb{R}^+", (C, Interval.open(0, oo)), "in", []),
    (r"S^\top T = 0_{s \times t}", (T(SS) * TT, 0), "=", []),
    # orders of growth that are conditions
    (
        r"q = \beta k_i, \; \beta = o(\epsilon^{-1/2})",
        (q, beta * k(i)),
        "=",
        [("", (beta, 1 / sqrt(epsilon)), ("<<",))],
    ),
    # from one side, and in words
    (r"c \to v_i, w \to 0^+", (c, v(i)), "->", [ABOVE, ("", (gap, 0), ("->",))]),
    (r"c \to v_i, w \to 0+", (c, v(i)), "->", [ABOVE, ("", (gap, 0), ("->",))]),
    (r"c \to v_i, w \to 0_{+}", (c, v(i)), "->", [ABOVE, ("", (gap, 0), ("->",))]),
    (r"c \to v_i, w \downarrow 0", (c, v(i)), "->", [ABOVE, ("", (gap, 0), ("->",))]),
    (r"\lim_{w \to 0^+} c = v_i", (c, v(i)), "->", [("as", (gap, 0), ("->",)), ABOVE]),
    (r"c \to v_i, \epsilon \to 0^+", (c, v(i)), "->", [("", (epsilon, 0), ("->",))]),
    (r"c \to v_i, \beta \nearrow \infty", (c, v(i)), "->", [("", (beta, oo), ("->",))]),
    (r"\alpha_l \to 0^+", (alpha(l), 0), "->", [("and", (alpha(l), 0), (">",))]),
    (r"c \approx v_i \text{ as } \beta \text{ grows}", (c, v(i)), "~~", [("as", *LARGE)]),
    (r"c \approx v_i \text{ as $\beta$ increases}", (c, v(i)), "~~", [("as", *LARGE)]),
    (
        r"c \approx v_i \text{ when } \beta \text{ gets very large}",
        (c, v(i)),
        "~~",
        [("when", *LARGE)],
    ),
    (
        r"c \to v_i \text{ as } \beta \text{ tends to infinity}",
        (c, v(i)),
        "->",
        [("as", (beta, oo), ("->",))],
    ),
    (
        r"c \to v_i \text{ as } \epsilon \text{ goes to zero}",
        (c, v(i)),
        "->",
        [("as", (epsilon, 0), ("->",))],
    ),
    (
        r"c \to v_i \text{ as } \beta \text{ tends to } \infty",
        (c, v(i)),
        "->",
        [("as", (beta, oo), ("->",))],
    ),
    (r"c \text{ tends to } v_i", (c, v(i)), "->", []),
    (r"c \text{ is approximately } v_i", (c, v(i)), "~~", []),
    (r"\beta \text{ is much larger than } \ln n", (beta, log(n)), ">>", []),
    # one relation after another
    (r"u = w \text{ or equivalently } w = C", (u, w), "=", [("so", (w, C), ("=",))]),
    (r"u = w, \text{ which gives } w = C", (u, w), "=", [("so", (w, C), ("=",))]),
    (r"u = w \text{ and hence } w = C", (u, w), "=", [("so", (w, C), ("=",))]),
    (r"u = w \text{ i.e. } w = C", (u, w), "=", [("", (w, C), ("=",))]),
    (r"u = w \text{ thus } = C", (u, w, C), "= =", []),
    (r"u = w \text{, i.e., } \approx C", (u, w, C), "= ~~", []),
    (
        r"\forall i \ne j \; k_i \cdot k_j = 0",
        (Dot(k(i), k(j)), 0),
        "=",
        [("for all", (i, j), ("!=",))],
    ),
    # what words say of the letter before them, with a formula behind
    *[
        (line, (c, v(i)), "~~", [("if", *LARGE)])
        for line in (
            r"\text{If } \beta \text{ is large, then } c \approx v_i",
            r"\text{If } \beta \text{ is large, } c \approx v_i",
            r"\text{If } \beta \text{ is large } c \approx v_i",
            r"\text{If } \beta \text{ is large, we have } c \approx v_i",
            r"\text{If } \beta \text{ is large and positive, then } c \approx v_i",
            r"\text{If } \beta \text{ is a huge positive number, } c \approx v_i",
            r"\text{If } \beta \text{ grows, } c \approx v_i",
        )
    ],
    (
        r"\text{If } \beta \text{ is large and } n = 3, c \approx v_i",
        (c, v(i)),
        "~~",
        [("if", *LARGE), ("if", (n, 3), ("=",))],
    ),
    (
        r"\text{If } \beta \gg 1 \text{ and } n = 3, c \approx v_i",
        (c, v(i)),
        "~~",
        [("if", (beta, 1), (">>",)), ("if", (n, 3), ("=",))],
    ),
    (r"\text{with } \beta \text{ large, } c \approx v_i", (c, v(i)), "~~", [("with", *LARGE)]),
    (r"c \approx v_i \text{ s.t. } \beta \gg 1", (c, v(i)), "~~", [("with", (beta, 1), (">>",))]),
    (r"\text{We get } c = v_i", (c, v(i)), "=", []),
    (
        r"\text{As } \beta \to \infty \text{ and } \epsilon \to 0, c \to v_i",
        (c, v(i)),
        "->",
        [("as", (beta, oo), ("->",)), ("as", (epsilon, 0), ("->",))],
    ),
    (
        r"\text{As } \beta \to \infty, \alpha_i \to 0, \alpha_j \to 1",
        (alpha(i), 0),
        "->",
        [("as", (beta, oo), ("->",)), ("", (alpha(j), 1), ("->",))],
    ),
    # conditions in words, in brackets
    (r"c \approx v_i \ (\beta \text{ large})", (c, v(i)), "~~", [("", *LARGE)]),
    (r"c \approx v_i \ (\text{large } \beta)", (c, v(i)), "~~", [("for", *LARGE)]),
    (r"c \approx v_i \ (\text{for } \beta \text{ large})", (c, v(i)), "~~", [("for", *LARGE)]),
    (r"c \approx v_i, \beta \text{ -- large}", (c, v(i)), "~~", [("", *LARGE)]),
    (
        r"\alpha_i \gg \alpha_l \text{ for all } l \text{ other than } i",
        (alpha(i), alpha(l)),
        ">>",
        [("for all", (l, i), ("!=",))],
    ),
    (
        r"\underset{\beta \to \infty}{\lim} c = v_i",
        (c, v(i)),
        "->",
        [("as", (beta, oo), ("->",))],
    ),
    (r"\underset{l}{\sum} \alpha_l = 1", (Sum(alpha(l), (l, 1, n)), 1), "=", []),
    # quantifiers before what they are about
    (
        r"\forall l \ne i \; \alpha_i > \alpha_l",
        (alpha(i), alpha(l)),
        ">",
        [("for all", (l, i), ("!=",))],
    ),
    *[
        (line, (alpha(i), 0), ">", [("for all", (i,), ())])
        for line in (
            r"\forall i: \alpha_i > 0",
            r"\forall i, \alpha_i > 0",
            r"\forall i \; \alpha_i > 0",
            r"\forall i \quad \alpha_i > 0",
            r"(\forall i) \; \alpha_i > 0",
            r"\alpha_i > 0 \ \forall i",
            r"\alpha_i > 0 \quad (\forall i)",
        )
    ],
    *[
        (line, (alpha(i), 0), ">", [("for all", (i, Range(1, n + 1)), ("in",))])
        for line in (
            r"\forall i \in \{1, \dots, n\}\ \alpha_i > 0",
            r"\forall i \in [n]: \alpha_i > 0",
            r"\alpha_i > 0 \; \forall i \in \{1, \dots, n\}",
        )
    ],
    (r"\text{for all } i, \alpha_i > 0", (alpha(i), 0), ">", [("for all", (i,), ())]),
    (
        r"\forall i, j : c = \frac{v_i + v_j}{2}",
        (c, HALF),
        "=",
        [("for all", (i,), ()), ("for all", (j,), ())],
    ),
    (
        r"\forall l \ne i: \alpha_l = 0",
        (alpha(l), 0),
        "=",
        [("for all", (l, i), ("!=",))],
    ),
    (
        r"c = v_i \text{ for all } i, j, i \ne j",
        (c, v(i)),
        "=",
        [("for all", (i,), ()), ("for all", (j,), ()), ("for all", (i, j), ("!=",))],
    ),
    (r"\E[c] = v_i", (Expect(c), v(i)), "=", []),
    (r"\Var(k_i^\top q) = \beta^2", (Var(Dot(k(i), q)), beta**2), "=", []),
    (
        r"c \approx v_i \text{ for a sufficiently large } \beta > 0",
        (c, v(i)),
        "~~",
        [("for", *LARGE), ("for", (beta, 0), (">",))],
    ),
    # < and > that are relations
    (r"|u| < 1, |w| > 2", (Abs(u), 1), "<", [("", (Abs(w), 2), (">",))]),
    (r"\|q\| < 1, \beta > 2", (Norm(q), 1), "<", [("", (beta, 2), (">",))]),
    (r"\beta < 1, u > 2", (beta, 1), "<", [("", (u, 2), (">",))]),
    # intervals that hold one of their ends
    (r"\alpha_i \in (0, 1]", (alpha(i), Interval.Lopen(0, 1)), "in", []),
    (r"\alpha_i \in [0, 1)", (alpha(i), Interval.Ropen(0, 1)), "in", []),
    (r"\alpha_i \in \left[0, 1\right)", (alpha(i), Interval.Ropen(0, 1)), "in", []),
    (r"\alpha_i \in ]0, 1[", (alpha(i), Interval.open(0, 1)), "in", []),
    (r"\alpha_i \in ]0, 1]", (alpha(i), Interval.Lopen(0, 1)), "in", []),
    (r"\alpha_i \in [0, 1[", (alpha(i), Interval.Ropen(0, 1)), "in", []),
    (r"\beta \in [0, \infty)", (beta, Interval(0, oo)), "in", []),
    # definitions on the line
    (
        r"M = 2 P \text{ where } P = S (S^\top S)^{-1} S^\top",
        (M, 2 * P),
        "=",
        [("where", (P, GRAM), ("=",))],
    ),
    (r"\text{Let } q = \beta (k_i + k_j)", QUERY, "=", []),
    (
        r"q = \lambda (k_i + k_j), \ \lambda \to \infty",
        (q, real(r"\lambda") * KEYS),
        "=",
        [("", (real(r"\lambda"), oo), ("->",))],
    ),
]
