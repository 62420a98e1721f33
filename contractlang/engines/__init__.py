"""Query engines: where the rows of a usage are, and who counts them.

In: the place of a table, and one canonical text of SQL. Out: rows of integers, texts and booleans. Each
engine is one module; `engine` says what it must do, `connecting` which module serves a source. An engine
is imported only where a usage names it. Nothing here knows a contract, a price or a timezone.
"""
