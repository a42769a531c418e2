"""How a command ends that did not work: a sentence on standard error, and an exit code."""

import click


class Failure(click.ClickException):
    """It did not work: a sentence on standard error, exit code 1."""


class Misuse(click.ClickException):
    """It was asked for wrongly: exit code 2."""

    exit_code = 2


class Stopped(click.ClickException):
    """Somebody pressed Ctrl-C."""

    exit_code = 130
