"""How well junk is told, beside bogofilter and SpamAssassin: trained on one half of labelled mail, tried on the other.

Everybody learns the same e-mails and judges the same others, then the halves change places. SpamAssassin runs without
the network, with its Bayes trained. What is unsure to bogofilter is not junk. Time is processor time, and of each
program that of judging many in one process; ours includes reading the e-mail and the database's answers.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import corpus
from benchmarks.corpus import Half
from benchmarks.report import Work
from benchmarks.systems import System

OURS, BOGOFILTER, SPAMASSASSIN = "posthouse", "bogofilter", "spamassassin"
TESTS_SECONDS = 1800
QUICK = 300
SETTINGS = """report_safe 0
use_bayes 1
bayes_auto_learn 0
bayes_auto_expire 0
bayes_path {folder}/bayes
"""
_STATUS = re.compile(rb"^X-Spam-Status: Yes", re.MULTILINE)

Judged = tuple[list[bool], float]
"""Of each e-mail whether it is junk, and the seconds of processor for all."""


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    if not corpus.is_there():
        print("the labelled mail is not beside the checkout: nothing is measured")
        return []
    wrong = Work(
        name="wanted mail taken for junk", unit="e-mails", better="less", goal="0 more than the better"
    )
    caught = Work(name="junk caught", unit="%", better="more", goal="the better of the two")
    cost = Work(name="processor time an e-mail", unit="ms", better="less", goal="2 ms")
    one, other = corpus.halves(take=QUICK if quick else None)
    wrong.note = f"of {len(one.ham) + len(other.ham)}"
    caught.note = f"of {len(one.spam) + len(other.spam)}"
    names: dict[str, Callable[[Half, Half], tuple[Judged, Judged]]] = {OURS: _ours}
    names |= {BOGOFILTER: _bogofilter} if shutil.which("bogofilter") else {}
    names |= {SPAMASSASSIN: _spamassassin} if shutil.which("spamassassin") else {}
    total = len(one.ham) + len(one.spam) + len(other.ham) + len(other.spam)
    for name, run in names.items():
        false, true, seconds = 0, 0, 0.0
        for number, (known, tried) in enumerate(((one, other), (other, one)), 1):
            print(f"{name}: half {number} of 2", flush=True)
            (ham, ham_seconds), (spam, spam_seconds) = run(known, tried)
            false, true = false + sum(ham), true + sum(spam)
            seconds += ham_seconds + spam_seconds
        wrong.add(name, false)
        caught.add(name, 100 * true / (len(one.spam) + len(other.spam)))
        cost.add(name, seconds / total * 1000)
    return [wrong, caught, cost]


# --- ours: the store, the log's reader and the judge of the door, in this process ---------------------


def _ours(known: Half, tried: Half) -> tuple[Judged, Judged]:
    account_id = _person()
    from posthouse.delivery.junk import jobs, lessons
    from posthouse.mail import flags, storing
    from posthouse.mail.storing import Quota, Storing

    for role, bits, emails in (("inbox", flags.SEEN, known.ham), ("junk", 0, known.spam)):
        for raw in emails:
            item = Storing(
                arrival=storing.prepare(raw), account_id=account_id, role=role, flags=bits, quota=Quota.NONE
            )
            storing.store(item)
    place = None
    for _ in range(len(known.ham) + len(known.spam) + 10):
        place = lessons.step(account_id, place)
        if place is None:
            break
    jobs.tidy()
    return _judge(account_id, tried.ham), _judge(account_id, tried.spam)


_folder: tempfile.TemporaryDirectory[str] | None = None


def _person() -> int:
    """Somebody in an organisation of their own."""
    global _folder
    from posthouse.config import start

    if _folder is None:
        _folder = tempfile.TemporaryDirectory(prefix="spam-")
        os.environ["POSTHOUSE_DATA"] = _folder.name
        env = start.set_up_django()
        start.migrate(env)
    from posthouse.identity.actions import add_domain, hash_password
    from posthouse.ops.verbs import make_person

    domain = f"d{time.time_ns()}.test"
    add_domain(domain)
    return make_person(
        f"reader@{domain}",
        name="Reader",
        password_hash=hash_password("nobody ever logs in here"),
        role="owner",
    )


def _judge(account_id: int, emails: list[bytes]) -> Judged:
    from posthouse.delivery.junk import arriving
    from posthouse.mail import storing

    found, seconds = [], 0.0
    why: Counter[str] = Counter()
    for raw in emails:
        arrival = storing.prepare(raw)
        begun = time.process_time()
        verdict = arriving.judge(arrival, raw, (account_id,))[account_id]
        seconds += time.process_time() - begun
        found.append(verdict.is_junk)
        why.update(one.name for one in verdict.signals)
    print(f"  {sum(found)} of {len(found)} are junk; signs: {dict(why)}")
    return found, seconds


# --- the others -------------------------------------------------------------------------------------


def _bogofilter(known: Half, tried: Half) -> tuple[Judged, Judged]:
    with tempfile.TemporaryDirectory(prefix="bogofilter-") as name:
        folder = Path(name)
        for flag, emails in (("-n", known.ham), ("-s", known.spam)):
            _ran(["bogofilter", "-d", name, flag, "-b"], _names(folder / f"known{flag}", emails))

        def judge(kind: str, emails: list[bytes]) -> Judged:
            names = _names(folder / kind, emails)
            out, seconds = _ran(["bogofilter", "-d", name, "-T", "-b"], names, ok=(0, 1, 2))
            return [line.split()[1] == b"S" for line in out.splitlines()], seconds

        return judge("ham", tried.ham), judge("spam", tried.spam)


def _names(folder: Path, emails: list[bytes]) -> bytes:
    """Each e-mail in a file of its own; gives the files' names, a line each."""
    folder.mkdir()
    paths = []
    for number, raw in enumerate(emails):
        path = folder / f"{number:05}"
        path.write_bytes(raw)
        paths.append(str(path))
    return "\n".join(paths).encode() + b"\n"


def _spamassassin(known: Half, tried: Half) -> tuple[Judged, Judged]:
    with tempfile.TemporaryDirectory(prefix="spamassassin-") as name:
        folder = Path(name)
        settings = folder / "settings"
        settings.write_text(SETTINGS.format(folder=name))
        for flag, emails in (("--ham", known.ham), ("--spam", known.spam)):
            path = _mbox(folder / f"known{flag}", emails)
            _ran(["sa-learn", "-L", "-p", str(settings), "--no-sync", flag, "--mbox", str(path)], b"")
        _ran(["sa-learn", "-L", "-p", str(settings), "--sync"], b"")

        def judge(kind: str, emails: list[bytes]) -> Judged:
            path = _mbox(folder / kind, emails)
            out, seconds = _ran(["spamassassin", "-L", "-p", str(settings), "--mbox"], path.read_bytes())
            answered = folder / f"{kind}.out"
            answered.write_bytes(out)
            return [bool(_STATUS.search(_head(raw))) for raw in corpus.emails(answered)], seconds

        return judge("ham", tried.ham), judge("spam", tried.spam)


def _head(raw: bytes) -> bytes:
    return raw.partition(b"\n\n")[0]


def _mbox(path: Path, emails: list[bytes]) -> Path:
    quoted = (re.sub(rb"^(>*From )", rb">\1", raw, flags=re.MULTILINE).rstrip(b"\n") for raw in emails)
    path.write_bytes(b"".join(b"From x@y.test Thu Jan  1 00:00:00 2004\n" + raw + b"\n\n" for raw in quoted))
    return path


def _ran(command: list[str], given: bytes, *, ok: Sequence[int] = (0,)) -> tuple[bytes, float]:
    """What a program says, and its seconds of processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, input=given, capture_output=True, timeout=TESTS_SECONDS, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in ok:
        raise RuntimeError(f"{command[0]}: {done.stderr[-500:].decode('utf-8', 'replace')}")
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
