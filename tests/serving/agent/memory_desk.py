"""A desk in memory: canned agent views in both languages, real schedules, answers kept in a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from linewise.core.errors import UnknownCustomer, UnknownDecision
from linewise.decisioning.plans import annualised_rate, level_plans, round_rate_up, schedule_of

AMOUNT_AMT, RATE_RATIO = 16_800_000, 0.149

SAID = {
    "zh-CN": {
        "gold": ("金卡", "含旅行保障和更高单日限额", "以您的账户往来，可以申请带旅行保障的金卡。"),
        "classic": ("标准卡", "购物和取现少跑柜台", "您经常到柜台取现，标准卡可以直接刷卡和取现。"),
        "junior": ("青年卡", "无年费，消费即时提醒", "您可以申请一张没有年费的青年卡。"),
        "disclosure": "金卡每年收取年费；旅行保障以条款为准。您可以随时拒绝此类推荐。",
        "rebuttals": ("年费写在价目表里，您可以先比较。", "好的，不办也没有关系。"),
        "terms": "年满21岁可申请，每年收取年费。",
        "why": ("收入按月到账，使用习惯稳定。", "经常存取现金，有卡更省事。", "账户余额水平与该产品相符。"),
        "binding": "按谨慎收入扣除必要支出后的可承受额度。",
        "limit_why": ("账户没有透支记录。", "每月收支有结余。"),
        "too_old": "该产品面向更年轻的客户。",
        "declined": "客户近期拒绝过同类产品。",
        "complaint": "有未结投诉，先解决问题。",
    },
    "en": {
        "gold": (
            "Gold card",
            "Travel cover and a higher daily limit",
            "With the way you use your account you can apply for a gold card with travel cover.",
        ),
        "classic": (
            "Classic card",
            "Shop and draw cash without the counter",
            "You often draw cash at the counter; a classic card pays and draws cash directly.",
        ),
        "junior": (
            "Junior card",
            "No yearly fee, and a message for every purchase",
            "You can have a junior card without a yearly fee.",
        ),
        "disclosure": (
            "The gold card costs a yearly fee; travel cover is as its terms say. "
            "You may refuse such offers at any time."
        ),
        "rebuttals": ("The fee is in the price list; you can compare it first.", "That is fine; you need not take it."),
        "terms": "From the age of 21; it costs a yearly fee.",
        "why": (
            "Income arrives every month, a steady way to use the account.",
            "Cash is used often; a card saves the trips.",
            "The balance kept fits this product.",
        ),
        "binding": "What cautious income leaves after essentials can bear.",
        "limit_why": ("The account has not been overdrawn.", "Something is left every month."),
        "too_old": "The product is meant for younger customers.",
        "declined": "The customer declined a similar offer recently.",
        "complaint": "A complaint is open; it comes first.",
    },
}


@dataclass(frozen=True)
class Card:
    customer_id: str
    observed_on: date = date(1998, 10, 14)
    currency: str = "CZK"


def offer_of(said: dict[str, Any], offer_id: str, rank: int, confidence: str, fee_amt: int) -> dict[str, Any]:
    title, benefit, talk_track = said[offer_id.removeprefix("CARD_").lower()]
    return {
        "offer_id": offer_id,
        "title": title,
        "benefit": benefit,
        "talk_track": talk_track,
        "rebuttals": {"too_expensive": said["rebuttals"][0], "no_need": said["rebuttals"][1]},
        "terms": said["terms"],
        "confidence": confidence,
        "annual_fee_amt": fee_amt,
        "annualised_cost_ratio": None,
        "saved_amt": 12_300 if rank == 1 else None,
        "disclosure": {"disclosure_id": "CARD-GOLD-FEES", "version": "1", "text": said["disclosure"]},
        "reasons": [{"code": f"R{i}", "text": text} for i, text in enumerate(said["why"])],
        "rank": rank,
    }


def plans_of(amount_amt: int) -> list[dict[str, Any]]:
    terms = np.array([12, 24, 36])
    payment, last, total = level_plans(np.array([amount_amt]), RATE_RATIO, terms)
    rate = round_rate_up(annualised_rate(np.full((1, 3), amount_amt), payment, last, terms[None, :]))
    return [
        {
            "term_months": term,
            "amount_amt": amount_amt,
            "payment_amt": int(payment[0, i]),
            "last_payment_amt": int(last[0, i]),
            "total_cost_amt": int(total[0, i]) - amount_amt,
            "annualised_rate_ratio": float(rate[0, i]),
            "schedule": [
                {
                    "number": line.number,
                    "due_on": line.due_on.isoformat(),
                    "payment_amt": line.payment_amt,
                    "interest_amt": line.interest_amt,
                    "principal_amt": line.principal_amt,
                    "remaining_amt": line.remaining_amt,
                }
                for line in schedule_of(amount_amt, int(payment[0, i]), RATE_RATIO, term, date(1998, 10, 14))
            ],
        }
        for i, term in enumerate(terms.tolist())
    ]


def full_view(decision_id: str, customer_id: str, language: str) -> dict[str, Any]:
    """Two offers, one held back for two reasons, a limit and three plans."""
    said: dict[str, Any] = SAID[language]
    junior = {"offer_id": "CARD_JUNIOR", "title": said["junior"][0]}
    return {
        "decision_id": decision_id,
        "customer_id": customer_id,
        "as_of": "1998-10-14T00:00:00+00:00",
        "decided_at": "1998-10-14T00:00:00+00:00",
        "feature_age_days": 3.25,
        "channel": "voice",
        "currency": "CZK",
        "language": language,
        "offers": [
            offer_of(said, "CARD_GOLD", 0, "high", 90_000),
            offer_of(said, "CARD_CLASSIC", 1, "medium", 25_000),
        ],
        "offers_none_because": None,
        "not_offered": [
            junior | {"stage": "eligibility", "because": said["too_old"]},
            junior | {"stage": "contact_policy", "because": said["declined"]},
        ],
        "limit": {
            "current_amt": 4_000_000,
            "suggested_amt": AMOUNT_AMT,
            "max_amt": 21_000_000,
            "binding": "AFFORDABILITY",
            "binding_text": said["binding"],
            "reasons": [{"code": "AFFORDABILITY", "text": said["binding"]}]
            + [{"code": f"R{i}", "text": text} for i, text in enumerate(said["limit_why"])],
            "why_not": [],
            "shape": [
                {"limit_amt": 1_000_000 * step, "worth_level": level, "is_open": step <= 21}
                for step, level in ((4, 0), (8, 9), (12, 15), (17, 20), (21, 18), (30, 6))
            ],
        },
        "plans": plans_of(AMOUNT_AMT),
        "plans_none_because": None,
        "quotes": [{"action_id": "LIMIT", "status": "standing", "valid_until": "1998-10-31T10:00:00+00:00"}],
        "versions": {"policy": "2026-11-1", "models": {"take_up": "7"}},
        "release_id": "r-1",
    }


def empty_view(decision_id: str, customer_id: str, language: str) -> dict[str, Any]:
    """Nothing may be offered: an open complaint."""
    said: dict[str, Any] = SAID[language]
    because = said["complaint"]
    view = full_view(decision_id, customer_id, language)
    return view | {
        "feature_age_days": 0.0,
        "offers": [],
        "offers_none_because": because,
        "not_offered": [],
        "limit": view["limit"]
        | {
            "suggested_amt": 4_000_000,
            "max_amt": 4_000_000,
            "binding_text": because,
            "reasons": [{"code": "BANK-COMPLAINT", "text": because}],
            "why_not": [{"because": because}],
            "shape": [],
        },
        "plans": [],
        "plans_none_because": because,
        "quotes": [],
    }


@dataclass
class MemoryDesk:
    """`makes` gives the view of a new decision; `decided` counts how often it was asked."""

    cards: Sequence[Card] = tuple(Card(str(number)) for number in (2, 25, 31, 207, 2143))
    makes: Any = full_view
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    decided: int = 0
    staff: frozenset[str] = frozenset()

    def find_customers(self, text: str, most: int = 20) -> Sequence[Card]:
        return [card for card in self.cards if card.customer_id.startswith(text)][:most]

    def is_for_two(self, customer_id: str) -> bool:
        return customer_id in self.staff

    def now_and_zone(self) -> tuple[datetime, str]:
        return datetime(2026, 11, 26, 9, tzinfo=UTC), "Asia/Shanghai"

    def titles_of_actions(self, language: str) -> Mapping[str, str]:
        return {
            "CARD_GOLD": SAID[language]["gold"][0],
            "LIMIT": {"zh-CN": "提高信用额度", "en": "A higher limit"}[language],
        }

    def decide_for_agent(self, customer_id: str, language: str, agent_id: str) -> dict[str, Any]:
        if customer_id not in [card.customer_id for card in self.cards]:
            raise UnknownCustomer(customer_id)
        self.decided += 1
        decision_id = f"00000000-0000-4000-8000-{self.decided:012d}"
        self.views[decision_id] = self.makes(decision_id, customer_id, language)
        return self.views[decision_id]

    def decision_for_agent(self, decision_id: str) -> dict[str, Any]:
        if decision_id not in self.views:
            raise UnknownDecision(decision_id)
        return self.views[decision_id]

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
        row = {
            "decision_id": decision_id,
            "offer_id": offer_id,
            "outcome": outcome,
            "reason_code": reason_code,
            "note": note,
            "agent_id": agent_id,
            "call_id": call_id,
        }
        is_new = row not in self.outcomes
        if is_new:
            self.outcomes.append(row)
        return f"outcome-{self.outcomes.index(row)}", is_new

    def note_shown(self, decision_id: str, action_ids: Sequence[str], agent_id: str, call_id: str) -> None:
        for one in action_ids:
            self.record_outcome(decision_id, one, "shown", "", "", agent_id, call_id)

    def outcomes_of(self, decision_id: str) -> Sequence[dict[str, Any]]:
        return [one for one in self.outcomes if one["decision_id"] == decision_id]
