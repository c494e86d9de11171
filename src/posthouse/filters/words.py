"""A condition in plain words, for whoever asks why."""

from __future__ import annotations

from posthouse.filters.language import Condition, Field, Op

NO_CONDITION = "No condition had to be met."
_FIELDS = {
    Field.FROM: "From",
    Field.TO: "To or Cc",
    Field.RECIPIENT: "A recipient",
    Field.SUBJECT: "Subject",
    Field.BODY: "Text",
    Field.LIST: "List",
}
_VERBS = {
    Op.CONTAINS: ("contains", "does not contain"),
    Op.IS: ("is", "is not"),
    Op.STARTS: ("starts with", "does not start with"),
    Op.ENDS: ("ends with", "does not end with"),
    Op.MATCHES: ("matches", "does not match"),
    Op.EXISTS: ("is there", "is not there"),
    Op.OVER: ("is over", "is not over"),
    Op.UNDER: ("is under", "is not under"),
}


def condition(one: Condition) -> str:
    verb = _VERBS[one.op][one.is_negated]
    match one.field:
        case Field.ATTACHMENT:
            return "It has no attachment" if one.is_negated else "It has an attachment"
        case Field.ALONE:
            return "It is not for you alone" if one.is_negated else "It is for you alone"
        case Field.SPAM:
            return "The filter did not take it for junk" if one.is_negated else "The filter took it for junk"
        case Field.SCORE:
            return f"Its junk score {verb} {one.score:g}"
        case Field.SIZE:
            return f"Size {verb} {one.size_bytes:,} bytes"
    name = one.header if one.field is Field.HEADER else _FIELDS[one.field]
    return f"{name} {verb}" if one.op is Op.EXISTS else f"{name} {verb} “{one.value}”"
