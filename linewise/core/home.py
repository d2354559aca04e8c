"""One home folder holds all that a running Linewise writes: one bank a home."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["CAMPAIGN_OUTCOMES", "CAMPAIGN_SHOWINGS", "Home"]

CAMPAIGN_SHOWINGS, CAMPAIGN_OUTCOMES = "showings.parquet", "outcomes.parquet"
"""Of a campaign that was reported on: who was shown what, or was not by lot, and what was ordered."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where things lie below one root; nothing else in the code spells these paths."""

    root: Path

    @property
    def settings_path(self) -> Path:
        """The settings file that `linewise init` writes."""
        return self.root / "linewise.toml"

    @property
    def data_dir(self) -> Path:
        """All run-time data except MLflow's."""
        return self.root / "data"

    @property
    def bank_dir(self) -> Path:
        """The contract tables, a folder of Parquet files each, and their manifest."""
        return self.data_dir / "bank"

    @property
    def features_dir(self) -> Path:
        """Feature rows by observation date (the offline store)."""
        return self.data_dir / "features"

    @property
    def feast_dir(self) -> Path:
        """Feast's registry and the online store."""
        return self.data_dir / "feast"

    @property
    def card_use_dir(self) -> Path:
        """What card postings come to by customer, summed when the online store is filled."""
        return self.data_dir / "card_use"

    @property
    def releases_dir(self) -> Path:
        """Champions pulled from the registry, ready to serve without MLflow."""
        return self.data_dir / "releases"

    @property
    def archive_dir(self) -> Path:
        """Every release that ever decided here, a folder each with all that replaying it takes."""
        return self.releases_dir / "archive"

    def service_dir(self, port: int) -> Path:
        """What the workers of a running service share beside the ledger: their metrics."""
        return self.data_dir / "service" / str(port)

    @property
    def prices_dir(self) -> Path:
        """The prices of scarce things, a file for each set of parts that they were solved for."""
        return self.data_dir / "prices"

    @property
    def prepared_path(self) -> Path:
        """Last night's offers of everybody, for when a call cannot be decided in time."""
        return self.data_dir / "prepared" / "offers.parquet"

    @property
    def campaigns_dir(self) -> Path:
        """Campaigns, a folder each: what was planned, exported and read back."""
        return self.data_dir / "campaigns"

    def lift_dir(self, campaign_id: str) -> Path:
        """What a campaign has brought: its report, and the showings and outcomes from which models learn."""
        return self.campaigns_dir / campaign_id / "lift"

    def lift_files(self, name: str) -> list[Path]:
        """The files of that name of all campaigns that were reported on, in order of campaign."""
        return sorted(self.campaigns_dir.glob(f"*/lift/{name}"))

    @property
    def ledger_path(self) -> Path:
        """The decision record and the outcomes."""
        return self.data_dir / "ledger.db"

    @property
    def keys_path(self) -> Path:
        """The keys of the record in the embedded profile; kept apart from the data that they open."""
        return self.root / "keys" / "record.json"

    @property
    def users_path(self) -> Path:
        """Who may sign in, where no directory of the bank's own says so; beside the keys, for it holds hashes."""
        return self.root / "keys" / "users.json"

    @property
    def checkpoints_dir(self) -> Path:
        """Signed checkpoints of the record, outside its database, unless a setting names another folder."""
        return self.data_dir / "checkpoints"

    @property
    def mlruns_dir(self) -> Path:
        """MLflow's database and artefacts."""
        return self.root / "mlruns"

    @property
    def tracking_uri(self) -> str:
        """MLflow's store; MLflow 3 refuses plain folders, so it is SQLite."""
        return f"sqlite:///{self.mlruns_dir / 'mlflow.db'}"
