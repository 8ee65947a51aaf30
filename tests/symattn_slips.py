"""Lines for the fuzzers: formulas and tokens at random, and valid lines with slips in them."""

from __future__ import annotations

import re

from hypothesis import strategies as st

ATOMS = (
    r"q c k_i v_j k_l \mu_x \Sigma_l S T M P I I_d n d \beta \epsilon \delta \alpha_i z_l a_l x y e"
    r" \pi 1 2 0 3 12 \infty \dots \hat{q} \mathbf{k}_i u_1 \beta_{\max} q^{(1)} v_i' \delta_{ij}"
    r" \mathbb{R} \mathbf{1} W \sigma E \mathcal{N} O \mathrm{SNR} \frac{1}{2} f"
).split()
TOKENS = (
    r"{ } ( ) [ ] \{ \} | \| ^ _ ' + - * / = < > , ; . : ! & \\ \cdot \frac \sqrt \sum \prod \int"
    r" \lim \exp \ln \max \left \right \left( \right) \begin{cases} \end{cases} \text{as} \text{x}"
    r" \quad \forall \infty \to \ne \in \xrightarrow \overset \hat \bar \mathbf \mathbb{E}"
    r" \operatorname{Cov} \top T dx d e 1 2 12 0.5 \dots q k v l i j n M S \beta _l _i ^2 ^T ^{-1}"
    r" _{l=1} ^n _{l\ne i} \langle \rangle \lvert \rvert \mid \not \binom \tag{1} $ % ~ \input é"
).split() + [" ", "\n", "\x00"]
PATTERNS = [
    "@ @", "@ + @", "@ - @", r"@ \cdot @", "@ / @", r"\frac{@}{@}", "(@)", r"\left(@\right)",
    "[@]", "|@|", r"\|@\|", r"\lVert @ \rVert^2", "{@}^2", "(@)^T", "(@)^{-1}", "(@)^{@}",
    "e^{@}", r"\exp(@)", r"\ln(@)", r"\sqrt{@}", r"\sqrt[@]{@}", r"\sum_{l=1}^n @",
    r"\sum_{l \ne i, j} @", r"\sum_l @", r"\sum_{l \in \{i,j\}} @", r"\prod_{l=1}^{n} @",
    r"\mathbb{E}[@]", r"\operatorname{Cov}(@)", r"\operatorname{Cov}(@, @)",
    r"\operatorname{Var}(@)", r"\operatorname{tr}(@)", r"\langle @, @ \rangle", r"\max(@, @)",
    r"\lim_{\beta \to @} @", r"\int_0^1 @ \, dx", "(@)^+", "(@)'", r"\binom{@}{@}", "@!",
    r"\log_{@}(@)", r"W(@)", r"\sigma(@)", r"@ \times @", "@ * @", "-@", "k_{@}", "@_{@}",
    r"\sum_{l=@}^{@} z_l", r"\sum_{l \ne @} k_l", r"\hat{@}", "@, @", "I - @", "I @", "@ I",
    r"\begin{cases} @ & l = @ \\ @ & \text{otherwise} \end{cases}", r"@ + \dots + @",
    "@ = @", r"@ \to @", r"@ \approx @ + O(@)", r"@ = @, \quad @ \gg 0", r"@ \in \{@, @\}",
    r"@ \to @ \text{ as } @ \to \infty", r"@ \in [@, @]", r"\forall_{@ \ne @} @", r"@ < \infty",
    r"@ \in \mathbb{R}^{@}", r"@ \xrightarrow{@ \to @} @",
]  # fmt: skip


def _filled(pattern, parts):
    pieces = pattern.split("@")
    out = [pieces[0]]
    for piece, part in zip(pieces[1:], parts):
        out += [part, piece]
    return "".join(out)


formulas = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.builds(
        _filled, st.sampled_from(PATTERNS), st.lists(inner, min_size=4, max_size=4)
    ),
    max_leaves=12,
)
soups = st.lists(st.sampled_from(TOKENS), max_size=30).map(" ".join)
# Valid lines, damaged: what a slip of the keyboard makes of them.
_CUT = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+|\s+|.", re.DOTALL)
slips = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 10**6), st.sampled_from([*TOKENS, *ATOMS])),
    min_size=1,
    max_size=3,
)


def damaged(line, changes):
    """Drop, insert, replace, double or swap tokens of a line."""
    tokens = _CUT.findall(line)
    for kind, place, token in changes:
        at = place % (len(tokens) + 1)
        if kind == 1 or at == len(tokens):
            tokens.insert(at, token)
        elif kind == 0:
            del tokens[at]
        elif kind == 2:
            tokens[at] = token
        elif kind == 3:
            tokens[at:at] = tokens[at // 2 : at]
        else:
            other = place // 7 % len(tokens)
            tokens[at], tokens[other] = tokens[other], tokens[at]
    return "".join(tokens)
