"""The JSON API of cases over the same actions as the pages."""

from ninja import Router

router = Router(tags=["cases"])
