"""Up to which amount each role may approve what a rule sends to a person."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from linewise.ledger.people import ROLES
from linewise.policy.amounts import MajorAmounts, amount_in
from linewise.policy.standard_folder import policy_folder
from linewise.policy.yaml_source import Strict, load_checked

__all__ = ["load_delegations"]


class _DelegationsFile(Strict):
    version: str
    delegations: Annotated[dict[str, MajorAmounts], Field(min_length=1)]

    @field_validator("delegations")
    @classmethod
    def _roles_are_known(cls, given: dict[str, MajorAmounts]) -> dict[str, MajorAmounts]:
        for role in given:
            if role not in ROLES:
                raise ValueError(f"the role {role!r} is unknown; one of {', '.join(ROLES)} was expected")
        return given


def load_delegations(folder: Path | None, currency: str) -> Mapping[str, int]:
    """The most that each role may approve, in minor units of that currency, as a policy folder says.

    Raises PolicyInvalid with file and line, or naming the role without an amount in that currency.
    """
    path = policy_folder(folder) / "delegations.yaml"
    file = load_checked(path, _DelegationsFile)
    return {role: amount_in(amounts, currency, role, path) for role, amounts in file.delegations.items()}
