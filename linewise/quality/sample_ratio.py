"""Whether the arms are as large as they were drawn to be: where they are not, no lift of theirs is to be trusted."""

from pydantic import computed_field
from scipy.stats import chi2

from linewise.core.errors import UsageError
from linewise.quality.curves import Figures

__all__ = ["MISMATCH_P", "SampleRatio", "sample_ratio"]

MISMATCH_P = 0.001
"""Below it the arms are called mismatched: of a campaign a week that is for nothing once in twenty years."""


class SampleRatio(Figures):
    """Customers of both arms, the share that the control was drawn with, and how likely a gap as large is by chance."""

    treated_count: int
    control_count: int
    control_ratio: float
    expected_control_count: float
    chi_square: float
    p: float

    @computed_field  # type: ignore[prop-decorator]
    @property
    def is_mismatched(self) -> bool:
        """Whether chance does not explain it."""
        return self.p < MISMATCH_P


def sample_ratio(treated_count: int, control_count: int, control_ratio: float) -> SampleRatio:
    """Pearson's chi-square of one degree against the share that was drawn (Fabijan and others, KDD 2019).

    Raises UsageError for a share outside 0 to 1 or nobody at all.
    """
    total = treated_count + control_count
    if not 0.0 < control_ratio < 1.0 or total < 1:
        raise UsageError(
            f"A control of {control_ratio:g} of {total} customers cannot be held against what was drawn.",
            "A share between 0 and 1 of somebody was expected.",
        )
    expected = control_ratio * total
    square = (control_count - expected) ** 2 * (1 / expected + 1 / (total - expected))
    return SampleRatio(
        treated_count=treated_count,
        control_count=control_count,
        control_ratio=control_ratio,
        expected_control_count=expected,
        chi_square=square,
        p=float(chi2.sf(square, 1)),
    )
