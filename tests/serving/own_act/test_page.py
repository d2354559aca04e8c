"""The customer's page: who asks and why, all costs, time to read, a yes or a no; nothing of a model."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from linewise.ledger.outcomes import outcomes_of
from serving.access import Access
from serving.access.rates import Rate
from serving.own_act import own_act_app
from serving.own_act.pages import OPENED_PER_MINUTE
from tests.serving.agent.reading import text_of, token_in
from tests.serving.own_act.phone_sale import MakeSale, Sale

Visit = Callable[..., "Visitor"]


class Visitor:
    """A customer's browser before one link."""

    def __init__(self, app: FastAPI, sale: Sale) -> None:
        self.app, self.sale, self.place = app, sale, f"/own/{sale.token}"
        client = self.client = self.another()
        self.page = client.get(self.place)

    def another(self) -> TestClient:
        """A browser that has not been here."""
        whole = FastAPI()
        whole.mount("/own", self.app)
        return TestClient(whole, base_url="http://bank.test")

    def send(self, page: Response | None = None, **fields: str) -> Response:
        """The form of a page, as it was rendered, with what is changed of it."""
        page = page or self.page
        kept = {name: _value(page, name) for name in ("csrf_token", "seen", "opening")}
        return self.client.post(self.place, data={**kept, "answer": "agree", "has_read": "yes"} | fields)

    def reads(self) -> "Visitor":
        """Until the time to read is over."""
        self.sale.walls.on(seconds=int(_value(self.page, "data-left")))
        return self

    @property
    def outcomes(self) -> list[str]:
        return [str(one["outcome"]) for one in outcomes_of(self.sale.ledger, self.sale.decision_id)][3:]


def _value(page: Response, name: str) -> str:
    found = re.search(
        rf'{name}="([^"]*)"' if name.startswith("data-") else rf'name="{name}" value="([^"]*)"', page.text
    )
    return found[1] if found else ""


@pytest.fixture
def visit(make_sale: MakeSale) -> Iterator[Visit]:
    opened = []

    def begun(action_id: str = "PLAN-3", **changes: object) -> Visitor:
        sale = make_sale(**changes).yes(action_id)
        access = Access(sale.settings)
        opened.append(access)
        return Visitor(own_act_app(lambda: sale, access), sale)

    yield begun
    for access in opened:
        access.close()


@pytest.mark.parametrize(
    ("action_id", "language", "said"),
    [
        (
            "PLAN-3",
            "zh-CN",
            ["请您本人确认分期", "综合融资成本明示表", "年化利率 11.92%", "还款总额 ¥1,224.00", "不收取其他费用"],
        ),
        ("PLAN-3", "en", ["Annualised rate 11.92%", "You pay back in all CN¥1,224.00", "1 payment CN¥800.00 CN¥8.00"]),
        ("LIMIT", "zh-CN", ["当前额度 ¥20,000.00", "新额度 ¥30,000.00", "调整费用 无", "更低的额度"]),
        ("LIMIT", "en", ["Your new limit CN¥30,000.00", "What the change costs Nothing", "ask for a lower limit"]),
    ],
)
def test_the_page_says_who_asks_why_what_it_costs_and_that_a_no_is_free(
    visit: Visit, action_id: str, language: str, said: list[str]
):
    visitor = visit(action_id)
    page = visitor.client.get(visitor.place, params={"lang": language})
    text = text_of(page)
    for words in said:
        assert words in text
    digits = visitor.sale.customer_id[-4:]
    assert digits in text
    assert visitor.sale.customer_id not in page.text
    for hidden in ("pd_12m", "priority", "propensity", visitor.sale.decision_id, visitor.sale.act.quote_id, "anna"):
        assert hidden not in page.text


def test_the_language_of_the_call_is_spoken_until_another_is_asked_for_and_that_is_kept(visit: Visit):
    visitor = visit()
    assert visitor.page.headers["content-language"] == "zh-CN"
    visitor.client.get(visitor.place, params={"lang": "en"})
    assert visitor.client.get(visitor.place).headers["content-language"] == "en"


def test_a_yes_counts_only_after_the_time_to_read_and_the_page_says_so(visit: Visit):
    visitor = visit()
    needed = int(_value(visitor.page, "data-left"))
    assert needed > 10
    assert f"打开页面 {needed} 秒后，同意才有效" in text_of(visitor.page)
    early = visitor.send()
    assert early.status_code == 422
    assert f"{needed} 秒后可以同意" in text_of(early)
    assert "checked" in early.text
    visitor.sale.walls.on(seconds=needed - 1)
    assert "1 秒后可以同意" in text_of(visitor.send(early))
    visitor.sale.walls.on(seconds=1)
    done = visitor.send(early)
    assert done.status_code == 200
    assert "您已同意" in text_of(done)
    assert visitor.outcomes == ["ordered"]


@pytest.mark.parametrize("opening", ["", "0.", "1700000000000000.deadbeef", "９.x", "now", "-1.x"])
def test_an_opening_that_nobody_signed_begins_the_time_anew(visit: Visit, opening: str):
    visitor = visit().reads()
    assert visitor.send(opening=opening).status_code == 422
    assert visitor.outcomes == []


def test_a_clock_that_was_set_back_makes_nobody_wait_longer_than_anew(visit: Visit):
    visitor = visit()
    needed = int(_value(visitor.page, "data-left"))
    visitor.sale.walls.wall = visitor.sale.walls.wall.replace(hour=1)
    again = visitor.send()
    assert int(_value(again, "data-left")) == needed


def test_the_time_that_was_read_is_not_lost_with_another_language(visit: Visit):
    visitor = visit().reads()
    link = re.search(r'href="(\?[^"]+)" lang="en"', visitor.page.text)
    assert link is not None
    english = visitor.client.get(visitor.place + link[1].replace("&amp;", "&"))
    assert visitor.sale.token not in link[1]
    assert int(_value(english, "data-left")) < int(_value(visitor.page, "data-left"))


def test_without_the_tick_it_is_not_agreed_and_nothing_is_lost(visit: Visit):
    visitor = visit().reads()
    refused = visitor.send(has_read="")
    assert refused.status_code == 422
    assert "请先勾选" in text_of(refused)
    assert visitor.outcomes == []


def test_a_double_click_the_back_button_and_a_second_tab_order_once(visit: Visit):
    visitor = visit()
    second_tab = visitor.client.get(visitor.place)
    visitor.reads()
    pages = [visitor.send(), visitor.send(), visitor.send(second_tab), visitor.send(answer="refuse")]
    assert {text_of(page) for page in pages} == {text_of(pages[0])}
    assert "您已同意" in text_of(pages[0])
    assert "¥1,224.00" in text_of(pages[0])
    assert visitor.outcomes == ["ordered"]


@pytest.mark.parametrize(("reason", "kept"), [("price", "price"), ("", "not_said"), ("do_not_contact", "not_said")])
def test_a_no_needs_neither_time_nor_tick_nor_reason(visit: Visit, reason: str, kept: str):
    visitor = visit()
    page = visitor.send(answer="refuse", has_read="", reason=reason)
    assert "您已拒绝" in text_of(page)
    (no,) = [one for one in outcomes_of(visitor.sale.ledger, visitor.sale.decision_id) if one["outcome"] == "declined"]
    assert no["reason_code"] == kept


def test_what_is_over_says_so_in_plain_words_and_gives_no_reason_away(visit: Visit):
    expired = visit()
    expired.sale.walls.on(hours=25)
    late = expired.client.get(expired.place)
    assert (late.status_code, "链接已失效" in text_of(late)) == (410, True)
    stopped = visit()
    stopped.sale.flag("fraud")
    page = stopped.client.get(stopped.place, params={"lang": "en"})
    text = text_of(page)
    assert page.status_code == 410
    assert "This can no longer be confirmed. Nothing was agreed" in text
    assert not re.search("fraud|withdrawn|because|complaint|hardship|1,224", text, re.IGNORECASE)
    assert stopped.reads().send().status_code == 410
    assert stopped.outcomes == []


@pytest.mark.parametrize("place", ["/own/nothing", "/own/" + "A" * 43, "/own/", "/own/a/b"])
def test_a_link_that_nobody_gave_is_a_page_that_says_so(visit: Visit, place: str):
    page = visit().client.get(place)
    assert page.status_code == 404
    assert "链接不存在" in text_of(page)


def test_a_form_of_another_site_is_refused(visit: Visit):
    visitor = visit().reads()
    assert visitor.send(csrf_token="").status_code == 403
    fields = {"csrf_token": token_in(visitor.page), "answer": "refuse"}
    assert visitor.another().post(visitor.place, data=fields).status_code == 403
    assert visitor.outcomes == []


@pytest.mark.parametrize("answer", ["", "maybe", "AGREE"])
def test_what_no_button_sends_is_refused(visit: Visit, answer: str):
    visitor = visit().reads()
    assert visitor.send(answer=answer).status_code == 422
    assert visitor.outcomes == []


def test_a_link_that_is_asked_for_too_often_waits(visit: Visit):
    visitor = visit()
    visitor.app.state.links = Rate(OPENED_PER_MINUTE, 1, clock=lambda: 0.0)
    pages = [visitor.client.get(visitor.place) for _ in range(OPENED_PER_MINUTE + 1)]
    assert {one.status_code for one in pages[:-1]} == {200}
    assert (pages[-1].status_code, pages[-1].headers["retry-after"]) == (429, "1")


def test_the_page_is_framed_kept_found_and_followed_by_nobody(visit: Visit):
    headers = visit().page.headers
    policy = headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert "HttpOnly" in headers["set-cookie"]
    assert "SameSite=lax" in headers["set-cookie"]


def test_no_page_runs_or_styles_anything_of_its_own(visit: Visit):
    html = visit().page.text
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|style=|javascript:", html)
