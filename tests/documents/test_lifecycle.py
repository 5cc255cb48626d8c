"""Steps between states are data."""

import pytest

from documents.lifecycle import Lifecycle, Status

TABLE = Lifecycle(
    transitions=frozenset(
        {
            (Status.DRAFT, Status.POSTED),
            (Status.POSTED, Status.PAID),
            (Status.POSTED, Status.VOID),
        }
    )
)


def test_only_steps_of_the_table_are_allowed():
    assert TABLE.allows("draft", "posted")
    assert not TABLE.allows(Status.DRAFT, Status.PAID)
    assert not TABLE.allows("paid", "posted")


def test_nothing_leaves_a_final_state():
    with pytest.raises(ValueError, match="final"):
        Lifecycle(transitions=frozenset({(Status.VOID, Status.DRAFT)}))
