from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from gongzhi.kernel.panels import render

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: Context, obj: Any) -> SafeString:
    """Whatever upper rooms hang on `obj`; needs `request` in the context."""
    return render(context["request"], obj)
