"""The journey as a plain python-telegram-bot bot, as its documentation shows: an Application, a ConversationHandler.

Nothing is durable: answers live in this process. `python -m tests.benchmarks.plain_ptb URL TOKEN`.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from typing import Any, Final

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from tests.benchmarks import plain_copy as copy

Context = ContextTypes.DEFAULT_TYPE

(
    AT_MENU,
    AT_CONSENT,
    AT_BROADCASTS,
    AT_NEED,
    AT_MORE,
    AT_VILLAGE,
    AT_LANDMARK,
    AT_FIELD,
    AT_AUDIENCE,
    AT_VISIBILITY,
    AT_SUMMARY,
) = range(11)
submitted: Final[list[Mapping[str, Any]]] = []


def inline(options: copy.Options) -> InlineKeyboardMarkup:
    """One button a row."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"answer:{value}")] for value, label in options.items()]
    )


def keyboard() -> ReplyKeyboardMarkup:
    """The persistent reply keyboard."""
    rows = [[KeyboardButton(label) for label in row] for row in copy.KEYBOARD]
    return ReplyKeyboardMarkup(rows, is_persistent=True, resize_keyboard=True)


async def reply(update: Update, text: str, options: copy.Options) -> None:
    """Ask the next question."""
    if update.effective_message is not None:
        await update.effective_message.reply_text(copy.numbered(text, options), reply_markup=inline(options))


async def pressed(update: Update) -> str:
    """Acknowledge the press and return the value of the button."""
    query = update.callback_query
    if query is None:
        raise ValueError("an update without a press")
    await query.answer()
    return str(query.data).partition(":")[2]


def typed(update: Update) -> str:
    """What was written."""
    message = update.message
    return message.text or "" if isinstance(message, Message) else ""


def answers(context: Context) -> dict[Any, Any]:
    """What this resident answered so far."""
    if context.user_data is None:
        raise ValueError("an update without a person")
    return context.user_data


async def start(update: Update, context: Context) -> int:
    answers(context).clear()
    if update.message is not None:
        await update.message.reply_text(copy.HELLO, reply_markup=keyboard())
    await reply(update, copy.MENU, copy.MENU_OPTIONS)
    return AT_MENU


async def new(update: Update, _: Context) -> int:
    await pressed(update)
    await reply(update, copy.CONSENT, copy.CONSENT_OPTIONS)
    return AT_CONSENT


async def consent(update: Update, context: Context) -> int:
    await pressed(update)
    answers(context)["consent"] = True
    await reply(update, copy.BROADCASTS, copy.BROADCASTS_OPTIONS)
    return AT_BROADCASTS


async def broadcasts(update: Update, context: Context) -> int:
    answers(context)["broadcasts"] = await pressed(update) == "yes"
    if update.effective_message is not None:
        await update.effective_message.reply_text(copy.NEED)
    return AT_NEED


async def need(update: Update, context: Context) -> int:
    answers(context)["need"] = typed(update)
    await reply(update, copy.MORE.format(need=typed(update)), copy.MORE_OPTIONS)
    return AT_MORE


async def done(update: Update, _: Context) -> int:
    await pressed(update)
    await reply(update, copy.VILLAGE, copy.VILLAGE_OPTIONS)
    return AT_VILLAGE


async def village(update: Update, context: Context) -> int:
    found = copy.VILLAGES.get(typed(update).casefold().strip())
    if found is None:
        if update.message is not None:
            await update.message.reply_text(copy.VILLAGE_UNKNOWN)
        return AT_VILLAGE
    answers(context).update(village=found[0], kecamatan=found[1])
    await reply(update, copy.LANDMARK, copy.LANDMARK_OPTIONS)
    return AT_LANDMARK


async def no_landmark(update: Update, _: Context) -> int:
    await pressed(update)
    await reply(update, copy.FIELD, copy.FIELD_OPTIONS)
    return AT_FIELD


async def field(update: Update, context: Context) -> int:
    answers(context)["field"] = copy.FIELD_OPTIONS[await pressed(update)]
    await reply(update, copy.AUDIENCE, copy.AUDIENCE_OPTIONS)
    return AT_AUDIENCE


async def audience(update: Update, context: Context) -> int:
    answers(context)["audience"] = copy.AUDIENCE_OPTIONS[await pressed(update)]
    await reply(update, copy.VISIBILITY, copy.VISIBILITY_OPTIONS)
    return AT_VISIBILITY


async def visibility(update: Update, context: Context) -> int:
    answers(context)["visibility"] = copy.VISIBILITY_OPTIONS[await pressed(update)]
    await reply(update, copy.SUMMARY.format_map(answers(context)), copy.SUMMARY_OPTIONS)
    return AT_SUMMARY


async def send(update: Update, context: Context) -> int:
    await pressed(update)
    ticket = f"{random.randrange(10**6):06d}"  # noqa: S311 - a bench, and its numbers protect nothing
    submitted.append({**answers(context), "ticket": ticket})
    await reply(update, copy.RECEIPT.format(ticket=ticket), copy.RECEIPT_OPTIONS)
    if update.effective_message is not None:
        await update.effective_message.reply_text(copy.RECOVERY.format(code=random.randrange(10**10)))  # noqa: S311
    await reply(update, copy.NEEDS, copy.NEEDS_OPTIONS)
    return ConversationHandler.END


def conversation() -> ConversationHandler[Context]:
    """The journey as states and their handlers."""
    words = filters.TEXT & ~filters.COMMAND
    return ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={
            AT_MENU: [CallbackQueryHandler(new, pattern="^answer:new$")],
            AT_CONSENT: [CallbackQueryHandler(consent, pattern="^answer:yes$")],
            AT_BROADCASTS: [CallbackQueryHandler(broadcasts, pattern="^answer:")],
            AT_NEED: [MessageHandler(words, need)],
            AT_MORE: [CallbackQueryHandler(done, pattern="^answer:done$")],
            AT_VILLAGE: [MessageHandler(words, village)],
            AT_LANDMARK: [CallbackQueryHandler(no_landmark, pattern="^answer:skip$")],
            AT_FIELD: [CallbackQueryHandler(field, pattern="^answer:")],
            AT_AUDIENCE: [CallbackQueryHandler(audience, pattern="^answer:")],
            AT_VISIBILITY: [CallbackQueryHandler(visibility, pattern="^answer:")],
            AT_SUMMARY: [CallbackQueryHandler(send, pattern="^answer:send$")],
        },
        fallbacks=[CommandHandler("start", start)],
    )


def main(url: str, token: str) -> None:
    """Poll until the process is ended."""
    application = Application.builder().token(token).base_url(f"{url}/bot").build()
    application.add_handler(conversation())
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
