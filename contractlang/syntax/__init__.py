"""Contract text in, tree and errors out, and back to text.

`loading` reads a contract with all that it includes, `parsing` one text, `printing` writes the tree
as canonical text; `tree` says what there is. Nothing is imported here, so that a command loads no
more than it uses.
"""
