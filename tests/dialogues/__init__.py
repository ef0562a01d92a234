"""Dialogues: chats in Indonesian that a civil servant can review, each played at two heights from its file.

The form of the files is that of bot.script and bot.gestures; files.py lists them in reading order. To take over what
the bot says now, after reading what has changed:

    pytest tests/dialogues --rewrite
    git diff tests/dialogues

To write a new one: `suara chat --save tests/dialogues/NAME.txt`, then put NAME into files.py.
"""
