"""The names of the wide view and of what is computed in the call, for those who read without Feast."""

__all__ = ["CALL_VIEW", "ONLINE_DIR", "VIEW"]

VIEW = "customer_features"
CALL_VIEW = "call_features"
ONLINE_DIR = "online"
