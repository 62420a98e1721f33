"""`contractlang version`: which release this is."""

import click


@click.command()
def command() -> None:
    """Print the version.

    \b
    Example:
      contractlang version
    """
    import contractlang

    click.echo(f"contractlang {contractlang.__version__}")
