"""What stands against a campaign before anybody is looked at: its objectives, its offers, the rules on campaigns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from linewise.bank.tables import Bank
from linewise.core.errors import BriefInvalid
from linewise.core.yaml_lines import line_in
from linewise.ledger.budgets import Budget
from linewise.policy.catalogue.texts import LANGUAGES
from linewise.policy.policy import Policy
from linewise.policy.scopes import ScopeChecks
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.brief.gateway_text import Refusal, message_of, refusals_of
from serving.campaigns.brief.objectives import WORTH_METRICS

__all__ = ["Finding", "enforce_sound", "lint"]

SOLD = ("promotional", "retention")
SPOKEN = frozenset({"voice"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a file: its line, what it is, and what was expected; rule: which says so, if any."""

    line: int
    problem: str
    expected: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a campaign is judged by: the bank, its policy, the budgets open now, and what time it is for it."""

    bank: Bank
    policy: Policy
    budgets: Sequence[Budget]
    now: datetime

    @property
    def today(self) -> date:
        """The bank's own day."""
        return self.now.astimezone(ZoneInfo(self.bank.manifest.time_zone)).date()


def enforce_sound(brief: Brief, path: Path, by: Judged) -> None:
    """Raise BriefInvalid with every finding and its line, where there is one."""
    found = lint(brief, path, by)
    if found:
        said = " ".join(f"{path} line {one.line}: {one.problem} {one.expected}".strip() for one in found)
        raise BriefInvalid(said, "", "Mend the lines named and run the command again.", line=found[0].line)


def lint(brief: Brief, path: Path, by: Judged) -> list[Finding]:
    """All findings about one campaign, by line."""
    found = [one for check in CHECKS for one in check(brief, path, by)]
    return sorted(found, key=lambda one: (one.line, one.problem))


def _objectives(brief: Brief, path: Path, by: Judged) -> Iterator[Finding]:
    if all(one.is_volume for one in brief.objectives):
        named = ", ".join(one.metric for one in brief.objectives)
        yield Finding(
            line_in(path, ("objectives",)),
            f"the objectives reward volume alone: {named}.",
            f"One of {', '.join(sorted(WORTH_METRICS))} was expected, alone or beside them.",
        )


def _rules(brief: Brief, path: Path, by: Judged) -> Iterator[Finding]:
    """The policy's rules on campaigns; what the file does not say fails closed where a rule guards."""
    said, main = brief.said.model_dump(), brief.main_objective
    told: dict[str, float | str | None] = {
        name: None if value is None else float(value) for name, value in said.items()
    }
    told |= {
        "objective_metric": main.metric,
        "is_sole_or_main_objective": 1.0,
        "is_automated_marketing": 1.0,
        "is_prescreened_list": max(float(brief.said.is_prescreened_list), _is_prescreened(brief, by.policy)),
    }
    columns = {
        name: np.array([value], dtype=object)
        if isinstance(value, str)
        else np.array([np.nan if value is None else value])
        for name, value in told.items()
    }
    for one in ScopeChecks(by.policy.rules.sources).check("campaign", columns):
        if one.stops:
            loc = ("objectives",) if "objective" in one.sentence("en").lower() else ("said",)
            yield Finding(line_in(path, loc), f"{one.rule.rule_id}: {one.sentence('en')}", rule=one.rule.rule_id)


def _is_prescreened(brief: Brief, policy: Policy) -> float:
    return float(any(one.is_prescreened for one in policy.catalogue.offers if one.offer_id in brief.offer_ids))


def _offers(brief: Brief, path: Path, by: Judged) -> Iterator[Finding]:
    known = {one.offer_id: one for one in by.policy.catalogue.offers}
    sold = sorted(name for name, one in known.items() if one.kind in SOLD)
    for place, one in enumerate(brief.offers):
        line = line_in(path, ("offers", place, "offer_id"))
        offer = known.get(one.offer_id)
        if offer is None or offer.kind not in SOLD:
            yield Finding(
                line,
                f"there is no offer {one.offer_id!r} to be sold in the catalogue today.",
                f"One of {', '.join(sold)} was expected.",
            )
            continue
        missing = [channel.channel for channel in brief.channels if channel.channel not in offer.channels]
        if len(missing) == len(brief.channels):
            yield Finding(
                line,
                f"the offer {one.offer_id!r} is not made by {' or '.join(missing)}.",
                f"One of {', '.join(offer.channels)} was expected, as the catalogue says.",
            )
        yield from _dates(brief, path, place, offer.valid_to)


def _dates(brief: Brief, path: Path, place: int, valid_to: date | None) -> Iterator[Finding]:
    one, last = brief.offers[place], brief.window.last_day
    if valid_to is not None and valid_to < last:
        yield Finding(
            line_in(path, ("offers", place, "offer_id")),
            f"the offer {one.offer_id!r} ends on {valid_to}, inside the window that ends on {last}.",
            "An offer that can be taken until the last contact was expected.",
        )
    if one.valid_until is not None and one.valid_until < last:
        yield Finding(
            line_in(path, ("offers", place, "valid_until")),
            f"the offer {one.offer_id!r} may be accepted until {one.valid_until}, and the window ends on {last}.",
            "A day on or after the last contact was expected.",
        )
    elif one.valid_until is not None and valid_to is not None and valid_to < one.valid_until:
        yield Finding(
            line_in(path, ("offers", place, "valid_until")),
            f"the offer {one.offer_id!r} may be accepted until {one.valid_until}, and ends on {valid_to}.",
        )


def _messages(brief: Brief, path: Path, by: Judged) -> Iterator[Finding]:
    """What a gateway would refuse of the messages, told here and not on the day of the export."""
    known = {one.offer_id: one for one in by.policy.catalogue.offers}
    channels = [one.channel for one in brief.channels if one.channel not in SPOKEN]
    for place, one in enumerate(brief.offers):
        carried = known[one.offer_id].channels if one.offer_id in known else ()
        for channel in (name for name in channels if name in carried):
            found: dict[str, Refusal] = {}
            template = brief.template(one.offer_id, channel)
            for language in LANGUAGES:
                message = message_of(
                    by.policy.catalogue, one.offer_id, channel, language, template.signature if template else ""
                )
                found |= {refusal.problem: refusal for refusal in refusals_of(message, channel)}
            # A file without the template is told of by its form, or sends none.
            loc = ("templates", channel) if template else ("offer_id",)
            for refusal in found.values():
                yield Finding(
                    line_in(path, ("offers", place, *loc)),
                    f"what is sent of {one.offer_id!r} by {channel}: {refusal.problem}",
                    f"{refusal.expected} {refusal.next_step}",
                )


def _window(brief: Brief, path: Path, by: Judged) -> Iterator[Finding]:
    if brief.window.last_day < by.today:
        yield Finding(
            line_in(path, ("window",)),
            f"the window ended on {brief.window.last_day}, and for the bank it is {by.today}.",
            "A window that is not over was expected.",
        )


def _money(brief: Brief, path: Path, by: Judged) -> Iterator[Finding]:
    home, given = by.bank.manifest.currency, brief.budget.currency
    if given not in (None, home):
        yield Finding(
            line_in(path, ("budget", "currency")), f"the budget is in {given}.", f"The bank's own {home} was expected."
        )
    budgets = {one.budget_id: one for one in by.budgets if one.kind == "money"}
    for place, one in enumerate(brief.budget.funding):
        if one.budget_id is not None and one.budget_id not in budgets:
            yield Finding(
                line_in(path, ("budget", "funding", place, "budget_id")),
                f"there is no open budget {one.budget_id!r} of money in the ledger.",
                f"There are: {', '.join(sorted(budgets)) or 'none'}; open one with: linewise portfolio set-budget.",
            )


def _not_with_itself(brief: Brief, path: Path, by: Judged) -> Iterator[Finding]:
    if brief.campaign_id in brief.stacks_with:
        yield Finding(line_in(path, ("stacks_with",)), "a campaign stands in its own list of others.")


Check = Callable[[Brief, Path, Judged], Iterator[Finding]]
CHECKS: tuple[Check, ...] = (_objectives, _rules, _offers, _messages, _window, _money, _not_with_itself)
"""One function a check; what each looks for stands in its words."""
