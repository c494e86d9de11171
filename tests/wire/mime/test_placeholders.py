"""Fields in templates: filled once, escaped in HTML, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire.mime.placeholders import fill, values_for

ZOE = values_for("Zoe  Outside", "zoe@outside.test")


def test_each_field_becomes_what_is_known() -> None:
    text = "{{name}}, {{ first_name }}, {{email}}, {{domain}}"
    assert fill(text, ZOE, is_html=False) == "Zoe Outside, Zoe, zoe@outside.test, outside.test"


def test_who_has_no_name_is_called_by_their_address_or_by_a_word() -> None:
    nobody = values_for("", "info@x.test")
    assert fill("{{name}} {{first_name|friend}} {{first_name}}", nobody, is_html=False) == "info friend "


def test_values_are_no_html_and_no_fields() -> None:
    evil = values_for("<b>{{email}}</b>", "a@b.test")
    assert fill("<p>{{name}}</p>", evil, is_html=True) == "<p>&lt;b&gt;{{email}}&lt;/b&gt;</p>"


def test_what_is_no_field_stays() -> None:
    for text in ("{{unknown}}", "{name}", "{{ }}", "{{name", "{{name.__class__}}", "{{7*7}}"):
        assert fill(text, ZOE, is_html=False) == text


@given(st.text(st.sampled_from("{}|ab name_")), st.text(max_size=20))
def test_any_text_is_filled_in_linear_time(text: str, name: str) -> None:
    fill(text * 50, values_for(name, "a@b.test"), is_html=True)
