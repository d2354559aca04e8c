"""What the messages to customers say: no name, no amount, nothing that a glance at a telephone tells others."""

from linewise.core.errors import NotReady
from linewise.core.settings import Settings
from linewise.ledger.outbox import Message
from serving.agent.wording import N_
from serving.own_act.rendering import say

__all__ = ["address_of_link", "text_of_message"]

LINK = N_(
    "What you chose on the phone needs your own confirmation: %(link)s . Nobody can do it for you. "
    "If you chose nothing, confirm nothing and call us."
)
CODE = N_(
    "Code %(code)s, valid for 5 minutes. Read it to our agent only once all costs were read to you and you agree. "
    "If you chose nothing, tell nobody and hang up."
)


def address_of_link(settings: Settings, token: str) -> str:
    """Where a customer opens their page; raises NotReady in production where no address over https is set."""
    public = settings.public_address
    if settings.profile == "production" and not (public or "").startswith("https://"):
        raise NotReady(
            f"The setting public_address is {public!r}.",
            "The address over https at which customers reach this service was expected.",
            "Set public_address = 'https://…' in linewise.toml; what waits is sent once it is set.",
        )
    return f"{public or f'http://{settings.host}:{settings.port}'}/own/{token}"


def text_of_message(settings: Settings, message: Message) -> str:
    """The text of a message in its language; raises NotReady as `address_of_link`."""
    language = message.language or settings.language
    if message.kind == "code":
        return say(language, CODE, code=message.secret)
    return say(language, LINK, link=address_of_link(settings, message.secret))
