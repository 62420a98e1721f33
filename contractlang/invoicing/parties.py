"""Who the parties are: parties.yaml in, `Party` out.

The file is looked for beside the contract, then in the folders above it up to the project's. Without
it, or without a party in it, a party is known by its key alone: the text of an invoice needs no more.
Identifiers are checked, because a wrong IBAN or SIREN is found by nobody else before it costs money.

Codes: CL976 a party that the file does not know, CL977 a file or an entry of another shape, CL978 an
identifier that cannot be right, CL979 an entry that may be misspelt.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from contractlang.diagnostics import ContractError, Diagnostic, error, nearest, warning
from contractlang.frozen import dataclass
from contractlang.invoicing.document import Party
from contractlang.measuring.document import Entries, Item, Items, Scalar, describe
from contractlang.measuring.mapping import read_mapping
from contractlang.syntax.files import ProjectFolder
from contractlang.text import Span

FILE = "parties.yaml"
LANGUAGES = ("en", "fr")
"""The languages that documents are written in."""

_FIELDS = ("name", "address", "country", "siren", "vat_number", "iban", "bic", "email", "language")
_ALIASES = {"vat": "vat_number", "vat_id": "vat_number", "tva": "vat_number"}


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties of a file by their keys, and what is doubtful in it."""

    file: str
    parties: tuple[Party, ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    def party(self, key: str) -> Party | None:
        """The party of a key, None where the file does not know it."""
        return next((one for one in self.parties if one.key == key), None)


def find(folder: Path) -> Path | None:
    """The parties.yaml that serves a contract in `folder`: the nearest one up to the project's folder."""
    project, main = ProjectFolder.around(folder / FILE)
    for candidate in Path(main).parents:
        if (candidate / FILE).is_file():
            return candidate / FILE
        if candidate == project.root:
            break
    return None


def parties_of(
    folder: Path | None, asked: Sequence[tuple[str, Span | None]], file: Path | None = None
) -> tuple[tuple[Party, ...], tuple[Diagnostic, ...]]:
    """The parties of the keys that a contract names, each key with its place in the contract.

    `folder` is the contract's, None where it came from no file; `file` is a parties.yaml to read in
    place of the one that is found. The diagnostics are warnings about the parties asked for. Raises
    ContractError where a file cannot be read (CL100 to CL105, CL800 to CL803, CL977).
    """
    path = file if file is not None else find(folder) if folder is not None else None
    if path is None:
        return tuple(Party(key, key) for key, _ in asked), ()
    known = read(path)
    found: list[Party] = []
    said: list[Diagnostic] = [one for one in known.diagnostics if _about(one, {key for key, _ in asked})]
    for key, span in asked:
        party = known.party(key)
        if party is None:
            near = nearest(key, (one.key for one in known.parties))
            cure = f'the nearest is "{near}"' if near else f'add "{key}:" to it, with the name and address'
            said.append(warning("CL976", f'"{known.file}" does not know the party "{key}"', span, cure))
            party = Party(key, key)
        found.append(party)
    return tuple(found), tuple(said)


def read_parties(file: Path | None, folder: Path | None, provider: str, client: str) -> tuple[Party, Party]:
    """The provider and the client alone; `parties_of` also says what is doubtful about them."""
    (one, other), _ = parties_of(folder, ((provider, None), (client, None)), file)
    return one, other


def read(path: Path, name: str | None = None) -> Parties:
    """All parties of a file; raises ContractError as `parties_of` does."""
    shown = name or path.name
    entries = read_mapping(path, shown)
    reader = _Reader()
    parties = tuple(reader.party(key, item) for key, item in (entries.entries if entries else ()))
    if reader.wrong:
        raise ContractError(reader.wrong)
    return Parties(shown, parties, tuple(reader.doubtful))


def _about(diagnostic: Diagnostic, keys: set[str]) -> bool:
    return any(diagnostic.message.startswith(f"{key}: ") for key in keys)


class _Reader:
    """Reads parties one by one; gathers what is wrong and what is doubtful."""

    def __init__(self) -> None:
        self.wrong: list[Diagnostic] = []
        self.doubtful: list[Diagnostic] = []

    def party(self, key: Scalar, item: Item) -> Party:
        if not isinstance(item, Entries):
            if isinstance(item, Scalar):
                # `acme: Acme SA` says the name and nothing else.
                return Party(key.text, item.text or key.text)
            self._refuse(key.text, item, "a mapping with a name")
            return Party(key.text, key.text)
        texts: dict[str, str] = {}
        places: dict[str, Span] = {}
        address: tuple[str, ...] = ()
        other: list[tuple[str, str]] = []
        for entry, value in item.entries:
            field = _field(entry.text)
            if field == "address":
                address = self._address(key.text, value)
            elif not isinstance(value, Scalar):
                self._refuse(f"{key.text}: {entry.text}", value, "a text")
            elif field in _FIELDS:
                texts[field], places[field] = value.text.strip(), value.span
            else:
                self._misspelt(key.text, entry)
                other.append((entry.text.replace("_", " "), value.text.strip()))
        for field, wrong in _faults(texts):
            self.doubtful.append(warning("CL978", f"{key.text}: {wrong}", places[field], "correct it"))
        return Party(
            key=key.text,
            name=texts.get("name") or key.text,
            address=address,
            country=texts.get("country") or None,
            siren=_compact(texts.get("siren")),
            vat_number=_compact(texts.get("vat_number")),
            iban=_in_fours(texts.get("iban")),
            bic=_compact(texts.get("bic")),
            email=texts.get("email") or None,
            language=(texts.get("language") or "").lower() or None,
            other=tuple(other),
        )

    def _address(self, key: str, value: Item) -> tuple[str, ...]:
        if isinstance(value, Scalar):
            return tuple(row.strip() for row in value.text.splitlines() if row.strip())
        if isinstance(value, Items) and all(isinstance(one, Scalar) for one in value.items):
            return tuple(one.text for one in value.items if isinstance(one, Scalar))
        self._refuse(f"{key}: address", value, "a text or a list of texts")
        return ()

    def _refuse(self, what: str, item: Item, wanted: str) -> None:
        self.wrong.append(error("CL977", f"{what} should be {wanted}, and it is {describe(item)}", item.span))

    def _misspelt(self, key: str, entry: Scalar) -> None:
        near = nearest(_field(entry.text), _FIELDS)
        if near is not None:
            message = f'{key}: "{entry.text}" is printed as it is; the nearest known entry is "{near}"'
            self.doubtful.append(warning("CL979", message, entry.span, f"write `{near}` if that is meant"))


def _field(text: str) -> str:
    name = re.sub(r"[\s-]+", "_", text.strip().lower())
    return _ALIASES.get(name, name)


def _compact(text: str | None) -> str | None:
    return re.sub(r"[\s.]", "", text) or None if text else None


def _in_fours(text: str | None) -> str | None:
    """An account number as it is printed, four characters at a time."""
    compact = _compact(text)
    return " ".join(compact[at : at + 4] for at in range(0, len(compact), 4)) if compact else None


# ---- identifiers that cannot be right


def _faults(texts: dict[str, str]) -> Iterable[tuple[str, str]]:
    siren, vat, iban = (_compact(texts.get(field)) for field in ("siren", "vat_number", "iban"))
    if siren and not _is_siren(siren):
        yield "siren", f'"{texts["siren"]}" is not a SIREN: its nine digits do not check'
    if vat and re.fullmatch(r"FR\d{11}", vat) and int(vat[2:4]) != (12 + 3 * int(vat[4:])) % 97:
        yield "vat_number", f'"{texts["vat_number"]}" is not a French VAT number: its digits do not check'
    elif vat and siren and re.fullmatch(r"FR\d{11}", vat) and vat[4:] != siren:
        yield "vat_number", f'the VAT number "{texts["vat_number"]}" is of another company than the SIREN'
    if iban and not _is_iban(iban):
        yield "iban", f'"{texts["iban"]}" is not an IBAN: its characters do not check'
    language = texts.get("language", "").lower()
    if language and language[:2] not in LANGUAGES:
        yield "language", f'documents are not written in "{texts["language"]}", so English serves'


def _is_siren(text: str) -> bool:
    """Nine digits whose sum, every second one doubled, is a multiple of ten (Luhn)."""
    if not re.fullmatch(r"\d{9}", text, re.ASCII):
        return False
    return sum(sum(divmod(int(digit) * (1 + at % 2), 10)) for at, digit in enumerate(text)) % 10 == 0


def _is_iban(text: str) -> bool:
    """The number of ISO 13616 is 1 modulo 97, letters counted from 10."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", text.upper(), re.ASCII):
        return False
    turned = text.upper()[4:] + text.upper()[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
