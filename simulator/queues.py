"""One bot's queue of updates, after telegram-bot-api (Client.cpp) and TDLib (TQueue.cpp)."""

import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from simulator.clock import DAY, WEEK, Clock
from simulator.journal import UpdateEntry
from simulator.store import Store
from simulator.wire import Json, encode

LIFETIMES = {"callback_query": 150.0, "inline_query": 30.0, "chosen_inline_result": 600.0}
LIFETIMES |= {"shipping_query": 150.0, "pre_checkout_query": 150.0}  # seconds; all others live a day
OFF_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LARGEST = 512 * 1024  # bytes of one update as JSON; a bigger one is dropped
LONGEST = 100_000  # updates in one queue
FUTURE = 10  # an offset further beyond the tail than this is taken as "from the head"
ANSWER = 4 * 1024 * 1024  # bytes of updates in one answer of getUpdates


@dataclass(slots=True, eq=False)
class Update:
    """One waiting update; `expires` is virtual time; `lane` is the webhook's ordering key; `again` is a fault."""

    id: int
    type: str
    expires: float
    lane: str
    body: bytes
    chat: int | None
    entry: UpdateEntry | None = None
    again: bool = False


@dataclass(slots=True)
class QueueState:
    """What the store keeps of a queue beside its updates. `allowed` None: all but the noisy three."""

    next_id: int
    last_at: float = 0.0
    allowed: list[str] | None = None


class UpdateQueue:
    """Strictly increasing ids; nothing is forgotten before it is confirmed or expires."""

    def __init__(self, bot: int, clock: Clock, store: Store, rng: random.Random) -> None:
        self.bot = bot
        self.state = QueueState(self._fresh(rng))
        self.waiting: deque[Update] = deque()
        self.replays: list[Update] = []  # handed out once more although confirmed: the duplicate fault
        self.on_put: Callable[[Update], None] = lambda _: None
        self._clock, self._store, self._rng = clock, store, rng

    @staticmethod
    def _fresh(rng: random.Random) -> int:
        return rng.randint(2_000_001, 1_000_000_000)

    def wants(self, kind: str) -> bool:
        """Whether updates of this type are queued at all (allowed_updates acts when they arise)."""
        allowed = self.state.allowed
        return kind in allowed if allowed is not None else kind not in OFF_BY_DEFAULT

    def allow(self, kinds: list[str] | None) -> None:
        """Sets allowed_updates: None leaves it as it is, an empty list means the default."""
        if kinds is not None:
            self.state.allowed = kinds or None
            self.save()

    def next_id(self) -> int:
        """The next update id; after an idle week the numbers begin anew somewhere else."""
        now = self._clock.now()
        if self.state.last_at and now - self.state.last_at >= WEEK and not self.waiting:
            self.state.next_id = self._fresh(self._rng)
        self.state.last_at = now
        self.state.next_id += 1
        return self.state.next_id - 1

    def put(self, entry: UpdateEntry, content: Json, lane: str, *, again: bool = False) -> Update | None:
        """Queues one update, or None when it is too big for Telegram's queue."""
        body = encode({"update_id": entry.update_id, entry.type: content})
        if len(body) > LARGEST or len(self.waiting) >= LONGEST:
            entry.dropped = "too big" if len(body) > LARGEST else "queue full"
            return None
        expires = self._clock.now() + LIFETIMES.get(entry.type, DAY)
        update = Update(entry.update_id, entry.type, expires, lane, body, entry.chat, entry, again)
        self.waiting.append(update)
        self._store.put("update", self._key(update), update)
        self.save()
        self.on_put(update)
        return update

    def load(self, state: QueueState, updates: Iterable[Update]) -> None:
        """Takes over what the store kept."""
        self.state = state
        self.waiting.extend(updates)

    def confirm(self, offset: int) -> None:
        """Forgets what a getUpdates with this offset confirms (negative: all but the newest |offset|)."""
        if offset < 0:
            self._forget(max(0, len(self.waiting) + offset))
        elif 0 < offset <= self._tail() + FUTURE:
            self._forget(sum(1 for update in self.waiting if update.id < offset))

    def _tail(self) -> int:
        return self.waiting[-1].id + 1 if self.waiting else self.state.next_id

    def _forget(self, count: int) -> None:
        for _ in range(count):
            self._gone(self.waiting.popleft(), confirmed=True)

    def remove(self, update: Update) -> None:
        """Forgets one update that the webhook has confirmed or that was given up; absent ones are ignored."""
        if update in self.waiting:
            self.waiting.remove(update)
            self._gone(update, confirmed=True)

    def _gone(self, update: Update, *, confirmed: bool) -> None:
        self._store.drop("update", self._key(update))
        if update.entry is not None and confirmed:
            update.entry.confirmed_at = self._clock.now()
        elif update.entry is not None:
            update.entry.dropped = "expired"

    def expire(self) -> None:
        """Drops what is older than its type may get: a button press 150 s, a message a day."""
        now = self._clock.now()
        if any(update.expires <= now for update in self.waiting):
            for update in [update for update in self.waiting if update.expires <= now]:
                self.waiting.remove(update)
                self._gone(update, confirmed=False)

    def clear(self) -> None:
        """drop_pending_updates."""
        self._forget(len(self.waiting))

    def ready(self, limit: int) -> list[bytes]:
        """The oldest waiting updates as JSON, at most `limit` and 4 MiB together; marks them as handed out."""
        self.expire()
        replayed = [update for update in self.replays if update not in self.waiting]
        fresh = self._head(limit - len(replayed))
        self.replays = [update for update in fresh if self._take_again(update)]
        for update in fresh:
            self.delivered(update)
        return [update.body for update in replayed + fresh]

    def _head(self, limit: int) -> list[Update]:
        batch: list[Update] = []
        size = 0
        for update in self.waiting:
            size += len(update.body)
            if len(batch) >= limit or (batch and size > ANSWER):
                break
            batch.append(update)
        return batch

    @staticmethod
    def _take_again(update: Update) -> bool:
        again, update.again = update.again, False
        return again

    def delivered(self, update: Update) -> None:
        """Notes when an update was first handed out."""
        if update.entry is not None and update.entry.delivered_at is None:
            update.entry.delivered_at = self._clock.now()

    def save(self) -> None:
        """Keeps the numbering and the allowed types."""
        self._store.put("queue", str(self.bot), self.state)

    def _key(self, update: Update) -> str:
        return f"{self.bot}:{update.id:012}"
