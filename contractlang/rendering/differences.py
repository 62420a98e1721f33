"""A comparison for people: text for a terminal, Markdown for a comment on a pull request.

In: the record of a comparison (`comparing.record`). Out: text. Everything is laid out and nothing is
computed here, so that the three formats can never say different things.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]

FORMATS = ("text", "markdown", "json")
MARKER = "<!-- contractlang diff -->"
"""By which a bot finds its own comment, to write it anew instead of adding another."""
LONGEST = 65_536
"""The characters that a comment may have."""

NOT_PRICED = "these changes could not be priced"

_CLASSES = {
    "price": "what is paid for the same figures",
    "risk": "for which figures it is paid",
    "timing": "when it counts",
    "wording": "what is printed",
}
_GAP = "  "


def render(record: Record, format: str) -> str:
    """The comparison in one of `FORMATS`."""
    assert format in FORMATS, f"{format!r} is not a format of comparisons"
    if format == "json":
        return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    return markdown(record) if format == "markdown" else text(record)


# ---- words of both formats


def amount(value: str, sign: bool = False) -> str:
    """An amount with its thousands apart: `39,822.00`, `−1,234.50`; with `sign`, a plus too."""
    number = Decimal(value)
    text = f"{abs(number):,f}"
    if number < 0:
        return f"−{text}"
    return f"+{text}" if sign and number else text


def headline(money: Record, strong: str = "") -> str:
    """What the change does to the bill, in a sentence: without VAT, and with it where that moves more."""
    currency = money["currency"]
    on = f"On the usage of {money['period']} this change bills"
    without = _moved(money, "net")
    percent = f" ({money['percent']})" if money["percent"] and Decimal(money["delta"]["net"]) else ""
    if not vat_moves_more(money["delta"]):
        return f"{on} {strong}{without}{percent}{strong}: {_from_to(money, 'net')} {currency}, without VAT"
    if Decimal(money["delta"]["net"]):
        without = f"{without}{percent} without VAT: {_from_to(money, 'net')} {currency}"
    else:
        without = f"the same without VAT, {amount(money['new']['net'])} {currency}"
    with_vat = f"{strong}{_moved(money, 'gross')} with VAT{strong}: {_from_to(money, 'gross')} {currency}"
    return f"{on} {without}, and {with_vat}"


def vat_moves_more(delta: Record) -> bool:
    """Whether the VAT moves by more than the amounts do that it is on."""
    return abs(Decimal(delta["vat"])) > abs(Decimal(delta["net"]))


def _moved(money: Record, which: str) -> str:
    delta = Decimal(money["delta"][which])
    if not delta:
        return "the same"
    return f"{amount(str(abs(delta)))} {money['currency']} {'less' if delta < 0 else 'more'}"


def _from_to(money: Record, which: str) -> str:
    old, new = (amount(money[side][which]) for side in ("old", "new"))
    return f"{old} → {new}" if Decimal(money["delta"][which]) else new


def summary(contract: Record) -> str:
    """How many changes of which class."""
    changes = contract["changes"]
    if contract["status"] == "added":
        return "a new contract"
    if contract["status"] == "removed":
        return "the contract is gone"
    if not changes:
        return "nothing changed in meaning"
    counts: dict[str, int] = {}
    for one in changes:
        counts[one["class"]] = counts.get(one["class"], 0) + 1
    parts = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{len(changes)} {'change' if len(changes) == 1 else 'changes'} of terms: {parts}"


def sent(money: Record) -> str:
    """What the comparison means for an invoice that was sent already."""
    rated = [month for month in money["months"] if not month["wrong"]]
    if all(not Decimal(month["delta"]["gross"]) for month in rated):
        return "An invoice of these months that was sent already stands as it is."
    return "An invoice of these months that was sent already would change by as much."


def _nets(one: Record) -> tuple[str, str, str]:
    """The old amount, the new one and the change, without VAT."""
    return amount(one["old"]["net"]), amount(one["new"]["net"]), amount(one["delta"]["net"], True)


def _gross(one: Record) -> tuple[str, str, str]:
    """The same with VAT."""
    return amount(one["old"]["gross"]), amount(one["new"]["gross"]), amount(one["delta"]["gross"], True)


def _named(contract: Record, numbers: list[int]) -> str:
    return "; ".join(contract["changes"][number]["sentence"] for number in numbers)


def _needs(contract: Record, priced: Record) -> str:
    return f" (with: {_named(contract, priced['needs'])})" if priced["needs"] else ""


def _costs(money: Record) -> list[tuple[str, ...]]:
    """What each change that moves something costs, then what they do together: without VAT, and the VAT too
    where that moves more somewhere, so that the rows add up."""
    rows = [*(one for one in money["changes"] if _moves(one)), money["interaction"], money["delta"]]
    # A cent by which VAT was rounded otherwise makes no column.
    tells_vat = any(vat_moves_more(one) for one in rows if one is not money["interaction"])
    return [tuple(amount(one[which], True) for which in ("net", "vat")[: 1 + tells_vat]) for one in rows]


def _fault(one: Record) -> str:
    place = f" ({one['file']})" if one["file"] else ""
    return f"{one['code']}: {one['message']}{place}"


def _moves(priced: Record) -> bool:
    return priced["reason"] is None


# ---- text


def text(record: Record) -> str:
    """The comparison for a terminal."""
    contracts = record["contracts"]
    if len(contracts) == 1:
        return _text_of(contracts[0])
    blocks = [_text_of(one) for one in contracts if one["status"] != "same"]
    same = len(contracts) - len(blocks)
    if same or not contracts:
        blocks.append(f"{same} {'contract' if same == 1 else 'contracts'} did not change in meaning\n")
    return "\n".join(blocks)


def _text_of(contract: Record) -> str:
    rows = [f"{contract['contract']}: {contract['old'] or 'nothing'} → {contract['new'] or 'nothing'}"]
    rows.append(summary(contract))
    if contract["changes"]:
        rows += ["", *changes_text(contract["changes"])]
    if contract["money"] is not None:
        rows += ["", *money_text(contract)]
    if contract["wrong"]:
        rows += ["", f"{NOT_PRICED}:", *(f"{_GAP}{_fault(one)}" for one in contract["wrong"])]
    return "\n".join(rows) + "\n"


def changes_text(changes: list[Record], indent: str = "") -> list[str]:
    """Each change with its class, and where it stands now."""
    rows = []
    for one in changes:
        place = one["new_terms"] or one["old_terms"]
        where = f"  [{place['file']}:{place['line']}]" if place else ""
        rows.append(f"{indent}{one['class']:<8}{one['sentence']}{where}")
        rows += [f"{indent}{'':<10}{detail}" for detail in one["detail"]]
    return rows


def money_text(contract: Record) -> list[str]:
    """What the changes cost, as rows of text."""
    money = contract["money"]
    rows = [headline(money)]
    if len(money["months"]) > 1:
        months = [(one["period"], *_nets(one)) for one in money["months"] if not one["wrong"]]
        rows += ["", *_table(("month", "old", "new", "change"), months)]
    if money["lines"]:
        lines = [
            (one["label"] or one["name"], amount(one["old"]), amount(one["new"]), amount(one["delta"], True))
            for one in money["lines"]
        ]
        rows += [
            "",
            *_table(
                ("line", "old", "new", "change"),
                [*lines, ("total", *_nets(money)), ("with VAT", *_gross(money))],
            ),
        ]
    rows += _moving_text(contract)
    rows += _quiet_text(contract)
    for one in money["months"]:
        if one["wrong"]:
            rows += ["", f"{one['period']} cannot be rated with the {one['at_fault']} terms:"]
            rows += [f"{_GAP}{fault['code']}: {fault['message']}" for fault in one["wrong"]]
    return [*rows, "", sent(money)]


def _moving_text(contract: Record) -> list[str]:
    money = contract["money"]
    moving = [one for one in money["changes"] if _moves(one)]
    if not moving:
        return []
    words = [_named(contract, one["changes"]) + _needs(contract, one) for one in moving]
    *costs, _total = _costs(money)
    told = ("net", "vat")[: len(costs[-1])]
    if any(Decimal(money["interaction"][which]) for which in told):
        words.append("the changes together, beyond their sum")
    heads = [("without VAT", "VAT")] if len(costs[0]) > 1 else []
    widths = [max(len(row[at]) for row in [*heads, *costs]) for at in range(len(costs[0]))]
    rows = ["", "each change alone:"]
    for row, what in zip([*heads, *costs], [*([""] * len(heads)), *words], strict=False):
        cells = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        rows.append(_GAP + _GAP.join((*cells, what)).rstrip())
    return rows


def _quiet_text(contract: Record) -> list[str]:
    quiet = [one for one in contract["money"]["changes"] if not _moves(one)]
    if not quiet:
        return []
    rows = ["", "no effect on this usage:"]
    for one in quiet:
        rows.append(f"{_GAP}{_named(contract, one['changes'])}{_needs(contract, one)}")
        rows.append(f"{_GAP}{_GAP}{one['reason']['text']}")
    return rows


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[at]) for row in [heads, *rows]) for at in range(len(heads))]
    found = []
    for row in [heads, *rows]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(widths[at]) for at, cell in enumerate(row[1:], 1))]
        found.append(_GAP + _GAP.join(cells).rstrip())
    return found


# ---- Markdown


def markdown(record: Record) -> str:
    """A comment on a pull request; where it would be too long, the parts that can be left out are."""
    contracts = record["contracts"]
    for brevity in (0, 1, 2):
        parts = [MARKER]
        parts += [_markdown_of(one, brevity) for one in contracts if one["status"] != "same"]
        if len(parts) == 1:
            parts.append("No terms changed: layout, comments or scenarios only.")
        found = "\n\n".join(parts) + "\n"
        if len(found) <= LONGEST:
            return found
    note = "\n\n*This comment was cut; `contractlang diff` prints the whole.*\n"
    return found[: LONGEST - len(note)].rpartition("\n")[0] + note


def _markdown_of(contract: Record, brevity: int) -> str:
    money = contract["money"]
    title = f"### {_escaped(contract['contract'])} (`{contract['new'] or contract['old']}`)"
    blocks = [title]
    if money is not None:
        blocks.append(headline(money, "**") + ".")
        blocks += _lines_markdown(money)
        blocks += _wrong_markdown(money)
    if contract["wrong"]:
        rows = [f"- {_escaped(_fault(one))}" for one in contract["wrong"][:10]]
        blocks.append("\n".join([f"**{NOT_PRICED.capitalize()}:**", "", *rows]))
    blocks.append(f"**{summary(contract).capitalize()}**")
    if contract["changes"]:
        kept = contract["changes"][: 200 if brevity < 2 else 50]
        rows = []
        for one in kept:
            rows.append(f"- `{one['class']}` {_escaped(one['sentence'])}{_link(one, contract)}")
            rows += [f"  - {_escaped(detail)}" for detail in one["detail"] if brevity < 2]
        if len(kept) < len(contract["changes"]):
            rows.append(f"- … and {len(contract['changes']) - len(kept)} more changes")
        blocks.append("\n".join(rows))
        there = [name for name in _CLASSES if any(one["class"] == name for one in contract["changes"])]
        blocks.append(f"<sub>{' · '.join(f'`{name}`: {_CLASSES[name]}' for name in there)}</sub>")
    if money is not None:
        blocks += _quiet_markdown(contract, brevity)
        if brevity < 1:
            blocks += _details_markdown(contract)
        blocks.append(f"*{sent(money)}*{_usage(money)}")
    return "\n\n".join(blocks)


def _lines_markdown(money: Record) -> list[str]:
    if not money["lines"]:
        return []
    rows = [f"| Invoice line | Old | New | Change, {money['currency']} |", "| --- | ---: | ---: | ---: |"]
    for one in money["lines"]:
        cells = (
            _escaped(one["label"] or one["name"]),
            amount(one["old"]),
            amount(one["new"]),
            amount(one["delta"], True),
        )
        rows.append("| " + " | ".join(cells) + " |")
    rows.append("| **Total** | " + " | ".join(f"**{cell}**" for cell in _nets(money)) + " |")
    rows.append("| With VAT | " + " | ".join(_gross(money)) + " |")
    return ["\n".join(rows)]


def _wrong_markdown(money: Record) -> list[str]:
    rows = []
    for one in money["months"]:
        which = f"{one['period']} with the {one['at_fault']} terms"
        rows += [f"- {which}: {fault['code']}, {_escaped(fault['message'])}" for fault in one["wrong"]]
    return ["**Months that cannot be rated, and are not compared:**\n\n" + "\n".join(rows)] if rows else []


def _quiet_markdown(contract: Record, brevity: int) -> list[str]:
    quiet = [one for one in contract["money"]["changes"] if not _moves(one)]
    if not quiet:
        return []
    kept = quiet[: 100 if brevity < 2 else 20]
    rows = [
        f"- {_escaped(_named(contract, one['changes']))}: *{_escaped(one['reason']['text'])}*" for one in kept
    ]
    if len(kept) < len(quiet):
        rows.append(f"- … and {len(quiet) - len(kept)} more")
    return ["**No effect on this usage**, which does not make them harmless:\n\n" + "\n".join(rows)]


def _details_markdown(contract: Record) -> list[str]:
    money = contract["money"]
    moving = [one for one in money["changes"] if _moves(one)]
    if not moving:
        return []
    labels = {one["name"]: one["label"] or one["name"] for one in money["lines"]}
    *costs, together, total = _costs(money)
    vat = [" VAT |", " ---: |"] if len(total) > 1 else ["", ""]
    rows = [f"| Change, alone | {money['currency']} |{vat[0]} Lines |", f"| --- | ---: |{vat[1]} --- |"]
    for one, cells in zip(moving, costs, strict=True):
        lines = ", ".join(
            f"{labels.get(line['name'], line['name'])} {amount(line['delta'], True)}" for line in one["lines"]
        )
        what = _escaped(_named(contract, one["changes"]) + _needs(contract, one))
        rows.append(f"| {what} | {' | '.join(cells)} | {_escaped(lines)} |")
    rows.append(f"| *what they do together, beyond each alone* | {' | '.join(together)} | |")
    rows.append("| **Total** | " + " | ".join(f"**{cell}**" for cell in total) + " | |")
    months = ""
    if len(money["months"]) > 1:
        table = ["| Month | Old | New | Change |", "| --- | ---: | ---: | ---: |"]
        for one in money["months"]:
            if not one["wrong"]:
                cells = (one["period"], *_nets(one))
                table.append("| " + " | ".join(cells) + " |")
        months = "\n\n" + "\n".join(table)
    body = "\n".join(rows)
    return [f"<details><summary>What each change costs alone</summary>\n\n{body}{months}\n\n</details>"]


def _link(change: Record, contract: Record) -> str:
    """Where a change is now; what is gone has only a place where it was."""
    place = change["new_terms"]
    if place is None:
        return ""
    if place["file"] == contract["new"]:
        return f" (line {place['line']})"
    return f" (`{place['file']}:{place['line']}`)"


def _usage(money: Record) -> str:
    """Which usage it was, so that two comments can be told apart."""
    names = ", ".join(f"`{one['name']}` {(one['sha256'] or '')[:8]}" for one in money["inputs"][:5])
    return f"\n\n<sub>Usage: {names}</sub>" if names else ""


def _escaped(words: str) -> str:
    from contractlang.rendering.markdown import escaped

    return escaped(words)
