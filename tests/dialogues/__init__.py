"""Dialogues: chats that a civil servant can review, played at two heights from the same file."""
