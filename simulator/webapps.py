"""initData of a Mini App, signed as Telegram signs it (Bot API, Validating data received via the Mini App)."""

import hashlib
import hmac
from urllib.parse import quote, urlencode

from simulator.wire import Json, encode


def init_data(token: str, user: Json, auth_date: int, chat_instance: str) -> str:
    """The launch parameter tgWebAppData, percent-encoded."""
    fields = {
        "auth_date": str(auth_date),
        "chat_instance": chat_instance,
        "chat_type": "private",
        "user": encode({name: value for name, value in user.items() if name != "is_bot"}).decode(),
    }
    check = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    signed = fields | {"hash": hmac.new(secret, check.encode(), hashlib.sha256).hexdigest()}
    return quote(urlencode(signed))
