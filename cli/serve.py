"""`linewise serve`: the BentoML service with the agent's screen."""

from typing import TYPE_CHECKING

import click

from cli.console import say
from cli.options import home_options

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["command"]


@click.command()
@click.option("--host", help="The address to listen on (default: the setting).")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on (default: the setting).")
@home_options
def command(settings: "Settings", host: str | None, port: int | None) -> None:
    """Run the service until it is interrupted.

    \b
    Example:
      linewise serve --port 3000
    """
    from cli.service_process import start_service
    from serving.access import Access
    from serving.access.safety import enforce_safe

    settings = settings.model_copy(update={"host": host or settings.host, "port": port or settings.port})
    enforce_safe(settings)
    access = Access(settings)
    if not access.has_anybody():
        say("Nobody may enter yet. Run: linewise user add NAME --role agent")
    access.close()
    say(f"The agent's screen: http://{settings.host}:{settings.port}/agent/")
    raise SystemExit(start_service(settings).wait())
