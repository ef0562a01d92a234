"""getUpdates and the webhook's settings."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from simulator.accounts import WebhookState
from simulator.calls import Answer, Call
from simulator.errors import ApiError, bad_request, too_many_requests
from simulator.wire import Json, present

MOST = 100  # updates in one answer
LONGEST_POLL = 50  # seconds
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
PORTS = frozenset({80, 88, 443, 8443})
BUSY = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
SECOND = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
REPEATED = 3.0  # seconds: a second conflict so soon is answered as much later


@dataclass(slots=True)
class Poll:
    """The one getUpdates of a bot that waits, and when it last lost against another."""

    waiting: asyncio.Future[None] | None = None
    conflict_at: float = float("-inf")


async def get_updates(call: Call, poll: Poll) -> list[bytes]:
    """getUpdates: the updates as JSON. Waits up to `timeout` seconds when there are none."""
    if call.bot.webhook is not None:
        raise ApiError(409, BUSY)
    queue = call.queue
    limit = call.integer("limit", MOST, 1, MOST)
    queue.allow(allowed_updates(call))
    queue.confirm(call.integer("offset"))
    interrupt(poll, None)
    found = queue.ready(limit)
    if not found and (seconds := call.integer("timeout", 0, 0, LONGEST_POLL)):
        await _wait(call, poll, seconds)
        found = queue.ready(limit)
    return found


async def _wait(call: Call, poll: Poll, seconds: int) -> None:
    wake = poll.waiting = asyncio.get_running_loop().create_future()
    call.world.events.wake()
    try:
        await call.world.clock.hold(wake, seconds)
    finally:
        if poll.waiting is wake:
            poll.waiting = None
    if wake.done() and (problem := wake.exception()) is not None:
        await _delayed_conflict(call, poll)
        raise problem


async def _delayed_conflict(call: Call, poll: Poll) -> None:
    now = call.world.clock.now()
    soon = now - poll.conflict_at < REPEATED
    poll.conflict_at = now
    if soon:
        await call.world.clock.sleep(REPEATED)


def interrupt(poll: Poll, problem: ApiError | None) -> None:
    """Ends the waiting getUpdates with this refusal; None means another getUpdates took its place."""
    if poll.waiting is not None and not poll.waiting.done():
        poll.waiting.set_exception(problem or ApiError(409, SECOND))
    poll.waiting = None


def allowed_updates(call: Call) -> list[str] | None:
    """The wanted types, None when the call leaves them as they are. Anything but a list is no wish."""
    wanted = call.json("allowed_updates", "can't parse allowed updates JSON object")
    return [str(kind) for kind in wanted] if isinstance(wanted, list) else None


def set_webhook(call: Call) -> Answer:
    """setWebhook; an empty url deletes it."""
    url = call.text("url")
    if not url:
        return delete_webhook(call)
    secret = call.text("secret_token")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    check_url(url, strict=call.world.strict)
    _not_too_often(call)
    if call.flag("drop_pending_updates"):
        call.queue.clear()
    call.queue.allow(allowed_updates(call))
    most = call.integer("max_connections", 40, 1, 100)
    wanted = WebhookState(url, secret, most, call.text("ip_address") or None, "certificate" in call.files)
    old, call.bot.webhook = call.bot.webhook, wanted
    call.world.save_account(call.bot)
    call.world.webhook_changed(call.bot.id)
    same = old is not None and (old.url, old.secret) == (url, secret)
    return Answer(result=True, description="Webhook is already set" if same else "Webhook was set")


def _not_too_often(call: Call) -> None:
    now = call.world.clock.now()
    last = call.world.webhook_set_at.get(call.bot.id, float("-inf"))
    if now - last < 1 and call.world.strict:
        raise too_many_requests(1)
    call.world.webhook_set_at[call.bot.id] = now


def check_url(url: str, *, strict: bool) -> None:
    """Refuses a webhook address as the server does; outside strict mode as `--local` does (plain HTTP, any port)."""
    scheme, host, port = _parts(url if "://" in url else f"https://{url}")
    if scheme not in {"http", "https"} or not host:
        raise bad_request("invalid webhook URL specified")
    if not strict:
        return
    if scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if host in {"localhost", "127.0.0.1", "::1"}:
        raise bad_request("bad webhook: IP address 127.0.0.1 is reserved")


def _parts(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or 443
    except ValueError:
        return "", "", 0


def delete_webhook(call: Call) -> Answer:
    """deleteWebhook; pending updates stay unless they are to be dropped."""
    if call.flag("drop_pending_updates"):
        call.queue.clear()
    had, call.bot.webhook = call.bot.webhook, None
    call.world.save_account(call.bot)
    call.world.webhook_changed(call.bot.id)
    return Answer(result=True, description="Webhook was deleted" if had else "Webhook is already deleted")


def get_webhook_info(call: Call) -> Json:
    """GetWebhookInfo."""
    call.queue.expire()
    hook, allowed = call.bot.webhook, call.queue.state.allowed
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": hook is not None and hook.certificate,
        "pending_update_count": len(call.queue.waiting),
    }
    if hook is not None:
        info |= present(
            ip_address=hook.ip_address,
            last_error_date=hook.last_error_at,
            last_error_message=hook.last_error,
            max_connections=hook.max_connections,
        )
    return info | present(allowed_updates=allowed)


METHODS = {
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}
