"""Argon2id as Django does it, for a column in which the keys for SCRAM may stand behind the hash.

Both are of one password and change together, in one write, whoever writes it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

from posthouse.base.metrics import Counter
from posthouse.identity.scram import without_keys

hashings = Counter("posthouse_password_hashings", "Times a password was hashed slowly (Argon2id).")


class Hasher(Argon2PasswordHasher):
    def encode(self, password: str, salt: str) -> str:
        hashings.count()
        return super().encode(password, salt)

    def decode(self, encoded: str) -> dict[str, Any]:
        return super().decode(without_keys(encoded))

    def verify(self, password: str, encoded: str) -> bool:
        hashings.count()
        return super().verify(password, without_keys(encoded))
