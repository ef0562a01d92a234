"""What is true and remembered: tables, the verbs on them, ledgers, migrations, media files."""
