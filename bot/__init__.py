"""Everything that touches Telegram, time and processes."""
