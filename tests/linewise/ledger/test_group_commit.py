"""Writers that come together share a commit; each returns after its own, and a mistake stays with whoever made it."""

import errno
import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError

from linewise.core.errors import NotReady, RecordFull, StorageFull, UnknownDecision, UsageError
from linewise.core.home import Home
from linewise.ledger import segments
from linewise.ledger.checkpoints import CHECKPOINTS_FILE
from linewise.ledger.record import decisions_of, read_decision, write_decisions
from linewise.ledger.store import Ledger, open_ledger
from linewise.ledger.verifying import record_size, verify_record
from tests.linewise.ledger.builders import a_decision

WRITERS = 16


def statements_of(ledger: Ledger) -> list[str]:
    """Every statement that the database is given from now on, by connections that are opened from now on."""
    seen: list[str] = []
    ledger.engine.dispose()
    event.listen(ledger.engine, "connect", lambda connection, _record: connection.set_trace_callback(seen.append))
    return seen


def test_sixteen_writers_share_commits_and_every_record_is_there_when_its_call_returns(ledger: Ledger):
    statements, ready = statements_of(ledger), Barrier(WRITERS)
    write_decisions(ledger, [a_decision("first")])
    statements.clear()

    def write(writer: int) -> None:
        ready.wait()
        for number in range(10):
            record = a_decision(f"D{writer}-{number}", f"C{writer}")
            write_decisions(ledger, [record])
            assert read_decision(ledger, record.decision_id) == record

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    assert record_size(ledger) == WRITERS * 10 + 1
    assert 0 < statements.count("COMMIT") < WRITERS * 10
    assert verify_record(ledger, opens_payloads=True).is_whole


def test_a_mistake_of_one_writer_is_that_writer_s_alone(ledger: Ledger):
    write_decisions(ledger, [a_decision("taken")])
    ready = Barrier(WRITERS)

    def write(writer: int) -> str:
        ready.wait()
        try:
            write_decisions(
                ledger, [a_decision(f"D{writer}"), a_decision("taken" if writer % 4 == 0 else f"E{writer}")]
            )
        except IntegrityError:
            return "refused"
        return "written"

    with ThreadPoolExecutor(WRITERS) as pool:
        ends = list(pool.map(write, range(WRITERS)))
    assert ends == ["refused" if writer % 4 == 0 else "written" for writer in range(WRITERS)]
    assert record_size(ledger) == 1 + 2 * 12
    assert verify_record(ledger).is_whole


def test_what_is_written_beside_a_record_stands_or_falls_with_it(ledger: Ledger):
    def refuses(_connection: Connection) -> None:
        raise UsageError("no")

    def beside(connection: Connection) -> None:
        connection.execute(text("insert into record_segments values (77, 'x', 0, 'x')"))

    with pytest.raises(UsageError):
        write_decisions(ledger, [a_decision("D1")], beside=refuses)
    with pytest.raises(UnknownDecision):
        read_decision(ledger, "D1")
    write_decisions(ledger, [a_decision("D2")], beside=beside)
    with ledger.engine.connect() as connection:
        assert connection.execute(text("select count(*) from record_segments where segment_id = 77")).scalar_one() == 1


def test_a_name_that_could_pass_for_another_in_the_chain_is_refused(ledger: Ledger):
    with pytest.raises(ValueError, match="printable"):
        write_decisions(ledger, [a_decision("D1", channel="voice\nr1")])


# ---- several processes ---------------------------------------------------------------------------------


def _write_some(root: Path, process: int) -> None:
    ledger = open_ledger(Home(root))
    for number in range(20):
        write_decisions(ledger, [a_decision(f"P{process}-{number}", f"C{number % 5}")])
    ledger.close()


def test_several_processes_write_one_record_each_its_own_segment(home: Home):
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_write_some, args=(home.root, number)) for number in range(3)]
    for one in processes:
        one.start()
    for one in processes:
        one.join(120)
    assert [one.exitcode for one in processes] == [0, 0, 0]
    ledger = open_ledger(home)
    report = verify_record(ledger, opens_payloads=True)
    assert (report.is_whole, report.segments, report.decisions) == (True, 3, 60)
    # A customer has one key, whichever process met the customer first.
    assert len(decisions_of(ledger, "C1")) == 12
    ledger.close()


KILLED = """
import sys
from pathlib import Path
from linewise.core.home import Home
from linewise.ledger import segments
from linewise.ledger.record import write_decisions
from linewise.ledger.store import open_ledger
from tests.linewise.ledger.builders import a_decision
segments.SEAL_AFTER_ENTRIES = 7
ledger = open_ledger(Home(Path(sys.argv[1])))
for number in range(1_000_000):
    write_decisions(ledger, [a_decision(f"{sys.argv[2]}-{number}", f"C{number % 9}")])
    print(number, flush=True)
"""


def killed_after(home: Home, name: str, records: int) -> int:
    """A writer killed while it writes; gives how many records it was told to be durable."""
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(home.root), name], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = 0
    for line in process.stdout:
        told = int(line) + 1
        if told >= records:
            process.kill()
            break
    told = max([told, *(int(line) + 1 for line in process.stdout)])
    process.stdout.close()
    assert process.wait(60) == -9
    return told


def test_a_writer_killed_midway_leaves_a_chain_that_verifies_and_nothing_it_confirmed_is_lost(home: Home):
    told = {name: killed_after(home, name, records) for name, records in (("a", 3), ("b", 30))}
    ledger = open_ledger(home)
    write_decisions(ledger, [a_decision("after")])
    report = verify_record(ledger, opens_payloads=True)
    assert (report.findings, report.segments) == ([], 3)
    for name, count in told.items():
        assert read_decision(ledger, f"{name}-{count - 1}").customer_id == f"C{(count - 1) % 9}"
    ledger.close()


def test_a_forked_child_writes_a_segment_of_its_own(home: Home):
    words = (
        "import os, sys; from pathlib import Path\n"
        "from linewise.core.home import Home; from linewise.ledger.store import open_ledger\n"
        "from linewise.ledger.record import write_decisions; from tests.linewise.ledger.builders import a_decision\n"
        "ledger = open_ledger(Home(Path(sys.argv[1]))); write_decisions(ledger, [a_decision('D1')])\n"
        "child = os.fork()\n"
        "if not child: ledger.engine.dispose(close=False)\n"
        "write_decisions(ledger, [a_decision(f'{bool(child)}-{n}') for n in range(3)])\n"
        "child and os.waitpid(child, 0)\n"
    )
    subprocess.run([sys.executable, "-c", words, str(home.root)], check=True)
    ledger = open_ledger(home)
    report = verify_record(ledger)
    assert (report.findings, report.segments, report.decisions, report.unsealed) == ([], 2, 7, 0)
    ledger.close()


# ---- a full disk ---------------------------------------------------------------------------------------


def fill(ledger: Ledger, until: int = 5_000) -> tuple[int, RecordFull]:
    """Write until the disk is full; gives how many were written."""
    for number in range(until):
        try:
            write_decisions(ledger, [a_decision(f"D{number}", answer={"noise": os.urandom(2_000).hex()})])
        except RecordFull as err:
            return number, err
    raise AssertionError("the disk never was full")


def enforce_nothing_half_written(ledger: Ledger, written: int) -> None:
    assert record_size(ledger) == written
    with pytest.raises(UnknownDecision):
        read_decision(ledger, f"D{written}")
    assert verify_record(ledger, opens_payloads=True).findings == []


def test_a_database_that_may_not_grow_refuses_the_decision_and_stays_whole(ledger: Ledger):
    @event.listens_for(ledger.engine, "checkout")
    def _small(connection, *_rest):
        connection.execute(f"PRAGMA max_page_count={100 if is_full else 1 << 30}")

    is_full = True
    write_decisions(ledger, [a_decision("first")])
    written, err = fill(ledger)
    assert isinstance(err, StorageFull)
    assert (err.http_status, "nothing half-written is left" in str(err)) == (507, True)
    assert record_size(ledger) == written + 1
    is_full = False
    write_decisions(ledger, [a_decision("room again")])
    report = verify_record(ledger, opens_payloads=True)
    assert (report.findings, report.segments) == ([], 1)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of a few megabytes, where it may be mounted."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root may mount a small disk")
    if subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True, check=False
    ).returncode:
        pytest.skip("this machine mounts no tmpfs")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_on_a_disk_that_is_really_full_no_decision_leaves_and_the_record_stays_whole(tiny_disk: Path):
    ledger = open_ledger(Home(tiny_disk / "home"))
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(b"\0" * 500_000)
    written, _err = fill(ledger)
    assert written > 10
    with pytest.raises(RecordFull):
        write_decisions(ledger, [a_decision("again", answer={"noise": os.urandom(50_000).hex()})])
    enforce_nothing_half_written(ledger, written)
    ballast.unlink()
    write_decisions(ledger, [a_decision("room again")])
    assert verify_record(ledger, opens_payloads=True).findings == []
    ledger.close()


def test_where_no_checkpoint_can_be_written_outside_no_further_decision_leaves(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(segments, "SEAL_AFTER_ENTRIES", 5)

    def full(_folder: Path, _checkpoint: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write_decisions(ledger, [a_decision(f"D{number}") for number in range(5)])
    with monkeypatch.context() as patched:
        patched.setattr(segments, "append_outside", full)
        with pytest.raises(RecordFull):
            write_decisions(ledger, [a_decision("D5")])
    write_decisions(ledger, [a_decision("D6")])
    report = verify_record(ledger)
    assert (report.findings, report.decisions, report.unsealed) == ([], 6, 1)


def test_a_file_outside_that_is_no_file_is_told_and_nothing_is_written(home: Home):
    (home.checkpoints_dir / CHECKPOINTS_FILE).mkdir(parents=True)
    ledger = open_ledger(home)
    with pytest.raises(NotReady, match="cannot be sealed outside"):
        write_decisions(ledger, [a_decision("D1")])
    assert record_size(ledger) == 0
    (home.checkpoints_dir / CHECKPOINTS_FILE).rmdir()
    write_decisions(ledger, [a_decision("D1")])
    report = verify_record(ledger)
    assert (report.findings, report.decisions) == ([], 1)
    assert report.notes == ["Segment 1 was opened and nothing was written to it."]
    ledger.close()


def test_another_process_that_holds_the_ledger_too_long_is_told_as_such(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("linewise.ledger.transactions.LOCK_WAIT_SECONDS", 0.1)
    ledger, other = open_ledger(home), open_ledger(home)
    with other.writing(), pytest.raises(NotReady, match="Another process"):
        write_decisions(ledger, [a_decision("D1")])
    write_decisions(ledger, [a_decision("D1")])
    assert read_decision(ledger, "D1") == a_decision("D1")
    ledger.close()
    other.close()


def test_who_reads_and_then_writes_is_not_refused_because_another_wrote_in_between(ledger: Ledger, home: Home):
    other, ready = open_ledger(home), Barrier(2)

    def count(each: Ledger) -> None:
        ready.wait()
        for _ in range(20):
            with each.writing() as connection:
                number = connection.execute(text("select count(*) from record_segments")).scalar_one()
                connection.execute(text(f"insert into record_segments values ({number}, 'x', 0, 'x')"))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count, (ledger, other)))
    with ledger.engine.connect() as connection:
        assert connection.execute(text("select count(*) from record_segments")).scalar_one() == 40
    other.close()
