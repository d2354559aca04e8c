"""One frame of a base: who is addressed, what is decided for them, and who of them may be on a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.catalogue import FEATURE_NAMES
from features.online import OnlineRows
from linewise.decisioning.cells import BUSINESS_AS_USUAL, global_holdout, is_drawn_control
from linewise.decisioning.draws import uniform_draw
from linewise.decisioning.rule import Rule
from linewise.decisioning.types import Bools, Context, Customers, Decisions, Floats, Ints, Texts
from serving.campaigns.base import Base, Frame
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.gathering.addressing import Reached, addressed, contact_numbers, reached
from serving.campaigns.gathering.candidates import AS_USUAL, CLOSED, HELD, NOT_HELD, Candidates, best_of, together
from serving.campaigns.gathering.hours import ToldHour
from serving.campaigns.gathering.several import Several
from serving.campaigns.gathering.steps import OPEN, RuleSteps, Verdicts, Waterfall, judged
from serving.campaigns.gathering.worth import worth_of
from serving.scoring.reach import phones_of, zones_of
from serving.scoring.sight import sight_of

__all__ = ["YOUNGEST_OF_BANDS", "Found", "FramePass"]

AGE = "age_years"
LANGUAGE = "language"
YOUNGEST_OF_BANDS = (0, 18, 25, 35, 45, 55, 65)


@dataclass(frozen=True, slots=True)
class Found:
    """What one frame came to, from the place `start` of the base on.

    waterfalls: a campaign each, of the frame alone; is_addressed (n_customers, n_campaigns); age_bands (n_campaigns,
    n_bands): the addressed by age; words: time zones and languages of the candidates, by their places; reached: by
    channel, how these are.
    """

    start: int
    waterfalls: tuple[Waterfall, ...]
    is_addressed: Bools
    age_bands: Ints
    candidates: Candidates
    words: tuple[str, ...]
    reached: Mapping[str, Reached]

    def __len__(self) -> int:
        return len(self.is_addressed)


class FramePass:
    """Decides for a frame of the base after the other; what it found of one depends on no other."""

    def __init__(self, base: Base, several: Several, contexts: Mapping[str, Context]) -> None:
        self.base, self.several, self.contexts = base, several, contexts
        self._steps: dict[tuple[Rule, ...], RuleSteps] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """What is looked at of the customers' table."""
        return tuple(sorted({LANGUAGE, *(name for one in self.several.audiences for name in one.columns)}))

    def steps(self, rules: tuple[Rule, ...]) -> RuleSteps:
        """The steps of the rules of a decision, which are the same in every frame."""
        if rules not in self._steps:
            self._steps[rules] = RuleSteps.of(self.base.desk.policy, FEATURE_NAMES, rules)
        return self._steps[rules]

    def found(self, frame: Frame, elsewhere: Sequence[NDArray[np.int16]]) -> Found:
        """Decide for everybody of the frame who is addressed; elsewhere: of the frame alone, as `Several` has it."""
        several, words = self.several, dict[str, int]()
        waterfalls = tuple(Waterfall(len(frame)) for _ in several.briefs)
        is_in, segment = addressed(frame, several)
        for campaign, waterfall in enumerate(waterfalls):
            waterfall.remove("universe", "NOT_IN_AUDIENCE", int((~is_in[:, campaign]).sum()))
        bands = np.zeros((len(several.briefs), len(YOUNGEST_OF_BANDS)), dtype=np.int64)
        places = np.flatnonzero(is_in.any(axis=1))
        if not len(places):
            nobody = dict.fromkeys(several.channels, Reached.together([]))
            return Found(frame.start, waterfalls, is_in, bands, together([], several), (), nobody)
        by_channel = {channel: reached(self.base, frame, channel) for channel in several.channels}
        contacts = {channel: contact_numbers(self.base, frame, one)[places] for channel, one in by_channel.items()}
        lists = tuple(one[places] for one in elsewhere)
        those = _Addressed(frame, places, is_in[places], segment[places], contacts, lists, words)
        candidates, band = _decided(self, those, waterfalls)
        for campaign in range(len(several.briefs)):
            bands[campaign] = np.bincount(band[those.is_in[:, campaign]], minlength=len(YOUNGEST_OF_BANDS))
        at = candidates.place - frame.start
        referred = {channel: one.of(at) for channel, one in by_channel.items()}
        return Found(frame.start, waterfalls, is_in, bands, candidates, tuple(words), referred)


@dataclass(frozen=True, slots=True)
class _Addressed:
    """Whom a frame addresses: their places in it, who by which campaign, and how they are reached.

    elsewhere: by campaign, who is on the list of which live one, (n_addressed,); words: the places of words that were
    met in the frame so far, new ones at the end.
    """

    frame: Frame
    places: Ints
    is_in: Bools
    segment: Ints
    contacts: Mapping[str, NDArray[np.uint64]]
    elsewhere: tuple[NDArray[np.int16], ...]
    words: dict[str, int]

    def coded(self, words: Sequence[str]) -> NDArray[np.int16]:
        """The place of each word."""
        return np.array([self.words.setdefault(word, len(self.words)) for word in words], dtype=np.int16)

    @property
    def rows(self) -> OnlineRows:
        rows, begin, end = self.frame.rows, int(self.places[0]), int(self.places[-1]) + 1
        # Where everybody is addressed these are neighbours, and nothing has to be copied.
        at = slice(begin, end) if end - begin == len(self.places) else self.places
        return OnlineRows(rows.customer_id[at], rows.found[at], rows.as_of[at], rows.values[at])


def _decided(
    work: FramePass, those: _Addressed, waterfalls: Sequence[Waterfall]
) -> tuple[Candidates, NDArray[np.int8]]:
    several, count = work.several, len(those.places)
    shape = (count, len(several.actions))
    priority = np.full(shape, CLOSED, dtype=np.int64)
    value, cost = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    propensity, uplift = np.zeros(shape), np.zeros(shape)
    verdicts = [Verdicts.of_nobody_yet(count) for _ in several.briefs]
    rows = those.rows
    held = np.zeros(count, dtype=np.int8)
    for channel, name in enumerate(several.channels):
        hours = ToldHour(_opening(several, name))
        decisions = those.frame.desk.propose(rows, work.contexts[name], several.offered, hours.told)
        held = _held(hours.customers)
        for campaign, brief in enumerate(several.briefs):
            if name not in {one.channel for one in brief.channels}:
                continue
            first, code = _first_steps(work, decisions, those, campaign, name)
            verdicts[campaign].merge(first.max(axis=1), code)
            offers = [place for place, offer in enumerate(several.offered.offers.offer_id) if offer in brief.offer_ids]
            worth = worth_of(decisions, several, several.terms[campaign], channel)
            for at, action in enumerate(several.actions):
                if (action.campaign, action.channel) != (campaign, channel):
                    continue
                is_open = first[:, offers.index(action.offer)] == OPEN
                priority[:, at] = np.where(is_open, worth.priority[:, action.offer], CLOSED)
                value[:, at], cost[:, at] = worth.value_amt[:, action.offer], worth.cost_amt[:, action.offer]
                propensity[:, at] = decisions.offers.propensity[:, action.offer]
                uplift[:, at] = decisions.offers.uplift[:, action.offer]
    for campaign, waterfall in enumerate(waterfalls):
        waterfall.fallen(verdicts[campaign], those.is_in[:, campaign])
    band = _bands(rows)
    return _kept(work, those, rows, priority, (value, cost, propensity, uplift), held, band), band


def _opening(several: Several, channel: str) -> time:
    """The earliest hour at which one of the campaigns uses the channel."""
    return min(brief.window.opens for brief in several.briefs if channel in {one.channel for one in brief.channels})


def _held(customers: Customers | None) -> NDArray[np.int8]:
    assert customers is not None  # noqa: S101  told by the decision that was just made
    facts = customers.facts
    usual = facts["standing_cell"] == BUSINESS_AS_USUAL
    return np.where(usual, AS_USUAL, np.where(facts["is_held_out"] == 1.0, HELD, NOT_HELD)).astype(np.int8)


def _first_steps(
    work: FramePass, decisions: Decisions, those: _Addressed, campaign: int, channel: str
) -> tuple[Ints, NDArray[np.object_]]:
    """The first step against each offer of one campaign, (n_customers, n_its_offers), and each customer's code."""
    several, brief = work.several, work.several.briefs[campaign]
    offers, decided = several.offered.offers, decisions.offers
    is_ours = np.array([offer in brief.offer_ids for offer in offers.offer_id], dtype=np.bool_)
    # The hits of a frame are large: of a campaign alone they are looked at where they lie.
    ours = slice(None) if is_ours.all() else is_ours
    facts, state = decisions.customers.facts, decisions.state
    available = decided.room_amt + np.where(decided.rank >= 0, offers.need_amt, 0).sum(axis=1)
    declined = np.fmin(state.days_since_declined, state.days_since_group_declined)
    impersonal = (facts["is_personalisation_off"] == 1.0) | (facts["has_refused_automation"] == 1.0)
    elsewhere = those.elsewhere[campaign]
    beside = [
        # Who cannot pay is offered nothing that is for sale, whatever the rules leave.
        ("eligibility", "HARDSHIP_FIRST", decisions.hardship.is_on[:, None]),
        ("eligibility", "NOT_IN_THIS_CHANNEL", ~decided.is_relevant),
        ("eligibility", "NOT_AFFORDABLE", offers.need_amt[None, :] > available[:, None]),
        ("consent", "PERSONALISATION_OFF", impersonal[:, None]),
        ("contact_caps", "CAMPAIGN_CAP", (facts["impression_count_30d"] >= brief.caps.contacts_in_30_days)[:, None]),
        ("recent_decline", "DECLINED_BEFORE", declined <= brief.caps.after_decline_days),
        ("reachable", f"NO_{channel.upper()}_CONTACT", (those.contacts[channel] == 0)[:, None]),
        *(("duplicates", f"ON_LIST_{name}", (elsewhere == at)[:, None]) for at, name in enumerate(several.live, 1)),
    ]
    beside = [(step, code, np.broadcast_to(where, decided.rank.shape)[:, ours]) for step, code, where in beside]
    return judged(decided.hits[:, ours], work.steps(decided.rules), beside)


def _bands(rows: OnlineRows) -> NDArray[np.int8]:
    age = np.nan_to_num(rows.values[:, FEATURE_NAMES.index(AGE)])
    return (np.searchsorted(YOUNGEST_OF_BANDS, age, side="right") - 1).astype(np.int8)


def _kept(
    work: FramePass,
    those: _Addressed,
    rows: OnlineRows,
    priority: Ints,
    worth: tuple[Ints, Ints, Floats, Floats],
    held: NDArray[np.int8],
    band: NDArray[np.int8],
) -> Candidates:
    """Those to whom an action is open, with their best ones."""
    several = work.several
    campaign_of = np.array([action.campaign for action in several.actions])
    priority = np.where(those.is_in[:, campaign_of], priority, CLOSED)
    kept = np.flatnonzero((priority != CLOSED).any(axis=1))
    best = best_of(priority[kept], campaign_of)
    ids, seed = rows.customer_id[kept], those.frame.desk.settings.seed

    def taken(values: NDArray[Any]) -> NDArray[Any]:
        return np.take_along_axis(values[kept], best, axis=1)

    ranked = taken(priority)
    value, cost, propensity, uplift = (taken(one) for one in worth)
    return Candidates(
        place=those.frame.start + those.places[kept],
        action=np.where(ranked == CLOSED, -1, best).astype(np.int16),
        priority=ranked,
        value_amt=value,
        cost_amt=cost,
        propensity=propensity,
        uplift=uplift,
        held=_held_then(ids, held[kept], work),
        is_control=np.stack([_is_control(ids, brief, seed) for brief in several.briefs], axis=1),
        segment=those.segment[kept].astype(np.int8),
        contact=np.stack([those.contacts[name][kept] for name in several.channels], axis=1),
        draw=uniform_draw(ids, seed, "campaigns"),
        age_band=band[kept],
        zone=those.coded(_zones(those, ids)),
        language=those.coded(_languages(work, those, kept)),
    )


def _zones(those: _Addressed, ids: Texts) -> Sequence[str]:
    """Where each customer is, by the clock that the rules go by."""
    desk = those.frame.desk
    sight = sight_of(desk.facts, ids.tolist(), desk.clock.now())
    return list(zones_of(sight, phones_of(sight)).tolist())


def _languages(work: FramePass, those: _Addressed, kept: Ints) -> Sequence[str]:
    told = those.frame.people[LANGUAGE].take(pa.array(those.places[kept])).to_pylist()
    return [one or work.base.desk.settings.language for one in told]


def _held_then(ids: Texts, held: NDArray[np.int8], work: FramePass) -> NDArray[np.int8]:
    """Who is held out now, and who will be by the global holdout of a year into which a campaign reaches."""
    desk, windows = work.base.desk, [brief.window for brief in work.several.briefs]
    years = {day.year for window in windows for day in (window.first_day, window.last_day)}
    for year in years - {desk.clock.now().year}:
        later = global_holdout(ids, desk.policy.cells, desk.settings.seed, year)
        held = np.where(later & (held == NOT_HELD), HELD, held).astype(np.int8)
    return held


def _is_control(customer_id: Texts, brief: Brief, seed: int) -> Bools:
    return is_drawn_control(customer_id, seed, brief.campaign_id, brief.holdout.control_ratio)
