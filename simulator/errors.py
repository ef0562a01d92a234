"""Refusals in the words of the Bot API server (telegram-bot-api, Client.cpp, fail_query_with_error)."""

from simulator.wire import Json


class ApiError(Exception):
    """A refused call: `code` is both the HTTP status and the `error_code` of the body."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """The JSON body; `parameters` only when there are some, as the server does."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


class Refused(Exception):  # noqa: N818 - a person's act that the client app would not allow, not a fault
    """An act of a person that a Telegram app would not let happen; the text says why."""


def bad_request(text: str, **parameters: int) -> ApiError:
    """400, with the server's rule for the first letter: lower case unless it is a CONSTANT."""
    return ApiError(400, f"Bad Request: {lowered(text)}", **parameters)


def forbidden(text: str) -> ApiError:
    """403 in the server's words."""
    return ApiError(403, f"Forbidden: {text}")


def too_many_requests(seconds: int) -> ApiError:
    """429; `seconds` is how long the bot has to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def lowered(text: str) -> str:
    """First letter lower-cased unless the second is `_` or upper case, so BUTTON_DATA_INVALID stays."""
    second = text[1:2]
    return text if second == "_" or second.isupper() else text[:1].lower() + text[1:]
