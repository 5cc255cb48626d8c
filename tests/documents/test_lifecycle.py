"""Steps between states are data."""

import pytest

from documents.errors import TransitionRefused
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
    assert TABLE.targets("posted") == (Status.PAID, Status.VOID)
    assert TABLE.targets(Status.VOID) == ()


def test_other_steps_are_refused_with_both_states_in_the_message():
    TABLE.require(Status.DRAFT, Status.POSTED)

    with pytest.raises(TransitionRefused) as refused:
        TABLE.require("paid", "draft")

    assert (refused.value.code, refused.value.status) == ("transition_refused", 409)
    assert "paid" in str(refused.value)
    assert "draft" in str(refused.value)


def test_nothing_leaves_a_final_state():
    with pytest.raises(ValueError, match="final"):
        Lifecycle(transitions=frozenset({(Status.VOID, Status.DRAFT)}))
