import pytest

from linewise.core.errors import RegistryLocked
from training.patience import Patient


class Held:
    """A client whose store is locked for the first calls."""

    name = "held"

    def __init__(self, locked_calls: int, words: str = "(sqlite3.OperationalError) database is locked") -> None:
        self.left, self.words, self.calls = locked_calls, words, 0

    def read(self, number: int, *, twice: bool = False) -> int:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise OSError(self.words)
        return number * (2 if twice else 1)


def test_a_locked_registry_is_waited_for():
    held = Held(2)
    patient = Patient(held, "mlflow.db")
    assert patient.read(3, twice=True) == 6
    assert held.calls == 3
    assert patient.name == "held"


def test_a_registry_that_stays_locked_is_told_in_words():
    with pytest.raises(RegistryLocked) as caught:
        Patient(Held(10**9), "mlflow.db", seconds=0).read(1)
    assert "mlflow.db is locked by another process" in str(caught.value)
    assert caught.value.exit_code == 1


def test_any_other_trouble_is_no_matter_of_patience():
    held = Held(1, "no such table")
    with pytest.raises(OSError, match="no such table"):
        Patient(held, "mlflow.db").read(1)
    assert held.calls == 1
