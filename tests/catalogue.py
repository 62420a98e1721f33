"""The catalogue of diagnostics, docs/diagnostics.md, made from tests/specs/diagnostics/.

`python tests/catalogue.py` (or `make docs`) writes the page; a test fails where it is stale. A code
without a spec is listed with what its module says of it, and the sentence that is printed. A page of a
fault of the usage holds that usage too, and runs `invoice` in place of `check`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "contractlang"
SPECS = ROOT / "tests" / "specs" / "diagnostics"
PAGE = ROOT / "docs" / "diagnostics.md"

CODE = re.compile(r"CL[1-9][0-9]{2}")

GROUPS = {
    "1": "Text and syntax",
    "2": "Names and includes",
    "3": "Kinds and units",
    "4": "Bands and tiers",
    "5": "Time, phases and amendments",
    "6": "Lines",
    "7": "Subtle warnings",
    "8": "Usage and data",
    "9": "Rating, invoices, templates and commands",
}

MADE_ELSEWHERE = {
    "CL112": "a number too large or too long",
    "CL952": "a line, or its quantity, that is no data",
}
"""What codes are about whose message is put together far from them."""

INTRODUCTION = """\
# The catalogue of diagnostics

What `contractlang` says when something is wrong or surprising: each code with its reason, a contract
or a usage that causes it, what is printed, and the same set right. An error forbids an invoice; a warning
shows something legal that is worth a look. A code keeps its meaning for good, so that CI jobs can
filter on it.

This page is made from [the specs](../tests/specs/diagnostics/) by `make docs`; do not edit it.
"""


def catalogue() -> str:
    """The whole page."""
    specs = {path.stem: path for path in SPECS.glob("CL*.md")}
    messages, meanings = _messages(), {**_meanings(), **MADE_ELSEWHERE}
    codes = sorted(set(specs) | codes_of_the_package())
    parts = [INTRODUCTION, _contents(codes)]
    for digit, title in GROUPS.items():
        parts.append(f"## {title}\n")
        mine = [code for code in codes if code[2] == digit]
        parts += [_section(specs[code]) for code in mine if code in specs]
        rest = [code for code in mine if code not in specs]
        if rest:
            parts.append(_table(rest, meanings, messages))
    return "\n".join(parts)


def codes_of_the_package() -> set[str]:
    """Every code that a source of the package makes a diagnostic with."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                found.add(node.value)
    return found


def _contents(codes: list[str]) -> str:
    rows = ["| codes | about |", "|---|---|"]
    for digit, title in GROUPS.items():
        mine = [code for code in codes if code[2] == digit]
        anchor = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        rows.append(f"| {mine[0]} to {mine[-1]} | [{title}](#{anchor}) |" if mine else f"| | {title} |")
    return "\n".join(rows) + "\n"


def _section(path: Path) -> str:
    """A spec as a section: its heading one level down, fences without the names of files."""
    lines, inside = list[str](), False
    for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
        if line.startswith("```"):
            inside = not inside
            lines.append(line.split(" ")[0])
        elif not inside and line.startswith("#"):
            lines.append(f"##{line}")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _table(codes: list[str], meanings: dict[str, str], messages: dict[str, str]) -> str:
    rows = ["| code | about | says |", "|---|---|---|"]
    rows += [f"| {code} | {meanings.get(code, '')} | {messages.get(code, '')} |" for code in codes]
    return "\n".join(rows) + "\n"


def _meanings() -> dict[str, str]:
    """What the first lines of a module say of its codes: `Codes: CL810 no mapping, CL811 no such days.`"""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        listed = re.search(r"\b[Cc]odes:(.*?)(\n\n|$)", told, re.DOTALL)
        text = " ".join(listed[1].split()) if listed else ""
        for code, meaning in re.findall(rf"({CODE.pattern}) ([a-z`].*?)(?=,? (?:and )?CL[0-9]|[.;]|$)", text):
            found[code] = re.sub(r" \(`\w+`\)", "", meaning)
    return found


def _messages() -> dict[str, str]:
    """For each code the first message that stands beside it in a call, its values as an ellipsis."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = sorted(_assigned_texts(tree))
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        for call in sorted(calls, key=lambda one: one.lineno):
            _note(call, texts, found)
    return found


def _note(call: ast.Call, texts: list[tuple[int, str, str]], found: dict[str, str]) -> None:
    for code, said in zip(call.args, call.args[1:], strict=False):
        if not (isinstance(code, ast.Constant) and isinstance(code.value, str)):
            continue
        if not CODE.fullmatch(code.value) or code.value in found:
            continue
        text = _text(said)
        if isinstance(said, ast.Name):
            # The nearest line above that gives the name a text.
            above = [one for line, name, one in texts if name == said.id and line <= call.lineno]
            text = above[-1] if above else ""
        if text:
            found[code.value] = text.replace("|", "\\|")


def _assigned_texts(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Each assignment of a text to a name: its line, the name, the text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            text = _text(node.value)
            if text:
                yield node.lineno, node.targets[0].id, text


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    if isinstance(node, ast.IfExp):
        return _text(node.body) or _text(node.orelse)
    return ""


if __name__ == "__main__":
    PAGE.write_text(catalogue(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(codes_of_the_package())} codes")
