"""Which challengers score live calls in the shadow: their files on local disk, named by one small file."""

import json
from dataclasses import replace
from typing import Any

from linewise.core.errors import NotFound
from linewise.core.files import write_text_whole
from linewise.core.home import Home
from serving.scoring.registry import FILES, ModelFiles, Release, fetch_release

__all__ = ["SHADOWS", "challengers_on_disk", "in_its_place", "start_shadow", "stop_shadow"]

SHADOWS = "shadows.json"


def start_shadow(home: Home, name: str, version: int) -> ModelFiles:
    """Let this version score live calls beside its champion, in the place of a former challenger of that name.

    A running service takes it up within a moment. Raises as `fetch_release`.
    """
    release = fetch_release(home, {name: version})
    files = release.models[name]
    described = {"version": files.version, "run_id": files.run_id, "sha256": files.sha256, "release": release.key}
    _write(home, _described(home) | {name: described})
    return files


def stop_shadow(home: Home, name: str) -> None:
    """Let no challenger of that name score any more; raises NotFound where none does."""
    known = _described(home)
    if name not in known:
        raise NotFound(
            f"No challenger of {name!r} scores in the shadow.", f"Those that do: {', '.join(known) or 'none'}."
        )
    _write(home, {other: one for other, one in known.items() if other != name})


def challengers_on_disk(home: Home) -> dict[str, ModelFiles]:
    """The challengers by the name of the model; those whose files are gone are left out, for they decide nothing."""
    found = {}
    for name, told in _described(home).items():
        folder = home.releases_dir / told["release"] / name
        if all((folder / file).is_file() for file in FILES):
            spec = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
            found[name] = ModelFiles(name, told["version"], told["run_id"], folder, spec, told["sha256"])
    return found


def in_its_place(release: Release, challenger: ModelFiles) -> Release:
    """The release with the challenger in the place of its champion."""
    return replace(release, models=release.models | {challenger.name: challenger})


def _described(home: Home) -> dict[str, dict[str, Any]]:
    path = home.releases_dir / SHADOWS
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _write(home: Home, described: dict[str, dict[str, Any]]) -> None:
    write_text_whole(home.releases_dir / SHADOWS, json.dumps(described, indent=2, sort_keys=True) + "\n")
