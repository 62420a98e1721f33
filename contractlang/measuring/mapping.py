"""A YAML file that is a mapping, such as parties.yaml: texts with their places.

In: a path. Out: `Entries` of `measuring.document`, in which every value is the text as written.
"""

from pathlib import Path

from contractlang.diagnostics import ContractError, Place, error
from contractlang.measuring.document import Entries, describe, read_yaml
from contractlang.reading import read_source


def read_mapping(path: Path, name: str | None = None) -> Entries | None:
    """The mapping in the file at `path`, shown as `name`; None for an empty file.

    Raises ContractError: CL100 to CL105 where it cannot be read, CL800 to CL803 where it is not YAML, has
    a key twice or an anchor, CL977 where it is no mapping.
    """
    shown = name or str(path)
    item = read_yaml(read_source(path, shown))
    if item is None or isinstance(item, Entries):
        return item
    message = f'"{shown}" should hold names with what is known of each, and it is {describe(item)}'
    raise ContractError([error("CL977", message, Place(shown), "write `acme:` and under it `name: Acme SA`")])
