"""What BentoML costs when nothing is done: an endpoint that takes what ours takes and answers an empty text."""

import bentoml

__all__ = ["NoOp"]


@bentoml.service(name="noop", workers=2)
class NoOp:
    """As its user would write it, with BentoML's own defaults."""

    @bentoml.api
    async def nothing(self, customer_id: str, channel: str, language: str) -> str:
        """Nothing."""
        return ""
