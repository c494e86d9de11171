"""Whether a client of the last release still works: its schema compared with the present one. `make check` runs it.

Breaking is what GitHub's list calls so: an operation, parameter or answer's field that is gone, a type that changed, a
value that an answer had and a request may no longer have, a parameter or body field that is newly required. What is
added is no break. A break on purpose takes a new version in the path, or a line in `docs/api/breaks.txt` that says why.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RELEASED = max(
    (ROOT / "docs" / "api").glob("openapi-*.json"),
    key=lambda path: [int(part) for part in path.stem.removeprefix("openapi-").split(".")],
)
"""A release copies openapi.json there under its number; the newest counts."""
ALLOWED = ROOT / "docs" / "api" / "breaks.txt"
METHODS = ("get", "post", "put", "patch", "delete")


def breaks(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for path, operations in old["paths"].items():
        for method, before in operations.items():
            if method not in METHODS:
                continue
            name = f"{method.upper()} {path}"
            after = new["paths"].get(path, {}).get(method)
            if after is None:
                yield f"{name}: is gone"
                continue
            yield from _parameters(name, before, after)
            yield from _bodies(name, before, after, old, new)
            yield from _answers(name, before, after, old, new)


def _parameters(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    old = {(p["in"], p["name"]): p for p in before.get("parameters", ())}
    new = {(p["in"], p["name"]): p for p in after.get("parameters", ())}
    for key, parameter in old.items():
        if key not in new:
            yield f"{name}: the parameter {key[1]} is gone"
        elif set(parameter["schema"].get("enum", ())) - set(
            new[key]["schema"].get("enum", parameter["schema"].get("enum", ()))
        ):
            yield f"{name}: the parameter {key[1]} takes fewer values"
    for key, parameter in new.items():
        if parameter.get("required") and not old.get(key, {}).get("required"):
            yield f"{name}: the parameter {key[1]} is newly required"


def _bodies(
    name: str, before: dict[str, Any], after: dict[str, Any], old: dict[str, Any], new: dict[str, Any]
) -> Iterator[str]:
    for media, content in before.get("requestBody", {}).get("content", {}).items():
        present = after.get("requestBody", {}).get("content", {}).get(media)
        if present is None:
            yield f"{name}: takes no {media} any more"
        else:
            yield from _shapes(
                f"{name}: body", content["schema"], present["schema"], old, new, is_answer=False
            )


def _answers(
    name: str, before: dict[str, Any], after: dict[str, Any], old: dict[str, Any], new: dict[str, Any]
) -> Iterator[str]:
    for status, response in before["responses"].items():
        if status not in after["responses"]:
            yield f"{name}: answers no {status} any more"
            continue
        for media, content in response.get("content", {}).items():
            present = after["responses"][status].get("content", {}).get(media)
            if present is None:
                yield f"{name}: {status} has no {media} any more"
            else:
                yield from _shapes(
                    f"{name}: {status}", content["schema"], present["schema"], old, new, is_answer=True
                )


def _shapes(
    where: str,
    before: dict[str, Any],
    after: dict[str, Any],
    old: dict[str, Any],
    new: dict[str, Any],
    *,
    is_answer: bool,
    depth: int = 0,
) -> Iterator[str]:
    before, after = _resolved(before, old), _resolved(after, new)
    if depth > 8:
        return
    was, now = _types(before), _types(after)
    if was and now and ((now - was) if is_answer else (was - now)):
        yield f"{where}: was {'/'.join(sorted(was))}, is {'/'.join(sorted(now))}"
    values, present = set(map(str, before.get("enum", ()))), set(map(str, after.get("enum", ())))
    if values and present and not is_answer and values - present:
        yield f"{where}: no longer takes {', '.join(sorted(values - present))}"
    if not is_answer:
        for name in set(after.get("required", ())) - set(before.get("required", ())):
            yield f"{where}/{name}: is newly required"
    for name, part in before.get("properties", {}).items():
        present_part = after.get("properties", {}).get(name)
        if present_part is None:
            yield f"{where}/{name}: is gone"
        else:
            yield from _shapes(
                f"{where}/{name}", part, present_part, old, new, is_answer=is_answer, depth=depth + 1
            )
    if "items" in before and "items" in after:
        yield from _shapes(
            f"{where}/*", before["items"], after["items"], old, new, is_answer=is_answer, depth=depth + 1
        )


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if len(parts := schema.get("allOf", ())) == 1:
        return {**_resolved(parts[0], document), **{k: v for k, v in schema.items() if k != "allOf"}}
    return schema


def _types(schema: dict[str, Any]) -> set[str]:
    kinds = schema.get("type", ())
    return {kinds} if isinstance(kinds, str) else set(kinds)


def unexplained() -> list[str]:
    allowed = ALLOWED.read_text().splitlines() if ALLOWED.exists() else []
    excused = {line.partition(" # ")[0].strip() for line in allowed}
    found = breaks(json.loads(RELEASED.read_text()), json.loads((ROOT / "openapi.json").read_text()))
    return [fault for fault in dict.fromkeys(found) if fault not in excused]


if __name__ == "__main__":
    wrong = unexplained()
    print("\n".join(wrong) or f"openapi.json: nothing that a client of {RELEASED.stem} would miss")
    sys.exit(1 if wrong else 0)
