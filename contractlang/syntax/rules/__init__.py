"""Rules of the grammar to nodes of the tree, by section of the grammar: see `contractlang.syntax.builder`."""
