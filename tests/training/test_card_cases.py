"""Card holders at dates: who is a case, what counts as a raise, and what counts as its outcome."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from linewise.bank.tables import Bank
from linewise.core.home import Home
from linewise.simulation.tables.columns import EXTRA_COLUMNS
from tests.linewise.bank.builders import END, a_row, a_transaction, an_account, rows_of, small_tables, write_small
from training.card_cases import HORIZON_DAYS, CardCases, card_cases

DAY = timedelta(days=1)
YEAR = timedelta(days=HORIZON_DAYS)
FIRST = datetime(2024, 6, 20, tzinfo=UTC)
"""The first statement; with half a year of history the first date is the first of January."""

AT = datetime(2025, 1, 1, tzinfo=UTC)
CasesOf = Callable[..., CardCases]


def a_line(account_id: str = "a1", customer_id: str = "c1", **given: Any) -> dict[str, Any]:
    return an_account(account_id, customer_id, **{"permanent_limit_amt": 1_000_000} | given)


def a_statement(at: datetime, account_id: str = "a1", **given: Any) -> dict[str, Any]:
    plain = {
        "statement_id": f"s{at.timestamp():.0f}{account_id}", "customer_id": account_id.replace("a", "c"),
        "account_id": account_id, "cycle_end_at": at, "due_at": at + 20 * DAY, "recorded_at": at + DAY,
        "balance_amt": 300_000, "minimum_due_amt": 30_000, "paid_amt": 30_000, "days_past_due": 0, "currency": "CNY",
    }  # fmt: skip
    return a_row("statements", **{**plain, **given})


def a_change(at: datetime, old_amt: int = 1_000_000, new_amt: int = 1_500_000, **given: Any) -> dict[str, Any]:
    plain = {
        "change_id": f"l{at.timestamp():.0f}", "customer_id": "c1", "account_id": "a1", "changed_at": at,
        "recorded_at": at, "old_limit_amt": old_amt, "new_limit_amt": new_amt, "initiated_by": "bank",
        "decision": "rule", "currency": "CNY",
    }  # fmt: skip
    return a_row("limit_changes", **{**plain, **given})


def a_trial(at: datetime, offer_id: str = "LIMIT_25") -> dict[str, Any]:
    """A limit that chance alone chose."""
    plain = {"exposure_id": f"e{at.timestamp():.0f}", "customer_id": "c1", "offer_id": offer_id, "channel": "push"}
    return a_row("exposures", **plain, shown_at=at, recorded_at=at, pscore=0.2)


@pytest.fixture
def cases_of(home: Home) -> CasesOf:
    """The cases of a bank whose customer c1 has a line since long ago, with these further rows."""

    def make(
        statements: list[dict[str, Any]] | None = None,
        changes: list[dict[str, Any]] | None = None,
        accounts: list[dict[str, Any]] | None = None,
        transactions: list[dict[str, Any]] | None = None,
        exposures: list[dict[str, Any]] | None = None,
        most: int = 1_000,
    ) -> CardCases:
        shown = rows_of("exposures", *(exposures or []))
        tried = shown.append_column("x_is_randomised", pa.array([True] * len(shown), pa.bool_()))
        bank: Bank = write_small(
            home,
            small_tables(*(transactions or [a_transaction()]))
            | {
                "accounts": rows_of("accounts", *(accounts or [a_line()]), an_account("a2", "c2")),
                "statements": rows_of("statements", a_statement(FIRST - DAY), *(statements or [])),
                "limit_changes": rows_of("limit_changes", *(changes or [])),
            }
            | ({} if exposures is None else {"exposures": tried}),
            extra_columns={} if exposures is None else {"exposures": EXTRA_COLUMNS["exposures"]},
        )
        return card_cases(bank, END, most, seed=1)

    return make


def only(cases: CardCases, values: np.ndarray, at: datetime = AT) -> Any:
    """The value of the one case at that date."""
    (place,) = np.flatnonzero(cases.as_of == np.datetime64(at.replace(tzinfo=None), "us"))
    return values[place]


def test_a_card_holder_is_a_case_at_each_quarter_that_leaves_a_year_and_who_has_no_line_is_none(cases_of: CasesOf):
    cases = cases_of()
    assert set(cases.customer_id) == {"c1"}
    # END is the 30th of June 2026: what began after the 30th of June 2025 has no year yet.
    assert [str(one)[:10] for one in cases.as_of] == ["2025-01-01", "2025-04-01"]
    assert (cases.as_of.astype("datetime64[us]").astype(datetime) + YEAR <= END.replace(tzinfo=None)).all()


def test_a_raise_makes_its_month_a_case_with_its_amount(cases_of: CasesOf):
    cases = cases_of(changes=[a_change(datetime(2025, 2, 10, tzinfo=UTC))])
    assert [str(one)[:10] for one in cases.as_of] == ["2025-01-01", "2025-02-01", "2025-04-01"]
    assert cases.raise_amt.tolist() == [0.0, 500_000.0, 0.0]


@pytest.mark.parametrize(
    ("changed_at", "raise_amt"),
    [
        (AT, 0.0),  # at the date itself it is known already, and part of the line
        (AT + timedelta(microseconds=1), 500_000.0),
        (datetime(2025, 2, 1, tzinfo=UTC), 500_000.0),
        (datetime(2025, 2, 1, 0, 0, 1, tzinfo=UTC), 0.0),  # the next month's
    ],
)
def test_a_raise_counts_from_just_after_the_date_until_the_next_one(cases_of: CasesOf, changed_at, raise_amt):
    cases = cases_of(changes=[a_change(changed_at)])
    assert only(cases, cases.raise_amt) == raise_amt


def test_a_cut_teaches_nothing_of_raises(cases_of: CasesOf):
    cases = cases_of(changes=[a_change(AT + DAY, 1_000_000, 600_000)])
    assert [str(one)[:10] for one in cases.as_of] == ["2025-04-01"]


def test_cards_of_one_group_are_raised_once_and_a_supplementary_one_not_at_all(cases_of: CasesOf):
    shared = [a_line("a1", limit_group="g"), a_line("a3", limit_group="g"), a_line("a4", card_role="supplementary")]
    changes = [a_change(AT + DAY, account_id=account_id, change_id=account_id) for account_id in ("a1", "a3", "a4")]
    cases = cases_of(accounts=shared, changes=changes)
    assert only(cases, cases.raise_amt) == 500_000.0


@pytest.mark.parametrize(
    ("recorded_at", "days_past_due", "label"),
    [
        (AT + 100 * DAY, 89, 0.0),
        (AT + 100 * DAY, 90, 1.0),
        (AT + YEAR, 90, 1.0),
        (AT + YEAR + DAY, 120, 0.0),  # after the year
    ],
)
def test_default_is_ninety_days_within_the_year_after_the_date(cases_of: CasesOf, recorded_at, days_past_due, label):
    late = a_statement(recorded_at - DAY, recorded_at=recorded_at, days_past_due=days_past_due)
    cases = cases_of(statements=[late])
    assert only(cases, cases.is_default) == label


@pytest.mark.parametrize(("days_past_due", "is_case"), [(89, True), (90, False)])
def test_who_is_in_default_at_the_date_is_no_case(cases_of: CasesOf, days_past_due: int, is_case: bool):
    cases = cases_of(statements=[a_statement(AT - 10 * DAY, days_past_due=days_past_due)])
    assert ("2025-01-01" in [str(one)[:10] for one in cases.as_of]) == is_case


def test_a_statement_that_was_recorded_after_the_date_does_not_tell_who_is_a_case(cases_of: CasesOf):
    late = a_statement(AT - 10 * DAY, recorded_at=AT + DAY, days_past_due=120)
    cases = cases_of(statements=[late])
    assert only(cases, cases.is_default) == 1.0


@pytest.mark.parametrize(
    ("statement", "balance_amt"),
    [
        (a_statement(AT + YEAR - DAY, balance_amt=700_000), 700_000.0),
        (a_statement(AT + YEAR, balance_amt=700_000), 700_000.0),
        (a_statement(AT + YEAR + DAY, balance_amt=700_000), 0.0),
        (a_statement(AT + YEAR - DAY, balance_amt=-5_000), 0.0),  # the bank owes the customer
        (a_statement(AT + 200 * DAY, balance_amt=700_000), 0.0),  # the line is closed by then
        (a_statement(AT + 200 * DAY, balance_amt=700_000, days_past_due=181), 700_000.0),  # written off: still owed
    ],
)
def test_the_balance_is_that_of_the_last_statement_of_the_year(cases_of: CasesOf, statement, balance_amt):
    cases = cases_of(statements=[statement])
    assert only(cases, cases.balance_amt) == balance_amt


@pytest.mark.parametrize(
    ("given", "spend_amt"),
    [
        ({"posted_at": AT + DAY}, 100.0),
        ({"posted_at": AT + YEAR}, 100.0),
        ({"posted_at": AT}, 0.0),
        ({"posted_at": AT + YEAR + DAY}, 0.0),
        ({"posted_at": AT + DAY, "is_declined": True}, 0.0),
        ({"posted_at": AT + DAY, "kind": "fee"}, 0.0),
        ({"posted_at": AT + DAY, "account_id": "a2", "customer_id": "c2"}, 0.0),  # no credit line
    ],
)
def test_spending_is_purchases_on_lines_within_the_year(cases_of: CasesOf, given: dict[str, Any], spend_amt: float):
    cases = cases_of(transactions=[a_transaction(**{"recorded_at": given["posted_at"]} | given)])
    assert only(cases, cases.spend_amt) == spend_amt


@pytest.mark.parametrize(
    ("given", "declined_amt"),
    [
        ({"posted_at": AT + DAY}, 100.0),
        ({"posted_at": AT + YEAR}, 100.0),
        ({"posted_at": AT}, 0.0),
        ({"posted_at": AT + YEAR + DAY}, 0.0),
        ({"posted_at": AT + DAY, "is_declined": False}, 0.0),
        ({"posted_at": AT + DAY, "kind": "cash_advance"}, 0.0),
        ({"posted_at": AT + DAY, "account_id": "a2", "customer_id": "c2"}, 0.0),  # no credit line
    ],
)
def test_declined_is_what_was_tried_to_buy_on_lines_within_the_year(cases_of: CasesOf, given, declined_amt: float):
    tried = a_transaction(**{"recorded_at": given["posted_at"], "is_declined": True} | given)
    cases = cases_of(transactions=[tried])
    assert only(cases, cases.declined_amt) == declined_amt
    assert only(cases, cases.declined_labels().amount_amt) == declined_amt


@pytest.mark.parametrize(
    ("lines", "has_left"),
    [
        ([{}], 0.0),
        ([{"closed_at": AT + DAY, "status": "closed"}], 1.0),
        ([{"closed_at": AT + YEAR, "status": "closed"}], 1.0),
        ([{"closed_at": AT + YEAR + DAY, "status": "closed"}], 0.0),
        ([{"closed_at": AT + DAY, "status": "charged_off"}], 0.0),  # the bank closed it
        ([{"closed_at": AT + DAY, "status": "closed"}, {}], 0.0),  # another one stays
        ([{"closed_at": AT + DAY, "status": "closed"}, {"closed_at": AT + 9 * DAY, "status": "closed"}], 1.0),
        ([{"closed_at": AT + DAY, "status": "closed"}, {"closed_at": AT + 9 * DAY, "status": "charged_off"}], 0.0),
        ([{"closed_at": AT + DAY, "status": "closed"}, {"opened_at": AT + 60 * DAY}], 0.0),  # and came back
        ([{"closed_at": AT + DAY, "status": "closed"}, {"opened_at": AT + YEAR + DAY}], 1.0),
    ],
)
def test_who_gives_the_last_card_back_within_the_year_has_left(cases_of: CasesOf, lines, has_left: float):
    accounts = [a_line(f"a{1 + 2 * at}", **{"customer_id": "c1"} | given) for at, given in enumerate(lines)]
    cases = cases_of(accounts=accounts)
    assert only(cases, cases.has_left) == has_left
    assert cases.attrition_labels().is_share


def test_of_too_many_rows_those_with_a_raise_stay_and_the_draw_is_the_seeds(cases_of: CasesOf):
    cases = cases_of(changes=[a_change(datetime(2025, 2, 10, tzinfo=UTC))], most=2)
    assert len(cases.customer_id) == 2
    assert 500_000.0 in cases.raise_amt.tolist()


def test_chance_alone_is_known_of_whoever_was_in_the_slice_raised_or_not(cases_of: CasesOf):
    quarter, between = AT + 3 * DAY, AT + 40 * DAY
    cases = cases_of(exposures=[a_trial(quarter), a_trial(between, "LIMIT_HOLD"), a_trial(AT - 300 * DAY, "CARD_GOLD")])
    assert cases.is_randomised is not None
    assert only(cases, cases.is_randomised)
    # A month that is no quarter is a case for the slice's sake, though the line stayed as it was.
    february = datetime(2025, 2, 1, tzinfo=UTC)
    assert only(cases, cases.is_randomised, february)
    assert only(cases, cases.raise_amt, february) == 0.0
    assert not only(cases, cases.is_randomised, datetime(2025, 4, 1, tzinfo=UTC))
    assert cases.default_labels().is_randomised is cases.is_randomised


def test_a_bank_that_does_not_say_leaves_the_slice_unknown(cases_of: CasesOf):
    assert cases_of().is_randomised is None
