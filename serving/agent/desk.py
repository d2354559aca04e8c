"""What the pages ask of whoever decides and records; the pages know nothing else of the service."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

__all__ = ["AgentDesk", "CustomerCard"]


class CustomerCard(Protocol):
    """What a list of customers shows of one."""

    @property
    def customer_id(self) -> str:
        """The customer's number in the loaded bank."""

    @property
    def observed_on(self) -> date:
        """The day up to which the bank's data know this customer."""

    @property
    def currency(self) -> str:
        """The ISO 4217 code in which amounts of this customer are counted."""


class AgentDesk(Protocol):
    """A desk that decides, remembers what it decided, and records what customers answered.

    A decision is given as its agent view: a JSON object with `decision_id, customer_id, as_of,
    feature_age_days, currency, language, offers, offers_none_because, not_offered, limit, plans,
    plans_none_because, release_id, quotes`. It holds amounts in minor units and sentences in `language`; it holds
    no probability, profit, value, priority or threshold. All methods may raise a LinewiseError, and may
    be called from several threads.
    """

    def find_customers(self, text: str, most: int = 20) -> Sequence[CustomerCard]:
        """Customers whose number begins with the text, at most `most`; the first ones for an empty text."""

    def is_for_two(self, customer_id: str) -> bool:
        """Whether two people open this customer's record: staff, or a party related to the bank; False for nobody's."""

    def now_and_zone(self) -> tuple[datetime, str]:
        """The bank's present moment, and the IANA name of the zone in which its days begin."""

    def titles_of_actions(self, language: str) -> Mapping[str, str]:
        """What each action that may be suggested is called, the raise (`LIMIT`) and plans (`PLAN`) among them."""

    def decide_for_agent(self, customer_id: str, language: str, agent_id: str) -> dict[str, Any]:
        """The agent view of a new decision, recorded before it is given.

        Raises UnknownCustomer.
        """

    def decision_for_agent(self, decision_id: str) -> dict[str, Any]:
        """The agent view of a decision as it was recorded: reading it again decides nothing anew.

        Raises UnknownDecision.
        """

    def record_outcome(
        self,
        decision_id: str,
        offer_id: str,
        outcome: str,
        reason_code: str = "",
        note: str = "",
        agent_id: str = "",
        call_id: str = "",
    ) -> tuple[str, bool]:
        """Record an answer durably; gives its id and whether it is new (sent again it changes nothing)."""

    def note_shown(self, decision_id: str, action_ids: Sequence[str], agent_id: str, call_id: str) -> None:
        """Write down that actions of a decision stand on an agent's screen; told again it changes nothing."""

    def outcomes_of(self, decision_id: str) -> Sequence[dict[str, Any]]:
        """The outcomes recorded for a decision, in the order of their arrival.

        Each carries at least `offer_id, outcome, reason_code, note`.
        """
