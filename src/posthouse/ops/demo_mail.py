"""The demo's letters: a small publishing house at work. Text of our own, dates relative to the first start."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from posthouse.base import clock
from posthouse.mail import flags as flag

HOUR, DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message. `key` makes its Message-ID; `answers` are the keys it refers to, oldest first."""

    key: str
    sender: str
    to: str
    subject: str
    text: str
    age_minutes: int
    html: str = ""
    cc: str = ""
    answers: tuple[str, ...] = ()
    mailbox: str = ""
    flags: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str, bytes], ...] = ()
    inline: tuple[str, bytes] | None = None

    def build(self, *, now_ms: int) -> bytes:
        message = EmailMessage()
        message["From"], message["To"] = self.sender, self.to
        if self.cc:
            message["Cc"] = self.cc
        message["Subject"] = self.subject
        message["Date"] = format_datetime(clock.from_ms(now_ms - self.age_minutes * 60_000))
        message["Message-ID"] = _message_id(self.key)
        if self.answers:
            message["In-Reply-To"] = _message_id(self.answers[-1])
            message["References"] = " ".join(_message_id(key) for key in self.answers)
        for name, value in self.headers:
            message[name] = value
        message.set_content(self.text)
        if self.html:
            message.add_alternative(self.html, subtype="html")
            if self.inline is not None:
                part = message.get_payload()[-1]  # type: ignore[index]
                cid, content = self.inline
                part.add_related(content, maintype="image", subtype="png", cid=f"<{cid}>")  # type: ignore[union-attr]
        for name, content_type, content in self.files:
            main, _, sub = content_type.partition("/")
            message.add_attachment(content, maintype=main, subtype=sub, filename=name)
        return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _message_id(key: str) -> str:
    return f"<{key}@demo.posthouse.test>"


ALICE = "Alice Moreau <alice@posthouse.test>"
BOB = "Bob Lindqvist <bob@posthouse.test>"
INES = "Inês Duarte <ines@paperandthread.example>"
TOMAS = "Tomás Herrera <tomas@lighthouse-press.example>"
YUKI = "山田 由紀 <yuki@kanda-books.example>"
PRESS = "Halden Print Works <orders@halden-print.example>"


def letters_for(email: str) -> Iterator[Letter]:
    if email.startswith("alice@"):
        yield from _with_bob(mine=True)
        yield from _OUTSIDE
        yield from _machines()
    else:
        yield from _with_bob(mine=False)


def _with_bob(*, mine: bool) -> Iterator[Letter]:
    """A conversation inside the house, seen from either side."""
    sent, read = ("Sent", flag.SEEN), ("", flag.SEEN | flag.ANSWERED)
    out, came = (sent, read) if mine else (read, sent)
    yield Letter(
        key="atlas-1", sender=BOB, to=ALICE, subject="Cover proofs for the Atlas", age_minutes=2 * DAY + 5 * HOUR,
        mailbox=came[0], flags=came[1],
        text=(
            "Hi Alice,\n\nthe three cover proofs came back this morning. I like the second best: the river reads"
            " as a line\nof type from across the room, which is just what Inês asked for.\n\nShall I order ten of"
            " those for the fair?\n\nBob\n"
        ),
        files=(("cover-proof-2.png", "image/png", _picture(480, 320)),),
    )  # fmt: skip
    yield Letter(
        key="atlas-2", sender=ALICE, to=BOB, subject="Re: Cover proofs for the Atlas", age_minutes=2 * DAY + 3 * HOUR,
        answers=("atlas-1",), mailbox=out[0], flags=out[1],
        text=(
            "The second, yes. Could the printer bring the green down a little? On the uncoated stock it will"
            " look\ndarker than on screen.\n\nTen is fine. Twelve if they give a price for a dozen.\n\nAlice\n\n"
            "On Tuesday Bob Lindqvist wrote:\n> the three cover proofs came back this morning. I like the second"
            " best: the river reads\n> as a line of type from across the room.\n"
        ),
    )  # fmt: skip
    yield Letter(
        key="atlas-3", sender=BOB, to=ALICE, subject="Re: Cover proofs for the Atlas", age_minutes=55,
        answers=("atlas-1", "atlas-2"), mailbox="" if mine else "Sent", flags=0 if mine else flag.SEEN,
        text=(
            "They do a dozen for the price of ten. New green attached to the order, proof on Thursday.\n\n"
            "One question left: do we print the map index on the inside of the jacket or leave it white?\n\nBob\n\n"
            "On Wednesday Alice Moreau wrote:\n> The second, yes. Could the printer bring the green down a little?\n"
        ),
    )  # fmt: skip
    yield Letter(
        key="lunch-1", sender=ALICE, to=BOB, subject="Lunch on Friday?", age_minutes=3 * HOUR,
        mailbox="Sent" if mine else "", flags=flag.SEEN if mine else 0,
        text="The place by the canal has its winter menu. Half past twelve?\n\nA.\n",
    )  # fmt: skip


def _machines() -> Iterator[Letter]:
    yield Letter(
        key="news-46", sender="The Compositor <letters@compositor.example>", to=ALICE,
        subject="The Compositor, no. 46: what a ligature costs", age_minutes=11 * HOUR,
        headers=(
            ("List-Id", "The Compositor <weekly.compositor.example>"),
            ("List-Unsubscribe", "<https://compositor.example/unsubscribe?u=demo>, <mailto:leave@compositor.example>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ),
        text="What a ligature costs, and who pays for it.\n\nRead it: https://compositor.example/46\n",
        html=_letter(
            '<p><img src="https://images.compositor.example/46/header.png" width="560" height="120" alt="No. 46">'
            "</p><h1 style='font-family:Georgia,serif;font-weight:normal'>What a ligature costs</h1><p>Every face"
            " that ships with <i>ffi</i> joined has somebody behind it who drew the join three times and threw two"
            " away. This week we asked four of them what the third one cost.</p><p><a"
            ' href="https://compositor.example/46">Read on</a></p><img src="https://track.compositor.example/o.gif"'
            ' width="1" height="1" alt=""><p style="font-size:12px;color:#888">You get this because you asked for'
            ' it. <a href="https://compositor.example/unsubscribe?u=demo">Leave</a></p>'
        ),
    )  # fmt: skip
    yield Letter(
        key="ci-881", sender="Build <ci@lighthouse-press.example>", to=ALICE, age_minutes=14 * HOUR,
        subject="[catalogue] build 881 passed", flags=flag.SEEN,
        headers=(("Auto-Submitted", "auto-generated"),),
        text="catalogue: build 881 passed in 2 min 14 s\n\n  lint      ok\n  tests     412 passed\n  pages     1,204 written\n",
    )  # fmt: skip
    for number, (sender, subject, text) in enumerate(_SMALL):
        yield Letter(
            key=f"small-{number}", sender=sender, to=ALICE, subject=subject, text=text,
            age_minutes=5 * DAY + number * 13 * HOUR, flags=flag.SEEN,
        )  # fmt: skip
    yield Letter(
        key="junk-1", sender="Prize Office <winner@claims.example>", to=ALICE, age_minutes=2 * DAY,
        subject="Final notice: your prize is waiting", mailbox="Junk",
        text="Send your bank details within 24 hours to claim your prize.\n",
    )  # fmt: skip


_SMALL = (
    ("Library of the Free City <desk@freecity-library.example>", "Your reservation is here", "The Mill Accounts, 1742-1761. We keep it until Saturday.\n"),
    (INES, "Photographs from the delta", "All forty, in full size. The heron is number 17.\n"),
    ("Rail <no-reply@rail.example>", "Ticket for the 08:12 to Halden", "Coach 3, seat 41, at the window.\n"),
    (TOMAS, "The fair: our table", "Hall 4, row C. There is a socket this year.\n"),
    ("Payroll <payroll@posthouse.test>", "November", "The slips are in the usual place.\n"),
    (BOB, "Index: two spellings of Meuse", "Page 88 has Maas, page 131 Meuse. I would keep both and refer.\n"),
    ("Anja Weiss <anja@weiss-binding.example>", "Thread samples", "Five colours, unbleached linen. Tell me which one holds the river.\n"),
    ("Harbour Café <hello@harbour.example>", "Table for six, confirmed", "Saturday, seven o'clock, by the window.\n"),
    (YUKI, "Paper for the Japanese edition", "We found a paper with the same tooth. Samples by post.\n"),
    ("Oskar <oskar@maps.example>", "Scale bars", "Plates 4 and 9 had miles. Now all have kilometres.\n"),
)  # fmt: skip


def _letter(body: str) -> str:
    return (
        "<!doctype html><html><body style='font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5;"
        f"color:#222;max-width:600px'>{body}</body></html>"
    )


def _picture(width: int, height: int) -> bytes:
    """A PNG of hills in three tones."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            hill = height * 0.62 + ((x * 7919) % 97) * 0.02 - abs((x % (width // 2 + 1)) - width / 4) * 0.35
            ridge = height * 0.8 - abs((x + width / 3) % (width * 0.8) - width * 0.4) * 0.2
            rows += bytes((52, 84, 70) if y > ridge else (124, 152, 120) if y > hill else (243, 231, 211))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 58>>stream\nBT /F1 18 Tf 72 760 Td (Terms for the Spanish edition) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)

_OUTSIDE = (
    Letter(
        key="ines-1", sender=INES, to=ALICE, subject="Manuscript, second part", age_minutes=95, cc=BOB,
        flags=flag.FLAGGED,
        text=(
            "Dear Alice,\n\nhere is the second part, chapters 9 to 16. Chapter 12 is shorter than promised and"
            " better for it.\nThe captions are in a file of their own so that Bob can set them.\n\nI am on the"
            " train until six; after that by telephone.\n\nInês\n\n-- \nInês Duarte\nPaper & Thread, Porto\n"
        ),
        html=_letter(
            "<p>Dear Alice,</p><p>here is the second part, <b>chapters 9 to 16</b>. Chapter 12 is shorter than"
            " promised and better for it. The captions are in a file of their own so that Bob can set them.</p>"
            "<p>I am on the train until six; after that by telephone.</p><p>Inês</p>"
            '<p style="color:#888">Inês Duarte<br>Paper &amp; Thread, Porto</p>'
        ),
        files=(
            ("chapters-9-16.txt", "text/plain", ("Chapter 9\n\nThe river does not know its name.\n" * 120).encode()),
            ("captions.csv", "text/csv", b"plate,caption\n1,The old ford\n2,The mill in flood\n3,Delta, winter\n"),
        ),
    ),
    Letter(
        key="yuki-1", sender=YUKI, to=ALICE, subject="来月の会議について", age_minutes=7 * HOUR,
        text=(
            "アリス様\n\nお世話になっております。来月の会議ですが、十二月八日の午前中はいかがでしょうか。\n"
            "日本語版の表紙案もその時にお見せできると思います。\n\n神田書房\n山田 由紀\n"
        ),
    ),
    Letter(
        key="tomas-1", sender=TOMAS, to=ALICE, subject="Rights for the Spanish edition", age_minutes=4 * DAY,
        flags=flag.SEEN | flag.ANSWERED,
        text="Dear Alice,\n\nwe would like to make an offer for the Spanish rights of the Atlas.\n\nTomás\n",
    ),
    Letter(
        key="tomas-2", sender=ALICE, to=TOMAS, subject="Re: Rights for the Spanish edition",
        age_minutes=3 * DAY + 20 * HOUR, answers=("tomas-1",), mailbox="Sent", flags=flag.SEEN,
        text=(
            "Dear Tomás,\n\nthat would please us. The Spanish and Catalan rights are free; Portuguese stays with"
            " Inês.\nCould you say something about the print run you have in mind?\n\nAlice\n"
        ),
    ),
    Letter(
        key="tomas-3", sender=TOMAS, to=ALICE, subject="Re: Rights for the Spanish edition",
        age_minutes=26 * HOUR, answers=("tomas-1", "tomas-2"), flags=flag.SEEN,
        text=(
            "Three thousand to begin with, four if the fair goes well. I attach the usual terms.\n\nTomás\n\n"
            "> Could you say something about the print run you have in mind?\n"
        ),
        files=(("terms.pdf", "application/pdf", _PDF),),
    ),
    Letter(
        key="press-1", sender=PRESS, to=ALICE, subject="Your order 20417 is in the dryer", age_minutes=30 * HOUR,
        flags=flag.SEEN, mailbox="Printing",
        text="Order 20417\n\n12 jackets, uncoated, 150 g\nReady on Thursday after 14:00\n",
        html=_letter(
            "<h2 style='margin:0 0 12px'>Order 20417 is in the dryer</h2><table width='100%' cellpadding='8'"
            " style='border-collapse:collapse'><tr style='background:#f0ede6'><th align='left'>Item</th>"
            "<th align='right'>Pieces</th><th align='right'>Price</th></tr><tr><td>Jacket, uncoated, 150 g</td>"
            "<td align='right'>12</td><td align='right'>96.00</td></tr><tr><td>Proof</td><td align='right'>1</td>"
            "<td align='right'>0.00</td></tr></table><p>Ready on <b>Thursday after 14:00</b>. Bring a flat bag.</p>"
            '<p><img src="cid:stamp@halden" width="96" height="64" alt="Halden stamp"></p>'
        ),
        inline=("stamp@halden", _picture(96, 64)),
    ),
)  # fmt: skip
