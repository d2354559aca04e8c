"""Which messages of a list are sent in several parts: a gateway bills each of them, and a contact costs one."""

from collections.abc import Iterator

import numpy as np

from linewise.policy.catalogue import Catalogue
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.brief.gateway_text import message_of
from serving.campaigns.brief.message_parts import parts_of
from serving.campaigns.planning.listing import Listed, Words

__all__ = ["long_messages"]


def long_messages(catalogue: Catalogue, brief: Brief, listed: Listed, words: Words) -> Iterator[str]:
    """A sentence each message that those who are contacted get in more than one part."""
    channels = [one.channel for one in brief.channels]
    if "sms" not in channels:
        return
    sent = listed.is_treated & (listed.channel == channels.index("sms"))
    kinds, counts = np.unique(np.stack([listed.offer[sent], listed.language[sent]]), axis=1, return_counts=True)
    for (offer, word), count in zip(kinds.T.tolist(), counts.tolist(), strict=True):
        offer_id, language = words.offer_ids[offer], words.words[word]
        template = brief.template(offer_id, "sms")
        message = message_of(catalogue, offer_id, "sms", language, "" if template is None else template.signature)
        parts = parts_of(message.whole)
        if parts.part_count > 1:
            is_recoded = parts.coding == "UCS-2" and parts_of(message.says).coding == "GSM-7"
            by = f", by its signature {message.signature}" if is_recoded else ""
            yield (
                f"The message of {offer_id} in {language} is sent in {parts.part_count} parts to {count:,} customers "
                f"({parts.place_count} characters in {parts.coding}{by}): a gateway bills each part."
            )
