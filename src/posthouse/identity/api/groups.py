"""Groups, their members, and the addresses of people."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    IdField,
    Parameters,
    StrictSerializer,
    answered,
    asked,
    decode_cursor,
    encode_cursor,
    parsed,
)
from posthouse.identity import aliases, groups
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.api.people_bodies import USER, LineField, UserShape

TAGS = ["groups"]
MAX_LIMIT, DEFAULT_LIMIT = 200, 50
PAGING = [
    OpenApiParameter("limit", int, description=f"1 to {MAX_LIMIT}; {DEFAULT_LIMIT} if left out."),
    OpenApiParameter("cursor", str, description="`next` of the page before."),
]
POSTINGS = ["everybody", "organisation", "members"]


class GroupChange(StrictSerializer):
    name = LineField(max_length=100, required=False)
    about = LineField(max_length=500, allow_blank=True, required=False)
    posting = serializers.ChoiceField(choices=POSTINGS, required=False, help_text="Who may write to it.")
    address = serializers.CharField(
        max_length=320, allow_null=True, required=False, help_text="Reaches every member; null for none."
    )


class NewGroup(GroupChange):
    name = LineField(max_length=100)


class GroupShape(StrictSerializer):
    id = IdField()
    name = serializers.CharField()
    about = serializers.CharField()
    posting = serializers.ChoiceField(choices=POSTINGS)
    address = serializers.CharField(allow_null=True)
    members = serializers.IntegerField()
    is_member = serializers.BooleanField()
    is_manager = serializers.BooleanField()
    groups = serializers.ListField(child=IdField(), help_text="Whose members are members too.")
    created_at = serializers.DateTimeField()


class GroupPage(StrictSerializer):
    items = GroupShape(many=True)
    next = serializers.CharField(allow_null=True)


class MemberShape(StrictSerializer):
    is_manager = serializers.BooleanField()
    user = UserShape()


class MemberPage(StrictSerializer):
    items = MemberShape(many=True)
    next = serializers.CharField(allow_null=True)


class Membership(StrictSerializer):
    is_manager = serializers.BooleanField(default=False)


class NewAddress(StrictSerializer):
    email = serializers.CharField(max_length=320)


class OwnAddress(StrictSerializer):
    id = IdField()
    email = serializers.CharField()
    is_primary = serializers.BooleanField()


class OwnAddresses(StrictSerializer):
    items = OwnAddress(many=True)


GROUP = {
    "id": "58769341962780005",
    "name": "Coachmen",
    "about": "",
    "posting": "organisation",
    "address": "coachmen@posthouse.test",
    "members": 2,
    "is_member": True,
    "is_manager": False,
    "groups": [],
    "created_at": "2026-11-01T09:00:00.000Z",
}
ADDRESS = {"id": "58769341962780006", "email": "post@posthouse.test", "is_primary": False}


def page_of(request: Request, scope: str) -> tuple[int, int]:
    """After which id, and how many."""
    given = Parameters(request.query_params, "limit", "cursor")
    cursor = given.text("cursor")
    after = decode_cursor(cursor, scope=scope)[0] if cursor else 0
    return after, given.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)


def paged(items: list[dict[str, Any]], last: int | None, scope: str) -> Response:
    return Response({"items": items, "next": None if last is None else encode_cursor(last, 0, scope=scope)})


class GroupsView(APIView):
    @extend_schema(
        operation_id="groups",
        tags=TAGS,
        parameters=PAGING,
        responses=GroupPage,
        examples=[answered({"items": [GROUP], "next": None})],
    )
    def get(self, request: Request) -> Response:
        """The groups of the organisation, oldest first; guests see those they are in."""
        actor = actor_of(request)
        scope = f"groups {actor.organisation_id}"
        after, limit = page_of(request, scope)
        return paged(*groups.listed(actor, after=after, limit=limit), scope)

    @extend_schema(
        operation_id="group_create",
        tags=TAGS,
        request=NewGroup,
        responses={201: GroupShape},
        examples=[
            asked({"name": "Coachmen", "address": "coachmen@posthouse.test"}),
            answered(GROUP, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Make a group; whoever makes it is its first member and manager. 409 `group_exists`, `address_exists`."""
        actor = actor_of(request)
        made = groups.create_group(actor, **parsed(NewGroup, request))
        return Response(groups.as_json(actor, made), status=201)


class GroupView(APIView):
    @extend_schema(operation_id="group", tags=TAGS, responses=GroupShape, examples=[answered(GROUP)])
    def get(self, request: Request, group_id: int) -> Response:
        """One group."""
        actor = actor_of(request)
        return Response(groups.as_json(actor, groups.group_for(actor, group_id)))

    @extend_schema(
        operation_id="group_update",
        tags=TAGS,
        request=GroupChange,
        responses=GroupShape,
        examples=[asked({"posting": "members"}), answered(GROUP)],
    )
    def patch(self, request: Request, group_id: int) -> Response:
        """Change a group one manages; its address only with `groups.manage`."""
        actor = actor_of(request)
        changed = groups.update_group(actor, group_id, parsed(GroupChange, request))
        return Response(groups.as_json(actor, changed))

    @extend_schema(operation_id="group_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, group_id: int) -> Response:
        """Remove a group, its address, and what its members may use by it."""
        groups.delete_group(actor_of(request), group_id)
        return Response(status=204)


class MembersView(APIView):
    @extend_schema(
        operation_id="group_members",
        tags=TAGS,
        parameters=PAGING,
        responses=MemberPage,
        examples=[answered({"items": [{"is_manager": True, "user": USER}], "next": None})],
    )
    def get(self, request: Request, group_id: int) -> Response:
        """Who is in a group themselves (not by a group that lies in it)."""
        scope = f"members {group_id}"
        after, limit = page_of(request, scope)
        return paged(*groups.members(actor_of(request), group_id, after=after, limit=limit), scope)


class MemberView(APIView):
    @extend_schema(
        operation_id="group_member_put",
        tags=TAGS,
        request=Membership,
        responses={204: None},
        examples=[asked({"is_manager": True})],
    )
    def put(self, request: Request, group_id: int, user_id: int) -> Response:
        """Take somebody in, or make a member a manager or not."""
        given = parsed(Membership, request)
        groups.put_member(actor_of(request), group_id, user_id, is_manager=given["is_manager"])
        return Response(status=204)

    @extend_schema(operation_id="group_member_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, group_id: int, user_id: int) -> Response:
        """Put somebody out, or leave oneself."""
        groups.remove_member(actor_of(request), group_id, user_id)
        return Response(status=204)


class NestingView(APIView):
    @extend_schema(operation_id="group_nest", tags=TAGS, request=None, responses={204: None})
    def put(self, request: Request, group_id: int, child_id: int) -> Response:
        """Let the members of another group be members of this one. 409 `group_loop`, `group_too_deep`."""
        groups.nest(actor_of(request), group_id, child_id)
        return Response(status=204)

    @extend_schema(operation_id="group_unnest", tags=TAGS, responses={204: None})
    def delete(self, request: Request, group_id: int, child_id: int) -> Response:
        """Take a group out of this one."""
        groups.unnest(actor_of(request), group_id, child_id)
        return Response(status=204)


class UserAddressesView(APIView):
    @extend_schema(
        operation_id="user_addresses",
        tags=["users"],
        responses=OwnAddresses,
        examples=[answered({"items": [ADDRESS]})],
    )
    def get(self, request: Request, user_id: int) -> Response:
        """Every address that reaches somebody: one's own, or anybody's with `users.manage`."""
        return Response({"items": aliases.listed(actor_of(request), user_id)})

    @extend_schema(
        operation_id="user_address_create",
        tags=["users"],
        request=NewAddress,
        responses={201: OwnAddress},
        examples=[asked({"email": "post@posthouse.test"}), answered(ADDRESS, status=201)],
    )
    def post(self, request: Request, user_id: int) -> Response:
        """Give somebody one more address, which they may also send as. 409 `address_exists`."""
        email = parsed(NewAddress, request)["email"]
        return Response(aliases.add_alias(actor_of(request), user_id, email), status=201)


class UserAddressView(APIView):
    @extend_schema(operation_id="user_address_delete", tags=["users"], responses={204: None})
    def delete(self, request: Request, user_id: int, address_id: int) -> Response:
        """Take an address away. 409 `primary_address` for the one they log in with."""
        aliases.remove_alias(actor_of(request), user_id, address_id)
        return Response(status=204)


class PrimaryAddressView(APIView):
    @extend_schema(
        operation_id="user_address_primary",
        tags=["users"],
        request=None,
        responses=OwnAddresses,
        examples=[answered({"items": [{**ADDRESS, "is_primary": True}]})],
    )
    def post(self, request: Request, user_id: int, address_id: int) -> Response:
        """Let somebody log in with another of their addresses from now on."""
        actor = actor_of(request)
        aliases.choose_primary(actor, user_id, address_id)
        return Response({"items": aliases.listed(actor, user_id)})
