"""`linewise model worth`: what other ways to choose offers would have brought in the calls of the past."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["worth_command"]


@click.command("worth")
@json_option
@home_options
def worth_command(settings: "Settings", as_json: bool) -> None:
    """What other ways to choose the offer of a call would have brought, from the probabilities it was chosen with.

    Orders that were kept, a hundred calls, with 95% intervals clustered by agent and customer. It says so where the
    past cannot tell of a way to choose.

    \b
    Example:
      linewise model worth
    """
    from training.off_policy.past_calls import past_calls

    found = past_calls(settings)
    if as_json:
        show_json(found.model_dump(mode="json"))
        return
    methods = tuple(found.policies[0].by_method)

    def told(value: float, low: float, high: float) -> str:
        return f"{100 * value:.2f} [{100 * low:.2f}, {100 * high:.2f}]"

    logged = found.as_logged
    rows: list[tuple[object, ...]] = [
        ("as it was done", *[told(logged.value, logged.low, logged.high), *[""] * (len(methods) - 1)], "")
    ]
    for one in found.policies:
        figures = [
            told(*(getattr(one.by_method[method], end) for end in ("value", "low", "high"))) for method in methods
        ]
        rows.append((one.policy, *figures, f"{one.effective_count:.0f}"))
    titles = [method.upper().replace("_", "-") for method in methods]
    show_table("orders kept a hundred calls", ("offer that is shown", *titles, "effective calls"), rows)
    say(f"{found.call_count} calls, {found.order_count} orders; left out: {found.left_out_count} calls.")
    for one in found.policies:
        for warning in one.warnings:
            say(f"{one.policy}: {warning}")
