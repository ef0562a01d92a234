"""A Telegram on your desk: Bot API server, faults, and a chat page in the browser."""
