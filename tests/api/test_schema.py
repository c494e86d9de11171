"""The schema: examples that fit it for every operation, and a comparer that finds every kind of break."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.openapi_compatibility import breaks

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[2] / "openapi.json").read_text())
OPERATIONS = [
    pytest.param(operation, id=operation["operationId"])
    for operations in SCHEMA["paths"].values()
    for operation in operations.values()
]


def _check(example: Any, schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator({**schema, "components": SCHEMA["components"]}).validate(example)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_has_examples_that_fit(operation: dict[str, Any]) -> None:
    assert operation["tags"] and operation["description"]
    count = 0
    for parameter in operation.get("parameters", ()):
        count += "example" in parameter
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    answers = [answer for status, answer in operation["responses"].items() if status != "default"]
    for part in bodies + answers:
        for media, content in part.get("content", {}).items():
            if media == "application/json":
                given = [one["value"] for one in content.get("examples", {}).values()]
                for example in given or [content["example"]]:
                    _check(example, content["schema"])
                count += 1
            else:
                count += 1
    empty = all("content" not in answer for answer in answers) and not bodies
    assert count or empty


def _changed(change: Any) -> list[str]:
    new = copy.deepcopy(SCHEMA)
    change(new)
    return list(breaks(SCHEMA, new))


def test_the_comparer_finds_each_kind_of_break() -> None:
    shapes, send = "components", ("paths", "/api/v1/send/", "post")

    def at(document: dict[str, Any], *way: str) -> Any:
        for step in way:
            document = document[step]
        return document

    assert list(breaks(SCHEMA, SCHEMA)) == []
    assert "is gone" in _changed(lambda d: d["paths"].pop("/api/v1/me/"))[0]
    assert (
        "the parameter Idempotency-Key is gone" in _changed(lambda d: at(d, *send)["parameters"].clear())[0]
    )
    assert "newly required" in _changed(lambda d: at(d, *send)["parameters"][0].update(required=True))[0]
    assert (
        "/subject: is gone"
        in _changed(lambda d: at(d, shapes, "schemas", "EmailRow", "properties").pop("subject"))[0]
    )
    assert (
        "is newly required"
        in _changed(lambda d: at(d, shapes, "schemas", "NewMessageRequest").update(required=["subject"]))[0]
    )
    assert (
        "was integer, is string"
        in _changed(
            lambda d: at(d, shapes, "schemas", "EmailRow", "properties")["size_bytes"].update(type="string")
        )[0]
    )
    assert (
        "takes fewer values"
        in _changed(
            lambda d: next(
                p for p in at(d, "paths", "/api/v1/emails/", "get")["parameters"] if p["name"] == "sort"
            )["schema"].update(enum=["received_at"])
        )[0]
    )
    assert "answers no 202" in _changed(lambda d: at(d, *send)["responses"].pop("202"))[0]
    assert _changed(lambda d: d["paths"].update({"/api/v1/new/": {}})) == []
