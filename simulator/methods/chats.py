"""getChat and getChatMember."""

from simulator.calls import Call
from simulator.errors import bad_request
from simulator.members import membership
from simulator.methods.targets import known_chat
from simulator.people import Chat
from simulator.wire import Json

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(call: Call) -> Json:
    """getChat: ChatFullInfo, as far as the simulator knows."""
    chat = known_chat(call)
    info = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(GIFTS, True)}
    if chat.type != "private":
        info["permissions"] = {"can_send_messages": True}
    return call.world.head(chat) | info


def get_chat_member(call: Call) -> Json:
    """getChatMember, of a person or of the bot itself."""
    chat = known_chat(call)
    user_id = call.integer("user_id")
    world = call.world
    if user_id == call.bot.id:
        return membership(call.bot.user(), own_status(call, chat))
    members = (chat.id,) if chat.type == "private" else world.groups[chat.id].members
    if user_id not in world.people:
        raise bad_request("user not found")
    status = "member" if user_id in members else "left"
    if chat.type != "private" and user_id == members[0]:
        status = "creator"
    return membership(world.people[user_id].user(), status)


def own_status(call: Call, chat: Chat) -> str:
    """What the bot is in a chat."""
    if chat.type == "private":
        return "kicked" if call.bot.id in call.world.people[chat.id].blocked else "member"
    group = call.world.groups[chat.id]
    if call.bot.id in group.removed:
        return "kicked"
    return "administrator" if group.admin else "member"


METHODS = {"getchat": get_chat, "getchatmember": get_chat_member}
