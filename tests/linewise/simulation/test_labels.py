import json
import shutil

import numpy as np
import pytest

from linewise.core.errors import NotReady
from linewise.core.home import Home
from linewise.simulation.labels import TruthLabels, dirt_labels, people_labels, truth_dir, world_in
from linewise.simulation.lives.living import live
from linewise.simulation.lives.record import CUNNING
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import World

WORLD = World(customer_count=2000, month_count=2, seed=1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("labelled"))
    simulate_bank(made, WORLD)
    return made


def test_the_labels_name_the_cunning_and_nobody_else(home):
    people = live(WORLD, np.arange(1, 2001), with_postings=False).people
    cunning = people[people["cunning"] > 0]
    assert len(cunning) > 3
    expected = [
        {"customer_id": f"C{number:08d}", "cunning": CUNNING[kind], "turns_in_month": month}
        for number, kind, month in cunning[["number", "cunning", "cunning_month"]].tolist()
    ]
    assert people_labels(home).to_pylist() == expected


def test_the_labels_lie_outside_the_bank_and_no_file_of_the_bank_names_them(home):
    assert home.bank_dir not in truth_dir(home).parents
    assert truth_dir(home) not in home.bank_dir.parents
    words = (home.bank_dir / "bank.json").read_text(encoding="utf-8")
    assert not any(kind in words for kind in (*CUNNING[1:], "truth"))


def test_a_clean_bank_has_labels_of_no_dirt(home):
    assert dirt_labels(home).num_rows == 0


def test_the_world_can_be_told_from_its_bank(home):
    assert world_in(home) == WORLD
    assert json.loads((truth_dir(home) / "world.json").read_text())["seed"] == 1


def test_a_home_without_a_simulated_bank_tells_no_world(tmp_path):
    with pytest.raises(NotReady, match="bank simulate"):
        world_in(Home(tmp_path))


def test_labels_beside_another_bank_are_refused(home, tmp_path):
    shutil.copytree(home.data_dir, tmp_path / "data")
    other = Home(tmp_path)
    simulate_bank(other, WORLD.resized(20), overwrite=True)
    shutil.rmtree(truth_dir(other))
    shutil.copytree(truth_dir(home), truth_dir(other))
    for read in (world_in, people_labels, dirt_labels):
        with pytest.raises(NotReady, match=r"2000x2-1\."):
            read(other)


def test_labels_that_are_not_written_to_their_end_leave_the_former_ones(home):
    before = {path: path.read_bytes() for path in truth_dir(home).rglob("*") if path.is_file()}
    with pytest.raises(RuntimeError), TruthLabels(home, WORLD.resized(5)):
        raise RuntimeError
    assert {path: path.read_bytes() for path in truth_dir(home).rglob("*") if path.is_file()} == before
    assert [path.name for path in truth_dir(home).parent.glob(".truth.*")] == []
