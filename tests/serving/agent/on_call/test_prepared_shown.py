"""Last night's offers on the screen: with their day, and without limit and plan."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from linewise.core.errors import FeaturesMissing
from serving.scoring.prepared import prepare_offers
from serving.scoring.recommender import Recommender
from tests.serving.agent.on_call.phone import Phone


@pytest.fixture
def night(desk: Recommender, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The last of some customers to whom something was offered last night; today the features are gone."""
    some = desk.customer_ids()[:900]
    monkeypatch.setattr(desk, "customer_ids", lambda: some)
    prepare_offers(desk, desk.settings.paths)
    now, data = desk.clock.now(), desk.bank.manifest.data_hash
    kept = {one: desk._prepared.of(one, data, now) for one in reversed(some) if not desk.is_for_two(one)}

    def lost(*_: Any) -> Any:
        raise FeaturesMissing("The online store does not answer.", "linewise features materialize")

    monkeypatch.setattr(desk, "generation", lost)
    yield next(one for one, found in kept.items() if found is not None and found.offer_ids)
    desk.settings.paths.prepared_path.unlink()


def test_offers_of_last_night_stand_on_the_screen_with_their_day_and_no_limit_or_plan(client: TestClient, night: str):
    phone = Phone(client, night).in_talk()
    assert "The system is slow. These offers are of last night" in phone.text
    assert "Offers of November 20, 2026" in phone.text
    assert phone.is_sold
    assert 'id="limit"' not in phone.page.text
    assert 'id="plans"' not in phone.page.text
