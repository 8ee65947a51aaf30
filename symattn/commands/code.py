"""`symattn code`: a formula of a sheet as array code."""

from __future__ import annotations

import sys

import click

from symattn.commands.common import failing, note, print_json, print_table, say
from symattn.commands.options import Command, argument, json_option, option

PROGRAM = "attention"


TARGETS = ("numpy", "torch", "jax")


@click.command(cls=Command)
@argument(
    "claim",
    "[CLAIM]",
    "SHEET/QUESTION/CLAIM, or `attention` for the whole program; without it, a list.",
    required=False,
)
@option("--target", "What runs it.", type=click.Choice(TARGETS), default="numpy", show_default=True)
@json_option
def code(claim: str | None, target: str, json: bool) -> None:
    """Write a formula of a sheet as array code: the claim's right side, with what its letters stand for.

    A free index is an axis of the result.  Arrays may have any axes in front (batch, heads) of those
    that are said.  Exponentials that are divided do not overflow.  The claim is checked first; the
    exit status is 1, and nothing is written, when it is neither proved nor confirmed.

    \b
    Examples:
      symattn code                                   what there is
      symattn code attention > attention.py          forward, backward and merge, as `symattn lab` runs them
      symattn code softmax/q4b/query --target torch  one claim
      symattn code q1c/error                         of the first sheet
    """
    with failing():
        from symattn.check.study import examine_claim
        from symattn.program.claims_of import claim_at, code_of
        from symattn.program.sequences import CLAIMS, text

        if claim is None:
            _list(json)
            return
        whole = claim == PROGRAM
        addresses = CLAIMS if whole else (claim,)
        verdicts = {a: examine_claim(claim_at(a)) for a in addresses}
        for address, verdict in verdicts.items():
            if not verdict.passed:
                note(f"{address} is {verdict}")
                sys.exit(1)
        written = text(target) if whole else code_of(claim, target).text
        if json:
            made = {a: v.verdict for a, v in verdicts.items()}
            print_json({"claim": claim, "target": target, "made_from": made, "code": written})
        else:
            say(written.rstrip("\n"))


def _list(json: bool) -> None:
    from symattn.program.claims_of import code_of, derivation
    from symattn.program.sequences import CLAIMS
    from symattn.program.tensors import NoCode
    from symattn.sheet import list_sheets, question_names

    rows = []
    for source in list_sheets():
        for question in question_names(source):
            for claim in derivation(f"{source.name}/{question}").claims:
                address = f"{source.name}/{question}/{claim.name}"
                try:
                    found = code_of(address)
                except NoCode:
                    continue
                rows.append((address, ", ".join(found.parameters), claim.latex))
    if json:
        print_json(
            {
                "program": {"name": PROGRAM, "made_from": list(CLAIMS)},
                "claims": [
                    {"claim": a, "parameters": p.split(", "), "latex": x} for a, p, x in rows
                ],
            }
        )
        return
    program = [PROGRAM, "q, k, v, beta, ...: forward, backward, blocks and their merge"]
    print_table("", ["claim", "parameters"], [program, *([a, p] for a, p, _ in rows if p)])
