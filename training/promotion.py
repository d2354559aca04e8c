"""Which version serves, since when and why: the champion's alias is moved, and each move written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from linewise.core.errors import Conflict, UsageError
from linewise.core.home import Home
from linewise.core.settings import Settings
from training.promotion_log import Promotion, append_promotion, read_promotions
from training.tracking import Registry, Version

__all__ = ["Beside", "Undoing", "champion_to_be", "enforce_reason", "history", "make_champion", "promote", "undoing"]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a promotion knows beside the model, as in Promotion."""

    act: Literal["first", "promote", "rollback"] = "promote"
    by: tuple[str, ...] = ()
    release_id: str = ""
    release_before: str = ""
    policy: str = ""
    gate_sha256: str = ""
    undoes: int | None = None


ALONE = Beside()


@dataclass(frozen=True, slots=True)
class Undoing:
    """The promotion that a rollback takes back, and the version that is champion again."""

    undone: Promotion
    restored: Version


def promote(settings: Settings, name: str, version: int, reason: str) -> Promotion:
    """Make this version of the model the champion and write down why, without asking a gate or anybody.

    Raises as `champion_to_be`.
    """
    chosen = champion_to_be(settings, name, version, reason)
    return make_champion(settings.paths, Registry(settings.paths), chosen, reason.strip())


def champion_to_be(settings: Settings, name: str, version: int, reason: str, *, again: bool = False) -> Version:
    """The version that a promotion names.

    again: the champion itself may be named, so that another policy holds beside it. Raises NotFound for a version
    that the registry does not hold, UsageError without a reason or where the version is the champion already.
    """
    registry = Registry(settings.paths)
    chosen = registry.version(name, version)
    champion = registry.champion(name)
    enforce_reason(reason)
    if champion is not None and champion.version == version and not again:
        raise UsageError(f"Version {version} of {name!r} is the champion already.")
    return chosen


def enforce_reason(reason: str) -> None:
    """Refuse a move without a reason (UsageError)."""
    if not reason.strip():
        raise UsageError("A promotion needs a reason.", "A sentence was expected that a later reader understands.")


def undoing(settings: Settings, name: str | None = None) -> Undoing:
    """What a rollback takes back: the last promotion (of this model) that stands.

    Raises Conflict where there is none, or where no version was champion before it.
    """
    rows = read_promotions(settings.paths)
    taken_back = {row.undoes for row in rows if row.act == "rollback"}
    standing = [
        row for row in rows if row.act == "promote" and row.number not in taken_back and name in (None, row.name)
    ]
    of_what = f"of {name!r} " if name else ""
    if not standing:
        raise Conflict(
            f"There is no promotion {of_what}to take back.",
            "A version that was promoted over another one was expected.",
            "See what was champion when with: linewise model history",
        )
    undone = standing[-1]
    if undone.previous_version is None:
        raise Conflict(f"Before version {undone.version} of {undone.name!r} there was no champion to go back to.")
    registry = Registry(settings.paths)
    return Undoing(undone, registry.version(undone.name, undone.previous_version))


def make_champion(
    home: Home,
    registry: Registry,
    chosen: Version,
    reason: str,
    clock: Callable[[], datetime] | None = None,
    beside: Beside = ALONE,
) -> Promotion:
    """Move the alias and append the row; where the row cannot be written the alias goes back."""
    before = registry.champion(chosen.name)
    moved = Promotion(
        at=clock() if clock is not None else datetime.now(UTC),
        name=chosen.name,
        version=chosen.version,
        previous_version=before.version if before else None,
        reason=reason,
        run_id=chosen.run_id,
        artefact_sha256=chosen.artefact_sha256,
        **{name: getattr(beside, name) for name in Beside.__slots__},
    )
    registry.set_champion(chosen.name, chosen.version)
    try:
        return append_promotion(home, moved)
    except OSError:
        registry.set_champion(chosen.name, before.version if before else None)
        raise


def history(settings: Settings) -> Sequence[Promotion]:
    """Every promotion in this home, oldest first; empty where none was made."""
    return read_promotions(settings.paths)
