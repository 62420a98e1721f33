"""One comment on a pull request: written once, and written anew in its place ever after.

In: a text, and what a CI service says of itself in its environment. Out: the comment, by its address. The
comment is found again by the marker that it begins with, which a page does not show, among those of the
account that writes: what another account wrote is left alone, whatever it begins with.

Modules: `github` and `gitlab` know a service, `connection` talks to it, `comments` finds and cuts.
"""

from contractlang.posting.comments import Outcome, post

__all__ = ["Outcome", "post"]
