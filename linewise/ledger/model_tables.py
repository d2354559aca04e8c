"""The tables of a model's life: what a validator has found against a version, and what challengers would have said."""

from sqlalchemy import Column, DateTime, Float, Index, Integer, String, Table, Text, UniqueConstraint

from linewise.ledger.schema import PERSONAL, SCHEMA

__all__ = ["model_findings", "shadow_scores"]

# Rows are added and never changed: a finding is closed by a row of its own.
model_findings = Table(
    "model_findings",
    SCHEMA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("finding_id", String(36), nullable=False, index=True),
    Column("act", String(8), nullable=False),
    Column("model", String(64), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("artefact_sha256", String(64), nullable=False),
    Column("says", Text, nullable=False),
    Column("name", String(64), nullable=False),
    # Empty where somebody found it by name alone: what blocks never waits for a key.
    Column("role", String(32), nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("at", String(32), nullable=False),
    Column("signature", String(128), nullable=False),
)

shadow_scores = Table(
    "shadow_scores",
    SCHEMA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("decision_id", String(36), nullable=False),
    Column("customer_id", String(64), nullable=False),
    Column("model", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("artefact_sha256", String(64), nullable=False),
    Column("decided_at", DateTime, nullable=False),
    # Probability of default within twelve months on the line in force, and take-up of the primary offer.
    Column("champion_pd", Float, nullable=True),
    Column("challenger_pd", Float, nullable=True),
    Column("champion_take_up", Float, nullable=True),
    Column("challenger_take_up", Float, nullable=True),
    Column("champion_offer", String(64), nullable=False),
    Column("challenger_offer", String(64), nullable=False),
    Column("champion_limit_amt", Integer, nullable=False),
    Column("challenger_limit_amt", Integer, nullable=False),
    UniqueConstraint("decision_id", "model", "version", name="one_shadow_a_decision"),
    Index("shadows_by_version", "model", "version", "decided_at"),
    info={
        PERSONAL: {
            "champion_pd": None, "challenger_pd": None, "champion_take_up": None, "challenger_take_up": None,
            "champion_offer": "", "challenger_offer": "", "champion_limit_amt": 0, "challenger_limit_amt": 0,
        }
    },
)  # fmt: skip
