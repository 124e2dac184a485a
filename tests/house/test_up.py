"""The one command: stdlib only, stamps that notice a change, assets without pointers to what is not shipped."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.files import ROOT


@pytest.fixture
def up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`up` as a module that believes to live in an empty folder."""
    loader = importlib.machinery.SourceFileLoader("up", str(ROOT / "up"))
    spec = importlib.util.spec_from_loader("up", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "CACHE", tmp_path / ".cache")
    return module


def test_it_imports_the_standard_library_only() -> None:
    tree = ast.parse((ROOT / "up").read_text(encoding="utf-8"))
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in plain | named} <= set(sys.stdlib_module_names)


def test_help_names_every_subcommand() -> None:
    done = subprocess.run([sys.executable, ROOT / "up", "help"], capture_output=True, text=True)
    assert done.returncode == 1
    assert set(re.findall(r"^  \./up \[?(\w+)", done.stderr, re.MULTILINE)) == {
        "run",
        "setup",
        "test",
        "check",
        "bench",
        "proof",
        "manage",
    }


def test_a_stamp_notices_change_rename_and_loss(up: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a").write_text("1")
    assert not up.stamped("step", folder)
    up.stamp("step", folder)
    assert up.stamped("step", folder)
    (folder / "a").write_text("2")
    assert not up.stamped("step", folder)
    (folder / "a").write_text("1")
    assert up.stamped("step", folder)
    (folder / "a").rename(folder / "b")
    assert not up.stamped("step", folder)
    (folder / "b").unlink()
    assert not up.stamped("step", folder)


def test_an_asset_leaves_its_source_map_behind(up: ModuleType, tmp_path: Path) -> None:
    source, target = tmp_path / "a.js", tmp_path / "out" / "a.js"
    source.write_text("let a = 1\n//# sourceMappingURL=a.js.map\n")
    up.copy_asset(source, target)
    assert target.read_text() == "let a = 1\n"


def test_every_listed_asset_is_in_a_locked_package() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    lines = [line for line in (ROOT / "assets.txt").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    for line in lines:
        parts = line.split()[0].split("/")
        package = "/".join(parts[: 2 if parts[0].startswith("@") else 1])
        assert f'"node_modules/{package}"' in lock
    assert lock.count('"integrity"') == lock.count('"node_modules/')


def test_only_an_instance_that_is_not_production_is_a_demonstration(up: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGZHI_DEMO", raising=False)
    monkeypatch.setenv("GONGZHI_ENV", "production")
    assert "GONGZHI_DEMO" not in up.environment()
    monkeypatch.delenv("GONGZHI_ENV")
    assert up.environment()["GONGZHI_DEMO"] == "1"


def test_bytecode_is_kept_outside_the_sources(up: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    env = up.environment()
    assert "PYTHONDONTWRITEBYTECODE" not in env
    assert env["PYTHONPYCACHEPREFIX"].endswith(".cache/pycache")
