"""DMARC aggregate reports: what a receiver saw of mail that names a domain (RFC 7489 appendix C, RFC 9990).

Written for both: elements in the order of the older schema's examples, and no result that only the newer one knows.
Read by expat with hard limits: no document type (so no entities), a bounded depth, count and length. A report with
nonsense in it is refused whole; a row whose address or count is none is left out.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Sequence
from xml.parsers import expat
from xml.sax.saxutils import escape

import msgspec

from posthouse.wire.auth.dmarc_record import Record

MAX_DEPTH = 12
MAX_ELEMENTS = 150_000
MAX_ROWS = 5_000
MAX_TEXT_CHARS = 255
MAX_COUNT = 10_000_000_000

_RESULTS = frozenset({"pass", "fail"})
_DISPOSITIONS = frozenset({"none", "pass", "quarantine", "reject"})
_ROW = ("feedback", "record")
_UNWRITABLE = re.compile("[^\\x20-\\x7e\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


class BadReport(ValueError):
    """No report, or one that cannot be believed to be read rightly."""


class Row(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Mails alike. `dkim` and `spf` say whether each passed *and* is aligned; the domains are those that passed."""

    source: str
    count: int
    disposition: str
    dkim: str
    spf: str
    header_from: str
    dkim_domain: str = ""
    spf_domain: str = ""


class Aggregate(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """`begin` and `end` in seconds since 1970; rows that are alike are one."""

    reporter: str
    report_id: str
    domain: str
    policy: str
    begin: int
    end: int
    rows: tuple[Row, ...]


class AuthResult(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What one check came to, in the words of RFC 8601. `method` is spf or dkim; `detail` a selector, or the scope."""

    method: str
    domain: str
    result: str
    detail: str = ""


class Observed(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A row and how it came about. `reason` is why not what the domain asks for was done, "" where it was."""

    row: Row
    results: tuple[AuthResult, ...]
    reason: str = ""


def build(report: Aggregate, observed: Sequence[Observed], *, contact: str, record: Record) -> bytes:
    """The XML of a report; its rows are those of `observed`, `record` is what the domain publishes."""
    records = "".join(map(_record_xml, observed))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">\n'
        "<version>1.0</version>\n<report_metadata>"
        f"{_tag('org_name', report.reporter)}{_tag('email', contact)}{_tag('report_id', report.report_id)}"
        f"<date_range>{_tag('begin', report.begin)}{_tag('end', report.end)}</date_range></report_metadata>\n"
        f"<policy_published>{_tag('domain', report.domain)}"
        f"{_tag('adkim', 's' if record.is_dkim_strict else 'r')}{_tag('aspf', 's' if record.is_spf_strict else 'r')}"
        f"{_tag('p', report.policy)}{_tag('sp', record.subdomain_policy)}{_tag('np', record.missing_policy)}"
        f"{_tag('testing', 'y' if record.is_test else 'n')}</policy_published>\n{records}</feedback>\n"
    ).encode()


def _record_xml(one: Observed) -> str:
    row = one.row
    reason = f"<reason>{_tag('type', one.reason)}</reason>" if one.reason else ""
    results = "".join(
        _result_xml(result) for method in ("dkim", "spf") for result in one.results if result.method == method
    )
    return (
        f"<record><row>{_tag('source_ip', row.source)}{_tag('count', row.count)}<policy_evaluated>"
        f"{_tag('disposition', row.disposition)}{_tag('dkim', row.dkim)}{_tag('spf', row.spf)}{reason}"
        f"</policy_evaluated></row><identifiers>{_tag('header_from', row.header_from)}</identifiers>"
        f"<auth_results>{results}</auth_results></record>\n"
    )


def _result_xml(one: AuthResult) -> str:
    detail = _tag("selector" if one.method == "dkim" else "scope", one.detail) if one.detail else ""
    return f"<{one.method}>{_tag('domain', one.domain)}{detail}{_tag('result', one.result)}</{one.method}>"


def _tag(name: str, value: object) -> str:
    """What XML cannot hold becomes a blank: some of it was written by strangers."""
    return f"<{name}>{escape(_UNWRITABLE.sub(' ', str(value)))}</{name}>"


def file_name(report: Aggregate, receiver: str) -> str:
    """RFC 7489 §7.2.1.1."""
    return f"{receiver}!{report.domain}!{report.begin}!{report.end}.xml.gz"


def subject(report: Aggregate, receiver: str) -> str:
    return f"Report Domain: {report.domain} Submitter: {receiver} Report-ID: <{report.report_id}>"


def read_aggregate(xml: bytes) -> Aggregate:
    """Raises BadReport."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(xml, True)  # noqa: FBT003 expat takes it by position alone
    except expat.ExpatError as error:
        raise BadReport("no XML") from error
    return reader.report()


class _Reader:
    """Keeps the path, the texts of the report's head, and those of the record that is open."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._text: list[str] = []
        self._chars = 0
        self._elements = 0
        self._head: dict[tuple[str, ...], str] = {}
        self._record: dict[tuple[str, ...], str] = {}
        self._auth: dict[str, str] = {}
        self._passed: dict[str, str] = {}
        self._rows: Counter[Row] = Counter()

    def refuse(self, *_: object) -> None:
        raise BadReport("a document type")

    def begin(self, name: str, _: dict[str, str]) -> None:
        self._elements += 1
        self._path.append(name.rpartition(":")[2][:MAX_TEXT_CHARS])
        if len(self._path) > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise BadReport("too much")
        self._text, self._chars = [], 0

    def text(self, data: str) -> None:
        if self._chars < MAX_TEXT_CHARS:
            self._text.append(data)
            self._chars += len(data)

    def end(self, _: str) -> None:
        path = tuple(self._path)
        self._path.pop()
        value = "".join(self._text).strip()[:MAX_TEXT_CHARS]
        self._text, self._chars = [], 0
        if path[:2] != _ROW:
            self._head.setdefault(path[1:], value)
            return
        if path == _ROW:
            self._end_record()
        elif path[2:3] == ("auth_results",) and len(path) == 5:
            self._auth[path[4]] = value
        elif path[2:3] == ("auth_results",) and len(path) == 4:
            if self._auth.get("result", "").lower() == "pass":
                self._passed.setdefault(path[3], self._auth.get("domain", "").lower())
            self._auth = {}
        else:
            self._record.setdefault(path[2:], value)

    def _end_record(self) -> None:
        get = self._record.get
        count = get(("row", "count"), "")
        evaluated = ("row", "policy_evaluated")
        try:
            source = str(ipaddress.ip_address(get(("row", "source_ip"), "")))
        except ValueError:
            source = ""
        if source and count.isascii() and count.isdigit() and 0 < int(count) <= MAX_COUNT:
            row = Row(
                source=source,
                count=0,
                disposition=_among(get((*evaluated, "disposition"), ""), _DISPOSITIONS, "none"),
                dkim=_among(get((*evaluated, "dkim"), ""), _RESULTS, "fail"),
                spf=_among(get((*evaluated, "spf"), ""), _RESULTS, "fail"),
                header_from=get(("identifiers", "header_from"), "").lower(),
                dkim_domain=self._passed.get("dkim", ""),
                spf_domain=self._passed.get("spf", ""),
            )
            if row in self._rows or len(self._rows) < MAX_ROWS:
                self._rows[row] += int(count)
        self._record, self._passed, self._auth = {}, {}, {}

    def report(self) -> Aggregate:
        get = self._head.get
        begin, end = (get(("report_metadata", "date_range", name), "") for name in ("begin", "end"))
        domain = get(("policy_published", "domain"), "").lower().rstrip(".")
        report_id = get(("report_metadata", "report_id"), "")
        if not domain or not report_id or not _is_moment(begin) or not _is_moment(end):
            raise BadReport("no report's head")
        return Aggregate(
            reporter=get(("report_metadata", "org_name"), ""),
            report_id=report_id,
            domain=domain,
            policy=_among(
                get(("policy_published", "p"), ""), frozenset({"none", "quarantine", "reject"}), "none"
            ),
            begin=int(begin),
            end=int(end),
            rows=_counted(self._rows),
        )


def _counted(rows: Counter[Row]) -> tuple[Row, ...]:
    found: Sequence[tuple[Row, int]] = rows.most_common()
    return tuple(msgspec.structs.replace(row, count=count) for row, count in found)


def _is_moment(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 11


def _among(text: str, known: frozenset[str], otherwise: str) -> str:
    return text.lower() if text.lower() in known else otherwise
