"""`./up bench` and `./up proof` say what failed, and fail themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import runner


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    home = tmp_path / "toys"
    home.mkdir()
    (home / "a_good.py").write_text("import sys; print('ratio=1.0', sys.argv[1:])")
    (home / "b_bad.py").write_text("raise SystemExit(1)")
    (home / "_shared.py").write_text("raise SystemExit(3)")
    return home


def by_letter(name: str, wanted: str) -> bool:
    return name.split("_")[0] == wanted


def test_one_is_run_with_its_arguments(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert runner.run_modules("toys", ["a", "--quick"], by_letter) == 0
    assert "ratio=1.0 ['--quick']" in capfd.readouterr().out


def test_all_are_run_though_one_fails(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert runner.run_modules("toys", [], by_letter) == 1
    out, err = capfd.readouterr()
    assert out.count("==") == 2
    assert "failed: b_bad" in err


def test_an_unknown_name_is_told_what_there_is(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert runner.run_modules("toys", ["z"], by_letter) == 2
    assert "a_good, b_bad" in capfd.readouterr().err
