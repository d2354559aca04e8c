"""Dirty records as the extracts of banks have them: bad ones and odd but valid ones, each with its label."""

from linewise.simulation.dirt.labels import LABEL_SCHEMA
from linewise.simulation.dirt.rates import second_currency_rates
from linewise.simulation.dirt.soiling import soiled
from linewise.simulation.dirt.surroundings import Surroundings

__all__ = ["LABEL_SCHEMA", "Surroundings", "second_currency_rates", "soiled"]
