"""MIME: structure, words and IMAP form of messages, and composing them (RFC 5322, RFC 2045 to 2047)."""

from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.digest import Digest, digest
from posthouse.wire.mime.part import Part, dump_structure, find_part, load_structure, walk
from posthouse.wire.mime.section import header_fields, section, section_range

__all__ = [
    "Address",
    "Digest",
    "Part",
    "digest",
    "dump_structure",
    "find_part",
    "header_fields",
    "load_structure",
    "section",
    "section_range",
    "walk",
]
