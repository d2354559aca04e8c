"""Who asks to be erased stands by name in no list of ours, and every file that was sent with them is named."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from linewise.core.errors import Conflict, NotFound, PlanDamaged
from linewise.core.home import CAMPAIGN_SHOWINGS, Home
from linewise.ledger.holds import legal_hold
from linewise.ledger.record import write_decisions
from linewise.ledger.store import Ledger, open_ledger
from linewise.ledger.verifying import verify_record
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.export import export_campaign
from serving.campaigns.exporting.manifest import problems_of
from serving.campaigns.exporting.one_at_a_time import one_at_a_time
from serving.campaigns.forgetting.erasing import ErasedEverywhere, erase_everywhere
from serving.campaigns.plan.erased import ERASED
from serving.campaigns.plan.files import exports_dir, list_path, plan_dir, read_plan
from tests.linewise.ledger.builders import a_decision
from tests.serving.campaigns.exports import ID, NOW, SIGNED_BY, a_desk, a_list, desk_of_plan, facts_about, write_plan

BY_MESSAGE, BY_AGENT, CONTROL = "C000001", "C000007", "C000003"


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = open_ledger(home)
    yield opened
    opened.close()


def erased(home: Home, ledger: Ledger, customer_id: str = BY_MESSAGE) -> ErasedEverywhere:
    return erase_everywhere(home, ledger, customer_id, "request 114", "pia", NOW)


def rows_of_list(home: Home) -> list[dict[str, Any]]:
    return pq.read_table(list_path(home, ID)).to_pylist()


def holds(folder: Path, text: str) -> list[str]:
    """Parquet and other files below a folder in which the text stands."""
    found = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = str(pq.read_table(path).to_pydict()) if path.suffix == ".parquet" else path.read_text("utf-8")
        found += [path.name] if text in content else []
    return found


@pytest.mark.parametrize("customer_id", [BY_MESSAGE, BY_AGENT, CONTROL])
def test_the_list_keeps_its_counts_and_order_and_names_the_erased_no_more(
    home: Home, ledger: Ledger, customer_id: str
) -> None:
    before = write_plan(home, a_list(40))
    was = {one["customer_id"]: one for one in rows_of_list(home)}
    done = erased(home, ledger, customer_id)
    ref = done.erasure.customer_ref
    after = {one["customer_id"]: one for one in rows_of_list(home)}
    assert list(after) == sorted(after)
    assert set(after) == set(was) - {customer_id} | {ref}
    assert after[ref] == was[customer_id] | {"customer_id": ref, "contact_ref": None, "consent_ref": None}
    assert {one: row for one, row in after.items() if one != ref} == {
        one: row for one, row in was.items() if one != customer_id
    }
    plan = read_plan(home, ID)
    plan.enforce_erased_by(ledger.keys)
    assert plan.plan_sha256 == before.plan_sha256
    assert plan.erasures is not None
    assert plan.erasures.customer_refs == (ref,)
    assert [(one.kind, one.path, one.row_count) for one in done.rewritten] == [("plan", list_path(home, ID), 1)]
    assert (done.kept, holds(plan_dir(home, ID), f"tok-{customer_id}"), holds(plan_dir(home, ID), customer_id)) == (
        [], [], [],
    )  # fmt: skip


def test_several_are_erased_one_after_the_other(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(30))
    refs = [erased(home, ledger, one).erasure.customer_ref for one in (BY_MESSAGE, BY_AGENT, CONTROL)]
    plan = read_plan(home, ID)
    plan.enforce_erased_by(ledger.keys)
    assert plan.erasures is not None
    assert list(plan.erasures.customer_refs) == refs
    assert len(rows_of_list(home)) == 30
    with pytest.raises(NotFound):
        erased(home, ledger)


def test_who_was_erased_is_withheld_from_an_export_whose_manifest_tells_of_it(home: Home, ledger: Ledger) -> None:
    rows = a_list(30)
    write_plan(home, rows)
    ref = erased(home, ledger).erasure.customer_ref
    desk = a_desk(home, ledger, facts_about([one["customer_id"] for one in rows]))
    made = export_campaign(desk, read_plan(home, ID), SIGNED_BY, ExportOptions(by="mei"))
    withheld = pq.read_table(made.folder / "withheld" / "withheld.parquet").to_pylist()
    assert [(one["customer_id"], one["because"]) for one in withheld] == [(ref, "unknown_customer")]
    plan = read_plan(home, ID)
    assert plan.erasures is not None
    assert made.manifest["erased"] == {"rows": 1, "list_sha256": plan.erasures.list_sha256}
    assert holds(made.folder, BY_MESSAGE) == []


def test_files_that_were_sent_are_named_and_stay_as_they_are(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(30))
    made = export_campaign(desk_of_plan(home, ledger), read_plan(home, ID), SIGNED_BY, ExportOptions(by="mei"))
    by_message, by_agent, control = (erased(home, ledger, one).kept for one in (BY_MESSAGE, BY_AGENT, CONTROL))
    assert [(one.path.parent.name, one.row_count) for one in (*by_message, *by_agent, *control)] == [
        ("sms", 1), ("voice", 1), ("control", 1),
    ]  # fmt: skip
    assert "erased" not in made.manifest
    assert problems_of(made.folder) == []
    assert verify_record(ledger).is_whole


def test_who_was_erased_before_is_told_which_files_that_were_sent_still_hold_them(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(30))
    made = export_campaign(desk_of_plan(home, ledger), read_plan(home, ID), SIGNED_BY, ExportOptions(by="mei"))
    erased(home, ledger)
    with pytest.raises(NotFound, match="what was sent still does") as caught:
        erased(home, ledger)
    assert str(made.folder / "sms") in str(caught.value)
    assert verify_record(ledger).is_whole


def test_what_models_learn_from_names_the_erased_no_more(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(10))
    home.lift_dir(ID).mkdir(parents=True)
    learnt = home.lift_dir(ID) / CAMPAIGN_SHOWINGS
    pq.write_table(pa.table({"customer_id": [BY_MESSAGE, CONTROL, BY_MESSAGE], "propensity": [0.9, 0.1, 0.9]}), learnt)
    done = erased(home, ledger)
    assert [(one.kind, one.row_count) for one in done.rewritten] == [("plan", 1), ("lift", 2)]
    ref = done.erasure.customer_ref
    assert pq.read_table(learnt).to_pydict() == {"customer_id": [ref, CONTROL, ref], "propensity": [0.9, 0.1, 0.9]}


def test_what_an_interrupted_export_left_is_named_unread(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(10))
    draft = exports_dir(home, ID) / ".SPRING_CARDS-1.new-x" / "sms"
    draft.mkdir(parents=True)
    (draft / "half.parquet").write_bytes(b"PAR1")
    assert [(one.kind, one.path) for one in erased(home, ledger).kept] == [("draft", draft.parent)]


def test_exports_are_named_where_their_plan_is_gone(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(30))
    export_campaign(desk_of_plan(home, ledger), read_plan(home, ID), SIGNED_BY, ExportOptions(by="mei"))
    shutil.rmtree(plan_dir(home, ID))
    done = erased(home, ledger)
    assert (done.rewritten, [one.row_count for one in done.kept]) == ([], [1])


def test_nothing_is_erased_while_a_campaign_is_exported(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(10))
    write_decisions(ledger, [a_decision("D1", BY_MESSAGE)])
    with one_at_a_time(exports_dir(home, ID), ID), pytest.raises(Conflict, match="under way"):
        erased(home, ledger)
    assert BY_MESSAGE in {one["customer_id"] for one in rows_of_list(home)}
    assert erased(home, ledger).erasure.decisions == 1


def test_who_is_under_a_legal_hold_stays_on_every_list(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(10))
    legal_hold(ledger, BY_MESSAGE, "a suit", "pia", NOW)
    with pytest.raises(Conflict, match="legal hold"):
        erased(home, ledger)
    assert BY_MESSAGE in {one["customer_id"] for one in rows_of_list(home)}


def test_a_change_of_the_list_does_not_pass_for_an_erasure(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(20))
    erased(home, ledger)
    rows = pq.read_table(list_path(home, ID))
    pq.write_table(rows.filter(pc.not_equal(rows["customer_id"], CONTROL)), list_path(home, ID))
    with pytest.raises(PlanDamaged, match=r"list\.parquet was changed"):
        read_plan(home, ID)
    with pytest.raises(PlanDamaged):
        erased(home, ledger, BY_AGENT)


def test_another_plan_of_the_campaign_knows_nothing_of_the_former_ones_erasures(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(20))
    erased(home, ledger)
    kept = (plan_dir(home, ID) / ERASED).read_bytes()
    (plan_dir(home, ID) / ERASED).unlink()
    write_plan(home, a_list(21))
    (plan_dir(home, ID) / ERASED).write_bytes(kept)
    with pytest.raises(PlanDamaged, match="another plan"):
        read_plan(home, ID)
