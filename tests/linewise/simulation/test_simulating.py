import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from linewise.bank.checking import check_bank
from linewise.bank.dictionary import load_dictionary
from linewise.bank.rates import RATE_FACT_PREFIX, bank_rates
from linewise.bank.sieve import REASON
from linewise.bank.tables import Bank
from linewise.core.errors import Conflict, DataCheckFailed, StorageFull, UsageError
from linewise.core.home import Home
from linewise.simulation import simulating
from linewise.simulation.labels import dirt_labels, truth_dir, world_in
from linewise.simulation.simulating import CUSTOMERS_A_PART, simulate_bank
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.world import World

SMALL = World(customer_count=60, month_count=2, seed=3)
ROOT = Path(simulating.__file__).resolve().parents[2]


class Stopped(Exception):
    """Something that nobody foresaw."""


def files_of(home: Home) -> dict[str, bytes]:
    return {str(path.relative_to(home.root)): path.read_bytes() for path in home.root.rglob("*") if path.is_file()}


@pytest.fixture
def standing(home: Home) -> Home:
    """A home with a small bank."""
    simulate_bank(home, SMALL)
    return home


def test_the_same_world_gives_the_same_bytes_and_another_seed_other_ones(standing: Home, tmp_path: Path) -> None:
    again, other = Home(tmp_path / "again"), Home(tmp_path / "other")
    simulate_bank(again, SMALL)
    simulate_bank(other, SMALL.model_copy(update={"seed": 4}))
    assert files_of(again) == files_of(standing)
    one, two = files_of(standing), files_of(other)
    for name in ("customers", "accounts", "transactions", "statements"):
        assert one[f"data/bank/{name}/part-00000.parquet"] != two[f"data/bank/{name}/part-00000.parquet"]


def test_a_part_has_the_same_bytes_whatever_the_bank_and_the_workers(tmp_path: Path) -> None:
    world = World(month_count=2, seed=2)
    few, many, again = Home(tmp_path / "few"), Home(tmp_path / "many"), Home(tmp_path / "again")
    simulate_bank(few, world.resized(CUSTOMERS_A_PART + 200), workers=1)
    simulate_bank(many, world.resized(2 * CUSTOMERS_A_PART + 100), workers=2)
    simulate_bank(again, world.resized(2 * CUSTOMERS_A_PART + 100), workers=1)
    assert files_of(again) == files_of(many)
    of_few, of_many = files_of(few), files_of(many)
    first = [path for path in of_few if path.endswith("part-00000.parquet")]
    assert len(first) > 15
    assert [path for path in first if of_few[path] != of_many[path]] == []


def test_a_customer_is_the_same_in_a_larger_bank(standing: Home, tmp_path: Path) -> None:
    larger = simulate_bank(Home(tmp_path / "larger"), SMALL.resized(200))
    smaller = Bank(standing)
    for name, table in load_dictionary().items():
        if "customer_id" in table.arrow_schema.names:
            mine = smaller.read(name)
            other = larger.read(name)
            kept = other.filter(pc.less_equal(other["customer_id"], "C00000060"))
            assert kept.equals(mine), name


def test_every_table_is_filled_and_the_bank_keeps_every_rule_of_the_contract(tmp_path: Path) -> None:
    home = Home(tmp_path)
    bank = simulate_bank(home, World(customer_count=2000, month_count=6, seed=3))
    facts = bank.manifest.tables
    assert [name for name, of_table in facts.items() if of_table.is_absent or not of_table.rows] == []
    report = check_bank(home)
    broken = [rule.rule_id for table in report.tables.values() for rule in table.rules if rule.bad_rows]
    assert broken == []
    assert report.is_clean


def test_the_bank_says_what_it_is_and_when_its_data_end(standing: Home) -> None:
    manifest = Bank(standing).manifest
    assert manifest.name == SMALL.bank_name
    assert (manifest.currency, manifest.clock) == ("CNY", "data_end")
    assert manifest.time_zone == "Asia/Shanghai"
    assert manifest.data_until == SMALL.calendar.data_until
    assert manifest.tables["customers"].rows == 60


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_counts_every_customer_once(home: Home, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setattr(simulating, "CUSTOMERS_A_PART", 25)
    told: list[int] = []
    simulate_bank(home, SMALL, workers=workers, advance=told.append)
    assert sorted(told) == [10, 25, 25]
    assert Bank(home).manifest.tables["customers"].rows == 60


def test_a_bank_that_stands_is_replaced_only_when_asked(standing: Home) -> None:
    before = files_of(standing)
    other = SMALL.model_copy(update={"seed": 4})
    with pytest.raises(Conflict, match="--overwrite"):
        simulate_bank(standing, other)
    assert files_of(standing) == before
    simulate_bank(standing, other, overwrite=True)
    assert Bank(standing).manifest.name == other.bank_name
    assert world_in(standing) == other


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("stop", [KeyboardInterrupt, Stopped])
def test_what_stops_the_work_leaves_the_former_bank_and_its_labels(
    standing: Home, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException], workers: int
) -> None:
    monkeypatch.setattr(simulating, "CUSTOMERS_A_PART", 20)
    before, parts = files_of(standing), []

    def stopping(customers: int) -> None:
        parts.append(customers)
        if len(parts) == 2:
            raise stop

    with pytest.raises(stop):
        simulate_bank(standing, SMALL.resized(200), overwrite=True, workers=workers, advance=stopping)
    assert files_of(standing) == before


def test_what_stops_the_first_bank_leaves_none(home: Home) -> None:
    def stopping(customers: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        simulate_bank(home, SMALL, advance=stopping)
    assert files_of(home) == {}
    simulate_bank(home, SMALL)
    assert check_bank(home).is_clean


_KILLED = """
import os, signal, sys
from pathlib import Path
from linewise.core.home import Home
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import World
world = World(customer_count=60, month_count=2, seed=9)
simulate_bank(Home(Path(sys.argv[1])), world, overwrite=True, advance=lambda _: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_killed_process_leaves_the_former_bank_and_the_next_run_clears_up(standing: Home) -> None:
    before = files_of(standing)
    ended = subprocess.run([sys.executable, "-c", _KILLED, str(standing.root)], cwd=ROOT, check=False, timeout=300)
    assert ended.returncode == -signal.SIGKILL
    kept = {path: held for path, held in files_of(standing).items() if not path.startswith("data/.")}
    assert kept == before
    assert check_bank(standing).is_clean
    simulate_bank(standing, SMALL, overwrite=True)
    assert files_of(standing) == before


def test_a_disk_that_fills_up_leaves_the_former_bank_and_says_so(
    standing: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_of(standing)
    tables = simulating.contract_tables

    def filling(chunk: Chunk) -> object:
        (draft,) = standing.data_dir.glob(".bank.new-*")
        (draft / "transactions").mkdir(exist_ok=True)
        # The kernel's own full device, in the place of a file of the draft.
        (draft / "transactions" / "part-00000.parquet").symlink_to("/dev/full")
        return tables(chunk)

    monkeypatch.setattr(simulating, "contract_tables", filling)
    with pytest.raises(StorageFull, match="is full"):
        simulate_bank(standing, SMALL.resized(70), overwrite=True)
    assert files_of(standing) == before


@pytest.mark.parametrize(("months", "least"), [(24, 16_667), (12, 33_334), (2, 200_000)])
def test_a_dirty_bank_too_small_for_its_dirt_is_refused_with_the_size_that_is_enough(
    home: Home, months: int, least: int
) -> None:
    dirty = World(customer_count=least - 1, month_count=months, name="dirty")
    with pytest.raises(UsageError, match=f"--customers {least} --months {months}"):
        simulate_bank(home, dirty)
    assert files_of(home) == {}


def test_a_bank_that_is_refused_leaves_the_labels_of_the_former_one(
    standing: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of so few rows the dirt is more than the door lets in.
    monkeypatch.setattr(simulating, "DIRTY_CUSTOMER_MONTHS", 0)
    dirty = World(customer_count=400, month_count=6, name="dirty")
    before = files_of(standing)
    with pytest.raises(DataCheckFailed):
        simulate_bank(standing, dirty, overwrite=True)
    assert files_of(standing) == before


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bank, Bank]:
    """A dirty bank and the clean one of the same seed."""
    world = World(customer_count=600, month_count=4, seed=3)
    clean = simulate_bank(Home(tmp_path_factory.mktemp("clean")), world)
    with pytest.MonkeyPatch.context() as patch:
        # By chance a short table has more bad rows than the door lets in; here it is the labels that matter.
        patch.setattr("linewise.bank.judging.QUARANTINE_LIMIT_RATIO", 0.5)
        patch.setattr(simulating, "DIRTY_CUSTOMER_MONTHS", 0)
        home = Home(tmp_path_factory.mktemp("dirty"))
        return simulate_bank(home, world.model_copy(update={"name": "dirty"})), clean


def labels_of(bank: Bank, name: str, *, is_bad: bool) -> pa.Table:
    labels = dirt_labels(bank.home)
    return labels.filter((pc.field("table") == name) & (pc.field("is_bad") == is_bad))


def test_the_door_puts_aside_what_is_labelled_bad_and_nothing_else(dirty: tuple[Bank, Bank]) -> None:
    bank, _ = dirty
    put_aside = 0
    for name, table in load_dictionary().items():
        files = bank.quarantine_files(name)
        rows = [row for path in files for row in pq.read_table(path, columns=[*table.key, REASON]).to_pylist()]
        keys = Counter("|".join(map(str, (row[column] for column in table.key))) for row in rows)
        told = Counter(str(key) for key in labels_of(bank, name, is_bad=True)["key"].to_pylist())
        assert keys == told, name
        put_aside += len(rows)
    assert put_aside > 100


def test_what_the_door_lets_in_is_the_clean_bank_but_for_what_is_labelled(dirty: tuple[Bank, Bank]) -> None:
    bank, clean = dirty
    for name, table in load_dictionary().items():
        told = labels_of(bank, name, is_bad=False)
        is_late = pc.ends_with(told["rule_id"], ".late")
        is_silent = pc.ends_with(told["rule_id"], ".silent")
        added = told.filter(pc.invert(pc.or_(is_late, is_silent)))["key"]
        let_in, pure = bank.read(name), clean.read(name)
        if len(added):
            let_in = let_in.filter(pc.invert(pc.is_in(let_in[table.key[0]], added)))
        if name == "bank_facts":
            let_in = let_in.filter(pc.invert(pc.starts_with(let_in["fact"], RATE_FACT_PREFIX)))
        order = [(column, "ascending") for column in table.key]
        kept, pure = let_in.sort_by(order), pure.sort_by(order)
        if "recorded_at" in kept.column_names and "recorded_at" not in table.key:
            later = np.asarray(pc.greater(kept["recorded_at"], pure["recorded_at"]))
            assert later.sum() == pc.sum(is_late).as_py() or not len(told), name
            kept, pure = kept.drop_columns("recorded_at"), pure.drop_columns("recorded_at")
        assert kept.equals(pure), name


def test_nothing_that_was_delivered_is_lost_and_nothing_is_invented(dirty: tuple[Bank, Bank]) -> None:
    bank, clean = dirty
    for name, facts in bank.manifest.tables.items():
        told = dirt_labels(bank.home).filter(pc.field("table") == name)["rule_id"].to_pylist()
        added = [rule_id for rule_id in told if not rule_id.endswith((".late", ".silent"))]
        rates = bank_rates(bank).num_rows if name == "bank_facts" else 0
        assert facts.rows + facts.quarantined_rows == clean.manifest.tables[name].rows + len(added) + rates, name
        put_aside = sum(pq.read_metadata(path).num_rows for path in bank.quarantine_files(name))
        assert put_aside == facts.quarantined_rows


def test_a_dirty_bank_breaks_no_rule_once_it_is_let_in(dirty: tuple[Bank, Bank]) -> None:
    assert check_bank(dirty[0].home).findings() == []


def test_no_label_lies_inside_the_bank(standing: Home) -> None:
    assert not truth_dir(standing).is_relative_to(standing.bank_dir)
    assert not any("truth" in path.name for path in standing.bank_dir.rglob("*"))
    assert sorted(path.name for path in standing.data_dir.iterdir()) == ["bank", "truth"]
