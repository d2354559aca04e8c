"""What speaks against a version of a model: anybody may say it, a validator alone may close it."""

from pathlib import Path

import pytest
from sqlalchemy import update

from linewise.core.errors import ApprovalMissing, Conflict, NotFound, UsageError
from linewise.ledger.model_findings import Subject, close_finding, open_finding, open_findings
from linewise.ledger.model_tables import model_findings
from linewise.ledger.signing import PersonKey
from linewise.ledger.store import Ledger
from tests.linewise.ledger.signers import NOW, a_cast

VERSION = Subject("default", 2, "a" * 64)


@pytest.fixture
def keys(ledger: Ledger, tmp_path: Path) -> dict[str, PersonKey]:
    return a_cast(ledger, tmp_path)


def test_a_finding_stands_until_a_validator_closes_it(ledger: Ledger, keys: dict[str, PersonKey]):
    found = open_finding(ledger, VERSION, "the oldest customers are scored too low", "anna", NOW)
    assert open_findings(ledger, VERSION) == [found]
    for who in ("ada", "bo", "sue"):
        with pytest.raises(ApprovalMissing, match=f"{who} .* cannot close"):
            close_finding(ledger, found.finding_id, "fine", keys[who], NOW)
    close_finding(ledger, found.finding_id, "their band was judged again", keys["cy"], NOW)
    assert open_findings(ledger, VERSION) == []
    with pytest.raises(Conflict, match="closed already"):
        close_finding(ledger, found.finding_id, "again", keys["cy"], NOW)


def test_a_finding_is_about_files_and_not_about_a_number(ledger: Ledger, keys: dict[str, PersonKey]):
    open_finding(ledger, VERSION, "leaks", keys["cy"], NOW)
    assert open_findings(ledger, Subject("default", 2, "b" * 64)) == []
    assert len(open_findings(ledger, Subject("default", 7, "a" * 64))) == 1
    assert open_findings(ledger, Subject("card_default", 2, "a" * 64)) == []


def test_a_closing_that_was_forged_closes_nothing(ledger: Ledger, keys: dict[str, PersonKey]):
    found = open_finding(ledger, VERSION, "leaks", "anna", NOW)
    close_finding(ledger, found.finding_id, "mended", keys["cy"], NOW)
    with ledger.writing() as connection:
        closing = model_findings.c.act == "close"
        connection.execute(update(model_findings).where(closing).values(says="mended, they say"))
    assert open_findings(ledger, VERSION) == [found]


def test_who_says_nothing_or_nothing_known_is_refused(ledger: Ledger, keys: dict[str, PersonKey]):
    for says, by in (("", "anna"), ("leaks", " ")):
        with pytest.raises(UsageError):
            open_finding(ledger, VERSION, says, by, NOW)
    with pytest.raises(NotFound, match="no finding 'x'"):
        close_finding(ledger, "x", "mended", keys["cy"], NOW)
    assert open_findings(ledger, VERSION) == []
