"""The page of features is made from the definitions."""

from features.catalogue import FEATURES
from features.dictionary_page import feature_page
from linewise.core.settings import checkout_dir


def test_the_committed_page_is_that_of_the_definitions() -> None:
    committed = (checkout_dir() / "docs" / "features.md").read_text(encoding="utf-8")
    assert committed == feature_page(), "write it anew with: python -m features.dictionary_page"


def test_every_feature_has_its_line() -> None:
    page = feature_page()
    for feature in FEATURES:
        assert f"| `{feature.name}` | {feature.meaning} | {feature.unit} |" in page
