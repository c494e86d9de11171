"""Permissions and roles."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import answered, asked, parsed
from posthouse.identity import permissions, roles
from posthouse.identity.api import people_bodies as bodies
from posthouse.identity.api.authentication import actor_of

TAGS = ["roles"]


class PermissionsView(APIView):
    @extend_schema(
        operation_id="permissions",
        tags=TAGS,
        responses=bodies.PermissionList,
        examples=[answered({"items": [{"name": "mail.send", "meaning": "Send mail."}]})],
    )
    def get(self, request: Request) -> Response:
        """Every permission there is, and what it means."""
        items = [{"name": name, "meaning": meaning} for name, meaning in permissions.MEANINGS.items()]
        return Response({"items": items})


class RolesView(APIView):
    @extend_schema(
        operation_id="roles",
        tags=TAGS,
        responses=bodies.RoleList,
        examples=[answered({"items": [bodies.ROLE]})],
    )
    def get(self, request: Request) -> Response:
        """The built-in roles, then the organisation's own."""
        return Response({"items": roles.listed(actor_of(request))})

    @extend_schema(
        operation_id="role_create",
        tags=TAGS,
        request=bodies.NewRole,
        responses={201: bodies.RoleShape},
        examples=[
            asked({"name": "Help desk", "permissions": ["users.read", "users.manage"]}),
            answered(bodies.ROLE, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Make a role. 403 `more_than_yours` for a permission one lacks, 409 `role_exists`."""
        made = roles.create_role(actor_of(request), **parsed(bodies.NewRole, request))
        return Response(roles.as_json(made), status=201)


class RoleView(APIView):
    @extend_schema(
        operation_id="role", tags=TAGS, responses=bodies.RoleShape, examples=[answered(bodies.ROLE)]
    )
    def get(self, request: Request, role_id: int) -> Response:
        """One role of the organisation's own."""
        actor = actor_of(request)
        return Response(roles.as_json(roles.seen_role_for(actor, role_id)))

    @extend_schema(
        operation_id="role_update",
        tags=TAGS,
        request=bodies.RoleChange,
        responses=bodies.RoleShape,
        examples=[asked({"permissions": ["users.read"]}), answered(bodies.ROLE)],
    )
    def patch(self, request: Request, role_id: int) -> Response:
        """Change a role, at once for everybody who has it."""
        changed = roles.update_role(actor_of(request), role_id, **parsed(bodies.RoleChange, request))
        return Response(roles.as_json(changed))

    @extend_schema(operation_id="role_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, role_id: int) -> Response:
        """Remove a role that nobody has. 409 `role_in_use`."""
        roles.delete_role(actor_of(request), role_id)
        return Response(status=204)
