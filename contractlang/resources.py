"""Where the files that are not Python lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def grammar_folder() -> Path:
    """The folder that holds `contract.lark`."""
    return _folder("grammar")


def templates_folder() -> Path:
    """The folder that holds the templates of documents, `*.j2`."""
    return _folder("templates")


def schemas_folder() -> Path:
    """The folder that holds the published JSON schemas, `*.schema.json`."""
    return _PACKAGE / "schemas"


def _folder(name: str) -> Path:
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def is_checkout() -> bool:
    """Whether the package runs from a checkout, where the grammar may be newer than what was built."""
    return not (_PACKAGE / "grammar").is_dir()
