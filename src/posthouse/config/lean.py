"""Imported first by programs that serve: what libraries would load because it is there, and nobody here asks for.

Each of these is optional to whoever looks for it, and stays out of memory: structlog's coloured tracebacks (rich and
what it brings, 4 MB in each process), and the fields for PostgreSQL that Django REST framework looks for, with the
database's driver in their train (12 MB; on PostgreSQL Django loads the driver by itself). Tests alone bring `requests`.
"""

from __future__ import annotations

import sys

LEFT_OUT = ("rich", "django.contrib.postgres.fields", "requests")

for name in LEFT_OUT:
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # what Python takes for "not there"
