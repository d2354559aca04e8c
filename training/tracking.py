"""Training's one door to MLflow: runs, registered versions and aliases, in a SQLite store of the home."""

import json
import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import TypeAdapter, ValidationError

from linewise.core.errors import NotFound
from linewise.core.files import sha256_of
from linewise.core.home import Home
from linewise.core.settings import refuse_telemetry
from training.amount_evaluation import AmountEvaluation
from training.artefact import MODEL_FILE, SPEC_FILE
from training.evaluation import Evaluation
from training.patience import Patient
from training.report.amount_report import AmountReport
from training.report.model_report import PAGE_FILE, REPORT_FILE, ModelReport
from training.specs import SPECS, ModelSpec

if TYPE_CHECKING:
    from mlflow import MlflowClient

__all__ = ["EVALUATION_FILE", "MODEL_FOLDER", "Registry", "RunRecord", "Version"]

EXPERIMENT = "linewise"
MODEL_FOLDER = "model"
EVALUATION_FILE = "evaluation.json"
CHAMPION, CHALLENGER = "champion", "challenger"
SHA_TAG = "artefact_sha256"
_EVALUATIONS: TypeAdapter[Evaluation | AmountEvaluation] = TypeAdapter(Evaluation | AmountEvaluation)
_REPORTS: TypeAdapter[ModelReport | AmountReport] = TypeAdapter(ModelReport | AmountReport)
ABSENT = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")  # MLflow says either for an unknown alias


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What one training leaves behind; `folder` holds model/, pictures/, evaluation.json and the report."""

    name: str
    folder: Path
    parameters: Mapping[str, Any]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """A registered version of a model."""

    name: str
    version: int
    run_id: str
    created_at: datetime
    tags: Mapping[str, str]

    @property
    def artefact_sha256(self) -> str:
        """SHA-256 of model.txt followed by spec.json."""
        return self.tags[SHA_TAG]


class Registry:
    """The runs and registered versions of one home; the store is made by the first registration."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @cached_property
    def _client(self) -> "MlflowClient":
        return _client(self._home)

    @property
    def _is_empty(self) -> bool:
        """Whether nothing was ever registered here: then asking makes no store and loads no MLflow."""
        return not (self._home.mlruns_dir / "mlflow.db").is_file()

    def register(self, record: RunRecord) -> Version:
        """Log a run with its figures and files, and register its model folder as a new version.

        No alias is touched. A run that breaks off is left marked as failed and registers nothing.
        """
        from mlflow.entities import Metric, Param, RunTag  # noqa: PLC0415

        client = self._client
        sha = sha256_of(record.folder / MODEL_FOLDER / MODEL_FILE, record.folder / MODEL_FOLDER / SPEC_FILE)
        run = client.create_run(self._experiment(), run_name=record.name)
        run_id, status = run.info.run_id, "FAILED"
        moment = run.info.start_time
        try:
            client.log_batch(
                run_id,
                metrics=[Metric(key, value, moment, 0) for key, value in record.metrics.items()],
                params=[Param(key, str(value)) for key, value in record.parameters.items()],
                tags=[RunTag(key, value) for key, value in {**record.tags, SHA_TAG: sha}.items()],
            )
            client.log_artifacts(run_id, str(record.folder))
            if not self._has_model(record.name):
                client.create_registered_model(record.name)
            # A plain folder, not an MLflow flavour: the service reads text and loads no pickle.
            created = client.create_model_version(
                record.name,
                source=f"{run.info.artifact_uri}/{MODEL_FOLDER}",
                run_id=run_id,
                tags={**record.tags, SHA_TAG: sha},
            )
            status = "FINISHED"
        finally:
            client.set_terminated(run_id, status)
        return _version(created)

    def put_right(self) -> int:
        """Close the runs that a killed training left open, and take away what it registered of them.

        Only whoever holds the home's training may call it: every open run is then one that nobody works on. How many
        runs there were.
        """
        if self._is_empty:
            return 0
        left = self._client.search_runs([self._experiment()], "attributes.status = 'RUNNING'")
        for run in left:
            for version in self._client.search_model_versions(f"run_id = '{run.info.run_id}'"):
                champion = self.champion(version.name)
                if champion is None or champion.version != int(version.version):
                    self._client.delete_model_version(version.name, version.version)
            self._client.set_terminated(run.info.run_id, "KILLED")
        return len(left)

    def version(self, name: str, version: int) -> Version:
        """That version; raises NotFound naming the versions there are."""
        for known in self.versions(name):
            if known.version == version:
                return known
        there_are = ", ".join(str(known.version) for known in self.versions(name)) or "none"
        raise NotFound(
            f"The model {name!r} has no version {version}.",
            f"Versions of it in the registry: {there_are}.",
            "See them with: linewise model evaluate",
        )

    def versions(self, name: str) -> tuple[Version, ...]:
        """All registered versions of the model, oldest first; empty for an unknown model."""
        if self._is_empty or not name.isidentifier():
            return ()
        found = self._client.search_model_versions(f"name = '{name}'")
        return tuple(sorted(map(_version, found), key=lambda one: one.version))

    def champion(self, name: str) -> Version | None:
        """The version with the alias `champion`, if there is one."""
        return self._by_alias(name, CHAMPION)

    def set_champion(self, name: str, version: int | None) -> None:
        """Move the alias `champion` to this version, or take it away (None).

        A challenger that becomes champion is a challenger no longer.
        """
        if version is None:
            self._client.delete_registered_model_alias(name, CHAMPION)
            return
        self._client.set_registered_model_alias(name, CHAMPION, str(version))
        challenger = self._by_alias(name, CHALLENGER)
        if challenger is not None and challenger.version == version:
            self._client.delete_registered_model_alias(name, CHALLENGER)

    def set_challenger(self, name: str, version: int) -> None:
        """Move the alias `challenger` to this version."""
        self._client.set_registered_model_alias(name, CHALLENGER, str(version))

    def evaluation(self, version: Version) -> Evaluation | AmountEvaluation:
        """The cross-validated figures that were logged with the version."""
        path = self._client.download_artifacts(version.run_id, EVALUATION_FILE)
        return _EVALUATIONS.validate_json(Path(path).read_text(encoding="utf-8"))

    def report(self, version: Version) -> ModelReport | AmountReport | None:
        """The evaluation report that was logged with the version; None for one that was registered without."""
        path = self._file(version, REPORT_FILE)
        return None if path is None else _REPORTS.validate_json(path.read_text(encoding="utf-8"))

    def report_page(self, version: Version) -> str | None:
        """The report's page, HTML; None for a version that was registered without."""
        path = self._file(version, PAGE_FILE)
        return None if path is None else path.read_text(encoding="utf-8")

    def recipe(self, version: Version) -> ModelSpec | None:
        """The spec by which the version was trained, as its run recorded it; None where it is of another layout."""
        spec = SPECS.get(version.name)
        if spec is None:
            return None
        recorded = self._client.get_run(version.run_id).data.params
        known = {key: json.loads(recorded[key]) for key in type(spec).model_fields if key in recorded}
        try:
            return type(spec).model_validate({**spec.model_dump(), **known})
        except ValidationError:
            return None

    def model_folder(self, version: Version) -> Path:
        """The folder on local disk that holds model.txt and spec.json of the version."""
        return Path(self._client.download_artifacts(version.run_id, MODEL_FOLDER))

    def text_of(self, version: Version, name: str) -> str | None:
        """A text among the artefacts of the version's run; None where there is none of that name."""
        path = self._file(version, name)
        return None if path is None else path.read_text(encoding="utf-8")

    def put_text(self, version: Version, name: str, text: str) -> None:
        """Put a text among the artefacts of the version's run, in the place of a former one of that name."""
        self._client.log_text(version.run_id, text, name)

    def _file(self, version: Version, name: str) -> Path | None:
        if name not in {one.path for one in self._client.list_artifacts(version.run_id)}:
            return None
        return Path(self._client.download_artifacts(version.run_id, name))

    def _by_alias(self, name: str, alias: str) -> Version | None:
        if self._is_empty:
            return None
        from mlflow.exceptions import MlflowException  # noqa: PLC0415

        try:
            return _version(self._client.get_model_version_by_alias(name, alias))
        except MlflowException as err:
            if err.error_code in ABSENT:
                return None
            raise

    def _experiment(self) -> str:
        known = self._client.get_experiment_by_name(EXPERIMENT)
        if known is not None:
            return str(known.experiment_id)
        artefacts = (self._home.mlruns_dir / "artifacts").resolve().as_uri()
        return str(self._client.create_experiment(EXPERIMENT, artifact_location=artefacts))

    def _has_model(self, name: str) -> bool:
        return bool(self._client.search_registered_models(f"name = '{name}'"))


def _client(home: Home) -> "MlflowClient":
    refuse_telemetry()
    from mlflow import MlflowClient  # noqa: PLC0415  3 s: only where the registry is really used
    from mlflow.environment_variables import MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR  # noqa: PLC0415

    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR.set(False)
    for noisy in ("mlflow", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    home.mlruns_dir.mkdir(parents=True, exist_ok=True)
    # Never through mlflow.set_tracking_uri: a process may open two homes.
    with warnings.catch_warnings():
        # MLflow's own use of a deprecated word of SQLAlchemy, which no user of ours can do anything about.
        warnings.filterwarnings("ignore", message="The ``noload`` loader strategy")
        # MLflow opens its store at the first call, so that every call may find it locked.
        client = MlflowClient(tracking_uri=home.tracking_uri, registry_uri=home.tracking_uri)
        return cast("MlflowClient", Patient(client, str(home.mlruns_dir / "mlflow.db")))


def _version(found: Any) -> Version:
    return Version(
        name=found.name,
        version=int(found.version),
        run_id=found.run_id,
        created_at=datetime.fromtimestamp(found.creation_timestamp / 1000, tz=UTC),
        tags=dict(found.tags),
    )
