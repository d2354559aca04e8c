"""A `linewise.toml` in which every setting stands, explained, at its default."""

import json
from pathlib import Path

from linewise.core.errors import Conflict
from linewise.core.files import write_text_whole
from linewise.core.home import Home
from linewise.core.settings import Settings

__all__ = ["explained_settings", "initialise_home"]

HEADER = """\
# Settings of this Linewise home. Every line that is commented out shows its default.
# The environment wins over this file: LINEWISE_PORT=4000 sets `port`.
"""


def explained_settings() -> str:
    """The text of a settings file at its defaults; `home` is left out, for the file lies in it."""
    lines = [HEADER]
    for name, field in Settings.model_fields.items():
        if name == "home":
            continue
        default = field.get_default(call_default_factory=False)
        shown = "" if default is None else f" {json.dumps(default)}"
        lines.append(f"# {field.description}\n# {name} ={shown}\n")
    return "\n".join(lines)


def initialise_home(home: Home) -> Path:
    """Make the home's folder and its settings file; gives the file's path.

    Raises Conflict where the home has a settings file: what somebody wrote there is not overwritten.
    """
    if home.settings_path.exists():
        raise Conflict(
            f"There is a settings file already: {home.settings_path}.",
            "A home without one was expected.",
            "Change that file, or name another folder with --home.",
        )
    write_text_whole(home.settings_path, explained_settings())
    return home.settings_path
