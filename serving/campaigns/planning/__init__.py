"""From files of campaigns to a list each."""
