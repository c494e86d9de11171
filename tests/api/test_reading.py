"""One e-mail in full, its parts, and its page."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

from tests import make
from tests.api.client import Client
from tests.cast import Cast
from tests.house import RunningHouse

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def _rich(html: str = '<p>Hi <img src="cid:pic@x"><img src="https://track.test/p.gif"></p>') -> bytes:
    picture = base64.encodebytes(PNG).decode()
    return (
        "From: Zoe <zoe@x.test>\r\nTo: alice@x.test\r\nSubject: Rich\r\nMessage-ID: <rich@x.test>\r\n"
        "Reply-To: Desk <desk@x.test>\r\nReferences: <a@x> <b@x>\r\nIn-Reply-To: <b@x>\r\n"
        "List-Unsubscribe: <https://x.test/u>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
        "--m\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
        "--r\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
        "--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHi there\r\n"
        f"--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--a--\r\n"
        "--r\r\nContent-Type: image/png\r\nContent-ID: <pic@x>\r\nContent-Disposition: inline\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{picture}\r\n--r--\r\n"
        "--m\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="../../evil \u202e.html"\r\n\r\n'
        f"{base64.b64encode(b'<script>alert(1)</script>').decode()}\r\n--m--\r\n"
    ).encode()


def test_an_email_names_everybody_it_went_to(alice: Client, cast: Cast) -> None:
    """A list is content with the first of them."""
    people = [{"name": f"Person {number}", "email": f"p{number}@x.test"} for number in range(300)]
    field = ",\r\n ".join(f"{one['name']} <{one['email']}>" for one in people)
    email_id = make.email(cast.alice, to=field, headers=f"Cc: {field}\r\n")
    email = alice.ok(alice.get(f"/emails/{email_id}/"))
    assert email["to"] == email["cc"] == people
    [same] = alice.ok(alice.get(f"/threads/{email['thread_id']}/"))["emails"]
    assert (same["to"], same["cc"], same["from"]) == (people, people, email["from"])


def test_an_email_in_full(alice: Client, cast: Cast) -> None:
    email_id = make.email(cast.alice, _rich())
    email = alice.ok(alice.get(f"/emails/{email_id}/"))
    assert email["text"].strip() == "Hi there"
    assert email["has_html"] and email["has_remote_content"] and email["has_attachment"]
    assert email["reply_to"] == [{"name": "Desk", "email": "desk@x.test"}]
    assert (email["message_id"], email["in_reply_to"], email["references"]) == (
        "rich@x.test",
        ["b@x"],
        ["a@x", "b@x"],
    )
    assert "https://x.test/u" in email["list_unsubscribe"]
    assert email["draft"] is None and email["delivery"] is None
    picture, page = email["attachments"]
    assert (picture["disposition"], picture["content_id"], picture["size_bytes"]) == (
        "inline",
        "pic@x",
        len(PNG),
    )
    assert (page["disposition"], page["preview_url"]) == ("attachment", None)
    assert "/" not in page["filename"] and "\u202e" not in page["filename"]


def test_raw_is_what_came_in(alice: Client, cast: Cast) -> None:
    raw = _rich() + b"\xff\x00 odd bytes \n no newline"
    email_id = make.email(cast.alice, raw)
    answer = alice.get(f"/emails/{email_id}/raw/")
    assert answer.body == raw
    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_parts_are_downloads_and_pictures_may_be_shown(alice: Client, anyone: Client, cast: Cast) -> None:
    email = alice.get(f"/emails/{make.email(cast.alice, _rich())}/").json
    picture, page = email["attachments"]
    shown = anyone.get(picture["preview_url"])
    assert (shown.status, shown.body, shown.headers["content-type"]) == (200, PNG, "image/png")
    assert shown.headers["content-disposition"].startswith("inline")
    saved = anyone.get(page["url"])
    assert saved.body == b"<script>alert(1)</script>"
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert "sandbox" in saved.headers["content-security-policy"]
    forced = anyone.get(page["url"] + "&preview=1")
    assert forced.headers["content-disposition"].startswith("attachment")
    with_token = alice.get(f"/emails/{email['id']}/attachments/{page['part']}/")
    assert with_token.body == saved.body


def test_signed_links_open_only_what_they_were_made_for(alice: Client, anyone: Client, cast: Cast) -> None:
    email = alice.get(f"/emails/{make.email(cast.alice, _rich())}/").json
    other = make.email(cast.alice, _rich())
    url = urlsplit(email["attachments"][0]["url"])
    sig = parse_qs(url.query)["sig"][0]
    assert anyone.get(f"/emails/{other}/attachments/1.2/", sig=sig).status == 403
    assert anyone.get(f"/emails/{email['id']}/html/", sig=sig).json["code"] == "invalid_link"
    assert anyone.get(url.path, sig=sig[:-4] + "AAAA").status == 403
    assert anyone.get(url.path).status == 401
    assert alice.get(f"/emails/{email['id']}/attachments/9/").status == 404


def test_links_end_with_the_session(house: RunningHouse, anyone: Client, cast: Cast) -> None:
    web = {"X-Posthouse-Client": "web"}
    credentials = {"email": cast.alice.email, "password": cast.alice.password}
    opened = anyone.send("POST", "/auth/session/", credentials, web)
    token = {"Authorization": f"Bearer {opened.json['access']}"}
    email_id = make.email(cast.alice, _rich())
    email = anyone.request("GET", f"/emails/{email_id}/", headers=token).json
    assert anyone.get(email["html_url"]).status == 200
    cookie = opened.cookie("posthouse_session")
    assert anyone.send("DELETE", "/auth/session/", None, {**web, "Cookie": cookie}).status == 204
    assert anyone.get(email["html_url"]).status == 401


def test_the_page_is_clean_and_loads_nothing_from_elsewhere(
    alice: Client, anyone: Client, cast: Cast
) -> None:
    html = '<p onclick="x()">Hi<script>alert(1)</script><img src="https://track.test/p.gif"><img src="cid:pic@x"></p>'
    email = alice.get(f"/emails/{make.email(cast.alice, _rich(html))}/").json
    page = anyone.get(email["html_url"])
    text = page.body.decode()
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in text and "onclick" not in text and "track.test" not in text
    assert "/attachments/1.2/?preview=1" in text
    with_images = anyone.get(email["html_url"] + "&images=1").body.decode()
    assert "/api/v1/images/?u=https%3A%2F%2Ftrack.test%2Fp.gif" in with_images
    assert 'src="https://track.test' not in with_images


def test_plain_text_has_a_page_too(alice: Client, anyone: Client, cast: Cast) -> None:
    email = alice.get(f"/emails/{make.email(cast.alice, text='a <b> https://x.test/')}/").json
    page = anyone.get(email["html_url"]).body.decode()
    assert not email["has_html"] and not email["has_remote_content"]
    assert "a &lt;b&gt;" in page and 'href="https://x.test/"' in page


def test_images_come_through_us_and_only_with_our_signature(
    alice: Client, anyone: Client, cast: Cast
) -> None:
    refused = anyone.get("/images/", u="https://x.test/a.png", sig="AAAA")
    assert refused.status == 403
    html = '<img src="http://127.0.0.1:9/a.png">'
    email = alice.get(f"/emails/{make.email(cast.alice, _rich(html))}/").json
    page = anyone.get(email["html_url"] + "&images=1").body.decode()
    url = page.partition('src="/api/v1/images/')[2].partition('"')[0].replace("&amp;", "&")
    answer = anyone.get(f"/images/{url}")
    assert (answer.status, answer.json["code"]) == (502, "fetch_failed")
    assert anyone.get(f"/images/{url.replace('127.0.0.1', '127.0.0.2')}").status == 403


def test_a_thread_in_full_is_oldest_first(alice: Client, cast: Cast) -> None:
    first = make.email(cast.alice, subject="Plan", message_id="t1@x.test")
    second = make.email(cast.alice, subject="Re: Plan", headers="In-Reply-To: <t1@x.test>\r\n")
    thread_id = alice.get(f"/emails/{first}/").json["thread_id"]
    thread = alice.ok(alice.get(f"/threads/{thread_id}/"))
    assert [email["id"] for email in thread["emails"]] == [str(first), str(second)]
    assert thread["subject"] == "Plan" and thread["emails"][0]["text"].strip() == "Good morning."


def test_flags_and_keywords_of_one_email(alice: Client, cast: Cast) -> None:
    email_id = make.email(cast.alice)
    row = alice.ok(alice.patch(f"/emails/{email_id}/", {"is_seen": True, "keywords": ["Todo", "$Label1"]}))
    assert row["is_seen"] and row["keywords"] == ["$label1", "todo"]
    row = alice.ok(alice.patch(f"/emails/{email_id}/", {"is_flagged": True, "keywords": ["todo"]}))
    assert row["is_flagged"] and row["is_seen"] and row["keywords"] == ["todo"]
    for word in ("two words", "caf\u00e9", "a\x01b", "a\x7f", "\\Seen", "a]b", "x" * 65):
        assert alice.patch(f"/emails/{email_id}/", {"keywords": [word]}).status == 400, word


def test_deleting_goes_to_trash_then_for_good(alice: Client, cast: Cast) -> None:
    email_id = make.email(cast.alice)
    assert alice.delete(f"/emails/{email_id}/").status == 204
    assert alice.get(f"/emails/{email_id}/").json["mailbox_ids"] == [str(make.mailbox(cast.alice, "trash"))]
    assert alice.delete(f"/emails/{email_id}/").status == 204
    assert alice.get(f"/emails/{email_id}/").status == 404
    other = make.email(cast.alice)
    assert alice.delete(f"/emails/{other}/?permanent=true").status == 204
    assert alice.get(f"/emails/{other}/").status == 404


def test_what_was_checked_at_arrival_is_told_from_our_own_header_alone(alice: Client, cast: Cast) -> None:
    from posthouse.wire.auth.results import Result, write

    def told(host: str, *results: Result, before: str = "Return-Path: <ann@bank.example>\r\n") -> bytes:
        received = b"Received: from x by mail.posthouse.test; Sat, 21 Nov 2026 08:00:00 +0000\r\n"
        return before.encode() + write(host, results) + received + make.message()

    host = "mail.posthouse.test"
    spf = Result(method="spf", result="fail", properties=(("smtp.mailfrom", "ann@bank.example"),))
    odd = Result(method="dkim", result="pass", properties=(("header.d", "bank.example \u202e<b>"),))
    dmarc = Result(
        method="dmarc",
        result="fail",
        properties=(("header.from", "bank.example"), ("policy.dmarc", "reject")),
    )
    shown = alice.ok(alice.get(f"/emails/{make.email(cast.alice, told(host, spf, odd, dmarc))}/"))[
        "authentication"
    ]
    assert (shown["verdict"], shown["domain"]) == ("failed", "bank.example")
    assert [(one["method"], one["result"], one["domain"], one["text"]) for one in shown["checks"]] == [
        (
            "spf",
            "fail",
            "bank.example",
            "bank.example says that the server that brought this may not send its mail.",
        ),
        ("dkim", "pass", "", "Signed by the sender, and not changed on the way."),
        ("dmarc", "fail", "bank.example", "Nothing proves that this is from bank.example."),
    ]
    for content in (
        told("other.test", dmarc),
        told(host, dmarc, before=""),
        b"Received: from y by z; Sat, 21 Nov 2026 08:00:00 +0000\r\n" + told(host, dmarc),
        make.message(),
    ):
        assert alice.ok(alice.get(f"/emails/{make.email(cast.alice, content)}/"))["authentication"] is None
