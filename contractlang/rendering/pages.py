"""Invoices laid out by templates: HTML pages to print, and Markdown.

In: `InvoiceView`s. Out: text. A template runs in a sandbox: it sees the views and the words of the
language, nothing of Python; its loops over `range` and its output are bounded, and it cannot multiply
texts. docs/templates.md says what is not bounded.

Codes: CL970 a template that cannot be read, CL971 one that is not there, CL972 a name that nothing has,
CL973 what a template may not do, CL974 any other fault of a template.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from contractlang.diagnostics import ContractError, Place, error, nearest
from contractlang.rendering import view as views_of
from contractlang.rendering.languages import Language
from contractlang.rendering.markdown import escaped
from contractlang.rendering.view import InvoiceView
from contractlang.resources import templates_folder
from contractlang.text import Source, Span

NAMES = {"html": "invoice.html.j2", "markdown": "invoice.md.j2"}
"""The template that a format starts from."""

LONGEST_RANGE = 100_000
LONGEST_OUTPUT = 50_000_000

# What a template needs to lay out; the rest of Jinja's filters compute, or make texts of any length.
_FILTERS = (
    "capitalize", "count", "d", "default", "e", "escape", "first", "join", "last", "length", "list",
    "lower", "map", "reject", "rejectattr", "replace", "reverse", "select", "selectattr", "string",
    "title", "trim", "upper",
)  # fmt: skip
_TEXT_METHODS = frozenset({"format", "format_map", "center", "expandtabs", "ljust", "rjust", "zfill"})


def document(
    views: Sequence[InvoiceView], languages: Sequence[Language], format: str, templates: Path | None
) -> str:
    """The invoices as one document of a format of `NAMES`, with a line end.

    `templates` is a folder whose templates take the place of ours; ours keep the names that begin with
    `contractlang/`. Raises ContractError (CL970 to CL974) where a template is at fault.
    """
    sheets = [
        {"invoice": view, "words": dict(language.words)}
        for view, language in zip(views, languages, strict=True)
    ]
    return laid_out(NAMES[format], format, templates, {"sheets": sheets})


def laid_out(name: str, format: str, templates: Path | None, facts: Mapping[str, object]) -> str:
    """The document that a template makes of facts, with a line end; html, markdown, or text as it is.

    Raises ContractError (CL970 to CL974) where a template is at fault.
    """
    environment = _Sandbox(_loader(templates), format)
    try:
        written = _bounded(environment.get_template(name).generate(facts))
    except TemplateSyntaxError as fault:
        where = _place(environment, fault.name or name, fault.lineno)
        message = f"this template cannot be read: {fault.message}"
        raise ContractError([error("CL970", message, where)]) from None
    except TemplateNotFound as fault:
        raise ContractError([_missing(environment, name, fault)]) from None
    except SecurityError as fault:
        raise _fault(environment, name, fault, "CL973", f"a template may not do this: {fault}") from None
    except UndefinedError as fault:
        raise _fault(environment, name, fault, "CL972", _undefined(fault)) from None
    except RecursionError as fault:
        raise _fault(environment, name, fault, "CL973", "this template calls itself without an end") from None
    except Exception as fault:
        # A template can provoke any exception (a sum of texts, a missing argument): it is its own fault.
        told = str(fault) or type(fault).__name__
        raise _fault(environment, name, fault, "CL974", f"this template fails: {told}") from None
    return written.rstrip() + "\n"


class _Compiled(BytecodeCache):
    """Templates that were read before, while their text stays the same: reading them takes longest."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket what was kept for it."""
        kept = self._codes.get(bucket.key)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what the bucket holds."""
        self._codes[bucket.key] = bucket.bytecode_to_string()


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without Python's insides, without what computes, and with bounds."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, loader: BaseLoader, format: str) -> None:
        super().__init__(
            loader=loader,
            autoescape=format == "html",
            finalize=_FINISHED[format],
            bytecode_cache=_COMPILED[format],
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.globals = {"range": _budgeted_range()}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Numbers may be multiplied; a text may not, since it could fill the memory."""
        if operator == "**" or not (isinstance(left, int) and isinstance(right, int)):
            raise SecurityError(f"it cannot compute with {operator}")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Refuses what makes texts of any length beside what Jinja's sandbox refuses."""
        if isinstance(obj, str) and attr in _TEXT_METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)


def _loader(templates: Path | None) -> BaseLoader:
    ours = FileSystemLoader(templates_folder())
    choices: list[BaseLoader] = [] if templates is None else [FileSystemLoader(templates)]
    return ChoiceLoader([*choices, ours, PrefixLoader({"contractlang": ours})])


def _budgeted_range() -> Callable[..., range]:
    """`range` whose calls in one document have a common budget, so that loops in loops end too."""
    left = LONGEST_RANGE

    def bounded(*arguments: int) -> range:
        nonlocal left
        found = range(*arguments)
        left -= len(found) if len(found) < LONGEST_RANGE else LONGEST_RANGE + 1
        if left < 0:
            raise SecurityError(f"its ranges have more than {LONGEST_RANGE} numbers")
        return found

    return bounded


def _bounded(pieces: Iterator[str]) -> str:
    written: list[str] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > LONGEST_OUTPUT:
            raise SecurityError(f"it writes more than {LONGEST_OUTPUT} characters")
        written.append(piece)
    return "".join(written)


def _in_html(value: Any) -> Any:
    if isinstance(value, str | int):
        return value
    return _only_texts(value)


def _in_markdown(value: Any) -> Any:
    """A text in which nothing is Markdown, in one line."""
    if isinstance(value, Markup):
        return str(value)
    if isinstance(value, str):
        return escaped(value)
    return value if isinstance(value, int) else _only_texts(value)


def _in_text(value: Any) -> Any:
    """A text as it is: who gives it has it as the file needs it."""
    return value if isinstance(value, str | int) else _only_texts(value)


def _only_texts(value: Any) -> Any:
    if isinstance(value, StrictUndefined):
        return value
    raise SecurityError(f"it can print texts and numbers, and this is a {type(value).__name__}")


# What a template becomes depends on what is escaped, so that each form keeps its own.
_COMPILED = {form: _Compiled() for form in ("html", "markdown", "text")}
_FINISHED = {"html": _in_html, "markdown": _in_markdown, "text": _in_text}


# ---- faults of templates, with their places


def _fault(environment: _Sandbox, name: str, fault: BaseException, code: str, message: str) -> ContractError:
    return ContractError([error(code, message, _where(environment, name, fault.__traceback__))])


def _where(environment: _Sandbox, name: str, trace: TracebackType | None) -> Span | Place:
    """The line of the template nearest to the fault: Jinja names it in the trace by its file."""
    files = _files(environment)
    found, line = name, 0
    while trace is not None:
        template = files.get(trace.tb_frame.f_code.co_filename)
        if template is not None:
            found, line = template, trace.tb_lineno
        trace = trace.tb_next
    return _place(environment, found, line)


def _files(environment: _Sandbox) -> Mapping[str, str]:
    """The names of the templates that were read, by their files."""
    cached = environment.cache.values() if environment.cache is not None else ()
    return {one.filename: one.name for one in cached if one.filename and one.name}


def _place(environment: _Sandbox, name: str, line: int) -> Span | Place:
    try:
        assert environment.loader is not None, "the sandbox has a loader"
        text, file, _ = environment.loader.get_source(environment, name)
    except (TemplateNotFound, OSError, UnicodeDecodeError):
        return Place(name)
    source = Source(file or name, text)
    if not 1 <= line <= source.line_count:
        return Place(source.name)
    start = source.line_start(line - 1)
    words = source.line_text(line - 1)
    indent = len(words) - len(words.lstrip())
    return Span(source, start + indent, start + max(indent + 1, len(words.rstrip())))


def _missing(environment: _Sandbox, name: str, fault: TemplateNotFound) -> Any:
    near = nearest(str(fault.message), environment.list_templates())
    where = _where(environment, name, fault.__traceback__)
    cure = f'the nearest is "{near}"' if near else "templates are looked for in --templates, then in ours"
    return error("CL971", f'there is no template "{fault.message}"', where, cure)


def _undefined(fault: UndefinedError) -> str:
    told = str(fault)
    missing = re.search(r"'([^']*)' is undefined|has no attribute '([^']*)'", told)
    if missing is None:
        return f"this template reads what is not there: {told}"
    name = missing.group(1) or missing.group(2)
    near = nearest(name, _known_names())
    return f'nothing here is called "{name}"' + (f'; the nearest is "{near}"' if near else "")


def _known_names() -> Iterator[str]:
    from contractlang.rendering import usage_page as usage_of
    from contractlang.rendering.prose import view as prose_of

    yield from ("sheets", "invoice", "words", "prose", "profile")
    for kind in (one for module in (views_of, prose_of, usage_of) for one in vars(module).values()):
        if isinstance(kind, type) and kind.__name__.endswith(("View", "Article", "Clause", "Block", "Item")):
            yield from (field.name for field in fields(kind))
