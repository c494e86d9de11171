"""People: the list, oneself, others, pictures."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    Parameters,
    answered,
    asked,
    decode_text_cursor,
    encode_text_cursor,
    parsed,
)
from posthouse.base.errors import Invalid, TooLarge
from posthouse.base.limits import SEARCH
from posthouse.identity import actions, avatars, people, people_list, profiles
from posthouse.identity.actor import Actor
from posthouse.identity.api import people_bodies as bodies
from posthouse.identity.api.authentication import BearerAuthentication, SignedLinkAuthentication, actor_of
from posthouse.identity.passwords import hash_new_password
from posthouse.identity.people_list import SORTS, Wanted

MAX_LIMIT, DEFAULT_LIMIT = 200, 50
TAGS = ["users"]
_SORTS = [f"{sign}{name}" for name in SORTS for sign in ("", "-")]
LIST = [
    OpenApiParameter("q", str, description="Words that are in the name or the address."),
    OpenApiParameter("role", str, description="A built-in role's name, or a role's id."),
    OpenApiParameter("group", str, description="Members of this group."),
    OpenApiParameter("active", bool, description="Only for those who manage people."),
    OpenApiParameter(
        "everybody",
        bool,
        description="Active or not. Only for those who manage people; `active` counts no more.",
    ),
    OpenApiParameter(
        "sort", str, enum=_SORTS, description="By `email`, who hides their address is left out."
    ),
    OpenApiParameter("fields", str, description="Names of fields, joined by commas."),
    OpenApiParameter("limit", int, description=f"1 to {MAX_LIMIT}; {DEFAULT_LIMIT} if left out."),
    OpenApiParameter("cursor", str, description="`next` of the page before."),
]


def fields_of(given: Parameters) -> frozenset[str] | None:
    """Which fields are wanted; None for all. Raises Invalid for one that is not there."""
    text = given.text("fields")
    if not text:
        return None
    names = frozenset(name.strip() for name in text.split(","))
    if unknown := names.difference(profiles.FIELDS):
        raise Invalid("unknown_field", f"There is no field {min(unknown)[:100]!r}.")
    return names


def _listed(actor: Actor, given: Parameters) -> dict[str, Any]:
    sort = given.text("sort", "name")
    if sort not in _SORTS:
        raise Invalid("invalid_parameter", f"sort is one of {', '.join(_SORTS)}.")
    active = given.boolean("active") is not False
    wanted = Wanted(
        q=given.text("q"),
        role=given.text("role") or None,
        group_id=given.identifier("group"),
        is_active=None if given.boolean("everybody") else active,
    )
    scope = f"users {actor.organisation_id} {sort} {wanted}"
    cursor = given.text("cursor")
    found = people_list.page(
        actor,
        wanted,
        sort=sort,
        after=decode_text_cursor(cursor, scope=scope) if cursor else None,
        limit=given.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT),
        fields=fields_of(given),
    )
    return {
        "items": found.items,
        "next": encode_text_cursor(*found.next, scope=scope) if found.next else None,
    }


class UsersView(APIView):
    """`settle` is what other rooms give a new person (mail.api.people)."""

    settle: people.Settle

    @extend_schema(
        operation_id="users",
        tags=TAGS,
        parameters=LIST,
        responses=bodies.UserPage,
        examples=[answered({"items": [bodies.USER], "next": None})],
    )
    def get(self, request: Request) -> Response:
        """The people of one's organisation, in the order of names unless `sort` says otherwise."""
        names = [parameter.name for parameter in LIST]
        return Response(_listed(actor_of(request), Parameters(request.query_params, *names)))

    @extend_schema(
        operation_id="user_create",
        tags=TAGS,
        request=bodies.NewUser,
        responses={201: bodies.UserShape},
        examples=[
            asked({"email": "carol@posthouse.test", "name": "Carol", "role": "member"}),
            answered(bodies.USER, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Add a person with an address and a mail account. 409 `address_exists`."""
        actor, given = actor_of(request), parsed(bodies.NewUser, request)
        actor.require("users.manage")
        password = given.pop("password", None)
        hashed = (
            actions.no_password()
            if password is None
            else hash_new_password(
                password, name=given["name"], email=given["email"], organisation_id=actor.organisation_id
            )
        )
        made = people.create_user(actor, **given, password_hash=hashed, settle=self.settle)
        return Response(profiles.person(actor, made.id), status=201)


class MyselfView(APIView):
    scopes = {"GET": "account:read", "PATCH": "account:write"}

    @extend_schema(
        operation_id="user_me", tags=TAGS, responses=bodies.MyselfShape, examples=[answered(bodies.MYSELF)]
    )
    def get(self, request: Request) -> Response:
        """Oneself, with settings and permissions."""
        return Response(profiles.myself(actor_of(request)))

    @extend_schema(
        operation_id="user_me_update",
        tags=TAGS,
        request=bodies.MyselfChange,
        responses=bodies.MyselfShape,
        examples=[
            asked({"title": "Postmistress", "status": {"text": "On the road", "emoji": "🐎"}}),
            answered(bodies.MYSELF),
        ],
    )
    def patch(self, request: Request) -> Response:
        """Change what one tells of oneself, and whom. `status: null` takes the status away."""
        actor = actor_of(request)
        profiles.change_profile(actor, parsed(bodies.MyselfChange, request))
        return Response(profiles.myself(actor))


class SearchView(APIView):
    scopes = {"POST": "people:read"}

    bucket = SEARCH

    @extend_schema(
        operation_id="users_search",
        tags=TAGS,
        request=bodies.UserSearch,
        responses=bodies.UserList,
        examples=[asked({"q": "moreau"}), answered({"items": [bodies.USER]})],
    )
    def post(self, request: Request) -> Response:
        """People by words in the name or the address. A hidden address is not found."""
        given = parsed(bodies.UserSearch, request)
        wanted = Wanted(q=given["q"], role=given.get("role"), group_id=given.get("group"))
        return Response({"items": people_list.page(actor_of(request), wanted, limit=given["limit"]).items})


class OnlineView(APIView):
    @extend_schema(
        operation_id="users_online",
        tags=TAGS,
        parameters=[OpenApiParameter("limit", int, description=f"1 to {MAX_LIMIT}.")],
        responses=bodies.UserList,
        examples=[answered({"items": [bodies.USER]})],
    )
    def get(self, request: Request) -> Response:
        """Who is here now and does not hide it. Who hides it is shown nobody."""
        limit = Parameters(request.query_params, "limit").number("limit", MAX_LIMIT, low=1, high=MAX_LIMIT)
        return Response({"items": people_list.online(actor_of(request), limit=limit)})


class UserView(APIView):
    @extend_schema(
        operation_id="user", tags=TAGS, responses=bodies.UserShape, examples=[answered(bodies.USER)]
    )
    def get(self, request: Request, user_id: int) -> Response:
        """One person, as far as one may see them."""
        return Response(profiles.person(actor_of(request), user_id))

    @extend_schema(
        operation_id="user_update",
        tags=TAGS,
        request=bodies.UserChange,
        responses=bodies.UserShape,
        examples=[asked({"role": "admin"}), answered(bodies.USER)],
    )
    def patch(self, request: Request, user_id: int) -> Response:
        """Change somebody's name or role, or switch them off and on. 409 `last_owner`, 403 `more_than_yours`."""
        actor = actor_of(request)
        profiles.person(actor, user_id)
        people.change_user(actor, user_id, **parsed(bodies.UserChange, request))
        return Response(profiles.person(actor, user_id))

    @extend_schema(operation_id="user_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, user_id: int) -> Response:
        """Switch somebody off now and forget them in 14 days; until then `restore` takes it back."""
        actor = actor_of(request)
        profiles.person(actor, user_id)
        people.delete_user(actor, user_id)
        return Response(status=204)


class RestoreView(APIView):
    @extend_schema(
        operation_id="user_restore",
        tags=TAGS,
        request=None,
        responses=bodies.UserShape,
        examples=[answered(bodies.USER)],
    )
    def post(self, request: Request, user_id: int) -> Response:
        """Take a deletion back."""
        actor = actor_of(request)
        profiles.person(actor, user_id)
        people.restore_user(actor, user_id)
        return Response(profiles.person(actor, user_id))


class PictureBytes(BaseParser):
    """The body as it is; what it really is its bytes say."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        raw: bytes = stream.read(avatars.MAX_BYTES + 1)
        if len(raw) > avatars.MAX_BYTES:
            raise TooLarge("too_large", "The picture is too large.", limit_bytes=avatars.MAX_BYTES)
        return raw


class AvatarView(APIView):
    parser_classes = (PictureBytes,)
    authentication_classes = (SignedLinkAuthentication, BearerAuthentication)

    @extend_schema(
        operation_id="user_avatar",
        tags=TAGS,
        parameters=[OpenApiParameter("size", int, enum=[64, 256]), OpenApiParameter("v", str)],
        responses={(200, "image/webp"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, user_id: int) -> HttpResponse:
        """Somebody's picture, a square WebP."""
        given = Parameters(request.query_params, "size", "v", "sig")
        size = given.number("size", avatars.SIZES[0], low=1, high=1_000)
        number, picture = avatars.avatar_for(actor_of(request), user_id, size=size)
        response = HttpResponse(picture, content_type="image/webp")
        response["Content-Disposition"] = "inline"
        response["ETag"] = f'"{number}-{size}"'
        response["Cache-Control"] = "private, max-age=86400"
        return response

    @extend_schema(
        operation_id="user_avatar_set",
        tags=TAGS,
        request={"image/*": OpenApiTypes.BINARY},
        responses=bodies.UserShape,
        examples=[answered(bodies.USER)],
    )
    def post(self, request: Request, user_id: int) -> Response:
        """Upload a picture (PNG, JPEG, WebP, GIF) as the raw body. 400 `bad_picture`, 413 `too_large`."""
        actor = actor_of(request)
        avatars.set_avatar(actor, user_id, request.data if isinstance(request.data, bytes) else b"")
        return Response(profiles.person(actor, user_id))

    @extend_schema(operation_id="user_avatar_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, user_id: int) -> Response:
        """Go without a picture."""
        avatars.remove_avatar(actor_of(request), user_id)
        return Response(status=204)
