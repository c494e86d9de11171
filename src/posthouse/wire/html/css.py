"""CSS through an allow-list: layout and colour stay, loading and escaping go.

Everything is decided on parsed tokens (CSS Syntax 3), never on text, so `u\\72l(` is a url like any other,
and what comes out is written anew by the serialiser. Unknown functions end the declaration they stand in:
`var()`, `attr()`, `image-set()`, `expression()`, `element()` and whatever is invented next. No `<` is ever
put out, so a style sheet cannot end its own element.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import tinycss2  # type: ignore[import-untyped]  # ships no types
from tinycss2 import ast
from tinycss2.serializer import serialize_string_value  # type: ignore[import-untyped]  # as above

MAX_SHEET_CHARS = 262_144
MAX_INLINE_CHARS = 16_384
MAX_NESTING = 24
MAX_RULES = 4_000
MAX_SELECTOR_CHARS = 2_000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ImageRule = Callable[[str], str | None]

_SIDES = ("top", "right", "bottom", "left")
_BOX = ("margin", "padding")
_LOGICAL = ("block", "inline", "block-start", "block-end", "inline-start", "inline-end")
PROPERTIES = _words("""
    align-content align-items align-self aspect-ratio background background-clip background-color
    background-image background-origin background-position background-position-x background-position-y
    background-repeat background-size border border-collapse border-radius border-spacing border-color
    border-style border-width box-shadow box-sizing caption-side clear color color-scheme column-count
    column-gap column-rule column-width columns direction display empty-cells flex flex-basis flex-direction
    flex-flow flex-grow flex-shrink flex-wrap float font font-family font-feature-settings font-kerning
    font-size font-size-adjust font-stretch font-style font-variant font-variant-caps font-variant-numeric
    font-weight gap grid-gap grid-template-columns grid-template-rows grid-column grid-row height hyphens
    justify-content justify-items justify-self letter-spacing line-break line-height list-style
    list-style-image list-style-position list-style-type margin max-height max-width min-height min-width
    object-fit object-position opacity order orphans outline outline-color outline-style outline-width
    overflow overflow-wrap overflow-x overflow-y padding page-break-after page-break-before page-break-inside
    position quotes row-gap tab-size table-layout text-align text-align-last text-decoration
    text-decoration-color text-decoration-line text-decoration-style text-indent text-overflow text-shadow
    text-transform text-underline-offset unicode-bidi vertical-align visibility white-space widows width
    word-break word-spacing word-wrap writing-mode zoom -webkit-text-size-adjust -ms-text-size-adjust
    -moz-text-size-adjust text-size-adjust
    """) | frozenset(
    [f"{box}-{side}" for box in _BOX for side in (*_SIDES, *_LOGICAL)]
    + [f"border-{side}" for side in (*_SIDES, *_LOGICAL)]
    + [f"border-{side}-{what}" for side in _SIDES for what in ("color", "style", "width")]
    + [f"border-{v}-{h}-radius" for v in ("top", "bottom") for h in ("left", "right")]
)
_IMAGE_PROPERTIES = frozenset({"background", "background-image", "list-style", "list-style-image"})
_COLOUR_PROPERTIES = frozenset({"color", "background", "background-color", "background-image"})
_FUNCTIONS = _words("""
    rgb rgba hsl hsla hwb lab lch oklab oklch calc min max clamp linear-gradient radial-gradient
    conic-gradient repeating-linear-gradient repeating-radial-gradient repeat minmax fit-content
    """)
_POSITIONS = frozenset({"static", "relative"})
# A frame as tall as its content would grow for ever with these.
_VIEWPORT_UNITS = _words("vh vmin vmax vb svh lvh dvh svb lvb dvb svmin lvmin dvmin svmax lvmax dvmax")
_HARMLESS = (
    ast.IdentToken,
    ast.NumberToken,
    ast.PercentageToken,
    ast.HashToken,
    ast.StringToken,
    ast.WhitespaceToken,
    ast.UnicodeRangeToken,
)
_BRACKETS = re.compile(r"[(\[{]|[)\]}]")


class _Refused(Exception):
    """This declaration or query is not one we show."""


def declarations(css: str, image: ImageRule) -> str:
    """A style attribute, cleaned. Empty if nothing of it may stay or it is over the limit."""
    if len(css) > MAX_INLINE_CHARS or _too_deep(css):
        return ""
    return _declarations(tinycss2.parse_blocks_contents(css, skip_comments=True), image)


def stylesheet(css: str, image: ImageRule) -> str:
    """The content of a `<style>` element, cleaned: plain rules and `@media`, nothing else."""
    css = css[:MAX_SHEET_CHARS].replace("<!--", " ").replace("-->", " ")
    if _too_deep(css):
        return ""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return _rules(rules[:MAX_RULES], image, depth=0)


def sets_colours(css: str) -> bool:
    """Whether cleaned CSS says anything of colour, so that a dark page must not guess."""
    return any(f"{name}:" in css for name in _COLOUR_PROPERTIES)


def _too_deep(css: str) -> bool:
    depth = 0
    for found in _BRACKETS.finditer(css):
        depth = depth + 1 if found[0] in "([{" else max(0, depth - 1)
        if depth > MAX_NESTING:
            return True
    return False


def _rules(rules: Sequence[Any], image: ImageRule, *, depth: int) -> str:
    out: list[str] = []
    for rule in rules:
        if isinstance(rule, ast.QualifiedRule):
            out.append(_style_rule(rule, image))
        elif isinstance(rule, ast.AtRule) and rule.lower_at_keyword == "media" and depth < 2:
            out.append(_media_rule(rule, image, depth=depth))
    return "".join(out)


def _style_rule(rule: ast.QualifiedRule, image: ImageRule) -> str:
    selector = _selector(rule.prelude)
    if not selector:
        return ""
    body = _declarations(tinycss2.parse_blocks_contents(rule.content, skip_comments=True), image)
    return f"{selector}{{{body}}}\n" if body else ""


def _media_rule(rule: ast.AtRule, image: ImageRule, *, depth: int) -> str:
    if rule.content is None:
        return ""
    try:
        query = tinycss2.serialize([_query_token(token) for token in rule.prelude]).strip()
    except _Refused:
        return ""
    inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
    body = _rules(inner[:MAX_RULES], image, depth=depth + 1)
    if not body or not query or "<" in query or len(query) > MAX_SELECTOR_CHARS:
        return ""
    return f"@media {query}{{{body}}}\n"


def _query_token(token: Any) -> Any:
    if isinstance(token, ast.ParenthesesBlock):
        for inner in token.content:
            _query_token(inner)
        return token
    if isinstance(token, ast.LiteralToken) and token.value in {":", ",", ">", "=", ">=", "/"}:
        return token
    plain = (ast.IdentToken, ast.NumberToken, ast.DimensionToken, ast.WhitespaceToken, ast.PercentageToken)
    if isinstance(token, plain):
        return token
    raise _Refused


def _selector(prelude: Sequence[Any]) -> str:
    if not all(_is_selector_token(token) for token in prelude):
        return ""
    selector: str = tinycss2.serialize(prelude).strip()
    return "" if "<" in selector or len(selector) > MAX_SELECTOR_CHARS else selector


def _is_selector_token(token: Any) -> bool:
    if isinstance(token, (ast.SquareBracketsBlock, ast.ParenthesesBlock)):
        return all(_is_selector_token(inner) for inner in token.content)
    if isinstance(token, ast.FunctionBlock):
        return all(_is_selector_token(inner) for inner in token.arguments)
    return not isinstance(token, (ast.ParseError, ast.URLToken, ast.CurlyBracketsBlock, ast.AtKeywordToken))


def _declarations(nodes: Sequence[Any], image: ImageRule) -> str:
    out: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Declaration) and node.lower_name in PROPERTIES:
            try:
                value = _value(node, image)
            except _Refused:
                continue
            out.append(f"{node.lower_name}:{value}{'!important' if node.important else ''}")
    return ";".join(out)


def _value(node: ast.Declaration, image: ImageRule) -> str:
    name = node.lower_name
    tokens = [_token(token, name, image) for token in node.value]
    value: str = tinycss2.serialize(tokens).strip()
    if not value or "<" in value:
        raise _Refused
    if name == "position" and value.lower() not in _POSITIONS:
        raise _Refused
    return value


def _token(token: Any, name: str, image: ImageRule) -> Any:
    if isinstance(token, _HARMLESS):
        return token
    if isinstance(token, ast.DimensionToken):
        if token.lower_unit in _VIEWPORT_UNITS:
            raise _Refused
        return token
    if isinstance(token, ast.LiteralToken) and token.value in {",", "/", "+", "-", "*"}:
        return token
    if isinstance(token, ast.URLToken):
        return _image_token(token.value, name, image)
    if isinstance(token, ast.FunctionBlock):
        return _function(token, name, image)
    if isinstance(token, (ast.ParenthesesBlock, ast.SquareBracketsBlock)):
        for inner in token.content:
            _token(inner, "", image)
        return token
    raise _Refused


def _function(token: ast.FunctionBlock, name: str, image: ImageRule) -> Any:
    if token.lower_name == "url":
        inside = [inner for inner in token.arguments if not isinstance(inner, ast.WhitespaceToken)]
        if len(inside) != 1 or not isinstance(inside[0], ast.StringToken):
            raise _Refused
        return _image_token(inside[0].value, name, image)
    if token.lower_name not in _FUNCTIONS:
        raise _Refused
    for inner in token.arguments:
        _token(inner, "", image)
    return token


def _image_token(url: str, name: str, image: ImageRule) -> Any:
    """Our URL in place of theirs; the word `none` keeps the rest of a blocked `background`."""
    if name not in _IMAGE_PROPERTIES:
        raise _Refused
    ours = image(url)
    if ours is None:
        return ast.IdentToken(0, 0, "none")
    return ast.URLToken(0, 0, ours, f'url("{serialize_string_value(ours)}")')
