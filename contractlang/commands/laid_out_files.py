"""What `fmt` does: contracts of files and folders, in the one canonical layout or compared with it.

Codes: CL991 a file in another layout, which only `--check` says.
"""

import sys
from pathlib import Path

from contractlang.commands.folders import contracts_of
from contractlang.commands.writing import complain, say, write_result
from contractlang.diagnostics import ContractError, Diagnostic, error
from contractlang.reading import decode_source, read_source
from contractlang.text import Source, Span


def lay_out(
    files: tuple[str, ...],
    check: bool = False,
    diff: bool = False,
    chosen: tuple[int, int] | None = None,
    format: str = "text",
) -> int:
    """Lay contracts out, or say which are not; `chosen` are the lines of one file that are laid out alone."""
    names = [one.file for one in contracts_of(files)]
    found: list[Diagnostic] = []
    changes = 0
    for name in names:
        try:
            source, text = _laid_out(name, chosen)
        except ContractError as fault:
            found += fault.diagnostics
            if format == "text":
                complain(fault.diagnostics)
            continue
        if text != source.text:
            changes += 1
            found.append(_otherwise(source, text))
        if format == "text":
            _give(name, source, text, check, diff)
    if format != "text":
        from contractlang.reporting import Report, render

        say(render(Report(tuple(names), tuple(found), command="fmt"), format))
    return 1 if len(found) > changes or (changes and (check or diff)) else 0


def _laid_out(file: str, lines: tuple[int, int] | None) -> tuple[Source, str]:
    """A file as it is, and the text that it should have."""
    from contractlang.formatting import format_lines, format_text

    if file == "-":
        source = decode_source(sys.stdin.buffer.read(), "standard input")
    else:
        source = read_source(Path(file), file)
    return source, format_text(source) if lines is None else format_lines(source, *lines)


def _give(file: str, source: Source, text: str, check: bool, diff: bool) -> None:
    """Print or write what was asked for."""
    changed = text != source.text
    if diff:
        if changed:
            say(_difference(source, text))
    elif check:
        if changed:
            say(source.name)
    elif file == "-":
        # A terminal may end lines in its own way; the text ends them as its source does.
        sys.stdout.buffer.write(text.encode())
    elif changed:
        write_result(text, Path(file))


def _otherwise(source: Source, text: str) -> Diagnostic:
    """That a file is laid out in another way, at the first line that is."""
    old, new = source.text.split("\n"), text.split("\n")
    line = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    if line is None:
        line = max(0, min(len(old), len(new)) - 1)
    start = sum(len(one) + 1 for one in old[:line])
    span = Span(source, start, start + len(old[line]))
    cure = f"contractlang fmt {source.name}"
    return error("CL991", "from here on this file is not in the one layout", span, cure)


def _difference(source: Source, text: str) -> str:
    import difflib  # Only who asks for the difference waits for it.

    old, new = (whole.replace("\r\n", "\n").splitlines(keepends=True) for whole in (source.text, text))
    rows = difflib.unified_diff(old, new, source.name, f"{source.name} (formatted)")
    return "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows)
