"""Whether the sentences know their features, and whether nothing that decides is without a sentence."""

from collections.abc import Iterator

from linewise.policy.checking.draft import Draft
from linewise.policy.checking.finding import Finding

__all__ = ["change_codes", "constraint_sentences", "reason_inputs"]

FILE = "reasons.yaml"

CONSTRAINTS = (
    "AFFORDABILITY", "DEFAULT_RISK", "VALUE", "MAX_SHOWN", "VALUE_NOT_POSITIVE", "NO_SPECIFIC_REASON",
    "NOT_RELEVANT", "NOT_TOGETHER", "NOT_AFFORDABLE_TOGETHER", "PRICE", "ASKED", "STANDING_QUOTE", "RAISE_MOST",
    "PAYDOWN", "NO_LINE",
)  # fmt: skip
"""What an answer may have to say where no rule speaks."""


def reason_inputs(draft: Draft) -> Iterator[Finding]:
    """Each input is a feature and speaks for one code; each code stands once."""
    if draft.reasons is None:
        return
    code_of: dict[str, str] = {}
    for position, reason in enumerate(draft.reasons.reasons):
        for place, name in enumerate(reason.inputs):
            loc = ("reasons", position, "inputs", place)
            if draft.bank.allowed_for and name not in draft.bank.allowed_for:
                problem = f"{name!r} is no feature."
                yield draft.finding("reasons", "error", FILE, loc, reason.code, problem, "Name a feature.")
            elif name in code_of:
                problem = f"{name!r} speaks for {code_of[name]} already."
                yield draft.finding("reasons", "error", FILE, loc, reason.code, problem, "Let it speak for one code.")
            code_of[name] = reason.code
    codes = [reason.code for reason in draft.reasons.reasons]
    for position, code in enumerate(codes):
        if code in codes[:position]:
            problem = f"the code {code!r} stands more than once."
            at = ("reasons", position, "code")
            yield draft.finding("ids", "error", FILE, at, code, problem, "Give it a code of its own.")


def constraint_sentences(draft: Draft) -> Iterator[Finding]:
    """Every constraint that a decision may name has its sentence."""
    if draft.reasons is None:
        return
    there = {one.code for one in draft.reasons.constraints}
    for code in CONSTRAINTS:
        if code not in there:
            problem = f"the constraint {code} has no sentence."
            yield draft.finding("reasons", "error", FILE, ("constraints",), code, problem, "Add one in both languages.")


def change_codes(draft: Draft) -> Iterator[Finding]:
    """What would change an answer cures reasons and constraints that exist, each by one thing.

    Ids of rules are not looked up: a bank may do without a pack whose refusals could be cured.
    """
    if draft.reasons is None:
        return
    known = {reason.code for reason in draft.reasons.reasons} | {one.code for one in draft.reasons.constraints}
    cured: dict[str, str] = {}
    for position, change in enumerate(draft.reasons.changes):
        for place, code in enumerate(change.cures):
            loc = ("changes", position, "cures", place)
            if code not in known and "-" not in code:
                problem = f"{code!r} is no reason and no constraint."
                next_step = "Name one that exists, or the id of a rule."
                yield draft.finding("reasons", "error", FILE, loc, change.code, problem, next_step)
            elif code in cured:
                problem = f"{code!r} is cured by {cured[code]} already."
                yield draft.finding("reasons", "error", FILE, loc, change.code, problem, "Let one thing cure it.")
            cured[code] = change.code
