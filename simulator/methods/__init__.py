"""The Bot API's methods. Names are lower case, as the server reads them."""

from collections.abc import Callable, Mapping
from typing import Any

from simulator.calls import Call
from simulator.methods import chats, editing, media, pressing, profile, sending, updates

Method = Callable[[Call], Any]

METHODS: Mapping[str, Method] = {
    **profile.METHODS,
    **updates.METHODS,
    **sending.METHODS,
    **editing.METHODS,
    **pressing.METHODS,
    **media.METHODS,
    **chats.METHODS,
}
