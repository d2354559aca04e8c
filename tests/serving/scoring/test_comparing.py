"""Two answers are the same after canonical rounding, or the fields in which they differ are named."""

import pytest

from serving.scoring.comparing import Difference, differences


@pytest.mark.parametrize(
    ("recorded", "replayed"),
    [
        ({"a": 1}, {"a": 1.0}),
        ({"a": 0.1 + 0.2}, {"a": 0.3}),
        ({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "x"}]}),
        ({"a": -0.0}, {"a": 0}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"decision_id": "x", "versions": {"models": {"default": "1"}}}, {"versions": {"models": {"default": "7"}}}),
    ],
    ids=["whole number", "ratio beyond 1e-9", "nested", "minus zero", "order of names", "named anew"],
)
def test_what_is_the_same_has_no_difference(recorded, replayed):
    assert differences(recorded, replayed) == []


@pytest.mark.parametrize(
    ("recorded", "replayed", "found"),
    [
        ({"a": 100}, {"a": 101}, Difference("a", 100, 101)),
        ({"a": 0.25}, {"a": 0.250000002}, Difference("a", 0.25, 0.250000002)),
        ({"a": [1, 2]}, {"a": [2, 1]}, Difference("a[0]", 1, 2)),
        ({"a": [1]}, {"a": [1, 2]}, Difference("a[1]", None, 2)),
        ({"a": {"b": 1}}, {"a": {}}, Difference("a.b", 1, None)),
        ({"a": True}, {"a": 1}, Difference("a", True, 1)),
        ({"a": None}, {"a": 0}, Difference("a", None, 0)),
        ({"a": None}, {}, Difference("a", None, None)),
        ({"a": [{"c": "x"}]}, {"a": [{"c": "y"}]}, Difference("a[0].c", "x", "y")),
    ],
    ids=["money", "ratio", "order", "one more", "one less", "flag", "missing", "absent", "words"],
)
def test_what_differs_is_named_by_its_field(recorded, replayed, found: Difference):
    assert differences(recorded, replayed)[0] == found
