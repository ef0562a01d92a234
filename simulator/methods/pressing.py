"""answerCallbackQuery."""

from simulator.calls import Call
from simulator.errors import ApiError, bad_request
from simulator.wire import present

ANSWERABLE = 150.0  # seconds; the life of the update that tells of the press
LONGEST_TOAST = 200  # characters
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(call: Call) -> bool:
    """Ends the spinner and perhaps shows a toast or an alert. A press is answered once, within 150 s."""
    query = call.text("callback_query_id")
    press = call.bot.presses.get(query)
    now = call.world.clock.now()
    again = press is not None and press.answered and call.world.limits.rules.answer_once
    if press is None or again or now - press.at > ANSWERABLE:
        raise bad_request(TOO_OLD)
    text = call.text("text")
    if len(text) > LONGEST_TOAST:
        raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
    press.answered = True
    call.world.save_account(call.bot)
    details = present(text=text or None, url=call.text("url") or None)
    call.world.events.publish(
        "answer",
        press.chat,
        bot=call.bot.id,
        person=press.person,
        message_id=press.message_id,
        callback_query_id=query,
        alert=call.flag("show_alert"),
        **details,
    )
    return True


METHODS = {"answercallbackquery": answer_callback_query}
