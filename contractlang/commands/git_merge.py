"""`contractlang git-merge`: what git calls to merge two versions of a contract."""

import os

import click

from contractlang.commands.output import read_bytes, write_bytes


@click.command("git-merge")
@click.argument("base", metavar="BASE")
@click.argument("ours", metavar="OURS")
@click.argument("theirs", metavar="THEIRS")
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--marker-size", metavar="N", type=click.IntRange(1, 1000), help="The length of <<<<<<<, or 7.")
@click.option(
    "-L",
    "--label",
    "labels",
    metavar="WORDS",
    multiple=True,
    help="What OURS is called beside <<<<<<<; then BASE, then THEIRS.",
)
def command(
    base: str, ours: str, theirs: str, name: str | None, marker_size: int | None, labels: tuple[str, ...]
) -> int:
    """Merge two versions of a contract as git's merge driver.

    OURS becomes the merge of the changes from BASE to OURS and from BASE to THEIRS. Where the lines
    collide, the three are laid out first, so that layout alone is no conflict; a version that cannot be
    read is merged as any text. `contractlang git-setup` tells git to call it, with NAME for messages.

    Exit status: 0 merged; 1 conflicts are left, between <<<<<<< and >>>>>>>.

    \b
    Example:
      contractlang git-merge base.contract ours.contract theirs.contract
    """
    from contractlang.formatting.merging import MARKER, merge

    sides = read_bytes(base), read_bytes(ours), read_bytes(theirs)
    merged = merge(*sides, name or ours, marker_size or MARKER, _labels(labels))
    write_bytes(merged.content, ours)
    return 1 if merged.conflict else 0


def _labels(given: tuple[str, ...]) -> tuple[str, str, str]:
    """What our version, the base and theirs are called, as far as git tells it."""
    from contractlang.syntax.git import SIDES

    ours, base, theirs = SIDES
    # An older git gives a driver no names, but `git merge` leaves that of the branch which it merges.
    merging = [value for key, value in os.environ.items() if key.startswith("GITHEAD_")]
    if len(merging) == 1:
        ours, theirs = "HEAD", merging[0]
    # A placeholder that git does not know comes as it is written in the setting.
    told = [one if one.strip() and one not in ("%X", "%S", "%Y") else "" for one in (*given, "", "", "")]
    return told[0] or ours, told[1] or base, told[2] or theirs
