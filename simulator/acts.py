"""What people do in their apps: write, press, send a voice note, forward, block. Each act makes its updates."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.accounts import Press
from simulator.entities import cleaned, finished
from simulator.errors import Refused
from simulator.members import membership
from simulator.people import Chat, Message, Person
from simulator.webapps import init_data
from simulator.wire import Json, clean, present
from simulator.world import World

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
LONGEST_MESSAGE = 4096  # characters; the app itself splits a longer text
LARGEST_ID = 1 << 52  # Telegram promises at most 52 significant bits
EDITABLE = 48 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Done:
    """What an act led to: the updates queued for the bot, and whatever the app shows (`seen`)."""

    update_ids: list[int] = field(default_factory=list)
    message_id: int | None = None
    seen: Json = field(default_factory=dict)

    def view(self) -> Json:
        """As the control API answers."""
        return {"update_ids": self.update_ids, **present(message_id=self.message_id), **self.seen}


class Acts:
    """The people's hands. `person` and `bot` are ids; the bot is the first one unless given."""

    world: World

    def bot_id(self, bot: int | None = None) -> int:
        """The bot meant; Refused when there is no such bot."""
        found = next(iter(self.world.accounts)) if bot is None else bot
        if found not in self.world.accounts:
            raise Refused(f"There is no bot with the id {found}.")
        return found

    def person(self, person: int) -> Person:
        """The person; Refused when there is none with this id."""
        found = self.world.people.get(person)
        if found is None:
            raise Refused(f"There is no person with the id {person}.")
        return found

    def add_person(self, first_name: str, **details: Any) -> Person:
        """A new person who has not yet started any bot. Details: the other fields of Person."""
        person_id = details.pop("id", None)
        person_id = self.world.next_person_id() if person_id is None else person_id
        known = {"last_name", "username", "language_code", "about", "avatar", "link", "link_label"}
        if unknown := details.keys() - known:
            raise Refused(
                f"A person has no '{min(unknown)}'; there are id, first_name, {', '.join(sorted(known))}."
            )
        if (
            not isinstance(person_id, int)
            or not 0 < person_id < LARGEST_ID
            or person_id in self.world.accounts
        ):
            raise Refused("A person's id is a number from 1 to 2^52 that is no bot's.")
        told: Json = {name: clean(value) for name, value in details.items() if value is not None}
        if "link" in told:
            check_payload(told["link"])
        old = self.world.people.get(person_id, Person(person_id, ""))
        told.setdefault("link", old.link)
        told.setdefault("link_label", old.link_label)
        fresh = Person(person_id, clean(first_name), **told)
        fresh = replace(fresh, blocked=old.blocked, started=old.started, deactivated=old.deactivated)
        return self.world.put_person(fresh)

    def start(self, person: int, payload: str | None = None, bot: int | None = None) -> Done:
        """Presses Start, perhaps from a deep link with a payload (1-64 of A-Z a-z 0-9 _ -). Unblocks first."""
        if payload:
            check_payload(payload)
        found = self.bot_id(bot)
        if found in self.person(person).blocked:
            self.unblock(person, found)
        return self.say(person, f"/start {payload}" if payload else "/start", bot=bot)

    def follow(self, person: int, bot: int | None = None) -> Done:
        """Opens the deep link that the person was given, which is then used up on the page."""
        who = self.person(person)
        if who.link is None:
            raise Refused(f"{who.first_name} has no link to open.")
        done = self.start(person, who.link, bot)
        self.world.put_person(replace(self.person(person), link=None, link_label=None))
        return done

    def say(self, person: int, text: str, reply_to: int | None = None, bot: int | None = None) -> Done:
        """Writes a text."""
        return self._send(person, bot, self._text(text), reply_to)

    def _text(self, text: str) -> Json:
        content = finished(cleaned(clean(text)))
        if not content.text:
            raise Refused("An empty message cannot be sent.")
        if len(content.text) > LONGEST_MESSAGE:
            raise Refused("A message has at most 4096 characters; the app would split it.")
        return content.wire("text", "entities")

    def _send(self, person: int, bot: int | None, content: Json, reply_to: int | None = None) -> Done:
        chat = self._open(person, bot)
        reply = self._reply(chat, reply_to)
        message = self.world.add(chat, self.person(person).user(), reply | content, outgoing=False)
        return Done(self._deliver(chat, "message", message.wire), message.id)

    def _deliver(self, chat: Chat, kind: str, wire: Json) -> list[int]:
        return self.world.update(chat.bot, kind, wire, chat.id, f"m{chat.id}")

    def _open(self, person: int, bot: int | None) -> Chat:
        """The chat with the bot, which the first message starts."""
        found, who = self.bot_id(bot), self.person(person)
        if who.deactivated:
            raise Refused(f"{who.first_name}'s account is deactivated.")
        if found in who.blocked:
            raise Refused(f"{who.first_name} has blocked the bot: unblock it first.")
        if found not in who.started:
            self.world.put_person(replace(who, started=who.started | {found}))
        return self.world.chat(found, person)

    def _reply(self, chat: Chat, reply_to: int | None) -> Json:
        if reply_to is None:
            return {}
        quoted = self._shown(chat, reply_to).wire
        return {
            "reply_to_message": {name: value for name, value in quoted.items() if name != "reply_to_message"}
        }

    def _shown(self, chat: Chat, message_id: int) -> Message:
        found = self.world.find(chat, message_id)
        if found is None:
            raise Refused(f"There is no message {message_id} in this chat.")
        return found

    # Buttons

    def press(self, person: int, message_id: int, at: tuple[int, int] | str, bot: int | None = None) -> Done:
        """Presses an inline button, named by (row, column) from 0 or by its data. A deleted message's still works."""
        chat = self._open(person, bot)
        message = self.world.history(chat).get(message_id)
        if message is None:
            raise Refused(f"There is no message {message_id} in this chat.")
        return self._pressed(chat, message, person, button_at(message, at))

    def _pressed(self, chat: Chat, message: Message, person: int, button: Json) -> Done:
        if "callback_data" not in button:
            return Done(seen=self._opened(chat, person, button))
        query = str(self.world.rng.getrandbits(63))
        bot = self.world.accounts[chat.bot]
        bot.presses[query] = Press(
            chat.id, person, message.id, button["callback_data"], self.world.clock.now()
        )
        self.world.save_account(bot)
        content = {
            "id": query,
            "from": self.person(person).user(),
            "message": self._told(chat, message),
            "chat_instance": chat.instance,
            "data": button["callback_data"],
        }
        ids = self.world.update(chat.bot, "callback_query", content, chat.id, f"c{person}")
        self.world.events.publish("pressed", chat.id, bot=chat.bot, message_id=message.id)
        return Done(ids, message.id, {"callback_query_id": query})

    def _told(self, chat: Chat, message: Message) -> Json:
        if not message.deleted:
            return message.wire
        return {"chat": self.world.head(chat), "message_id": message.id, "date": 0}

    def _opened(self, chat: Chat, person: int, button: Json) -> Json:
        if "copy_text" in button:
            return {"copied": button["copy_text"]["text"]}
        if "web_app" in button:
            bot = self.world.accounts[chat.bot]
            signed = init_data(bot.token, self.person(person).user(), self.world.clock.stamp(), chat.instance)
            return {"url": f"{button['web_app']['url']}#tgWebAppData={signed}"}
        return present(url=button.get("url"))

    def key(self, person: int, text: str, bot: int | None = None) -> Done:
        """Presses a key of the reply keyboard: sends its text, or the contact or place that it asks for."""
        chat = self._open(person, bot)
        rows = (chat.keyboard or {}).get("keyboard", [])
        button = next((button for row in rows for button in row if button["text"] == text), None)
        if button is None or chat.keyboard is None:
            raise Refused(f"The reply keyboard has no key '{text}'.")
        done = self._key(person, button, chat)
        if chat.keyboard is not None and chat.keyboard.get("one_time_keyboard"):
            chat.keyboard = None
            self.world.save_chat(chat)
            self.world.events.publish("keyboard", chat.id, bot=chat.bot)
        return done

    def _key(self, person: int, button: Json, chat: Chat) -> Done:
        if button.get("request_contact"):
            who = self.person(person)
            shared = {"phone_number": phone_of(who), "first_name": who.first_name, "user_id": person}
            return self.contact(person, chat.bot, chat.keyboard_of, **shared)
        if button.get("request_location"):
            return self.location(person, -5.35, 105.4, chat.keyboard_of, chat.bot)
        return self.say(person, button["text"], bot=chat.bot)

    # Other things to send

    def contact(
        self, person: int, bot: int | None = None, reply_to: int | None = None, **shared: Any
    ) -> Done:
        """Shares a contact: phone_number, first_name, and user_id unless the number is nobody's on Telegram."""
        if (
            not {"phone_number", "first_name"}
            <= shared.keys()
            <= {"phone_number", "first_name", "last_name", "user_id"}
        ):
            raise Refused("A contact has a phone_number and a first_name, perhaps a last_name and a user_id.")
        return self._send(person, bot, {"contact": present(**shared)}, reply_to)

    def location(
        self,
        person: int,
        latitude: float,
        longitude: float,
        reply_to: int | None = None,
        bot: int | None = None,
    ) -> Done:
        """Sends a place, degrees."""
        return self._send(person, bot, {"location": {"latitude": latitude, "longitude": longitude}}, reply_to)

    def poll(self, person: int, question: str, options: list[str], bot: int | None = None) -> Done:
        """Sends a poll."""
        poll_id = str(self.world.rng.getrandbits(63))
        answers = [
            {"text": text, "voter_count": 0, "persistent_id": str(at)} for at, text in enumerate(options)
        ]
        told: Json = {"id": poll_id, "question": question, "options": answers, "total_voter_count": 0}
        told |= dict.fromkeys(
            ("is_closed", "allows_multiple_answers", "allows_revoting", "members_only"), False
        )
        return self._send(person, bot, {"poll": told | {"is_anonymous": True, "type": "regular"}})

    # Changing one's mind

    def edit(self, person: int, message_id: int, text: str, bot: int | None = None) -> Done:
        """Edits one's own text or caption, within 48 hours; the same content again makes no update."""
        chat = self._open(person, bot)
        message = self._own(chat, message_id)
        if self.world.clock.now() - message.wire["date"] > EDITABLE:
            raise Refused("A message can be edited for 48 hours.")
        names = ("text", "entities") if message.text is not None else ("caption", "caption_entities")
        content = self._text(text)
        changed = {names[0]: content["text"]} | (
            {names[1]: content["entities"]} if "entities" in content else {}
        )
        if all(message.wire.get(name) == changed.get(name) for name in names):
            return Done([], message_id)
        kept = {name: value for name, value in message.wire.items() if name not in {*names, "edit_date"}}
        message.wire = kept | {"edit_date": self.world.clock.stamp()} | changed
        self.world.save_message(chat, message)
        self.world.events.publish("edited", chat.id, bot=chat.bot, message_id=message_id)
        return Done(self._deliver(chat, "edited_message", message.wire), message_id)

    def _own(self, chat: Chat, message_id: int) -> Message:
        message = self._shown(chat, message_id)
        if message.outgoing:
            raise Refused("Only one's own messages can be changed.")
        return message

    def delete(self, person: int, message_id: int, bot: int | None = None) -> Done:
        """Deletes a message for both sides; the bot is told nothing, as at Telegram."""
        chat = self.world.chat(self.bot_id(bot), self.person(person).id)
        self.world.delete(chat, self._shown(chat, message_id))
        return Done([], message_id)

    # The person and the bot

    def block(self, person: int, bot: int | None = None) -> Done:
        """Blocks the bot: my_chat_member, member to kicked."""
        found, who = self.bot_id(bot), self.person(person)
        if found in who.blocked:
            raise Refused(f"{who.first_name} has already blocked the bot.")
        self.world.put_person(replace(who, blocked=who.blocked | {found}))
        return self._membership(person, found, "member", "kicked")

    def unblock(self, person: int, bot: int | None = None) -> Done:
        """Unblocks the bot: my_chat_member, kicked to member."""
        found, who = self.bot_id(bot), self.person(person)
        if found not in who.blocked:
            raise Refused(f"{who.first_name} has not blocked the bot.")
        self.world.put_person(replace(who, blocked=who.blocked - {found}))
        return self._membership(person, found, "kicked", "member")

    def _membership(self, person: int, bot: int, old: str, new: str) -> Done:
        chat, user = self.world.chat(bot, person), self.world.accounts[bot].user()
        content = {
            "chat": self.world.head(chat),
            "from": self.person(person).user(),
            "date": self.world.clock.stamp(),
            "old_chat_member": membership(user, old),
            "new_chat_member": membership(user, new),
        }
        return Done(self.world.update(bot, "my_chat_member", content, person, f"b{person}"))

    def deactivate(self, person: int, *, deactivated: bool = True) -> Done:
        """Deletes the person's account (or, for a story, brings it back)."""
        self.world.put_person(replace(self.person(person), deactivated=deactivated))
        return Done()

    def language(self, person: int, language_code: str | None) -> Done:
        """Changes the app's language; None: the app tells none."""
        self.world.put_person(replace(self.person(person), language_code=language_code))
        return Done()


def check_payload(payload: str) -> None:
    """Refused for what no deep link can carry (core.telegram.org/bots/features#deep-linking)."""
    if not PAYLOAD.fullmatch(payload):
        raise Refused("A deep link's payload is 1 to 64 letters, digits, _ or -.")


def button_at(message: Message, at: tuple[int, int] | str) -> Json:
    """The inline button at a place or with this data; Refused when there is none."""
    rows = message.wire.get("reply_markup", {}).get("inline_keyboard", [])
    for row, buttons in enumerate(rows):
        for column, button in enumerate(buttons):
            if at in ((row, column), button.get("callback_data")):
                found: Json = button
                return found
    raise Refused(f"Message {message.id} has no such button.")


def phone_of(person: Person) -> str:
    """The phone number that belongs to a person's account."""
    return f"628{person.id % 10**10:010}"
