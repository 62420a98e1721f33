"""Build hook: writes the parser's tables when the package is built, so that no command builds them.

The tables are generated from `grammar/` by `contractlang/syntax/building.py`. That file is loaded
by its path, because the package is not installed yet while it is being built.
"""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("grammar", "templates")
"""Beside the package in a checkout, inside it in a wheel: `contractlang/resources.py` finds either."""


class TablesHook(BuildHookInterface):
    """Writes `contractlang/syntax/_tables.py` before a wheel or an editable install is put together."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the tables and, in a wheel that is not editable, take the folders in."""
        root = Path(self.root)
        if self.target_name != "wheel":
            return
        write_tables(root)
        if version != "editable":
            for name in FOLDERS:
                build_data["force_include"][str(root / name)] = f"contractlang/{name}"


def write_tables(root: Path) -> None:
    """Write the tables of the checkout at `root`."""
    building = root / "contractlang" / "syntax" / "building.py"
    if not building.is_file():
        return
    spec = importlib.util.spec_from_file_location("building", building)
    assert spec is not None, "a Python file can be loaded"
    assert spec.loader is not None, "a Python file has a loader"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.write_tables(root / "grammar", building.with_name("_tables.py"))
