"""The name of the one wide view, for those who read its rows without Feast."""

__all__ = ["ONLINE_DIR", "VIEW"]

VIEW = "customer_features"
ONLINE_DIR = "online"
