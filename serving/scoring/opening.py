"""A home is opened: all its parts are read, checked against each other, and made ready to decide."""

from features.online import OnlineStore
from linewise.bank.tables import open_bank
from linewise.core.clock import BankClock
from linewise.core.settings import Settings
from linewise.ledger.bookings import bookings_after
from linewise.ledger.breaker import EARLY_LOSS, counted_until
from linewise.ledger.releases import note_release
from linewise.ledger.store import ledger_of
from linewise.policy.standard_folder import policy_folder
from serving.scoring.archive import archive_release
from serving.scoring.challengers import challengers_on_disk
from serving.scoring.deciding import Decider, Parts, enforce_same_features
from serving.scoring.knowing import open_knowledge
from serving.scoring.observing import UNOBSERVED, Observer
from serving.scoring.policy_terms import terms_for
from serving.scoring.recommender import Recommender
from serving.scoring.registry import Release, open_release
from serving.scoring.scorers import learnt_offers
from serving.scoring.staging import with_policy_held
from serving.scoring.switches import enforce_stoppable
from serving.scoring.watching import watch

__all__ = ["open_decider", "open_for_base", "open_recommender", "open_to_send"]

OPENED = "opened by the service"
NOBODY = ("", "")
"""From no id to none: what is read of a bank without its customers."""


def open_decider(settings: Settings, threads: int = 1, release: Release | None = None) -> Decider:
    """What a home would decide, to look at: no approval is asked for, and no archive kept of what decides.

    release: these models and not those that serve. Raises BankMissing, FeaturesMissing, ModelMissing or
    PolicyInvalid, each saying what to run.
    """
    return Decider(_parts(settings, threads, release))


def open_recommender(settings: Settings, threads: int = 1, observer: Observer = UNOBSERVED) -> Recommender:
    """What a home decides; its release is archived and noted in the ledger, and the breaker looks at its raises.

    observer: who is told of each decision. Raises as `open_decider`.
    """
    parts = _parts(settings, threads)
    recommender = _noted(settings, parts)
    recommender.observer = observer
    _look_after_raises(parts)
    recommender.shadowed_by(challengers_on_disk(settings.paths))
    return recommender


def open_to_send(settings: Settings) -> Recommender:
    """As `open_recommender`, but knowing nobody, for what was decided already and is sent in the name of the release.

    A bank of a million takes minutes and gigabytes to be known whole, and whoever sends a list reads it a frame of
    customers at a time. Raises are not looked after, which takes the whole bank, and no challenger scores.
    """
    return _noted(settings, _parts(settings, among=NOBODY))


def _noted(settings: Settings, parts: Parts) -> Recommender:
    """A recommender whose release is archived and noted."""
    recommender = Recommender(parts)
    versions, folder = recommender.versions, policy_folder(parts.settings.policy)
    terms = terms_for(parts.bank, settings)
    archive_release(settings.paths, versions, parts.release, folder, terms, recommender.prices)
    # Whoever made it signs for it: linewise release propose. A service that opens it knows no author.
    note_release(parts.knowledge.ledger, versions.release_id, versions.digests, OPENED, BankClock().now())
    return recommender


def _look_after_raises(parts: Parts) -> None:
    """What is overdue early on raises is told by the bank's tables, which may be newer than when last opened."""
    ledger, now = parts.knowledge.ledger, parts.bank.clock(parts.settings).now()
    with ledger.engine.connect() as connection:
        is_idle = not bookings_after(connection, counted_until(connection, EARLY_LOSS), "limit")
    if not is_idle:
        watch(parts.knowledge.facts, ledger, parts.policy.promises.breaker, now, BankClock().now())


def open_for_base(settings: Settings) -> Decider:
    """As `open_decider`, but knowing nobody yet: a base is read a frame of customers at a time (`Decider.among`)."""
    return Decider(_parts(settings, among=NOBODY))


def _parts(
    settings: Settings, threads: int = 1, release: Release | None = None, among: tuple[str, str] | None = None
) -> Parts:
    bank = open_bank(settings.paths)
    store = OnlineStore(settings.paths)
    generation = store.generation()
    release = release or open_release(settings.paths)
    settings = with_policy_held(settings, release)
    enforce_same_features(release, generation)
    policy = terms_for(bank, settings).load(settings.policy).scored_by_models(learnt_offers(release))
    enforce_stoppable(policy)
    knowledge = open_knowledge(bank, ledger_of(settings), policy, bank.clock(settings).now(), settings.seed, among)
    return Parts(settings, bank, knowledge, store, release, policy, threads)
