"""Whether the price of a credit is what its payments cost, and whether its words say so."""

import re
from collections.abc import Iterator

from linewise.policy.catalogue.credit import annualised_cost
from linewise.policy.catalogue.texts import LANGUAGES, Sentences
from linewise.policy.checking.draft import Draft, Loc, Placed
from linewise.policy.checking.finding import Finding

__all__ = ["credit_wording", "stated_rates"]

DISPLAYED = 0.0001
"""A displayed rate has two decimals of a per cent: 银保监规〔2022〕13号 Art. 16, PBoC 公告〔2021〕3号."""

FIGURE = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
FEE_WITH_A_FIGURE = re.compile(
    r"(?:手续费|服务费)[^。；]{0,8}\d|\bfees? of [\d.]+\s*%|\d+(?:\.\d+)?\s*% (?:service )?fee", re.I
)


def stated_rates(draft: Draft) -> Iterator[Finding]:
    """The stated annualised rate is the internal rate of return of the payments, in every currency."""
    for offer in draft.offers:
        credit = offer.entry.credit
        if credit is None:
            continue
        costs = {currency: annualised_cost(credit, currency) for currency in credit.example}
        off = {code: cost for code, cost in costs.items() if abs(cost - credit.stated_rate_ratio) > DISPLAYED}
        if off:
            told = ", ".join(f"{cost:.2%} in {code}" for code, cost in sorted(off.items()))
            problem = f"it states {credit.stated_rate_ratio:.2%} a year, but its own payments cost {told}."
            next_step = f"State {max(costs.values()):.4f}, or mend the terms."
            yield draft.about_offer("rate", "error", offer, ("credit", "stated_rate_ratio"), problem, next_step)


def credit_wording(draft: Draft) -> Iterator[Finding]:
    """The words of a credit name its annualised rate, no other, and call no cost a fee."""
    for offer in draft.offers:
        if offer.entry.credit is not None:
            yield from _wording(draft, offer, offer.entry.credit.stated_rate_ratio)


def _wording(draft: Draft, offer: Placed, stated: float) -> Iterator[Finding]:
    entry = offer.entry
    texts: list[tuple[Loc, Sentences]] = [
        (("title",), entry.title),
        (("benefit",), entry.benefit),
        (("talk_track",), entry.talk_track),
        (("terms",), entry.terms),
        (("disclosure", "text"), entry.disclosure.text),
    ]
    for steps, text in texts:
        for language in LANGUAGES:
            said, at = text.in_language(language), (*steps, language)
            figures = [float(figure) / 100.0 for figure in FIGURE.findall(said)]
            if other := [figure for figure in figures if abs(figure - stated) > DISPLAYED / 2]:
                problem = f"{said!r} names {other[0]:.2%}, but the annualised rate is {stated:.2%}."
                next_step = "Name the annualised rate of all costs, and no other."
                yield draft.about_offer("rate", "error", offer, at, problem, next_step)
            if FEE_WITH_A_FIGURE.search(said):
                problem = f"{said!r} prices the credit as a fee."
                next_step = "Call it interest and annualise it: CN-13-15."
                yield draft.about_offer("rate", "error", offer, at, problem, next_step)
            if steps[0] == "disclosure" and not any(abs(figure - stated) <= DISPLAYED / 2 for figure in figures):
                problem = f"the disclosure does not name the annualised rate of {stated:.2%}."
                next_step = "Say the rate, late charges, early settlement and where to complain: CN-13-05."
                yield draft.about_offer("disclosure", "error", offer, at, problem, next_step)
