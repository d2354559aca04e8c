"""Every error that a user of Linewise can meet, with its HTTP status and its exit code on the class.

LinewiseError                     500  1
├── UsageError                    422  2   the call itself is wrong
│   ├── SettingsInvalid           500  2
│   ├── PolicyInvalid             500  2   a rule, a catalogue entry or an assumption, with its line
│   │   └── AssumptionExpired     503  2   nobody answers for it any more: nothing is decided on it
│   ├── MappingInvalid            422  2
│   ├── BriefInvalid              422  2   a campaign's file, with its line
│   └── AudienceEmpty             422  2   a campaign for nobody
├── NotFound                      404  1
│   ├── UnknownCall
│   ├── UnknownCustomer
│   ├── UnknownDecision
│   ├── UnknownDuty
│   ├── UnknownRelease
│   ├── UnknownBudget
│   ├── UnknownCampaign
│   ├── UnknownQuote
│   ├── ReleaseNotArchived
│   └── RecordGone                410  1   it was there, and was erased or is past its retention
├── Conflict                      409  1   it is already there, and says something else
│   ├── BudgetSpent                        what is asked for does not fit what a budget has left
│   ├── QuoteEnded                         a quote past its date, withdrawn, or booked before
│   └── OwnActNeeded                       a limit or a plan is ordered by the customer alone
├── NotReady                      503  1   a part is missing or stale: says which command makes it
│   ├── BankMissing
│   ├── FeaturesMissing
│   ├── ModelMissing
│   ├── NobodyMayEnter                     neither a user nor a key for machines was made
│   ├── RegistryLocked                     another process holds the registry of models
│   ├── KeysMissing                        the keys that the record was written with
│   └── RecordUnreachable                  the database of the record does not answer
├── DataCheckFailed               422  4   table, column, count and the first bad rows
├── Unreconciled                  422  4   the core system did what no decision, quote or consent stands for
├── PolicyCheckFailed             422  4   the check of a policy folder, or one by its rules, found errors
├── ReleaseDamaged                500  1   an archived release is no longer what it was
├── PlanDamaged                   500  1   a campaign's plan is no longer what was written
├── ReplayFailed                  500  1   a release does not decide again on what was recorded
├── GateNotPassed                 422  3
├── DriftAlarm                    500  5
├── StorageFull                   507  1   nothing half-written is left
│   └── RecordFull                         no decision leaves that could not be recorded
├── NotSignedIn                   401  1   nobody knows who asks
├── NotAllowed                    403  1   who asks may not; ReasonNeeded and SecondPersonNeeded say what lets them
├── TooManyRequests               429  1   ask again later: says when
└── ApprovalMissing               403  6
    └── ApprovalVoid                       what was approved is not what would be done now
"""

from collections.abc import Sequence
from typing import Any, ClassVar

__all__ = [
    "ApprovalMissing",
    "ApprovalVoid",
    "AssumptionExpired",
    "AudienceEmpty",
    "BankMissing",
    "BriefInvalid",
    "BudgetSpent",
    "Conflict",
    "DataCheckFailed",
    "DriftAlarm",
    "FeaturesMissing",
    "GateNotPassed",
    "KeysMissing",
    "LinewiseError",
    "MappingInvalid",
    "ModelMissing",
    "NobodyMayEnter",
    "NotAllowed",
    "NotFound",
    "NotReady",
    "NotSignedIn",
    "OwnActNeeded",
    "PlanDamaged",
    "PolicyCheckFailed",
    "PolicyInvalid",
    "QuoteEnded",
    "ReasonNeeded",
    "RecordFull",
    "RecordGone",
    "RecordUnreachable",
    "RegistryLocked",
    "ReleaseDamaged",
    "ReleaseNotArchived",
    "ReplayFailed",
    "SecondPersonNeeded",
    "SettingsInvalid",
    "StorageFull",
    "TooManyRequests",
    "UnknownBudget",
    "UnknownCall",
    "UnknownCampaign",
    "UnknownCustomer",
    "UnknownDecision",
    "UnknownDuty",
    "UnknownQuote",
    "UnknownRelease",
    "Unreconciled",
    "UsageError",
]


class LinewiseError(Exception):
    """Something went wrong that a person can mend.

    The message says what was given, what was expected and what to do next, in that order, as plain
    sentences; it never shows a schema, a threshold or anything else of a model.
    """

    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, given: str, expected: str = "", next_step: str = "") -> None:
        self.given, self.expected, self.next_step = given, expected, next_step
        super().__init__(" ".join(part for part in (given, expected, next_step) if part))

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions are made anew from their message, which most of these are not made from.
        return _as_it_was, (type(self), self.args, self.__dict__)

    @property
    def code(self) -> str:
        """The name of this kind of error in an HTTP answer."""
        return type(self).__name__


def _as_it_was(kind: type[LinewiseError], args: tuple[Any, ...], told: dict[str, Any]) -> LinewiseError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(told)
    return error


class UsageError(LinewiseError):
    """The call itself is wrong: an unknown word, an impossible number."""

    http_status, exit_code = 422, 2


class SettingsInvalid(UsageError):
    """`linewise.toml` or a `LINEWISE_…` variable says something impossible or unsafe."""

    http_status = 500


class PolicyInvalid(UsageError):
    """A rule, a catalogue entry or an assumption cannot be used; the message names file and line.

    `line` repeats the line for whoever gathers mistakes, 0 where the mistake has none; `problem` is the
    message without file and line.
    """

    http_status = 500

    def __init__(
        self, given: str, expected: str = "", next_step: str = "", *, line: int = 0, problem: str = ""
    ) -> None:
        super().__init__(given, expected, next_step)
        self.line, self.problem = line, problem or given


class AssumptionExpired(PolicyInvalid):
    """An assumption of the register is past the day it expires on: a value made of it would be yesterday's."""

    http_status = 503


class MappingInvalid(UsageError):
    """A bank's mapping folder is incomplete or its SQL does not run."""


class BriefInvalid(UsageError):
    """A campaign's file cannot be used; the message names file and line, `line` repeats it, 0 where there is none."""

    def __init__(self, given: str, expected: str = "", next_step: str = "", *, line: int = 0) -> None:
        super().__init__(given, expected, next_step)
        self.line = line


class AudienceEmpty(UsageError):
    """Nobody is left whom the campaign could address; the message says at which step the last ones fell."""


class NotFound(LinewiseError):
    """What was asked for by name does not exist."""

    http_status = 404


class UnknownCustomer(NotFound):
    """No customer of that id is in the loaded bank."""

    def __init__(self, customer_id: str) -> None:
        super().__init__(
            f"There is no customer {customer_id!r} in the loaded bank.",
            "A customer_id of the contract table 'customers' was expected.",
            "See what is loaded with: linewise bank check",
        )


class UnknownCall(NotFound):
    """Nobody told of a call of that id."""

    def __init__(self, call_id: str) -> None:
        super().__init__(
            f"There is no call {call_id!r}.",
            "A call that rang before was expected.",
            "Tell of it first: POST /v1/calls.",
        )


class UnknownDecision(NotFound):
    """No decision of that id was recorded."""

    def __init__(self, decision_id: str) -> None:
        super().__init__(
            f"There is no decision {decision_id!r} in the record.",
            "A decision_id that an earlier answer carried was expected.",
        )


class UnknownCampaign(NotFound):
    """No campaign of that id was planned in this home."""

    def __init__(self, campaign_id: str) -> None:
        super().__init__(
            f"There is no campaign {campaign_id!r} in this home.",
            "The id of a campaign that was planned was expected.",
            "Plan it first: linewise campaign plan FILE",
        )


class ReleaseNotArchived(NotFound):
    """What a release was made of is not kept in this home."""

    def __init__(self, release_id: str, archive: str) -> None:
        super().__init__(
            f"The release {release_id!r} is not in the archive {archive}.",
            "A folder of that name was expected: each release is kept there when it first decides.",
            "Bring the folder back from a copy of the home in which it decided.",
        )


class UnknownDuty(NotFound):
    """No duty of that id was ever opened."""

    def __init__(self, duty_id: str) -> None:
        super().__init__(
            f"There is no duty {duty_id!r}.",
            "The id of an open duty was expected.",
            "See what is open with: linewise duties due",
        )


class UnknownRelease(NotFound):
    """No release of that id was ever seen in this home."""

    def __init__(self, release_id: str) -> None:
        super().__init__(
            f"There is no release {release_id!r} in this home.",
            "A release that was opened here before was expected.",
            "See them with: linewise release list",
        )


class UnknownBudget(NotFound):
    """No budget of that id was ever opened."""

    def __init__(self, budget_id: str) -> None:
        super().__init__(
            f"There is no budget {budget_id!r}.",
            "The id of a budget of the ledger was expected.",
            "See them with: linewise portfolio budgets",
        )


class UnknownQuote(NotFound):
    """No quote of that id was ever made."""

    def __init__(self, quote_id: str) -> None:
        super().__init__(
            f"There is no quote {quote_id!r}.",
            "A quote_id that an answer carried was expected.",
        )


class RecordGone(NotFound):
    """A decision was recorded, and what it held of the customer is gone for good; the message says why."""

    http_status = 410

    def __init__(self, decision_id: str, because: str) -> None:
        super().__init__(
            f"What the decision {decision_id!r} held of its customer is gone: {because}.",
            "That it was made, and when, still stands in the chain.",
        )


class Conflict(LinewiseError):
    """The same key was sent before with other content."""

    http_status = 409


class BudgetSpent(Conflict):
    """What is asked for does not fit what a budget has left; nothing was reserved."""

    def __init__(self, budget_id: str, pot: str) -> None:
        super().__init__(
            f"The budget {budget_id!r} has not that much left of what is {pot}.",
            "An amount within what is neither reserved nor spent was expected; nothing was reserved.",
            "See what is left with: linewise portfolio budgets",
        )
        self.budget_id, self.pot = budget_id, pot


class QuoteEnded(Conflict):
    """A quote past its date, withdrawn, or booked before: nothing more may be done upon it."""


class OwnActNeeded(Conflict):
    """An order of a limit or a plan that is complete only by an act of the customer's own."""

    def __init__(self, action_id: str) -> None:
        super().__init__(
            f"An order of {action_id} by phone or at a counter is not complete by what somebody else tells.",
            "The customer's own act was expected.",
            "Record consent_captured, upon which the customer is sent a link; or send 'act' and 'act_reference' with "
            "an order that the customer made in the app, on the web, at a branch or by letter.",
        )


class NotReady(LinewiseError):
    """A part of the way is missing; the message names the command that makes it."""

    http_status = 503


class BankMissing(NotReady):
    """No bank is loaded into this home."""

    def __init__(self, home: str) -> None:
        super().__init__(
            f"No bank is loaded in {home}.",
            "The contract tables were expected there.",
            "Run: linewise bank import NAME_OR_FOLDER --source DIR",
        )


class FeaturesMissing(NotReady):
    """The offline or online feature store holds nothing, or nothing of this definition."""

    def __init__(self, what: str, command: str) -> None:
        super().__init__(f"{what}.", "", f"Run: {command}")


class ModelMissing(NotReady):
    """The registry has no champion of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no champion of the model {name!r}.",
            "A registered version with the alias 'champion' was expected.",
            "Run: linewise model train",
        )


class RegistryLocked(NotReady):
    """Another process holds the registry of models for longer than is waited."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The registry {where} is locked by another process.",
            "It was expected to be let go within a minute; the champions are as they were.",
            "See who holds it, let that end, and run the command again.",
        )


class KeysMissing(NotReady):
    """The keys with which the record was written are not there; without them it cannot be read or continued."""

    def __init__(self, where: str, trouble: str = "is missing") -> None:
        super().__init__(
            f"{where} {trouble}.",
            "The keys with which the decision record of this home was written were expected.",
            "Put them back from where they are kept safe; keys made anew would open nothing of it.",
        )


class RecordUnreachable(NotReady):
    """The database of the record does not answer: nothing can be looked up of a customer, nor written down."""

    def __init__(self, trouble: str) -> None:
        super().__init__(
            f"The record cannot be reached ({trouble}).",
            "Nothing is suggested that could not be recorded, and no credit at all.",
            "See whether its disk and its database are there: linewise doctor",
        )


class DataCheckFailed(LinewiseError):
    """A bank's data break the contract; nothing was written over what was there."""

    http_status, exit_code = 422, 4


class Unreconciled(LinewiseError):
    """The core system reports changes that no decision, quote or consent of ours stands for."""

    http_status, exit_code = 422, 4


class ReleaseDamaged(LinewiseError):
    """Files of an archived release are gone or are not those of its hash."""

    def __init__(self, release_id: str, folder: str, parts: Sequence[str]) -> None:
        super().__init__(
            f"The archived release {release_id!r} is no longer what it was: {', '.join(parts)}.",
            f"The files of {folder} were expected to be those that decided.",
            "Bring them back from a copy of the home in which it decided.",
        )


class PlanDamaged(LinewiseError):
    """Files of a campaign's plan are gone, or are not those that were written with it."""

    def __init__(self, campaign_id: str, trouble: str) -> None:
        super().__init__(
            f"The plan of the campaign {campaign_id!r} is no longer what it was: {trouble}.",
            "Its files were expected as they were planned.",
            "Bring them back from a copy, or plan the campaign again: linewise campaign plan FILE",
        )


class ReplayFailed(LinewiseError):
    """An archived release does not decide again: the record lacks what it takes, or its code does not run here."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The release cannot decide this again: {why}.",
            "The inputs as it recorded them, and the libraries of its own lock, were expected.",
        )


class PolicyCheckFailed(LinewiseError):
    """A policy folder has errors, each shown with file and line; or its rules stop what was held against them."""

    http_status, exit_code = 422, 4


class GateNotPassed(LinewiseError):
    """A challenger does not reach what the gate asks."""

    http_status, exit_code = 422, 3


class DriftAlarm(LinewiseError):
    """Scores or features have moved away from those the champion was trained on."""

    exit_code = 5


class StorageFull(LinewiseError):
    """The disk was full before everything was written; what stood there before still stands."""

    http_status = 507

    def __init__(self, folder: str, free_bytes: int) -> None:
        super().__init__(
            f"The disk of {folder} is full: {free_bytes / 1e9:,.1f} GB are free without the unfinished files.",
            "Room for the new files beside the former ones was expected; the former ones stand as they were.",
            "Free some space or choose another home, and run it again.",
        )


class RecordFull(StorageFull):
    """The record could not be written, so nothing that needed it is given out."""

    def __init__(self, path: str) -> None:
        LinewiseError.__init__(
            self,
            f"The disk of the record {path} is full.",
            "A suggestion leaves only after it was recorded, so none was made; nothing half-written is left.",
            "Free some space, and ask again.",
        )


class NobodyMayEnter(NotReady):
    """A home in which neither a user nor a key for machines was made: nobody could be told from anybody."""

    def __init__(self) -> None:
        super().__init__(
            "Nobody may enter here yet.",
            "A user who signs in, or a key for a machine, was expected.",
            "Run: linewise user add NAME --role agent, or: linewise apikey create NAME --scope decisions:write",
        )


class NotSignedIn(LinewiseError):
    """The request carries neither a session that goes on nor a key that holds."""

    http_status = 401


class NotAllowed(LinewiseError):
    """It is known who asks, and they may not do this."""

    http_status = 403


class ReasonNeeded(NotAllowed):
    """A customer of no live call of this person: opened with a reason alone."""

    def __init__(self, customer_id: str) -> None:
        super().__init__(
            "This customer is not in a call of yours.",
            "A reason to open the customer's record was expected; it is kept and shown in a report.",
        )
        self.customer_id = customer_id


class SecondPersonNeeded(NotAllowed):
    """A record of staff, of a party related to the bank, or of a list of the bank's own: two people open it."""

    def __init__(self, customer_id: str) -> None:
        super().__init__(
            "This customer's record is opened by two people.",
            "Another person who lets you in was expected: you have asked, and it is written down.",
            "Let a supervisor open the page of who asks to be let in.",
        )
        self.customer_id = customer_id


class TooManyRequests(LinewiseError):
    """More was asked, or tried, than is let through; `wait_seconds` says when to come again."""

    http_status = 429

    def __init__(self, given: str, wait_seconds: int) -> None:
        super().__init__(given, "", f"Try again in {wait_seconds} seconds.")
        self.wait_seconds = wait_seconds


class ApprovalMissing(LinewiseError):
    """The step needs another person's signed approval."""

    http_status, exit_code = 403, 6


class ApprovalVoid(ApprovalMissing):
    """A campaign was planned on other things than decide now: nobody's approval stands for it."""

    def __init__(self, campaign_id: str, changed: Sequence[str]) -> None:
        super().__init__(
            f"Since the campaign {campaign_id!r} was planned these have changed: {', '.join(changed)}.",
            "An approval stands for what was looked at and for nothing else.",
            f"Plan it anew: linewise campaign plan FILE, then linewise campaign propose {campaign_id} --key FILE",
        )
        self.changed = tuple(changed)
