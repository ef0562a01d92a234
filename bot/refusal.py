"""What the program will not do, and what to do about it, in words for the person at the keyboard."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault
    """Something cannot be done. Each sentence names the thing and says what to do; none holds a secret.

    `suara` prints the sentences, one on each line, without a traceback, and leaves with exit code 1.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences
