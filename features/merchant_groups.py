"""Merchant category codes, gathered into groups that a credit officer would recognise.

Codes are those of ISO 18245:2023, Retail financial services, Merchant category codes, and of the ranges that the
card schemes assign within it (Visa Merchant Data Standards Manual; Mastercard Quick Reference Booklet, Merchant
Edition): 3000-3299 airlines, 3351-3441 car hire, 3501-3999 lodging. A code that stands in no group is "other".

The sensitive groups tell of health, belief, intimate life, dealings with the law, gambling and need. A purchase in
one of them counts in overall totals like any other, and nowhere else for risk, limit or price.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, StringValue

__all__ = ["GROUPS", "ORDINARY_GROUPS", "OTHER", "SENSITIVE_GROUPS", "group_of", "merchant_group"]

OTHER = "other"

# A pair is a range, both ends included; codes are text of four digits, so they compare as they count.
_Codes = tuple[str | tuple[str, str], ...]

ORDINARY_GROUPS: Mapping[str, _Codes] = {
    "groceries": ("5411", "5422", "5441", "5451", "5462", "5499"),
    "dining": ("5811", "5812", "5814"),
    "fuel": ("5541", "5542", "5552", "5983"),
    "transport": ("4011", "4111", "4112", "4121", "4131", "4784", "4789", "7523"),
    "travel": (
        ("3000", "3299"), ("3351", "3441"), ("3501", "3999"),
        "4411", "4511", "4582", "4722", "7011", "7012", "7032", "7033", "7512", "7513", "7519",
    ),
    "online_retail": ("5815", "5816", "5817", "5818", ("5961", "5966"), "5968", "5969", "5999"),
    "retail": (
        "5300", "5309", "5310", "5311", "5331", "5399",
        ("5611", "5661"), ("5691", "5699"), "5732", "5733", "5734", "5735", ("5941", "5943"), ("5945", "5949"), "5977",
    ),
    "luxury": ("5094", "5681", "5932", "5937", "5944", "5950", "5971", "5972"),
    "home": ("5200", "5211", "5231", "5251", "5261", ("5712", "5719"), "5722", "7622", "7623", "7629", "7641"),
    "utilities": ("4814", "4816", "4821", "4899", "4900"),
    "education": ("8211", "8220", "8241", "8244", "8249", "8299", "8351"),
    "leisure": (
        "7829", "7832", "7841", "7911", "7922", "7929", "7932", "7933", "7941",
        "7991", "7992", "7993", "7994", "7996", "7997", "7998", "7999",
    ),
    "insurance": ("5960", "6300"),
    "cash_like": ("4829", "6010", "6011", "6012", "6050", "6051", "6211", "6529", "6530", "6531", "6532", "6533",
                  "6534", "6536", "6537", "6538", "6540"),
    "wholesale": ("5013", "5021", "5039", ("5044", "5046"), "5051", "5065", ("5072", "5085"), "5099", "5111", "5131",
                  "5137", "5139", "5169", "5172", "5192", "5193", "5198", "5199"),
}  # fmt: skip

SENSITIVE_GROUPS: Mapping[str, _Codes] = {
    "gambling": ("7800", "7801", "7802", "7995", "9406"),
    "health": (
        "4119", "5047", "5122", "5912", "5975", "5976",
        ("8011", "8049"), "8050", "8062", "8071", "8099",
    ),
    "belief": ("8398", "8641", "8651", "8661", "8699"),
    "intimate": ("5967", "7273", "7297"),
    "law": ("8111", "9211", "9222", "9223"),
    "pawn": ("5933",),
}  # fmt: skip

GROUPS: Mapping[str, _Codes] = {**SENSITIVE_GROUPS, **ORDINARY_GROUPS}
"""Every group; no code stands in two."""


def merchant_group(mcc: "StringValue") -> "StringValue":
    """The group of a merchant category code; no group where there is no code."""
    group = mcc.notnull().ifelse(OTHER, None)
    for name, codes in GROUPS.items():
        group = _is_among(mcc, codes).ifelse(name, group)
    return group


def group_of(mcc: str) -> str:
    """The group of one code."""
    return next((name for name, codes in GROUPS.items() if any(_holds(code, mcc) for code in codes)), OTHER)


def _is_among(mcc: "StringValue", codes: _Codes) -> "BooleanValue":
    answer = mcc.isin([code for code in codes if isinstance(code, str)])
    for code in codes:
        if not isinstance(code, str):
            answer = answer | mcc.between(*code)
    return answer


def _holds(code: str | tuple[str, str], mcc: str) -> bool:
    return mcc == code if isinstance(code, str) else code[0] <= mcc <= code[1]
