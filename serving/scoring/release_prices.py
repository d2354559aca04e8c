"""The prices of a release: solved for all its other parts, in a file that says so, and no other release's."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from linewise.core.errors import LinewiseError, NotReady
from linewise.core.files import write_text_whole
from linewise.core.home import Home
from linewise.decisioning.prices import NO_PRICES, Prices

__all__ = ["SOLVE_COMMAND", "SolvedPrices", "other_prices", "prices_for", "read_prices", "write_prices"]

SOLVE_COMMAND = "linewise portfolio solve"


@dataclass(frozen=True, slots=True)
class SolvedPrices:
    """Prices, the digest of the parts that they were solved for, and what a person wants to know of how.

    told: budgets, uses, callers, bound and gap, as JSON; nothing of it decides.
    """

    prices: Prices
    solved_for: str
    told: Mapping[str, Any] = field(default_factory=dict)


def _path(home: Home, solved_for: str) -> Path:
    return home.prices_dir / f"{solved_for}.json"


def write_prices(home: Home, solved: SolvedPrices) -> Path:
    """Write the prices of these parts, whole or not at all, in the place of earlier ones; gives the file."""
    path = _path(home, solved.solved_for)
    told = {"solved_for": solved.solved_for, "prices": asdict(solved.prices), **solved.told}
    write_text_whole(path, json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return path


def read_prices(home: Home, solved_for: str) -> SolvedPrices:
    """The prices solved for these parts; NO_PRICES where none were.

    A file is found by the parts in its name. Raises NotReady where it says that it was solved for others,
    or cannot be read: prices of another policy or model rank by what is no longer so.
    """
    path = _path(home, solved_for)
    if not path.is_file():
        return SolvedPrices(NO_PRICES, solved_for)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        found = SolvedPrices(Prices(**told.pop("prices")), told.pop("solved_for"), told)
    except (ValueError, KeyError, TypeError, AttributeError, LinewiseError) as err:
        raise _refused(path, f"cannot be read ({err})") from None
    if found.solved_for != solved_for:
        raise _refused(path, f"were solved for the parts {found.solved_for}")
    return found


def _refused(path: Path, why: str) -> NotReady:
    return NotReady(
        f"The prices in {path} {why}.",
        "Prices that were solved for every other part of the release that decides were expected.",
        f"Run: {SOLVE_COMMAND}, or remove the file to decide without prices.",
    )


def prices_for(home: Home, solved_for: str) -> Prices:
    """The prices of these parts alone; raises NotReady."""
    return read_prices(home, solved_for).prices


def other_prices(home: Home, solved_for: str) -> list[str]:
    """Of which other parts there are prices in this home."""
    return sorted(path.stem for path in home.prices_dir.glob("*.json") if path.stem != solved_for)
