"""The JSON API of cases over the same actions as the pages: list, read, create, act, and what the codes stand for."""

from gongzhi.cases.api import acting, filed, lists

routers = (filed.router, acting.router, lists.router)

__all__ = ["routers"]
