"""A file that a facilitator has relayed is known when it comes again, and to nobody else."""

from __future__ import annotations

from storage.doubles import relayed_before
from tests.storage.test_relays import YUNI, relays, spoken
from tests.storage.world import BUDI, World


def test_only_what_this_facilitator_relayed_has_come_before(world: World) -> None:
    world.mandate(YUNI)
    relays(world, spoken())
    with world.begin() as connection:
        assert relayed_before(connection, YUNI, "said")
        assert not relayed_before(connection, YUNI, "something else")
        assert not relayed_before(connection, BUDI, "said")
