"""Every amount, share and date that a person sees; per cent exists only here."""

from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency, format_percent

from linewise.core.money import to_major

__all__ = ["babel_locale", "show_date", "show_money", "show_percent"]


def babel_locale(language: str) -> str:
    """Babel's spelling of a language tag: `zh-CN` becomes `zh_Hans_CN`."""
    return {"zh-CN": "zh_Hans_CN"}.get(language, language.replace("-", "_"))


def show_money(amount_amt: int, currency: str, language: str) -> str:
    """An amount in minor units as a person of that language writes it.

    >>> show_money(123450, "CNY", "zh-CN")
    '¥1,234.50'
    """
    return format_currency(to_major(amount_amt, currency), currency, locale=babel_locale(language))


def show_percent(ratio: float, language: str, decimals: int = 2) -> str:
    """A ratio as per cent.

    >>> show_percent(0.1303, "en")
    '13.03%'
    """
    pattern = "#,##0." + "0" * decimals + "%" if decimals else "#,##0%"
    return format_percent(ratio, format=pattern, locale=babel_locale(language))


def show_date(day: date, language: str) -> str:
    """A date in the long form of the language.

    >>> show_date(date(2026, 8, 1), "zh-CN")
    '2026年8月1日'
    """
    return format_date(day, format="long", locale=babel_locale(language))
