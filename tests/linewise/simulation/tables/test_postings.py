import pytest

from tests.linewise.simulation.tables.builders import AMERICAN, WORLD, at_s, chunk_of, person, posting


@pytest.mark.parametrize(
    ("posted", "late_days", "recorded"),
    [
        ("2026-03-05 14:00", 0, "2026-03-06 01:00"),
        ("2026-03-05 00:00", 0, "2026-03-06 01:00"),
        ("2026-03-05 23:59:59", 0, "2026-03-06 01:00"),
        ("2026-03-06 00:30", 0, "2026-03-07 01:00"),
        ("2026-03-05 14:00", 10, "2026-03-16 01:00"),
    ],
)
def test_a_posting_is_recorded_at_one_in_the_morning_of_the_following_night(
    posted: str, late_days: int, recorded: str
) -> None:
    chunk = chunk_of([person()], postings=[posting(at_s(posted), late_days=late_days)])
    assert chunk.postings.transactions.recorded_us.tolist() == [at_s(recorded) * 1_000_000]


def test_a_posting_that_is_not_recorded_by_the_end_of_the_data_is_not_delivered() -> None:
    last_evening = at_s("2026-11-19 20:00")
    postings = [posting(last_evening), posting(last_evening, late_days=1)]
    found = chunk_of([person()], postings=postings).postings.transactions
    assert len(found.at_us) == 1
    assert found.recorded_us[0] <= WORLD.calendar.data_until_s * 1_000_000


def test_the_rank_of_a_posting_counts_all_of_its_customer() -> None:
    noon = at_s("2026-03-05 12:00")
    accounts = [(0, 1), (0, 3), (0, 1), (1, 3)]
    postings = [posting(noon + i, person=who, account=account) for i, (who, account) in enumerate(accounts)]
    chunk = chunk_of([person(1), person(2)], postings=postings)
    assert chunk.postings.transactions.rank.tolist() == [0, 2]
    assert chunk.postings.repayments.rank.tolist() == [1, 0]


def test_nights_are_those_of_the_banks_own_place_also_where_clocks_change() -> None:
    zone = "America/New_York"
    evenings = [at_s(f"2026-03-0{day} 23:30", zone) for day in (6, 7, 8)]
    chunk = chunk_of([person()], postings=[posting(evening) for evening in evenings], world=AMERICAN)
    nights = [at_s(f"2026-03-0{day} 01:00", zone) * 1_000_000 for day in (7, 8, 9)]
    assert chunk.postings.transactions.recorded_us.tolist() == nights


def test_a_card_is_in_use_when_its_holder_buys_or_draws_cash_and_not_by_fees_refunds_or_refusals() -> None:
    noon = at_s("2026-03-05 12:00")
    given = [
        posting(noon, kind=0),
        posting(noon + 1, kind=2, account=2),
        posting(noon + 2, kind=1),
        posting(noon + 3, kind=7),
        posting(noon + 4, kind=0, is_declined=1),
        posting(noon + 5, kind=0, account=3),
    ]
    used = chunk_of([person(has_supplementary=1)], postings=given).postings.last_used_s
    assert used[:, 0].tolist() == [0, noon, noon + 1]


def test_a_bank_without_postings_has_no_movements() -> None:
    assert len(chunk_of([person()]).postings.transactions.at_us) == 0
