"""A command imports what it uses and no more."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"babel", "duckdb", "holidays", "hypothesis", "jinja2", "numpy", "yaml"}


@pytest.mark.parametrize("command", ["check", "version", "--help"])
def test_no_heavy_library_is_imported(command: str, tmp_path: Path) -> None:
    contract = tmp_path / "a.contract"
    contract.write_text('contract "A" {\n}\n', encoding="utf-8")
    arguments = [command, str(contract)] if command == "check" else [command]
    program = (
        "import sys\n"
        "from contractlang.commands.main import main\n"
        f"main({arguments!r})\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert not HEAVY & set(run.stderr.splitlines()[-1].split())
