"""Everybody who is addressed is decided on, frame by frame: what each may be offered, and who falls where."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.types import Context
from serving.campaigns.base import Base
from serving.campaigns.gathering.addressing import Reached
from serving.campaigns.gathering.candidates import Candidates, Gathered, together
from serving.campaigns.gathering.frame_pass import YOUNGEST_OF_BANDS, Found, FramePass
from serving.campaigns.gathering.several import Several
from serving.campaigns.gathering.sharing_out import Helpers, found_of
from serving.campaigns.gathering.steps import Waterfall

__all__ = ["gather"]


def gather(
    base: Base,
    several: Several,
    helpers: Helpers | None = None,
    advance: Callable[[int], None] = lambda done: None,
) -> Gathered:
    """Decide for everybody who is addressed; `advance` is told how many of the base are done.

    helpers: other processes that take frames as well; what is found is the same for any number of them.
    """
    now, language = base.desk.clock.now(), base.desk.settings.language
    contexts = {name: Context(name, now, language, explain=False, is_outbound=True) for name in several.channels}
    found = []
    for one in found_of(FramePass(base, several, contexts), helpers):
        found.append(one)
        advance(len(one))
    return _together(sorted(found, key=lambda one: one.start), base, several)


def _together(found: Sequence[Found], base: Base, several: Several) -> Gathered:
    """What all frames came to, in their order."""
    waterfalls = [Waterfall(len(base)) for _ in several.briefs]
    is_addressed = np.zeros((len(base), len(several.briefs)), dtype=np.bool_)
    bands = np.zeros((len(several.briefs), len(YOUNGEST_OF_BANDS)), dtype=np.int64)
    words: dict[str, int] = {}
    for one in found:
        is_addressed[one.start : one.start + len(one)] = one.is_addressed
        bands += one.age_bands
        for waterfall, more in zip(waterfalls, one.waterfalls, strict=True):
            waterfall.add(more)
        for word in one.words:
            words.setdefault(word, len(words))
    candidates = together([_in_words(one, words) for one in found], several)
    reached = {channel: Reached.together([one.reached[channel] for one in found]) for channel in several.channels}
    return Gathered(waterfalls, is_addressed, bands, candidates, tuple(words), reached)


def _in_words(found: Found, places: dict[str, int]) -> Candidates:
    """The candidates of a frame with the places that its words have among those of all."""
    place: NDArray[np.int16] = np.array([places[word] for word in found.words], dtype=np.int16)
    one = found.candidates
    return replace(one, zone=place[one.zone], language=place[one.language])
