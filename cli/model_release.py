"""After a training: the champions laid on local disk for serving."""

from typing import TYPE_CHECKING

from cli.console import say

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["release_for_serving"]


def release_for_serving(settings: "Settings") -> None:
    """Put the champions on local disk for serving; say so where one is still missing."""
    from linewise.core.errors import ModelMissing
    from serving.scoring.registry import local_release, pull_release

    if settings.profile == "production" and local_release(settings.paths) is not None:
        say("What serves goes on serving: in production linewise model promote alone changes a release.")
        return
    try:
        release = pull_release(settings.paths)
    except ModelMissing as err:
        say(f"Nothing is released for serving yet. {err}")
    else:
        say(f"Released for serving: {release.key}.")
