"""A position in, an answer out: what an editor asks of a contract.

In: an `Analysis` of the text in the editor and a place in it. Out: plain values with offsets. Each feature
is a module of pure functions; `server` and `translating` alone know the protocol and its library.
"""
