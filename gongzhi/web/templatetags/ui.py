"""The tags and filters of ``{% load ui %}``: arguments in docs/components.md, looks on /styleguide."""

from django import template

from gongzhi.web.ui import forms_tags, lists_tags, marks_tags, pictures_tags, words_tags

register = template.Library()

for library in (marks_tags, lists_tags, forms_tags, pictures_tags, words_tags):
    register.tags.update(library.register.tags)
    register.filters.update(library.register.filters)
