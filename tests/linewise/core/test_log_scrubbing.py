"""What is logged carries no number of a customer, in the message, in its values or in a traceback."""

import logging
from collections.abc import Iterator

import pytest

from linewise.core.log_scrubbing import scrub_logs

CARD = "4111 1111 1111 1111"


@pytest.fixture(autouse=True)
def _scrubbing() -> Iterator[None]:
    former = logging.getLogRecordFactory()
    scrub_logs()
    scrub_logs()
    yield
    logging.setLogRecordFactory(former)


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("paid with " + CARD, ()),
        ("paid with %s", (CARD,)),
        ("paid with %d", (4111111111111111,)),
        ("split %s-%s", ("4111 1111", "1111 1111")),
        ("named %(card)s", ({"card": CARD},)),
        ("does not fit %s %s", (CARD,)),
        ("called %s", ("+8613812345678",)),
    ],
)
def test_no_number_is_logged(caplog: pytest.LogCaptureFixture, message: str, values: tuple) -> None:
    logging.getLogger("linewise.tests").error(message, *values)
    assert "…" in caplog.text
    assert "4111" not in caplog.text.replace("…4111", "")
    assert "138123" not in caplog.text


def test_a_traceback_is_scrubbed_too(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError(CARD)
    except ValueError:
        logging.getLogger("linewise.tests").exception("failed")
    assert "ValueError: [card …1111]" in caplog.text


def test_values_that_formatters_read_apart_stay_apart(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("linewise.tests").error("%s %s", "GET", "/agent/?q=13812345678")
    assert caplog.records[-1].args == ("GET", "/agent/?q=[phone …5678]")
