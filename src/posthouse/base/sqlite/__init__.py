"""Django's SQLite backend with our rules (`base.py`), on a SQLite without the WAL-reset bug where there is one.

Debian 12's SQLite has the bug, the `pysqlite3` wheel a mended one. It takes the place of `sqlite3` here, where
whoever imports our backend or Django's through it must pass: two SQLite libraries in one process do not see each
other's locks.
"""

from __future__ import annotations

import sys

try:
    import pysqlite3
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
except ImportError:  # no wheel for this platform: the one writing connection keeps clear of the bug
    pass
