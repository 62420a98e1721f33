"""`contractlang git-merge`: what git calls to merge two versions of a contract."""

import click

from contractlang.commands.output import read_bytes, write_bytes


@click.command("git-merge")
@click.argument("base", metavar="BASE")
@click.argument("ours", metavar="OURS")
@click.argument("theirs", metavar="THEIRS")
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--marker-size", metavar="N", type=click.IntRange(1, 1000), help="The length of <<<<<<<, or 7.")
def command(base: str, ours: str, theirs: str, name: str | None, marker_size: int | None) -> int:
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
    merged = merge(*sides, name or ours, marker_size or MARKER)
    write_bytes(merged.content, ours)
    return 1 if merged.conflict else 0
