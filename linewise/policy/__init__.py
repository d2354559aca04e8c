"""Rules, catalogue, economics and sentences as YAML, checked and compiled into what a decision takes."""
