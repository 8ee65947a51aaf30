"""The lab: every experiment and every trained layer, with their verdicts, as data and as a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symattn.check.study import examine_claim
from symattn.pages import mathml
from symattn.pages.figures import draw
from symattn.pages.html import MEANING, PASSED, TEMPLATES, themed
from symattn.pages.model import Curve, Figure
from symattn.pages.parts import STEADY
from symattn.pages.template import html_template
from symattn.program import sequences
from symattn.program.claims_of import claim_at
from symattn.program.experiments import EXPERIMENTS, ExperimentResult
from symattn.program.training import TASKS, Learned, learn
from symattn.sheet import DEFAULT, unknown

PAGE = "index.html"


@dataclass(frozen=True)
class Lab:
    """What was run, and what of the claims it rests on.

    claims : address -> (verdict, LaTeX) of every claim that something here was made from.
    """

    seed: int
    outcomes: Mapping[str, ExperimentResult]
    learned: Mapping[str, tuple[Learned, ...]]
    claims: Mapping[str, tuple[str, str]]

    def sound(self, addresses: Iterable[str]) -> bool:
        """Tell whether claims are proved or confirmed."""
        return all(self.claims[a][0] in PASSED for a in addresses)

    def agrees(self, name: str) -> bool:
        """Tell whether an experiment agrees with sound claims, or every layer of a task passes."""
        if name in self.outcomes:
            return self.outcomes[name].agrees and self.sound(EXPERIMENTS[name].claims)
        return all(one.agrees for one in self.learned[name]) and self.sound(sequences.CLAIMS)

    @property
    def passed(self) -> bool:
        return all(self.agrees(name) for name in (*self.outcomes, *self.learned))


def names() -> tuple[str, ...]:
    """Return what can be run."""
    return (*EXPERIMENTS, *TASKS)


def run(
    wanted: Iterable[str] = (),
    seed: int = 0,
    now: Callable[[str], None] = lambda what: None,
    done: Callable[[], None] = lambda: None,
) -> Lab:
    """Run experiments and train layers by their names, all of them by default.

    now, done : are told what begins, and when an experiment or a task has ended.

    Raises
    ------
    UnknownName : with the names that there are.
    """
    chosen = tuple(wanted) or names()
    for name in chosen:
        if name not in names():
            raise unknown("experiment", name, names())
    rests = [a for name in chosen if name in EXPERIMENTS for a in EXPERIMENTS[name].claims]
    claims = {}
    for address in dict.fromkeys((*sequences.CLAIMS, *rests)):
        now(f"proving {address}")
        claim = claim_at(address)
        claims[address] = (examine_claim(claim).verdict, claim.latex)
    outcomes, learned = {}, {}
    for name in chosen:
        now(f"running {name}")
        if name in EXPERIMENTS:
            outcomes[name] = EXPERIMENTS[name].run(seed)
        else:
            learned[name] = tuple(learn(TASKS[name], h, seed) for h in TASKS[name].heads)
        done()
    return Lab(seed, outcomes, learned, claims)


def report(lab: Lab) -> dict[str, Any]:
    """Return what was found as plain data."""
    return {
        "seed": lab.seed,
        "passed": lab.passed,
        "claims": {address: verdict for address, (verdict, _) in lab.claims.items()},
        "experiments": [
            {
                "name": name,
                "agrees": lab.agrees(name),
                "made_from": list(EXPERIMENTS[name].claims),
                "measures": [
                    {"what": m.what, "distance": m.distance, "tolerance": m.tolerance,
                     "why": m.why, "agrees": m.agrees}
                    for m in outcome.measures
                ],
            }
            for name, outcome in lab.outcomes.items()
        ],
        "tasks": [
            {
                "name": name,
                "agrees": lab.agrees(name),
                "layers": [
                    {"heads": one.heads, "ceiling": one.ceiling, "agrees": one.agrees,
                     "trained_length": one.task.trained,
                     "right": {str(length): share for length, share in one.right.items()}}
                    for one in layers
                ],
            }
            for name, layers in lab.learned.items()
        ],
    }  # fmt: skip


# the page --------------------------------------------------------------------------------------


def shown(distance: float) -> str:
    """Write a distance, rounded up to two digits, and a tiny one to a power of ten.

    >>> shown(0.00217), shown(3e-10), shown(float("nan"))
    ('0.0022', '1e-09', 'no number')
    """
    if not distance < np.inf:
        return "no number"
    if distance < 1e-4:
        return f"{next(step for step in STEADY if distance <= step):g}"
    digits = 1 - int(np.floor(np.log10(distance)))
    return f"{np.ceil(distance * 10.0**digits) / 10.0**digits:.{digits}f}"


def share(value: float) -> str:
    """Write a share of right answers, rounded to hundredths; what is below the ceiling to tenths.

    >>> share(0.998), share(0.174)
    ('1.00', '0.2')
    """
    return f"{value:.2f}" if value > 0.9 else f"{value:.1f}"


def map_of(layers: tuple[Learned, ...]) -> Figure:
    """Return the maps of the layer with the most heads, side by side, with circles at what is to be read."""
    one = layers[-1]
    gap = np.full((len(one.places), 1), np.nan)
    parts: list[Any] = []
    for head in one.maps:
        parts += [gap, head] if parts else [head]
    cells = np.concatenate(parts, axis=1)
    width = one.places.shape[1] + 1
    y, x = np.nonzero(one.places)
    xs = [float(a + 1 + width * head) for head in range(one.heads) for a in x]
    ys = [float(a + 1) for _ in range(one.heads) for a in y]
    return Figure(
        f"map-{one.task.name}", "", "what is read, for each head", "who reads" if one.task.masked else "sequence",
        (Curve(tuple(xs), tuple(ys), "", "rings"),),
        cells=tuple(tuple(map(float, row)) for row in cells),
    )  # fmt: skip


def page(lab: Lab) -> bytes:
    """Return the page: what it is, the program, each experiment, each task."""
    from markupsafe import Markup

    def drawn(figure: Figure) -> Markup:
        return Markup(themed(draw(figure)[0]))

    text = html_template(TEMPLATES, "lab.html.j2").render(
        lab=lab,
        experiments=EXPERIMENTS,
        tasks=TASKS,
        program=sequences.text(),
        made_from=sequences.CLAIMS,
        drawn=drawn,
        map_of=map_of,
        shown=shown,
        share=share,
        formula=lambda source: Markup(mathml.inline(source)),
        link=link,
        passed=PASSED,
        meaning=MEANING,
    )
    return re.sub(r"\n\s*\n\s*\n+", "\n\n", text).encode()


def link(address: str) -> str:
    """Return where a claim stands, from the page of the lab.

    >>> link("softmax/q4b/query"), link("attention/q1c/error")
    ('../softmax/answers.html#q4b', '../answers.html#q1c')
    """
    sheet, question, _ = address.split("/")
    return f"../{'' if sheet == DEFAULT else sheet + '/'}answers.html#{question}"
