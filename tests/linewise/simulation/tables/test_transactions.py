import pyarrow.compute as pc

from linewise.simulation.lives.record import CHANNELS, COUNTRIES, KINDS, PURPOSES
from linewise.simulation.tables.transactions import payment_table, transaction_table
from tests.linewise.simulation.tables.builders import LivedBank, at_s, chunk_of, moment, person, posting, texts

NOON = at_s("2026-03-05 12:00")


def test_a_purchase_names_shop_place_and_card() -> None:
    rows = transaction_table(chunk_of([person(12)], postings=[posting(NOON)])).to_pylist()
    assert rows == [
        {
            "transaction_id": "T00000012000000",
            "customer_id": "C00000012",
            "account_id": "K00000012",
            "posted_at": moment(NOON),
            "recorded_at": moment(at_s("2026-03-06 01:00")),
            "direction": "debit",
            "kind": "purchase",
            "category": None,
            "billing_amt": 10_000,
            "currency": "CNY",
            "original_amt": None,
            "original_currency": None,
            "balance_amt": None,
            "mcc": "5411",
            "merchant_id": "M5411-000007",
            "channel": "pos",
            "country": "CN",
            "counterparty_id": None,
            "is_declined": False,
        }
    ]


def test_what_was_paid_in_another_currency_is_shown_beside_what_was_charged() -> None:
    japan, home = COUNTRIES.index("JP"), 0
    given = [posting(NOON, country=japan, original_amt=2_100), posting(NOON + 1, country=home, original_amt=-1)]
    table = transaction_table(chunk_of([person()], postings=given))
    assert texts(table, "original_currency") == ["JPY", None]
    assert texts(table, "original_amt") == [2_100, None]
    assert texts(table, "country") == ["JP", "CN"]


def test_two_countries_of_one_currency_share_it() -> None:
    given = [posting(NOON + i, country=COUNTRIES.index(land), original_amt=9) for i, land in enumerate(("DE", "FR"))]
    table = transaction_table(chunk_of([person()], postings=given))
    assert texts(table, "original_currency") == ["EUR", "EUR"]
    assert texts(table, "country") == ["DE", "FR"]


def test_only_the_current_account_shows_its_balance() -> None:
    given = [posting(NOON, balance_amt=5), posting(NOON + 1, account=0, balance_amt=-7)]
    assert texts(transaction_table(chunk_of([person(has_payroll=1)], postings=given)), "balance_amt") == [None, -7]


def test_a_salary_is_a_credit_from_a_counterparty_without_a_shop() -> None:
    salary = posting(
        NOON, account=0, kind=KINDS.index("transfer_in"), purpose=PURPOSES.index("salary"), is_credit=1, group=-1,
        merchant=-1, country=-1, channel=CHANNELS.index("transfer"), counterparty=20_345,
    )  # fmt: skip
    row = transaction_table(chunk_of([person(has_payroll=1)], postings=[salary])).to_pylist()[0]
    assert row["account_id"] == "A00000001"
    assert (row["direction"], row["kind"], row["category"], row["channel"]) == (
        "credit", "transfer_in", "salary", "transfer",
    )  # fmt: skip
    assert (row["mcc"], row["merchant_id"], row["country"]) == (None, None, None)
    assert row["counterparty_id"] == "P00020345"


def test_the_shops_of_a_cash_out_ring_have_numbers_of_their_own() -> None:
    ring = posting(NOON, group=12, merchant=900_123)
    assert texts(transaction_table(chunk_of([person()], postings=[ring])), "merchant_id") == ["M5199-900123"]


def test_a_refused_attempt_is_delivered_and_marked() -> None:
    table = transaction_table(chunk_of([person()], postings=[posting(NOON, is_declined=1)]))
    assert texts(table, "is_declined") == [True]


def test_a_repayment_is_a_payment_and_no_transaction() -> None:
    given = [posting(NOON, account=3, kind=0), posting(NOON + 1, account=3, kind=1), posting(NOON + 2)]
    chunk = chunk_of([person(3)], postings=given)
    paid = payment_table(chunk)
    assert texts(paid, "payment_id") == ["Y00000003000000", "Y00000003000001"]
    assert texts(paid, "source") == ["own", "third_party"]
    assert texts(paid, "account_id") == ["K00000003", "K00000003"]
    assert texts(transaction_table(chunk), "transaction_id") == ["T00000003000002"]


def test_amounts_arrive_whole(bank: LivedBank) -> None:
    postings = bank.lives.postings
    delivered = bank.tables["transactions"].num_rows + bank.tables["payments"].num_rows
    late = int((postings["late_days"] > 0).sum())
    assert len(postings) - late <= delivered <= len(postings)
    total = (
        pc.sum(bank.tables["transactions"]["billing_amt"]).as_py()
        + pc.sum(bank.tables["payments"]["payment_amt"]).as_py()
    )
    missing = int(postings["amount_amt"].sum()) - total
    assert 0 <= missing <= int(postings["amount_amt"][postings["late_days"] > 0].sum())
