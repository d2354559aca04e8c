"""What a gateway would refuse of a message is told with what was expected."""

from dataclasses import replace

import pytest

from serving.campaigns.brief.gateway_text import Message, refusals_of

GOOD = Message("金卡首年免年费。拒收请回复R", "。拒收请回复R", "某某银行")


def told(message: Message, channel: str = "sms") -> list[str]:
    return [one.problem for one in refusals_of(message, channel)]


@pytest.mark.parametrize(
    ("says", "ending"),
    [
        (GOOD.says, GOOD.ending),
        ("首年免年费，详见 https://m.bank.cn/gold。回T退订", "。回T退订"),
        ("No fee in the first year: www.bank.com/gold. Reply STOP to refuse.", ". Reply STOP to refuse."),
        ("Gold® card, call 95588 or 400-820-8888. Text stop to opt out.", ". Text stop to opt out."),
        ("24/7 service at 1.5/month, 3.5% back. Unsubscribe: reply N", ". Unsubscribe: reply N"),
    ],
)
def test_a_message_that_gateways_take_is_let_through(says: str, ending: str) -> None:
    assert told(Message(says, ending, "某某银行")) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"says": "尊敬的${name}，金卡免年费。"}, "a variable"),
        ({"ending": ""}, "does not end with how to refuse"),
        ({"ending": "。谢谢"}, "does not end with how to refuse"),
        ({"signature": ""}, "no signature"),
        ({"signature": "  "}, "no signature"),
        ({"signature": "【某某银行】"}, "has brackets"),
        ({"signature": "[Some Bank]"}, "has brackets"),
        ({"says": "【金卡】免年费"}, "only signatures stand"),
        ({"says": "详见 https://bit.ly/3xYz"}, "public shortener"),
        ({"says": "详见t.cn/A6bcd"}, "public shortener"),
        ({"says": "See BIT.LY/abc"}, "public shortener"),
        ({"says": "详见 https://10.0.0.7/gold"}, "names no domain"),
        ({"says": "详见 https://[::1]/gold"}, "names no domain"),
        ({"says": "详见 https://[oops/gold"}, "names no domain"),
        ({"says": "详见 http://m.bank.cn/gold"}, "is not sealed"),
        ({"says": "下载 https://m.bank.cn/bank.apk"}, "loads a program"),
        ({"says": "金卡免年费★"}, "symbols"),
        ({"says": "金卡免年费🎁"}, "symbols"),
        ({"says": "详询客户经理13812345678"}, "number of a card"),
        ({"says": "长" * 495}, "501 characters"),
    ],
)
def test_what_a_gateway_refuses_is_told(change: dict[str, str], problem: str) -> None:
    (found,) = told(replace(GOOD, **change))
    assert problem in found


def test_of_a_message_everything_is_told_at_once() -> None:
    assert len(told(Message("{name} ★ http://bit.ly/x", "", ""))) == 5


def test_an_app_shows_what_no_gateway_sends() -> None:
    assert told(Message("金卡免年费🎁", "", ""), "app") == []
    assert told(Message("{name}，金卡免年费", "", ""), "app") != []
