"""Addresses of the desk pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongzhi.cases.views import behalf, calendar, desk, desk_acts, dispatching, exporting, labels, printing, registers

urlpatterns: list[URLPattern] = [
    path("desk/", desk.inbox, name="inbox"),
    path("desk/batch/", desk_acts.batch, name="batch"),
    path("desk/new/", behalf.new, name="behalf"),
    path("desk/new/done/", behalf.done, name="behalf_done"),
    path("desk/dispatch/", dispatching.board, name="dispatch_board"),
    path("desk/registers/", registers.register, name="registers"),
    path("desk/registers/<slug:name>/", registers.register, name="register"),
    path("desk/registers/<slug:name>/export.xlsx", registers.export, name="register_export"),
    path("desk/export.xlsx", exporting.export, name="export"),
    path("desk/print/<str:code>/<slug:name>.pdf", printing.paper, name="print"),
    path("cases/<str:code>/notice.pdf", printing.own_notice, name="own_notice"),
    path("desk/labels/", labels.labels, name="labels"),
    path("desk/labels/print.pdf", labels.paper, name="labels_print"),
    path("desk/calendar/", calendar.calendar, name="calendar"),
    path("desk/import/", desk.import_sheet, name="import"),
    path("desk/area/<int:place_id>.geojson", desk.area, name="desk_area"),
    path("desk/cases/<str:code>/", desk.one, name="desk_case"),
    path("desk/cases/<str:code>/reveal/", desk_acts.reveal, name="reveal"),
    path("desk/cases/<str:code>/do/<slug:name>/", desk_acts.do, name="desk_act"),
]
