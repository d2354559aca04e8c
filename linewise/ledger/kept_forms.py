"""What somebody had typed when their session ended: kept encrypted, given back to them, forgotten in a day."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from linewise.core.errors import UsageError
from linewise.core.scrubbing import scrub
from linewise.ledger.access_tables import kept_forms
from linewise.ledger.insert_once import insert_once
from linewise.ledger.sealing import opened, sealed
from linewise.ledger.store import Ledger

__all__ = ["KEPT_FOR", "forget_form", "forms_of", "keep_form"]

KEPT_FOR = timedelta(hours=24)
LONGEST, LONGEST_PLACE = 20_000, 255
MOST_FORMS = 20


def keep_form(ledger: Ledger, name: str, form: str, fields: Mapping[str, str], now: datetime) -> None:
    """Keep what stands in the fields of a form, scrubbed as any note, in the place of what was kept of it before.

    Raises UsageError where it is longer than a form is, or the person has many kept already.
    """
    size = len(form) + sum(len(key) + len(value) for key, value in fields.items())
    if size > LONGEST or len(form) > LONGEST_PLACE:
        raise UsageError(f"{size:,} characters are more than a form holds.", f"At most {LONGEST:,} were expected.")
    content = json.dumps({key: scrub(value) for key, value in fields.items()}, ensure_ascii=False).encode()
    wrapped_key, text = sealed(ledger.keys, content, _bound(name, form))
    row = {
        "name": name,
        "form": form,
        "kept_at": now,
        "wrapped_key": wrapped_key,
        "sealed": text,
    }
    with ledger.writing() as connection:
        connection.execute(delete(kept_forms).where(kept_forms.c.kept_at < now - KEPT_FOR))
        connection.execute(delete(kept_forms).where(kept_forms.c.name == name, kept_forms.c.form == form))
        count = select(func.count()).select_from(kept_forms).where(kept_forms.c.name == name)
        if connection.execute(count).scalar_one() >= MOST_FORMS:
            raise UsageError(f"{MOST_FORMS} forms are kept for {name} already.", "Send or discard them first.")
        insert_once(connection, kept_forms, row)


def forms_of(ledger: Ledger, name: str, now: datetime) -> dict[str, dict[str, str]]:
    """What is kept for a person, by form, the latest last."""
    query = (
        select(kept_forms)
        .where(kept_forms.c.name == name, kept_forms.c.kept_at > now - KEPT_FOR)
        .order_by(kept_forms.c.kept_at)
    )
    with ledger.engine.connect() as connection:
        rows = connection.execute(query).all()
    return {
        row.form: json.loads(opened(ledger.keys, row.wrapped_key, row.sealed, _bound(name, row.form))) for row in rows
    }


def forget_form(ledger: Ledger, name: str, form: str) -> None:
    """It was sent or is not wanted any more."""
    with ledger.writing() as connection:
        connection.execute(delete(kept_forms).where(kept_forms.c.name == name, kept_forms.c.form == form))


def _bound(name: str, form: str) -> bytes:
    # Whoever moves a row to another person or form can open it no more.
    return f"{name}\n{form}".encode()
