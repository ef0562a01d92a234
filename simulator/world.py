"""Everything that exists in the simulator, and the few primitives that change it.

The methods of the Bot API (simulator/methods) and the acts of people (simulator/acts.py) both work on
this one world; whatever changes is handed to the store, the journal and the event stream here.
"""

import random
from collections.abc import Callable

import msgspec

from simulator.accounts import Account, account
from simulator.clock import Clock
from simulator.events import Events
from simulator.faults import Faults
from simulator.files import Files
from simulator.journal import Journal
from simulator.limits import Limits
from simulator.people import Chat, ChatType, Group, Message, Person
from simulator.queues import QueueState, Update, UpdateQueue
from simulator.store import Store
from simulator.wire import Json

FIRST_PERSON = 7_000_000_001  # ids of new people: beyond 32 bits, as at Telegram
FIRST_GROUP = -5_000_000_001
FIRST_SUPERGROUP = -1_002_000_000_001
PRESSES_KEPT = 10_000


class World:
    """The state of the simulator. `rng` makes ids; give a seeded one for a repeatable run."""

    strict = False  # webhook addresses are checked as at api.telegram.org, not as with --local

    def __init__(
        self, tokens: list[str], clock: Clock, store: Store, files: Files, rng: random.Random
    ) -> None:
        self.clock, self.store, self.files, self.rng = clock, store, files, rng
        self.webhook_changed: Callable[[int], None] = lambda _: None
        self.webhook_set_at: dict[int, float] = {}
        self.events, self.journal = Events(), Journal()
        self.faults, self.limits = Faults(rng), Limits(clock)
        self.accounts = {bot.id: bot for bot in map(account, tokens)}
        self.queues: dict[int, UpdateQueue] = {}
        self._empty()
        self._load()
        self.save_clock()  # a state that began in the past goes on from there

    def _empty(self) -> None:
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.chats: dict[tuple[int, int], Chat] = {}
        self.messages: dict[tuple[int, int], dict[int, Message]] = {}
        for bot in self.accounts:
            on_put = self.queues[bot].on_put if bot in self.queues else None
            self.queues[bot] = UpdateQueue(bot, self.clock, self.store, self.rng)
            self.queues[bot].on_put = on_put or self.queues[bot].on_put

    def reset(self) -> None:
        """Empties everything but the tokens; the clock keeps its offset, since time never goes back."""
        self.accounts = {bot: account(old.token) for bot, old in self.accounts.items()}
        self.store.clear()
        self._empty()
        self.journal.clear()
        self.faults.clear()
        self.limits.reset()
        self.files.clear()
        self.save_clock()
        for bot in self.accounts:
            self.webhook_changed(bot)
        self.events.publish("reset")

    # What is kept

    def _load(self) -> None:
        for _, body in self.store.read("clock"):
            self.clock.offset = max(self.clock.offset, msgspec.json.decode(body, type=float))
        for _, body in self.store.read("person"):
            person = msgspec.json.decode(body, type=Person)
            self.people[person.id] = person
        for _, body in self.store.read("group"):
            group = msgspec.json.decode(body, type=Group)
            self.groups[group.id] = group
        for _, body in self.store.read("account"):
            self._load_account(msgspec.json.decode(body, type=Account))
        self._load_chats()
        self._load_queues()

    def _load_account(self, kept: Account) -> None:
        if kept.id in self.accounts:
            kept.token = self.accounts[kept.id].token
            self.accounts[kept.id] = kept

    def _load_chats(self) -> None:
        for _, body in self.store.read("chat"):
            chat = msgspec.json.decode(body, type=Chat)
            self.chats[chat.bot, chat.id] = chat
        for key, body in self.store.read("message"):
            bot, chat_id, _ = map(int, key.split(":"))
            message = msgspec.json.decode(body, type=Message)
            self.messages.setdefault((bot, chat_id), {})[message.id] = message

    def _load_queues(self) -> None:
        waiting: dict[int, list[Update]] = {}
        for key, body in self.store.read("update"):
            update = msgspec.json.decode(body, type=Update)
            bot = int(key.partition(":")[0])
            update.entry = self.journal.update(self.clock.now(), bot, update.id, update.type, update.chat)
            waiting.setdefault(bot, []).append(update)
        for key, body in self.store.read("queue"):
            if int(key) in self.queues:
                state = msgspec.json.decode(body, type=QueueState)
                self.queues[int(key)].load(state, waiting.get(int(key), []))

    def save_account(self, bot: Account) -> None:
        """Keeps a bot's settings."""
        while len(bot.presses) > PRESSES_KEPT:
            del bot.presses[next(iter(bot.presses))]
        self.store.put("account", str(bot.id), bot)

    def save_clock(self) -> None:
        """Keeps the clock's offset and tells the page."""
        self.store.put("clock", "offset", self.clock.offset)
        self.events.publish("clock", now=self.clock.now(), offset=self.clock.offset)

    # People and groups

    def put_person(self, person: Person) -> Person:
        """Adds or replaces a person."""
        self.people[person.id] = person
        self.store.put("person", str(person.id), person)
        self.events.publish("person", person.id)
        return person

    def put_group(self, group: Group) -> Group:
        """Adds or replaces a group."""
        self.groups[group.id] = group
        self.store.put("group", str(group.id), group)
        self.events.publish("group", group.id)
        return group

    def next_person_id(self) -> int:
        """An id that nobody has yet."""
        return max([FIRST_PERSON - 1, *self.people]) + 1

    def next_group_id(self, kind: ChatType) -> int:
        """An id for a new group: small negative ones for groups, -100… for supergroups."""
        first = FIRST_GROUP if kind == "group" else FIRST_SUPERGROUP
        taken = [group.id for group in self.groups.values() if group.type == kind]
        return min([first + 1, *taken]) - 1

    # Chats and messages

    def chat(self, bot: int, chat_id: int, kind: ChatType = "private") -> Chat:
        """The chat of a bot with a person or group; it begins when it is first asked for."""
        found = self.chats.get((bot, chat_id))
        if found is None:
            instance = str(self.rng.getrandbits(63) - (1 << 62))
            found = self.chats[bot, chat_id] = Chat(bot, chat_id, kind, instance)
            self.messages[bot, chat_id] = {}
            self.save_chat(found)
        return found

    def history(self, chat: Chat) -> dict[int, Message]:
        """The messages of a chat by id, oldest first, deleted ones included."""
        return self.messages.setdefault((chat.bot, chat.id), {})

    def find(self, chat: Chat, message_id: int) -> Message | None:
        """A message that exists and is not deleted."""
        message = self.history(chat).get(message_id)
        return None if message is None or message.deleted else message

    def head(self, chat: Chat) -> Json:
        """The Chat object that goes into a message."""
        return self.people[chat.id].chat() if chat.type == "private" else self.groups[chat.id].chat()

    def add(self, chat: Chat, sender: Json, content: Json, *, outgoing: bool) -> Message:
        """Appends a message; `content` is all of its JSON after `date`."""
        chat.last_id += 1
        wire = {
            "message_id": chat.last_id,
            "from": sender,
            "chat": self.head(chat),
            "date": self.clock.stamp(),
        }
        message = Message(chat.last_id, outgoing, wire | content)
        self.history(chat)[message.id] = message
        if outgoing:
            chat.action = None
        self.save_chat(chat)
        self.save_message(chat, message)
        self.events.publish("message", chat.id, bot=chat.bot, message_id=message.id, outgoing=outgoing)
        return message

    def save_chat(self, chat: Chat) -> None:
        """Keeps a chat's state (not its messages)."""
        self.store.put("chat", chat.key, chat)

    def save_message(self, chat: Chat, message: Message) -> None:
        """Keeps one message."""
        self.store.put("message", f"{chat.key}:{message.id:012}", message)

    def delete(self, chat: Chat, message: Message) -> None:
        """Marks a message as deleted; it stays, so that a press on its old button can be told."""
        message.deleted = True
        self.save_message(chat, message)
        self.events.publish("deleted", chat.id, bot=chat.bot, message_id=message.id)

    # Updates

    def update(self, bot: int, kind: str, content: Json, chat: int | None, lane: str) -> list[int]:
        """Queues an update for a bot; the ids that it got, none when the bot did not ask for this type."""
        queue = self.queues[bot]
        if not queue.wants(kind):
            return []
        fault = self.faults.for_update(chat)
        if fault == "malformed_update":
            content = broken(kind, content)
        entry = self.journal.update(self.clock.now(), bot, queue.next_id(), kind, chat)
        update = queue.put(entry, content, lane, again=fault == "duplicate_update")
        self.events.wake()
        return [update.id] if update is not None else []


def broken(kind: str, content: Json) -> Json:
    """The same update as no typed client can read it.

    A message becomes a forward of a hidden user without a name, which the real server does send
    (JsonMessageOrigin leaves out an empty name); anything else loses its sender.
    """
    if kind in {"message", "edited_message"}:
        return content | {"forward_origin": {"type": "hidden_user", "date": content["date"]}}
    return {name: value for name, value in content.items() if name != "from"}
