"""Every setting, read from the environment once, checked all together.

The only place that reads `os.environ`. `load()` gives a frozen `Env` or raises `Misconfigured` with every fault
in one message, so that nobody mends them one start at a time.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from posthouse.config.env_mail import MailDoors, SocketPath, lmtp_listener, mail_doors, reporters

DEFAULT_LISTENERS = {
    "http": "127.0.0.1:8000",
    "mx": "127.0.0.1:2525",
    "submission": "127.0.0.1:2587",
    "submissions": "127.0.0.1:2465",
    "imap": "127.0.0.1:2143",
    "imaps": "127.0.0.1:2993",
}
LOG_LEVELS = ("info", "debug", "warning", "error")
DNSSEC = {"auto": None, "trust": True, "off": False}
_NAME = re.compile(
    r"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", re.I
)


MAX_MX_PROCESSES = 3


class Misconfigured(Exception):
    """Carries every fault found, one per line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("The configuration has faults:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Endpoint:
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderChecks:
    """What the MX door makes of who sends, and whether that is sealed when mail is passed on.

    `trusted_peers` None: loopback and private networks; empty: nobody. What `unjudged_peers` bring is never junk.
    """

    is_on: bool
    trusted_peers: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] | None
    dmarc: str
    arc_trusted: tuple[str, ...]
    seals_arc: bool
    unjudged_peers: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Env:
    data: Path
    debug: bool
    hostname: str
    secret_key: str = field(repr=False)
    old_secret_keys: tuple[str, ...] = field(repr=False)
    origins: tuple[str, ...]
    passkey_domain: str
    allowed_hosts: tuple[str, ...]
    listeners: dict[str, Endpoint | SocketPath | None]
    mail_doors: MailDoors
    database: dict[str, object] | None = field(repr=False)
    relay: Endpoint | None
    relay_user: str
    relay_password: str = field(repr=False)
    relay_tls: bool
    routes: dict[str, Endpoint]
    dane_required: frozenset[str]
    retry_seconds: tuple[int, ...] | None
    delay_notice_seconds: int
    dns: Endpoint | None
    dnssec: bool | None
    allow_nets: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    max_message_bytes: int
    rates: dict[str, tuple[int, float]] | None
    tls_certificate: Path | None
    tls_key: Path | None
    plaintext_login: bool
    log_level: str
    node: int
    mx_processes: int
    audit_days: int
    operator_mfa: bool
    health_token: str = field(repr=False)
    metrics_token: str = field(repr=False)
    trusted_proxies: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    rspamd: Endpoint | None
    clamav: Endpoint | None
    senders: SenderChecks
    reporters: dict[str, tuple[str, str]]
    slow_query_ms: int
    slow_request_ms: int
    demo: bool = False


class _Reader:
    """Reads one variable at a time and collects what is wrong with it."""

    def __init__(self, source: Mapping[str, str]) -> None:
        self.source = source
        self.faults: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.source.get(name, "").strip() or default

    def boolean(self, name: str, *, default: bool) -> bool:
        value = self.text(name).lower()
        if value in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
            return default if not value else value in ("1", "true", "yes", "on")
        self.faults.append(f"{name}={value!r} is neither true nor false.")
        return default

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        value = self.text(name)
        if not value:
            return default
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            self.faults.append(f"{name}={value!r} is not a whole number from {low} to {high}.")
            return default
        return int(value)

    def optional_endpoint(self, name: str) -> Endpoint | None:
        value = self.text(name)
        return self.endpoint(name, value) if value else None

    def endpoint(self, name: str, value: str) -> Endpoint | None:
        host, colon, port = value.rpartition(":")
        host = host.strip("[]")
        if not colon or not host or not port.isascii() or not port.isdigit() or not 0 <= int(port) <= 65535:
            self.faults.append(f"{name}={value!r} is not HOST:PORT.")
            return None
        return Endpoint(host, int(port))

    def resolver(self, name: str) -> Endpoint | None:
        """An address: a name would have to be asked for where it leads."""
        endpoint = self.optional_endpoint(name)
        if endpoint is not None and not _is_address(endpoint.host):
            self.faults.append(
                f"{name}={str(endpoint)!r}: a resolver is given by its address, as 127.0.0.1:53."
            )
        return endpoint

    def url(self, name: str, value: str) -> SplitResult | None:
        """None for what is none."""
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError as error:
            self.faults.append(f"{name} is no address of the kind it should be: {error}.")
            return None
        return parts

    def path(self, name: str) -> Path | None:
        value = self.text(name)
        if not value:
            return None
        path = Path(value)
        if not path.is_file():
            self.faults.append(f"{name}={value!r} is not a file.")
        return path

    def routes(self, name: str) -> dict[str, Endpoint]:
        routes: dict[str, Endpoint] = {}
        for item in self.text(name).split():
            domain, equals, target = item.partition("=")
            if not equals or not (domain == "*" or _NAME.match(domain)):
                self.faults.append(f"{name}: {item!r} is not DOMAIN=HOST:PORT.")
                continue
            endpoint = self.endpoint(name, target)
            if endpoint:
                routes[domain.lower()] = endpoint
        return routes

    def numbers(self, name: str) -> tuple[int, ...] | None:
        value = self.text(name)
        if not value:
            return None
        if not re.fullmatch(r"\d{1,7}(,\d{1,7})*", value):
            self.faults.append(f"{name}={value!r} is not a list of seconds such as 60,300,900.")
            return None
        return tuple(int(item) for item in value.split(","))

    def rates(
        self, name: str, *, names: tuple[str, ...] = ("general", "search", "send", "chat")
    ) -> dict[str, tuple[int, float]] | None:
        """`general=1200/60 send=500/3600` as quota and seconds; None for `off`."""
        value = self.text(name)
        if value.lower() == "off":
            return None
        found: dict[str, tuple[int, float]] = {}
        for item in value.split():
            match = re.fullmatch(rf"({'|'.join(names)})=([1-9]\d{{0,8}})/([1-9]\d{{0,5}})", item)
            if match is None:
                known = f"{', '.join(names[:-1])} or {names[-1]}"
                self.faults.append(f"{name}: {item!r} is not {known}=QUOTA/SECONDS.")
            else:
                found[match[1]] = (int(match[2]), float(match[3]))
        return found

    def networks(self, name: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        networks = []
        for item in re.split(r"[\s,]+", self.text(name)):
            try:
                networks += [ipaddress.ip_network(item, strict=False)] if item else []
            except ValueError:
                self.faults.append(f"{name}: {item!r} is not a network such as 10.0.0.0/8.")
        return tuple(networks)

    def choice(self, name: str, *choices: str) -> str:
        """One of some words, the first by default."""
        value = self.text(name, choices[0]).lower()
        if value not in choices:
            self.faults.append(f"{name}={value!r} is not {', '.join(choices[:-1])} or {choices[-1]}.")
        return value

    def names(self, name: str) -> tuple[str, ...]:
        names = [item.lower() for item in re.split(r"[\s,]+", self.text(name)) if item]
        self.faults += [f"{name}: {item!r} is not a domain." for item in names if not _NAME.match(item)]
        return tuple(names)


def _sender_checks(reader: _Reader) -> SenderChecks:
    name = "POSTHOUSE_TRUSTED_PEERS"
    peers = reader.text(name, "private").lower()
    return SenderChecks(
        is_on=reader.boolean("POSTHOUSE_CHECK_SENDERS", default=True),
        trusted_peers=None if peers == "private" else () if peers == "none" else reader.networks(name),
        dmarc=reader.choice("POSTHOUSE_DMARC", "junk", "enforce", "off"),
        arc_trusted=reader.names("POSTHOUSE_ARC_TRUSTED"),
        seals_arc=reader.boolean("POSTHOUSE_ARC_SEAL", default=False),
        unjudged_peers=reader.networks("POSTHOUSE_UNJUDGED_PEERS"),
    )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _database(reader: _Reader) -> dict[str, object] | None:
    """PostgreSQL by URL or by the DB_* variables of requirement M20; None means SQLite in the data folder."""
    url = reader.text("POSTHOUSE_DATABASE_URL")
    if url:
        parts = reader.url("POSTHOUSE_DATABASE_URL", url)
        if parts is None:
            return None
        if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
            reader.faults.append("POSTHOUSE_DATABASE_URL is not postgresql://user:password@host:port/name.")
            return None
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.strip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": parts.port or "",
        }
    if reader.text("DB_NAME"):
        names = {
            "NAME": "DB_NAME",
            "USER": "DB_USER",
            "PASSWORD": "DB_PASSWORD",
            "HOST": "DB_HOST",
            "PORT": "DB_PORT",
        }
        found: dict[str, object] = {key: reader.text(name) for key, name in names.items()}
        return {"ENGINE": "django.db.backends.postgresql"} | found
    return None


def _listeners(reader: _Reader) -> dict[str, Endpoint | SocketPath | None]:
    """Each as HOST:PORT; `off` leaves a door shut."""
    listeners: dict[str, Endpoint | SocketPath | None] = {}
    for name, default in DEFAULT_LISTENERS.items():
        variable = f"POSTHOUSE_{name.upper()}"
        value = reader.text(variable, default)
        listeners[name] = None if value.lower() == "off" else reader.endpoint(variable, value)
    listeners["lmtp"] = lmtp_listener(reader)
    taken: dict[str, str] = {}
    for name, endpoint in listeners.items():
        if not isinstance(endpoint, Endpoint) or endpoint.port == 0:
            continue
        other = taken.setdefault(str(endpoint), name)
        if other != name:
            reader.faults.append(f"{other} and {name} both listen on {endpoint}.")
    return listeners


def _secret_key(reader: _Reader, data: Path) -> str:
    """SECRET_KEY, or one made on first start and kept in the data folder (mode 600)."""
    given = reader.text("SECRET_KEY") or reader.text("POSTHOUSE_SECRET_KEY")
    if given:
        if len(given) < 32:
            reader.faults.append("SECRET_KEY is shorter than 32 characters.")
        return given
    path = data / "secret_key"
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make_key(path)
        return path.read_text().strip()
    except OSError as error:
        reader.faults.append(f"POSTHOUSE_DATA={str(data)!r} cannot be used: {error.strerror}.")
        return "unusable" * 8


def _token(reader: _Reader, name: str) -> str:
    """A word that opens a door to a program; empty leaves the door shut."""
    value = reader.text(name)
    if value and (len(value) < 16 or not value.isascii() or " " in value):
        reader.faults.append(f"{name} has fewer than 16 characters, or blanks.")
    return value


def _make_key(path: Path) -> None:
    """Two that start together agree on one."""
    with contextlib.suppress(FileExistsError):
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())


def _origins(reader: _Reader, hostname: str, http: Endpoint | None) -> tuple[str, ...]:
    """Where browsers find us, the first one first: passkeys answer to no other address."""
    given = reader.text("POSTHOUSE_ORIGIN")
    if not given:
        local = (f"http://localhost:{http.port}",) if http is not None else ()
        return local if hostname == "localhost" else (f"https://{hostname}",)
    origins = tuple(re.split(r"[\s,]+", given))
    for origin in origins:
        parts = reader.url("POSTHOUSE_ORIGIN", origin)
        if parts is not None and (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or f"{parts.scheme}://{parts.netloc}" != origin
        ):
            reader.faults.append(f"POSTHOUSE_ORIGIN: {origin!r} is not like https://mail.example.org.")
    return origins


def _host_of(origins: tuple[str, ...]) -> str:
    try:
        return urlsplit(origins[0]).hostname or "" if origins else ""
    except ValueError:  # named among the faults
        return ""


def _relay(reader: _Reader) -> Endpoint | None:
    text = reader.text("POSTHOUSE_RELAY")
    if not text and reader.text("EMAIL_HOST"):
        text = f"{reader.text('EMAIL_HOST')}:{reader.text('EMAIL_PORT', '25')}"
    return reader.endpoint("POSTHOUSE_RELAY", text) if text else None


def _dane_required(reader: _Reader) -> frozenset[str]:
    name = "POSTHOUSE_DANE_REQUIRED"
    domains = frozenset(("*",)) if reader.text(name) == "*" else frozenset(reader.names(name))
    if domains and reader.text("POSTHOUSE_DNSSEC").lower() == "off":
        reader.faults.append(f"{name} needs DNSSEC: with POSTHOUSE_DNSSEC=off its mail would never leave.")
    return domains


def _spare_core() -> int:
    return min(1, len(os.sched_getaffinity(0)) - 1) if hasattr(os, "sched_getaffinity") else 0


def _certificate(reader: _Reader) -> tuple[Path | None, Path | None]:
    certificate, key = reader.path("POSTHOUSE_TLS_CERTIFICATE"), reader.path("POSTHOUSE_TLS_KEY")
    if (certificate is None) != (key is None):
        reader.faults.append(
            "POSTHOUSE_TLS_CERTIFICATE and POSTHOUSE_TLS_KEY belong together: one is missing."
        )
    elif certificate is not None and key is not None and certificate.is_file() and key.is_file():
        reader.faults += _why_no_pair(certificate, key)
    return certificate, key


def _why_no_pair(certificate: Path, key: Path) -> list[str]:
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: "")
    except ssl.SSLError as error:
        words = "the key is another certificate's"
        if error.reason != "KEY_VALUES_MISMATCH":
            words = "they are not both PEM files, the key without a password"
    except OSError as error:
        words = error.strerror or "they cannot be read"
    else:
        return []
    names = f"POSTHOUSE_TLS_CERTIFICATE={str(certificate)!r} and POSTHOUSE_TLS_KEY={str(key)!r}"
    return [f"{names} cannot be used: {words}."]


def load(source: Mapping[str, str] | None = None) -> Env:
    """Read and check everything; raises Misconfigured naming every fault."""
    reader = _Reader(os.environ if source is None else source)
    data = Path(reader.text("POSTHOUSE_DATA", "data")).absolute()
    hostname = reader.text("POSTHOUSE_HOSTNAME", "localhost")
    if not _NAME.match(hostname):
        reader.faults.append(f"POSTHOUSE_HOSTNAME={hostname!r} is not a host name.")
    certificate, key = _certificate(reader)
    listeners = _listeners(reader)
    http = listeners["http"]
    origins = _origins(reader, hostname, http if isinstance(http, Endpoint) else None)
    env = Env(
        data=data,
        debug=reader.boolean("DEBUG", default=False),
        hostname=hostname,
        secret_key=_secret_key(reader, data),
        old_secret_keys=tuple(reader.text("POSTHOUSE_OLD_SECRET_KEYS").split()),
        origins=origins,
        passkey_domain=_host_of(origins) or hostname,
        allowed_hosts=tuple(re.split(r"[\s,]+", reader.text("ALLOWED_HOSTS", "*"))),
        listeners=listeners,
        mail_doors=mail_doors(reader),
        database=_database(reader),
        relay=_relay(reader),
        relay_user=reader.text("POSTHOUSE_RELAY_USER") or reader.text("EMAIL_HOST_USER"),
        relay_password=reader.text("POSTHOUSE_RELAY_PASSWORD") or reader.text("EMAIL_HOST_PASSWORD"),
        relay_tls=reader.boolean("EMAIL_USE_TLS", default=False),
        routes=reader.routes("POSTHOUSE_ROUTES"),
        dane_required=_dane_required(reader),
        retry_seconds=reader.numbers("POSTHOUSE_RETRY"),
        delay_notice_seconds=reader.number("POSTHOUSE_DELAY_NOTICE", 14_400, low=0, high=432_000),
        dns=reader.resolver("POSTHOUSE_DNS"),
        dnssec=DNSSEC.get(reader.choice("POSTHOUSE_DNSSEC", *DNSSEC)),
        allow_nets=reader.networks("POSTHOUSE_ALLOW_NETS"),
        max_message_bytes=reader.number(
            "POSTHOUSE_MAX_MESSAGE_BYTES", 50_000_000, low=65_536, high=1_000_000_000
        ),
        rates=reader.rates("POSTHOUSE_RATES"),
        tls_certificate=certificate,
        tls_key=key,
        plaintext_login=reader.boolean("POSTHOUSE_PLAINTEXT_LOGIN", default=False),
        log_level=reader.choice("POSTHOUSE_LOG_LEVEL", *LOG_LEVELS),
        node=reader.number("POSTHOUSE_NODE", 0, low=0, high=1023),
        mx_processes=reader.number("POSTHOUSE_MX_PROCESSES", _spare_core(), low=0, high=MAX_MX_PROCESSES),
        health_token=_token(reader, "POSTHOUSE_HEALTH_TOKEN"),
        metrics_token=_token(reader, "POSTHOUSE_METRICS_TOKEN"),
        trusted_proxies=reader.networks("POSTHOUSE_TRUSTED_PROXIES"),
        rspamd=reader.optional_endpoint("POSTHOUSE_RSPAMD"),
        clamav=reader.optional_endpoint("POSTHOUSE_CLAMAV"),
        senders=_sender_checks(reader),
        reporters=reporters(reader),
        slow_query_ms=reader.number("POSTHOUSE_SLOW_QUERY_MS", 100, low=0, high=600_000),
        slow_request_ms=reader.number("POSTHOUSE_SLOW_REQUEST_MS", 1_000, low=0, high=600_000),
        audit_days=reader.number("POSTHOUSE_AUDIT_DAYS", 730, low=0, high=100_000),
        operator_mfa=reader.boolean("POSTHOUSE_OPERATOR_MFA", default=False),
        demo=reader.boolean("POSTHOUSE_DEMO", default=False),
    )
    if reader.faults:
        raise Misconfigured(reader.faults)
    return env
