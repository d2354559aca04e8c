"""Money is an integer in minor units beside its ISO 4217 currency; this is where decimals become integers."""

from decimal import ROUND_HALF_EVEN, Decimal

from babel.numbers import get_currency_precision

__all__ = ["minor_units", "to_major", "to_minor"]


def minor_units(currency: str) -> int:
    """How many decimals the currency has (JPY 0, CNY 2, KWD 3), from the CLDR tables.

    >>> [minor_units(code) for code in ("JPY", "CNY", "KWD")]
    [0, 2, 3]
    """
    return get_currency_precision(currency)


def to_minor(amount: Decimal | str | int, currency: str) -> int:
    """An amount in major units as an integer in minor units, halves to even.

    >>> to_minor("1234.565", "CNY"), to_minor("7", "JPY")
    (123456, 7)
    """
    scaled = Decimal(amount).scaleb(minor_units(currency))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def to_major(amount_amt: int, currency: str) -> Decimal:
    """An amount in minor units as a decimal in major units.

    >>> to_major(123450, "CNY")
    Decimal('1234.50')
    """
    return Decimal(amount_amt).scaleb(-minor_units(currency))
