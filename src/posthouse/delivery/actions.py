"""Sending: into the queue, out of it, and what became of it.

Invariants
- What is queued was committed with the e-mail in Sent: neither exists without the other.
- A recipient is tried under a lease; a crash lets the lease pass (or the next start ends it), so nothing is
  stuck and at worst something is sent twice.
- The remote's answer is written per recipient before anything else is tried.
- Where rows are locked (PostgreSQL), recipients come first, then their submissions, then accounts by id: two that
  meet wait for each other in one order only.
- A recipient that failed for good tells its sender exactly once, in the transaction that marks it failed; the null
  sender is never told (RFC 5321 §6.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import blobs, clock, db, sql
from posthouse.base.errors import Conflict, Denied, Invalid, Missing
from posthouse.base.ids import new_id
from posthouse.base.repeated import Keys
from posthouse.delivery import stamps
from posthouse.delivery.limits import sending_limits, stops
from posthouse.delivery.suppression import suppressed
from posthouse.identity.actor import Actor
from posthouse.mail import access, actions, placing, roles, storing
from posthouse.mail import flags as flag
from posthouse.mail.models import Mailbox
from posthouse.mail.storing import Arrival, Storing

MAX_RECIPIENTS = 200
MAX_LISTED = 1_000
"""As many are on a list, so that one submission tells what came of it."""
MAX_HOLD_SECONDS = 60
LEASE_MS = 15 * 60_000
_KEYS = Keys("delivery_idempotencykey", ("submission_id",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One address to send to, the name it was given, and what DSN asked for it (RFC 3461)."""

    address: str
    name: str = ""
    notify: str = ""
    original: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What goes over the wire. `blob` is set when its content is not an arrival's own.

    `requires_tls`: only to servers that prove who they are and promise the same (RFC 8689). `ignores_tls`: whatever
    the domain asks of TLS, since it is about that. `user_id` is whoever sends
    it, to be counted; the house's own letters, and what accounts send by themselves, have none.
    """

    blob_id: int
    mail_from: str
    targets: Sequence[Target]
    is_smtputf8: bool = False
    is_8bit: bool = False
    envelope_id: str = ""
    returns_headers_only: bool = False
    requires_tls: bool = False
    ignores_tls: bool = False
    is_forward: bool = False
    list_name: str = ""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Addresses, in lower case, that a list passes over: they are written down with why ("" for who has left it)."""
    message_id: str = ""
    account_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A person's e-mail to be kept in Sent and sent."""

    account_id: int
    arrival: Arrival
    wire: blobs.Prepared | None
    mail_from: str
    targets: Sequence[Target]
    is_smtputf8: bool = False
    hold_seconds: int = 0
    draft_id: int | None = None
    answers: int | None = None
    forwards: int | None = None
    thread_id: int | None = None
    list_name: str = ""
    key: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    email_id: int
    submission_id: int
    hold_until_ms: int | None
    is_replay: bool = False


@db.action
def send(actor: Actor, sending: Sending) -> Sent:
    """Keep an e-mail in Sent and queue it, in one transaction; a draft it came from goes.

    With a key, the same request again gives the first answer; another request under that key is a Conflict.
    Raises Missing (draft, account), Limited (over_quota), Invalid (too many recipients).
    """
    most = MAX_LISTED if sending.list_name else MAX_RECIPIENTS
    if not 1 <= len(sending.targets) <= most:
        raise Invalid("bad_recipients", f"An e-mail goes to 1 to {most} recipients.")
    if not 0 <= sending.hold_seconds <= MAX_HOLD_SECONDS:
        raise Invalid("bad_hold", f"An e-mail is held {MAX_HOLD_SECONDS} seconds at most.")
    access.account_for(actor, sending.account_id, permissions=access.SENDING)
    placing.hold(sending.account_id)
    earlier = replayed(actor, key=sending.key, fingerprint=sending.fingerprint)
    if earlier is not None:
        return earlier
    stored = storing.store(
        Storing(
            arrival=sending.arrival,
            account_id=sending.account_id,
            mailbox_id=roles.mailbox_of(sending.account_id, Mailbox.Role.SENT),
            flags=flag.SEEN,
            thread_id=sending.thread_id,
        )
    )
    if sending.wire is not None:
        blobs.insert([sending.wire])
    if sending.draft_id is not None:
        actions.discard_emails(actor, [sending.draft_id])
    _mark_answered(actor, sending)
    outgoing = Outgoing(
        blob_id=(sending.wire or sending.arrival.blob).id,
        mail_from=sending.mail_from,
        targets=sending.targets,
        is_smtputf8=sending.is_smtputf8,
        list_name=sending.list_name,
        skipped=_skipped(sending),
        message_id=sending.arrival.message_id,
        account_id=sending.account_id,
        user_id=actor.user_id,
    )
    hold_until_ms = clock.now_ms() + sending.hold_seconds * 1000 if sending.hold_seconds else None
    submission_id = enqueue(outgoing, email_id=stored.email_id, hold_until_ms=hold_until_ms)
    _KEYS.keep(actor.user_id, sending.key, sending.fingerprint, submission_id)
    _record(actor, submission_id, here=0, there=len(sending.targets))
    return Sent(email_id=stored.email_id, submission_id=submission_id, hold_until_ms=hold_until_ms)


def _skipped(sending: Sending) -> dict[str, str]:
    from posthouse.delivery.suppression import lists  # knows audit's words and the seal: not for every sender

    if not sending.list_name:
        return {}
    addresses = [target.address for target in sending.targets]
    left = lists.suppressed(sending.account_id, sending.list_name, addresses)
    return suppressed.words_for(sending.account_id, addresses) | dict.fromkeys(left, "")


def _record(actor: Actor, submission_id: int | str, *, here: int, there: int) -> None:
    """How many it goes to, not to whom: the submission knows that, and only its sender may ask it."""
    facts: dict[str, Fact] = {"delivered_here": here, "queued": there}
    record(actor, Act.MESSAGE_SUBMITTED, kind="submission", object_id=submission_id, facts=facts)


def replayed(actor: Actor, *, key: str, fingerprint: str) -> Sent | None:
    """What a request under this key gave before, or None; raises Conflict when it was another request."""
    earlier = _KEYS.earlier(actor.user_id, key, fingerprint)
    found = (
        None
        if earlier is None
        else sql.row("SELECT email_id, hold_until FROM delivery_submission WHERE id = %s", earlier)
    )
    if earlier is None or found is None:
        return None
    return Sent(email_id=found[0] or 0, submission_id=earlier[0], hold_until_ms=found[1], is_replay=True)


def _mark_answered(actor: Actor, sending: Sending) -> None:
    for email_id, bit in ((sending.answers, flag.ANSWERED), (sending.forwards, flag.FORWARDED)):
        if email_id is not None:
            try:
                actions.flag_emails(actor, [email_id], set_bits=bit)
            except (Missing, Denied):  # deleted meanwhile, or only to be read: the answer still goes out
                continue


def _remember_recipients(account_id: int, targets: Sequence[Target]) -> None:
    now_ms = clock.now_ms()
    for target in targets:
        email = target.address.lower()
        sql.run(
            "INSERT INTO mail_correspondent (id, account_id, email, name, sent_count, last_at)"
            " VALUES (%s, %s, %s, %s, 1, %s) ON CONFLICT (account_id, email) DO UPDATE SET"
            " sent_count = mail_correspondent.sent_count + 1, last_at = excluded.last_at,"
            " name = CASE WHEN excluded.name = '' THEN mail_correspondent.name ELSE excluded.name END",
            [new_id(), account_id, email, target.name[:200], now_ms],
        )


def enqueue(
    outgoing: Outgoing,
    *,
    email_id: int | None = None,
    hold_until_ms: int | None = None,
) -> int:
    """Put mail into the queue; call inside an action. The runner is woken after the commit.

    Mail of a person is counted, and held where it looks like a thief's. Raises Limited (sending_limit).
    """
    now_ms, submission_id, account_id = clock.now_ms(), new_id(), outgoing.account_id
    is_stopped = _count(outgoing)
    held = hold_until_ms is not None or is_stopped
    due_at_ms = None if is_stopped else hold_until_ms or now_ms
    modseq = placing.next_modseq(account_id) if account_id is not None else 0
    sql.run(
        "INSERT INTO delivery_submission (id, account_id, email_id, blob_id, mail_from, is_smtputf8, is_8bit,"
        " envelope_id, returns_headers_only, requires_tls, ignores_tls, is_forward, list_name, message_id, user_id,"
        " state, hold_until, created_at, modseq)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [submission_id, account_id, email_id, outgoing.blob_id, outgoing.mail_from, outgoing.is_smtputf8,
         outgoing.is_8bit, outgoing.envelope_id, outgoing.returns_headers_only, outgoing.requires_tls,
         outgoing.ignores_tls,
         outgoing.is_forward, outgoing.list_name, outgoing.message_id[:998], outgoing.user_id,
         _state_of(outgoing, held=held), None if is_stopped else hold_until_ms, now_ms, modseq],
    )  # fmt: skip
    sql.insert_many(
        "INSERT INTO delivery_recipient (id, submission_id, address, domain, notify, original, state, due_at, hold,"
        " lease, attempts, host, code, answer, updated_at)",
        [
            (new_id(), submission_id, target.address, target.domain, target.notify, target.original,
             *_beginning(outgoing, target, held=held, due_at_ms=due_at_ms, is_stopped=is_stopped), 0, 0, "", "",
             outgoing.skipped.get(target.address.lower(), ""), now_ms)
            for target in outgoing.targets
        ],
    )  # fmt: skip
    db.hint("outbox")
    return submission_id


def _state_of(outgoing: Outgoing, *, held: bool) -> str:
    if all(target.address.lower() in outgoing.skipped for target in outgoing.targets):
        return "done"
    return "held" if held else "active"


def _beginning(
    outgoing: Outgoing, target: Target, *, held: bool, due_at_ms: int | None, is_stopped: bool
) -> tuple[str, int | None, str]:
    """A recipient's first state, when it is due, and who holds it."""
    if target.address.lower() in outgoing.skipped:
        return "skipped", None, ""
    return "held" if held else "queued", due_at_ms, stops.HELD_BY_STOP if is_stopped else ""


def _count(outgoing: Outgoing) -> bool:
    """Whether it is held. Counted before its recipients are remembered, by which they are new no more."""
    if outgoing.user_id is None or outgoing.account_id is None:
        return False
    found = sql.row("SELECT organisation_id FROM mail_account WHERE id = %s", [outgoing.account_id])
    if found is None:
        raise Missing()
    targets = [target for target in outgoing.targets if target.address.lower() not in outgoing.skipped]
    new = sending_limits.new_recipients(outgoing.account_id, [target.address for target in targets])
    sending_limits.take(user_id=outgoing.user_id, organisation_id=found[0], new=new)
    _remember_recipients(outgoing.account_id, targets)
    return stops.look(stops.Sender(user_id=outgoing.user_id, organisation_id=found[0]))


@db.action
def submit(
    actor: Actor,
    outgoing: Outgoing,
    *,
    content: blobs.Prepared | None,
    local: Sequence[Storing],
    hold_until_ms: int | None = None,
) -> None:
    """What a mail client handed in by SMTP: to people here at once, to the outside by the queue, in one transaction.

    What is held is in the queue for everybody, also for people here.
    """
    submission_id = pass_on(outgoing, content=content, local=local, hold_until_ms=hold_until_ms)
    _record(actor, submission_id or "", here=len(local), there=len(outgoing.targets))


def pass_on(
    outgoing: Outgoing,
    *,
    content: blobs.Prepared | None,
    local: Sequence[Storing],
    hold_until_ms: int | None = None,
) -> int:
    """`submit` for the house's own letters; call inside an action. Gives the submission, 0 when none was needed."""
    if local:
        storing.store_together(local)
    if not outgoing.targets:
        return 0
    if content is not None and not local:
        blobs.insert([content])
    return enqueue(outgoing, hold_until_ms=hold_until_ms)


@db.action
def cancel(actor: Actor, submission_id: int) -> int:
    """Take back what is still held: the e-mail is a draft again. Gives its id.

    Exact: either no recipient was tried, or Conflict (already_sent). Raises Missing. One that its sender deleted
    meanwhile is taken back all the same, and stays deleted.
    """
    found = sql.row("SELECT email_id, account_id FROM delivery_submission WHERE id = %s", [submission_id])
    access.account_id_for(actor, 0 if found is None else found[1] or 0)
    if found is None:
        raise Missing()
    email_id, account_id = found
    _hold_recipients(submission_id)
    if not sql.run(
        "UPDATE delivery_submission SET state = 'cancelled' WHERE id = %s AND state = 'held'", [submission_id]
    ):
        raise Conflict("already_sent", "It is on its way already.")
    sql.run(
        "UPDATE delivery_recipient SET state = 'cancelled', due_at = NULL, updated_at = %s WHERE submission_id = %s"
        " AND state <> 'skipped'",
        [clock.now_ms(), submission_id],
    )
    sql.run("DELETE FROM delivery_idempotencykey WHERE submission_id = %s", [submission_id])
    _make_draft(actor, email_id, account_id)
    stamps.stamp(submission_id)
    record(actor, Act.MESSAGE_CANCELLED, kind="submission", object_id=submission_id)
    return int(email_id)


def _hold_recipients(submission_id: int) -> None:
    if sql.for_update():
        sql.rows(
            f"SELECT id FROM delivery_recipient WHERE submission_id = %s ORDER BY id{sql.for_update()}",
            [submission_id],
        )


def _make_draft(actor: Actor, email_id: int, account_id: int) -> None:
    try:
        access.email_for(actor, email_id)
    except Missing:
        return
    actions.flag_emails(actor, [email_id], set_bits=flag.DRAFT | flag.SEEN)
    actions.move_emails(actor, [email_id], to=roles.mailbox_of(account_id, Mailbox.Role.DRAFTS))
