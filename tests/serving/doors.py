"""The doors with a key that opens them all: what a test of what they say begins with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from fastapi.testclient import TestClient

from linewise.core.settings import Settings
from linewise.ledger.api_keys import make_key
from linewise.ledger.store import ledger_of
from serving.access import Access
from serving.access.scopes import KEY_SCOPES
from serving.api import make_app
from serving.scoring.recommender import Recommender

__all__ = ["headers_of", "opened_doors"]


def headers_of(settings: Settings, *scopes: str, days: int = 1, now: datetime | None = None) -> dict[str, str]:
    """What a machine sends with its requests: a key of the home with these scopes, or with all."""
    ledger = ledger_of(settings)
    key, _ = make_key(ledger, "tests", scopes or KEY_SCOPES, days, "tests", now or datetime.now(UTC))
    ledger.close()
    return {"Authorization": f"Bearer {key}"}


@contextmanager
def opened_doors(
    settings: Settings, recommender: Callable[[], Recommender], *, raises: bool = True, language: str = "zh-CN"
) -> Iterator[TestClient]:
    """A client of the app over a recommender, with a key for everything."""
    access = Access(settings)
    app = make_app(recommender, access, language)
    with TestClient(app, raise_server_exceptions=raises, headers=headers_of(settings)) as opened:
        yield opened
    access.close()
