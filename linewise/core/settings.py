"""The one typed place of settings: `linewise.toml` of the home, then the environment, then the call.

Nothing else in Linewise reads the environment.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from linewise.core.clock import BankClock
from linewise.core.errors import SettingsInvalid
from linewise.core.home import Home

__all__ = [
    "Language",
    "Settings",
    "checkout_dir",
    "child_environment",
    "environment_for_code",
    "load_settings",
    "refuse_telemetry",
]

Language = Literal["zh-CN", "en"]


def checkout_dir() -> Path:
    """The folder that holds the packages: the default home."""
    return Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """What a bank may set. Each field is a key of `linewise.toml` and a variable `LINEWISE_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="LINEWISE_", extra="forbid", frozen=True)

    home: Path = Field(default_factory=checkout_dir, description="the one folder of this bank's run time")
    profile: Literal["demo", "embedded", "production"] = Field(
        default="embedded", description="demo: unsafe defaults allowed; production: wall clock only"
    )
    clock: Literal["bank", "wall"] = Field(
        default="bank", description="bank: as the loaded bank's mapping says; wall: the wall clock"
    )
    now: datetime | None = Field(default=None, description="a fixed bank time, for tests and back-tests")
    language: Language = Field(default="zh-CN", description="of the screen and of sentences said aloud")
    policy: Path | None = Field(default=None, description="a folder of rules, catalogue and economics")
    gate: Path | None = Field(default=None, description="a file of what a model must reach before it is promoted")
    cards: Path | None = Field(default=None, description="a file of what model cards say and no run can know")
    drift: Path | None = Field(default=None, description="a file of how far inputs, scores and outcomes may move")
    packs: list[str] | None = Field(
        default=None, min_length=1, description='rule packs, as ["cn", "bank"]; unset: by the currency'
    )
    host: str = Field(default="127.0.0.1", description="the address that the service listens on")
    port: int = Field(default=3000, ge=1, le=65535, description="the port that the service listens on")
    workers: int = Field(default=1, ge=1, le=64, description="processes of the service")
    checkpoints: Path | None = Field(
        default=None, description="a folder for the record's signed checkpoints, best on another machine's disk"
    )
    key_service: str | None = Field(
        default=None, description="module:function that gives the key store of the record; production needs one"
    )
    retain_full_years: int = Field(default=7, ge=1, le=99, description="how long a call's decision can be read")
    retain_batch_years: int = Field(default=3, ge=1, le=99, description="how long a row of whole-base scoring can")
    retain_service_years: int = Field(default=2, ge=1, le=99, description="how long a service view can")
    tls: Literal["none", "proxy"] = Field(
        default="none", description="proxy: a proxy in front speaks https and says who asks (X-Forwarded-For)"
    )
    hashing_cost: Literal["full", "low"] = Field(
        default="full", description="low: passwords are hashed quickly, which the demo alone allows"
    )
    session_per_minute: int = Field(default=240, ge=1, description="requests a minute of one person's session")
    key_per_minute: int = Field(default=30_000, ge=1, description="requests a minute of one machine's key")
    address_per_minute: int = Field(default=300, ge=1, description="requests a minute of an address nobody knows yet")
    second_person: Path | None = Field(
        default=None, description="a file of customer ids, one a line, that two people open together, beside staff"
    )
    public_address: str | None = Field(
        default=None, pattern=r"^https?://[^\s/?#]+$", description="where customers reach the pages of their own acts"
    )
    reading_per_minute: int = Field(
        default=400, ge=100, le=2_000, description="characters or words that a customer is given a minute to read"
    )
    reading_seconds_least: int = Field(
        default=10, ge=3, le=600, description="so long a customer reads at the least before they may agree"
    )
    seed: int = Field(default=20261123, ge=0, description="of training folds and of logged exploration")

    @model_validator(mode="after")
    def _production_is_safe(self) -> Self:
        if self.profile == "production" and (self.clock != "wall" or self.now is not None):
            raise ValueError("profile 'production' runs on the wall clock: set clock = 'wall' and no 'now'")
        return self

    @model_validator(mode="after")
    def _passwords_are_hashed_slowly(self) -> Self:
        if self.profile != "demo" and self.hashing_cost != "full":
            raise ValueError(f"hashing_cost 'low' is for profile 'demo': profile {self.profile!r} needs 'full'")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The call first, then the environment, then the file of the home that those two name."""
        named = init_settings().get("home") or env_settings().get("home") or checkout_dir()
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls, Home(Path(named)).settings_path),
        )

    @property
    def paths(self) -> Home:
        """The home's layout."""
        return Home(self.home.expanduser().resolve())

    def bank_clock(self, data_until: datetime | None) -> BankClock:
        """The clock that these settings ask for.

        `data_until` is the end of a historical extract, or None where the bank's data are live.
        """
        if self.now is not None:
            return BankClock(fixed_at=self.now)
        return BankClock() if self.clock == "wall" else BankClock(fixed_at=data_until)


def child_environment(settings: "Settings") -> dict[str, str]:
    """The environment for a process that shall run with the same settings."""
    given = settings.model_dump(mode="json", exclude_none=True)
    said = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    return {**os.environ, **{f"LINEWISE_{name.upper()}": value for name, value in said.items()}}


def environment_for_code(packages: Path) -> dict[str, str]:
    """The environment for a process that runs the packages of this folder before any that are installed."""
    return {**os.environ, "PYTHONPATH": str(packages), "PYTHONDONTWRITEBYTECODE": "1"}


def refuse_telemetry() -> None:
    """Tell libraries that report their use over the network not to; call it before they are imported.

    A bank's machine sends nothing that nobody asked for. A variable that is already set keeps its value.
    """
    for name, value in (
        ("MLFLOW_DISABLE_TELEMETRY", "true"),
        ("BENTOML_DO_NOT_TRACK", "true"),
        ("FEAST_USAGE", "false"),
    ):
        os.environ.setdefault(name, value)


def load_settings(**given: Any) -> Settings:
    """Settings of this process; `given` (from the command line) wins, None means not given.

    Raises SettingsInvalid, naming the field and what it may be.
    """
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as err:
        problems = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'settings'}: {one['msg']} (given {one['input']!r})"
            for one in err.errors()
        )
        raise SettingsInvalid(
            f"The settings cannot be used: {problems}.",
            "Keys of linewise.toml and LINEWISE_… variables are explained by: linewise init",
        ) from err
