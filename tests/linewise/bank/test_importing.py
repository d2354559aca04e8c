from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.compute as pc
import pytest

from linewise.bank.importing import ImportReport, import_bank
from linewise.bank.tables import Bank, open_bank
from linewise.core.errors import DataCheckFailed, MappingInvalid
from linewise.core.home import Home
from tests.linewise.bank.builders import CUSTOMERS_SQL, END, bytes_below, write_extract, write_mapping


def asked_of(berka_dir: Path, sql: str) -> list[tuple[Any, ...]]:
    """The answer of the source itself, by a way that the mapping does not take."""
    with duckdb.connect() as database:
        for name in ("account", "card", "client", "disp", "loan", "trans_preloan_682_accounts"):
            database.read_parquet(str(berka_dir / f"{name}.parquet")).create_view(name.split("_")[0])
        answer: list[tuple[Any, ...]] = database.sql(sql).fetchall()
    return answer


def counted(bank: Bank, table: str, columns: Sequence[str]) -> dict[Any, int]:
    """How many rows each combination of values has."""
    counts = bank.read(table).group_by(list(columns)).aggregate([([], "count_all")]).to_pylist()
    return {tuple(row[name] for name in columns): row["count_all"] for row in counts}


def test_berka_is_imported_whole_and_nothing_is_put_aside(berka_import: ImportReport) -> None:
    rows = {name: facts.rows for name, facts in berka_import.bank.tables.items() if not facts.is_absent}
    assert rows == {
        "customers": 682,
        "accounts": 682,
        "transactions": 54_694,
        "instalments": 682,
        "limit_requests": 682,
        "holdings": 170,
    }
    assert berka_import.quarantined_rows == 0
    assert berka_import.bank.currency == "CZK"
    assert berka_import.bank.time_zone == "UTC"
    assert berka_import.bank.data_until == datetime(1998, 12, 31, tzinfo=UTC)
    assert "payments" in berka_import.absent


def test_berka_cards_are_those_of_the_owners(berka_bank: Bank, berka_dir: Path) -> None:
    expected = asked_of(
        berka_dir,
        "SELECT 'card_' || type, count(*) FROM card WHERE disp_id IN (SELECT disp_id FROM disp WHERE type = 'OWNER' "
        "AND account_id IN (SELECT account_id FROM loan)) GROUP BY 1",
    )
    assert counted(berka_bank, "holdings", ["product"]) == {(product,): count for product, count in expected}
    assert sum(count for _, count in expected) == 170


def test_berka_amounts_are_exact_to_the_haler(berka_bank: Bank, berka_dir: Path) -> None:
    rows = berka_bank.read("transactions")
    ((credit, debit, balance),) = asked_of(
        berka_dir,
        "SELECT sum(CAST(round(amount * 100) AS BIGINT)) FILTER (type = 'credit'), "
        "sum(CAST(round(amount * 100) AS BIGINT)) FILTER (type <> 'credit'), "
        "sum(CAST(round(balance * 100) AS BIGINT)) FROM trans",
    )
    is_credit = pc.equal(rows["direction"], "credit")
    assert pc.sum(rows.filter(is_credit)["billing_amt"]).as_py() == credit
    assert pc.sum(rows.filter(pc.invert(is_credit))["billing_amt"]).as_py() == debit
    assert pc.sum(rows["balance_amt"]).as_py() == balance


def test_berka_postings_are_of_these_kinds(berka_bank: Bank) -> None:
    assert counted(berka_bank, "transactions", ["direction", "kind", "channel", "category"]) == {
        ("credit", "cash_deposit", "branch", None): 9_810,
        ("credit", "interest", None, None): 9_461,
        ("credit", "transfer_in", "transfer", None): 2_587,
        ("debit", "cash_withdrawal", "atm", None): 77,
        ("debit", "cash_withdrawal", "branch", None): 17_754 + 1_644,
        ("debit", "cash_withdrawal", "branch", "household"): 158,
        ("debit", "fee", None, None): 5_714,
        ("debit", "penalty_interest", None, None): 81,
        ("debit", "transfer_out", "transfer", None): 2_550,
        ("debit", "transfer_out", "transfer", "household"): 3_758,
        ("debit", "transfer_out", "transfer", "insurance"): 1_100,
    }


def test_berka_transfers_and_they_alone_name_the_other_side(berka_bank: Bank) -> None:
    rows = berka_bank.read("transactions")
    is_transfer = pc.equal(rows["channel"], "transfer").fill_null(False)
    assert rows.filter(is_transfer)["counterparty_id"].null_count == 0
    others = rows.filter(pc.invert(is_transfer))["counterparty_id"]
    assert others.null_count == len(others)


def test_berka_loans_end_as_the_bank_recorded(berka_bank: Bank) -> None:
    assert counted(berka_bank, "instalments", ["status"]) == {
        ("settled",): 203,
        ("defaulted",): 31,
        ("running",): 403,
        ("in_arrears",): 45,
    }


def test_berka_birth_days_are_decoded_and_the_sex_is_not_kept(berka_bank: Bank, berka_dir: Path) -> None:
    rows = berka_bank.read("customers")
    ((woman, woman_number),) = asked_of(
        berka_dir,
        "SELECT CAST(client_id AS VARCHAR), birth_number FROM client JOIN disp USING (client_id) "
        "JOIN loan ON loan.account_id = disp.account_id WHERE type = 'OWNER' AND birth_number LIKE '__6___' "
        "ORDER BY client_id LIMIT 1",
    )
    born = dict(zip(rows["customer_id"].to_pylist(), rows["birth_date"].to_pylist(), strict=True))
    day = date(1900 + int(woman_number[:2]), int(woman_number[2:4]) - 50, int(woman_number[4:]))
    assert born[woman] == day
    assert all(date(1910, 1, 1) <= day <= date(1988, 1, 1) for day in born.values())
    assert not {"sex", "gender"} & set(rows.column_names)
    assert not berka_bank.has("protected_attributes")


def test_berka_customers_are_observed_until_the_day_of_their_loan(berka_bank: Bank) -> None:
    until = {row["customer_id"]: row["observed_until"] for row in berka_bank.read("customers").to_pylist()}
    asked = {row["customer_id"]: row["requested_at"] for row in berka_bank.read("limit_requests").to_pylist()}
    assert until == asked
    posted = berka_bank.read("transactions", ["customer_id", "posted_at"]).to_pylist()
    assert all(row["posted_at"] < until[row["customer_id"]] for row in posted)


def test_berka_brings_a_column_of_its_own(berka_bank: Bank) -> None:
    assert counted(berka_bank, "customers", ["x_statement_frequency"]) == {
        ("monthly",): 559,
        ("weekly",): 91,
        ("after_transaction",): 32,
    }


def test_berka_imported_again_is_the_same_bank(berka_import: ImportReport, berka_dir: Path, tmp_path: Path) -> None:
    again = import_bank("berka", berka_dir, Home(tmp_path), END)
    assert again.bank == berka_import.bank
    assert bytes_below(Home(tmp_path).bank_dir) == bytes_below(Home(Path(berka_import.home)).bank_dir)


def test_a_bank_of_one_csv_and_one_select_is_imported(home: Home, tmp_path: Path) -> None:
    report = import_bank(write_mapping(tmp_path / "mapping"), write_extract(tmp_path / "extract"), home, END)
    assert report.bank.name == "small"
    assert report.bank.imported_at == END
    rows = open_bank(home).read("customers", ["customer_id", "birth_date", "is_student"]).to_pylist()
    assert rows == [
        {"customer_id": "007", "birth_date": date(1980, 2, 29), "is_student": True},
        {"customer_id": "008", "birth_date": date(1991, 12, 1), "is_student": False},
    ]


RATES_SQL = """
SELECT 'exchange_rate_usd' AS fact, 7.1 AS value, TIMESTAMP '2026-02-01' AS as_of, TIMESTAMP '2026-02-01' AS recorded_at
"""


def test_the_rates_of_an_extract_are_known_before_its_rows_are_judged(home: Home, tmp_path: Path) -> None:
    incomes = """
        SELECT
            CAST(number AS VARCHAR) AS income_id, '007' AS customer_id,
            TIMESTAMP '2026-01-01' + to_days(CAST(number AS INTEGER)) AS evidenced_at, evidenced_at AS recorded_at,
            100 AS income_amt, if(number IN (30, 31), 'USD', 'CNY') AS currency, 'A' AS evidence_class
        FROM range(150) AS days(number)
    """
    mapping = write_mapping(tmp_path / "mapping", bank_facts=RATES_SQL, incomes=incomes)
    report = import_bank(mapping, write_extract(tmp_path / "extract"), home, END)
    # The rate is known from the thirty-second day of the year on.
    assert report.bank.tables["incomes"].quarantine_reasons == {
        "currency has no exchange rate that was known when the row was recorded": 1
    }
    kept = open_bank(home).read("incomes", ["income_id", "currency"]).to_pylist()
    assert [row["income_id"] for row in kept if row["currency"] == "USD"] == ["31"]


def test_an_extract_with_a_wrong_rate_is_refused(home: Home, tmp_path: Path) -> None:
    mapping = write_mapping(tmp_path / "mapping", bank_facts=RATES_SQL.replace("7.1", "0.0"))
    with pytest.raises(DataCheckFailed, match="value is an exchange rate and not above 0"):
        import_bank(mapping, write_extract(tmp_path / "extract"), home, END)
    assert bytes_below(home.root) == {}


def test_progress_is_told_for_every_table_read_and_written(home: Home, tmp_path: Path) -> None:
    steps: list[int] = []
    import_bank(write_mapping(tmp_path / "mapping"), write_extract(tmp_path / "extract"), home, END, steps.append)
    assert steps == [1] * 21


@pytest.mark.parametrize(
    ("old", "new", "people", "said"),
    [
        (" AS is_student,", " AS student,", None, "customers.is_student: is missing (a boolean is expected); 2 rows"),
        (
            "CAST(born AS DATE)",
            "born",
            None,
            "customers.birth_date: holds string where a date is expected; 2 rows; "
            "first: customer_id='007', birth_date='1980-02-29'",
        ),
        (
            "",
            "",
            "customer_id,born,student\n7,,\n7,,\n",
            "customer_id occurs more than once; 1 rows; first: customer_id='7'",
        ),
    ],
)
def test_an_extract_that_breaks_the_contract_leaves_the_former_bank_as_it_was(
    home: Home, tmp_path: Path, old: str, new: str, people: str | None, said: str
) -> None:
    mapping, source = write_mapping(tmp_path / "mapping"), write_extract(tmp_path / "extract")
    import_bank(mapping, source, home, END)
    before = bytes_below(home.root)
    write_mapping(mapping, customers=CUSTOMERS_SQL.replace(old, new))
    if people is not None:
        write_extract(source, people)
    with pytest.raises(DataCheckFailed) as caught:
        import_bank(mapping, source, home, END)
    assert said in str(caught.value)
    assert caught.value.exit_code == 4
    assert bytes_below(home.root) == before


def test_sql_that_does_not_run_leaves_the_former_bank_as_it_was(home: Home, tmp_path: Path) -> None:
    mapping, source = write_mapping(tmp_path / "mapping"), write_extract(tmp_path / "extract")
    import_bank(mapping, source, home, END)
    before = bytes_below(home.root)
    write_mapping(mapping, customers="SELECT * FROM nobody")
    with pytest.raises(MappingInvalid, match="nobody"):
        import_bank(mapping, source, home, END)
    assert bytes_below(home.root) == before
