"""Which merchant of a kind of shop: a few have most of the custom."""

from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.parameters import Shops

__all__ = ["merchant_of"]


@compiled
def merchant_of(shops: Shops, group: int, draw: float) -> int:
    """The number of the merchant, from 0, for a uniform draw from 0 to 1.

    Zipf's law, by which the logarithm of the rank is uniform, with the logarithm to the base of two drawn
    straight from one power of two to the next: no exponential is needed.
    """
    place = draw * shops.octaves[group]
    octave = int(place)
    first = 1 << octave
    return int(first + int(first * (place - octave))) - 1
