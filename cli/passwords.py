"""A password for a command: asked for on the terminal without being shown, or one line of standard input."""

import sys

import click

__all__ = ["asked_password"]


def asked_password(name: str) -> str:
    """The password that was typed twice, or came by standard input; never a word of the command line."""
    if sys.stdin.isatty():
        return str(click.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
