"""From a plan to a campaign that lives."""
