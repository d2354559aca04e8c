from datetime import UTC, datetime

from training.card.making import ModelCard
from training.card.page import markdown_of
from training.gate.checking import Check, GateReport
from training.promotion_log import Promotion

AT = datetime(2026, 11, 26, tzinfo=UTC)


def a_card(**given: object) -> ModelCard:
    told = {
        "name": "default", "version": 2, "label": "it ends unpaid", "registered_at": AT, "artefact_sha256": "a" * 64,
        "texts": None, "run": None, "figures": {}, "gate": None, "promotions": (),
    }  # fmt: skip
    return ModelCard.model_validate(told | given)


def test_a_card_says_first_what_it_does_not_say():
    page = markdown_of(a_card())
    assert "**Missing: who answers for it and what it is for; the record of its run; its figures.**" in page
    assert "It was trained before runs were recorded." in page
    assert "It was not held against the gate." in page


def test_a_card_shows_figures_with_their_intervals_the_gate_and_who_let_it_serve():
    check = Check(name="auc_loss", cell="", measured=0.001, bound="at most 0.005", verdict="passed", says="")
    gate = GateReport(
        name="default", version=2, artefact_sha256="a" * 64, at=AT, profile="production", thresholds="t1",
        thresholds_sha256="b" * 64, checks=(check,),
    )  # fmt: skip
    row = Promotion(
        at=AT, name="default", version=2, previous_version=1, reason="better", by=("bo", "cy"), run_id="r",
        artefact_sha256="a" * 64, release_id="rel1",
    )  # fmt: skip
    page = markdown_of(a_card(figures={"auc": 0.8, "auc_low": 0.7, "auc_high": 0.9}, gate=gate, promotions=(row,)))
    assert "| auc | 0.8 [0.7, 0.9] |" in page
    assert "Passed on 2026-11-26 00:00 UTC, thresholds t1, profile production." in page
    assert "| auc_loss |  | 0.001 | at most 0.005 | passed |" in page
    assert "| promote | 1 | 2 | bo, cy | rel1 | better |" in page
