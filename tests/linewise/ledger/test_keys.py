"""The keys of the record: made once, readable by their owner alone, never made anew beside an old record."""

import json
import stat
import sys
import types
from concurrent.futures import ThreadPoolExecutor

import pytest

from linewise.core.errors import KeysMissing, SettingsInvalid
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.keys import FileKeys, is_signed
from linewise.ledger.record import read_decision, write_decisions
from linewise.ledger.store import ledger_of, open_ledger
from linewise.ledger.verifying import verify_record
from tests.linewise.ledger.builders import a_decision


def test_keys_are_made_at_the_first_use_for_their_owner_alone(home: Home):
    ledger = open_ledger(home)
    assert not home.keys_path.exists()
    write_decisions(ledger, [a_decision("D1")])
    assert stat.S_IMODE(home.keys_path.stat().st_mode) == 0o600
    assert [path.name for path in home.keys_path.parent.iterdir()] == ["record.json"]
    ledger.close()


def test_of_many_that_make_keys_at_once_all_use_the_first(home: Home):
    stores = [FileKeys(home.keys_path) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda one: one.public_key, stores))) == 1


def test_a_wrapped_secret_opens_under_its_own_master_key_alone(home: Home):
    keys = FileKeys(home.keys_path)
    assert keys.unwrap(keys.wrap(b"secret")) == b"secret"
    with pytest.raises(KeysMissing):
        FileKeys(home.root / "other.json").unwrap(keys.wrap(b"secret"))
    assert is_signed(keys.public_key, b"x", keys.sign(b"x"))
    assert not is_signed(keys.public_key, b"y", keys.sign(b"x"))


@pytest.mark.parametrize("content", ["", "{}", '{"wrapping": 1}', "[]", "no json"])
def test_a_spoilt_key_file_is_told_and_left_as_it_is(home: Home, content: str):
    home.keys_path.parent.mkdir(parents=True)
    home.keys_path.write_text(content)
    with pytest.raises(KeysMissing, match="cannot be read"):
        _ = FileKeys(home.keys_path).public_key
    assert home.keys_path.read_text() == content


def test_other_keys_than_those_of_the_record_neither_read_nor_continue_it(home: Home):
    ledger = open_ledger(home)
    write_decisions(ledger, [a_decision("D1")])
    ledger.close()
    home.keys_path.unlink()
    _ = FileKeys(home.keys_path).public_key  # drawn anew by somebody's hand
    again = open_ledger(home)
    with pytest.raises(KeysMissing):
        write_decisions(again, [a_decision("D2")])
    with pytest.raises(KeysMissing):
        read_decision(again, "D1")
    assert {one.kind for one in verify_record(again).findings} == {"checkpoint_forged", "checkpoint_missing"}
    again.close()


# ---- a key service -------------------------------------------------------------------------------------


def test_production_without_a_key_service_is_refused(home: Home):
    with pytest.raises(SettingsInvalid, match="no key service is set"):
        ledger_of(load_settings(home=home.root, profile="production", clock="wall"))


@pytest.mark.parametrize("named", ["nothing", "nowhere:at_all", "json:nothing", "json:decoder", ":x"])
def test_a_key_service_that_cannot_be_used_is_refused(home: Home, named: str):
    with pytest.raises(SettingsInvalid, match="key_service"):
        ledger_of(load_settings(home=home.root, key_service=named))


def test_production_writes_with_the_keys_of_its_service(home: Home, monkeypatch: pytest.MonkeyPatch):
    service = types.ModuleType("a_bank_s_keys")
    monkeypatch.setattr(service, "open_keys", lambda: FileKeys(home.root / "elsewhere.json"), raising=False)
    monkeypatch.setitem(sys.modules, service.__name__, service)
    settings = load_settings(
        home=home.root,
        profile="production",
        clock="wall",
        key_service="a_bank_s_keys:open_keys",
        checkpoints=home.root / "written-once",
    )
    ledger = ledger_of(settings)
    write_decisions(ledger, [a_decision("D1")])
    ledger.close()
    assert not home.keys_path.exists()
    lines = (home.root / "written-once" / "checkpoints.jsonl").read_text().splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["open", "close"]
    assert read_decision(ledger_of(settings), "D1") == a_decision("D1")
