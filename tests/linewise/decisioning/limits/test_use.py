"""What is expected of a raised line: what a raise adds to what a defaulter owes."""

import pytest

from tests.builders import FixedScorers, a_policy, decided, some_customers

ECONOMICS = a_policy().decision.economics
LINE_AMT, PAYS_A_TENTH = 1_000_000, {"statement_count_365d": 12.0, "payment_ratio_180d": 0.1}


def added_exposure_ratio(utilisation: float) -> float:
    """What the highest candidate adds to the exposure at default, as a share of what it adds to the line."""
    person = some_customers({"current_limit_amt": LINE_AMT, "utilisation_ratio": utilisation} | PAYS_A_TENTH)
    limit = decided(person, scorers=FixedScorers(borrowing_amt=0.0)).limit
    added = limit.exposure_amt[0, -1] - limit.exposure_amt[0, 0]
    return float(added / (limit.candidate_amt[0, -1] - limit.candidate_amt[0, 0]))


@pytest.mark.parametrize(("utilisation", "share"), [(0.0, 0.40), (0.5, 0.65), (0.9, 0.85), (1.2, 0.90)])
def test_a_raise_adds_to_what_a_defaulter_owes_by_the_use_of_the_line_in_force(utilisation: float, share: float):
    assert added_exposure_ratio(utilisation) == pytest.approx(share, abs=1e-6)


def test_the_line_in_force_counts_by_its_own_use():
    person = some_customers({"current_limit_amt": LINE_AMT, "utilisation_ratio": 0.5} | PAYS_A_TENTH)
    limit = decided(person, scorers=FixedScorers(borrowing_amt=0.0)).limit
    assert limit.exposure_amt[0, 0] == pytest.approx(0.75 * LINE_AMT)
