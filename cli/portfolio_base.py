"""What `portfolio solve` and `portfolio frontier` share: budgets, the horizon, and the candidates of the base."""

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.console import progress

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from serving.portfolio.budgets import Given
    from serving.portfolio.callers import Callers
    from serving.portfolio.candidates import Candidates
    from serving.portfolio.solving import Solved
    from serving.scoring.deciding import Decider

__all__ = ["Base", "budget_options", "read_base", "show_budgets"]


def budget_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--budget`, `--from-file`, `--days` and `--channel`; the command receives them as `asked`."""

    @click.option(
        "--budget", "told", multiple=True, metavar="NAME=AMOUNT",
        help="money, contacts, exposure, loss or capital: an amount in major units, 0 or unlimited; repeat it.",
    )  # fmt: skip
    @click.option(
        "--from-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A YAML or JSON file with a line NAME: AMOUNT each.",
    )  # fmt: skip
    @click.option(
        "--days", type=click.IntRange(1, 366), default=30, show_default=True,
        help="The time for which the budgets are to last and callers are expected.",
    )  # fmt: skip
    @click.option("--channel", default="voice", show_default=True, help="voice, app, web, branch or ivr.")
    @functools.wraps(command)
    def with_budgets(
        *args: Any, told: Sequence[str], from_file: Path | None, days: int, channel: str, **kwargs: Any
    ) -> Any:
        return command(*args, asked=(told, from_file, days, channel), **kwargs)

    return with_budgets


class Base:
    """The base of a home, ready to be allocated."""

    def __init__(
        self,
        recommender: "Decider",
        candidates: "Candidates",
        callers: "Callers",
        budgets: "Mapping[str, Given]",
        days: int,
    ) -> None:
        self.recommender, self.candidates, self.callers, self.budgets = recommender, candidates, callers, budgets
        self.days = days

    @property
    def told(self) -> dict[str, Any]:
        """How it was made, for machines and for the file of prices."""
        return {
            "horizon_days": self.days,
            "callers": self.callers.source,
            "expected_callers": round(float(self.callers.calling_ratio.sum()), 1),
            "customers": len(self.callers.calling_ratio),
        }


def read_base(settings: "Settings", asked: tuple[Sequence[str], Path | None, int, str]) -> Base:
    """Open the home, gather the budgets, and decide for every customer with nothing scarce.

    What is told on the command line counts before the file, and both before the ledger and the bank's facts.
    Raises UsageError for budgets that are none, and where there is none at all.
    """
    import os

    from linewise.core.errors import UsageError
    from serving.portfolio.budgets import budgets_in_file, given_budgets, known_budgets, told_budgets
    from serving.portfolio.callers import expected_callers
    from serving.portfolio.candidates import candidates_of
    from serving.scoring.opening import open_decider

    told, from_file, days, channel = asked
    by_hand, in_file = given_budgets(told), budgets_in_file(from_file) if from_file else {}
    recommender = open_decider(settings, threads=os.cpu_count() or 1)
    now, bank, facts = recommender.clock.now(), recommender.bank, recommender.facts
    context = recommender.context(channel, explain=False)
    share = recommender.policy.promises.request_share_ratio
    budgets = known_budgets(recommender.open_budgets(context), facts, now, days, share)
    budgets |= told_budgets(in_file, bank, now, str(from_file)) | told_budgets(by_hand, bank, now, "command line")
    if not budgets:
        raise UsageError(
            "There is no budget: neither the command, the ledger nor the bank's facts name one.",
            "At least one of money, contacts, exposure, loss or capital was expected.",
            "For example: linewise portfolio solve --budget loss=120000",
        )
    with progress(len(recommender.customer_ids()), "customers decided") as advance:
        candidates, callers = candidates_of(
            recommender, lambda ids: expected_callers(facts, ids, now, days), channel, advance
        )
    return Base(recommender, candidates, callers, budgets, days)


def show_budgets(base: Base, solved: "Solved") -> None:
    """Each budget: what there is, what the best allocation uses, what none would, and what one more unit earns."""
    from cli.console import say, show_table
    from linewise.core.formatters import show_money
    from linewise.core.money import minor_units
    from serving.portfolio.candidates import USES

    currency = base.recommender.bank.manifest.currency

    def amount(name: str, number: float) -> str:
        if number == float("inf"):
            return "unlimited"
        return f"{number:,.1f}" if name == "contacts" else show_money(round(number), currency, "en")

    def earns(name: str) -> str:
        price = solved.prices.of(name)
        if not price:
            return ""
        in_major = price / 10 ** minor_units(currency) if name == "contacts" else price
        return f"{in_major:,.4g} {currency}"

    rows = [
        (
            name,
            amount(name, solved.budgets[name].amount) if name in solved.budgets else "not scarce",
            amount(name, solved.used[name]),
            amount(name, solved.free_used[name]),
            earns(name),
            solved.budgets[name].source if name in solved.budgets else "",
        )
        for name in USES
    ]
    show_table("Budgets", ["budget", "amount", "used", "used if free", "one more earns", "from"], rows)
    for name, given in solved.budgets.items():
        if given.amount == 0:
            say(f"The budget {name} is empty: nothing that uses it is proposed.")
    say(
        f"Over {base.days} days some {base.callers.calling_ratio.sum():,.0f} of {len(base.callers.calling_ratio):,} "
        f"customers are expected to call ({base.callers.source})."
    )
    say(
        f"Value {amount('money', solved.value_amt)} with raises at the cautious end, "
        f"{amount('money', solved.expected_amt)} as expected; "
        f"{amount('money', solved.free_value_amt)} if nothing were scarce. "
        f"At most {solved.gap_ratio:.2%} below the best possible."
    )
