"""What the rooms' pages at /admin/ are made of. Each room shows its own tables there (`admin.py` of the room).

Invariants
- Columns are named one by one, so a new column of a table is not shown before somebody chose it; secrets never are.
- Nothing here saves a row. What is changed is changed by an action with the operator as its actor; a page without one
  can be read only.
- No list counts a whole table: counting ends at `MOST_COUNTED`, and what lies behind is found by filter and search.
- A request holds no transaction: on SQLite it would keep the write lane, which the action waits for, from its lock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ShowFacets, SimpleListFilter, helpers
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import AdminForm, Fieldline

from posthouse.base import clock
from posthouse.base.errors import Failure

SITE = "admin"
MOST_COUNTED = 10_000
AT_ONCE = 200
"""On how many rows an act is done together."""
PROVE = "/operator?prove=1&"
NONE = "–"

Column = str | Callable[..., Any]
SHOWN: dict[type[models.Model], type[HouseAdmin]] = {}


def shown(model: type[models.Model]) -> Callable[[type[HouseAdmin]], type[HouseAdmin]]:
    """Show a table at /admin/."""

    def register(page: type[HouseAdmin]) -> type[HouseAdmin]:
        SHOWN[model] = page
        return page

    return register


def operator_of(request: HttpRequest) -> Any:
    """The actor behind a page; only operators come here (config/operators_door.py)."""
    return request.user.actor  # type: ignore[union-attr]


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    @cached_property
    def count(self) -> int:
        found: Any = self.object_list
        return int(found.order_by()[: MOST_COUNTED + 1].count())


# --- columns --------------------------------------------------------------------------------------


def _named(column: Callable[..., Any], name: str, words: str) -> Callable[..., Any]:
    column.__name__ = name.replace(".", "_").replace("__", "_")
    column.short_description = words or name.replace("_", " ").replace(".", " ")  # type: ignore[attr-defined]
    return column


def value_of(row: Any, path: str) -> Any:
    """`owner.email` of a row; None where a part of the way is."""
    for part in path.split("."):
        row = None if row is None else getattr(row, part)
    return row


def text(path: str, words: str = "") -> Column:
    """Something of a row that is joined to this one."""
    return _named(lambda row: value_of(row, path) or NONE, path, words)


def moment(path: str, words: str = "") -> Column:
    """In UTC, to the second."""

    def column(row: Any) -> str:
        at: dt.datetime | None = value_of(row, path)
        return NONE if at is None else f"{at:%Y-%m-%d %H:%M:%S}"

    return _named(column, path, words or path.removesuffix("_at").replace("_", " "))


def size(path: str, words: str = "") -> Column:
    def column(row: Any) -> str:
        number = value_of(row, path)
        return NONE if number is None else filesizeformat(number)

    return _named(column, path, words or path.removesuffix("_bytes").replace("_", " "))


def link(path: str, label: str, words: str = "") -> Column:
    """A row of another table: `link("owner", "email")`."""

    def column(row: Any) -> str:
        other = value_of(row, path)
        if other is None:
            return NONE
        return format_html('<a href="{}">{}</a>', address_of(other), value_of(other, label) or other.pk)

    return _named(column, path, words)


def address_of(row: models.Model) -> str:
    return reverse(f"{SITE}:{row._meta.app_label}_{row._meta.model_name}_change", args=(row.pk,))


def list_address(model: type[models.Model], **wanted: object) -> str:
    base = reverse(f"{SITE}:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{base}?{urlencode({name: str(value) for name, value in wanted.items()})}" if wanted else base


def elsewhere(words: str, model: type[models.Model], parameter: str) -> Column:
    """A link to the rows of another table that belong to this one."""

    def column(row: Any) -> str:
        return format_html('<a href="{}">Show</a>', list_address(model, **{parameter: row.pk}))

    return _named(column, f"see_{model.__name__.lower()}", words)


# --- filters --------------------------------------------------------------------------------------

HOUR_MS = 3600_000
PERIODS = {"hour": HOUR_MS, "day": 24 * HOUR_MS, "week": 168 * HOUR_MS, "month": 720 * HOUR_MS}


def since(field: str, words: str) -> type[SimpleListFilter]:
    """Rows from the last hour, day, week or month."""

    class Since(SimpleListFilter):
        title = words
        parameter_name = f"since_{field}"

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(name, f"The last {name}") for name in PERIODS]

        def queryset(self, request: HttpRequest, queryset: Any) -> Any:
            ms = PERIODS.get(self.value() or "")
            return queryset if ms is None else queryset.filter(**{f"{field}__gte": clock.now_ms() - ms})

    return Since


def among(parameter: str, words: str, choices: dict[str, tuple[str, models.Q]]) -> type[SimpleListFilter]:
    """Rows of one kind: `{"failed": ("Failed", Q(…))}`."""

    class Among(SimpleListFilter):
        title = words
        parameter_name = parameter

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(name, label) for name, (label, _) in choices.items()]

        def queryset(self, request: HttpRequest, queryset: Any) -> Any:
            chosen = choices.get(self.value() or "")
            return queryset if chosen is None else queryset.filter(chosen[1])

    return Among


# --- acts -----------------------------------------------------------------------------------------


def act(
    words: str, *, when: Callable[[Any], bool] = lambda _: True
) -> Callable[[Callable[[Any, Any, Any], Any]], Any]:
    """An act on each of the chosen rows, `(page, operator, row)`; what one refuses is told and keeps no other.

    `when` says for which rows it makes sense: the page of another one does not offer it.
    """

    def decorate(do: Callable[[Any, Any, Any], Any]) -> Any:
        def run(page: HouseAdmin, request: HttpRequest, queryset: Any) -> HttpResponse | None:
            done, refused = 0, []
            for row in queryset[:AT_ONCE]:
                try:
                    do(page, operator_of(request), row)
                    done += 1
                except Failure as failure:
                    refused.append((page.name_of(row), failure))
            _tell(request, words, done, refused)
            return _back(request)

        run.__name__ = do.__name__
        run.when = when  # type: ignore[attr-defined]
        return action(description=words)(run)

    return decorate


def _tell(request: HttpRequest, words: str, done: int, refused: list[tuple[str, Failure]]) -> None:
    if done:
        messages.success(request, f"{words}: done{f' for {done}' if done > 1 else ''}.")
    for name, failure in refused[:10]:
        messages.error(request, format_html("{}: {}", name, reason(failure, request)))
        if failure.code == "step_up_required":  # the same for all
            break


def reason(failure: Failure, request: HttpRequest) -> str | SafeString:
    """What refused, with the way to a fresh proof where that is what is asked for."""
    if failure.code != "step_up_required":
        return failure.message
    back = _place(request.POST.get("back", "")) or request.get_full_path()
    return format_html(
        '<a class="underline" href="{}">Show once more that it is you</a>, then do it again.',
        PROVE + urlencode({"next": back}),
    )


def _back(request: HttpRequest) -> HttpResponse | None:
    """To the page of the row, where the act was asked for there."""
    place = _place(request.POST.get("back", ""))
    return HttpResponseRedirect(place) if place else None


def _place(text: str) -> str:
    return text if text.startswith("/admin/") and "\\" not in text and "\n" not in text else ""


class ActForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an action needs to know. Its fields are declared, no column is a field by itself, and nothing is saved."""

    failure: tuple[str, str | SafeString] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        row = kwargs.get("instance")
        if row is not None and not row._state.adding:
            kwargs["initial"] = {**self.held(row), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def held(self, row: Any) -> dict[str, Any]:
        """What the row has now, by the names of the fields."""
        return {}

    def clean(self) -> dict[str, Any]:
        if self.failure is not None:
            field, message = self.failure
            raise forms.ValidationError({field: message} if field in self.fields else message)
        return self.cleaned_data

    def _post_clean(self) -> None:
        """The action looks at the values; the row is not theirs to change."""

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 Django's own signature
        vars(self)["save_m2m"] = lambda: None
        return self.instance


def _is_number(model: Any, path: str) -> bool:
    *way, last = path.split("__")
    for part in way:
        model = model._meta.get_field(part).related_model
    return not isinstance(model._meta.get_field(last), models.CharField | models.TextField)


class HouseAdmin(ModelAdmin):  # type: ignore[misc]
    """A table's list and the page of a row. `columns` are the list's, `facts` the page's."""

    columns: Sequence[Column] = ("id",)
    facts: Sequence[Column] = ()
    name: str = "id"
    """Which column a row is called by."""
    joined: Sequence[str] = ()
    icon = "table_rows"
    words: tuple[str, str] = ("", "")
    """What one and many of them are called, where the table's name will not do."""
    add_form: type[ActForm] | None = None
    change_form: type[ActForm] | None = None
    can_delete = False
    delete_words = ""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    list_disable_select_all = True
    sortable_by: Any = ()
    list_filter: Sequence[Any] = ()
    ordering: Any = ("-id",)
    list_filter_sheet = True
    change_form_outer_before_template = "admin/acts.html"

    # --- what is seen ---

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*self.joined)

    def get_list_display(self, request: HttpRequest) -> Any:
        return list(self.columns)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        form = self._form(obj)
        given = list(form.base_fields) if form is not None else []
        return given if obj is None else [*given, *(self.facts or self.columns)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [] if obj is None else list(self.facts or self.columns)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What the filters ask, and whose a row is. Django allows every column, by which a secret could be guessed."""
        name = lookup.removesuffix("__exact")
        asked = {one if isinstance(one, str) else one.parameter_name for one in self.list_filter}
        return name in asked | {field.name for field in self.opts.fields if field.many_to_one}

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """`=name` is compared as it is, by its index; Django would compare numbers as texts, and read every row."""
        term = search_term.replace("\0", "").strip()
        found = models.Q(pk__in=())
        for name in self.search_fields if term else ():
            path = name.removeprefix("=")
            if _is_number(self.model, path):
                found |= models.Q(**{path: int(term)}) if term.isdecimal() and len(term) < 19 else models.Q()
            elif name.startswith("="):
                found |= models.Q(**{path: term})
            else:
                found |= models.Q(**{f"{path}__icontains": term})
        return (queryset.filter(found) if term else queryset), False

    def name_of(self, row: Any) -> str:
        return str(value_of(row, self.name))

    def _form(self, row: Any) -> type[ActForm] | None:
        return self.add_form if row is None else self.change_form

    # --- what may be done ---

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.add_form is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.change_form is not None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.can_delete

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        made = self._form(obj) or type(
            "Facts", (ActForm,), {"Meta": type("Meta", (), {"model": self.model, "fields": ()})}
        )
        return type(made.__name__, (made,), {"failure": getattr(request, "failure", None)})

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Django's, but for its transaction; what an action refuses stands in the form, with what was typed."""
        vars(helpers).update(
            AdminForm=AdminForm, Fieldline=Fieldline
        )  # as unfold does in the view that this replaces
        row = None if object_id is None else self.get_object(request, object_id)
        context = {
            **(extra_context or {}),
            "acts": [] if row is None else self._acts_for(request, row),
            "list_url": list_address(self.model),
            "show_save_and_continue": False,
            "show_save_and_add_another": False,
            **({} if row is None else {"title": self.name_of(row)}),
        }
        try:
            return self._changeform_view(request, object_id, form_url, context)
        except Failure as failure:
            field = str(failure.facts.get("pointer", "")).strip("/")
            request.failure = (field, reason(failure, request))  # type: ignore[attr-defined]
            return self._changeform_view(request, object_id, form_url, context)

    def _acts_for(self, request: HttpRequest, row: Any) -> list[tuple[str, str]]:
        found = self.get_actions(request).values()
        return [(name, words) for do, name, words in found if getattr(type(self), name).when(row)]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            return self._delete_view(request, object_id, extra_context)
        except Failure as failure:
            messages.error(request, reason(failure, request))
            return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The row itself: Django would gather every row that hangs on it, which may be millions of e-mails."""
        return [self.name_of(row) for row in objs], {}, set(), []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if change:
            self.change(operator_of(request), obj, form.cleaned_data)
        else:
            obj.pk = self.add(operator_of(request), form.cleaned_data)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete(operator_of(request), obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        return

    def add(self, operator: Any, given: dict[str, Any]) -> int:
        """Make a row by an action; gives its id."""
        raise PermissionDenied

    def change(self, operator: Any, row: Any, given: dict[str, Any]) -> None:
        raise PermissionDenied

    def delete(self, operator: Any, row: Any) -> None:
        raise PermissionDenied

    # --- where it goes on, and the record, which actions keep ---

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        messages.success(request, f"The {self.opts.verbose_name} is made.")
        return HttpResponseRedirect(address_of(obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        messages.success(request, "Saved.")
        return HttpResponseRedirect(request.path)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        messages.success(request, self.delete_words or f"The {self.opts.verbose_name} is removed.")
        return HttpResponseRedirect(list_address(self.model))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        return

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """In the audit log, where every act stands, whoever did it and by whichever door."""
        return HttpResponseRedirect(
            f"{reverse(f'{SITE}:audit_line_changelist')}?{urlencode({'q': object_id})}"
        )
