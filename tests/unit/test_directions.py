"""Imports go one way between the rooms, and one room imports each outside library.

An arrow that is missing below is added on purpose, with the design's table in mind, or not at all.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "contractlang"

# From the ground up: a room may import the rooms on its right, which all stand above it here.
_GROUND = ("frozen", "text", "exact")
_MEASURES = (*_GROUND, "units", "calendar")
_WORDS = (*_MEASURES, "diagnostics", "trace")
_TREE = (*_WORDS, "reading", "syntax")
_KINDS = (*_TREE, "kinds")
_AMOUNTS = (*_KINDS, "checked", "public_holidays", "windows", "terms", "measuring", "lines", "rating")
ALLOWED: dict[str, tuple[str, ...]] = {
    "frozen": (),
    "text": ("frozen",),
    "exact": (),
    "resources": (),
    "units": _GROUND,
    "calendar": (*_GROUND, "units"),
    "diagnostics": ("frozen", "text"),
    "trace": _MEASURES,
    "reading": ("frozen", "text", "diagnostics"),
    "engines": ("frozen",),
    "syntax": (*_WORDS, "reading", "resources"),
    "kinds": _TREE,
    "checked": _KINDS,
    "public_holidays": _KINDS,
    "windows": (*_KINDS, "public_holidays"),
    "terms": _KINDS,
    "measuring": (*_KINDS, "terms", "windows", "engines"),
    "checking": (*_KINDS, "checked", "terms", "public_holidays"),
    "lines": (*_KINDS, "terms", "measuring"),
    "rating": (*_KINDS, "checked", "terms", "measuring", "lines"),
    "invoicing": _AMOUNTS,
    "profiling": _AMOUNTS,
    "compiled": _AMOUNTS,
    "formatting": (*_WORDS, "reading", "syntax"),
    "reporting": ("frozen", "text", "diagnostics"),
    "posting": ("diagnostics",),
    "rendering": (*_KINDS, "terms", "lines", "rating", "invoicing", "profiling", "resources"),
    "comparing": (*_AMOUNTS, "invoicing"),
    "verifying": (*_AMOUNTS, "invoicing"),
    "api": (*_AMOUNTS, "checking", "invoicing", "comparing", "verifying", "compiled", "profiling"),
    "billing_run": (
        "api",
        "calendar",
        "diagnostics",
        "engines",
        "exact",
        "invoicing",
        "measuring",
        "rendering",
        "reporting",
        "terms",
    ),
    "language_server": (*_AMOUNTS, "checking", "formatting", "rendering", "api"),
    "starting": (*_WORDS, "invoicing", "formatting", "rendering", "api"),
    "highlighting": ("resources", "syntax"),
    "commands": (
        "frozen",
        "api",
        "diagnostics",
        "text",
        "reading",
        "resources",
        "billing_run",
        "reporting",
        "posting",
        "rendering",
        "syntax",
        "formatting",
        "language_server",
        "starting",
    ),
}

# Everyone but these is a core that reads no clock and no environment.
OUTWARD_ROOMS = frozenset({"commands", "language_server"})
CLOCKS_AND_ENVIRONMENT = frozenset(
    {"environ", "getenv", "today", "now", "utcnow", "monotonic", "perf_counter"}
)

HOME_OF_LIBRARY = {
    "lark": "syntax",
    "psycopg": "engines",
    "pyspark": "engines",
    "py4j": "engines",
    "trino": "engines",
    "google": "engines",
    "snowflake": "engines",
    "sqlglot": "engines",
    "polars": "engines",
    "datafusion": "engines",
    "pyarrow": "engines",
    "chdb": "engines",
    "sqlite3": "engines",
    "duckdb": "engines",
    "yaml": "measuring",
    "jinja2": "rendering",
    "babel": "rendering",
    "holidays": "public_holidays",
    "click": "commands",
    "lsprotocol": "language_server",
    "pygls": "language_server",
    "pygments": "highlighting",
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def modules() -> list[Path]:
    # The package's own front door only forwards names, and the tables are data.
    skipped = {PACKAGE / "__init__.py", PACKAGE / "syntax" / "_tables.py"}
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path not in skipped]


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names that a module imports, at its top or inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole way, so that this test can read them"
            assert node.module is not None
            if node.module == "contractlang":
                yield from (f"contractlang.{alias.name}" for alias in node.names)
            else:
                yield node.module


def rooms_imported(tree: ast.AST) -> set[str]:
    names = (name.split(".") for name in imported(tree))
    # `import contractlang` alone is the public interface, which is the room `api`.
    return {(parts[1] if len(parts) > 1 else "api") for parts in names if parts[0] == "contractlang"}


def test_the_table_has_no_way_round() -> None:
    seen: set[str] = set()
    rest = dict(ALLOWED)
    while rest:
        ground = {room for room, below in rest.items() if seen.issuperset(below)}
        assert ground, f"these rooms import one another in a circle: {sorted(rest)}"
        seen |= ground
        for room in ground:
            del rest[room]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    room = room_of(path)
    assert room in ALLOWED, f"the room {room!r} is new: give it a place in ALLOWED"
    reached = rooms_imported(ast.parse(path.read_text(encoding="utf-8"))) - {room}
    assert reached <= set(ALLOWED[room]), f"{room} may not import {sorted(reached - set(ALLOWED[room]))}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_one_room_imports_each_library(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for name in imported(tree):
        home = HOME_OF_LIBRARY.get(name.split(".")[0])
        assert home in (None, room_of(path)), f"{name} is imported by {home} only"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_core_reads_no_clock_and_no_environment(path: Path) -> None:
    if room_of(path) in OUTWARD_ROOMS:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & CLOCKS_AND_ENVIRONMENT
    assert not read, f"{room_of(path)} reads {sorted(read)}; the command hands it over instead"
