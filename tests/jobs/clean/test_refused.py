"""A refused record says by which contract and mapping it was refused; the same mapping says the same for good."""

from __future__ import annotations

import pytest

from conf.mapping import Feed
from jobs.clean.refused import contract_version, mapping_hash


@pytest.mark.parametrize(
    ("kind", "contract", "mapping"),
    [
        ({"kind": "activity"}, "ac604bd5e4720d48", "eeae70d896c4b72a"),
        ({"kind": "orders"}, "226d71a0e2286719", "f14ac6a2de48dbdb"),
        ({"kind": "orders", "grain": "order"}, "226d71a0e2286719", "f14ac6a2de48dbdb"),
        ({"kind": "orders", "grain": "line"}, "35e1ab0a44c275f4", "1ba64b78343d0655"),
        ({"kind": "refunds"}, "316a410a6657b88c", "259671cfbc9a60ce"),
        ({"kind": "refunds", "grain": "line"}, "74ee9559c58660f2", "da15b86016786f0b"),
        ({"kind": "users"}, "943c7f8ba4be2eee", "e1385ebd528c78c4"),
    ],
)
def test_a_mapping_and_the_contract_of_its_kind_keep_their_hashes(
    kind: dict[str, str], contract: str, mapping: str
) -> None:
    feed = Feed.model_validate({**kind, "input": "log", "key": "position", "columns": {"user_id": "user"}})
    assert (contract_version(feed), mapping_hash(feed)) == (contract, mapping)
