"""`contractlang comment`: a text as the one comment on a pull request."""

import os
import sys
from typing import TYPE_CHECKING

import click

from contractlang.commands.output import read_bytes

if TYPE_CHECKING:
    from contractlang.posting.comments import Service


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--github", "service", flag_value="github", help="Write to GitHub, from a job of its Actions.")
@click.option("--gitlab", "service", flag_value="gitlab", help="Write to GitLab, from a job of its CI.")
@click.option("--name", metavar="N", default="diff", show_default=True, help="Which comment, of several.")
@click.option("--update-only", is_flag=True, help="Change a comment that is there; add none.")
def command(file: str, service: str | None, name: str, update_only: bool) -> None:
    """Write a text as the one comment on a pull request.

    FILE is Markdown, such as `diff --format markdown` writes, or - for standard input. The comment is
    written anew in its place each time, and cut where the service takes no more. In a job of GitHub or
    GitLab the environment says which pull request it is. GITHUB_TOKEN, or CONTRACTLANG_GITLAB_TOKEN, is
    read from the environment and never printed.

    \b
    Example:
      contractlang comment terms.md
    """
    chosen = service or _here()
    if not name.replace("-", "").replace("_", "").isalnum():
        raise click.BadParameter("use letters, digits, - and _.", param_hint="'--name'")
    text = (sys.stdin.buffer.read() if file == "-" else read_bytes(file)).decode("utf-8", "replace")
    from contractlang.posting import post

    outcome = post(_service(chosen), text, name, add=not update_only)
    click.echo(f"comment {outcome.done}" + (f": {outcome.address}" if outcome.address else ""))


def _here() -> str:
    for name, variable in (("github", "GITHUB_ACTIONS"), ("gitlab", "GITLAB_CI")):
        if os.environ.get(variable) == "true":
            return name
    raise click.UsageError("This is no job of GitHub or GitLab; give --github or --gitlab.")


def _service(name: str) -> "Service":
    if name == "github":
        from contractlang.posting.github import GitHub

        return GitHub.of_job(os.environ)
    from contractlang.posting.gitlab import GitLab

    return GitLab.of_job(os.environ)
