"""Whether the reasons of a refused raise are the ones that are at work."""
