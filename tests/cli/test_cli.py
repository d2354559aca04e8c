"""The command line as a person meets it: help with an example, exit codes, JSON on stdout, words on stderr."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from cli.main import COMMANDS, main, root
from linewise.core.home import Home

pytestmark = pytest.mark.slow


def run(*arguments: str, home: Home | None = None) -> Result:
    """Run one command as the console script does, its exit code included."""
    given = [*arguments, *(("--home", str(home.root)) if home else ())]
    runner = CliRunner()

    @click.command(context_settings={"ignore_unknown_options": True})
    def script() -> None:
        main(given)

    return runner.invoke(script)


def commands() -> list[tuple[str, ...]]:
    """Every command, the members of groups too."""
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        command = root.get_command(click.Context(root), name)
        if isinstance(command, click.Group):
            found += [(name, member) for member in command.commands]
        found.append((name,))
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_each_command_has_help_with_an_example(words: tuple[str, ...]):
    shown = run(*words, "--help")
    assert shown.exit_code == 0
    assert f"\n  Example:\n    linewise {' '.join(words)}" in shown.output


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_each_command_is_in_the_documentation(words: tuple[str, ...]):
    documented = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"`linewise {' '.join(words)}" in documented


def test_help_imports_nothing_heavy():
    heavy = ("duckdb", "ibis", "feast", "mlflow", "lightgbm", "pandas", "polars", "bentoml", "numpy")
    words = (
        "import sys; from cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("nonsense",), 2, "No such command 'nonsense'"),
        (("bank", "check"), 1, "linewise bank import"),
        (("features", "build"), 1, "linewise bank import"),
        (("features", "materialize"), 1, "linewise bank import"),
        (("model", "train"), 1, "linewise bank import"),
        (("decide", "C1"), 1, "linewise bank import"),
        (("score", "--out", "x.parquet"), 1, "linewise bank import"),
        (("score",), 2, "--out"),
        (("decide", "C1", "--language", "fr"), 2, "fr"),
        (("bank", "import", "nobody", "--source", "."), 2, "berka"),
        (("decide", "C1", "--now", "yesterday"), 2, "yesterday"),
    ],
)
def test_a_wrong_or_early_call_ends_with_its_own_code_and_what_to_do(home: Home, arguments, exit_code: int, said: str):
    needs_home = arguments != ("nonsense",)
    done = run(*arguments, home=home if needs_home else None)
    assert done.exit_code == exit_code, done.output
    assert said in done.stderr
    assert not home.bank_dir.exists()


def test_init_writes_settings_once(home: Home):
    first = run("init", "--json", home=home)
    assert json.loads(first.stdout) == {"home": str(home.root), "settings": str(home.settings_path)}
    second = run("init", home=home)
    assert second.exit_code == 1
    assert "already" in second.stderr


def test_a_wrong_setting_in_the_file_is_a_usage_error(home: Home):
    run("init", home=home)
    home.settings_path.write_text("port = 'many'\n", encoding="utf-8")
    done = run("doctor", home=home)
    assert (done.exit_code, "port" in done.stderr) == (2, True)


def test_doctor_names_what_is_missing_from_the_top_and_what_to_run(home: Home):
    done = run("doctor", "--json", home=home)
    findings = {one["part"]: one for one in json.loads(done.stdout)}
    assert done.exit_code == 1
    in_order = ["settings", "bank", "online features", "models", "policy", "prices", "campaigns", "ledger"]
    assert list(findings) == in_order
    assert findings["bank"]["state"] == "missing"
    assert findings["bank"]["command"].startswith("linewise bank import")


def test_doctor_finds_nothing_wrong_with_a_served_home(served_home: Home):
    done = run("doctor", home=served_home)
    assert done.exit_code == 0, done.output


def test_doctor_finds_features_stale_when_the_clock_has_gone_on(served_home: Home):
    done = run("doctor", "--json", "--now", "2026-12-24", home=served_home)
    findings = {one["part"]: one for one in json.loads(done.stdout)}
    assert (done.exit_code, findings["online features"]["state"]) == (1, "stale")


def test_decide_prints_json_for_machines_and_tables_for_people(served_home: Home):
    machine = run("decide", "C00000010", "--json", home=served_home)
    assert json.loads(machine.stdout)["customer_id"] == "C00000010"
    person = run("decide", "C00000010", "--language", "en", home=served_home)
    assert (person.exit_code, person.stdout) == (0, "")
    assert "Limit: " in person.stderr
    unknown = run("decide", "nobody", home=served_home)
    assert (unknown.exit_code, "'nobody'" in unknown.stderr) == (1, True)


def test_score_writes_every_customer(served_home: Home, tmp_path: Path):
    done = run("score", "--out", str(tmp_path / "s.parquet"), "--json", home=served_home)
    assert json.loads(done.stdout)["customers"] == 2_000
    assert {path.name for path in tmp_path.iterdir()} == {"s.parquet", "s.csv"}


def test_score_of_a_list_decides_as_for_the_whole_base_and_names_the_rows_that_it_left_out(
    served_home: Home, tmp_path: Path
):
    some, whole = tmp_path / "some.csv", tmp_path / "whole.parquet"
    some.write_text("customer_id\nC00000020\nnobody\nC00000003\n", encoding="utf-8")
    refused = run("score", "--customers", str(some), "--out", str(tmp_path / "l.parquet"), home=served_home)
    assert (refused.exit_code, "row 2" in refused.stderr, (tmp_path / "l.parquet").exists()) == (4, True, False)
    words = ("--skip-faulty", "--out", str(tmp_path / "l.parquet"), "--json")
    done = run("score", "--customers", str(some), *words, home=served_home)
    told = json.loads(done.stdout)
    assert (told["customers"], told["left_out"][0]["reason"]) == (2, "unknown_customer")
    run("score", "--out", str(whole), home=served_home)
    listed, all_rows = (pq.read_table(path).drop(["decided_at"]) for path in (tmp_path / "l.parquet", whole))
    rows = {row["customer_id"]: row for row in all_rows.to_pylist()}
    assert listed.to_pylist() == [rows["C00000020"], rows["C00000003"]]


def test_score_writes_nothing_over_the_list_that_it_was_given(served_home: Home, tmp_path: Path):
    some = tmp_path / "some.csv"
    some.write_text("customer_id\nC00000020\n", encoding="utf-8")
    refused = run("score", "--customers", str(some), "--out", str(tmp_path / "some.parquet"), home=served_home)
    assert (refused.exit_code, some.read_text(encoding="utf-8")) == (2, "customer_id\nC00000020\n")
    alone = run("score", "--customers", str(some), "--prepare", home=served_home)
    assert (alone.exit_code, "--out" in alone.stderr) == (2, True)
