"""The JSON API of cases over the same actions as the pages: list, read, create, act."""

from gongzhi.cases.api.routes import router

__all__ = ["router"]
