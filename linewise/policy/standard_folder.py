"""Where the policy lies: the bank's own folder, or the standard one that comes with Linewise."""

from pathlib import Path

__all__ = ["policy_folder"]

STANDARD = Path(__file__).resolve().parent / "standard"


def policy_folder(folder: Path | None) -> Path:
    """The bank's folder where one is set, else the standard policy."""
    return STANDARD if folder is None else folder.expanduser().resolve()
