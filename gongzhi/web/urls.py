"""Addresses of the web room."""

from django.urls import path

from gongzhi.web.views import contact, home, notices, preferences, styleguide

app_name = "web"

urlpatterns = [
    path("", home.home, name="home"),
    path("here", home.choose_here, name="choose_here"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("styleguide/desk", styleguide.desk, name="styleguide_desk"),
    path("styleguide/board", styleguide.board, name="styleguide_board"),
    path("styleguide/paper", styleguide.paper, name="styleguide_paper"),
    path("styleguide/part", styleguide.part, name="styleguide_part"),
    path("styleguide/geo/<slug:what>", styleguide.geo, name="styleguide_geo"),
    path("styleguide/error/<int:status>", styleguide.error, name="styleguide_error"),
    path("ping", preferences.ping, name="ping"),
    path("preferences", preferences.preferences, name="preferences"),
    path("notices", notices.inbox, name="notices"),
    path("notices/read", notices.read_all, name="notices_read"),
    path("notices/<int:pk>", notices.read, name="notice"),
    path("contact", contact.contact, name="contact"),
]
