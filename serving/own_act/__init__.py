"""The customer's own act: a page of its own behind a link, and the messages that a bank's gateway sends."""

from serving.own_act.pages import own_act_app

__all__ = ["own_act_app"]
