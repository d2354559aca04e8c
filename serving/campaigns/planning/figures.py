"""What plan.json says of a list beside how it came to be: what is expected, how deep it goes, who is on it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

from linewise.bank.coded import coded
from linewise.decisioning.types import Bools, Floats
from linewise.quality.power import ALPHA, POWER, detectable_effect
from linewise.quality.profit import profit_curve
from serving.campaigns.base import Base
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.gathering.candidates import CLOSED, Candidates, Gathered
from serving.campaigns.gathering.frame_pass import YOUNGEST_OF_BANDS
from serving.campaigns.gathering.several import Several
from serving.campaigns.planning.allocating import Limit
from serving.campaigns.planning.listing import Listed, Words, by_day_and_channel

__all__ = ["depth_of", "detectable_of", "expected_of", "fairness_of", "funding_of", "preview_of", "quotas_of"]

PREVIEW_COUNT = 20
DECIMALS = 9
PROTECTED = "protected_attributes"
_WORDS = ("customer_id", "attribute", "value")


def expected_of(listed: Listed) -> dict[str, Any]:
    """What contacting the treated is expected to bring: sums over them, amounts in minor units."""
    treated = listed.is_treated
    value, cost = int(listed.value_amt[treated].sum()), int(listed.cost_amt[treated].sum())
    return {
        "value_amt": value,
        "cost_amt": cost,
        "profit_amt": value - cost,
        "contacts": int(treated.sum()),
        "responses": _rounded(listed.propensity[treated].sum()),
        "added_responses": _rounded(listed.uplift[treated].sum()),
    }


def detectable_of(listed: Listed) -> dict[str, Any]:
    """The least lift that the two arms would show, at the rate that is expected without a contact."""
    treated = listed.is_treated
    base = float((listed.propensity - listed.uplift).mean()) if len(listed) else 0.0
    base = min(max(base, 0.0), 1.0)
    found = detectable_effect(base, int(treated.sum()), int((~treated).sum()))
    return {
        "base_ratio": _rounded(base),
        "effect_ratio": None if found is None else _rounded(found),
        "alpha": ALPHA,
        "power": POWER,
    }


def depth_of(
    candidates: Candidates, several: Several, campaign: int, limits: Sequence[Limit], chosen: int
) -> dict[str, Any]:
    """Profit by depth of file, the most worth first, where it is highest, and where budget and capacity end.

    Over everybody to whom an offer of the campaign is open, those among them whose contact costs more than it brings.
    """
    campaign_of = np.array([one.campaign for one in several.actions])[np.maximum(candidates.action, 0)]
    ours = (candidates.action >= 0) & (campaign_of == campaign)
    priority = np.where(ours, candidates.priority, CLOSED)
    at = priority.argmax(axis=1)
    rows = np.flatnonzero(ours.any(axis=1))
    worth = priority[rows, at[rows]].astype(np.float64)
    cost = candidates.cost_amt[rows, at[rows]].astype(np.float64)
    money = min(limit.amount for limit in limits if limit.is_money)
    room = sum(limit.amount for limit in limits if limit.code.startswith("CHANNEL_FULL"))
    room = min([room, *(limit.amount for limit in limits if limit.code == "MOST_CONTACTS")])
    spent = np.cumsum(cost[np.argsort(-worth, kind="stable")])
    afforded = int(np.searchsorted(spent, money, side="right"))
    return profit_curve(worth).model_dump(mode="json") | {
        "chosen_depth": chosen,
        "budget_depth": afforded if afforded < len(worth) else None,
        "capacity_depth": int(room) if room < len(worth) else None,
    }


def quotas_of(listed: Listed, brief: Brief) -> list[dict[str, Any]]:
    """How many are contacted on each day by each channel, and how many could be."""
    return [
        {"day": day.isoformat(), "channel": channel, "count": count, "most": most}
        for day, channel, count, most in by_day_and_channel(listed, brief)
    ]


def funding_of(brief: Brief, cost_amt: int) -> list[dict[str, Any]]:
    """Who pays how much of what the plan is expected to cost; the first takes what rounding leaves."""
    shares = [int(cost_amt * one.share_ratio) for one in brief.budget.funding]
    shares[0] += cost_amt - sum(shares)
    return [
        {
            "source": one.source,
            "share_ratio": one.share_ratio,
            "budget_id": one.budget_id,
            "amount_amt": share,
        }
        for one, share in zip(brief.budget.funding, shares, strict=True)
    ]


def preview_of(base: Base, brief: Brief, listed: Listed, words: Words, seed: int) -> list[dict[str, Any]]:
    """Some rows of the list drawn by the seed, masked: enough to see what goes out, and nobody to be known by."""
    count = min(PREVIEW_COUNT, len(listed))
    drawn = np.sort(np.random.default_rng(seed).choice(len(listed), count, replace=False))
    few = listed.only(drawn.astype(np.int64))
    ids = base.id_texts(few.place.tolist())
    channels, days = [one.channel for one in brief.channels], list(brief.window.days)
    return [
        {
            "customer": masked(ids[row]),
            "arm": "treated" if few.is_treated[row] else "control",
            "offer_id": words.offer_ids[few.offer[row]],
            "channel": channels[few.channel[row]],
            "segment": brief.segment_names[few.segment[row]],
            "send_on": days[few.day[row]].isoformat(),
            "decile": int(few.decile[row]),
            "age": band_name(int(few.age_band[row])),
        }
        for row in range(count)
    ]


def masked(customer_id: str) -> str:
    """The last two characters of an id; nobody is known by them.

    >>> masked("C00001234")
    '*******34'
    """
    return "*" * max(len(customer_id) - 2, 1) + customer_id[-2:] if len(customer_id) > 2 else "***"


def band_name(band: int) -> str:
    """A band of ages in words.

    >>> band_name(0), band_name(2), band_name(6)
    ('under 18', '25-34', '65 and over')
    """
    if band == 0:
        return f"under {YOUNGEST_OF_BANDS[1]}"
    if band == len(YOUNGEST_OF_BANDS) - 1:
        return f"{YOUNGEST_OF_BANDS[band]} and over"
    return f"{YOUNGEST_OF_BANDS[band]}-{YOUNGEST_OF_BANDS[band + 1] - 1}"


def fairness_of(base: Base, gathered: Gathered, campaign: int, listed: Listed) -> list[dict[str, Any]]:
    """How many of each group are addressed and how many listed: by age, and by each protected attribute the bank holds.

    Protected attributes are counted here and read nowhere else: no condition, rule or model of the plan sees them.
    """
    counts = np.bincount(listed.age_band, minlength=len(YOUNGEST_OF_BANDS))
    told = [
        _group("age", band_name(band), int(gathered.age_bands[campaign, band]), int(counts[band]))
        for band in range(len(YOUNGEST_OF_BANDS))
        if gathered.age_bands[campaign, band]
    ]
    if base.bank.has(PROTECTED):
        is_listed = np.zeros(len(base), dtype=np.bool_)
        is_listed[listed.place] = True
        told += _protected(base, gathered.is_addressed[:, campaign], is_listed)
    return told


def _protected(base: Base, is_addressed: Bools, is_listed: Bools) -> Iterator[dict[str, Any]]:
    counts: Counter[tuple[str, str]] = Counter()
    listed: Counter[tuple[str, str]] = Counter()
    for start, end in base.ranges():
        rows = base.bank.read(PROTECTED, list(_WORDS), base.among(start, end), coded=_WORDS)
        customer, attribute, value = (coded(rows[name]) for name in _WORDS)
        place = customer.among(base.ids.slice(start, end - start)) + start
        group = attribute.place * len(value.words) + value.place
        names = list(product(attribute.words.to_pylist(), value.words.to_pylist()))
        for counted, mask in ((counts, is_addressed), (listed, is_listed)):
            found = np.bincount(group[mask[place]], minlength=len(names))
            counted.update({names[at]: int(found[at]) for at in np.flatnonzero(found).tolist()})
    for one, count in sorted(counts.items()):
        yield _group(*one, count, listed[one])


def _group(attribute: str, value: str, addressed: int, listed: int) -> dict[str, Any]:
    return {"attribute": attribute, "value": value, "audience_count": addressed, "listed_count": listed}


def _rounded(number: Floats | float) -> float:
    return round(float(number), DECIMALS)
