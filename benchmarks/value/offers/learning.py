"""A log as the product's training sees it: pairs of customer and offer, and customers with what became of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import lightgbm as lgb
import numpy as np

from benchmarks.value.offers.worth import catalogue_offers
from linewise.decisioning.types import Floats, Ints
from linewise.simulation.logged import FEATURE_NAMES, LoggedWorld
from linewise.simulation.logged.callers import CONTEXT_NAMES, OFFER_FEATURE_NAMES, OFFER_IDS, Callers
from linewise.simulation.logged.offers import NOTHING, OfferLog
from training.dataset import Dataset, ShowingDataset
from training.effects.censoring import uncensored
from training.fitting import FittedModel, fit_model
from training.showings import IS_SHOWN
from training.specs import BINNED_ROWS_MOST, SPECS, ModelSpec

__all__ = ["Learnt", "by_offer", "default_data", "inputs_of", "learnt_from", "pairs_of", "showing_data", "take_up_spec"]

ROWS_MOST = BINNED_ROWS_MOST
"""The model's `rows_maximum`: of more rows a seed would draw those by which inputs are cut into cells."""

LARGE_COUNT = 100_000
LARGE: Mapping[str, object] = {"learning_rate": 0.15, "leaf_rows_minimum": 500}
"""Of logs of so many decisions, as `linewise model train -S` takes it."""

INPUTS = (*FEATURE_NAMES, *OFFER_FEATURE_NAMES, *CONTEXT_NAMES)


@dataclass(frozen=True, slots=True)
class Learnt:
    """The product's models of one log."""

    take_up: FittedModel
    default: FittedModel

    def default_12m(self, callers: Callers) -> Floats:
        """The probability of default within a year, (n_people,)."""
        nothing = np.zeros(len(callers), dtype=np.int64)
        return self.default.probability(
            Dataset("default", FEATURE_NAMES, (), callers.people.features, nothing, nothing, nothing)
        )

    def uplift(self, callers: Callers) -> Floats:
        """What showing each offer adds, (n_people, n_offers)."""
        return _of_pairs(callers, self.take_up.uplift)

    def take_ups(self, callers: Callers) -> Floats:
        """The probability of each offer being taken once shown, (n_people, n_offers)."""
        return _of_pairs(callers, self.take_up.probability)


def by_offer(trees: lgb.Booster, known: Floats) -> Floats:
    """What trees on customer and offer tell of each offer, (n_rows, n_offers), by what is known (n_rows, n_inputs)."""
    pairs = (np.hstack([known, np.tile(offer, (len(known), 1))]) for offer in catalogue_offers().attributes)
    return np.column_stack([trees.predict(one, num_threads=1) for one in pairs])


def _of_pairs(callers: Callers, of_pairs: Callable[[ShowingDataset], Floats]) -> Floats:
    columns = [of_pairs(pairs_of(callers, np.full(len(callers), offer))) for offer in range(len(OFFER_IDS))]
    return np.column_stack(columns)


def inputs_of(callers: Callers) -> Floats:
    """What is known of the customers and the moment, (n_people, n_inputs)."""
    return np.hstack([callers.people.features, callers.features, callers.context])


def pairs_of(callers: Callers, offer: Ints, rows: Ints | None = None, is_shown: Ints | None = None) -> ShowingDataset:
    """Customers (`rows` of the callers, or all) beside one offer each, shown (1, as if by default) or not (0)."""
    rows = np.arange(len(callers)) if rows is None else rows
    shown = np.ones(len(rows), dtype=np.int64) if is_shown is None else is_shown
    offers = catalogue_offers()
    nothing = np.zeros(len(rows), dtype=np.int64)
    return ShowingDataset(
        name="offer_take_up",
        feature_names=INPUTS,
        offer_attributes=(*offers.attribute_names, IS_SHOWN),
        x=np.hstack([inputs_of(callers)[rows], offers.attributes[offer], shown[:, None]]),
        y=nothing,
        groups=callers.people.number[rows],
        cases=rows,
        has_control_group=True,
        horizon_months=3.0,
        is_shown=shown,
        is_pitched=np.full(len(rows), np.nan),
        is_censored=np.zeros(len(rows), dtype=np.bool_),
        agents=callers.agent[rows],
    )


def showing_data(world: LoggedWorld, log: OfferLog) -> ShowingDataset:
    """Each offer that was shown, and beside each decision as many permitted ones that were not as ROWS_MOST bears.

    They are drawn by the customer. Who put the answer off is left out, and those like them are weighed up.
    """
    count = len(log.action)
    shown, open_others = np.flatnonzero(log.action < NOTHING), log.callers.is_permitted.copy()
    open_others[shown, log.action[shown]] = False
    beside = max(min(ROWS_MOST // count - 1, len(OFFER_IDS) - 1), 1)
    lot = world.chance.uniform("beside", log.callers.people.number[:, None], np.arange(len(OFFER_IDS)))
    place = np.argsort(np.argsort(np.where(open_others, lot, 2.0), axis=1), axis=1)
    others, not_shown = np.nonzero(open_others & (place < beside))
    rows, offer = np.r_[shown, others], np.r_[log.action[shown], not_shown]
    is_shown = np.r_[np.ones(len(shown), dtype=np.int64), np.zeros(len(others), dtype=np.int64)]
    pairs = pairs_of(log.callers, offer, rows, is_shown)
    return uncensored(_with_answers(pairs, log, rows, offer, beside), take_up_spec(count))


def _with_answers(pairs: ShowingDataset, log: OfferLog, rows: Ints, offer: Ints, beside: int) -> ShowingDataset:
    permitted = log.callers.is_permitted.sum(axis=1)[rows]
    chance, nothing = log.propensity[rows, offer], log.propensity[rows, NOTHING]
    # A pair that is not shown stands in the data where it is among those drawn beside what was, or beside nothing.
    drawn = (1.0 - chance - nothing) * np.minimum(beside / np.maximum(permitted - 1, 1), 1.0)
    drawn = drawn + nothing * np.minimum(beside / np.maximum(permitted, 1), 1.0)
    return replace(
        pairs,
        y=log.is_taken[rows, offer].astype(np.int64),
        is_pitched=np.where(pairs.is_shown == 1, log.is_pitched[rows].astype(np.float64), np.nan),
        is_censored=log.is_censored[rows] & (pairs.is_shown == 1),
        propensity=chance / (chance + drawn),
    )


def default_data(log: OfferLog) -> Dataset:
    """Customers, and whether they defaulted within the year."""
    people = log.callers.people
    number = people.number
    return Dataset("default", FEATURE_NAMES, (), people.features, log.is_default.astype(np.int64), number, number)


def take_up_spec(log_count: int, **given: object) -> ModelSpec:
    """The product's own for a log of so many decisions."""
    grown = LARGE if log_count >= LARGE_COUNT else {}
    return SPECS["offer_take_up"].model_copy(update={**grown, **given})


def learnt_from(world: LoggedWorld, log: OfferLog, seed: int, spec: ModelSpec | None = None) -> Learnt:
    """The product's models, trained as `linewise model train` trains them."""
    of_default = SPECS["card_default"].model_copy(update={"dose": None})
    of_take_up = take_up_spec(len(log.action)) if spec is None else spec
    return Learnt(
        fit_model(of_take_up, showing_data(world, log), seed),
        fit_model(of_default, default_data(log), seed),
    )
