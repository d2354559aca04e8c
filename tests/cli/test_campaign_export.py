"""`linewise campaign export` as marketing uses it: once, after others have signed, and held against its manifest."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from cli.campaign_export import who_exports
from linewise.core.errors import UsageError
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.decisioning.cells import is_drawn_control
from serving.campaigns.approving.standing import Standing
from serving.campaigns.plan.files import CONTROL, LIST_SCHEMA, TREATED
from tests.cli.test_cli import run
from tests.serving.campaigns.drawn_plans import DRAW, planned
from tests.serving.campaigns.exports import a_row_of_the_list
from tests.serving.campaigns.plans import ID
from tests.serving.homes import home_of_its_own

PEOPLE = (("mei", "marketer"), ("lin", "privacy_officer"))


@pytest.fixture(scope="module")
def settings(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("exporting") / "home"))
    return load_settings(home=home.root)


@pytest.fixture(scope="module")
def folder(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of sixty customers, proposed by its maker, and the key files of whoever may sign."""
    ids = np.array([f"C{n:08d}" for n in range(1, 61)])
    is_control = is_drawn_control(ids, DRAW["seed"], DRAW["salt"], DRAW["share_ratio"])
    rows = [
        a_row_of_the_list(one, arm=CONTROL if control else TREATED, contact_ref=None)
        for one, control in zip(ids.tolist(), is_control.tolist(), strict=True)
    ]
    planned(settings, Standing.now(settings), pa.Table.from_pylist(rows, schema=LIST_SCHEMA), waterfall=[])
    folder, home = tmp_path_factory.mktemp("keys"), settings.paths
    olga = str(folder / "olga.pem")
    assert run("release", "key", "olga", "--role", "operator", "--out", olga, home=home).exit_code == 0
    for name, role in PEOPLE:
        words = ("--role", role, "--out", str(folder / f"{name}.pem"), "--registrar", olga)
        assert run("release", "key", name, *words, home=home).exit_code == 0
    assert run("campaign", "propose", ID, "--key", str(folder / "mei.pem"), home=home).exit_code == 0
    return folder


def test_a_campaign_is_exported_once_and_only_as_it_was_approved(settings: Settings, folder: Path) -> None:
    home = settings.paths

    def campaign(*words: str) -> tuple[int, str, str]:
        done = run("campaign", *words, home=home)
        return done.exit_code, done.stdout, done.stderr

    export = ("export", ID, "--by", "mei")
    code, _, said = campaign(*export)
    assert (code, "may not be exported" in said) == (6, True)
    read = ("--meaning", "words read", "--key", str(folder / "lin.pem"))
    assert campaign("approve", ID, *read)[0] == 0

    code, told, said = campaign(*export, "--bom", "--json")
    assert code == 0, said
    made = json.loads(told)
    assert [(one["name"], one["role"]) for one in made["approvers"]] == [("lin", "privacy_officer")]
    counts = made["export"]
    assert sum(counts["written"].values()) + sum(sum(arms.values()) for arms in counts["withheld"].values()) == 60
    assert counts["written"]["treated"] > 40
    assert json.loads(campaign("list", "--json")[1])["campaigns"][0]["state"] == "exported"

    code, _, said = campaign(*export)
    assert (code, "--supersede" in said) == (1, True)
    assert campaign("export", ID, "--verify")[0] == 0
    control = Path(made["folder"]) / "control/control.csv"
    control.write_text("changed", encoding="utf-8")
    code, told, said = campaign("export", ID, "--verify", "--json")
    assert (code, json.loads(told)["problems"]) == (4, ["control/control.csv was changed"])

    code, told, _ = campaign(*export, "--supersede", "--json")
    assert (code, json.loads(told)["number"]) == (0, 2)
    code, told, _ = campaign("export", ID, "--key", str(folder / "mei.pem"), "--abandon", "--json")
    assert (code, json.loads(told)["freed"]) == (0, counts["written"]["treated"])
    assert campaign("export", ID, "--verify")[0] == 1


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        ((ID,), 2, "--by NAME or --key FILE"),
        ((ID, "--by", " "), 2, "without 'by'"),
        (("NONE", "--by", "mei"), 1, "'NONE'"),
        (("NONE", "--verify"), 1, "'NONE'"),
    ],
)
def test_each_mistake_of_an_export_says_what_to_do(
    settings: Settings, folder: Path, words: tuple[str, ...], exit_code: int, said: str
) -> None:
    done = run("campaign", "export", *words, home=settings.paths)
    assert done.exit_code == exit_code
    assert said in done.output


def test_in_production_a_typed_name_exports_nothing(settings: Settings, folder: Path) -> None:
    production = settings.model_copy(update={"profile": "production"})
    with pytest.raises(UsageError, match="--key FILE"):
        who_exports(production, "mei", None)
    assert who_exports(production, None, folder / "mei.pem") == "mei"
