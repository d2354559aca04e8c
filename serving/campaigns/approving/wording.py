"""What customers would hear and read of a campaign: the words that whoever approves it looks at."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from linewise.ledger.signing import canonical
from linewise.policy.catalogue import Catalogue, treated
from linewise.policy.catalogue.texts import LANGUAGES
from serving.campaigns.brief.campaign import Brief

__all__ = ["Worded", "wording_of", "wording_sha256"]


@dataclass(frozen=True, slots=True)
class Worded:
    """One offer by one channel in one language: title, what is said, terms, and the disclosure by id and version.

    template_code, signature: what a gateway knows a message by; empty where a channel sends none.
    """

    offer_id: str
    channel: str
    language: str
    title: str
    says: str
    terms: str
    disclosure: str
    disclosure_text: str
    template_code: str
    signature: str


def wording_of(brief: Brief, catalogue: Catalogue) -> list[Worded]:
    """Every text of a campaign, in the order of its file."""
    return [
        _worded(brief, catalogue, offer_id, one.channel, language)
        for offer_id in brief.offer_ids
        for one in brief.channels
        for language in LANGUAGES
    ]


def _worded(brief: Brief, catalogue: Catalogue, offer_id: str, channel: str, language: str) -> Worded:
    offer, put = catalogue.offer(offer_id), treated(catalogue, offer_id, channel, language)
    template = brief.template(offer_id, channel)
    return Worded(
        offer_id=offer_id,
        channel=channel,
        language=language,
        title=put.title,
        says=put.says,
        terms=offer.terms.in_language(language),
        disclosure=f"{offer.disclosure.disclosure_id}/{offer.disclosure.version}",
        disclosure_text=offer.disclosure.text.in_language(language),
        template_code="" if template is None else template.code,
        signature="" if template is None else template.signature,
    )


def wording_sha256(words: Sequence[Worded]) -> str:
    """The hash over all texts, which an approval stands for."""
    return sha256(canonical({"form": "linewise wording 1", "words": [asdict(one) for one in words]})).hexdigest()
