"""Every page that somebody can open: axe finds nothing, nothing overflows, the console is silent, on the phone and at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.addresses import walk
from tests.journeys.people import BOARD, DESK, PHONE, Person, Size
from tests.journeys.reporting import enter_on_behalf
from tests.journeys.test_import import HEADER, check, upload, workbook
from tests.once import once

pytestmark = [pytest.mark.journey, once]
Open = Callable[..., Person]
SIGNED_IN = ("resident", "gridworker", "dispatcher", "clerk", "lamps", "checker", "approver", "adjudicator", "leader", "operator")
AXE = Axe().axe_script
LOOKS_DIFFERENT = frozenset({"cases:inbox", "cases:desk_case", "whistles:show"})
"""Addresses that show each role something else: looked at by every role."""
ALSO = {"resident": ["/", "/mine/", "/report/"], "gridworker": ["/"]}
"""Pages for guests too that look different for whom we know."""
EXCUSED = {
    **dict.fromkeys(("account_signup", "account_set_password", "web:notice", "cases:scan", "cases:import"), "leads on to another page"),
    **dict.fromkeys(
        ("api:api-root", "api:create_case", "api:list_cases", "api:read_case", "api:list_bodies", "api:list_wordings"), "data for a token"
    ),
    **dict.fromkeys(("open311:token", "web:ping", "files:show"), "no page"),
    **dict.fromkeys(
        (
            "mfa_activate_totp",
            "mfa_authenticate",
            "mfa_deactivate_totp",
            "mfa_download_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_reauthenticate",
            "mfa_view_recovery_codes",
        ),
        "test_second_factor looks at them",
    ),
}
"""Addresses that this walk leaves out, with the reason."""


def wrong_with(person: Person, path: str) -> list[str]:
    """What is wrong with a page at the size that suits it, and whether it overflows at the other."""
    page = person.page
    before = len(person.trouble)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    person.open(path)
    page.evaluate(AXE)
    found = []
    kind = page.evaluate("document.documentElement.className")
    sizes: list[Size] = [BOARD] if "gz-board" in kind else [PHONE] if "gz-phone" in kind else [PHONE, DESK]
    for size in sizes:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        rules = page.evaluate('axe.run({resultTypes: ["violations"]})')["violations"]
        found += [f"{path} at {size['width']}: {rule['id']} {[node['target'] for node in rule['nodes']][:3]}" for rule in rules]
    for size in [BOARD] if "gz-board" in kind else [PHONE, DESK]:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{path} at {size['width']}: {over} px too wide"] if over > 0 else []
    found += [f"{path}: {line}" for line in person.trouble[before:]]
    del person.trouble[before:]
    return found


def test_every_page(person: Open) -> None:
    people = {name: person(name) for name in ("", *SIGNED_IN)}
    enter_on_behalf(people["clerk"])
    check(upload(people["clerk"], "rows.xlsx", workbook([HEADER, ["1", "路灯", "2026-01-05 09:30", "不亮"], ["2", "缺时间", "", "缺"]])))
    found = walk(people, LOOKS_DIFFERENT, frozenset(EXCUSED))
    assert not found.unopened, "nobody could open: " + ", ".join(found.unopened)
    for name, paths in ALSO.items():
        found.pages.setdefault(name, []).extend(paths)
    wrong = [line for name, paths in found.pages.items() for path in dict.fromkeys(paths) for line in wrong_with(people[name], path)]
    assert not wrong, "\n".join(wrong)
    assert sum(map(len, found.pages.values())) > 40
