"""Looking at the pages that messages lead to, for their previews; in the loop, since slow pages would hold threads.

The addresses are chosen by whoever writes, so each request goes through base/net_http.py: no address of the inside,
every redirect judged anew, HTML only, MAX_BYTES of it, SECONDS for everything. Nothing of the reader or of the message
goes along. An organisation asks a page once in some hours, a few pages at a time and so many in a minute; a page that
does not answer is nothing to show, never a fault of the job.
"""

from __future__ import annotations

import asyncio
from collections import Counter as Tally
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from posthouse.base import clock, db, jobs, limits, net, net_http
from posthouse.base.errors import Failure
from posthouse.base.limits import Rate
from posthouse.base.metrics import Counter
from posthouse.conversations import previews
from posthouse.conversations.previews import Page
from posthouse.wire.html.page import page_facts

MAX_BYTES = 1_000_000
SECONDS = 5.0
AGENT = "Posthouse (bot; looks at links for previews)"
RATE = Rate(120, 60.0)
OF_ORGANISATION = 4
"""Messages of one organisation that are looked at at the same time: jobs that wait have few places."""
AGAIN_MS = 3_000
_TYPES = ("text/html", "application/xhtml+xml")
_LIMITS = net_http.Limits(max_bytes=MAX_BYTES, timeout=SECONDS, is_cut=True, types=_TYPES)
_HEADERS = {"Accept": "text/html, application/xhtml+xml;q=0.9", "User-Agent": AGENT}

looked_at = Counter("posthouse_link_previews", "Links of messages that were looked at.", "outcome")

_busy: Tally[int] = Tally()
_asking: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()


async def look(message_id: int) -> None:
    """Show what the pages say that a message leads to. Safe to run twice."""
    found = await db.reading(previews.wanted, message_id)
    if found is None:
        return
    looked, urls = found
    organisation_id = looked.organisation_id
    if _busy[organisation_id] >= OF_ORGANISATION:
        await db.writing(_look_again, message_id)
        return
    _busy[organisation_id] += 1
    try:
        pages = await asyncio.gather(*(_page(organisation_id, url) for url in urls))
    finally:
        _busy[organisation_id] -= 1
        if not _busy[organisation_id]:
            del _busy[organisation_id]
    await db.writing(previews.show, message_id, looked, dict(zip(urls, pages, strict=True)))


@db.action
def _look_again(message_id: int) -> None:
    jobs.enqueue(previews.JOB, due_at_ms=clock.now_ms() + AGAIN_MS, message_id=message_id)


async def _page(organisation_id: int, url: str) -> Page | None:
    """What is known of a page, or else what it says now; who asks for the same one meanwhile waits for the answer."""
    lock = _asking.get((organisation_id, url)) or asyncio.Lock()
    _asking[organisation_id, url] = lock
    async with lock:
        kept = await db.reading(previews.known, organisation_id, url)
        if kept is not None:
            looked_at.count("kept")
            return kept.page
        standing = limits.limiter.take("preview", f"preview|organisation:{organisation_id}", RATE)
        if standing.wait_s > 0:
            looked_at.count("limited")
            return None
        page = await _asked(url)
        await db.writing(previews.keep_page, organisation_id, url, page)
        return page


async def _asked(url: str) -> Page | None:
    try:
        answer = await net_http.request(url, headers=_HEADERS, limits=_LIMITS)
        host = str(net.host_or_address(urlsplit(answer.url).hostname or ""))
    except Failure:
        looked_at.count("failed")
        return None
    if answer.status != 200:
        looked_at.count("nothing")
        return None
    facts = await db.reading(
        page_facts, answer.body, content_type=answer.headers.get("content-type", ""), url=answer.url
    )
    looked_at.count("shown" if facts.title else "nothing")
    if not facts.title:
        return None
    return Page(host, facts.title, facts.description, facts.site, facts.image)
