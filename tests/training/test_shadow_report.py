from datetime import UTC, datetime, timedelta

from linewise.ledger.model_findings import Subject
from linewise.ledger.shadows import Shadow
from training.shadow_report import ORDERS_MINIMUM, shadow_report

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def a_shadow(number: int, take_up: float = 0.1, better: float = 0.1, limit: int = 100) -> Shadow:
    return Shadow(
        decision_id=f"d{number}", customer_id="c", subject=Subject("card_default", 2, "a"),
        decided_at=AT + timedelta(days=number % 3), champion_pd=0.01 * number, challenger_pd=0.02 * number,
        champion_take_up=take_up, challenger_take_up=better, champion_offer="GOLD",
        challenger_offer="GOLD" if number % 2 else "", champion_limit_amt=100, challenger_limit_amt=limit,
    )  # fmt: skip


def test_nothing_scored_is_told_as_nothing():
    report = shadow_report("card_default", 2, [], frozenset())
    assert (report.days, report.decision_count, report.pd, report.first_at) == (0, 0, None, None)
    assert (report.other_offer_ratio, report.champion_auc) == (0, None)


def test_both_scores_stand_beside_each_other():
    report = shadow_report("card_default", 2, [a_shadow(n, limit=100 + 50 * (n == 3)) for n in range(4)], frozenset())
    assert (report.days, report.decision_count) == (3, 4)
    assert report.pd is not None
    assert (report.pd.champion_mean, report.pd.challenger_mean, report.pd.correlation) == (0.015, 0.03, 1.0)
    assert (report.other_offer_ratio, report.other_limit_ratio, report.limit_difference_amt) == (0.5, 0.25, 50)
    assert report.take_up is not None
    assert report.take_up.correlation is None


def test_who_told_the_orders_better_is_said_from_enough_of_them_on():
    count = 2 * ORDERS_MINIMUM
    shadows = [a_shadow(n, take_up=0.1 * (n % 2), better=0.1 * (n >= ORDERS_MINIMUM)) for n in range(count)]
    ordered = frozenset((f"d{n}", "GOLD") for n in range(ORDERS_MINIMUM, count))
    report = shadow_report("card_default", 2, shadows, ordered)
    assert (report.order_count, report.champion_auc, report.challenger_auc) == (ORDERS_MINIMUM, 0.5, 1.0)
    fewer = shadow_report("card_default", 2, shadows, frozenset(list(ordered)[:-1]))
    assert (fewer.order_count, fewer.challenger_auc) == (ORDERS_MINIMUM - 1, None)
