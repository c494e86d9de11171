"""QUOTA and ACL (RFC 9208; RFC 4314): whose an account is, how full it is, and who may do what with it."""

from __future__ import annotations

from posthouse.imapd import accounts, rights
from posthouse.imapd.replies import No, Ok
from posthouse.imapd.session import Session
from posthouse.mail.access import Right
from posthouse.wire.imap import accounts as cmd
from posthouse.wire.imap import response

UNIT_BYTES = 1024


async def get_quota(session: Session, command: cmd.GetQuota) -> Ok:
    found = await accounts.quota(session.account, command.root)
    if found.limit_bytes is None:
        raise No("There is no quota on that.", code=b"NONEXISTENT")
    session.untagged(_quota(found))
    return Ok("That is all.")


async def get_quota_root(session: Session, command: cmd.GetQuotaRoot) -> Ok:
    """A mailbox without a limit is in no quota root."""
    found = await accounts.quota_of_mailbox(session.account, command.mailbox)
    name = session.named(command.mailbox)
    if found.limit_bytes is None:
        session.untagged(b"QUOTAROOT " + name)
        return Ok("There is no quota on it.")
    session.untagged(b"QUOTAROOT %b %b" % (name, _root(found)))
    session.untagged(_quota(found))
    return Ok("That is all.")


def _root(found: accounts.Quota) -> bytes:
    return response.string(found.root.encode("utf-8"))


def _quota(found: accounts.Quota) -> bytes:
    """What is used is rounded up, the limit down: who is told of room has it."""
    used = -(-found.used_bytes // UNIT_BYTES)
    return b"QUOTA %b (STORAGE %d %d)" % (_root(found), used, (found.limit_bytes or 0) // UNIT_BYTES)


async def set_quota(session: Session, command: cmd.SetQuota) -> Ok:
    """For who manages accounts. Without STORAGE there is no limit any more (RFC 9208 §4.1.3)."""
    if not {"STORAGE"}.issuperset(command.limits):
        raise No("Only STORAGE has a limit here.", code=b"CANNOT")
    limit = command.limits.get("STORAGE")
    await accounts.set_quota(session.account, command.root, None if limit is None else limit * UNIT_BYTES)
    found = await accounts.quota(session.account, command.root)
    if found.limit_bytes is not None:
        session.untagged(_quota(found))
    return Ok("Set.")


# --- rights ----------------------------------------------------------------------------------------


async def my_rights(session: Session, command: cmd.MyRights) -> Ok:
    letters = await accounts.my_rights(session.account, command.mailbox)
    session.untagged(b"MYRIGHTS %b %b" % (session.named(command.mailbox), letters.encode("ascii")))
    return Ok("That is all.")


async def get_acl(session: Session, command: cmd.GetAcl) -> Ok:
    words = [b"ACL " + session.named(command.mailbox)]
    for name, letters in await accounts.acl(session.account, command.mailbox):
        words += [response.astring(name.encode("utf-8")), letters.encode("ascii")]
    session.untagged(b" ".join(words))
    return Ok("That is all.")


async def list_rights(session: Session, command: cmd.ListRights) -> Ok:
    """What comes together is one word (RFC 4314 §3.7); an owner always has everything."""
    who = await accounts.grantee(session.account, command.mailbox, command.identifier)
    words = [
        b"LISTRIGHTS",
        session.named(command.mailbox),
        response.astring(command.identifier.encode("utf-8")),
    ]
    if who.is_owner:
        words.append(rights.letters(Right.ADMIN).encode("ascii"))
    else:
        words += [
            b'""',
            *(text.encode("ascii") for text in (rights.READING, rights.CHANGING, rights.ADMINISTERING)),
        ]
    session.untagged(b" ".join(words))
    return Ok("That is all.")


async def set_acl(session: Session, command: cmd.SetAcl) -> Ok:
    if command.identifier.startswith("-") or command.identifier == "anyone":
        raise No("Rights are given to people and groups of the organisation.", code=b"CANNOT")
    await accounts.set_acl(
        session.account, command.mailbox, command.identifier, mode=command.mode, letters=command.rights
    )
    return Ok("Set.")
