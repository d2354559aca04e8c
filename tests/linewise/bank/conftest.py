"""The Berka bank, imported once for all tests that only read it."""

from pathlib import Path

import pytest

from linewise.bank.importing import ImportReport, import_bank
from linewise.bank.tables import Bank, open_bank
from linewise.core.home import Home
from tests.linewise.bank.builders import END


@pytest.fixture(scope="session")
def berka_import(berka_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> ImportReport:
    """What the import of Berka reports."""
    return import_bank("berka", berka_dir, Home(tmp_path_factory.mktemp("berka")), END)


@pytest.fixture(scope="session")
def berka_bank(berka_import: ImportReport) -> Bank:
    """The imported Berka bank."""
    return open_bank(Home(Path(berka_import.home)))
