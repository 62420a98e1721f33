"""The history of a contract for people: its commits, and who brought a clause.

In: the records of `comparing.record`. Out: text, Markdown or JSON. Nothing is computed here.
"""

import json
from decimal import Decimal

from contractlang.rendering.differences import Record, amount, changes_text, vat_moves_more
from contractlang.rendering.markdown import escaped


def render_log(records: list[Record], format: str) -> str:
    """The commits of a contract in one of `text`, `markdown` and `json`."""
    if format == "json":
        return json.dumps({"commits": records}, ensure_ascii=False, indent=2) + "\n"
    if not records:
        return "no commit changed the terms\n"
    if format == "markdown":
        return "\n\n".join(_entry_markdown(one) for one in records) + "\n"
    return "\n".join("\n".join(_entry_text(one)) + "\n" for one in records)


def render_blame(records: list[Record], format: str) -> str:
    """The commits that brought a clause and what it reads."""
    if format == "json":
        return json.dumps({"clauses": records}, ensure_ascii=False, indent=2) + "\n"
    if format == "markdown":
        rows = ["| Clause | Commit | Date | Author | What it did |", "| --- | --- | --- | --- | --- |"]
        for one in records:
            cells = (f"{one['kind']} {one['name']}", one["commit"][:8], one["date"], one["author"], _did(one))
            rows.append("| " + " | ".join(escaped(cell) for cell in cells) + " |")
        return "\n".join(rows) + "\n"
    rows = []
    for one in records:
        place = one["terms"]
        rows.append(f"{one['kind']} {one['name']}  [{place['file']}:{place['line']}]")
        rows.append(f"  {one['commit'][:8]}  {one['date']}  {one['author']}  {one['subject']}")
        rows.append(f"  {_did(one)}")
    return "\n".join(rows) + "\n"


def _did(record: Record) -> str:
    change = record["change"]
    return change["sentence"] if change is not None else "there since the file's first commit"


def _entry_text(record: Record) -> list[str]:
    rows = [f"{record['commit'][:8]}  {record['date']}  {record['author']}", f"  {record['subject']}"]
    if record["first"]:
        rows.append("  the first version of the contract")
    rows += [f"  {row}" for row in changes_text(record["changes"])]
    if not record["changes"] and not record["first"] and not record["wrong"]:
        rows.append("  no change of terms")
    if record["money"] is not None:
        rows.append(f"  {_price(record['money'])}")
    rows += [f"  {one['code']}: {one['message']}" for one in record["wrong"]]
    return rows


def _entry_markdown(record: Record) -> str:
    head = f"**{record['date']}** `{record['commit'][:8]}` {escaped(record['author'])}: "
    head += escaped(record["subject"])
    rows = [f"- `{one['class']}` {escaped(one['sentence'])}" for one in record["changes"]]
    if record["first"]:
        rows.append("- the first version of the contract")
    rows += [f"- {one['code']}: {escaped(one['message'])}" for one in record["wrong"]]
    if record["money"] is not None:
        head += f" ({_price(record['money'])})"
    return head + "\n\n" + "\n".join(rows or ["- no change of terms"])


def _price(money: Record) -> str:
    delta, currency = money["delta"], money["currency"]
    words = (
        f"{amount(delta['net'], True)} {currency}" if Decimal(delta["net"]) else "no change of the amounts"
    )
    if vat_moves_more(delta):
        words += f", {amount(delta['vat'], True)} {currency} of VAT"
    return f"on {money['period']}: {words}"
