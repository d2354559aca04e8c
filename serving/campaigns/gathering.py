"""The first pass over the base: who is addressed, what each may be offered, what it is worth, and who falls where."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.catalogue import FEATURE_NAMES
from features.online import OnlineRows
from linewise.decisioning.cells import BUSINESS_AS_USUAL, global_holdout, is_drawn_control
from linewise.decisioning.draws import uniform_draw
from linewise.decisioning.prices import NO_PRICES, Prices
from linewise.decisioning.rule import Rule
from linewise.decisioning.types import Bools, Context, Customers, Decisions, Floats, Ints, Texts
from serving.campaigns.base import Base, Frame, contacts_among
from serving.campaigns.brief.audience import Audience, named_of
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.brief.terms import Action, CampaignTerms, actions_of, terms_of
from serving.campaigns.hours import ToldHour
from serving.campaigns.steps import OPEN, RuleSteps, Verdicts, Waterfall, judged
from serving.scoring.deciding import Offered
from serving.scoring.reach import phones_of, zones_of
from serving.scoring.sight import sight_of

__all__ = ["CHUNK", "CLOSED", "Candidates", "Gathered", "Several", "gather"]

CHUNK = 5_000
KEPT = 4
"""So many actions of a customer are kept, the best ones: what is taken away by a budget leaves three others."""

FIRST = 1e15
"""More than any priority in minor units."""

CLOSED = np.iinfo(np.int64).min
AGE = "age_years"
LANGUAGE = "language"
YOUNGEST_OF_BANDS = (0, 18, 25, 35, 45, 55, 65)

NOT_HELD, HELD, AS_USUAL = 0, 1, 2
"""Whether somebody stands in no holdout of the bank, in a named one, or in the cell of business as usual."""


@dataclass(frozen=True, slots=True)
class Several:
    """Campaigns planned together: their files, conditions, terms, and what they may give.

    channels, offered: of all of them together; live: ids of campaigns that live already; elsewhere: by campaign, who of
    the base is on the list of which of them, (n_all,), 1 the first, 0 for none.
    """

    briefs: tuple[Brief, ...]
    audiences: tuple[Audience, ...]
    channels: tuple[str, ...]
    offered: Offered
    terms: tuple[CampaignTerms, ...]
    actions: tuple[Action, ...]
    live: tuple[str, ...]
    elsewhere: tuple[NDArray[np.int16], ...]

    @classmethod
    def of(
        cls,
        base: Base,
        briefs: Sequence[Brief],
        audiences: Sequence[Audience],
        live: Sequence[str] = (),
        elsewhere: Sequence[NDArray[np.int16]] = (),
    ) -> "Several":
        """The campaigns on the catalogue of a base.

        Of the prices of the release those of exposure, loss and capital count; money and contacts are the
        campaigns' own.
        """
        channels = tuple(dict.fromkeys(one.channel for brief in briefs for one in brief.channels))
        wanted = {offer for brief in briefs for offer in brief.offer_ids}
        prices = base.desk.prices
        shared = Prices(
            exposure_ratio=prices.exposure_ratio, loss_ratio=prices.loss_ratio, capital_ratio=prices.capital_ratio
        )
        offered = Offered.of(base.desk.policy.decision.offers, wanted, shared)
        currency = base.bank.manifest.currency
        return cls(
            tuple(briefs),
            tuple(audiences),
            channels,
            offered,
            tuple(terms_of(brief, channels, offered.offers, currency) for brief in briefs),
            actions_of(briefs, channels, offered.offers),
            tuple(live),
            tuple(elsewhere) or tuple(np.zeros(len(base), dtype=np.int16) for _ in briefs),
        )


@dataclass(slots=True)
class Candidates:
    """Who may be on a list, (n_candidates,) in order of the base, with their best actions, (n_candidates, n_kept).

    place: in the base; action: places among the actions, -1 for none, the best first; priority, value_amt, cost_amt:
    minor units; held: NOT_HELD and so on; is_control, segment (n_candidates, n_campaigns); contact (n_candidates,
    n_channels): a number for the token of each channel, 0 for none; draw: an even number that settles ties; zone,
    language: places among `Gathered.words`.
    """

    place: Ints
    action: NDArray[np.int16]
    priority: Ints
    value_amt: Ints
    cost_amt: Ints
    propensity: Floats
    uplift: Floats
    held: NDArray[np.int8]
    is_control: Bools
    segment: NDArray[np.int8]
    contact: NDArray[np.uint64]
    draw: Floats
    age_band: NDArray[np.int8]
    zone: NDArray[np.int16]
    language: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.place)


@dataclass(slots=True)
class Gathered:
    """What the first pass found: a waterfall a campaign, who it addressed (by place), and the candidates.

    age_bands (n_campaigns, n_bands): the addressed by age. words: time zones and languages, by their places.
    """

    waterfalls: list[Waterfall]
    is_addressed: Bools
    age_bands: Ints
    candidates: Candidates
    words: tuple[str, ...]


@dataclass(slots=True)
class _Pass:
    """One pass over the base."""

    base: Base
    several: Several
    contexts: Mapping[str, Context]
    words: dict[str, int] = field(default_factory=dict)
    _steps: dict[tuple[Rule, ...], RuleSteps] = field(default_factory=dict)

    def coded(self, words: Sequence[str]) -> NDArray[np.int16]:
        """The place of each word, new ones at the end."""
        return np.array([self.words.setdefault(word, len(self.words)) for word in words], dtype=np.int16)

    def steps(self, rules: tuple[Rule, ...]) -> RuleSteps:
        """The steps of the rules of a decision, which are the same in every chunk."""
        if rules not in self._steps:
            self._steps[rules] = RuleSteps.of(self.base.desk.policy, FEATURE_NAMES, rules)
        return self._steps[rules]


def gather(base: Base, several: Several, advance: Callable[[int], None] = lambda done: None) -> Gathered:
    """Decide for everybody who is addressed, frame by frame; `advance` is told how many of the base are done."""
    columns = sorted({LANGUAGE, *(name for one in several.audiences for name in one.columns)})
    waterfalls = [Waterfall(len(base)) for _ in several.briefs]
    addressed = np.zeros((len(base), len(several.briefs)), dtype=np.bool_)
    bands = np.zeros((len(several.briefs), len(YOUNGEST_OF_BANDS)), dtype=np.int64)
    found: list[Candidates] = []
    now = base.desk.clock.now()
    language = base.desk.settings.language
    contexts = {name: Context(name, now, language, explain=False, is_outbound=True) for name in several.channels}
    work = _Pass(base, several, contexts)
    for frame in base.frames(columns):
        is_in, segment = _addressed(frame, several)
        addressed[frame.start : frame.start + len(frame)] = is_in
        for campaign, waterfall in enumerate(waterfalls):
            waterfall.remove("universe", "NOT_IN_AUDIENCE", int((~is_in[:, campaign]).sum()))
        contacts = {channel: _contact_numbers(base, frame, channel) for channel in several.channels}
        places = np.flatnonzero(is_in.any(axis=1))
        for start in range(0, len(places), CHUNK):
            chunk = places[start : start + CHUNK]
            one = _Chunk(frame, chunk, is_in[chunk], segment[chunk], {name: at[chunk] for name, at in contacts.items()})
            candidates, band = _decided(work, one, waterfalls)
            found.append(candidates)
            for campaign in range(len(several.briefs)):
                bands[campaign] += np.bincount(band[one.is_in[:, campaign]], minlength=len(YOUNGEST_OF_BANDS))
        advance(len(frame))
    return Gathered(waterfalls, addressed, bands, _together(found, several), tuple(work.words))


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some customers of a frame: their places in it, who is addressed by which campaign, and how they are reached."""

    frame: Frame
    places: Ints
    is_in: Bools
    segment: Ints
    contacts: Mapping[str, NDArray[np.uint64]]

    @property
    def rows(self) -> OnlineRows:
        rows = self.frame.rows
        return OnlineRows(
            rows.customer_id[self.places], rows.found[self.places], rows.as_of[self.places], rows.values[self.places]
        )


def _addressed(frame: Frame, several: Several) -> tuple[Bools, Ints]:
    """Who is addressed, and the segment of each, (n_customers, n_campaigns)."""
    is_in = np.zeros((len(frame), len(several.briefs)), dtype=np.bool_)
    segment = np.zeros_like(is_in, dtype=np.int64)
    for campaign, audience in enumerate(several.audiences):
        named: dict[str, NDArray[Any]] = {
            name: frame.rows.values[:, FEATURE_NAMES.index(name)] for name in audience.features
        }
        named |= named_of(frame.people, audience.columns)
        is_in[:, campaign], segment[:, campaign] = audience.places(named, len(frame))
    return is_in, segment


def _contact_numbers(base: Base, frame: Frame, channel: str) -> NDArray[np.uint64]:
    """A number for the token by which each customer is reached, (n_customers,), 0 for who is not.

    A bank that delivers no contact points keeps the addresses itself: everybody is reached, each by their own.
    """
    ids = frame.rows.customer_id
    if not base.bank.has("contact_points"):
        return np.arange(frame.start + 1, frame.start + 1 + len(ids), dtype=np.uint64)
    contacts = contacts_among(base.bank, channel, frame.among, base.desk.clock.now())
    numbers = np.zeros(len(ids), dtype=np.uint64)
    known = np.asarray(contacts["customer_id"].to_pylist(), dtype=np.str_)
    at = np.minimum(np.searchsorted(ids, known), len(ids) - 1)
    is_here = ids[at] == known
    tokens = contacts["contact_ref"].filter(pa.array(is_here)).to_pylist()
    # Told apart within this plan alone, so that the hash of this process will do.
    numbers[at[is_here]] = np.fromiter(map(hash, tokens), np.int64, len(tokens)).view(np.uint64) | np.uint64(1)
    return numbers


def _decided(work: _Pass, chunk: _Chunk, waterfalls: Sequence[Waterfall]) -> tuple[Candidates, NDArray[np.int8]]:
    several, count = work.several, len(chunk.places)
    shape = (count, len(several.actions))
    priority = np.full(shape, CLOSED, dtype=np.int64)
    value, cost = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    propensity, uplift = np.zeros(shape), np.zeros(shape)
    verdicts = [Verdicts.of_nobody_yet(count) for _ in several.briefs]
    rows = chunk.rows
    held = np.zeros(count, dtype=np.int8)
    for channel, name in enumerate(several.channels):
        hours = ToldHour(_opening(several, name))
        decisions = chunk.frame.desk.propose(rows, work.contexts[name], several.offered, hours.told)
        held = _held(hours.customers)
        for campaign, brief in enumerate(several.briefs):
            if name not in {one.channel for one in brief.channels}:
                continue
            first, code = _first_steps(work, decisions, chunk, campaign, name)
            verdicts[campaign].merge(first.max(axis=1), code)
            offers = [place for place, offer in enumerate(several.offered.offers.offer_id) if offer in brief.offer_ids]
            worth = _worth(decisions, several, several.terms[campaign], channel)
            for at, action in enumerate(several.actions):
                if (action.campaign, action.channel) != (campaign, channel):
                    continue
                is_open = first[:, offers.index(action.offer)] == OPEN
                priority[:, at] = np.where(is_open, worth.priority[:, action.offer], CLOSED)
                value[:, at], cost[:, at] = worth.value_amt[:, action.offer], worth.cost_amt[:, action.offer]
                propensity[:, at] = decisions.offers.propensity[:, action.offer]
                uplift[:, at] = decisions.offers.uplift[:, action.offer]
    for campaign, waterfall in enumerate(waterfalls):
        waterfall.fallen(verdicts[campaign], chunk.is_in[:, campaign])
    band = _bands(rows)
    return _kept(work, chunk, rows, priority, (value, cost, propensity, uplift), held, band), band


def _opening(several: Several, channel: str) -> time:
    """The earliest hour at which one of the campaigns uses the channel."""
    return min(brief.window.opens for brief in several.briefs if channel in {one.channel for one in brief.channels})


def _held(customers: Customers | None) -> NDArray[np.int8]:
    assert customers is not None  # noqa: S101  told by the decision that was just made
    facts = customers.facts
    usual = facts["standing_cell"] == BUSINESS_AS_USUAL
    return np.where(usual, AS_USUAL, np.where(facts["is_held_out"] == 1.0, HELD, NOT_HELD)).astype(np.int8)


def _first_steps(
    work: _Pass, decisions: Decisions, chunk: _Chunk, campaign: int, channel: str
) -> tuple[Ints, NDArray[np.object_]]:
    """The first step against each offer of one campaign, (n_customers, n_its_offers), and each customer's code."""
    several, brief = work.several, work.several.briefs[campaign]
    offers, decided = several.offered.offers, decisions.offers
    ours = np.array([offer in brief.offer_ids for offer in offers.offer_id], dtype=np.bool_)
    facts, state = decisions.customers.facts, decisions.state
    available = decided.room_amt + np.where(decided.rank >= 0, offers.need_amt, 0).sum(axis=1)
    declined = np.fmin(state.days_since_declined, state.days_since_group_declined)
    impersonal = (facts["is_personalisation_off"] == 1.0) | (facts["has_refused_automation"] == 1.0)
    elsewhere = several.elsewhere[campaign][chunk.frame.start + chunk.places]
    beside = [
        # Who cannot pay is offered nothing that is for sale, whatever the rules leave.
        ("eligibility", "HARDSHIP_FIRST", decisions.hardship.is_on[:, None]),
        ("eligibility", "NOT_IN_THIS_CHANNEL", ~decided.is_relevant),
        ("eligibility", "NOT_AFFORDABLE", offers.need_amt[None, :] > available[:, None]),
        ("consent", "PERSONALISATION_OFF", impersonal[:, None]),
        ("contact_caps", "CAMPAIGN_CAP", (facts["impression_count_30d"] >= brief.caps.contacts_in_30_days)[:, None]),
        ("recent_decline", "DECLINED_BEFORE", declined <= brief.caps.after_decline_days),
        ("reachable", f"NO_{channel.upper()}_CONTACT", (chunk.contacts[channel] == 0)[:, None]),
        *(("duplicates", f"ON_LIST_{name}", (elsewhere == at)[:, None]) for at, name in enumerate(several.live, 1)),
    ]
    beside = [(step, code, np.broadcast_to(where, decided.rank.shape)[:, ours]) for step, code, where in beside]
    return judged(decided.hits[:, ours], work.steps(decided.rules), beside)


@dataclass(frozen=True, slots=True)
class _Worth:
    """What each pair brings before and at what cost, and by what it is ranked, (n_customers, n_offers), minor units."""

    priority: Ints
    value_amt: Ints
    cost_amt: Ints


def _worth(decisions: Decisions, several: Several, terms: CampaignTerms, channel: int) -> _Worth:
    """By priority = uplift × value − Σ price × use − contact − propensity × benefit.

    The decision's own priority carries the catalogue's cost of a contact in place of the campaign's.
    """
    decided, offers = decisions.offers, several.offered.offers
    gain = np.rint(decided.uplift * decided.value_amt)
    scarce = np.zeros_like(gain)
    if several.offered.prices != NO_PRICES:
        scarce = np.where(decided.priority != 0, np.maximum(gain - offers.cost_amt - decided.priority, 0.0), 0.0)
    cost = np.nan_to_num(terms.contact_amt[channel] + decided.propensity * terms.benefit_amt)
    value, spent = gain.astype(np.int64), np.rint(cost).astype(np.int64)
    return _Worth(value - spent - np.rint(scarce).astype(np.int64), value, spent)


def _bands(rows: OnlineRows) -> NDArray[np.int8]:
    age = np.nan_to_num(rows.values[:, FEATURE_NAMES.index(AGE)])
    return (np.searchsorted(YOUNGEST_OF_BANDS, age, side="right") - 1).astype(np.int8)


def _kept(
    work: _Pass,
    chunk: _Chunk,
    rows: OnlineRows,
    priority: Ints,
    worth: tuple[Ints, Ints, Floats, Floats],
    held: NDArray[np.int8],
    band: NDArray[np.int8],
) -> Candidates:
    """Those to whom an action is open, with their best ones."""
    several = work.several
    campaign_of = np.array([action.campaign for action in several.actions])
    priority = np.where(chunk.is_in[:, campaign_of], priority, CLOSED)
    kept = np.flatnonzero((priority != CLOSED).any(axis=1))
    best = _best_of(priority[kept], campaign_of)
    ids, seed = rows.customer_id[kept], chunk.frame.desk.settings.seed

    def taken(values: NDArray[Any]) -> NDArray[Any]:
        return np.take_along_axis(values[kept], best, axis=1)

    ranked = taken(priority)
    value, cost, propensity, uplift = (taken(one) for one in worth)
    return Candidates(
        place=chunk.frame.start + chunk.places[kept],
        action=np.where(ranked == CLOSED, -1, best).astype(np.int16),
        priority=ranked,
        value_amt=value,
        cost_amt=cost,
        propensity=propensity,
        uplift=uplift,
        held=_held_then(ids, held[kept], work),
        is_control=np.stack([_is_control(ids, brief, seed) for brief in several.briefs], axis=1),
        segment=chunk.segment[kept].astype(np.int8),
        contact=np.stack([chunk.contacts[name][kept] for name in several.channels], axis=1),
        draw=uniform_draw(ids, seed, "campaigns"),
        age_band=band[kept],
        zone=work.coded(_zones(chunk, ids)),
        language=work.coded(_languages(work, chunk, kept)),
    )


def _best_of(priority: Ints, campaign_of: Ints) -> Ints:
    """The places of the actions that are kept of each, (n_customers, n_kept), the best first.

    The best of each campaign is among them, so that none loses a customer whom it could have.
    """
    key = priority.astype(np.float64)
    campaigns = np.unique(campaign_of)
    count = min(max(KEPT, 2 * len(campaigns)), priority.shape[1])
    if count < priority.shape[1]:
        first = key.copy()
        for campaign in campaigns.tolist():
            ours = np.flatnonzero(campaign_of == campaign)
            first[np.arange(len(key)), ours[key[:, ours].argmax(axis=1)]] += FIRST
        chosen = np.sort(np.argsort(-first, axis=1, kind="stable")[:, :count], axis=1)
    else:
        chosen = np.broadcast_to(np.arange(count), key.shape)
    order = np.argsort(-np.take_along_axis(key, chosen, axis=1), axis=1, kind="stable")
    return np.take_along_axis(chosen, order, axis=1)


def _zones(chunk: _Chunk, ids: Texts) -> Sequence[str]:
    """Where each customer is, by the clock that the rules go by."""
    desk = chunk.frame.desk
    sight = sight_of(desk.facts, ids.tolist(), desk.clock.now())
    return list(zones_of(sight, phones_of(sight)).tolist())


def _languages(work: _Pass, chunk: _Chunk, kept: Ints) -> Sequence[str]:
    told = chunk.frame.people[LANGUAGE].take(pa.array(chunk.places[kept])).to_pylist()
    return [one or work.base.desk.settings.language for one in told]


def _held_then(ids: Texts, held: NDArray[np.int8], work: _Pass) -> NDArray[np.int8]:
    """Who is held out now, and who will be by the global holdout of a year into which a campaign reaches."""
    desk, windows = work.base.desk, [brief.window for brief in work.several.briefs]
    years = {day.year for window in windows for day in (window.first_day, window.last_day)}
    for year in years - {desk.clock.now().year}:
        later = global_holdout(ids, desk.policy.cells, desk.settings.seed, year)
        held = np.where(later & (held == NOT_HELD), HELD, held).astype(np.int8)
    return held


def _is_control(customer_id: Texts, brief: Brief, seed: int) -> Bools:
    return is_drawn_control(customer_id, seed, brief.campaign_id, brief.holdout.control_ratio)


def _together(parts: Sequence[Candidates], several: Several) -> Candidates:
    if parts:
        return Candidates(
            **{name: np.concatenate([getattr(one, name) for one in parts]) for name in Candidates.__slots__}
        )
    kept, by_campaign = (0, len(several.actions)), (0, len(several.briefs))
    return Candidates(
        place=np.zeros(0, dtype=np.int64),
        action=np.zeros(kept, dtype=np.int16),
        priority=np.zeros(kept, dtype=np.int64),
        value_amt=np.zeros(kept, dtype=np.int64),
        cost_amt=np.zeros(kept, dtype=np.int64),
        propensity=np.zeros(kept),
        uplift=np.zeros(kept),
        held=np.zeros(0, dtype=np.int8),
        is_control=np.zeros(by_campaign, dtype=np.bool_),
        segment=np.zeros(by_campaign, dtype=np.int8),
        contact=np.zeros((0, len(several.channels)), dtype=np.uint64),
        draw=np.zeros(0),
        age_band=np.zeros(0, dtype=np.int8),
        zone=np.zeros(0, dtype=np.int16),
        language=np.zeros(0, dtype=np.int16),
    )
