"""An approved list leaves as files: once, whole, the same every time, and without whoever may not be contacted."""

import csv
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import serving.campaigns.exporting.export
import serving.campaigns.exporting.writing
from linewise.core.errors import ApprovalMissing, Conflict, DataCheckFailed, NotFound, StorageFull
from linewise.core.files import folder_written_whole
from linewise.core.home import Home
from linewise.ledger.campaign_batches import batches_of
from linewise.ledger.contacts import contacts_of
from linewise.ledger.outcomes import Outcome
from linewise.ledger.record import decisions_of, read_decision
from linewise.ledger.store import Ledger, open_ledger
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.batches import abandon_export
from serving.campaigns.exporting.claiming import decision_id_of
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.export import Exported, export_campaign
from serving.campaigns.exporting.manifest import problems_of, read_manifest
from serving.campaigns.exporting.one_at_a_time import one_at_a_time
from serving.campaigns.exporting.rechecking import REASONS
from serving.campaigns.plan.files import Plan, exports_dir
from serving.scoring.outcomes import Recording, Told, record_outcome
from tests.linewise.ledger.builders import write_outcome
from tests.serving.campaigns.briefs import BRIEF
from tests.serving.campaigns.exports import (
    APPROVERS,
    ID,
    NOW,
    SIGNED_BY,
    Signed,
    a_desk,
    a_list,
    a_row_of_the_list,
    desk_of_plan,
    facts_about,
    write_plan,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPTIONS = ExportOptions(by="mei")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def tables(exported: Exported, kind: str) -> pa.Table:
    paths = [one["path"] for one in exported.manifest["files"] if one["kind"] == kind and one["path"].endswith("et")]
    return pa.concat_tables([pq.read_table(exported.folder / path) for path in paths])


def contacts_at(ledger: Ledger, customer_id: str, at: datetime = NOW + 60 * DAY) -> list[str]:
    return [one.kind for one in contacts_of(ledger, [customer_id], at)]


def told(decision_id: str, customer_id: str, outcome: str, reason: str = "", **given: Any) -> Outcome:
    usual = {"offer_id": "CARD_GOLD", "offer_group": "payment_card", "channel": "sms", "occurred_at": NOW}
    known = usual | given
    return Outcome(
        decision_id=decision_id, customer_id=customer_id, call_id="", agent_id="", outcome=outcome,
        reason_code=reason, note="", recorded_at=known["occurred_at"], **known,
    )  # fmt: skip


# ---- what is in the files ----------------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = Home(tmp_path / "first"), Home(tmp_path / "second")
    write_plan(first, a_list(300))
    with opened(first) as ledger:
        ledger.keys.lookup("makes the keys")
    shutil.copytree(first.root, second.root)
    folders = []
    for home in (first, second):
        with opened(home) as ledger:
            folders.append(exported(home, ledger).folder)
    assert bytes_of(folders[0]) == bytes_of(folders[1])
    assert len(bytes_of(folders[0])) == 13


@contextmanager
def opened(home: Home) -> Iterator[Ledger]:
    ledger = open_ledger(home)
    yield ledger
    ledger.close()


def exported(home: Home, ledger: Ledger, options: ExportOptions = OPTIONS, **given: Any) -> Exported:
    """Export the plan that lies in the home."""
    desk = desk_of_plan(home, ledger, **given)
    return export_campaign(desk, plan_of(home), SIGNED_BY, options)


def plan_of(home: Home) -> Plan:
    from serving.campaigns.plan.files import read_plan

    return read_plan(home, ID)


def test_the_same_rows_are_in_the_same_files_whatever_the_size_of_a_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    first = Home(tmp_path / "first")
    write_plan(first, a_list(90))
    with opened(first) as ledger:
        ledger.keys.lookup("makes the keys")
    for number, size in enumerate((7, 40, 10_000)):
        home = Home(Path(shutil.copytree(first.root, tmp_path / str(number))))
        monkeypatch.setattr(serving.campaigns.exporting.writing, "CHUNK_ROWS", size)
        with opened(home) as ledger:
            made = exported(home, ledger)
        files = {path: content for path, content in bytes_of(made.folder).items() if path.endswith(".csv")}
        rows = {path.name: pq.read_table(path).to_pylist() for path in made.folder.rglob("*.parquet")}
        found.append((files, rows, made.manifest["export"]))
    assert found[0] == found[1] == found[2]


def test_there_is_one_file_for_each_template_signature_and_segment_and_everybody_is_in_one(
    home: Home, ledger: Ledger
) -> None:
    other = [a_row_of_the_list(f"D{n}", signature="某某信用卡", template_code="SMS_9") for n in range(3)]
    write_plan(home, [*a_list(50), *other])
    made = exported(home, ledger)
    gateway = [one for one in made.manifest["files"] if one["kind"] == "gateway" and one["path"].endswith(".csv")]
    keys = [(one["template_code"], one["signature"], one["segment"]) for one in gateway]
    assert sorted(keys) == [
        ("SMS_2201", "某某银行", "rest"), ("SMS_2201", "某某银行", "young"), ("SMS_9", "某某信用卡", "rest"),
    ]  # fmt: skip
    assert made.manifest["export"]["written"] == {"treated": 48, "control": 5}
    rows = [tables(made, kind).num_rows for kind in ("gateway", "calls", "control", "withheld")]
    assert (sum(rows[:2]), rows[2:]) == (48, [5, 0])
    for one in made.manifest["files"]:
        path = made.folder / one["path"]
        counted = pq.read_table(path).num_rows if path.suffix == ".parquet" else len(csv_rows(path))
        assert counted == one["rows"], path


def csv_rows(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_a_gateway_learns_no_score_no_name_and_nobodys_id(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(50))
    table = tables(exported(home, ledger), "gateway")
    assert {"propensity", "uplift", "value_amt", "cost_amt", "decile", "customer_id"}.isdisjoint(table.column_names)
    assert set(table["priority"].to_pylist()) <= {1, 2, 3}
    keys = table["customer_key"].to_pylist()
    assert len({*keys}) == len(keys)
    assert not any("C0000" in key for key in keys)


def test_controls_stand_in_a_file_of_their_own_and_in_no_other(home: Home, ledger: Ledger) -> None:
    plan = write_plan(home, a_list(100))
    made = exported(home, ledger)
    controls = {row["customer_id"] for batch in plan.batches() for row in batch.to_pylist() if row["arm"] == "control"}
    assert {*tables(made, "control")["customer_id"].to_pylist()} == controls
    assert controls.isdisjoint(tables(made, "calls")["customer_id"].to_pylist())
    ids = tables(made, "gateway")["decision_id"].to_pylist() + tables(made, "calls")["decision_id"].to_pylist()
    assert {decision_id_of(plan.plan_sha256, one, "CARD_GOLD") for one in controls}.isdisjoint(ids)
    assert [contacts_at(ledger, one) for one in sorted(controls)] == [[]] * len(controls)


def test_agents_call_in_the_order_of_worth_day_by_day(home: Home, ledger: Ledger) -> None:
    by_agent = {"channel": "voice", "template_code": None, "signature": None}
    days = [date(2026, 12, 2), date(2026, 12, 1)]
    rows = [
        a_row_of_the_list(f"C{n}", priority=priority, send_on=days[n % 2], **by_agent)
        for n, priority in enumerate([5, 9, 7, 9, 6, 1])
    ]
    write_plan(home, rows)
    made = exported(home, ledger)
    table = tables(made, "calls")
    found = list(zip(*(table[name].to_pylist() for name in ("send_on", "call_order", "customer_id")), strict=True))
    first, second = days[1], days[0]
    assert found == [
        (first, 1, "C1"), (first, 2, "C3"), (first, 3, "C5"), (second, 1, "C2"), (second, 2, "C4"), (second, 3, "C0"),
    ]  # fmt: skip
    assert "priority" not in table.column_names


def test_the_manifest_tells_counts_hashes_versions_seed_and_who_approved(home: Home, ledger: Ledger) -> None:
    plan = write_plan(home, a_list(30))
    made = exported(home, ledger)
    told = json.loads((made.folder / "manifest.json").read_bytes())
    assert told == made.manifest
    assert [one["step"] for one in told["waterfall"]][:2] == ["universe", "eligibility"]
    assert (told["plan_sha256"], told["seed"], told["release_id"]) == (plan.plan_sha256, 7, "r1")
    assert told["approvers"] == [dict(APPROVERS[0])]
    assert all(len(one["sha256"]) == 64 for one in told["files"])
    assert problems_of(made.folder) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda folder: (folder / "control/control.csv").unlink(), "control/control.csv is gone"),
        (lambda folder: (folder / "control/control.csv").write_text("x"), "control/control.csv was changed"),
        (lambda folder: (folder / "more.csv").write_text("x"), "more.csv is none of its files"),
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json is gone"),
    ],
    ids=["gone", "changed", "more", "without a manifest"],
)
def test_a_file_that_is_not_as_the_manifest_says_is_found_out(
    home: Home, ledger: Ledger, change: Any, problem: str
) -> None:
    write_plan(home, a_list(10))
    folder = exported(home, ledger).folder
    change(folder)
    assert problems_of(folder) == [problem]


def test_the_mark_for_older_spreadsheets_stands_before_every_csv_where_it_is_asked_for(
    home: Home, ledger: Ledger
) -> None:
    write_plan(home, a_list(20))
    made = exported(home, ledger, replace(OPTIONS, has_bom=True))
    paths = sorted(made.folder.rglob("*.csv"))
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in paths)
    assert {row["signature"] for path in paths if "sms" in path.parts for row in csv_rows(path, "utf-8-sig")} == {
        "某某银行"
    }


# ---- who is left out ---------------------------------------------------------------------------------------

CASE = {"case_id": "K1", "customer_id": "C1", "opened_at": NOW - HOUR, "recorded_at": NOW - HOUR}
POINT = {"customer_id": "C1", "channel": "sms", "is_opted_out": True, "changed_at": NOW - HOUR, "recorded_at": NOW}
ANSWER = told("D0", "C1", "declined", "price", channel="voice", occurred_at=NOW - HOUR)
SINCE: dict[str, dict[str, Any]] = {
    "unknown_customer": {"without": True},
    "do_not_contact": {"answers": [replace(ANSWER, reason_code="do_not_contact", offer_id="LOAN", offer_group="loan")]},
    "opted_out": {"contact_points": [POINT]},
    "address_changed": {"addresses": {"C1": "tok-new", "C2": "tok-C2"}},
    "consent_withdrawn": {"listed": {"consent_ref": "sms-marketing-3"}},
    "declined": {"answers": [replace(ANSWER, offer_id="CARD_CLASSIC")]},
    "postponed": {"answers": [replace(ANSWER, outcome="postponed", reason_code="")]},
    "accepted": {"answers": [replace(ANSWER, outcome="accepted", reason_code="")]},
    "contact_cap": {
        "answers": [
            replace(ANSWER, decision_id=one, outcome="shown", reason_code="", channel="app") for one in ("D8", "D9")
        ]
    },
    "complaint_open": {"cases": [CASE | {"kind": "complaint"}]},
    "fraud_open": {"cases": [CASE | {"kind": "fraud"}]},
    "in_hardship": {"cases": [CASE | {"kind": "hardship"}]},
    "offer_expired": {"listed": {"expires_on": date(2026, 11, 30)}},
    "window_passed": {"listed": {"send_on": date(2026, 11, 22)}},
    "outside_hours": {
        "listed": {
            "send_not_before": datetime(2026, 12, 1, 12, tzinfo=UTC),
            "send_not_after": datetime(2026, 12, 1, 14, tzinfo=UTC),
        }
    },
    "answered": {"answers_it": True},
}


def addressed(tokens: dict[str, str] | None) -> Any:
    """What the bank reaches customers by, whatever the channel."""
    if tokens is None:
        return None
    return lambda *_: pa.table({"customer_id": list(tokens), "contact_ref": list(tokens.values())})


@pytest.mark.parametrize("why", REASONS)
@pytest.mark.parametrize("arm", ["treated", "control"])
def test_whoever_may_not_be_contacted_any_more_is_left_out_and_counted(
    home: Home, ledger: Ledger, why: str, arm: str
) -> None:
    since = SINCE[why]
    plan = write_plan(home, [a_row_of_the_list("C1", arm=arm, **since.get("listed", {})), a_row_of_the_list("C2")])
    answers = list(since.get("answers", ()))
    if "answers_it" in since:
        if arm == "control":
            pytest.skip("nobody answers what was never sent")
        export_campaign(desk_of_plan(home, ledger), plan, SIGNED_BY, OPTIONS)
        answers = [told(decision_id_of(plan.plan_sha256, "C1", "CARD_GOLD"), "C1", "shown")]
    for one in answers:
        write_outcome(ledger, one)
    known = {name: since[name] for name in ("contact_points", "cases") if name in since}
    facts = facts_about(["C2"] if since.get("without") else ["C1", "C2"], **known)
    desk = a_desk(home, ledger, facts, addresses=addressed(since.get("addresses")))
    made = export_campaign(desk, plan, SIGNED_BY, replace(OPTIONS, supersede=True))
    counts = {"treated": int(arm == "treated"), "control": int(arm == "control")}
    assert made.manifest["export"]["withheld"] == {why: counts}
    assert tables(made, "withheld")["because"].to_pylist() == [why]
    assert tables(made, "gateway").num_rows == 1
    if why != "answered":
        assert "impression" not in contacts_at(ledger, "C1") or answers


@pytest.mark.parametrize("name", ["declined", "postponed", "accepted"])
def test_an_answer_from_before_the_plan_was_weighed_by_the_plan(home: Home, ledger: Ledger, name: str) -> None:
    write_plan(home, [a_row_of_the_list("C1")])
    reason = "price" if name == "declined" else ""
    write_outcome(ledger, replace(ANSWER, outcome=name, reason_code=reason, occurred_at=NOW - 40 * DAY))
    assert exported(home, ledger).manifest["export"]["written"]["treated"] == 1


def test_who_consented_is_sent_what_relies_on_the_consent(home: Home, ledger: Ledger) -> None:
    plan = write_plan(home, [a_row_of_the_list("C1", consent_ref="sms-marketing-3")])
    consent = {
        "customer_id": "C1", "purpose": "marketing", "scope": "sms", "is_own_act": True,
        "given_at": NOW - 40 * DAY, "recorded_at": NOW - 40 * DAY,
    }  # fmt: skip
    made = export_campaign(a_desk(home, ledger, facts_about(["C1"], consents=[consent])), plan, SIGNED_BY, OPTIONS)
    assert made.manifest["export"]["written"]["treated"] == 1


def test_who_moved_to_another_zone_is_reached_at_the_hours_of_the_clock_there(home: Home, ledger: Ledger) -> None:
    plan = write_plan(home, [a_row_of_the_list("C1")])
    facts = facts_about(["C1"], customers={"C1": {"time_zone": "Europe/Prague"}})
    table = tables(made := export_campaign(a_desk(home, ledger, facts), plan, SIGNED_BY, OPTIONS), "gateway")
    assert table["local_not_before"].to_pylist() == ["2026-12-01T09:00+01:00"]
    assert table["send_not_before"].to_pylist() == [datetime(2026, 12, 1, 8, tzinfo=UTC)]
    assert made.manifest["export"]["windows_moved"] == 1


@pytest.mark.parametrize("ref", ["13800138000", "4111 1111 1111 1111", "11010519491231002X"])
def test_a_list_with_a_number_for_a_token_is_refused_and_shows_none_of_it(home: Home, ledger: Ledger, ref: str) -> None:
    write_plan(home, [a_row_of_the_list("C1", contact_ref=ref)])
    with pytest.raises(DataCheckFailed, match="contact_ref") as caught:
        exported(home, ledger)
    assert ref not in str(caught.value)
    assert contacts_at(ledger, "C1") == []


def test_a_kind_of_action_that_is_switched_off_is_sent_to_nobody(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(10))
    with pytest.raises(Conflict, match="switched off"):
        exported(home, ledger, killed_kinds=lambda: ("promotional",))
    assert batches_of(ledger, ID) == []


# ---- what the record knows of it ---------------------------------------------------------------------------


def test_every_treated_customer_has_a_decision_of_which_outcomes_can_be_told(home: Home, ledger: Ledger) -> None:
    plan = write_plan(home, [a_row_of_the_list("C1")])
    desk = desk_of_plan(home, ledger)
    made = export_campaign(desk, plan, SIGNED_BY, OPTIONS)
    (decision_id,) = tables(made, "gateway")["decision_id"].to_pylist()
    decision = read_decision(ledger, decision_id)
    assert (decision.customer_id, decision.channel, decision.record_class) == ("C1", "sms", "batch")
    assert decision.inputs["campaign"]["plan_sha256"] == plan.plan_sha256
    assert decision.answer["treatments"][0]["says"] == made.manifest["files"][2]["text"]
    assert contacts_at(ledger, "C1") == ["impression"]
    recording = Recording(desk.policy.catalogue, desk.policy.promises)
    record_outcome(ledger, decision, recording, Told("CARD_GOLD", "declined", "price"), NOW + 8 * DAY)
    assert contacts_at(ledger, "C1") == ["impression", "declined"]


def test_a_contact_counts_from_the_export_on_though_it_is_sent_days_later(home: Home, ledger: Ledger) -> None:
    write_plan(home, [a_row_of_the_list("C1")])
    exported(home, ledger)
    (one,) = contacts_of(ledger, ["C1"], NOW + HOUR)
    assert (one.kind, one.occurred_at) == ("impression", NOW + HOUR)


# ---- again, at once, interrupted ---------------------------------------------------------------------------


def test_a_second_export_is_refused_unless_it_takes_the_place_of_the_first(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(40))
    first = exported(home, ledger)
    with pytest.raises(Conflict, match="--supersede"):
        exported(home, ledger)
    second = exported(home, ledger, replace(OPTIONS, supersede=True))
    assert second.batch_id.endswith("-2")
    assert [one.status for one in batches_of(ledger, ID)] == ["superseded", "exported"]
    assert tables(second, "gateway")["decision_id"] == tables(first, "gateway")["decision_id"]
    assert contacts_at(ledger, "C000001") == ["impression"]
    assert len(decisions_of(ledger, "C000001")) == 1


def test_an_export_of_a_new_plan_takes_back_what_the_old_one_had_not_sent(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(20))
    exported(home, ledger)
    write_plan(home, a_list(5))
    desk = a_desk(home, ledger, facts_about([f"C{n:06}" for n in range(20)]))
    export_campaign(desk, plan_of(home), SIGNED_BY, replace(OPTIONS, supersede=True))
    assert contacts_at(ledger, "C000011") == []
    assert contacts_at(ledger, "C000001") == ["impression"]


def test_what_may_have_been_sent_stays_a_contact_though_a_new_export_leaves_it_out(home: Home, ledger: Ledger) -> None:
    plan = write_plan(home, [a_row_of_the_list("C1"), a_row_of_the_list("C2", send_on=date(2026, 12, 5))])
    exported(home, ledger)
    facts = facts_about(["C1", "C2"])
    later = a_desk(home, ledger, facts, now=lambda: NOW + 9 * DAY)
    export_campaign(later, plan, SIGNED_BY, replace(OPTIONS, supersede=True))
    assert contacts_at(ledger, "C1") == ["impression"]


def test_an_abandoned_export_leaves_no_contact_and_lets_another_be_made(home: Home, ledger: Ledger) -> None:
    plan = write_plan(home, a_list(20))
    desk = desk_of_plan(home, ledger)
    with pytest.raises(NotFound):
        abandon_export(ledger, plan, exports_dir(home, ID), "sue", NOW)
    made = export_campaign(desk, plan, SIGNED_BY, OPTIONS)
    assert abandon_export(ledger, plan, exports_dir(home, ID), "sue", NOW) == (made.batch_id, 18)
    assert contacts_at(ledger, "C000001") == []
    assert [(one.status, one.ended_by) for one in batches_of(ledger, ID)] == [("abandoned", "sue")]
    assert export_campaign(desk, plan, SIGNED_BY, OPTIONS).batch_id.endswith("-2")
    assert contacts_at(ledger, "C000001") == ["impression"]


def test_a_plan_that_nobody_approved_as_it_stands_is_not_exported(home: Home, ledger: Ledger) -> None:
    plan = write_plan(home, a_list(10))

    class Unsigned(Signed):
        def approvers(self) -> list[dict[str, Any]]:
            raise ApprovalMissing("Nobody has approved it.")

    with pytest.raises(ApprovalMissing):
        export_campaign(desk_of_plan(home, ledger), plan, Unsigned(()), OPTIONS)
    assert (batches_of(ledger, ID), contacts_at(ledger, "C000001")) == ([], [])


def test_a_campaign_that_is_stopped_while_its_files_are_written_has_none(home: Home, ledger: Ledger) -> None:
    plan, signed = write_plan(home, a_list(10)), Signed(APPROVERS)

    def stopped(_rows: int) -> None:
        signed.people = ()

    class Stoppable(Signed):
        def approvers(self) -> Any:
            if not signed.people:
                raise Conflict("The campaign was stopped.")
            return signed.people

    with pytest.raises(Conflict, match="stopped"):
        export_campaign(desk_of_plan(home, ledger), plan, Stoppable(()), OPTIONS, stopped)
    assert visible(exports_dir(home, ID)) == []


def test_who_exported_is_written_down_where_the_campaign_stands(home: Home, ledger: Ledger) -> None:
    plan, signed = write_plan(home, a_list(10)), Signed(APPROVERS)
    export_campaign(desk_of_plan(home, ledger), plan, signed, OPTIONS)
    assert signed.marked == ["mei"]


def test_two_exports_at_once_are_one_and_a_clear_answer(home: Home, ledger: Ledger) -> None:
    plan = write_plan(home, a_list(10))
    desk = desk_of_plan(home, ledger)
    with one_at_a_time(exports_dir(home, ID), ID), pytest.raises(Conflict, match="under way"):
        export_campaign(desk, plan, SIGNED_BY, OPTIONS)
    assert export_campaign(desk, plan, SIGNED_BY, OPTIONS).manifest["number"] == 1


def interrupting(desk: ExportDesk, moment: int) -> ExportDesk:
    """The desk, on which the clock breaks at its so-manieth look: between two pieces of the list, or at its end."""
    looks = iter(range(moment))

    def now() -> datetime:
        if next(looks, None) is None:
            raise KeyboardInterrupt
        return NOW

    return replace(desk, now=now)


@pytest.mark.parametrize("moment", [1, 2, 3, 4])
def test_an_interrupted_export_leaves_no_file_and_is_gone_on_with(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    monkeypatch.setattr(serving.campaigns.exporting.writing, "CHUNK_ROWS", 40)
    plan = write_plan(home, a_list(120))
    desk = desk_of_plan(home, ledger)
    with pytest.raises(KeyboardInterrupt):
        export_campaign(interrupting(desk, moment), plan, SIGNED_BY, OPTIONS)
    assert visible(exports_dir(home, ID)) == ([] if moment < 4 else [f"{ID}-{plan.plan_sha256[:12]}-1"])
    made = export_campaign(desk, plan, SIGNED_BY, OPTIONS)
    assert made.is_resumed
    assert made.manifest["export"]["written"] == {"treated": 108, "control": 12}
    ids = tables(made, "gateway")["decision_id"].to_pylist() + tables(made, "calls")["decision_id"].to_pylist()
    assert len({*ids}) == len(ids) == 108
    assert [len(decisions_of(ledger, one)) for one in ("C000001", "C000003", "C000119")] == [1, 0, 1]


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_who_opts_out_while_an_export_is_interrupted_is_not_in_it(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving.campaigns.exporting.writing, "CHUNK_ROWS", 10)
    plan = write_plan(home, a_list(20))
    desk = desk_of_plan(home, ledger)
    with pytest.raises(KeyboardInterrupt):
        export_campaign(interrupting(desk, 2), plan, SIGNED_BY, OPTIONS)
    assert contacts_at(ledger, "C000001") == ["impression"]
    write_outcome(ledger, told("D0", "C000001", "declined", "do_not_contact", offer_id="LOAN", offer_group="loan"))
    made = export_campaign(desk, plan, SIGNED_BY, OPTIONS)
    assert tables(made, "withheld")["customer_id"].to_pylist() == ["C000001"]
    assert "C000001" not in "".join(map(str, tables(made, "calls")["customer_id"].to_pylist()))
    (claimed,) = decisions_of(ledger, "C000001")
    assert claimed.decision_id not in tables(made, "gateway")["decision_id"].to_pylist()
    assert not [one for one in contacts_of(ledger, ["C000001"], NOW) if one.decision_id == claimed.decision_id]


def test_who_refuses_while_the_files_are_written_is_not_in_them(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving.campaigns.exporting.writing, "CHUNK_ROWS", 10)
    plan, done = write_plan(home, a_list(30)), []
    refusal = told("D0", "C000001", "declined", "do_not_contact", offer_id="LOAN", offer_group="loan")

    def refused_meanwhile(rows: int) -> None:
        done.append(rows)
        if len(done) == 2:
            write_outcome(ledger, refusal)

    made = export_campaign(desk_of_plan(home, ledger), plan, SIGNED_BY, OPTIONS, refused_meanwhile)
    assert (done, problems_of(made.folder)) == ([10, 10, 10], [])
    assert made.manifest["export"]["withheld"] == {"do_not_contact": {"treated": 1, "control": 0}}
    assert tables(made, "withheld")["customer_id"].to_pylist() == ["C000001"]


def test_a_full_disk_leaves_nothing_half_written_and_the_export_can_be_gone_on_with(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = write_plan(home, a_list(50))
    desk = desk_of_plan(home, ledger)

    @contextmanager
    def nearly_full(target: Path) -> Iterator[Path]:
        with folder_written_whole(target) as draft:
            (draft / "control").mkdir()
            # The kernel's own full device.
            (draft / "control/control.csv").symlink_to("/dev/full")
            yield draft

    with monkeypatch.context() as patch:
        patch.setattr(serving.campaigns.exporting.export, "folder_written_whole", nearly_full)
        with pytest.raises(StorageFull):
            export_campaign(desk, plan, SIGNED_BY, OPTIONS)
    assert list(exports_dir(home, ID).iterdir()) == []
    assert [one.status for one in batches_of(ledger, ID)] == ["begun"]
    made = export_campaign(desk, plan, SIGNED_BY, OPTIONS)
    assert (made.is_resumed, problems_of(made.folder)) == (True, [])


def test_its_own_claim_is_no_contact_too_many_when_an_export_is_made_again(home: Home, ledger: Ledger) -> None:
    write_plan(home, a_list(10), brief=f"{BRIEF}caps: {{contacts_in_30_days: 1}}\n")
    assert exported(home, ledger).manifest["export"]["withheld"] == {}
    assert exported(home, ledger, replace(OPTIONS, supersede=True)).manifest["export"]["withheld"] == {}


def test_a_plan_that_became_another_one_is_begun_anew(home: Home, ledger: Ledger) -> None:
    plan = write_plan(home, a_list(20))
    with pytest.raises(KeyboardInterrupt):
        export_campaign(interrupting(desk_of_plan(home, ledger), 2), plan, SIGNED_BY, OPTIONS)
    write_plan(home, a_list(10), brief=f"{BRIEF}caps: {{contacts_in_30_days: 1}}\n")
    made = exported(home, ledger)
    assert (made.is_resumed, made.manifest["number"]) == (False, 2)
    assert [one.status for one in batches_of(ledger, ID)] == ["abandoned", "exported"]
    assert contacts_at(ledger, "C000011") == []
    assert read_manifest(made.folder) is not None


def test_a_list_of_nobody_but_controls_is_an_export_too(home: Home, ledger: Ledger) -> None:
    write_plan(home, [a_row_of_the_list("C1", arm="control")])
    made = exported(home, ledger)
    assert [one["path"] for one in made.manifest["files"]] == [
        "control/control.csv", "control/control.parquet", "withheld/withheld.csv", "withheld/withheld.parquet",
    ]  # fmt: skip


def test_an_empty_list_is_an_export_of_headers(home: Home, ledger: Ledger) -> None:
    write_plan(home, [])
    assert exported(home, ledger).manifest["export"]["listed"] == {"treated": 0, "control": 0}
