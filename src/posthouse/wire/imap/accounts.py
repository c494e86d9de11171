"""Commands about an account: quotas and rights (RFC 9208 QUOTA, RFC 4314 ACL)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from posthouse.wire.imap.errors import Malformed
from posthouse.wire.imap.limits import MAX_LONG
from posthouse.wire.imap.scanner import Scanner

_RIGHTS = re.compile(r"([+-]?)([a-z0-9]*)\Z")
MAX_RESOURCES = 20
MAX_IDENTIFIER_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class GetQuota:
    root: str


@dataclass(frozen=True, slots=True)
class GetQuotaRoot:
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuota:
    """Resources in upper case with their limits, STORAGE in units of 1,024 bytes."""

    root: str
    limits: dict[str, int]


@dataclass(frozen=True, slots=True)
class MyRights:
    mailbox: str


@dataclass(frozen=True, slots=True)
class GetAcl:
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRights:
    mailbox: str
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAcl:
    """DELETEACL is a replacement by no rights."""

    mailbox: str
    identifier: str
    mode: Literal["replace", "add", "remove"]
    rights: str


Command = GetQuota | GetQuotaRoot | SetQuota | MyRights | GetAcl | ListRights | SetAcl


def _root(scanner: Scanner) -> str:
    return scanner.astring().decode("utf-8", "replace")


def _get_quota(scanner: Scanner) -> Command:
    return GetQuota(_root(scanner))


def _get_quota_root(scanner: Scanner) -> Command:
    return GetQuotaRoot(scanner.mailbox())


def _set_quota(scanner: Scanner) -> Command:
    root = _root(scanner)
    scanner.space()
    scanner.expect(b"(")
    limits: dict[str, int] = {}
    while not scanner.accept(b")"):
        name = scanner.word()
        scanner.space()
        limits[name] = scanner.number(highest=MAX_LONG)
        scanner.skip_spaces()
        if len(limits) > MAX_RESOURCES:
            raise Malformed("There are too many resources.")
    return SetQuota(root=root, limits=limits)


def _my_rights(scanner: Scanner) -> Command:
    return MyRights(scanner.mailbox())


def _get_acl(scanner: Scanner) -> Command:
    return GetAcl(scanner.mailbox())


def _identifier(scanner: Scanner) -> str:
    scanner.space()
    raw = scanner.astring()
    if len(raw) > MAX_IDENTIFIER_BYTES:
        raise Malformed("The identifier is too long.")
    return raw.decode("utf-8", "replace")


def _list_rights(scanner: Scanner) -> Command:
    mailbox = scanner.mailbox()
    return ListRights(mailbox=mailbox, identifier=_identifier(scanner))


def _delete_acl(scanner: Scanner) -> Command:
    mailbox = scanner.mailbox()
    return SetAcl(mailbox=mailbox, identifier=_identifier(scanner), mode="replace", rights="")


def _set_acl(scanner: Scanner) -> Command:
    mailbox = scanner.mailbox()
    identifier = _identifier(scanner)
    scanner.space()
    found = _RIGHTS.match(scanner.astring().decode("ascii", "replace"))
    if found is None:
        raise Malformed("Rights are small letters.")
    modes: dict[str, Literal["replace", "add", "remove"]] = {"": "replace", "+": "add", "-": "remove"}
    return SetAcl(mailbox=mailbox, identifier=identifier, mode=modes[found[1]], rights=found[2])


READERS: dict[str, Callable[[Scanner], Command]] = {
    "GETQUOTA": _get_quota,
    "GETQUOTAROOT": _get_quota_root,
    "SETQUOTA": _set_quota,
    "MYRIGHTS": _my_rights,
    "GETACL": _get_acl,
    "LISTRIGHTS": _list_rights,
    "SETACL": _set_acl,
    "DELETEACL": _delete_acl,
}


def parse(scanner: Scanner, verb: str) -> Command:
    return READERS[verb](scanner)
