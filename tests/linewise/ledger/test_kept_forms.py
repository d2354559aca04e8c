"""What was typed is kept unreadable, comes back to its person alone, and is forgotten in a day."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from linewise.core.errors import UsageError
from linewise.core.scrubbing import scrub
from linewise.ledger.access_tables import kept_forms
from linewise.ledger.kept_forms import KEPT_FOR, MOST_FORMS, forget_form, forms_of, keep_form
from linewise.ledger.store import Ledger
from tests.linewise.ledger.builders import NOW

PLACE = "/decisions/D1/answers"


def test_a_form_comes_back_to_its_person_and_stands_nowhere_in_the_clear(ledger: Ledger) -> None:
    keep_form(ledger, "li.na", PLACE, {"note": "客户要求周五回电", "card": "4111 1111 1111 1111"}, NOW)
    assert forms_of(ledger, "li.na", NOW) == {PLACE: {"note": "客户要求周五回电", "card": "[card …1111]"}}
    assert forms_of(ledger, "wang.wei", NOW) == {}
    with ledger.engine.connect() as connection:
        assert "周五".encode() not in connection.execute(select(kept_forms.c.sealed)).scalar_one()


def test_a_row_that_is_moved_to_another_person_opens_no_more(ledger: Ledger) -> None:
    keep_form(ledger, "li.na", PLACE, {"note": "private"}, NOW)
    with ledger.writing() as connection:
        connection.execute(update(kept_forms).values(name="wang.wei"))
    with pytest.raises(InvalidTag):
        forms_of(ledger, "wang.wei", NOW)


def test_the_last_one_typed_is_kept_until_it_is_sent_or_a_day_is_over(ledger: Ledger) -> None:
    for note in ("first", "second"):
        keep_form(ledger, "li.na", PLACE, {"note": note}, NOW)
    assert forms_of(ledger, "li.na", NOW) == {PLACE: {"note": "second"}}
    assert forms_of(ledger, "li.na", NOW + KEPT_FOR) == {}
    forget_form(ledger, "li.na", PLACE)
    assert forms_of(ledger, "li.na", NOW) == {}


def test_no_more_is_kept_than_a_person_types(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="more than a form holds"):
        keep_form(ledger, "li.na", PLACE, {"note": "x" * 30_000}, NOW)
    for number in range(MOST_FORMS):
        keep_form(ledger, "li.na", f"/{number}", {"note": "x"}, NOW)
    with pytest.raises(UsageError, match="forms are kept"):
        keep_form(ledger, "li.na", "/more", {"note": "x"}, NOW)
    keep_form(ledger, "li.na", "/more", {"note": "x"}, NOW + KEPT_FOR + timedelta(seconds=1))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=4))
def test_whatever_was_typed_comes_back_as_a_note_of_it(ledger: Ledger, fields: dict[str, str]) -> None:
    # What no encoding holds (half of a pair) cannot have been typed.
    fields = {key.encode(errors="ignore").decode(): one.encode(errors="ignore").decode() for key, one in fields.items()}
    keep_form(ledger, "li.na", PLACE, fields, NOW)
    assert forms_of(ledger, "li.na", NOW)[PLACE] == {key: scrub(value) for key, value in fields.items()}
