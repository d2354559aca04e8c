"""Campaigns told by a mapping's own columns: who is a case, what counts as taken, and which columns are inputs."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from linewise.bank.importing import import_bank
from linewise.bank.tables import Bank, open_bank
from linewise.core.errors import DataCheckFailed
from linewise.core.home import Home
from tests.linewise.bank.builders import END, write_extract, write_mapping
from training.campaigns import campaign_take_up_labels

PEOPLE = """customer,tier,score,secret,sent,rate,taken
c1,gold,7,1,2026-01-10,0.02,2026-02-01
c2,plain,,1,2026-01-05,0.03,2026-05-01
c3,,9,0,2026-01-20,0.01,
c4,plain,1,0,2026-05-30,0.01,2026-06-01
"""

HEADER = """extra_columns:
  customers:
    x_tier: {type: string, values: [plain, gold], is_nullable: true, meaning: The tier of the customer.,
             sensitivity: personal, allowed_for: [take_up]}
    x_score: {type: integer, is_nullable: true, meaning: A score of the customer.,
              sensitivity: personal, allowed_for: [take_up]}
    x_secret: {type: boolean, meaning: What risk alone may use., sensitivity: personal, allowed_for: [risk]}
    x_remark: {type: string, is_nullable: true, meaning: Free text of an agent., sensitivity: personal,
               allowed_for: [take_up]}
  exposures:
    x_rate_ratio: {type: ratio, minimum: 0, maximum: 1, meaning: The rate that was offered., sensitivity: none,
                   allowed_for: [take_up]}
"""

NULLS = {
    "customers": "birth_date is_student is_staff is_related_party is_vulnerable vulnerable_source vulnerable_until "
    "time_zone language contact_point_changed_at device_changed_at customer_since observed_until",
    "exposures": "decision_id is_pitched not_pitched_reason agent_id team queue pscore",
    "outcomes": "exposure_id decision_id reason_code",
}


def select(table: str, columns: str, where: str = "true") -> str:
    nulls = "".join(f", NULL AS {name}" for name in NULLS[table].split())
    return f"SELECT {columns}{nulls} FROM people WHERE {where}"


CUSTOMERS = select(
    "customers",
    "customer AS customer_id, nullif(tier, '') AS x_tier, TRY_CAST(score AS BIGINT) AS x_score, "
    "secret = '1' AS x_secret, 'said nothing' AS x_remark",
)
EXPOSURES = select(
    "exposures",
    "'e' || customer AS exposure_id, customer AS customer_id, 'LOAN' AS offer_id, CAST(sent AS TIMESTAMP) AS shown_at, "
    "CAST(sent AS TIMESTAMP) AS recorded_at, 'mail' AS channel, CAST(rate AS DOUBLE) AS x_rate_ratio",
)
OUTCOMES = select(
    "outcomes",
    "'o' || customer AS outcome_id, customer AS customer_id, 'LOAN' AS offer_id, 'ordered' AS outcome, "
    "CAST(taken AS TIMESTAMP) AS occurred_at, CAST(taken AS TIMESTAMP) AS recorded_at",
    "taken <> ''",
)


def imported(tmp_path: Path, header: str = HEADER, **sql: str) -> Bank:
    mapping = write_mapping(
        tmp_path / "mapping", header, **{"customers": CUSTOMERS, "exposures": EXPOSURES, "outcomes": OUTCOMES, **sql}
    )
    home = Home(tmp_path / "home")
    import_bank(mapping, write_extract(tmp_path / "extract", PEOPLE), home, datetime.now(UTC))
    return open_bank(home)


def test_a_case_is_an_offer_shown_in_any_channel_that_had_its_ninety_days(tmp_path: Path):
    labels = campaign_take_up_labels(imported(tmp_path), END)
    # c2 took it too late; of c4 nobody knows yet.
    assert dict(zip(labels.customer_id, labels.y.tolist(), strict=True)) == {"c1": 1, "c2": 0, "c3": 0}
    assert labels.customer_id == ("c2", "c1", "c3")
    assert [str(day)[:10] for day in labels.as_of] == ["2026-01-05", "2026-01-10", "2026-01-20"]


def test_inputs_are_the_columns_allowed_for_take_up_texts_by_their_place_in_the_vocabulary(tmp_path: Path):
    labels = campaign_take_up_labels(imported(tmp_path), END)
    assert labels.offer_attributes == ("x_tier", "x_score", "x_rate_ratio")
    expected = [[0, np.nan, 0.03], [1, 7, 0.02], [np.nan, 9, 0.01]]
    np.testing.assert_array_equal(labels.offer_values, np.array(expected))


def test_a_mapping_that_adds_nothing_cannot_teach_it(tmp_path: Path):
    plain = imported(
        tmp_path,
        header="",
        customers=select("customers", "customer AS customer_id"),
        exposures=EXPOSURES.replace(", CAST(rate AS DOUBLE) AS x_rate_ratio", ""),
    )
    with pytest.raises(DataCheckFailed, match="adds no column to learn from"):
        campaign_take_up_labels(plain, END)
