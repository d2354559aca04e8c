"""`linewise audit export`: a case file, for whoever handles a complaint."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_record
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["export"]


@click.command()
@click.argument("customer_id", metavar="[CUSTOMER]", required=False)
@click.option("--decision", "decision_id", metavar="ID", help="One decision instead of all of a customer.")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for case.json, case.html.",
)
@json_option
@home_options
def export(settings: "Settings", customer_id: str | None, decision_id: str | None, out: Path, as_json: bool) -> None:
    """Write what a customer was shown and told, answered and consented to, by whom and when.

    What may not be told stands in neither file: no sentence of a rule that only the risk function may
    read, no score, no threshold, no value.

    \b
    Example:
      linewise audit export C00000001 --out case-2026-114
    """
    from datetime import UTC, datetime

    from linewise.core.errors import UsageError
    from serving.scoring.case_file import case_of_customer, case_of_decision, write_case

    if (customer_id is None) == (decision_id is None):
        raise UsageError("A customer or --decision ID is needed, and not both.")
    now = datetime.now(UTC)
    with opened_record(settings) as ledger:
        if decision_id:
            case = case_of_decision(ledger, decision_id, now)
        else:
            case = case_of_customer(ledger, str(customer_id), now)
    files = write_case(case, out, settings.language)
    if as_json:
        show_json({"customer_id": case["customer_id"], "decisions": len(case["decisions"]), "files": files})
        return
    say(f"{len(case['decisions']):,} decisions of customer {case['customer_id']}: {files[0]} and {files[1]}.")
