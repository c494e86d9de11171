"""IMAP4rev1 and IMAP4rev2 as pure functions of bytes (RFC 3501, RFC 9051)."""
