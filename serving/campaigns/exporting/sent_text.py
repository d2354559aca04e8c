"""The text that a gateway's template must hold, as the catalogue words it: whole, with no variable, and refusable."""

import re

from linewise.core.errors import PolicyInvalid
from linewise.policy.catalogue import Catalogue, treated

__all__ = ["text_of"]

VARIABLE = re.compile(r"\$\{|\{\{|\}\}|\{[^}]*\}|#[\w.]+#|\[\[|<%|%[sd]\b|%\(\w+\)[sd]|&\w+&")
"""How gateways and templates mark what is filled in."""


def text_of(catalogue: Catalogue, offer_id: str, channel: str, language: str) -> str:
    """What is sent of an offer, word for word the same to everybody in the file.

    Raises PolicyInvalid where a message has a variable, which gateways refuse in promotional templates, or no ending
    that says how to refuse.
    """
    way = catalogue.treatments[channel]
    text = treated(catalogue, offer_id, channel, language).says
    if VARIABLE.search(text):
        raise PolicyInvalid(
            f"What is sent of {offer_id} by {channel} has a variable in it: {text!r}.",
            "A text that is the same for everybody was expected: promotional templates carry no variables.",
            "Word the offer without it in catalogue.yaml; personal amounts stand behind a link.",
        )
    if channel == "sms" and way.ending is None:
        raise PolicyInvalid(
            f"What is sent of {offer_id} by sms does not end with how to refuse.",
            "An `ending` of the treatment of sms was expected, such as 拒收请回复R.",
            "Write it into the treatments of catalogue.yaml.",
        )
    return text
