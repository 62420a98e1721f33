"""What a line reads, by name."""

from contractlang.api import load_text
from contractlang.comparing.readers import names_read

TEXT = """
contract "Acme" { provider a client b term 2026-01-01 to 2026-12-31 invoiced monthly
  currency EUR timezone Europe/Paris vat 20% }
usage contacts each call { started timestamp  csat number optional  language text  talk duration }
window night = 21:00 to 06:00
measure handled = count(contacts)
measure liked = count(contacts where csat >= 4)
measure level = average(contacts.csat)
measure talked = sum(contacts.talk, each rounded up to 60 s)
rate price by language { "fr" : 4 EUR/call  otherwise : 5 EUR/call }
charge handling = handled per language at price
bonus-malus csat on handling by level { below 4 : -2%  from 4 : 0%  no data : 0% }
bonus-malus happy on handling by liked { below 10 calls : -2%  from 10 calls : 0% }
fee language = 10 EUR per month
charge minutes = talked at 1 EUR/min
amendment "A" effective 2026-06-01 { charge minutes = talked + extra at 1 EUR/min  measure extra in min }
"""


def read(line: str) -> set[str]:
    declarations = load_text(TEXT).document.declarations
    known = {str(one.name) for one in declarations if hasattr(one, "name")} | {"extra"}
    return names_read([line], declarations) & known


def test_a_column_is_no_line_that_is_called_like_it() -> None:
    assert read("handling") == {"handling", "handled", "contacts", "price"}
    assert read("happy") == {"happy", "liked", "contacts", "handling", "handled", "price"}


def test_a_line_reads_what_its_figures_read() -> None:
    assert read("csat") == {"csat", "level", "contacts", "handling", "handled", "price"}


def test_what_an_amendment_reads_counts() -> None:
    assert read("minutes") == {"minutes", "talked", "contacts", "extra"}
