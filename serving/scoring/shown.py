"""What a chunk of decisions shows, one row a thing: offers, help, the limit, plans; and why the rest is not shown."""

from itertools import pairwise

import numpy as np
import polars as pl

from linewise.decisioning.losing import lost_because
from linewise.decisioning.rule import headline, takes_away
from linewise.decisioning.types import Bools, Decisions, Texts
from linewise.policy.policy import Policy

__all__ = ["absences_of", "segments_of", "shown_of"]

AGE_BANDS_YEARS = (18, 25, 35, 45, 55, 65)
TENURE_BANDS_YEARS = (1, 3, 5, 10)
LIMIT_BANDS_MAJOR = (1, 5_000, 20_000, 50_000, 100_000)
DAYS_A_YEAR = 365.2425


def _bands(values: np.ndarray[tuple[int], np.dtype[np.float64]], edges: tuple[int, ...]) -> list[str]:
    """`under 18`, `18 to 24`, …, `65 and over`, or `unknown`, (n_customers,)."""
    inner = [f"{low} to {high - 1}" for low, high in pairwise(edges)]
    names = np.array([f"under {edges[0]}", *inner, f"{edges[-1]} and over"])
    place = np.searchsorted(np.array(edges), np.nan_to_num(values), side="right")
    return [str(one) for one in np.where(np.isnan(values), "unknown", names[place])]


def segments_of(decisions: Decisions, minor_a_major: int) -> pl.DataFrame:
    """The customers with their bands of age, of time with the bank and of the limit in force."""
    customers = decisions.customers
    limit = customers.current_limit_amt / minor_a_major
    return pl.DataFrame(
        {
            "customer_id": customers.customer_id.tolist(),
            "age_band": _bands(customers.feature("age_years"), AGE_BANDS_YEARS),
            "tenure_band": _bands(customers.feature("tenure_days") / DAYS_A_YEAR, TENURE_BANDS_YEARS),
            "limit_band": _bands(limit, LIMIT_BANDS_MAJOR),
        }
    )


SHOWN = {
    "customer_id": pl.String, "thing": pl.String, "item": pl.String, "kind": pl.String,
    "amt": pl.Int64, "value_amt": pl.Int64, "expected_loss_amt": pl.Int64,
}  # fmt: skip


def shown_of(decisions: Decisions, policy: Policy) -> pl.DataFrame:
    """Everything that is shown.

    thing: offer, help, limit, plan; item: the offer_id, `raise`, or the term; kind: of the action. amt: the
    limit that is suggested, or the payment of a plan; value_amt: the priority of an offer, or what the
    limit earns above the one in force; expected_loss_amt: PD times LGD times the limit. Minor units.
    """
    ids = decisions.customers.customer_id
    return pl.concat([_offers(decisions, ids, policy), _limits(decisions, ids, policy), _plans(decisions, ids)])


def _frame(**columns: object) -> pl.DataFrame:
    return pl.DataFrame({name: columns[name] for name in SHOWN}, schema=SHOWN)


def _offers(decisions: Decisions, ids: Texts, policy: Policy) -> pl.DataFrame:
    decided, actions = decisions.offers, policy.decision.offers
    names, kinds = np.array(actions.offer_id, dtype=object), np.array(actions.kind, dtype=object)
    frames = []
    for thing, places in (("offer", decided.rank), ("help", decided.help_rank)):
        rows, columns = np.nonzero(places >= 0)
        none = np.zeros(len(rows), dtype=np.int64)
        frames.append(
            _frame(
                customer_id=ids[rows].tolist(),
                thing=[thing] * len(rows),
                item=names[columns].tolist(),
                kind=kinds[columns].tolist(),
                amt=none,
                value_amt=decided.priority[rows, columns] if thing == "offer" else none,
                expected_loss_amt=none,
            )
        )
    return pl.concat(frames)


def _limits(decisions: Decisions, ids: Texts, policy: Policy) -> pl.DataFrame:
    limit = decisions.limit
    rows = np.flatnonzero(limit.suggested_amt > limit.current_amt)
    at = (limit.candidate_amt[rows] == limit.suggested_amt[rows, None]).argmax(axis=1)
    lost = limit.expected_loss_amt[rows, at]
    return _frame(
        customer_id=ids[rows].tolist(),
        thing=["limit"] * len(rows),
        item=["raise"] * len(rows),
        kind=["promotional"] * len(rows),
        amt=limit.suggested_amt[rows],
        value_amt=limit.profit_amt[rows, at] - limit.profit_amt[rows, 0],
        expected_loss_amt=np.rint(lost).astype(np.int64),
    )


def _plans(decisions: Decisions, ids: Texts) -> pl.DataFrame:
    plans = decisions.plans
    rows, terms = np.nonzero(plans.is_shown)
    none = np.zeros(len(rows), dtype=np.int64)
    return _frame(
        customer_id=ids[rows].tolist(),
        thing=["plan"] * len(rows),
        item=[f"{months} months" for months in plans.term_months[terms].tolist()],
        kind=["promotional"] * len(rows),
        amt=plans.payment_amt[rows, terms],
        value_amt=none,
        expected_loss_amt=none,
    )


def absences_of(decisions: Decisions, policy: Policy) -> pl.DataFrame:
    """Why each offer and limit that is not shown is not: a rule_id, or the word of the arbitration."""
    decided, ids = decisions.offers, decisions.customers.customer_id
    names = np.array(policy.decision.offers.offer_id, dtype=object)
    rows, columns = np.nonzero((decided.rank < 0) & (decided.help_rank < 0))
    why = _why(decisions, policy)[rows, columns]
    limit = decisions.limit
    none = np.flatnonzero(limit.suggested_amt <= limit.current_amt)
    return pl.DataFrame(
        {
            "customer_id": [*ids[rows].tolist(), *ids[none].tolist()],
            "thing": ["offer"] * len(rows) + ["limit"] * len(none),
            "item": [*names[columns].tolist(), *["raise"] * len(none)],
            "because": [*why.tolist(), *limit.binding[none].tolist()],
        },
        schema={"customer_id": pl.String, "thing": pl.String, "item": pl.String, "because": pl.String},
    )


def _why(decisions: Decisions, policy: Policy) -> Texts:
    """The headline rule of each pair that a rule took away, else the word of the arbitration."""
    decided = decisions.offers
    taken: Bools = decided.hits & takes_away(decided.rules, decisions.asks_for("offer"))[:, None, :]
    named = np.array([*(rule.rule_id for rule in decided.rules), ""])[headline(decided.rules, taken)]
    lost = lost_because(decisions, policy.decision.offers, policy.decision.arbitration)
    return np.where(named == "", lost, named)
