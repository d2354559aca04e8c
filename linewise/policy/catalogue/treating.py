"""How an action is put in one channel: the same offers everywhere, other words, other ways to answer, other acts."""

from dataclasses import dataclass

from linewise.core.actions import LIMIT_ACTION, PLAN_GROUP, group_of_action
from linewise.policy.catalogue.actions import Catalogue, CatalogueOffer
from linewise.policy.catalogue.entry import Proposal
from linewise.policy.catalogue.texts import Sentences

__all__ = ["Treated", "treated"]


@dataclass(frozen=True, slots=True)
class Treated:
    """An action as one channel puts it, in one language.

    says: what the customer hears or reads; answered_by, answer: how the customer answers; act, act_says: what follows
    a yes. version: of the catalogue that the words stand in.
    """

    uses: str
    title: str
    says: str
    answered_by: str
    answer: str
    act: str
    act_says: str
    version: str

    def as_json(self) -> dict[str, str]:
        """Its fields by name."""
        return {name: getattr(self, name) for name in Treated.__slots__}


def treated(catalogue: Catalogue, action_id: str, channel: str, language: str) -> Treated:
    """The action (an offer that the channel carries, the limit or a plan) as that channel puts it."""
    way, action = catalogue.treatments[channel], _worded(catalogue, action_id)
    text: Sentences = getattr(action, way.uses)
    ending = "" if way.ending is None else way.ending.in_language(language)
    is_credit = not isinstance(action, CatalogueOffer) or action.is_credit
    step = way.then_for_credit if is_credit else way.then
    return Treated(
        uses=way.uses,
        title=action.title.in_language(language),
        says=text.in_language(language) + ending,
        answered_by=way.answered_by,
        answer=way.answer.in_language(language),
        act=step.act,
        act_says=step.says.in_language(language),
        version=catalogue.version,
    )


def _worded(catalogue: Catalogue, action_id: str) -> CatalogueOffer | Proposal:
    group = group_of_action(action_id)
    if group == LIMIT_ACTION:
        return catalogue.proposals.limit
    return catalogue.proposals.plan if group == PLAN_GROUP else catalogue.offer(action_id)
