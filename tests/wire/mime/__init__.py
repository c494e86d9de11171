"""MIME: reading, showing to IMAP, composing."""
