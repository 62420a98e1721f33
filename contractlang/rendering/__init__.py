"""Documents to what people and programs read: text, Markdown, HTML, JSON, and drawings.

In: an `Invoice` of invoicing, or a contract's tree. Out: strings. Nothing is computed here but the
layout: every amount is printed as invoicing made it. This room alone imports Jinja and Babel.

    invoice.py       the front door for invoices; explanation.py and graph.py are its sisters
    languages.py     numbers, amounts and dates in French and English; words_en.py, words_fr.py the words
    view.py          an invoice as ready strings, which is all that a template sees
    accounts.py      a step of a computation as a sentence, with the numbers to recompute it by hand
"""
