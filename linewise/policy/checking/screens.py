"""The bank's own rules on screens and messages, asked of the texts of its catalogue."""

from collections.abc import Iterator

from linewise.core.errors import PolicyInvalid
from linewise.policy.catalogue.credit import annualised_cost
from linewise.policy.catalogue.texts import LANGUAGES
from linewise.policy.checking.draft import CATALOGUE, Draft, Placed
from linewise.policy.checking.finding import Finding
from linewise.policy.price_display import Shown, price_columns
from linewise.policy.rules import RuleSource, vocabulary
from linewise.policy.rules.compiled import columns_of_rule
from linewise.policy.scopes import ScopeChecks

__all__ = ["messages_can_be_refused", "screen_rules"]


def screen_rules(draft: Draft) -> Iterator[Finding]:
    """The card of a credit, as it is read from its title to its disclosure, passes the rules of the scope `screen`."""
    checks = ScopeChecks([one for one in draft.rules_that_hold() if one.rule.scope == "screen" and _is_readable(one)])
    for offer in draft.offers:
        if offer.entry.credit is None:
            continue
        for language in LANGUAGES:
            # The price alone is judged: of a text nothing else is known.
            for found in checks.check_part("screen", price_columns(_card(offer, language), _rate(draft, offer))):
                if found.stops:
                    problem = f"{found.rule.rule_id}: {found.sentence('en')}"
                    next_step = "Name the annualised rate before any other, and call no cost a fee."
                    steps = ("talk_track", language)
                    yield draft.about_offer("screen", "error", offer, steps, problem, next_step)


def _is_readable(source: RuleSource) -> bool:
    try:
        columns_of_rule(source, vocabulary("screen"))
    except PolicyInvalid:
        return False  # told by rule_expressions
    return True


def _card(offer: Placed, language: str) -> list[Shown]:
    entry = offer.entry
    texts = (entry.title, entry.benefit, entry.talk_track, entry.terms, entry.disclosure.text)
    return [Shown(text.in_language(language)) for text in texts]


def _rate(draft: Draft, offer: Placed) -> float:
    credit = offer.entry.credit
    assert credit is not None  # noqa: S101  asked of credits alone
    currency = draft.bank.currency
    return annualised_cost(credit, currency if currency in credit.example else next(iter(credit.example)))


def messages_can_be_refused(draft: Draft) -> Iterator[Finding]:
    """A message always carries the way to refuse the next one: 工信部令第31号, CN-SMS-WAY."""
    treatment = draft.treatments.get("sms")
    if treatment is not None and treatment.ending is None:
        position = list(draft.treatments).index("sms")
        problem = "messages end without a way to refuse the next one."
        loc = ("treatments", position, "uses")
        yield draft.finding("screen", "error", CATALOGUE, loc, "sms", problem, "Add 'ending' in both languages.")
