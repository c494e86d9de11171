"""Protocols as pure functions of bytes: no Django, no sockets, no clock, no randomness."""
