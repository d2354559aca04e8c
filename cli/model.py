"""`linewise model`: the commands on models."""

import click

from cli.model_card import card_command
from cli.model_drift import drift_command
from cli.model_evaluate import evaluate_command
from cli.model_finding import finding_command
from cli.model_gate import gate_command
from cli.model_history import history_command
from cli.model_promote import promote_command
from cli.model_rollback import rollback_command
from cli.model_shadow import shadow_command
from cli.model_train import train_command
from cli.model_worth import worth_command

__all__ = ["command"]


@click.group("model")
def command() -> None:
    """Train, evaluate and promote models, go back to a former one; show their history.

    \b
    Example:
      linewise model train
      linewise model evaluate
      linewise model promote default 2 --reason "better ranking on the 1998 loans"
    """


command.add_command(train_command)
command.add_command(evaluate_command)
command.add_command(gate_command)
command.add_command(finding_command)
command.add_command(shadow_command)
command.add_command(promote_command)
command.add_command(rollback_command)
command.add_command(history_command)
command.add_command(card_command)
command.add_command(drift_command)
command.add_command(worth_command)
