"""Archives as they lie about: every message, whole, once, in an order from which one can go on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.base.errors import Failure, Kind

pytestmark = pytest.mark.usefixtures("house")

LINE = b"From zoe@outside.test Thu Aug 22 12:36:23 2002\n"


def messages(kind: str, path: Path, after: str = "") -> list[Any]:
    from posthouse.ops import archive_files

    return list(archive_files.read(kind, path, after=after))


def mbox(folder: Path, content: bytes) -> Path:
    path = folder / "mail.mbox"
    path.write_bytes(content)
    return path


def raws(path: Path) -> list[bytes]:
    return [message.raw for message in messages("mbox", path)]


def test_an_mbox_is_cut_at_its_separators(tmp_path: Path) -> None:
    one, two = b"Subject: 1\n\nHello\n", b"Subject: 2\n\nBye\n\n\n"
    path = mbox(tmp_path, LINE + one + b"\n" + LINE + two + b"\n")

    assert raws(path) == [one.replace(b"\n", b"\r\n"), two.replace(b"\n", b"\r\n")]


def test_crlf_and_lf_mboxes_give_the_same_messages(tmp_path: Path) -> None:
    content = LINE + b"Subject: 1\n\nHello\n>From me\n\n" + LINE + b"Subject: 2\n\nBye\n\n"
    assert raws(mbox(tmp_path, content)) == raws(mbox(tmp_path, content.replace(b"\n", b"\r\n")))


@pytest.mark.parametrize(
    ("kept", "meant"),
    [
        (b">From the start", b"From the start"),
        (b">>From twice", b">From twice"),
        (b">>>From thrice", b">>From thrice"),
        (b"> From a quotation", b"> From a quotation"),
        (b">Fromage", b">Fromage"),
        (b" >From inside", b" >From inside"),
    ],
)
def test_quoted_from_lines_are_unquoted_once(tmp_path: Path, kept: bytes, meant: bytes) -> None:
    path = mbox(tmp_path, LINE + b"Subject: 1\n\n" + kept + b"\nmore\n" + kept + b"\n\n")
    assert raws(path) == [b"Subject: 1\r\n\r\n" + meant + b"\r\nmore\r\n" + meant + b"\r\n"]


@pytest.mark.parametrize(
    "line",
    [
        b"From here on it is downhill.\n",
        b"From 10:30 we are all in the garden.\n",
        b"From May 2024 on, prices go up.\n",
        b"From \n",
        b"From: somebody\n",
    ],
)
def test_a_paragraph_that_begins_with_from_is_no_separator(tmp_path: Path, line: bytes) -> None:
    body = b"Subject: 1\n\nHello\n\n" + line + b"more\n"
    path = mbox(tmp_path, LINE + body + b"\n" + LINE + b"Subject: 2\n\nBye\n")
    assert raws(path)[0] == body.replace(b"\n", b"\r\n")
    assert len(raws(path)) == 2


@pytest.mark.parametrize(
    "line",
    [
        b"From zoe@x.test Thu Aug 22 12:36:23 2002\n",
        b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011\n",
        b"From - Sat Nov 21 08:00:00 2026\n",
        b"From zoe@x.test Thu Aug 22 12:36 MET DST 2002\n",
        b"From 1234567@xxx Thu Aug 22 12:36:23 +0000 2002\n",
        b'From "Zoe Z"@x.test Thu Aug 22 12:36:23 2002 remote from y\n',
        b"From zoe@x.test Thu, 22 Aug 2002 12:36:23 +0200\n",
    ],
)
def test_programs_write_their_separators_differently(tmp_path: Path, line: bytes) -> None:
    assert len(raws(mbox(tmp_path, (line + b"Subject: 1\n\nHello\n\n") * 3))) == 3


def test_status_headers_say_what_was_read_and_the_body_does_not(tmp_path: Path) -> None:
    from posthouse.mail import flags as flag

    heads = {
        b"Status: RO\n": flag.SEEN,
        b"Status: O\n": 0,
        b"": 0,
        b"Status: RO\nX-Status: AF\n": flag.SEEN | flag.ANSWERED | flag.FLAGGED,
        b"status: ro\nx-status: T\n": flag.SEEN | flag.DRAFT,
    }
    content = b"".join(
        LINE + b"Subject: 1\n" + head + b"\nHello\n\nStatus: RO\nX-Status: F\n\n" for head in heads
    )
    for ending in (b"\n", b"\r\n"):
        found = messages("mbox", mbox(tmp_path, content.replace(b"\n", ending)))
        assert [message.flags for message in found] == list(heads.values())


def test_a_mail_is_as_old_as_its_last_server_says_or_its_separator(tmp_path: Path) -> None:
    received = b"Received: from a\n\tby b; Sat, 21 Nov 2026 08:00:00 +0000\n"
    path = mbox(tmp_path, LINE + received + b"\nx\n\n" + LINE + b"\nx\n\n" + b"From x May 5 1:00 2020\n\nx\n")
    times = [message.received_at_ms for message in messages("mbox", path)]
    assert times == [1_795_248_000_000, 1_030_019_783_000, None]


@pytest.mark.parametrize("content", [b"", b"\n", b"\n\r\n\n"])
def test_an_empty_file_has_no_messages(tmp_path: Path, content: bytes) -> None:
    assert messages("mbox", mbox(tmp_path, content)) == []


def test_a_file_that_is_no_mbox_is_one_odd_message(tmp_path: Path) -> None:
    garbage = bytes(range(256)) * 5000
    (message,) = messages("mbox", mbox(tmp_path, garbage))
    assert message.raw.replace(b"\r\n", b"\n") == garbage.replace(b"\r\n", b"\n")


def test_a_message_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from posthouse.ops import archive_files

    monkeypatch.setattr(archive_files, "MAX_MESSAGE_BYTES", 3_000_000)
    with pytest.raises(Failure) as caught:
        messages("mbox", mbox(tmp_path, b"x" * 4_000_000))
    assert caught.value.kind is Kind.TOO_LARGE


def test_mail_added_to_an_mbox_is_found_behind_the_mark(tmp_path: Path) -> None:
    """Also where the last line had no end, and an empty one was added before the next separator."""
    path = mbox(tmp_path, LINE + b"Subject: 1\n\nHello")
    (first,) = messages("mbox", path)
    with path.open("ab") as file:
        file.write(b"\n\n" + LINE + b"Subject: 2\n\nBye\n")

    (second,) = messages("mbox", path, after=first.mark)
    assert second.raw == b"Subject: 2\r\n\r\nBye\r\n"


@settings(max_examples=80)
@given(
    bodies=st.lists(
        st.lists(
            st.one_of(
                st.sampled_from([b"From me", b">From me", b"", b"\rFrom", LINE.strip(), b"\x00\xff", b">"]),
                st.binary(max_size=20).map(lambda raw: raw.replace(b"\n", b"").rstrip(b"\r")),
            ),
            max_size=6,
        ),
        max_size=5,
    ),
    cut=st.integers(0, 4),
)
def test_what_a_good_writer_wrote_comes_back_and_can_be_gone_on_with(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[list[bytes]], cut: int
) -> None:
    """mboxrd: every line of `>`s and "From " got one more `>`."""
    written, meant = b"", []
    for lines in bodies:
        content = b"Subject: x\n\n" + b"".join(line + b"\n" for line in lines)
        quoted = b"\n".join(
            b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in content.split(b"\n")
        )
        written += LINE + quoted + b"\n"
        meant.append(content.replace(b"\n", b"\r\n"))
    path = mbox(tmp_path_factory.getbasetemp(), written)

    found = messages("mbox", path)
    assert [message.raw for message in found] == meant
    if cut < len(found):
        rest = messages("mbox", path, after=found[cut].mark)
        assert [message.raw for message in rest] == meant[cut + 1 :]


@settings(max_examples=60)
@given(content=st.binary(max_size=400))
def test_no_bytes_break_the_reader_and_none_are_lost(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    found = messages("mbox", mbox(tmp_path_factory.getbasetemp(), content))
    assert len(found) <= content.count(b"From ") + 1


# --- Maildir ----------------------------------------------------------------------------------------


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for folder in (".", ".Sent", ".Work.2024", ".Pr&APw-fung"):
        for sub in ("cur", "new", "tmp"):
            (tmp_path / folder / sub).mkdir(parents=True)
    put(tmp_path / "cur" / "1000.a:2,S", "1")
    put(tmp_path / "new" / "1001.b", "2")
    put(tmp_path / "cur" / "1002.c:2,FRS", "3")
    put(tmp_path / "tmp" / "1003.d", "never delivered")
    put(tmp_path / "cur" / ".hidden", "no mail")
    put(tmp_path / ".Sent" / "cur" / "1000.e:2,DPS", "4")
    put(tmp_path / ".Work.2024" / "new" / "1000.f", "5")
    put(tmp_path / ".Pr&APw-fung" / "cur" / "1000.g:2,", "6")
    put(tmp_path / "dovecot-uidlist", "no mail")
    return tmp_path


def put(path: Path, subject: str) -> None:
    path.write_bytes(f"Subject: {subject}\n\nx\n".encode())


def _subjects(found: list[Any]) -> list[str]:
    return [message.raw.split(b"\r\n")[0].decode().removeprefix("Subject: ") for message in found]


def test_a_maildir_has_folders_and_flags(maildir: Path) -> None:
    from posthouse.mail import flags as flag

    found = messages("maildir", maildir)

    assert {subject: message.mailbox for subject, message in zip(_subjects(found), found, strict=True)} == {
        "1": "", "2": "", "3": "", "4": "Sent", "5": "Work/2024", "6": "Prüfung",
    }  # fmt: skip
    assert _subjects(found)[:3] == ["1", "2", "3"], "by arrival, whether read or not"
    bits = {subject: message.flags for subject, message in zip(_subjects(found), found, strict=True)}
    assert bits == {
        "1": flag.SEEN,
        "2": 0,
        "3": flag.SEEN | flag.FLAGGED | flag.ANSWERED,
        "4": flag.SEEN | flag.DRAFT | flag.FORWARDED,
        "5": 0,
        "6": 0,
    }


def test_a_maildir_that_lives_on_loses_nothing(maildir: Path) -> None:
    """While we read, the mail we stopped at was deleted, one was read, and new mail came into an early folder."""
    found = messages("maildir", maildir)
    stopped = found[_subjects(found).index("4")]
    (maildir / ".Sent" / "cur" / "1000.e:2,DPS").unlink()
    (maildir / "new" / "1001.b").rename(maildir / "cur" / "1001.b:2,S")
    put(maildir / "new" / "1004.h", "7")

    rest = _subjects(messages("maildir", maildir, after=stopped.mark))

    read_before = set(_subjects(found)[: _subjects(found).index("4") + 1])
    assert sorted(rest) == sorted({"1", "2", "3", "4", "5", "6", "7"} - read_before)
    assert messages("maildir", maildir, after=messages("maildir", maildir)[-1].mark) == []


# --- .eml files --------------------------------------------------------------------------------------


NAMES = ["Work/y.eml", "Work-2024/x.eml", "a b.eml", "a/b.eml", "a.eml", "Z.EML", "Work/sub/z.eml"]


@pytest.fixture
def eml_folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        put(tmp_path / name, name)
    put(tmp_path / "notes.txt", "no mail")
    put(tmp_path / "._a.eml", "a Mac's notes on a.eml")
    return tmp_path


def test_a_folder_of_eml_files_is_read_whole_from_any_mark(eml_folder: Path) -> None:
    """The order of names and the order of marks are one, though "-" sorts before "/" and folders after files."""
    found = messages("eml", eml_folder)
    assert sorted(_subjects(found)) == sorted(NAMES)
    for number, message in enumerate(found):
        rest = messages("eml", eml_folder, after=message.mark)
        assert _subjects(rest) == _subjects(found)[number + 1 :]
    assert {message.mailbox for message in found} == {"", "Work", "Work-2024", "a", "Work/sub"}


def test_one_eml_file_is_an_archive_too(eml_folder: Path) -> None:
    (message,) = messages("eml", eml_folder / "a.eml")
    assert (message.raw, message.mailbox) == (b"Subject: a.eml\r\n\r\nx\r\n", "")
    assert messages("eml", eml_folder / "a.eml", after=message.mark) == []


def test_names_that_are_no_text_are_read_all_the_same(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9\x01"
    Path(os.fsdecode(folder)).mkdir()
    put(Path(os.fsdecode(folder + b"/m\xff.eml")), "odd name")

    (message,) = messages("eml", tmp_path)
    assert message.mark.encode()
    assert message.mailbox.isprintable()


@pytest.mark.parametrize("kind", ["mbox", "maildir", "eml", "tar"])
def test_what_is_not_there_is_said_plainly(tmp_path: Path, kind: str) -> None:
    from posthouse.ops import archive_files

    with pytest.raises(Failure) as caught:
        archive_files.total_bytes(kind, tmp_path / "nothing")
    assert caught.value.code == "no_such_archive"


def test_a_file_that_goes_while_it_is_read_is_said_plainly(eml_folder: Path) -> None:
    from posthouse.ops import archive_files

    reader = archive_files.read("eml", eml_folder, after="")
    next(reader)
    for name in NAMES:
        (eml_folder / name).unlink()
    with pytest.raises(Failure) as caught:
        list(reader)
    assert caught.value.code == "archive_unreadable"
    assert "again" in caught.value.message
