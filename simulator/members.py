"""ChatMember objects."""

from simulator.wire import Json

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_pin_messages",
    "can_manage_topics",
)


def membership(user: Json, status: str) -> Json:
    """The ChatMember object of a user with a status; the fields that go with it are those of the Bot API."""
    member: Json = {"user": user, "status": status}
    match status:
        case "kicked":
            return member | {"until_date": 0}
        case "creator":
            return member | {"is_anonymous": False}
        case "administrator":
            return member | {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(RIGHTS, True)
        case _:
            return member
