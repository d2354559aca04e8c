"""Champions, features and live state brought to one decision; no web framework in it."""
