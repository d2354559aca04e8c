"""A release that decides again what it once decided, from nothing but its files and what was known."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from linewise.decisioning.decide import decide
from linewise.decisioning.types import Decisions
from linewise.policy.policy import Policy
from serving.scoring.answer import complete_answer
from serving.scoring.archive import ArchivedRelease
from serving.scoring.campaign_answer import campaign_answer
from serving.scoring.inputs import from_inputs
from serving.scoring.prepared_answer import prepared_answer
from serving.scoring.scorers import BoosterScorers, learnt_offers

__all__ = ["Replayer"]

Inputs = Mapping[str, Any]


class Replayer:
    """The models and the policy of one archived release, decided by the code that imports this."""

    def __init__(self, release: ArchivedRelease, threads: int = 1) -> None:
        self._release = release
        policy = release.terms.load(release.policy_folder)
        self._policy: Policy = policy.scored_by_models(learnt_offers(release.models))
        self._scorers = BoosterScorers(release.models, self._policy.decision.economics, threads)

    def decisions(self, inputs: Sequence[Inputs]) -> Decisions:
        """Decide for a chunk whose inputs share features, context, seed and prices."""
        known = from_inputs(inputs)
        return decide(
            known.customers,
            known.state,
            known.context,
            self._policy.decision,
            self._scorers,
            known.prices,
            known.seed,
        )

    def answers(self, inputs: Sequence[Inputs]) -> list[dict[str, Any]]:
        """The full answer to each, in the order given, without a decision_id.

        Those that were decided in the same circumstances are decided together: a customer's answer does
        not depend on who else is in the chunk.
        """
        alike: dict[str, list[int]] = defaultdict(list)
        answers: list[dict[str, Any]] = [{}] * len(inputs)
        for place, one in enumerate(inputs):
            if "prepared" in one:
                answers[place] = prepared_answer(one["customer_id"], one, self._policy, self._release.versions)
            elif "campaign" in one:
                answers[place] = campaign_answer(one["customer_id"], one, self._policy, self._release.versions)
            else:
                alike[_circumstances(one)].append(place)
        for places in alike.values():
            decisions = self.decisions([inputs[place] for place in places])
            for row, place in enumerate(places):
                answers[place] = complete_answer(
                    decisions,
                    row,
                    self._policy,
                    self._release.versions,
                    datetime.fromisoformat(inputs[place]["known_at"]),
                    has_control_group=self._scorers.has_control_group,
                )
        return answers


def _circumstances(inputs: Inputs) -> str:
    shared = ("context", "prices", "seed", "currency")
    return repr(([inputs[name] for name in shared], list(inputs["features"]), list(inputs["facts"])))
