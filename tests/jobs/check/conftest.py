"""A staged lake to break, and the audit without repeating what did not change."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jobs.check import audit
from tests.jobs.check.staged_shop import stage_shop


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake on which the shop is staged; copy it, do not write to it."""
    root = tmp_path_factory.mktemp("gates") / "lake"
    stage_shop(root)
    return root


@pytest.fixture
def root(untouched: Path, tmp_path: Path) -> Path:
    """A copy of the staged lake."""
    return Path(shutil.copytree(untouched, tmp_path / "lake"))


@pytest.fixture(scope="module")
def each_frame_once() -> Iterator[None]:
    """Great Expectations judges each frame once per module: a suite and a frame always give the same results.

    Only the suite of the changed cell is then judged anew, which makes a test per expectation affordable.
    """
    judged: dict[tuple[str, bytes], Any] = {}
    validate: Callable[[str, pd.DataFrame], Any] = audit.validate

    def remembered(suite_name: str, frame: pd.DataFrame) -> Any:
        seen = (suite_name, pickle.dumps(frame.to_dict("list")))
        if seen not in judged:
            judged[seen] = validate(suite_name, frame)
        return judged[seen]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "validate", remembered)
        patch.setattr("jobs.check.data_docs.write_data_docs", lambda folder, run_id, _: folder / run_id)
        yield
