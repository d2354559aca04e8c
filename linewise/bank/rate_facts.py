"""The exchange rates among a bank's facts before the bank is written: rows are judged by them."""

import pyarrow as pa

from linewise.bank.database import utc_database
from linewise.bank.dictionary import load_dictionary
from linewise.bank.manifest import BankLabel
from linewise.bank.problems import Problem
from linewise.bank.rates import KnownRates, rates_of
from linewise.bank.rules import rules_of
from linewise.bank.sieve import Sieve, problems_of

__all__ = ["rates_in"]


def rates_in(facts: pa.Table, label: BankLabel) -> tuple[pa.Table, list[Problem]]:
    """The rates (RATES_SCHEMA) that the door will let in, and what refuses the bank.

    `facts` are rows of the contract table bank_facts in its columns and types, as they were delivered.
    """
    table = load_dictionary()["bank_facts"]
    rules = rules_of(table, table.columns, until=label.horizon, delivered=(), rates=KnownRates(label.currency))
    with utc_database() as database:
        database.register("given", facts)
        good, bad = Sieve(database, "given", table, table.columns, rules).parted()
    problems = [problem for rule, problem in problems_of(bad, table, rules) if rule.refuses and problem.count]
    return rates_of(good), problems
