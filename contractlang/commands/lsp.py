"""`contractlang lsp`: the language server."""

import click


@click.command()
@click.option("--stdio", is_flag=True, expose_value=False, help="What it does anyway: some editors give it.")
def command() -> int:
    """Speak the Language Server Protocol over standard input and output.

    Editors start it; docs/editors.md says how to set them up. It needs the extra: pip install
    'contractlang[lsp]'.

    \b
    Example:
      contractlang lsp
    """
    from importlib import metadata

    try:
        from contractlang.language_server.server import serve
    except ModuleNotFoundError as fault:
        missing = fault.name or "a library"
        cure = "install it with: pip install 'contractlang[lsp]'"
        raise click.ClickException(f"The language server needs {missing}; {cure}") from None
    try:
        version = metadata.version("contractlang")
    except metadata.PackageNotFoundError:
        # A checkout that is run where it lies has no version.
        version = "checkout"
    serve(version)
    return 0
