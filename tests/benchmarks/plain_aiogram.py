"""The journey as a plain aiogram bot, written as aiogram's documentation shows: a Router, an FSM, memory storage.

Nothing is durable: answers live in this process. `python -m tests.benchmarks.plain_aiogram URL TOKEN`.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Mapping
from typing import Any, Final

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
)

from tests.benchmarks import plain_copy as copy

router: Final = Router()
submitted: Final[list[Mapping[str, Any]]] = []


class Answer(CallbackData, prefix="answer"):
    """The payload of a button."""

    value: str


class Intake(StatesGroup):
    """Where a resident stands."""

    menu = State()
    consent = State()
    broadcasts = State()
    need = State()
    more = State()
    village = State()
    landmark = State()
    field = State()
    audience = State()
    visibility = State()
    summary = State()


def inline(options: copy.Options) -> InlineKeyboardMarkup:
    """One button a row."""
    rows = [
        [InlineKeyboardButton(text=label, callback_data=Answer(value=value).pack())]
        for value, label in options.items()
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def keyboard() -> ReplyKeyboardMarkup:
    """The persistent reply keyboard."""
    rows = [[KeyboardButton(text=label) for label in row] for row in copy.KEYBOARD]
    return ReplyKeyboardMarkup(keyboard=rows, is_persistent=True, resize_keyboard=True)


async def ask(callback: CallbackQuery, text: str, options: copy.Options) -> None:
    """Acknowledge the press and ask the next question."""
    await callback.answer()
    if isinstance(callback.message, Message):
        await callback.message.answer(copy.numbered(text, options), reply_markup=inline(options))


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    await state.clear()
    await state.set_state(Intake.menu)
    await message.answer(copy.HELLO, reply_markup=keyboard())
    await message.answer(copy.numbered(copy.MENU, copy.MENU_OPTIONS), reply_markup=inline(copy.MENU_OPTIONS))


@router.callback_query(Intake.menu, Answer.filter(F.value == "new"))
async def new(callback: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Intake.consent)
    await ask(callback, copy.CONSENT, copy.CONSENT_OPTIONS)


@router.callback_query(Intake.consent, Answer.filter(F.value == "yes"))
async def consent(callback: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(consent=True)
    await state.set_state(Intake.broadcasts)
    await ask(callback, copy.BROADCASTS, copy.BROADCASTS_OPTIONS)


@router.callback_query(Intake.broadcasts, Answer.filter())
async def broadcasts(callback: CallbackQuery, callback_data: Answer, state: FSMContext) -> None:
    await state.update_data(broadcasts=callback_data.value == "yes")
    await state.set_state(Intake.need)
    await callback.answer()
    if isinstance(callback.message, Message):
        await callback.message.answer(copy.NEED)


@router.message(Intake.need, F.text)
async def need(message: Message, state: FSMContext) -> None:
    await state.update_data(need=message.text)
    await state.set_state(Intake.more)
    text = copy.numbered(copy.MORE.format(need=message.text), copy.MORE_OPTIONS)
    await message.answer(text, reply_markup=inline(copy.MORE_OPTIONS))


@router.callback_query(Intake.more, Answer.filter(F.value == "done"))
async def done(callback: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Intake.village)
    await ask(callback, copy.VILLAGE, copy.VILLAGE_OPTIONS)


@router.message(Intake.village, F.text)
async def village(message: Message, state: FSMContext) -> None:
    found = copy.VILLAGES.get((message.text or "").casefold().strip())
    if found is None:
        await message.answer(copy.VILLAGE_UNKNOWN)
        return
    await state.update_data(village=found[0], kecamatan=found[1])
    await state.set_state(Intake.landmark)
    text = copy.numbered(copy.LANDMARK, copy.LANDMARK_OPTIONS)
    await message.answer(text, reply_markup=inline(copy.LANDMARK_OPTIONS))


@router.callback_query(Intake.landmark, Answer.filter(F.value == "skip"))
async def no_landmark(callback: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Intake.field)
    await ask(callback, copy.FIELD, copy.FIELD_OPTIONS)


@router.callback_query(Intake.field, Answer.filter())
async def field(callback: CallbackQuery, callback_data: Answer, state: FSMContext) -> None:
    await state.update_data(field=copy.FIELD_OPTIONS[callback_data.value])
    await state.set_state(Intake.audience)
    await ask(callback, copy.AUDIENCE, copy.AUDIENCE_OPTIONS)


@router.callback_query(Intake.audience, Answer.filter())
async def audience(callback: CallbackQuery, callback_data: Answer, state: FSMContext) -> None:
    await state.update_data(audience=copy.AUDIENCE_OPTIONS[callback_data.value])
    await state.set_state(Intake.visibility)
    await ask(callback, copy.VISIBILITY, copy.VISIBILITY_OPTIONS)


@router.callback_query(Intake.visibility, Answer.filter())
async def visibility(callback: CallbackQuery, callback_data: Answer, state: FSMContext) -> None:
    answers = await state.update_data(visibility=copy.VISIBILITY_OPTIONS[callback_data.value])
    await state.set_state(Intake.summary)
    await ask(callback, copy.SUMMARY.format_map(answers), copy.SUMMARY_OPTIONS)


@router.callback_query(Intake.summary, Answer.filter(F.value == "send"))
async def send(callback: CallbackQuery, state: FSMContext) -> None:
    ticket = f"{random.randrange(10**6):06d}"  # noqa: S311 - a bench, and its numbers protect nothing
    submitted.append({**await state.get_data(), "ticket": ticket})
    await state.clear()
    await ask(callback, copy.RECEIPT.format(ticket=ticket), copy.RECEIPT_OPTIONS)
    if isinstance(callback.message, Message):
        await callback.message.answer(copy.RECOVERY.format(code=random.randrange(10**10)))  # noqa: S311
        text = copy.numbered(copy.NEEDS, copy.NEEDS_OPTIONS)
        await callback.message.answer(text, reply_markup=inline(copy.NEEDS_OPTIONS))


async def main(url: str, token: str) -> None:
    """Poll until the process is ended."""
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
