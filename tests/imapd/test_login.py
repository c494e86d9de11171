import base64

import pytest

from tests.cast import PASSWORD


def _plain(email: str, password: str = PASSWORD) -> bytes:
    return base64.b64encode(f"\0{email}\0{password}".encode())


@pytest.mark.rfc("9051 §6.1", "9051 §7.1")
def test_the_greeting_tells_what_a_stranger_can_do(connect):
    greeting = connect(is_stranger=True).greeting
    assert greeting.startswith(b"* OK [CAPABILITY IMAP4rev1 ")
    assert b" STARTTLS" in greeting and b"AUTH=PLAIN" in greeting
    assert b"UIDPLUS" not in greeting


@pytest.mark.rfc("9051 §6.1", "9051 §6.2")
def test_login_gives_the_capabilities_of_those_known(connect, cast):
    client = connect(is_stranger=True)
    answer = client.ok(f'LOGIN {cast.alice.email} "{PASSWORD}"'.encode())
    assert b"[CAPABILITY " in answer.tagged and b" UIDPLUS " in answer.tagged
    assert b"STARTTLS" not in answer.tagged


@pytest.mark.rfc("9051 §6.2", "9051 §4.3")
def test_login_takes_literals(connect, cast):
    client = connect(is_stranger=True)
    email = cast.alice.email.encode()
    client.send(b"a LOGIN {%d}\r\n" % len(email))
    assert client.line().startswith(b"+ ")
    client.send(email + b" {%d}\r\n" % len(PASSWORD))
    assert client.line().startswith(b"+ ")
    client.send(PASSWORD.encode() + b"\r\n")
    assert client.line().startswith(b"a OK ")


@pytest.mark.rfc("4616", "4959", "9051 §6.2")
def test_authenticate_plain_with_and_without_initial_response(connect, cast):
    client = connect(is_stranger=True)
    assert client.run(b"AUTHENTICATE PLAIN " + _plain(cast.alice.email)).is_ok
    client = connect(is_stranger=True)
    client.send(b"a AUTHENTICATE PLAIN\r\n")
    assert client.line() == b"+ "
    client.send(_plain(cast.alice.email) + b"\r\n")
    assert client.line().startswith(b"a OK ")


@pytest.mark.rfc("9051 §6.2")
@pytest.mark.parametrize("at_once", [True, False])
def test_authenticate_login(connect, cast, at_once):
    client = connect(is_stranger=True)
    name = base64.b64encode(cast.alice.email.encode())
    client.send(b"a AUTHENTICATE LOGIN" + (b" " + name if at_once else b"") + b"\r\n")
    if not at_once:
        assert base64.b64decode(client.line()[2:]) == b"Username:"
        client.send(name + b"\r\n")
    assert base64.b64decode(client.line()[2:]) == b"Password:"
    client.send(base64.b64encode(PASSWORD.encode()) + b"\r\n")
    assert client.line().startswith(b"a OK ")


@pytest.mark.rfc("9051 §6.2")
def test_authenticate_can_be_cancelled(connect, cast):
    client = connect(is_stranger=True)
    client.send(b"a AUTHENTICATE PLAIN\r\n")
    client.line()
    client.send(b"*\r\n")
    assert client.line().startswith(b"a BAD ")
    client.log_in(cast.alice.email, PASSWORD)


@pytest.mark.parametrize("line", [b"no base64!", b"AAAA", base64.b64encode(b"\0\xff\0x")])
def test_nonsense_as_credentials_is_refused(connect, line):
    client = connect(is_stranger=True)
    client.send(b"a AUTHENTICATE PLAIN\r\n")
    client.line()
    client.send(line + b"\r\n")
    assert client.line().startswith(b"a BAD ")


@pytest.mark.rfc("5530")
def test_every_wrong_login_gets_the_same_words(connect, cast):
    answers = set()
    for email in (cast.alice.email, "nobody@nowhere.test", "not an address", ""):
        client = connect(is_stranger=True)
        answers.add(client.run(f'LOGIN "{email}" "wrong password"'.encode()).tagged)
    assert len(answers) == 1
    assert answers.pop().startswith(b"NO [AUTHENTICATIONFAILED] ")


def test_acting_for_another_is_refused(connect, cast):
    client = connect(is_stranger=True)
    sent = base64.b64encode(f"{cast.bob.email}\0{cast.alice.email}\0{PASSWORD}".encode())
    assert client.run(b"AUTHENTICATE PLAIN " + sent).tagged.startswith(b"NO [AUTHENTICATIONFAILED]")


def test_a_guesser_is_shown_out(connect, cast):
    client = connect(is_stranger=True)
    for _ in range(2):
        assert client.run(f"LOGIN {cast.alice.email} wrong".encode()).tagged.startswith(b"NO ")
    client.send(f"c LOGIN {cast.alice.email} wrong\r\n".encode())
    lines = client.wait_closed()
    assert lines[0].startswith(b"c NO ") and lines[1].startswith(b"* BYE Too many")


@pytest.mark.rfc("9051 §3")
def test_a_stranger_can_do_nothing_else(connect):
    client = connect(is_stranger=True)
    for line in (
        b'LIST "" *',
        b"SELECT INBOX",
        b"STATUS INBOX (MESSAGES)",
        b"FETCH 1 FLAGS",
        b"IDLE",
        b"ENABLE CONDSTORE",
    ):
        assert client.run(line).tagged.startswith(b"BAD "), line


@pytest.mark.rfc("9051 §3")
def test_one_cannot_log_in_twice(connect, cast):
    client = connect(select=None)
    assert client.run(f'LOGIN {cast.bob.email} "{PASSWORD}"'.encode()).tagged.startswith(b"BAD ")


def test_an_unknown_mechanism_is_refused(connect):
    assert connect(is_stranger=True).run(b"AUTHENTICATE CRAM-MD5").tagged.startswith(b"NO ")


@pytest.mark.rfc("9051 §6.2.1")
def test_starttls_then_login(connect, cast):
    client = connect(is_stranger=True)
    client.ok(b"STARTTLS")
    client.wrap()
    capability = client.ok(b"CAPABILITY").untagged[0]
    assert b"STARTTLS" not in capability and b"AUTH=PLAIN" in capability
    client.log_in(cast.alice.email, PASSWORD)
    assert client.run(b"STARTTLS").tagged.startswith(b"BAD ")


@pytest.mark.rfc("9051 §6.2.1")
def test_what_a_program_is_called_is_not_taken_from_before_tls(connect, cast):
    from posthouse.identity import live_clients

    client = connect(is_stranger=True)
    client.ok(b'ID ("name" "Forged")')
    client.ok(b"STARTTLS")
    client.wrap()
    client.log_in(cast.alice.email, PASSWORD)
    assert [one.client for one in live_clients.clients_of(cast.alice.actor)] == [""]
    client.ok(b'ID ("name" "Real")')
    assert [one.client for one in live_clients.clients_of(cast.alice.actor)] == ["Real"]


@pytest.mark.rfc("9051 §6.2.1")
def test_commands_smuggled_before_tls_are_forgotten(connect, cast):
    client = connect(is_stranger=True)
    client.send(b"a STARTTLS\r\n" + f'b LOGIN {cast.alice.email} "{PASSWORD}"\r\n'.encode())
    assert client.line().startswith(b"a OK ")
    client.wrap()
    assert client.run(b'LIST "" *').tagged.startswith(b"BAD ")
    assert client.ok(b"NOOP").untagged == []


def test_implicit_tls(connect, cast):
    client = connect(tls=True)
    assert client.ok(b"NOOP")


@pytest.mark.rfc("2971")
def test_id_takes_nil_and_an_empty_list(connect):
    client = connect(is_stranger=True)
    for line in (b"ID NIL", b"ID ()", b'ID ("name" "Thunderbird" "version" "140")'):
        assert client.ok(line).untagged == [b'* ID ("name" "Posthouse")']


@pytest.mark.rfc("9051 §6.1")
def test_logout_says_bye_with_words_first(connect):
    client = connect()
    client.send(b"z LOGOUT\r\n")
    bye, done = client.wait_closed()
    assert bye.startswith(b"* BYE ") and len(bye) > 8
    assert done.startswith(b"z OK ")
