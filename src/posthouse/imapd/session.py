"""One client's conversation: its state, and what every command is run through (RFC 9051 §3).

Invariants
- Commands run one after the other, each to its tagged answer; pipelined ones keep their order.
- Untagged news of the mailbox comes before the tagged answer, in the order EXPUNGE, EXISTS, FETCH, and no
  EXPUNGE comes with FETCH, STORE or SEARCH by message number (§7.5.1).
- The hub is listened to from before the mailbox is read until it is closed, so that no change falls between.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Protocol

import structlog

from posthouse.base.errors import Denied, Failure, Missing
from posthouse.base.hub import Hint, hub
from posthouse.identity import live_clients, live_sessions
from posthouse.identity.live_clients import LiveClient
from posthouse.imapd import store
from posthouse.imapd.capabilities import capabilities
from posthouse.imapd.replies import Bad, No, Ok, condition, no_for
from posthouse.imapd.settings import Settings
from posthouse.imapd.view import Manner, View
from posthouse.wire.imap import response
from posthouse.wire.imap.appending import announced_mailbox
from posthouse.wire.imap.commands import Command
from posthouse.wire.imap.errors import BadCharset, Malformed
from posthouse.wire.imap.framing import Continue, Framed, Refused
from posthouse.wire.imap.limits import Limits
from posthouse.wire.imap.parser import parse
from posthouse.wire.imap.scanner import Scanner
from posthouse.wire.imap.search import CHARSETS
from posthouse.wire.imap.sequence import SequenceSet

if TYPE_CHECKING:
    from posthouse.imapd.notifying import Notifier
    from posthouse.imapd.progress import Progress

log = structlog.get_logger(__name__)

LineHandler = Callable[[bytes], Awaitable[Ok | None]]
ASKED_FROM_BYTES = 64 * 1024
"""Whether there is room is asked before a message that is larger; of smaller ones with the message."""
REVOKED = "This log-in was taken back."
Dispatch = Callable[["Session", Command], Awaitable[Ok | None]]


class State(Enum):
    STRANGER = "not authenticated"
    KNOWN = "authenticated"
    SELECTED = "selected"
    ENDED = "logout"


class Link(Protocol):
    """What a session asks of its connection."""

    def write(self, data: bytes) -> None: ...
    async def drain(self) -> None: ...
    def start_tls(self) -> None: ...
    def start_compression(self) -> None: ...
    def set_limits(self, limits: Limits) -> None: ...
    def refuse_literal(self) -> None: ...
    @property
    def large(self) -> asyncio.Semaphore: ...
    def bindings(self) -> Mapping[str, bytes]: ...
    def wake(self) -> None: ...
    def end(self, message: str) -> None: ...


class Session:
    __slots__ = (
        "_dispatch",
        "_unsubscribe",
        "_unsubscribe_person",
        "account_or_none",
        "bad_commands",
        "client",
        "client_or_none",
        "enabled",
        "failed_logins",
        "has_tls",
        "ip",
        "is_compressed",
        "is_idle",
        "is_secure",
        "is_suspect",
        "link",
        "notifier",
        "on_line",
        "saved",
        "settings",
        "state",
        "tag",
        "under_way",
        "view_or_none",
    )

    def __init__(self, link: Link, settings: Settings, dispatch: Dispatch, *, ip: str, has_tls: bool) -> None:
        self._dispatch = dispatch
        self.link = link
        self.settings = settings
        self.ip = ip
        self.client = ""
        self.has_tls = has_tls
        self.is_secure = False
        self.state = State.STRANGER
        self.account_or_none: store.Account | None = None
        self.client_or_none: LiveClient | None = None
        self.view_or_none: View | None = None
        self.enabled: frozenset[str] = frozenset()
        self.saved: Sequence[int] = ()
        self.is_compressed = False
        self.is_idle = False
        self.on_line: LineHandler | None = None
        self.tag = b""
        self.failed_logins = 0
        self.bad_commands = 0
        self._unsubscribe: Callable[[], None] | None = None
        self._unsubscribe_person: Callable[[], None] | None = None
        self.is_suspect = False
        self.notifier: Notifier | None = None
        self.under_way: Progress | None = None

    @property
    def account(self) -> store.Account:
        assert self.account_or_none is not None
        return self.account_or_none

    @property
    def viewed(self) -> store.Account:
        """The account of the mailbox that is open, with the person who opened it."""
        return self.account._replace(account_id=self.view.account_id)

    @property
    def view(self) -> View:
        assert self.view_or_none is not None
        return self.view_or_none

    @property
    def may_log_in(self) -> bool:
        """Passwords are taken over TLS only, unless the operator allows otherwise."""
        return self.is_secure or self.settings.allow_plain_login

    @property
    def is_rev2(self) -> bool:
        return "IMAP4REV2" in self.enabled

    @property
    def has_utf8_names(self) -> bool:
        """Whether mailbox names stand on the wire as they are, not in modified UTF-7 (RFC 9051 §5.1, RFC 6855 §3)."""
        return self.is_rev2 or "UTF8=ACCEPT" in self.enabled

    @property
    def is_uid_only(self) -> bool:
        return "UIDONLY" in self.enabled

    @property
    def manner(self) -> Manner:
        enabled = self.enabled
        is_uid_only, uses_qresync = "UIDONLY" in enabled, "QRESYNC" in enabled
        return Manner("CONDSTORE" in enabled, uses_qresync or is_uid_only, uses_qresync, is_uid_only)

    def named(self, name: str) -> bytes:
        """A mailbox's name as this client reads it."""
        return response.mailbox_utf8(name) if self.has_utf8_names else response.mailbox(name)

    # --- talking ----------------------------------------------------------------------------------

    def greet(self) -> None:
        self.untagged(condition(b"OK", f"{self.settings.hostname} ready.", code=capabilities(self)))

    def send(self, data: bytes) -> None:
        self.link.write(data)

    def untagged(self, line: bytes) -> None:
        self.link.write(b"* %b\r\n" % line)

    def continuation(self, text: bytes = b"") -> None:
        """`+ ` keeps its space without text: clients wait for it."""
        self.link.write(b"+ %b\r\n" % text)

    def ask(self, handler: LineHandler, text: bytes = b"") -> None:
        """Say `+ ` and give the client's next line to `handler` instead of reading a command."""
        self.on_line = handler
        self.continuation(text)

    def finish(self, status: bytes, message: str, *, code: bytes = b"") -> None:
        """The tagged answer to the command under way."""
        self.link.write(b"%b %b\r\n" % (self.tag, condition(status, message, code=code)))

    def bye(self, message: str) -> None:
        """Say why (some clients choke on a BYE without words) and end."""
        if self.state is not State.ENDED:
            self.untagged(condition(b"BYE", message))
            self.close()

    def close(self) -> None:
        """Forget everything; the connection closes once what was said is sent."""
        if self.under_way is not None:
            self.under_way.is_abandoned = True
        self.unselect()
        if self._unsubscribe_person is not None:
            self._unsubscribe_person()
            self._unsubscribe_person = None
        if self.client_or_none is not None:
            self.client_or_none.leave()
            self.client_or_none = None
        self.set_notifier(None)
        self.state = State.ENDED
        self.on_line = None

    def enter(self, account: store.Account) -> None:
        """Logged in: from here on the connection ends with what it came in with, and hears when rights change."""
        self.account_or_none = account
        self.state = State.KNOWN
        self.client_or_none = live_clients.enter(
            account.admission, protocol="imap", ip=self.ip, end=lambda: self.link.end(REVOKED)
        )
        self.client_or_none.client = self.client
        topic = live_sessions.person_topic(account.actor.user_id)
        self._unsubscribe_person = hub.subscribe(topic, self._on_rights)

    # --- taking -----------------------------------------------------------------------------------

    async def take(self, event: Framed | Continue | Refused | bytes | None) -> None:
        """Act on what the framer gave: a command, a line that was asked for; None means there may be news."""
        try:
            if self.is_suspect:
                await self._look_again()
            if self.state is State.ENDED:
                return
            if event is None:
                delays = self.notifier is not None and self.notifier.delays_expunge and not self.is_idle
                await self.sync(may_expunge=not delays)
            elif isinstance(event, Framed):
                await self._command(event)
            elif isinstance(event, Continue):
                await self._go_on(event)
            elif isinstance(event, Refused):
                self._refused(event)
            elif self.on_line is not None:
                handler, self.on_line = self.on_line, None
                await self._guarded(lambda: handler(event))
        except Missing:
            self.bye("The selected mailbox was deleted.")
        except Failure as failure:
            self.bye(failure.message)

    async def _go_on(self, event: Continue) -> None:
        """A large message for which there is no room is refused before it comes."""
        if event.message_bytes > ASKED_FROM_BYTES and self.account_or_none is not None:
            scanner = Scanner(Framed(event.parts), has_utf8_names=self.has_utf8_names)
            try:
                self.tag = scanner.tag()
                path = announced_mailbox(scanner)
                await store.check_room(self.account, path, event.message_bytes)
            except Malformed:
                pass  # told when the command is whole
            except Failure as failure:
                answer = no_for(failure)
                self.link.refuse_literal()
                self.finish(b"NO", answer.message, code=answer.code)
                return
        self.continuation(b"Go on.")

    def _refused(self, event: Refused) -> None:
        self.tag = event.tag or b"*"
        if event.is_unasked:
            self._bad(event.message, b"TOOBIG")
        elif event.is_too_big:
            self.finish(b"NO", event.message, code=b"TOOBIG")
        elif event.is_busy:
            self.finish(b"NO", event.message, code=b"UNAVAILABLE")
        else:
            self.finish(b"BAD", event.message)
        if event.is_fatal:
            self.bye(event.message)

    async def _command(self, framed: Framed) -> None:
        try:
            request = parse(framed, has_utf8_names=self.has_utf8_names)
        except BadCharset as error:
            self.tag = error.tag
            if error.saves:
                self.saved = ()
            code = b"BADCHARSET (%b)" % " ".join(CHARSETS).encode("ascii")
            self.finish(b"NO", "That charset is not known here.", code=code)
        except Malformed as error:
            self.tag = error.tag or b"*"
            self._bad(error.message)
        else:
            self.tag = request.tag
            await self._guarded(lambda: self._dispatch(self, request.command))

    async def _guarded(self, run: Callable[[], Awaitable[Ok | None]]) -> None:
        """Run a handler and give the tagged answer; news is told in between and may fail on its own."""
        try:
            ok = await run()
        except No as no:
            self.finish(b"NO", no.message, code=no.code)
        except Bad as bad:
            self._bad(bad.message, bad.code)
        except Failure as failure:
            answer = no_for(failure)
            self.finish(b"NO", answer.message, code=answer.code)
        except ConnectionError:
            raise
        except Exception as error:
            incident = secrets.token_hex(4)
            log.error("imap.incident", incident=incident, exc_info=error)
            self.finish(b"NO", f"Something went wrong here (incident {incident}).", code=b"SERVERBUG")
        else:
            if ok is not None:
                await self.sync(may_expunge=ok.may_expunge, must_look=ok.must_look, is_own=ok.tells_modseq)
                self.finish(b"OK", ok.message, code=ok.code or self._modseq_code(ok))

    def _modseq_code(self, ok: Ok) -> bytes:
        if not (ok.tells_modseq and "QRESYNC" in self.enabled and self.view_or_none is not None):
            return b""
        return b"HIGHESTMODSEQ %d" % max(self.view.modseq, 1)

    def _bad(self, message: str, code: bytes = b"") -> None:
        self.finish(b"BAD", message, code=code)
        self.bad_commands += 1
        if self.bad_commands >= self.settings.bad_commands:
            self.bye("Too many commands that make no sense.")

    # --- the selected mailbox ---------------------------------------------------------------------

    def listen(self, account_id: int) -> None:
        """Hear of an account's changes, before a mailbox of it is read."""
        if self._unsubscribe is None:
            self._unsubscribe = hub.subscribe(account_id, self._on_hint)

    def _on_rights(self, hint: Hint) -> None:
        self.is_suspect = True
        self.link.wake()

    async def _look_again(self) -> None:
        """Ends when the person may not come in any more, or not read what is open."""
        self.is_suspect = False
        view = self.view_or_none
        mailbox_id = None if view is None else view.mailbox_id
        try:
            self.account_or_none, may_write = await store.renewed(self.account, mailbox_id)
        except (Denied, Missing):
            self.bye("You may not use this any more.")
            return
        if view is not None and not may_write:
            view.is_read_only = True
        if self.notifier is not None:
            self.notifier.look_again()

    def select(self, view: View) -> None:
        self.view_or_none = view
        self.state = State.SELECTED

    def unselect(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self.view_or_none = None
        self.saved = ()
        self.is_idle = False
        if self.state is State.SELECTED:
            self.state = State.KNOWN

    def _on_hint(self, hint: Hint) -> None:
        view = self.view_or_none
        if view is not None and hint.modseq > view.hinted:
            view.hinted = hint.modseq
            if self._tells_now:
                self.link.wake()

    @property
    def has_news(self) -> bool:
        """A client that waits for it is to be told something, or what the person may do has changed."""
        if self.is_suspect or (self.notifier is not None and self.notifier.is_behind):
            return True
        return self._tells_now and self.view_or_none is not None and self.view.is_behind

    @property
    def _tells_now(self) -> bool:
        """Whether news of the selected mailbox is told between commands: to one that idles or uses NOTIFY."""
        return self.is_idle if self.notifier is None else self.notifier.is_immediate

    def set_notifier(self, notifier: Notifier | None) -> None:
        if self.notifier is not None:
            self.notifier.end()
        self.notifier = notifier

    async def sync(self, *, may_expunge: bool = True, must_look: bool = False, is_own: bool = False) -> None:
        """Tell what happened in the selected mailbox, and in others if asked to. Raises Missing when it was deleted.

        Asks the store only after a hint, or when `must_look`. `is_own`: the client itself has taken messages out, and
        hears of it whatever it wants to be told else.
        """
        notifier = self.notifier
        if self.view_or_none is not None and (notifier is None or notifier.is_immediate or is_own):
            await self._sync_view(self.view_or_none, may_expunge=may_expunge, must_look=must_look)
        if notifier is not None and notifier.is_behind:
            await notifier.tell(self)

    async def _sync_view(self, view: View, *, may_expunge: bool, must_look: bool) -> None:
        notifier = self.notifier
        changes, upto = None, view.hinted
        if must_look or view.is_behind:
            changes = await store.changes(
                view.account_id, view.mailbox_id, uidnext=view.uidnext, modseq=view.modseq
            )
        if changes is not None or view.has_untold:
            lines = view.apply(
                changes,
                may_expunge=may_expunge,
                manner=self.manner,
                upto=upto,
                with_flags=notifier is None or notifier.tells_flags,
            )
            if lines:
                self.send(b"".join(lines))
        if notifier is not None and changes is not None and changes.new:
            await notifier.show_new(self, [uid for uid, _ in changes.new])

    def indexes(self, numbers: SequenceSet, *, is_uid: bool) -> Sequence[int]:
        """Positions in the view; raises Bad for a message number that does not exist."""
        view = self.view
        if not is_uid:
            self.check_numbers()
        if not is_uid and not numbers.is_saved and view.names_beyond_end(numbers):
            raise Bad("There is no message of that number.")
        return view.indexes(numbers, is_uid=is_uid, saved=self.saved)

    def check_numbers(self) -> None:
        """Raises Bad for message numbers where the client said that it uses none (RFC 9586 §3)."""
        if self.is_uid_only:
            raise Bad("Only UIDs are used here.", code=b"UIDREQUIRED")
