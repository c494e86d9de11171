"""Sockets around `wire/smtp`: the MX and submission doors."""
