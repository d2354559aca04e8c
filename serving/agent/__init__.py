"""The agent's screen: pages beside the call, rendered on the server, usable without JavaScript."""

from serving.agent.desk import AgentDesk
from serving.agent.pages import agent_app

__all__ = ["AgentDesk", "agent_app"]
