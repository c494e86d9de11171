"""Posthouse: a team's mail and conversation under one roof."""
