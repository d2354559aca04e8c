"""`linewise decide`: one decision on the terminal, with why and why not."""

from typing import TYPE_CHECKING, Any

import click

from cli.console import say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from linewise.core.settings import Settings

__all__ = ["command"]


@click.command()
@click.argument("customer_id", metavar="CUSTOMER")
@click.option("--channel", default="voice", show_default=True, help="voice, app, web, branch or ivr.")
@click.option("--language", type=click.Choice(["zh-CN", "en"]), help="Of the sentences (default: the setting).")
@json_option
@home_options
def command(settings: "Settings", customer_id: str, channel: str, language: str | None, as_json: bool) -> None:
    """Decide offers, limit and plan for one customer; recorded before it is shown.

    \b
    Example:
      linewise decide 2166 --language en
    """
    from serving.scoring.opening import open_recommender

    answer = open_recommender(settings).decide_one(customer_id, channel, language)
    if as_json:
        show_json(answer)
    else:
        _show(answer)


def _show(answer: dict[str, Any]) -> None:
    from linewise.core.formatters import show_money, show_percent

    language, currency = answer["language"], answer["currency"]

    def money(amount_amt: int) -> str:
        return show_money(amount_amt, currency, language)

    say(f"Customer {answer['customer_id']} as of {answer['as_of'][:10]}, decision {answer['decision_id']}")
    show_table(
        "Offers",
        ["offer", "take-up", "value", "priority", "why"],
        [
            (
                offer["title"],
                show_percent(offer["propensity"], language),
                money(offer["value_amt"]),
                money(offer["priority"]),
                " ".join(reason["text"] for reason in offer["reasons"]),
            )
            for offer in answer["offers"]
        ],
    )
    show_table(
        "Not offered",
        ["offer", "stage", "rule", "because", "value", "threshold"],
        [
            (drop["title"], drop["stage"], drop["rule_id"], drop["because"], drop["value"], drop["threshold"])
            for drop in answer["not_offered"]
        ],
    )
    limit = answer["limit"]
    say(
        f"Limit: {money(limit['current_amt'])} now, {money(limit['suggested_amt'])} suggested, "
        f"{money(limit['max_amt'])} at most; bound by {limit['binding']}: {limit['binding_text']}"
    )
    for reason in limit["reasons"][1:]:
        say(f"  {reason['text']}")
    show_table(
        "Plans",
        ["for", "months", "payment", "total cost", "annualised rate"],
        [
            (
                plan["kind"] + (" (suggested)" if plan["is_suggested"] else ""),
                plan["term_months"],
                money(plan["payment_amt"]),
                money(plan["total_cost_amt"]),
                show_percent(plan["annualised_rate_ratio"], language),
            )
            for plan in answer["plans"]
        ],
    )
    if answer["plans_none_because"]:
        say(f"  {answer['plans_none_because']}")
    if answer["hardship"]:
        _show_hardship(answer["hardship"], money)


def _show_hardship(hardship: dict[str, Any], money: "Callable[[int], str]") -> None:
    say(
        f"Hardship ({hardship['cause']}): {money(hardship['owed_amt'])} owed, {money(hardship['due_amt'])} due a "
        f"month, {money(hardship['overdue_amt'])} overdue, a month bears {money(hardship['bears_amt'])}"
    )
    show_table(
        "Help",
        ["step", "", "enough", "payment", "months", "what is said"],
        [
            (
                step["step"],
                "proposed" if step["is_proposed"] else "" if step["is_open"] else "not open",
                "yes" if step["is_enough"] else "no",
                money(step["payment_amt"]),
                step["term_months"] or "",
                step["says"],
            )
            for step in hardship["steps"]
        ],
    )
