"""`linewise`: the table of commands, each loaded only when it is run."""

import importlib
import sys
from collections.abc import Sequence

import click

from linewise.core.errors import LinewiseError

__all__ = ["COMMANDS", "main", "root"]

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module that holds a click command `command`, one line of help)
    "demo": ("cli.demo", "The whole path on a simulated bank, then the agent screen."),
    "init": ("cli.init", "Make a home with its settings explained."),
    "bank": ("cli.bank", "Contract tables: import a bank's extract, check what is loaded."),
    "features": ("cli.features", "Build features as of a date and fill the online store."),
    "model": ("cli.model", "Train, evaluate and promote models; show their history."),
    "decide": ("cli.decide", "One decision on the terminal, with why and why not."),
    "score": ("cli.score", "Suggestions for the whole base, to Parquet or CSV."),
    "duties": ("cli.duties", "What a rule obliges somebody to, and by when."),
    "release": ("cli.release", "What decides, who signed it, what it did, and how it is stopped."),
    "portfolio": (
        "cli.portfolio",
        "The base as a whole: its budgets, what scarce things cost, what became of decisions.",
    ),
    "campaign": ("cli.campaign", "The whole base under a budget: who is contacted with what, and what it lifted."),
    "reconcile": ("cli.portfolio_reconcile", "What the core system did, tied to decision, quote and consent."),
    "backtest": ("cli.backtest", "A release on past dates, beside what the bank did."),
    "replay": ("cli.replay", "Recorded decisions again, by the release that made them."),
    "audit": ("cli.audit", "The decision record: verify, export, erase, hold, purge; who looked at whom."),
    "user": ("cli.user", "Who signs in, in which roles."),
    "apikey": ("cli.apikey", "Keys for machines, with what each opens."),
    "policy": ("cli.policy", "Rules, catalogue and texts: check a folder, compare two on this bank."),
    "serve": ("cli.serve", "Run the service with the agent screen."),
    "doctor": ("cli.doctor", "What is missing or stale, and what to run."),
}


class _LazyGroup(click.Group):
    """Knows each command's name and help without importing its module: `--help` stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)  # noqa: S101  a programming error, not a user's
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linewise")
def root() -> None:
    """Personalised offers, credit limits and repayment plans, decided while the phone is still ringing.

    \b
    Example:
      linewise demo
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; a LinewiseError ends it with its own exit code and its own words."""
    try:
        root.main(args=None if arguments is None else list(arguments), prog_name="linewise", standalone_mode=False)
    except LinewiseError as err:
        click.echo(f"linewise: {err}", err=True)
        sys.exit(err.exit_code)
    except click.ClickException as err:
        err.show()
        sys.exit(err.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("linewise: interrupted.", err=True)
        sys.exit(1)
