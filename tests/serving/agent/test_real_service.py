"""The screen over the real service: features, models, policy and ledger of a small bank."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from linewise.core.home import Home
from serving.access import Access
from serving.api import make_app
from serving.scoring.opening import open_recommender
from serving.scoring.recommender import Recommender
from tests.serving.access.people import PASSWORD, quick_settings, with_users
from tests.serving.agent.conftest import served

pytestmark = pytest.mark.browser


@pytest.fixture
def recommender(served_home: Home, tmp_path: Path) -> Recommender:
    """A service of its own ledger: what is declined here is declined for nobody else."""
    root = tmp_path / "home"
    shutil.copytree(served_home.root, root, symlinks=True)
    settings = quick_settings(Home(root))
    with_users(settings, {"li.na": ("agent",), "sup": ("supervisor",)})
    return open_recommender(settings)


@pytest.fixture
def address(recommender: Recommender) -> Iterator[str]:
    access = Access(recommender.settings)
    with served(make_app(lambda: recommender, access)) as address:
        yield f"{address}/agent/"
    access.close()


def sign_in(page: Page, address: str, name: str = "li.na") -> None:
    page.goto(f"{address}sign-in?lang=en")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.get_by_role("button", name="Sign out").wait_for()


def say_why(page: Page) -> None:
    page.locator("#reason").fill("calls back as agreed")
    page.locator("#reason").press("Enter")


def a_customer_with_an_offer(recommender: Recommender) -> str:
    decisions = recommender.decide(recommender.customer_ids(), recommender.context("voice"))
    offered = (decisions.offers.rank == 0).any(axis=1)
    ids = [str(one) for one in decisions.customers.customer_id[offered]]
    return next(one for one in ids if not recommender.is_for_two(one))


@pytest.mark.parametrize(
    ("language", "reason", "confirmed"), [("zh-CN", "太贵", "已记录："), ("en", "Too expensive", "Recorded: ")]
)
def test_offer_declined_on_the_screen_is_gone_from_the_next_decision(
    open_page: Callable[..., Page],
    recommender: Recommender,
    address: str,
    language: str,
    reason: str,
    confirmed: str,
) -> None:
    customer_id = a_customer_with_an_offer(recommender)
    page = open_page()
    sign_in(page, address)
    page.goto(f"{address}?lang={language}&q={customer_id}")
    page.locator(f'tr:has(input[name=customer_id][value="{customer_id}"]) button').click()
    say_why(page)
    offer = page.locator("#offer-1")
    title = offer.locator("h3").inner_text()
    assert offer.locator(".why li").count() > 0
    offer.locator(".decline > summary").click()
    offer.get_by_label(reason).check()
    offer.locator(".decline button").click()
    expect(page.get_by_role("status")).to_contain_text(confirmed + title)
    page.reload()
    expect(offer.locator(".recorded")).to_contain_text(reason)

    decision_id = re.sub(r"[?#].*", "", page.url).rsplit("/", 1)[1]
    assert [one["reason_code"] for one in recommender.outcomes_of(decision_id)] == ["price"]
    page.locator(".strip button").click()
    page.wait_for_url(lambda url: decision_id not in url)
    assert title not in page.locator("[data-offer] h3").all_inner_texts()
    expect(page.locator(".why-not")).to_contain_text(title)

    # What was told of it stands on the page of the team, and of a single answer no share.
    of_team = open_page()
    sign_in(of_team, address, "sup")
    of_team.goto(f"{address}team?lang={language}")
    expect(of_team.locator("main")).to_contain_text(reason)
    expect(of_team.locator(".key-figures")).not_to_contain_text("%")


def test_every_customer_of_the_list_opens_and_no_block_is_silent(
    open_page: Callable[..., Page], recommender: Recommender, address: str
) -> None:
    page = open_page()
    sign_in(page, address)
    listed = page.locator("tbody th").all_inner_texts()[:8]
    for row, customer_id in enumerate(listed):
        if recommender.is_for_two(customer_id):
            continue
        page.goto(f"{address}?lang=en")
        page.locator("tbody button").nth(row).click()
        say_why(page)
        page.locator("#plans").wait_for()
        assert page.locator("#offer-1, .no-offers .none p + p").count() == 1
        assert page.locator("#limit strong, #limit .none p + p").count() == 1
        assert page.locator("#plans .term, #plans .none p + p").count() >= 1
        assert page.locator(".why-not dd, .why-not .soft").count() >= 1
