"""The reference parser: Lark's own LALR parser and contextual lexer over the same builder.

It stops at the first mistake. Ours must accept what it accepts, refuse what it refuses, and give the
same tree.
"""

import re
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import LarkError, UnexpectedToken

from contractlang.reading import forbidden_characters
from contractlang.resources import grammar_folder
from contractlang.syntax import tree
from contractlang.syntax.builder import Builder
from contractlang.syntax.building import CHOICES, MEANINGFUL, grammar_text
from contractlang.text import Source


@lru_cache(maxsize=1)
def lark_parser() -> Lark:
    return Lark(
        grammar_text(grammar_folder()),
        parser="lalr",
        lexer="contextual",
        maybe_placeholders=False,
        propagate_positions=True,
    )


def _as_name(fault: Any) -> bool:
    """Reads a keyword as a name where only a name can stand.

    LALR(1) tables merge what may follow a word, so the lexer of Lark takes `payment` for the keyword
    after any name; which of the two it is shows only after the reductions. Only in a row of names, which
    can go on or end, is it a name: elsewhere a value is missing.
    """
    if not isinstance(fault, UnexpectedToken) or not re.fullmatch(r"[^\W\d]\w*", str(fault.token)):
        return False
    following = fault.interactive_parser.lexer_thread.state.text
    rest = following.text if hasattr(following, "text") else following
    assigned = re.compile(r"(?:\s|#[^\n]*\n)*=").match(rest, fault.token.end_pos)
    accepted = fault.interactive_parser.accepts()
    if fault.token.type == "BETWEEN" and "WITHIN" in accepted:
        # The range of a column, where the merged tables took `between` for that of a figure.
        if re.compile(lark_parser().get_terminal("WITHIN").pattern.value).match(rest, fault.token.start_pos):
            fault.interactive_parser.feed_token(Token.new_borrow_pos("WITHIN", str(fault.token), fault.token))
            return True
    if "RBRACE" not in accepted or fault.token.type in ("NAME", "ASSIGNED"):
        return False
    for terminal in ("ASSIGNED", "NAME") if assigned else ("NAME",):
        if terminal in accepted:
            fault.interactive_parser.feed_token(Token.new_borrow_pos(terminal, str(fault.token), fault.token))
            return True
    return False


def strict_parse(text: str) -> tuple[tree.AnyDeclaration, ...] | None:
    """The tree of a text without a mistake, or None."""
    source = Source("strict", text)
    if forbidden_characters(source):
        return None
    try:
        parsed = lark_parser().parse(text, on_error=_as_name)
    except LarkError:
        return None
    builder = Builder(source)
    declarations = _built(parsed, builder)
    return None if builder.diagnostics else declarations


def _built(node: Tree[Token], builder: Builder) -> Any:
    children: list[Any] = []
    for child in node.children:
        if isinstance(child, Tree):
            children.append(_built(child, builder))
        elif child.type in MEANINGFUL or node.data in CHOICES:
            children.append((child.type, child.start_pos, child.end_pos))
    start = getattr(node.meta, "start_pos", 0)
    return getattr(builder, node.data)(children, start, getattr(node.meta, "end_pos", start))
