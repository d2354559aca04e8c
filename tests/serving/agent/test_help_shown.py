"""The screen of who cannot pay shows the ladder, and of who can, what a plan saves and what settling it early costs."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from serving.scoring.answer import full_answer
from serving.scoring.audience import agent_view
from tests.builders import FixedScorers, a_context, a_policy, decided, some_customers
from tests.serving.agent.memory_desk import MemoryDesk, full_view
from tests.serving.agent.reading import ask_for, text_of

OWES = {
    "current_limit_amt": 6_000_000,
    "statement_count_365d": 12.0,
    "statement_balance_amt": 1_200_000.0,
    "payment_ratio_180d": 0.06,
    "minimum_payment_ratio": 0.05,
    "income_evidence_amt": 3e6,
}
IN_TROUBLE = OWES | {"total_card_debt_amt": 6e6, "repayment_ability_amt": 1e6, "income_evidence_amt": 500_000.0}


def viewed(known: dict[str, float], *, is_in_hardship: bool) -> Any:
    """Views of a real decision in the place of the canned ones."""

    def made(decision_id: str, customer_id: str, language: str) -> dict[str, Any]:
        context = a_context(language=language)
        decisions = decided(
            some_customers(known), FixedScorers(offset=-9.0), None, context, is_in_hardship=is_in_hardship
        )
        told = {"decision_id": decision_id, "feature_age_days": 0.0, "release_id": "r-1"}
        real = agent_view(full_answer(decisions, 0, a_policy()) | told)
        return full_view(decision_id, customer_id, language) | real | {"customer_id": customer_id}

    return made


@pytest.mark.parametrize(
    ("language", "shown", "never"),
    [
        (
            "en",
            (
                "Help with paying",
                "Help comes first",
                "CN¥60,000.00 owed, CN¥3,000.00 due a month",
                "Proposed A personal repayment plan can be negotiated as equals",
                "A person negotiates and signs this.",
                "Until it is settled no credit card is applied for at any bank.",
                "Schedule over 60 months",
            ),
            ("Repayment plan For", "What to say", "breaking"),
        ),
        ("zh-CN", ("还款帮助", "建议方案", "须由专人协商并签署。", "期限 60 个月"), ("接受 Alt A",)),
    ],
)
def test_who_cannot_pay_is_shown_the_ladder_and_nothing_to_sell(
    client: TestClient, desk: MemoryDesk, language: str, shown: tuple[str, ...], never: tuple[str, ...]
) -> None:
    desk.makes = viewed(IN_TROUBLE, is_in_hardship=True)
    words = text_of(ask_for(client, "2143", language))
    assert [one for one in shown if one not in words] == []
    assert [one for one in never if one in words] == []


def test_a_plan_tells_what_it_saves_and_what_paying_it_off_early_costs(client: TestClient, desk: MemoryDesk) -> None:
    desk.makes = viewed(OWES, is_in_hardship=False)
    words = text_of(ask_for(client, "2143", "en"))
    assert "· Suggested" in words
    assert "Saved beside going on as now CN¥" in words
    assert "Paid off after 1 month CN¥" in words
    assert "Paid off after 3 months CN¥" in words
    assert "Help with paying" not in words
