"""What a rule may say, and how everything else is refused: with file and line, and what was expected."""

from pathlib import Path

import pytest

from linewise.core.errors import PolicyInvalid
from linewise.policy.rules import compile_rules
from linewise.policy.rules.language import MOST_CHARACTERS, Kind, read_expression
from tests.linewise.policy.rules.builders import a_rule, a_source, write_pack

KINDS: dict[str, Kind] = {"age_years": "number", "score": "number", "is_student": "flag", "channel": "text"}


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("agee_years < 18", "no column 'agee_years' here.*age_years"),
        ("customers.age_years < 18", "no column 'customers.age_years' here"),
        ("age_years < :least", ":least has no value"),
        ("age_years <<>> 18", "not a SQL expression"),
        ("age_years < 18; score > 1", "not one SQL expression"),
        ("age_years", "gives a number.*flag was expected"),
        ("channel", "gives a text"),
        ("age_years < 'old'", "do not compare"),
        ("channel = 5", "do not compare"),
        ("channel < 'b'", "orders a text"),
        ("is_student > 0", "orders a flag"),
        ("is_student = 2", "A flag is 0 or 1"),
        ("is_student = channel", "do not compare"),
        ("is_student + 1 > 1", "'is_student' is a flag"),
        ("age_years AND is_student", "'age_years' is a number"),
        ("NOT score", "'score' is a number"),
        ("age_years / 2 > 9", "divides"),
        ("age_years % 2 = 1", "divides"),
        ("channel LIKE 'v%'", "not allowed"),
        ("channel = '2026-01-01'", "date as a text"),
        ("age_years = NULL", "not allowed"),
        ("age_years IN (1, NULL)", "not allowed"),
        ("age_years IN (SELECT 1)", "not allowed"),
        ("age_years IN (score)", "not a list of constants"),
        ("is_student IS TRUE", "not allowed"),
        ("length(channel) > 3", "not allowed"),
        ("load_extension('x')", "not allowed"),
        ("(SELECT 1) = 1", "not allowed"),
        ("CASE WHEN is_student THEN 1 ELSE 0 END = 1", "not allowed"),
        ("CAST(channel AS INTEGER) = 1", "not allowed"),
        ("COALESCE(age_years) > 1", "two or more"),
        ("LEAST(channel, 'a') = 'a'", "two or more"),
        ("COALESCE(age_years, 'x') = 1", "do not compare"),
        ("age_years < 1e999", "finite"),
        ("x" * (MOST_CHARACTERS + 1), "characters"),
        ("NOT " * 450 + "is_student", "nested too deeply|not a SQL expression"),
    ],
)
def test_what_the_language_does_not_know_is_refused(tmp_path: Path, when: str, said: str):
    path = write_pack(tmp_path, "bank", [a_rule(when=when)])
    with pytest.raises(PolicyInvalid, match=rf"(?s)bank\.yaml line \d+: rule R-1: .*{said}"):
        compile_rules([a_source(path, when=when)], KINDS, "limit")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("is_student = 1", "is_student"),
        ("is_student = 0", "NOT is_student"),
        ("0 <> is_student", "is_student"),
        ("age_years BETWEEN 18 AND 20", "age_years >= 18.0 AND age_years <= 20.0"),
        ("((age_years)) < :least", "age_years < 17.5"),
        ("age_years IS NOT NULL", "NOT age_years IS NULL"),
        ("IFNULL(age_years, -1) < 0", "COALESCE(age_years, -1.0) < 0.0"),
    ],
)
def test_what_it_knows_is_made_plain(text: str, plain: str):
    tree = read_expression(text, "when", a_source(params={"least": 17.5}), KINDS, ("flag",))
    assert tree.sql("sqlite") == plain
