"""The command line: one module a command; input, output and exit codes only.

A command module holds `command`, and imports the rooms that do its work inside the function, so
that `contractlang check` starts without the query engine, the templates and the calendars.
"""
