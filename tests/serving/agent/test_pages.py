"""The agent's pages by their visible words."""

import re

import pytest
from fastapi.testclient import TestClient

from linewise.core.errors import FeaturesMissing
from serving.agent import agent_app
from serving.agent.wording import DECLINE_REASONS
from tests.serving.agent.known_agent import KnownAgent
from tests.serving.agent.memory_desk import Card, MemoryDesk, empty_view, full_view
from tests.serving.agent.reading import answer, ask_for, text_of, token_in

HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE outcomes; --",
    "\u202egnp.exe \u2067مرحبا",
    "👩🏽‍💻🎉",
    '"><img src=x onerror=alert(1)>',
    "%(title)s {{ 7*7 }} {% raw %}",
]


# ---- Finding ---------------------------------------------------------------------------------------------


def test_agent_sees_customers_with_the_day_up_to_which_they_are_known(client: TestClient) -> None:
    words = text_of(client.get("/agent/"))
    assert "查找客户" in words
    assert "2143 1998年10月14日 CZK 查看建议" in words


def test_search_lists_the_customers_whose_number_begins_so(client: TestClient) -> None:
    words = text_of(client.get("/agent/?q= 25 &lang=en"))
    assert "Customers whose number begins with 25" in words
    assert "25 October 14, 1998 CZK Suggest" in words
    assert "2143" not in words


def test_search_without_a_match_says_so_and_what_to_do(client: TestClient) -> None:
    assert "没有以“9”开头的客户号。 请核对客户号后重新查找。" in text_of(client.get("/agent/?q=9"))


def test_empty_bank_says_so_and_what_to_do(client: TestClient, desk: MemoryDesk) -> None:
    desk.cards = ()
    assert "还没有导入客户。 请联系系统管理员导入数据。" in text_of(client.get("/agent/"))


def test_long_list_says_that_it_is_cut(client: TestClient, desk: MemoryDesk) -> None:
    desk.cards = [Card(str(number)) for number in range(100, 150)]
    words = text_of(client.get("/agent/?lang=en"))
    assert "Only the first 20 are shown." in words
    assert "120" not in words


def test_address_without_its_slash_reaches_the_page(client: TestClient) -> None:
    assert "查找客户" in text_of(client.get("/agent"))


# ---- A decision ------------------------------------------------------------------------------------------


def test_decision_shows_offers_limit_plans_and_why_not_in_chinese(client: TestClient) -> None:
    page = ask_for(client, "2143")
    words = text_of(page)
    for shown in (
        "客户 2143",
        "数据截至 1998年10月14日 3 天前",
        "金卡 含旅行保障和更高单日限额 匹配度：高 年费 CZK900.00",
        "可以这样说 以您的账户往来，可以申请带旅行保障的金卡。",
        "为什么适合这位客户 收入按月到账，使用习惯稳定。 经常存取现金，有卡更省事。",
        "CARD-GOLD-FEES，第 1 版",
        "接受 Alt A 暂不 Alt N 拒绝 Alt D",
        "建议额度 CZK168,000.00",
        "当前额度 CZK40,000.00 最高可批 CZK210,000.00 承诺有效至 1998-10-31",
        "为什么不能更高 按谨慎收入扣除必要支出后的可承受额度。",
        "有利因素 账户没有透支记录。 每月收支有结余。",
        "12 个月 CZK15,155.48 每月 末期还款",
        "年化利率（单利） 14.90%",
        "青年卡 不符合条件 该产品面向更年轻的客户。 现在不宜提起 客户近期拒绝过同类产品。",
    ):
        assert shown in words


def test_the_curve_of_limits_is_drawn_with_its_words_and_the_same_in_a_table(client: TestClient) -> None:
    page = ask_for(client, "2143", "en")
    assert re.search(r'<svg[^>]* role="img" aria-labelledby="curve-proposed-title curve-proposed-desc">', page.text)
    said = "Today CZK40,000.00, suggested CZK168,000.00, at most CZK210,000.00."
    assert said in text_of(page).replace("\xa0", "")
    assert len(re.findall(r'<line class="mark mark-(?:current|suggested|max)"', page.text)) == 3
    table = page.text[page.text.index("The curve as a table") :]
    assert table.count('<tr><th scope="row">') >= 6


def test_an_offer_says_what_answers_the_two_objections_and_which_decision_and_model_it_comes_from(
    client: TestClient,
) -> None:
    words = text_of(ask_for(client, "2143", "en"))
    assert "“That is too expensive” The fee is in the price list; you can compare it first." in words
    assert "CZK123.00 saved, by the customer's own last six months" in words.replace("\xa0", "")
    assert words.count("by the customer's own last six months") == 1
    assert "“I do not need that” That is fine; you need not take it." in words
    assert "Decision 00000000-0000-4000-8000-000000000001 Release r-1 Models take_up 7" in words


def test_decision_is_worded_in_english_for_who_reads_english(client: TestClient) -> None:
    page = ask_for(client, "2143", "en")
    words = text_of(page)
    assert '<html lang="en">' in page.text
    for shown in (
        "Data up to October 14, 1998 3 days old",
        "Gold card Travel cover and a higher daily limit Fit: High CZK900.00 a year",
        "Why this customer Income arrives every month",
        "Why not more What cautious income leaves after essentials can bear.",
        "12 months CZK15,155.48 a month Last payment",
        "Junior card Does not qualify The product is meant for younger customers.",
    ):
        assert shown in words


def test_every_block_of_an_empty_decision_says_why(client: TestClient, desk: MemoryDesk) -> None:
    desk.makes = empty_view
    page = ask_for(client, "2143")
    words = text_of(page)
    for shown in (
        "本次没有产品建议。 有未结投诉，先解决问题。",
        "没有其他产品被排除。",
        "暂不建议调整额度。 有未结投诉，先解决问题。",
        "暂无还款方案。 有未结投诉，先解决问题。",
        "数据截至 1998年10月14日 最新",
    ):
        assert shown in words
    assert 'value="accepted"' not in page.text


def test_schedule_ends_at_nothing_left_to_pay(client: TestClient) -> None:
    words = text_of(ask_for(client, "2143", "en"))
    assert "Schedule over 12 months No. Due on Payment Interest Principal Remaining 1 1998-11-14" in words
    assert "CZK0.00" in words


@pytest.mark.parametrize("secret", ["propensity", "probability", "概率", "profit", "利润", "priority", "pd_12m"])
def test_page_shows_nothing_of_the_model(client: TestClient, secret: str) -> None:
    assert secret not in ask_for(client, "2143").text


def test_reloading_decides_nothing_anew(client: TestClient, desk: MemoryDesk) -> None:
    page = ask_for(client, "2143")
    again = client.get(page.url.path)
    assert text_of(again) == text_of(page)
    assert desk.decided == 1


def test_decision_in_another_language_offers_to_word_it_again(client: TestClient, desk: MemoryDesk) -> None:
    page = ask_for(client, "2143", "zh-CN")
    words = text_of(client.get(f"{page.url.path}?lang=en"))
    assert "This suggestion was worded in another language. Suggest again" in words
    assert "金卡" in words
    assert desk.decided == 1


def test_stage_of_a_newer_policy_is_another_reason(client: TestClient, desk: MemoryDesk) -> None:
    desk.makes = lambda *given: (
        full_view(*given)
        | {"not_offered": [{"offer_id": "X", "title": "X", "stage": "brand_new", "because": "某规则。"}]}
    )
    assert "其他原因 某规则。" in text_of(ask_for(client, "2143"))


# ---- Answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "confirmed", "state"),
    [
        ("accepted", "已记录：金卡，已接受。", "已记录：已接受"),
        ("postponed", "已记录：金卡，暂不。", "已记录：暂不"),
    ],
)
def test_answer_is_confirmed_and_stays_on_the_page(
    client: TestClient, desk: MemoryDesk, outcome: str, confirmed: str, state: str
) -> None:
    page = ask_for(client, "2143")
    shown = answer(client, page, offer_id="CARD_GOLD", outcome=outcome)
    assert confirmed in text_of(shown)
    assert state in text_of(client.get(page.url.path))
    assert [one["outcome"] for one in desk.outcomes] == [outcome]
    assert desk.decided == 1


@pytest.mark.parametrize("reason_code", DECLINE_REASONS)
def test_refusal_keeps_its_reason_and_note(client: TestClient, desk: MemoryDesk, reason_code: str) -> None:
    page = ask_for(client, "2143", "en")
    shown = answer(client, page, offer_id="CARD_GOLD", outcome="declined", reason_code=reason_code, note=" said so ")
    assert f"Reason: {DECLINE_REASONS[reason_code]}" in text_of(shown)
    assert "Note said so" in text_of(shown)
    assert desk.outcomes[0]["reason_code"] == reason_code


def test_second_answer_to_the_same_offer_changes_nothing_and_says_so(client: TestClient, desk: MemoryDesk) -> None:
    page = ask_for(client, "2143")
    answer(client, page, offer_id="CARD_GOLD", outcome="accepted")
    for outcome in ("accepted", "postponed"):
        shown = answer(client, page, offer_id="CARD_GOLD", outcome=outcome)
        assert "没有改动：金卡，已接受。" in text_of(shown)
    assert len(desk.outcomes) == 1


def test_each_offer_has_an_answer_of_its_own(client: TestClient, desk: MemoryDesk) -> None:
    page = ask_for(client, "2143")
    answer(client, page, offer_id="CARD_GOLD", outcome="declined", reason_code="price")
    shown = answer(client, page, offer_id="CARD_CLASSIC", outcome="accepted")
    assert "已记录：已拒绝 原因：太贵" in text_of(shown)
    assert "已记录：标准卡，已接受。" in text_of(shown)


def test_refusal_without_a_reason_is_asked_again_and_keeps_what_was_typed(client: TestClient, desk: MemoryDesk) -> None:
    page = ask_for(client, "2143")
    shown = answer(client, page, offer_id="CARD_CLASSIC", outcome="declined", note="下次再说")
    assert shown.status_code == 422
    assert "尚未记录：请选择客户拒绝的原因。" in text_of(shown)
    assert 'value="下次再说"' in shown.text
    assert desk.outcomes == []


def test_note_longer_than_a_line_is_refused_and_kept(client: TestClient, desk: MemoryDesk) -> None:
    page = ask_for(client, "2143")
    note = "长" * 501
    shown = answer(client, page, offer_id="CARD_GOLD", outcome="declined", reason_code="price", note=note)
    assert "尚未记录：备注太长。" in text_of(shown)
    assert note in shown.text
    assert desk.outcomes == []


@pytest.mark.parametrize("note", HOSTILE)
def test_hostile_note_is_stored_whole_and_shown_as_text(client: TestClient, desk: MemoryDesk, note: str) -> None:
    page = ask_for(client, "2143")
    shown = answer(client, page, offer_id="CARD_GOLD", outcome="declined", reason_code="price", note=note)
    assert desk.outcomes[0]["note"] == note
    assert " ".join(note.split()) in text_of(shown)
    assert "<script>alert" not in shown.text
    assert "<img src=x" not in shown.text


@pytest.mark.parametrize("customer_id", [*HOSTILE, "9" * 64])
def test_hostile_customer_number_is_shown_as_text(client: TestClient, desk: MemoryDesk, customer_id: str) -> None:
    desk.cards = [Card(customer_id)]
    page = ask_for(client, customer_id)
    assert page.status_code == 200
    assert customer_id in text_of(page)
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_search_is_shown_as_text(client: TestClient, text: str) -> None:
    page = client.get("/agent/", params={"q": text})
    assert page.status_code == 200
    assert f"没有以“{text}”开头的客户号。" in text_of(page)
    assert "<script>alert" not in page.text


# ---- What goes wrong -------------------------------------------------------------------------------------


def test_unknown_customer_is_told_in_plain_words(client: TestClient) -> None:
    shown = ask_for(client, "404404")
    assert shown.status_code == 404
    assert "没有这个客户号。 请核对客户号后重新查找。" in text_of(shown)


@pytest.mark.parametrize("place", ["decisions/none", "nowhere"])
def test_unknown_address_is_told_in_plain_words(client: TestClient, place: str) -> None:
    shown = client.get(f"/agent/{place}?lang=en")
    assert shown.status_code == 404
    assert "Check the number and search again." in text_of(shown)


def test_missing_store_says_what_the_agent_and_what_the_operator_do() -> None:
    def nothing_there() -> MemoryDesk:
        raise FeaturesMissing("The online store is empty", "linewise features materialize")

    shown = TestClient(agent_app(nothing_there, KnownAgent(), language="en")).get("/")
    assert shown.status_code == 503
    assert "Suggestions are not available at the moment. Help the customer as usual" in text_of(shown)
    assert "Run: linewise features materialize" in text_of(shown)
    assert "The online store is empty" not in text_of(shown)


def test_unexpected_error_shows_nothing_of_the_inside(client: TestClient, desk: MemoryDesk) -> None:
    desk.makes = lambda *given: full_view(*given) | {"limit": {}}
    quiet = TestClient(client.app, raise_server_exceptions=False, base_url="http://desk.test")
    shown = ask_for(quiet, "2143")
    assert shown.status_code == 500
    assert "系统出了问题。 请照常服务客户，并通知系统管理员。" in text_of(shown)
    assert "suggested_amt" not in shown.text
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "fields",
    [
        {"offer_id": "CARD_GOLD"},
        {"outcome": "accepted"},
        {"offer_id": "CARD_JUNIOR", "outcome": "accepted"},
        {"offer_id": "CARD_GOLD", "outcome": "ordered"},
    ],
)
def test_answer_that_no_form_of_the_page_sends_is_refused(
    client: TestClient, desk: MemoryDesk, fields: dict[str, str]
) -> None:
    shown = answer(client, ask_for(client, "2143"), **fields)
    assert shown.status_code == 422
    assert "表单内容不完整。" in text_of(shown)
    assert desk.outcomes == []


@pytest.mark.parametrize("token", ["", "x" * 32, "💥", "short"])
def test_form_without_the_token_of_this_browser_is_refused(client: TestClient, desk: MemoryDesk, token: str) -> None:
    page = ask_for(client, "2143")
    shown = client.post(
        f"{page.url.path}/answers",
        data={"csrf_token": token, "offer_id": "CARD_GOLD", "outcome": "accepted"},
    )
    assert shown.status_code == 403
    assert "页面打开时间太长。" in text_of(shown)
    assert desk.outcomes == []


def test_token_of_another_browser_is_refused(client: TestClient, desk: MemoryDesk) -> None:
    token = token_in(client.get("/agent/"))
    other = TestClient(client.app, base_url="http://desk.test")
    assert other.post("/agent/decisions", data={"csrf_token": token, "customer_id": "2143"}).status_code == 403
    assert desk.decided == 0


@pytest.mark.parametrize("place", ["decisions", "decisions/{id}/answers"])
def test_opening_the_address_of_a_form_leads_to_its_page(client: TestClient, place: str) -> None:
    page = ask_for(client, "2143")
    decision_id = page.url.path.rsplit("/", 1)[1]
    shown = client.get(f"/agent/{place.format(id=decision_id)}?lang=en")
    assert shown.status_code == 200
    assert "Customer" in text_of(shown)
