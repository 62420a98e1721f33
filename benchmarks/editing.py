"""What one edit costs in an editor, beside a full check of the same contract, in one run.

    python benchmarks/editing.py [lines]

The contract is that of the language design with its declarations repeated under other names: a hundred parts
that hang together by themselves, and a chain of two hundred phases. Edits stand at its start, in its middle,
and near its end; each is checked again as the language server does it, and must find what a full check finds.
"""

# ruff: noqa: T201 - a benchmark prints.
import re
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from contractlang.api import load_text  # noqa: E402
from contractlang.language_server.analysis import analyse  # noqa: E402
from contractlang.language_server.completion import completions  # noqa: E402
from contractlang.language_server.hover import hover  # noqa: E402
from contractlang.language_server.rechecking import Rechecking  # noqa: E402
from contractlang.language_server.symbols import symbols  # noqa: E402

SAMPLE = ROOT / "contracts" / "acme" / "acme.contract"
_DECLARED = re.compile(
    r"^\s*(?:unit|usage|window|measure|rate|phase|charge|bonus-malus|limit|subscription|fee|penalty) (\w+)",
    re.MULTILINE,
)


# Figures that have the name of their unit would be told apart by the parser only.
_OWN_NAMES = (
    ("measure sales in", "measure sold in"), ("= sales at", "= sold at"), ("sales = 10", "sold = 10"),
    ("measure customers in", "measure heads in"), ("= customers at", "= heads at"),
    ("measure hours ", "measure worked "), ("= hours at", "= worked at"),
)  # fmt: skip


def repeated(lines: int) -> str:
    """A contract of at least so many lines; each repetition has names of its own."""
    head, rest = SAMPLE.read_text(encoding="utf-8").split("\nunit call", 1)
    units = "\nunit call\nunit sale\nunit customer\n"
    rest = re.sub(r"^unit .*\n", "", "unit call" + rest, flags=re.MULTILINE)
    for old, new in _OWN_NAMES:
        rest = rest.replace(old, new)
    names = "|".join(sorted(set(_DECLARED.findall(rest)), key=len, reverse=True))
    texts = [head + units]
    while sum(text.count("\n") for text in texts) < lines:
        at = len(texts)
        if at > 1:
            # Every phase is reached from the one before.
            texts[-1] = texts[-1].replace("  limit", f"  transition to discovery_{at} after 1 month\n  limit")
        texts.append(re.sub(rf"\b({names})\b", rf"\1_{at}", rest))
    return "\n".join(texts)


def seconds(action: Callable[[], object], rounds: int = 3) -> float:
    """The shortest of some runs."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best


def again(text: str, edit: tuple[str, str], known: Rechecking) -> tuple[float, bool]:
    """The shortest time to check again after an edit, and whether it was never a full check."""
    changed = text.replace(*edit, 1)
    assert changed != text, edit
    best, before = float("inf"), known.full_checks
    for number in range(10):
        now = (changed, text)[number % 2]
        start = time.perf_counter()
        found = analyse(now, rechecking=known).diagnostics
        best = min(best, time.perf_counter() - start)
        assert number or found == analyse(changed).diagnostics
    return best, known.full_checks == before


def main(arguments: list[str]) -> int:
    """Print a small table."""
    text = repeated(int(arguments[0]) if arguments else 10_000)
    full = seconds(lambda: load_text(text).check())
    known = Rechecking()
    assert analyse(text, rechecking=known).diagnostics == load_text(text).check()
    last = int(re.findall(r"charge handling_(\d+)", text)[-1])
    rows = [("full check", full)]
    for where, number in (("at the start", 1), ("in the middle", last // 2), ("near the end", last)):
        for what, old, new in (
            ("a price", f"sold_{number} at 12 EUR", f"sold_{number} at 13 EUR"),
            ("a mistake", f"= worked_{number} at", f"= late_days_{number} at"),
        ):
            found, partly = again(text, (old, new), known)
            rows.append((f"{what} {where}{'' if partly else ' (in full)'}", found))
    analysis = analyse(text)
    offset = text.index("graduated prices") - 8
    hover(analysis, offset, date(2026, 7, 1))
    rows += [
        ("the tree and its names anew", seconds(lambda: analyse(text).survey)),
        ("hover", seconds(lambda: hover(analysis, offset, date(2026, 7, 1)))),
        ("completion", seconds(lambda: completions(analysis, offset))),
        ("outline", seconds(lambda: symbols(analysis))),
    ]
    errors = sum(one.severity == "error" for one in analysis.diagnostics)
    print(f"{text.count(chr(10))} lines, {errors} errors\n")
    print(f"| {'what':34} | {'time':>11} | of a full check |")
    print(f"|{'-' * 36}|{'-' * 12}:|{'-' * 16}:|")
    for what, taken in rows:
        print(f"| {what:34} | {taken * 1000:8.1f} ms | {taken / full:15.3f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
