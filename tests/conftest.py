"""Fixtures: a handful of notes, a quickly trained model, and the bundled one."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from custtype import CustomerTypeClassifier, load_model
from custtype.datasets import Corpus, load_corpus

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load_corpus(ROOT / "data" / "corpus")


@pytest.fixture(scope="session")
def texts(corpus: Corpus) -> list[str]:
    """Every seventh note of the corpus: all kinds, languages and lengths."""
    return corpus.texts[::7]


@pytest.fixture(scope="session")
def bundled() -> CustomerTypeClassifier:
    return load_model()


@pytest.fixture(scope="session")
def small_data() -> tuple[list[str], list[str]]:
    notes = {
        "result": ["chốt luôn, bao giờ xong", "khỏi giải thích, có hay không", "bottom line, by when?", "just get it done today"],
        "detail": [
            "gửi bảng kê từng khoản",
            "căn cứ điều mấy của hợp đồng",
            "breakdown of the fee please",
            "the figures don't match page 4",
        ],
        "people": ["cảm ơn em đã hỏi thăm mẹ chị", "thái độ bạn ấy làm chị buồn", "she was so kind to my mum", "nobody listened to me"],
        "unclear": ["hỏi giờ mở cửa", "khách đổi lịch sang thứ ba", "asked for the address", "printer moved to room 4"],
    }
    rows = [(text, label) for label, texts in notes.items() for text in texts] * 4
    return [text for text, _ in rows], [label for _, label in rows]


@pytest.fixture(scope="session")
def small_model(small_data: tuple[list[str], list[str]]) -> CustomerTypeClassifier:
    return CustomerTypeClassifier(n_folds=3).fit(*small_data)


@pytest.fixture(scope="session")
def checks() -> dict[str, ModuleType]:
    """The corpus' checks and changes, which are scripts beside the data and no package."""
    sys.path.insert(0, str(ROOT / "data"))
    try:
        names = ("agreement", "copies", "grid", "schema", "shortcuts", "splits")
        scripts = ("check", "changes", "signal_card")
        return {name: import_module(f"checks.{name}") for name in names} | {name: import_module(name) for name in scripts}
    finally:
        sys.path.remove(str(ROOT / "data"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-behaviour", action="store_true", help="rewrite tests/behaviour/record.json from how often the model fails now"
    )
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden from what the code gives now")
