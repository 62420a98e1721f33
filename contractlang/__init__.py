"""Outsourcing contracts as a language: checked, rated, and explained to the cent.

The names below are the whole public interface; they are imported when they are first asked for,
because a command that only checks a contract pays for nothing else.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contractlang.api import compare_terms as compare_terms
    from contractlang.api import load as load
    from contractlang.api import load_usage as load_usage
    from contractlang.api import price_changes as price_changes
    from contractlang.api import profile_usage as profile_usage
    from contractlang.diagnostics import ContractError as ContractError
    from contractlang.diagnostics import Diagnostic as Diagnostic

_HOMES = {
    "ContractError": "contractlang.diagnostics",
    "Diagnostic": "contractlang.diagnostics",
    "compare_terms": "contractlang.api",
    "load": "contractlang.api",
    "load_usage": "contractlang.api",
    "price_changes": "contractlang.api",
    "profile_usage": "contractlang.api",
}

__all__ = [
    "ContractError", "Diagnostic", "compare_terms", "load", "load_usage", "price_changes", "profile_usage",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("contractlang")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
