"""Who gets what instead: the release beside the bank, case by case, and whether the past can speak of it."""

from dataclasses import dataclass

import polars as pl

__all__ = [
    "GROUPS",
    "MIN_COMPARABLE",
    "HeldBack",
    "OfferSwap",
    "Support",
    "Swap",
    "credit_swaps",
    "held_back_by",
    "offer_swaps",
    "support_of",
]

GROUPS = ("both", "swap_in", "swap_out", "neither")
"""The release and the bank; the release alone; the bank alone; nobody."""

MIN_COMPARABLE = 20
"""So many grants of the bank to alike customers are asked for before its past says anything of a swap-in."""

BANDS = 5


@dataclass(frozen=True, slots=True)
class Swap:
    """One group of decisions on credit; amounts in minor units.

    taken_amt: of what the bank granted, what was taken. observed_count: decisions whose horizon is wholly
    observed; defaulted_count: those of them that came to default. No more than that is known of a swap-in:
    how these customers fared without the credit.
    """

    group: str
    decisions: int
    customers: int
    release_amt: int
    bank_amt: int
    taken_amt: int
    refused_by_bank: int
    observed_count: int
    defaulted_count: int

    @property
    def default_ratio(self) -> float | None:
        """The share of the observed ones that defaulted; None where nothing was observed."""
        return self.defaulted_count / self.observed_count if self.observed_count else None


@dataclass(frozen=True, slots=True)
class OfferSwap:
    """One group of pairs of customer and offer; taken_count: of those that the bank showed."""

    group: str
    offer_id: str
    pairs: int
    taken_count: int | None


@dataclass(frozen=True, slots=True)
class Support:
    """How many swap-ins have a counterpart in the bank's past: grants to customers of the same bands."""

    swap_ins: int
    supported: int

    @property
    def ratio(self) -> float | None:
        """The supported share; None without swap-ins."""
        return self.supported / self.swap_ins if self.swap_ins else None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What kept the release from something: a rule or a constraint, and in how many decisions.

    what: `credit`, of which one constraint decides; `offers`, of which several rules may each take some away.
    """

    what: str
    rule_id: str
    decisions: int


def _group(ours: pl.Expr, theirs: pl.Expr) -> pl.Expr:
    both, alone, bank = pl.lit("both"), pl.lit("swap_in"), pl.lit("swap_out")
    return pl.when(ours & theirs).then(both).when(ours).then(alone).when(theirs).then(bank).otherwise(pl.lit("neither"))


def credit_swaps(cases: pl.DataFrame) -> list[Swap]:
    """The groups of GROUPS, in that order, those without a case too.

    cases: one row a decision, with added_amt, granted_amt, taken_amt, refused_count and is_defaulted (null
    where unknown).
    """
    grouped = cases.with_columns(_group(pl.col("added_amt") > 0, pl.col("granted_amt") > 0).alias("group"))
    found = {
        row["group"]: row
        for row in grouped.group_by("group")
        .agg(
            pl.len().alias("decisions"),
            pl.n_unique("customer_id").alias("customers"),
            pl.sum("added_amt").alias("release_amt"),
            pl.sum("granted_amt").alias("bank_amt"),
            pl.sum("taken_amt"),
            (pl.col("refused_count") > 0).sum().alias("refused_by_bank"),
            pl.col("is_defaulted").is_not_null().sum().alias("observed_count"),
            pl.col("is_defaulted").fill_null(False).sum().alias("defaulted_count"),
        )
        .to_dicts()
    }
    none = dict.fromkeys(Swap.__slots__, 0)
    return [Swap(**{**none, **found.get(group, {}), "group": group}) for group in GROUPS]


def offer_swaps(shown: pl.DataFrame, exposed: pl.DataFrame) -> list[OfferSwap]:
    """By offer and group, all but `neither`; what the bank alone showed counts for offers of the release too.

    shown: as_of, customer_id, offer_id; exposed: the same and is_taken.
    """
    keys = ["as_of", "customer_id", "offer_id"]
    pairs = shown.with_columns(pl.lit(True).alias("ours")).join(
        exposed.with_columns(pl.lit(True).alias("theirs")), on=keys, how="full", coalesce=True
    )
    flags = (pl.col("ours").fill_null(False), pl.col("theirs").fill_null(False))
    grouped = (
        pairs.with_columns(_group(*flags).alias("group"))
        .group_by("group", "offer_id")
        .agg(pl.len().alias("pairs"), pl.col("is_taken").fill_null(False).sum().alias("taken_count"))
        .sort("offer_id", "group")
    )
    return [
        OfferSwap(
            row["group"], row["offer_id"], row["pairs"], None if row["group"] == "swap_in" else row["taken_count"]
        )
        for row in grouped.to_dicts()
    ]


def support_of(cases: pl.DataFrame) -> Support:
    """Swap-ins whose band of risk and income holds at least MIN_COMPARABLE grants of the bank.

    Bands are fifths of all decisions, by pd_12m and by income_amt.
    """
    banded = cases.with_columns(
        *(
            ((pl.col(name).rank("ordinal") - 1) * BANDS // pl.len()).alias(f"{name}_band")
            for name in ("pd_12m", "income_amt")
        )
    )
    bands = ["pd_12m_band", "income_amt_band"]
    granted = banded.filter(pl.col("granted_amt") > 0).group_by(bands).agg(pl.len().alias("comparable"))
    swapped_in = banded.filter((pl.col("added_amt") > 0) & (pl.col("granted_amt") == 0))
    counted = swapped_in.join(granted, on=bands, how="left")["comparable"].fill_null(0)
    return Support(len(counted), int((counted >= MIN_COMPARABLE).sum()))


def held_back_by(cases: pl.DataFrame) -> list[HeldBack]:
    """What held back credit, then offers, the most frequent first.

    cases: added_amt, binding, and offer_rules (what took at least one action away).
    """
    credit = cases.filter(pl.col("added_amt") == 0).select(pl.col("binding").alias("rule_id"))
    offers = cases.select(pl.col("offer_rules").explode().alias("rule_id")).drop_nulls()
    return [
        HeldBack(what, row["rule_id"], row["decisions"])
        for what, rules in (("credit", credit), ("offers", offers))
        for row in rules.group_by("rule_id")
        .agg(pl.len().alias("decisions"))
        .sort("decisions", "rule_id", descending=[True, False])
        .to_dicts()
    ]
