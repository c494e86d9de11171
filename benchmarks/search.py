"""Search over a large account: words, phrases, operators, one's own newest e-mail, and IMAP's SEARCH TEXT."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable, Sequence
from urllib.parse import quote

from benchmarks.archive import import_into
from benchmarks.http_client import Http
from benchmarks.report import Work, rounds
from benchmarks.systems import PEOPLE, POSTHOUSE, NotTrue, System, wait_until_indexed

LARGE, QUICK = 100_000, 5_000
PERSON = PEOPLE[0]


def _words(http: Http) -> tuple[str, str, str]:
    """A common word of the corpus, a rare one, and two that stand together."""
    (newest,) = http.get("/api/v1/emails/?q=from%3Awriter%20&limit=1")["items"]
    text = http.get(f"/api/v1/emails/{newest['id']}/")["text"].split()
    counts = {word: _count(http, word) for word in dict.fromkeys(text[:60]) if len(word) > 3}
    common = max(counts, key=lambda word: counts[word])
    rare = min(counts, key=lambda word: counts[word])
    if counts[common] <= counts[rare]:
        raise NotTrue("all words are as common as each other")
    return common, rare, f'"{text[10]} {text[11]}"'


def _count(http: Http, word: str) -> int:
    answer = http.get(f"/api/v1/emails/?q={quote(word + ' ')}&limit=1")["search"]
    return int(answer["estimate"])


def _queries(common: str, rare: str, phrase: str) -> dict[str, str]:
    return {
        "a common word": common + " ",
        "a rare word": rare + " ",
        "a phrase": phrase,
        "three letters typed": common[:3],
        "two words and not a third": f"{common} writer -{rare} ",
        "operators": f"from:writer@bench.test is:unread in:inbox after:2026-01-02 {common} ",
        "either, in brackets": f"({{{common} {rare}}} is:unread) OR subject:{rare} ",
    }


def _times(http: Http, q: str, tries: int) -> list[float]:
    path = f"/api/v1/threads/?q={quote(q)}&limit=50"
    if not http.get(path)["items"]:
        raise NotTrue(f"{q!r} finds nothing")
    return http.times(http.prepared(path), tries)


def _own_write(system: System, http: Http, number: int) -> float:
    """From the 250 to the answer that has it, which must be the first."""
    word = f"unheardof{time.time_ns()}x{number}"
    with smtplib.SMTP("127.0.0.1", system.smtp_port) as smtp:
        message = f"From: me@bench.test\r\nSubject: Own\r\nMessage-ID: <{word}@bench.test>\r\n\r\nHere is {word}.\r\n"
        smtp.sendmail("me@bench.test", [PERSON], message)
        started = time.perf_counter()
        found = http.get(f"/api/v1/threads/?q={word}&limit=50")["items"]
        seconds = time.perf_counter() - started
    if len(found) != 1:
        raise NotTrue("one's own write was not found at once")
    return seconds * 1000


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    ours = next(system for system in systems if system.name == POSTHOUSE)
    size, tries = (QUICK, 100) if quick else (LARGE, 500)
    works: dict[str, Work] = {}

    def add(name: str, value: float, *, goal: str = "", unit: str = "ms") -> None:
        better = "less" if unit == "ms" else "more"
        work = Work(name=name, unit=unit, better=better, goal=goal)
        works.setdefault(name, work).add(POSTHOUSE, value)

    assert ours.server
    started = time.monotonic()
    import_into(ours, PERSON, size)
    wait_until_indexed(ours, PERSON)
    add(f"import and index {size:,}", size / (time.monotonic() - started), unit="/s")
    with Http(ours.server.http_port) as http:
        http.log_in(PERSON, ours.password)
        common, rare, phrase = _words(http)
        queries = _queries(common, rare, phrase)
        rounds(3 if quick else 5, [POSTHOUSE], _once(ours, http, queries, rare, tries, add), title="search")
    return list(works.values())


def _once(
    ours: System, http: Http, queries: dict[str, str], rare: str, tries: int, add: Callable[..., None]
) -> Callable[[str, int], None]:
    def once(_name: str, number: int) -> None:
        http.log_in(PERSON, ours.password)  # all the rounds take longer than a token lasts
        for name, q in queries.items():
            times = _times(http, q, tries)
            add(f"{name}, p50", times[len(times) // 2], goal="under 10 ms")
            add(f"{name}, p99", times[len(times) * 99 // 100], goal="under 40 ms")
        add("own e-mail, found in the first answer", max(_own_write(ours, http, n) for n in range(10)))
        with ours.imap(PERSON) as box:
            box.select()
            started = time.perf_counter()
            box.ask(b'UID SEARCH TEXT "%s"' % rare[1:].encode())
            add("IMAP SEARCH TEXT, part of a rare word", (time.perf_counter() - started) * 1000)

    return once
