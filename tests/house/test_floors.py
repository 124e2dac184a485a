"""The import contract of pyproject.toml holds, and would not if somebody broke it (docs/house.md, Floors)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.house.files import ROOMS, ROOT

CONTRACTS = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.importlinter]")
LINT = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run([LINT, "--no-cache"], cwd=folder, env=env, capture_output=True, text=True, timeout=120)


def toy_house(folder: Path, files: dict[str, str]) -> Path:
    """A house of empty rooms under the project's own contracts, with these files in it."""
    (folder / "pyproject.toml").write_text(CONTRACTS[1] + CONTRACTS[2], encoding="utf-8")
    empty = {f"gongzhi/{room}/__init__.py": "" for room in ("config", *ROOMS)}
    for name, text in {"gongzhi/__init__.py": "", **empty, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def contracts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(CONTRACTS[1] + CONTRACTS[2])["tool"]["importlinter"]["contracts"]
    return found


def floors() -> list[str]:
    """The rooms of the contract from the top; those of one floor in its order."""
    return [one.strip().removeprefix("gongzhi.") for layer in contracts()[0]["layers"] for one in layer.split("|")]


def test_no_room_imports_from_above_or_beside() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_the_contract_has_no_exception() -> None:
    assert not [key for one in contracts() for key in one if "ignore" in key or "unmatched" in key]


def test_the_contract_names_every_room() -> None:
    on_disk = {path.parent.name for path in (ROOT / "gongzhi").glob("*/__init__.py")}
    assert on_disk == set(floors())


def test_an_empty_house_is_in_order(tmp_path: Path) -> None:
    assert lint(toy_house(tmp_path, {})).returncode == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gongzhi/kernel/a.py", "from gongzhi.accounts import b"),
        ("gongzhi/community/a.py", "import gongzhi.cases"),
        ("gongzhi/cases/a.py", "from gongzhi.whistles import b"),
        ("gongzhi/whistles/a.py", "from gongzhi.mediation import b"),
        ("gongzhi/cases/a.py", "def f():\n    from gongzhi.web import b"),
        ("gongzhi/web/a.py", "import gongzhi.demo"),
        ("gongzhi/cases/models.py", "from gongzhi.cases import actions"),
        ("gongzhi/cases/actions/a.py", "from gongzhi.cases import forms"),
        ("gongzhi/accounts/workflow.py", "from gongzhi.accounts import models"),
    ],
)
def test_a_wrong_import_is_seen(tmp_path: Path, name: str, text: str) -> None:
    targets = {"gongzhi/cases/actions/__init__.py", "gongzhi/cases/forms.py", "gongzhi/accounts/models.py"}
    others = dict.fromkeys(targets | {"gongzhi/accounts/b.py", "gongzhi/web/b.py", "gongzhi/whistles/b.py", "gongzhi/mediation/b.py"}, "")
    done = lint(toy_house(tmp_path, {**others, name: text}))
    assert done.returncode == 1
    assert "BROKEN" in done.stdout


def test_every_floor_of_the_plan_is_where_the_contract_puts_it() -> None:
    """docs/house.md lists the floors from the top; the contract has the same rooms in the same order."""
    text = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    rows = [name for row in re.findall(r"^\| \d+ \| ((?:`\w+` ?)+)\|", text, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    layers = floors()
    assert [name for name in rows if name in layers] == [name for name in layers if name != "config"] + ["config"]
