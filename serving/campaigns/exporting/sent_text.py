"""The text that a gateway's template must hold, as the catalogue words it: whole, with no variable, and refusable."""

from linewise.core.errors import PolicyInvalid
from linewise.policy.catalogue import Catalogue
from serving.campaigns.brief.gateway_text import Message, message_of, refusals_of

__all__ = ["message_to_send"]


def message_to_send(catalogue: Catalogue, offer_id: str, channel: str, language: str, signature: str) -> Message:
    """What is sent of an offer, word for word the same to everybody in the file.

    Raises PolicyInvalid with the first that a gateway would refuse in it.
    """
    message = message_of(catalogue, offer_id, channel, language, signature)
    for one in refusals_of(message, channel):
        raise PolicyInvalid(f"What is sent of {offer_id} by {channel}: {one.problem}", one.expected, one.next_step)
    return message
