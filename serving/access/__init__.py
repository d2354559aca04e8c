"""Who may: people who sign in, machines with keys, what each may see, and how often; every look is written down."""

from serving.access.caller import Asking, Caller, caller_of, needing
from serving.access.gate import Access

__all__ = ["Access", "Asking", "Caller", "caller_of", "needing"]
