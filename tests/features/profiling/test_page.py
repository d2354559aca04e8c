"""The page of a profile: whole, by itself, every feature once, in words that a person reads."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from features.catalogue import FAMILIES, FEATURE_NAMES, FEATURES
from features.profiling.page import profile_page
from features.profiling.profiling import profile_features
from linewise.core.home import Home
from tests.features.profiling.builders import A_COUNT, A_RATIO, AN_AMOUNT, ANOTHER_RATIO, JUNE, MAY, a_bank, keep

VOID = {"meta", "link", "br", "hr", "img", "input"}
# In the text these close themselves.
DRAWN = {"path", "rect", "line"}


class Read(HTMLParser):
    """Elements that open and close as they should, with attributes, and the words between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in {tag}"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in DRAWN
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def page(home: Home) -> str:
    a_bank(home)
    keep(home, MAY, 100, **{AN_AMOUNT.name: [100 * n for n in range(100)], ANOTHER_RATIO.name: [None] * 100})
    keep(
        home, JUNE, 100,
        **{AN_AMOUNT.name: [100 * n for n in range(50, 150)], A_COUNT.name: [-1.0] * 100,
           A_RATIO.name: [None] * 100, ANOTHER_RATIO.name: [None] * 100},
    )  # fmt: skip
    return profile_page(profile_features(home, JUNE))


@pytest.fixture
def page_of_one_date(home: Home) -> str:
    a_bank(home)
    keep(home, JUNE, 3)
    return profile_page(profile_features(home, JUNE))


def test_every_feature_stands_on_the_page_once(page: str) -> None:
    read = Read(page)
    articles = [one["id"] for one in read.of("article")]
    assert tuple(articles) == FEATURE_NAMES
    for family in FAMILIES:
        assert f">{family.replace('&', '&amp;')}</h2>" in page
    assert Counter(read.text)["\ufffd"] == 0
    for feature in FEATURES:
        assert " ".join(feature.meaning.split()) in read.text


def test_the_page_needs_nothing_else(page: str) -> None:
    assert "://" not in page
    read = Read(page)
    assert {tag for tag, _ in read.elements} & {"link", "script", "img", "iframe"} == set()
    assert not re.search(r"url\(|@import|<[^>]* src=", page)


@pytest.mark.parametrize("name", ["page", "page_of_one_date"])
def test_names_are_given_once_and_every_link_and_label_leads_somewhere(
    name: str, request: pytest.FixtureRequest
) -> None:
    read = Read(request.getfixturevalue(name))
    ids = Counter(attributes["id"] for _, attributes in read.elements if "id" in attributes)
    assert {name for name, count in ids.items() if count > 1} == set()
    links = [str(one["href"]) for one in read.of("a")]
    labels = [
        label for _, one in read.elements if "aria-labelledby" in one for label in str(one["aria-labelledby"]).split()
    ]
    assert {link for link in links if link[1:] not in ids or link[0] != "#"} == set()
    assert set(labels) - set(ids) == set()


def test_every_plot_has_a_title_and_every_table_a_caption_and_scoped_headings(page: str) -> None:
    read = Read(page)
    assert len(read.of("svg")) == len(FEATURES)  # one of all indices, none of the ratio that never was filled
    assert all(one["role"] == "img" and one["aria-labelledby"] for one in read.of("svg"))
    assert len(read.of("table")) == len(read.of("caption"))
    assert all(one.get("scope") in {"col", "row"} for one in read.of("th"))


def test_the_head_says_what_a_person_asks_first(page: str) -> None:
    text = Read(page).text
    assert "Features of small as of 2026-06-30" in text
    assert "100 customers, compared with 100 as of 2026-05-31." in text
    assert f"Features {len(FEATURES)} Shifted 3 To watch 0 Stable {len(FEATURES) - 3}" in text
    assert "Age of rows 0 days, fresh" in text
    assert "The bank's present moment is 2026-06-30 00:00 UTC. Rows that are fresh are no older than 31 days." in text
    assert f"Mostly missing: {A_RATIO.name} , {ANOTHER_RATIO.name} ." in text
    assert f"With values out of the declared range: {A_COUNT.name}" in text
    assert "they are small, so take the bands with care" in text


def test_a_feature_is_told_in_the_banks_money_and_its_band_in_words(page: str) -> None:
    article = page[page.index(f'<article id="{AN_AMOUNT.name}"') :]
    text = Read(article[: article.index("</article>") + len("</article>")]).text
    assert "shifted, PSI" in text
    assert "CNY, kept in minor units" in text
    assert "Range CN¥0.00 or more" in text
    assert "Median CN¥99.00 CN¥49.00" in text
    assert "2026-06-30 (bars) 2026-05-31 (outline)" in text


def test_values_out_of_range_and_a_feature_never_filled_are_told_in_words(page: str) -> None:
    text = Read(page).text
    assert "100 out of range" in text
    assert "never filled" in text
    assert "No customer has a value: there is nothing to draw." in text


def test_a_page_of_one_date_says_that_nothing_is_compared(page_of_one_date: str) -> None:
    text = Read(page_of_one_date).text
    assert "nothing here says whether a feature has shifted" in text
    assert "There is no reference date." in text
    assert "PSI" not in text


def test_the_same_rows_give_the_same_bytes(home: Home, page: str) -> None:
    assert profile_page(profile_features(home, JUNE)) == page
