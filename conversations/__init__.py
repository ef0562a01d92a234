"""What is said and asked: flows as tables, their interpreter, readers of answers, texts. Pure."""
