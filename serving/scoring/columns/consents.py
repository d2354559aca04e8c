"""Columns of what the customer agreed to, refused and took back.

What no row holds was not given: the flag is 0, also where the bank keeps no table of consents.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.moments import days_between
from linewise.decisioning.types import Bools
from serving.scoring.keyed import Rows, WordFlags
from serving.scoring.reach import CONTACT_CHANNELS
from serving.scoring.sight import Sight, in_force

__all__ = ["consent_columns", "is_opted_out", "scopes_naming"]

GUARANTOR = ("second_repayer", "cosigner", "guarantor")
PROFILING = ("profiling", "personalisation")


def consent_columns(sight: Sight, channel: str) -> dict[str, NDArray[Any]]:
    """Flags of consents in force and of those taken back, (n_customers,)."""
    given = sight.rows("consents")
    standing = in_force(given, sight.at, until="withdrawn_at")
    own = standing.only(standing["is_own_act"] == 1.0)

    ever, now, by_own_act = given.by_word("purpose"), standing.by_word("purpose"), own.by_word("purpose")

    def stands(flags: WordFlags, *purposes: str) -> NDArray[Any]:
        return flags.any(*purposes).astype(np.float64)

    def taken_back(*purposes: str) -> NDArray[Any]:
        return (ever.any(*purposes) & ~now.any(*purposes)).astype(np.float64)

    affiliates = given.only(given.is_word("purpose", "affiliate_sharing"))
    opted_out_at = affiliates.only(affiliates["withdrawn_at"] <= sight.at[affiliates.owner]).latest_moment(
        "withdrawn_at"
    )
    days = days_between(opted_out_at, sight.at)
    return {
        "has_guarantor_consent": stands(now, *GUARANTOR),
        "has_marketing_consent": _covers_channel(own, channel).any().astype(np.float64),
        "has_dormancy_cut_consent": stands(now, "limit_cut_when_dormant"),
        "has_limit_raise_consent": stands(by_own_act, "limit_increase"),
        "has_sensitive_data_consent": stands(by_own_act, "sensitive_data"),
        "has_withdrawn_profiling": taken_back("profiling"),
        "is_personalisation_off": taken_back(*PROFILING),
        "has_refused_automation": taken_back("automated_decision"),
        "is_prescreen_opted_out": taken_back("prescreen"),
        "days_since_affiliate_opt_out": np.where(stands(now, "affiliate_sharing") == 1.0, np.nan, days),
    }


def _covers_channel(rows: Rows, channel: str) -> Rows:
    """Consents to marketing whose scope names the channel, or names none and so covers all."""
    scopes = scopes_naming(channel, rows.table.names_of("scope"))
    is_covered = rows.is_word("scope", *scopes) | (rows["scope"] == -1)
    return rows.only(rows.is_word("purpose", "marketing") & is_covered)


@lru_cache(maxsize=64)
def scopes_naming(channel: str, scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Those scopes of consents, channels with commas between, that name a channel by one of its names."""
    names = set(CONTACT_CHANNELS.get(channel, (channel,)))
    return tuple(scope for scope in scopes if names & {one.strip() for one in scope.split(",")})


def is_opted_out(points: Rows, channel: str) -> Bools:
    """Whether the latest known word of the customer for this channel is a refusal, (n_customers,)."""
    names = CONTACT_CHANNELS.get(channel, (channel,))
    refused = np.zeros(points.customer_count, dtype=bool)
    for name in names:
        last = points.only(points.is_word("channel", name)).latest("changed_at", "recorded_at")
        refused |= last.only(last["is_opted_out"] == 1.0).any()
    return refused
