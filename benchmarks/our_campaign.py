"""A campaign as the command plans it, and as the command exports it."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from benchmarks.campaign_file import THREADS, brief_of, offer_ids, settings_of
from linewise.ledger.within import Transaction
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.export import export_campaign
from serving.campaigns.plan.files import read_plan
from serving.campaigns.planning.together import plan_campaigns
from serving.scoring.opening import open_to_send

__all__ = ["exported", "ours"]


def ours(customer_count: int) -> dict[str, Any]:
    """The plan as the command makes it."""
    settings = settings_of(customer_count)
    offers = offer_ids(settings)
    path = brief_of(offers, customer_count, settings.paths.root)
    began = time.perf_counter()
    (planned,) = plan_campaigns(settings, [path], processes=THREADS)
    return {"seconds": time.perf_counter() - began, "treated": planned.told["arms"]["treated"], "offers": len(offers)}


class Unsigned:
    """What is measured is sent to nobody, and so signed by nobody."""

    def approvers(self) -> Sequence[Mapping[str, Any]]:
        """Nobody."""
        return ()

    def mark_exported(self, _connection: Transaction, _by: str, _at: datetime) -> None:
        """Of no campaign that lives."""


def exported(customer_count: int) -> dict[str, Any]:
    """The files of the plan that `ours` made, from opening the home to the manifest."""
    settings = settings_of(customer_count)
    began, used = time.perf_counter(), time.process_time()
    recommender = open_to_send(settings)
    made = export_campaign(
        ExportDesk.of(recommender),
        read_plan(settings.paths, "BENCHMARK"),
        Unsigned(),
        ExportOptions(by="bench", supersede=True),
    )
    recommender.ledger.close()
    took = {"seconds": time.perf_counter() - began, "processor_seconds": time.process_time() - used}
    return took | {"rows": sum(made.manifest["export"]["listed"].values())}
