"""The page docs/features.md, made from the definitions: python -m features.dictionary_page writes it."""

from features.catalogue import FAMILIES, FEATURES
from features.feature import WHOLE_LIMIT, Feature
from features.lineage import columns_needed
from linewise.bank.dictionary import load_dictionary
from linewise.core.files import write_text_whole
from linewise.core.settings import checkout_dir

__all__ = ["feature_page", "write_feature_page"]

# Every feature needs them to find a row's customer and its place in time: the head of the page says so once.
_IN_ALL = {
    "transactions.is_declined",
    *(
        f"{name}.{column}"
        for name, table in load_dictionary().items()
        for column in ("customer_id", table.event_time, "recorded_at")
    ),
}

_HEAD = f"""# Features

<!-- Made from features/families by: python -m features.dictionary_page -->

{len(FEATURES)} features describe a customer as of a moment, each from what had happened and had been recorded by
then. Each is one Ibis expression in `features/families/`, and training, batch and the call read the same rows.

- **Days** are of 24 hours, counted back from that moment; **months** (`6m`, `12m`) are of 30 such days, and a month
  before the customer's first transaction does not count.
- **Amounts** are whole minor units of the bank's currency; **ratios** are 0 to 1 unless the range says otherwise.
  Every value is stored as float64.
- **Income** is transfers received and cash paid in, never refunds or interest. **Standing orders** are transfers out
  that name their purpose. A **declined** transaction counts only where a feature says so.
- **Purchases** go by groups of merchant category codes (`features/merchant_groups.py`). What was spent on gambling,
  at doctors and at pawnbrokers counts in totals like any other purchase; told apart, it opens or closes an offer and
  reaches neither risk, limit nor price. The same holds of complaints, disputes and other cases. Belief, intimate life
  and dealings with the law have no feature at all.
- **Weekends, nights and parts of a month** are those of the bank's time zone.
- A **credit limit** is that of the day: by the last change known then, or else what the first one after it replaced.
  A statement is held against the limit of its own day. A loan or a request of the very moment is what the decision
  is about, and no history.
- The **default** stands for a customer without history, and where a share or an average has nothing to divide by.
- **Made of** names columns of the contract tables, beside `customer_id` and the two times of each row, and
  `is_declined` of each transaction.
"""


def feature_page() -> str:
    """The page as Markdown: a table a family, and below it what each is made of."""
    parts = [_HEAD]
    for family, features in FAMILIES.items():
        rows = "\n".join(_row(feature) for feature in features)
        parts.append(
            f"## {family}\n\n| feature | meaning | unit | range | default | used for | owner | made of |\n"
            f"|---|---|---|---|---|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


def write_feature_page() -> None:
    """Write the page into the checkout's docs."""
    write_text_whole(checkout_dir() / "docs" / "features.md", feature_page())


def _row(feature: Feature) -> str:
    default = "missing" if feature.default is None else _number(feature.default)
    made_of = ", ".join(f"`{column}`" for column in columns_needed(feature) if column not in _IN_ALL)
    cells = (
        f"`{feature.name}`",
        feature.meaning,
        feature.unit,
        f"{_number(feature.minimum)} to {_number(feature.maximum)}",
        default,
        ", ".join(feature.allowed_for).replace("_", "-"),
        feature.owner,
        made_of,
    )
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    if abs(value) == WHOLE_LIMIT:
        return "any"
    return f"{value:,.0f}" if value == int(value) else f"{value}"


if __name__ == "__main__":
    write_feature_page()
