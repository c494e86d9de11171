"""Problems: every code there is stands in the table, and the type of each leads to its page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.api.client import Client
from tests.house import RunningHouse

SOURCE = Path(__file__).parents[2] / "src" / "posthouse"
FAILURES = {"Invalid", "Denied", "Missing", "Conflict", "Limited", "TooLarge", "Unavailable", "Failure"}
FIELD_CODE = re.compile(r"[a-z_]+\Z")


@pytest.fixture
def codes(house: RunningHouse) -> Mapping[str, Any]:
    from posthouse.base.api.codes import CODES

    return CODES


def _codes_in(tree: ast.Module) -> Iterator[str]:
    """What failures, problems and validation errors are called with, wherever they are made."""
    failures = set(FAILURES) | {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id in FAILURES for base in node.bases)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        arguments = list(node.args)
        if name in failures or (name == "__init__" and len(arguments) >= 2):
            arguments = arguments[:1]
        elif name == "problem":
            arguments = arguments[2:3]
        elif name == "fail":
            arguments = arguments[:1]
        elif name in ("ErrorDetail", "ValidationError"):
            arguments = [k.value for k in node.keywords if k.arg == "code"]
        else:
            continue
        for argument in arguments:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def test_every_code_of_the_source_is_explained(codes: Mapping[str, Any]) -> None:
    found: dict[str, str] = {}
    for path in SOURCE.rglob("*.py"):
        if path.parts[-2] in ("wire", "config") or "wire" in path.parts:
            continue
        for code in _codes_in(ast.parse(path.read_text())):
            if FIELD_CODE.match(code):
                found.setdefault(code, path.name)
    assert len(found) > 50
    unknown = {code: name for code, name in found.items() if code not in codes}
    assert unknown == {}, unknown


def test_the_frameworks_own_codes_are_explained(codes: Mapping[str, Any]) -> None:
    from posthouse.base.api import problems

    assert set(problems._CODES.values()) | set(problems.STATUS_OF_CODE) <= set(codes)
    for code, status in problems.STATUS_OF_CODE.items():
        assert codes[code].status == status, code


def test_the_type_of_a_problem_leads_to_its_page(
    codes: Mapping[str, Any], alice: Client, anyone: Client
) -> None:
    for answer in (
        alice.get("/emails/1/"),
        alice.get("/me/?x=1"),
        anyone.get("/me/"),
        alice.post("/drafts/", []),
    ):
        problem = answer.json
        assert problem["type"] == f"/api/v1/problems/{problem['code']}/"
        assert problem["request_id"] == answer.headers["x-request-id"]
        page = anyone.get(problem["type"])
        assert page.status == 200 and codes[problem["code"]].meaning.encode() in page.body
        assert "script-src" not in page.headers["content-security-policy"]
    assert anyone.get("/problems/").status == 200
    assert anyone.get("/problems/no_such_code/").status == 404


def test_validation_codes_of_the_api_are_explained(codes: Mapping[str, Any], alice: Client) -> None:
    for body in ({"ids": "x"}, {"ids": ["x"]}, {"ids": [1]}, {"verb": None}, {"verb": ""}, [], {"atomic": 3}):
        problem = alice.post("/emails/bulk/", body).json
        for code in {problem["code"], *(error["code"] for error in problem["errors"])}:
            assert code in codes, code
