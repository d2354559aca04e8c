"""Age and length of the relationship."""

from datetime import UTC, date, datetime

import pytest

from tests.features.builders import NOW
from tests.features.conftest import FeaturesOf
from tests.linewise.bank.builders import a_customer


@pytest.mark.parametrize(
    ("birth_date", "as_of", "age_years"),
    [
        (date(2000, 6, 30), datetime(2026, 6, 30, tzinfo=UTC), 26),
        (date(2000, 7, 1), datetime(2026, 6, 30, 23, 59, tzinfo=UTC), 25),
        (date(2000, 5, 31), datetime(2026, 6, 1, tzinfo=UTC), 26),
        (date(2000, 2, 29), datetime(2025, 2, 28, tzinfo=UTC), 24),
        (date(2000, 2, 29), datetime(2025, 3, 1, tzinfo=UTC), 25),
        (None, NOW, None),
    ],
)
def test_age_is_in_completed_years(
    features_of: FeaturesOf, birth_date: date | None, as_of: datetime, age_years: int | None
) -> None:
    assert features_of(as_of=as_of, customer=a_customer(birth_date=birth_date))["age_years"] == age_years


@pytest.mark.parametrize(
    ("customer_since", "tenure_days"),
    [(date(2026, 6, 30), 0), (date(2025, 6, 30), 365), (date(2026, 7, 1), None), (None, None)],
)
def test_tenure_is_missing_before_the_customer_joined(
    features_of: FeaturesOf, customer_since: date | None, tenure_days: int | None
) -> None:
    assert features_of(customer=a_customer(customer_since=customer_since))["tenure_days"] == tenure_days
