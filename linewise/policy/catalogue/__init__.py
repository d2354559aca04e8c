"""The catalogue of actions: what may be offered, to whom, at what price, in which words, in which channel."""

from linewise.policy.catalogue.actions import Catalogue, CatalogueOffer
from linewise.policy.catalogue.entry import ATTRIBUTE_NAMES, CatalogueFile, OfferEntry
from linewise.policy.catalogue.loading import load_catalogue
from linewise.policy.catalogue.texts import Sentences
from linewise.policy.catalogue.treating import Treated, treated

__all__ = [
    "ATTRIBUTE_NAMES",
    "Catalogue",
    "CatalogueFile",
    "CatalogueOffer",
    "OfferEntry",
    "Sentences",
    "Treated",
    "load_catalogue",
    "treated",
]
