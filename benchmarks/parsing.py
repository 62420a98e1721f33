"""How fast contracts are parsed, beside Lark's own parser of the same grammar, in one run.

    python benchmarks/parsing.py [lines]

Prints a small table; ratios of one run mean more than times of a machine. The sample is the contract
of the language design, repeated.
"""

# ruff: noqa: S603, T201 - a benchmark prints, and starts our own interpreter.
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lark import Lark  # noqa: E402

from contractlang.resources import grammar_folder  # noqa: E402
from contractlang.syntax.building import grammar_text  # noqa: E402
from contractlang.syntax.parsing import parse  # noqa: E402
from contractlang.syntax.printing import print_document  # noqa: E402
from contractlang.text import Source  # noqa: E402

SAMPLE = ROOT / "tests" / "data" / "syntax" / "acme.contract"
COLD = """
import time
start = time.perf_counter()
from contractlang.syntax.parsing import parse
from contractlang.text import Source
imported = time.perf_counter()
parse(Source("cold", open({sample!r}, encoding="utf-8").read()))
print(imported - start, time.perf_counter() - imported)
"""


def best(action: Callable[[], object], rounds: int) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def cold(rounds: int) -> tuple[float, float]:
    """The shortest import, and parse of the sample after it, in a fresh interpreter with compiled files."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        runs = []
        for _ in range(rounds + 1):
            program = COLD.format(sample=str(SAMPLE))
            run = subprocess.run(
                [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
            )
            imported, parsed = (float(part) for part in run.stdout.split())
            runs.append((imported, parsed))
    return min(run[0] for run in runs[1:]), min(run[1] for run in runs[1:])


def main() -> None:
    sample = SAMPLE.read_text(encoding="utf-8")
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    text = sample * (lines // sample.count("\n") + 1)
    broken = text.replace("charge selling", "chrage selling", 90).replace("0.38 EUR", "0,38 EUR", 9)
    lark = Lark(
        grammar_text(grammar_folder()), parser="lalr", lexer="contextual", propagate_positions=True,
        maybe_placeholders=False,
    )  # fmt: skip
    source = Source("sample", text)
    declarations = parse(source).declarations
    reference = best(lambda: lark.parse(text), 3)
    rows = [
        ("Lark's own tree, with positions", reference),
        ("ours: typed tree and all errors", best(lambda: parse(source), 5)),
        ("ours, with 99 mistakes", best(lambda: parse(Source("broken", broken)), 3)),
        ("printing the tree", best(lambda: print_document(declarations), 3)),
    ]
    print(f"{text.count(chr(10)):,} lines, {len(text):,} characters".replace(",", " "))
    for name, seconds in rows:
        print(f"  {name:34}{seconds * 1000:9.1f} ms   {reference / seconds:5.1f} x")
    imported, parsed = cold(5)
    print(f"a fresh interpreter, {sample.count(chr(10))} lines")
    print(f"  {'importing the parser':34}{imported * 1000:9.1f} ms")
    print(f"  {'the first parse':34}{parsed * 1000:9.1f} ms")


if __name__ == "__main__":
    main()
