"""A form field as the page shows it: label, help, widget, error at the field, all tied together for a screen reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField, Form, widgets
from django.templatetags.static import static
from django.utils.safestring import SafeString

CONTROL = "form-control"


@dataclass(frozen=True)
class FieldView:
    """Everything the field template needs. ``kind``: ``line``, ``check`` or ``choices``."""

    bound: BoundField
    kind: str
    widget: SafeString
    label: str
    help: str
    help_id: str
    error_id: str
    cls: str
    is_optional: bool


def widget_kind(widget: widgets.Widget) -> str:
    """How the field is laid out."""
    if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, widgets.CheckboxInput) else "line"


def widget_class(widget: widgets.Widget) -> str:
    """The class of the control itself."""
    if widget_kind(widget) == "check":
        return "form-check-input"
    if widget_kind(widget) == "choices":
        return "gz-choices"
    return "form-select" if isinstance(widget, widgets.Select) else CONTROL


def field_view(bound: BoundField, *, label: str = "", help: str = "", cls: str = "", picker: bool = False) -> FieldView:
    """Prepare *bound* for the page. ``picker``, or `is_picker` of the form's field, makes a long select searchable."""
    widget = bound.field.widget
    base = bound.auto_id or bound.html_name
    said, help_id, error_id = help or str(bound.help_text), f"{base}-help", f"{base}-error"
    attrs = _attrs(bound, widget, picker or getattr(bound.field, "is_picker", False))
    described = [error_id] * bool(bound.errors) + [help_id] * bool(said)
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return FieldView(
        bound=bound,
        kind=widget_kind(widget),
        widget=bound.as_widget(attrs=attrs),
        label=label or str(bound.label),
        help=said,
        help_id=help_id,
        error_id=error_id,
        cls=cls,
        # A form names in `one_of` what is needed unless something beside it was given: neither required nor optional.
        is_optional=not bound.field.required and bound.name not in getattr(bound.form, "one_of", ()),
    )


def _attrs(bound: BoundField, widget: widgets.Widget, picker: bool) -> dict[str, Any]:
    classes = [widget_class(widget), str(widget.attrs.get("class", ""))]
    attrs: dict[str, Any] = {}
    if bound.errors:
        classes.append("is-invalid")
        attrs["aria-invalid"] = "true"
    if picker:
        attrs |= {
            "data-module": static("web/js/picker.js"),
            "data-script": static("vendor/tom-select.complete.min.js"),
            "data-style": static("vendor/tom-select.bootstrap5.min.css"),
        }
    attrs["class"] = " ".join(filter(None, classes))
    return attrs


def error_lines(form: Form) -> list[tuple[str, str, str]]:
    """``(field id, label, error)`` for each error of *form*; those of the whole form have neither id nor label."""
    lines = [("", "", str(error)) for error in form.non_field_errors()]
    for bound in form:
        lines += [(bound.id_for_label or bound.auto_id or "", str(bound.label), str(error)) for error in bound.errors]
    return lines
