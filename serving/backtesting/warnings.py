"""What a back-test cannot say, said beside it: where there is no past to compare, and what stands in the way."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from serving.backtesting.swaps import MIN_COMPARABLE, HeldBack, OfferSwap, Support, Swap
from serving.scoring.archive import ArchivedRelease

__all__ = ["NOT_CAUSAL", "warnings_of"]

NOT_CAUSAL = (
    "A comparison of what was decided, not of what would have happened: a swap-in shows how these customers fared "
    "without the credit, a swap-out how they fared with it, and the groups differ in more than that."
)

ENOUGH_SUPPORT = 0.9
MOST_ALONE = 0.5


def warnings_of(
    release: ArchivedRelease,
    absent: frozenset[str],
    credit: Sequence[Swap],
    offers: Sequence[OfferSwap],
    support: Support,
    held_back: Sequence[HeldBack],
    span: tuple[datetime, datetime],
    now: datetime,
) -> list[str]:
    """Sentences for a person, in the order in which they matter.

    span: the first date and the end of the last window, up to which the bank's own acts are counted.
    """
    return [
        *_no_past(absent),
        *_little_support(support),
        *_offers_never_shown(offers),
        *_one_rule_for_most(held_back, sum(one.decisions for one in credit)),
        *_unobserved(credit),
        *_cut_window(span[1], now),
        *_in_sample(release, span[0]),
        "Lines for instalments are those of the bank's present books; the tables keep no history of them.",
    ]


def _no_past(absent: frozenset[str]) -> Iterable[str]:
    if {"limit_changes", "limit_requests"} <= absent:
        yield "The bank delivers neither limit_changes nor limit_requests: every grant of the release is a swap-in."
    if "exposures" in absent:
        yield "The bank delivers no exposures: nothing is known of what it offered."
    if {"statements", "instalments"} <= absent:
        yield "The bank delivers neither statements nor instalments: no default can be seen."


def _little_support(support: Support) -> Iterable[str]:
    if support.ratio is not None and support.ratio < ENOUGH_SUPPORT:
        lacking = support.swap_ins - support.supported
        yield (
            f"{lacking:,} of {support.swap_ins:,} swap-ins ({1 - support.ratio:.0%}) have no counterpart in the bank's "
            f"past: fewer than {MIN_COMPARABLE} grants to customers of the same fifth of risk and of income. What "
            "would become of them cannot be read off this bank."
        )


def _offers_never_shown(offers: Sequence[OfferSwap]) -> Iterable[str]:
    known = {one.offer_id: 0 for one in offers}
    for one in offers:
        known[one.offer_id] += 0 if one.group == "swap_in" else one.pairs
    lacking = sorted(offer_id for offer_id, pairs in known.items() if pairs < MIN_COMPARABLE)
    if lacking:
        yield f"The bank hardly ever showed {', '.join(lacking)} then: of their take-up its past says nothing."


def _one_rule_for_most(held_back: Sequence[HeldBack], decisions: int) -> Iterable[str]:
    for one in held_back:
        if one.decisions > decisions * MOST_ALONE:
            yield (
                f"{one.rule_id} alone holds back {one.what} in {one.decisions:,} of {decisions:,} decisions. Where the "
                "tables hold its inputs for the bank's present only, that is the data's doing and not the release's."
            )


def _unobserved(credit: Sequence[Swap]) -> Iterable[str]:
    decisions = sum(one.decisions for one in credit)
    unknown = decisions - sum(one.observed_count for one in credit)
    if unknown:
        yield (
            f"For {unknown:,} of {decisions:,} decisions the horizon ends after what is known, or a default was under "
            "way already: they count in no default rate."
        )


def _cut_window(end: datetime, now: datetime) -> Iterable[str]:
    if end > now:
        yield f"The last window ends on {end:%Y-%m-%d}, after what is known: the bank may yet do more in it."


def _in_sample(release: ArchivedRelease, first: datetime) -> Iterable[str]:
    latest = max(str(model.spec.get("trained_at", "")) for model in release.models.models.values())
    if latest[:10] >= f"{first:%Y-%m-%d}":
        yield "The models were trained after these dates began and may have learnt from the very outcomes shown here."
