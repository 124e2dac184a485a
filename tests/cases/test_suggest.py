"""The suggestion: measured on held-out real rows, silent on nonsense, the same with and without scikit-learn."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from gongzhi.cases.suggest import Candidate, Model, similar
from gongzhi.cases.suggest.reading import labelled_rows
from gongzhi.cases.suggest.training import Row, distinct, held_out, judge, train
from gongzhi.cases.suggest.words import clean, words_of

SMALL = [Row(f"{where}的路灯不亮了{n}", "lamp") for n, where in enumerate("东西南北门街巷院桥坊" * 3)]
SMALL += [Row(f"{where}边垃圾桶满了没人清{n}", "waste") for n, where in enumerate("东西南北门街巷院桥坊" * 3)]


@pytest.fixture(scope="module")
def segmented(real_data: str) -> list[Row]:
    return distinct(labelled_rows(Path(real_data) / "appeals" / "appeals_segmented_8261.csv.gz"))


@pytest.fixture(scope="module")
def raw(real_data: str) -> list[Row]:
    return list(labelled_rows(Path(real_data) / "appeals" / "appeals_labelled_495.xlsx"))


def less(rows: list[Row], others: list[Row]) -> list[Row]:
    """Rows whose words do not all but stand in one of the others: the same message in segmented form is taken out."""
    holders: dict[str, set[int]] = {}
    plain = [clean(row.text) for row in others]
    for at, text in enumerate(plain):
        for pair in {text[i : i + 2] for i in range(len(text) - 1)}:
            holders.setdefault(pair, set()).add(at)
    return [row for row in rows if not _stands_in(row.text, plain, holders)]


def _stands_in(text: str, plain: list[str], holders: dict[str, set[int]]) -> bool:
    words = set(words_of(text))
    rare = sorted((word for word in words if len(word) >= 2), key=lambda word: len(holders.get(word[:2], ())))[:6]
    near = {at for word in rare for at in holders.get(word[:2], ())}
    return any(sum(word in plain[at] for word in words) >= 0.85 * len(words) for at in near)


@pytest.mark.real_data
def test_held_out_fifth_of_the_segmented_rows(segmented: list[Row]) -> None:
    report = held_out(segmented)
    print(report)
    assert report.macro_f1 >= 0.92
    assert report.coverage >= 0.85


@pytest.mark.real_data
def test_raw_messages_and_nonsense(segmented: list[Row], raw: list[Row]) -> None:
    known = less(segmented, raw)
    assert len(segmented) - len(known) > 350
    model = train(known)
    report = judge(model, raw)
    silent = sum(model.guess(text) is None for text in nonsense([row.text for row in raw]))
    print(report, "silent", silent, "left out", len(segmented) - len(known))
    assert report.macro_f1 >= 0.90
    assert silent >= 95


def nonsense(messages: list[str]) -> list[str]:
    """A hundred strings that mean nothing: random characters, keyboard runs, signs, shuffled messages."""
    rng = random.Random(11)
    made = []
    for number in range(25):
        size = rng.randint(5, 60)
        shuffled = list(clean(messages[number])[:80])
        rng.shuffle(shuffled)
        made += [
            "".join(chr(rng.randint(0x4E00, 0x9FA5)) for _ in range(size)),
            "".join(rng.choice("asdfghjkl qwertyuiop") for _ in range(size)),
            "".join(rng.choice("，。！？… 1234567890") for _ in range(size)),
            "".join(shuffled),
        ]
    return made


def test_own_inference_equals_scikit_learn(tmp_path: Path) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = train(SMALL)
    texts = [row.text for row in SMALL]
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, sublinear_tf=True, lowercase=False)
    matrix = vectors.fit_transform(["".join(word for word in words_of(text) if word in model.vocabulary) for text in texts])
    expected = matrix @ model.weights.T + model.intercept
    assert np.allclose(expected, np.array([model.scores(text) for text in texts]), atol=1e-4)
    model.save(tmp_path / "model.npz")
    again = Model.load(tmp_path / "model.npz")
    assert np.allclose(again.scores("南门的路灯不亮了"), model.scores("南门的路灯不亮了"))
    assert (again.best("巷口路灯不亮了").label, again.best("垃圾桶满了").label) == ("lamp", "waste")


@pytest.mark.django_db
def test_commands_learn_and_suggest(tmp_path: Path, settings: object, capsys: pytest.CaptureFixture[str]) -> None:
    settings.GONGZHI_VAR = tmp_path  # type: ignore[attr-defined]
    labelled, messages, out = tmp_path / "rows.csv", tmp_path / "messages.csv", tmp_path / "out.csv"
    with labelled.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *((row.text, row.label) for row in SMALL)])
    messages.write_text("编号,留言详情\n1,南门的路灯不亮了\n2,犇骉猋麤毳淼\n", encoding="utf-8")
    call_command("train_categories", str(labelled))
    assert "rows=60 macro_f1=" in capsys.readouterr().out
    call_command("suggest_categories", str(messages), "--out", str(out))
    assert "rows=2 suggested=1 abstained=1" in capsys.readouterr().out
    with out.open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert rows[0][:2] == ["编号", "留言详情"]
    assert rows[1][2] == "lamp"
    assert rows[2][2] == ""


def test_similar_finds_the_same_matter_and_nothing_else() -> None:
    candidates = [
        Candidate(1, "幸福小区3栋楼下路灯坏了好几天，晚上很黑", 20, 1, same_category=True),
        Candidate(2, "菜市场门口占道经营太吵", 30, 1),
        Candidate(3, "幸福小区3栋楼下路灯坏了好几天，晚上很黑", 5000, 200, same_category=True),
    ]
    found = similar("3栋楼下的路灯坏了，晚上太黑看不见", candidates)
    assert [match.id for match in found][:1] == [1]
    assert 2 not in {match.id for match in found}
    assert not similar("想问问社保卡怎么办", candidates)
