"""The budgets of a portfolio: told on the command line or in a file, open in the ledger, or facts of the bank."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml

from linewise.bank.rates import bank_rates, converted_amt, known_rates
from linewise.bank.tables import Bank
from linewise.core.errors import UsageError
from linewise.core.money import to_minor
from linewise.ledger.budgets import Budget
from serving.portfolio.candidates import USES
from serving.scoring.facts import BankFacts

__all__ = ["Given", "as_json", "budgets_in_file", "given_budgets", "known_budgets", "told_budgets"]

YEAR_DAYS = 365.0
ENDLESS = "unlimited"

YEARLY_FACTS: Mapping[str, str] = {
    "money": "campaign_budget_amt",
    "exposure": "new_limits_budget_amt",
    "loss": "expected_loss_budget_amt",
}
"""Figures of a year in the bank's facts, minor units."""


@dataclass(frozen=True, slots=True)
class Given:
    """What there is of one scarce thing for the time asked about: minor units or contacts, and who says so."""

    amount: float
    source: str


def given_budgets(texts: Sequence[str]) -> dict[str, str]:
    """`NAME=AMOUNT` each, as NAME to AMOUNT; raises UsageError for what is not, and for a name that comes twice."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, amount = text.partition("=")
        if not equals:
            raise UsageError(f"The budget {text!r} was given.", "NAME=AMOUNT was expected.", _EXAMPLE)
        if name in found:
            raise UsageError(f"The budget {name!r} was given twice.", "Each scarce thing has one.")
        found[name] = amount
    return found


_EXAMPLE = "For example: --budget money=50000 --budget loss=120000EUR --budget contacts=4000"


def budgets_in_file(path: Path) -> dict[str, str]:
    """The budgets of a YAML or JSON file, name to amount; raises UsageError where it holds anything else."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as err:
        raise UsageError(f"The budgets in {path} cannot be read: {err}.") from None
    if not isinstance(told, dict) or not told:
        raise UsageError(f"{path} holds no budgets.", "A line NAME: AMOUNT for each scarce thing was expected.")
    return {str(name): "" if amount is None else str(amount) for name, amount in told.items()}


def told_budgets(told: Mapping[str, str], bank: Bank, now: datetime, source: str) -> dict[str, Given]:
    """Amounts as a person writes them, in major units of the bank's currency or of the one named behind them.

    Raises UsageError for an unknown scarce thing, an empty, negative or absurd amount, a currency behind
    contacts, and a currency for which the bank knows no rate.
    """
    return {name: Given(_amount(name, text.strip(), bank, now), source) for name, text in told.items()}


def _amount(name: str, text: str, bank: Bank, now: datetime) -> float:
    if name not in USES:
        raise UsageError(f"There is no budget {name!r}.", f"One of {', '.join(USES)} was expected.", _EXAMPLE)
    if text == ENDLESS:
        return float("inf")
    number = text.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    currency = text[len(number) :].strip()
    if not number:
        raise UsageError(
            f"The budget {name!r} is empty: {text!r} was given.",
            f"An amount of at least 0 was expected, 0 to propose nothing that uses it, or {ENDLESS}.",
        )
    amount = _decimal(name, number.replace(",", "").replace("_", ""))
    if name == "contacts":
        if currency or amount != amount.to_integral_value():
            raise UsageError(f"{text!r} contacts were given.", "Contacts are counted: a whole number was expected.")
        return float(amount)
    return float(_in_minor(amount, currency or bank.manifest.currency, bank, now))


MOST_MAJOR = Decimal(10) ** 13
"""More than this in minor units would no longer be exact in the sums of a portfolio."""


def _decimal(name: str, number: str) -> Decimal:
    try:
        amount = Decimal(number)
    except InvalidOperation:
        raise UsageError(f"The budget {name!r} is {number!r}.", "An amount was expected.", _EXAMPLE) from None
    if not amount.is_finite() or amount < 0 or amount > MOST_MAJOR:
        raise UsageError(
            f"The budget {name!r} is {number}.",
            f"An amount from 0 to {MOST_MAJOR:,} was expected; {ENDLESS} where nothing is scarce.",
        )
    return amount


def _in_minor(amount: Decimal, currency: str, bank: Bank, now: datetime) -> int:
    home = bank.manifest.currency
    if currency == home:
        return to_minor(amount, home)
    rates = bank_rates(bank)
    since = known_rates(rates, home).since.get(currency)
    if since is None or since > now:
        known = ", ".join([home, *sorted(code for code, at in known_rates(rates, home).since.items() if at <= now)])
        raise UsageError(
            f"A budget in {currency} was given, for which the bank knows no exchange rate.",
            f"An amount in one of {known} was expected.",
            f"Give it in {home}, or deliver exchange_rate_{currency.lower()} in bank_facts.",
        )
    (converted,) = converted_amt(
        pa.array([to_minor(amount, currency)]), pa.array([currency]), pa.array([now], rates["as_of"].type), rates, home
    ).to_pylist()
    return int(converted)


def known_budgets(
    open_ones: Iterable[Budget], facts: BankFacts, now: datetime, horizon_days: float, request_share_ratio: float
) -> dict[str, Given]:
    """What the ledger has left for proposals in the time asked about; else the bank's yearly figures.

    Of a ledger's budget that goes on for longer, the part of that time counts; of several of one kind the
    tightest. Of the yearly figures of credit the share is left out that is put aside for what customers ask for.
    """
    horizon = timedelta(days=horizon_days)
    found: dict[str, Given] = {}
    for one in open_ones:
        if one.covers or one.kind not in USES:
            continue
        part = min(1.0, horizon / (one.ends_at - now))
        amount = max(one.proposed.left_amt, 0) * part
        if one.kind not in found or amount < found[one.kind].amount:
            found[one.kind] = Given(amount, f"ledger: {one.budget_id}")
    for kind, fact in YEARLY_FACTS.items():
        year = facts.figure(fact, now)
        if kind not in found and not np.isnan(year):
            share = 1.0 if kind == "money" else 1.0 - request_share_ratio
            found[kind] = Given(max(year, 0.0) * share * horizon_days / YEAR_DAYS, f"bank_facts: {fact}")
    return found


def as_json(budgets: Mapping[str, Given]) -> dict[str, Any]:
    """Name to amount and source; an endless one has no amount."""
    return {
        name: {"amount": None if one.amount == float("inf") else one.amount, "source": one.source}
        for name, one in budgets.items()
    }
