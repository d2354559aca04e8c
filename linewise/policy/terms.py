"""What parameters.yaml says of who is left out, of caps from income, of grace, holidays: in the bank's currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from linewise.decisioning.cells import CellPolicy
from linewise.policy.amounts import amount_in
from linewise.policy.economics import ParametersFile
from linewise.policy.yaml_source import load_checked

__all__ = ["Terms", "load_cells", "load_terms"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Numbers that the values of rule columns depend on.

    own_total_cap_income_months, all_credit_cap_income_months: how many months of mean income all card lines,
    and all credit, may come to; grace_days, grace_amt (minor units): what counts as paid in time all the
    same; public_holidays: days on whose mornings nobody is called.
    """

    own_total_cap_income_months: float = 12.0
    all_credit_cap_income_months: float = 24.0
    grace_days: float = 3.0
    grace_amt: int = 0
    public_holidays: frozenset[date] = field(default_factory=frozenset)


def load_terms(folder: Path, currency: str) -> Terms:
    """The terms of a policy folder in the bank's currency; PolicyInvalid with file and line."""
    path = folder / "parameters.yaml"
    file = load_checked(path, ParametersFile)
    return Terms(
        own_total_cap_income_months=file.own_total_cap_income_months.value,
        all_credit_cap_income_months=file.all_credit_cap_income_months.value,
        grace_days=file.grace_days.value,
        grace_amt=amount_in(file.grace.value, currency, "grace", path),
        public_holidays=frozenset(_of_currency(file.public_holidays.value, currency)),
    )


def _of_currency(days: Mapping[str, list[date]], currency: str) -> list[date]:
    return days.get(currency, [])


def load_cells(folder: Path) -> CellPolicy:
    """The standing cells and holdouts of a policy folder."""
    file = load_checked(folder / "parameters.yaml", ParametersFile)
    of_everybody = file.global_holdout_share_ratio
    return CellPolicy(
        business_as_usual_ratio=file.business_as_usual_share_ratio.value,
        exploration_ratio=file.exploration_cell_share_ratio.value,
        holdouts=file.holdout_share_ratios.value,
        global_holdout_ratio=0.0 if of_everybody is None else of_everybody.value,
    )
