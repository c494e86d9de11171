"""The ledger of docs/protocols/imap.md: each section of an RFC, whether it is done, where, and proved by which test.

Where: files that name the section (`RFC 9051 §6.3.2`; a bare `§6.3.3` belongs to the RFC named before it). Proved by:
tests with `@pytest.mark.rfc("9051 §6.3.2", ...)`. `python -m tests.imapd.ledger` tells what has drifted, and `--write`
writes the page. A section that is named in the code has a test, or the ledger is wrong.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/protocols/imap.md"
CODE = ROOT / "src/posthouse"
BEGIN, END = "<!-- ledger: make fix -->\n", "<!-- end of the ledger -->\n"
ROWS = (
    ("9051 §2.3.1.2", "message numbers: what they are and when they change"),
    ("9051 §3", "states and flow"),
    ("9051 §4.3", "literals"),
    ("7888", "LITERAL+; LITERAL- where that is switched off"),
    ("9051 §5.4", "autologout"),
    ("9051 §6.1", "CAPABILITY, NOOP, LOGOUT"),
    ("9051 §6.2", "AUTHENTICATE, LOGIN"),
    ("9051 §6.2.1", "STARTTLS; nothing said before it counts"),
    ("4616", "PLAIN"),
    ("4959", "SASL-IR"),
    ("7628", "OAUTHBEARER, XOAUTH2"),
    ("5802", "SCRAM-SHA-256, SCRAM-SHA-256-PLUS ([what is bound](../decisions/0016-scram.md))"),
    ("7677", "SCRAM with SHA-256"),
    ("5929", "tls-server-end-point; tls-unique with TLS 1.2"),
    ("9266", "tls-exporter"),
    ("2971", "ID"),
    ("5161", "ENABLE"),
    ("2177", "IDLE"),
    ("3501 §5.1.3", "modified UTF-7"),
    ("9051 §6.3.2", "SELECT"),
    ("9051 §6.3.3", "EXAMINE"),
    ("9051 §6.3.4", "CREATE, DELETE"),
    ("9051 §6.3.6", "RENAME"),
    ("9051 §6.3.8", "SUBSCRIBE, UNSUBSCRIBE"),
    ("9051 §6.3.9", "LIST, LSUB"),
    ("5258", "LIST-EXTENDED"),
    ("5819", "LIST-STATUS"),
    ("6154", "SPECIAL-USE"),
    ("2342", "NAMESPACE; `Other Users/` and `Shared/` for accounts one was granted"),
    ("9051 §6.3.11", "STATUS, STATUS=SIZE (RFC 8438)"),
    ("9051 §6.3.12", "APPEND"),
    ("4315", "UIDPLUS: APPENDUID, COPYUID, UID EXPUNGE"),
    ("7889", "APPENDLIMIT"),
    ("9051 §6.4.1", "CLOSE"),
    ("9051 §6.4.2", "UNSELECT"),
    ("9051 §6.4.3", "EXPUNGE"),
    ("9051 §6.4.4", "SEARCH; TEXT and BODY by the index of words, verified by the bytes"),
    ("4731", "ESEARCH"),
    ("5182", "SEARCHRES"),
    ("5032", "WITHIN"),
    ("9051 §6.4.5", "FETCH"),
    ("3516", "BINARY"),
    ("9051 §6.4.6", "STORE"),
    ("9051 §6.4.7", "COPY, also between accounts"),
    ("6851", "MOVE, also between accounts"),
    ("9051 §6.4.9", "UID"),
    ("7162 §3.1.2", "CONDSTORE: HIGHESTMODSEQ"),
    ("7162 §3.1.3", "CONDSTORE: UNCHANGEDSINCE"),
    ("7162 §3.1.4", "CONDSTORE: CHANGEDSINCE"),
    ("7162 §3.1.5", "CONDSTORE: SEARCH MODSEQ"),
    ("9051 §7.1", "answers and response codes"),
    ("5530", "response codes"),
    ("9051 §7.5", "what is told when"),
    ("9051 §9", "grammar"),
    ("7162 §3.1.10", "CONDSTORE: MODSEQ in ESEARCH"),
    ("7162 §3.2.3", "QRESYNC: ENABLE"),
    ("7162 §3.2.5", "QRESYNC: what SELECT is told, and tells"),
    ("7162 §3.2.6", "QRESYNC: VANISHED of UID FETCH"),
    ("7162 §3.2.7", "QRESYNC: HIGHESTMODSEQ after EXPUNGE and MOVE"),
    ("7162 §3.2.8", "QRESYNC: CLOSE"),
    ("7162 §3.2.10", "QRESYNC: VANISHED for EXPUNGE"),
    (
        "9051 §6.3.1",
        "IMAP4rev2 by ENABLE: no RECENT, LIST in SELECT, ESEARCH answers, names in UTF-8, OLDNAME",
    ),
    ("5465 §3.1", "NOTIFY: SET, NONE, BADEVENT"),
    ("5465 §5.2", "NOTIFY: messages; of the selected mailbox with items, of others by STATUS"),
    ("5465 §5.4", "NOTIFY: MailboxName by LIST"),
    ("5465 §5.5", "NOTIFY: SubscriptionChange by LIST"),
    ("5465 §5.6", "NOTIFY: MailboxMetadataChange by METADATA with names of entries"),
    ("5465 §5.7", "NOTIFY: ServerMetadataChange"),
    ("5465 §5.8", "NOTIFY: NOTIFICATIONOVERFLOW"),
    ("5465 §6", "NOTIFY: which mailboxes (RFC 7377 §2.2); SELECTED-DELAYED"),
    ("5256", "SORT, THREAD=ORDEREDSUBJECT, THREAD=REFERENCES"),
    ("5957", "SORT=DISPLAY"),
    ("5267 §3", "ESORT"),
    ("3502", "MULTIAPPEND, all or none"),
    ("8508", "REPLACE"),
    ("6154 §3", "CREATE-SPECIAL-USE: every use is taken (`NO [USEATTR]`)"),
    ("4314", "ACL; LIST-MYRIGHTS (RFC 8440)"),
    (
        "9208",
        "QUOTA, QUOTA=RES-STORAGE, STATUS DELETED-STORAGE; SETQUOTA (QUOTASET) for who manages accounts",
    ),
    ("5464", "METADATA: notes of mailboxes and of the server, private and shared, 100 of 16 KiB each"),
    ("5464 §4.2", "METADATA: DEPTH, MAXSIZE"),
    ("8474", "OBJECTID: MAILBOXID, EMAILID, THREADID"),
    ("8514", "SAVEDATE"),
    ("8970", "PREVIEW (LAZY)"),
    ("9394", "PARTIAL of SEARCH and UID FETCH"),
    ("9586", "UIDONLY"),
    ("9585", "INPROGRESS of SEARCH, COPY and MOVE"),
    ("6855", "UTF8=ACCEPT; names are still understood in UTF-7, as Thunderbird goes on sending them"),
    ("4978", "COMPRESS=DEFLATE; inflated 64 KiB at a time, and only what is wanted"),
)
UNDONE = frozenset({"9266"})
"""Named somewhere, maybe, but not done."""
_NAMED = re.compile(r"RFC (\d{4})|(?<=, )(\d{4})(?=[,)): ])|§(\d+(?:\.\d+)*)")


def in_code(text: str) -> Iterator[str]:
    """Every RFC and section that a file names."""
    rfc = ""
    for found in _NAMED.finditer(text):
        if found[3] is None:
            rfc = found[1] or found[2]
            yield rfc
        elif rfc:
            yield f"{rfc} §{found[3]}"


def code_files() -> Iterator[Path]:
    yield from sorted((CODE / "imapd").rglob("*.py"))
    yield from sorted((CODE / "wire/imap").rglob("*.py"))
    yield from (CODE / name for name in ("wire/scram.py", "wire/channel_binding.py", "wire/sasl_bearer.py"))


def marks(path: Path) -> Iterator[tuple[str, str]]:
    """(section, name of the test), also of modules' `pytestmark`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.rfc":
                    yield from ((str(ast.literal_eval(argument)), node.name) for argument in call.args)


def ledger() -> tuple[list[str], list[str]]:
    """The table's lines, and what is wrong with it."""
    where: dict[str, list[str]] = {}
    proofs: dict[str, dict[str, int]] = {}
    for path in code_files():
        for section in dict.fromkeys(in_code(path.read_text("utf-8"))):
            where.setdefault(section, []).append(str(path.relative_to(CODE)))
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for section, _ in marks(path):
            file = str(path.relative_to(ROOT / "tests"))
            counted = proofs.setdefault(section, {})
            counted[file] = counted.get(file, 0) + 1
    known = {section for section, _ in ROWS}
    faults = [f"a test proves {section}, which is no row" for section in proofs if section not in known]
    lines = ["| RFC | what | done | where | proved by |", "|---|---|---|---|---|"]
    for section, what in ROWS:
        is_done = section not in UNDONE
        files = where.get(section, []) if is_done else []
        tests = proofs.get(section, {})
        if is_done and not (files and tests):
            faults.append(
                f"{section} ({what}): named in {files or 'no file'}, proved by {list(tests) or 'no test'}"
            )
        shown = ", ".join(f"`{file}`" for file in files)
        proved = ", ".join(f"`{file}` ({count})" for file, count in sorted(tests.items()))
        lines.append(f"| {section} | {what} | {'yes' if is_done else 'no'} | {shown} | {proved} |")
    return lines, faults


def main() -> int:
    lines, faults = ledger()
    page = PAGE.read_text("utf-8")
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        faults.append("the page has no place for the ledger")
    fresh = head + BEGIN + "\n".join(lines) + "\n" + END + tail
    if "--write" in sys.argv and not faults:
        PAGE.write_text(fresh, "utf-8")
    elif fresh != page:
        faults.append("docs/protocols/imap.md is not what code and tests say: make fix")
    for fault in faults:
        sys.stderr.write(f"ledger: {fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
