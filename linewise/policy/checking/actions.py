"""Whether the actions of the catalogue agree with each other, with their dates and with the bank."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from linewise.decisioning.columns import RULE_COLUMNS, columns_of
from linewise.policy.checking.draft import CATALOGUE, Draft, Loc, Placed
from linewise.policy.checking.finding import Finding

__all__ = [
    "action_amounts", "action_dates", "action_ids", "action_relevance", "bounds", "disclosure_versions", "stacking",
]  # fmt: skip


def action_ids(draft: Draft) -> Iterator[Finding]:
    """Each action stands once."""
    seen: dict[str, int] = {}
    for offer in draft.offers:
        offer_id = offer.entry.offer_id
        if offer_id in seen:
            problem = f"{offer_id} stands more than once, first on line {seen[offer_id]}."
            yield draft.about_offer("ids", "error", offer, ("offer_id",), problem, "Give it an id of its own.")
        else:
            seen[offer_id] = draft.documents[CATALOGUE].line(offer.loc("offer_id"))


def stacking(draft: Draft) -> Iterator[Finding]:
    """What an action excludes exists, and is another one."""
    known = {offer.entry.offer_id for offer in draft.offers}
    for offer in draft.offers:
        for place, name in enumerate(offer.entry.excludes):
            if name not in known or name == offer.entry.offer_id:
                what = "itself" if name in known else "which is no action of this catalogue"
                problem = f"it excludes {name!r}, {what}."
                next_step = "Name another action, or take it out."
                yield draft.about_offer("stacking", "error", offer, ("excludes", place), problem, next_step)


def action_dates(draft: Draft) -> Iterator[Finding]:
    """An action that is over, or could never begin, is told."""
    on = draft.bank.on
    for offer in draft.offers:
        entry = offer.entry
        if entry.valid_to is not None and entry.valid_to < entry.valid_from:
            problem = f"it ends on {entry.valid_to} before it begins on {entry.valid_from}."
            yield draft.about_offer("dates", "error", offer, ("valid_to",), problem, "Mend one of the dates.")
        elif entry.valid_to is not None and entry.valid_to < on:
            problem = f"it ended on {entry.valid_to}."
            yield draft.about_offer("dates", "warning", offer, ("valid_to",), problem, "Take it out, or renew it.")
        elif entry.valid_from > on:
            problem = f"it begins on {entry.valid_from} only."
            yield draft.about_offer("dates", "note", offer, ("valid_from",), problem, "Nothing, if that is meant.")


def action_amounts(draft: Draft) -> Iterator[Finding]:
    """Every amount has a value in the currency of the bank."""
    for offer in draft.offers:
        for steps, amounts in _amounts(offer):
            if amounts and draft.bank.currency not in amounts:
                problem = f"{'.'.join(map(str, steps))} has no amount in {draft.bank.currency}."
                yield draft.about_offer("currency", "error", offer, steps, problem, f"Add '{draft.bank.currency}: …'.")


def _amounts(offer: Placed) -> Iterator[tuple[Loc, Mapping[str, float]]]:
    entry = offer.entry
    for name in ("minimum_income", "annual_fee", "margin", "cost"):
        yield (name,), getattr(entry, name)
    if entry.credit is not None:
        for name in ("example", "minimum", "maximum"):
            yield ("credit", name), getattr(entry.credit, name)
    if entry.budget is not None:
        for name in ("year", "grant", "customer_year"):
            yield ("budget", name), getattr(entry.budget, name)


def bounds(draft: Draft) -> Iterator[Finding]:
    """No cap lies below its floor: ages, amounts to borrow, and what a retention budget gives."""
    for offer in draft.offers:
        entry = offer.entry
        if entry.maximum_age_years < entry.minimum_age_years:
            problem = f"the oldest age {entry.maximum_age_years} lies below the youngest {entry.minimum_age_years}."
            steps: Loc = ("maximum_age_years",)
            yield draft.about_offer("bounds", "error", offer, steps, problem, "Nobody could have it: mend one.")
        pairs: list[tuple[Loc, Mapping[str, float], Mapping[str, float], str]] = []
        if entry.credit is not None:
            pairs.append((("credit", "maximum"), entry.credit.minimum, entry.credit.maximum, "the minimum"))
            pairs.append((("credit", "example"), entry.credit.minimum, entry.credit.example, "the minimum"))
        if entry.budget is not None:
            pot = entry.budget
            pairs.append((("budget", "customer_year"), pot.grant, pot.customer_year, "a single grant"))
            pairs.append((("budget", "year"), pot.customer_year, pot.year, "what one customer may have"))
        for steps, floor, cap, what in pairs:
            below = [code for code in cap if code in floor and cap[code] < floor[code]]
            if below:
                problem = f"{cap[below[0]]:g} {below[0]} lies below {what}, {floor[below[0]]:g}."
                yield draft.about_offer("bounds", "error", offer, steps, problem, "Raise the one or lower the other.")


def disclosure_versions(draft: Draft) -> Iterator[Finding]:
    """One id and version of a disclosure are one wording: what was read out can be told later."""
    said: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    for offer in draft.offers:
        disclosure = offer.entry.disclosure
        said[disclosure.disclosure_id, disclosure.version].append(offer)
    for (disclosure_id, version), offers in said.items():
        first = offers[0].entry
        for offer in offers[1:]:
            if offer.entry.disclosure.text != first.disclosure.text:
                problem = f"{disclosure_id} version {version} has other words here than in {first.offer_id}."
                next_step = "Give these words an id or a version of their own."
                steps = ("disclosure", "disclosure_id")
                yield draft.about_offer("disclosure", "error", offer, steps, problem, next_step)


def action_relevance(draft: Draft) -> Iterator[Finding]:
    """What makes an action relevant is a flag, a number, or a feature that may decide on eligibility or take-up."""
    counted = {name for name in columns_of("offer") if RULE_COLUMNS[name].kind != "text"}
    for offer in draft.offers:
        for place, name in enumerate(offer.entry.relevant_when):
            purposes = set(draft.bank.allowed_for.get(name, ()))
            if name in counted or purposes & {"eligibility", "take_up"}:
                continue
            why = f"may be used for {', '.join(sorted(purposes))} only" if purposes else "is no flag, number or feature"
            problem = f"it is relevant when {name!r}, which {why}."
            next_step = "Name another column."
            yield draft.about_offer("columns", "error", offer, ("relevant_when", place), problem, next_step)
