"""What a call's view says where nothing is suggested, in words that an agent may read."""

from collections.abc import Mapping
from typing import Literal

from linewise.core.errors import ApprovalMissing, KeysMissing, LinewiseError, NotReady, RecordUnreachable, StorageFull

__all__ = ["WHY", "Why", "why_in_words", "why_of"]

Why = Literal[
    "deciding", "late", "withdrawn", "unverified", "after_service", "none", "stopped", "not_ready", "record",
    "unexpected", "gone", "ended",
]  # fmt: skip

WHY: Mapping[Why, tuple[str, str]] = {
    "deciding": ("正在准备建议，请先处理客户来电事项。", "Suggestions are being prepared; see to the request first."),
    "late": ("系统响应超时，本次只做服务。", "The system is late: service only for now."),
    "withdrawn": ("先解决客户的问题，本次通话不再推荐。", "The matter comes first: nothing is offered in this call."),
    "unverified": ("来电身份尚未核实，不做推荐。", "The caller is not verified as the customer: nothing is offered."),
    "after_service": ("先办完来电事项，再看建议。", "Suggestions are shown once the request is dealt with."),
    "none": ("目前没有合适的建议。", "There is no suggestion that suits at the moment."),
    "stopped": ("建议功能已被暂停，本次只做服务。", "Suggestions have been stopped: service only."),
    "not_ready": ("建议功能暂不可用，本次只做服务。", "Suggestions are not available: service only."),
    "record": ("记录系统不可用，不做任何信贷建议。", "The record cannot be reached: no credit is suggested."),
    "unexpected": ("系统出现故障，本次只做服务。", "Something failed on our side: service only."),
    "gone": ("这次通话的记录已删除。", "What was decided in this call is no longer kept."),
    "ended": ("通话已结束。", "The call has ended."),
}
"""Each reason in zh-CN and in English; every sentence is short enough to be read beside a call."""


def why_in_words(why: Why, language: str) -> str:
    """The sentence in that language."""
    chinese, english = WHY[why]
    return chinese if language == "zh-CN" else english


def why_of(err: LinewiseError) -> Why:
    """Why nothing can be suggested where a decision or its record failed with that."""
    if isinstance(err, RecordUnreachable | KeysMissing | StorageFull):
        return "record"
    if isinstance(err, ApprovalMissing):
        return "stopped"
    return "not_ready" if isinstance(err, NotReady) else "unexpected"
