"""Whatever the doors are told, by their description or against it: plain words, and never a 5xx."""

import json
import re
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.access import Access
from serving.api import make_app
from serving.scoring.reopening import ReopeningRecommender
from tests.serving.doors import headers_of
from tests.serving.homes import home_of_its_own

FEW, MANY = 2, 300
"""Requests by description, and as many against it, of every door: in every run, and in the long one."""

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

INSIDE = re.compile(r"Traceback|site-packages|\.py\b|pydantic|sqlalchemy|sqlite|lightgbm|\bline \d+", re.IGNORECASE)
"""What no error may tell."""

Operations = list[APIOperation[Any, Any, Any, Any]]


@pytest.fixture(scope="module")
def doors(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Operations, dict[str, str]]]:
    """Every operation of the description, and a key for all of them."""
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("any") / "home"))
    settings = load_settings(home=home.root, language="en", key_per_minute=10_000_000)
    access, opened = Access(settings), ReopeningRecommender(settings)
    schema = schemathesis.openapi.from_asgi("/openapi.json", make_app(opened, access))
    yield [found.ok() for found in schema.get_all_operations()], headers_of(settings)
    access.close()


def asked(
    operation: APIOperation[Any, Any, Any, Any], headers: dict[str, str], mode: GenerationMode, most: int
) -> None:
    @hypothesis.settings(
        max_examples=most,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @hypothesis.given(operation.as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        if response.status_code >= 400:
            told = response.json()
            assert {"error", "detail"} <= told.keys()
            assert not INSIDE.search(json.dumps([told["error"], told["detail"]])), told

    each()


def ask_all(doors: tuple[Operations, dict[str, str]], most: int) -> None:
    operations, headers = doors
    for operation in operations:
        # A stream is followed until its call ends.
        if not operation.path.endswith("/stream"):
            asked(operation, headers, GenerationMode.POSITIVE, most)
            if operation.body:
                asked(operation, headers, GenerationMode.NEGATIVE, most)


def test_no_door_fails_on_what_it_is_told(doors: tuple[Operations, dict[str, str]]):
    assert len(doors[0]) >= 10
    ask_all(doors, FEW)


@pytest.mark.soak
def test_no_door_fails_on_whatever_it_is_told(doors: tuple[Operations, dict[str, str]]):
    ask_all(doors, MANY)
