"""Groups: just enough for a bot that lives in private chats."""

from dataclasses import replace
from typing import Any

from simulator.acts import Acts, Done
from simulator.errors import Refused
from simulator.members import membership
from simulator.people import Chat, Group
from simulator.view import message_view
from simulator.wire import Json, present


class GroupActs(Acts):
    """What happens in groups."""

    def add_group(self, title: str, members: list[int], **details: Any) -> Group:
        """A new group of these people and all bots; the first member adds them. `admin`: bots see every message."""
        if not members:
            raise Refused("A group has at least one member.")
        adder = next(self.person(member) for member in members)
        kind = details.get("type", "group")
        number = self.world.next_group_id(kind)
        group = self.world.put_group(Group(number, title, tuple(members), bool(details.get("admin")), kind))
        for bot in self.world.accounts:
            self._joined(self.world.chat(bot, group.id, group.type), group, adder.user())
        return group

    def _joined(self, chat: Chat, group: Group, adder: Json) -> None:
        user = self.world.accounts[chat.bot].user()
        self._member(
            chat,
            adder,
            membership(user, "left"),
            membership(user, "administrator" if group.admin else "member"),
        )
        self._service(chat, adder, {"group_chat_created": True})

    def _member(self, chat: Chat, by: Json, old: Json, new: Json) -> list[int]:
        head = {"chat": self.world.head(chat), "from": by, "date": self.world.clock.stamp()}
        content = head | {"old_chat_member": old, "new_chat_member": new}
        return self.world.update(chat.bot, "my_chat_member", content, chat.id, f"b{chat.id}")

    def _service(self, chat: Chat, by: Json, content: Json) -> list[int]:
        message = self.world.add(chat, by, content, outgoing=False)
        return self._deliver(chat, "message", message.wire)

    def group(self, group: int) -> Group:
        """The group; Refused when there is none with this id."""
        found = self.world.groups.get(group)
        if found is None:
            raise Refused(f"There is no group with the id {group}.")
        return found

    def group_say(self, group: int, person: int, text: str, reply_to: int | None = None) -> Done:
        """A member writes. Bots see it when they are administrators, or by privacy mode: a command, a mention, a reply.

        Each bot has its own message ids in a group, as accounts have in Telegram's basic groups; `reply_to` and
        the answered id are those of the first.
        """
        found = self.group(group)
        if person not in found.members:
            raise Refused("Only members write in a group.")
        told = [self._heard(bot, found, person, text, reply_to) for bot in self.world.accounts]
        return Done([update_id for done in told for update_id in done.update_ids], told[0].message_id)

    def _heard(self, bot: int, group: Group, person: int, text: str, reply_to: int | None) -> Done:
        chat = self.world.chat(bot, group.id, group.type)
        quotable = bot == self.bot_id() or self.world.find(chat, reply_to or 0) is not None
        reply = self._reply(chat, reply_to if quotable else None)
        message = self.world.add(chat, self.person(person).user(), reply | self._text(text), outgoing=False)
        hears = bot not in group.removed and (group.admin or self._seen(bot, message.wire))
        return Done(self._deliver(chat, "message", message.wire) if hears else [], message.id)

    def _seen(self, bot: int, wire: Json) -> bool:
        name = f"@{self.world.accounts[bot].username}"
        replied = wire.get("reply_to_message", {}).get("from", {}).get("id") == bot
        kinds = {entity["type"] for entity in wire.get("entities", [])}
        command = "bot_command" in kinds and ("@" not in wire["text"] or name in wire["text"])
        return replied or command or ("mention" in kinds and name in wire["text"])

    def kick(self, group: int, by: int, bot: int | None = None) -> Done:
        """A member removes the bot from the group."""
        found, who = self.group(group), self.bot_id(bot)
        self.world.put_group(replace(found, removed=found.removed | {who}))
        user = self.world.accounts[who].user()
        chat = self.world.chat(who, group, found.type)
        by_user = self.person(by).user()
        return Done(self._member(chat, by_user, membership(user, "member"), membership(user, "kicked")))

    def migrate(self, group: int) -> Group:
        """The group becomes a supergroup with another id, as when it grows; both are told in service messages."""
        old = self.group(group)
        number = self.world.next_group_id("supergroup")
        new = self.world.put_group(replace(old, id=number, type="supergroup"))
        by = self.person(old.members[0]).user()
        for bot in self.world.accounts:
            self._service(self.world.chat(bot, old.id, old.type), by, {"migrate_to_chat_id": new.id})
            self._service(self.world.chat(bot, new.id, new.type), by, {"migrate_from_chat_id": old.id})
        self.world.put_group(replace(old, migrated_to=new.id))
        return new

    def group_chat(self, group: int, bot: int | None = None) -> Json:
        """The group as the page may show it."""
        found = self.group(group)
        chat = self.world.chat(self.bot_id(bot), group, found.type)
        messages = [message_view(self.world, message) for message in self.world.history(chat).values()]
        return found.view() | {"messages": messages}

    def act_in_group(self, group: int, act: str, wanted: Json) -> Done:
        """POST /sim/groups/{id}/{act}: text, kick or migrate."""
        match act:
            case "text":
                return self.group_say(group, int(wanted["from"]), wanted["text"], wanted.get("reply_to"))
            case "kick":
                return self.kick(group, int(wanted["from"]), wanted.get("bot"))
            case "migrate":
                return Done(seen=present(migrated_to=self.migrate(group).id))
            case _:
                raise Refused(f"'{act}' cannot be done in a group; text, kick and migrate can.")
