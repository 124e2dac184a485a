"""Forms of the kernel's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.kernel.sheets import SheetSpec


class UploadForm(forms.Form):
    """One sheet."""

    file = forms.FileField(
        label=gettext_lazy("表格文件"),
        help_text=gettext_lazy("Excel（.xlsx）或 CSV 文件，第一行是列名。最多 20 MB、20 万行。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.gz"}),
        error_messages={
            "required": gettext_lazy("请先选一个表格文件。"),
            "empty": gettext_lazy("文件是空的，请选有内容的表格。"),
        },
    )


class MappingForm(forms.Form):
    """For each of our columns, which of the sheet's it is."""

    def __init__(self, spec: SheetSpec, header: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("不导入"))] + [(str(at), label) for at, label in enumerate(header) if label]
        for column in spec.columns:
            # Whether a required one is missing is said by the action, in one sentence for pages and commands alike.
            self.fields[column.key] = forms.ChoiceField(label=column.label, choices=choices, required=False)
            if column.required:
                self.fields[column.key].help_text = _("必须有这一列")

    def mapping(self) -> dict[str, int | None]:
        """Column key to position, None for what is not taken in."""
        return {key: int(value) if value else None for key, value in self.cleaned_data.items()}
