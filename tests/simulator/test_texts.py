"""Texts: what is kept of them, their entities, and the exact words of each refusal."""

import pytest

from simulator.entities import Entity, cleaned, finished
from simulator.formatting import ParseError, parse_html
from simulator.markdown import parse_markdown, parse_markdown_v2
from simulator.people import Person
from simulator.render import to_html
from simulator.server import Simulator
from tests.simulator.clients import Client
from tests.simulator.conftest import Caller

Marks = list[tuple[str, int, int]]


def marks(found: tuple[str, list[Entity]]) -> tuple[str, Marks]:
    return found[0], [(one.type, one.offset, one.length) for one in found[1]]


async def test_html_becomes_entities_in_utf16(client: Client, wati: Person) -> None:
    """The text is plain, offsets count UTF-16 units (an emoji is two), the sender is the bot, ids grow by one."""
    first = await client.send_message(wati.id, "<b>Halo 😀</b> <i>Wati</i>", parse_mode="HTML")
    second = await client.send_message(wati.id, "lagi")
    assert first.text == "Halo 😀 Wati"
    assert [(one.type, one.offset, one.length) for one in first.entities] == [
        ("bold", 0, 7),
        ("italic", 8, 4),
    ]
    assert first.from_user.is_bot
    assert second.message_id == first.message_id + 1


async def test_refused_texts(client: Client, wati: Person) -> None:
    """4096 characters pass, 4097 do not; broken HTML and MarkdownV2 are refused in Telegram's words."""
    assert (await client.send_message(wati.id, "a" * 4096)).text == "a" * 4096
    refusals = [
        await client.refused(client.send_message(wati.id, "a" * 4097)),
        await client.refused(client.send_message(wati.id, "<b>a", parse_mode="HTML")),
        await client.refused(client.send_message(wati.id, "5.", parse_mode="MarkdownV2")),
    ]
    assert refusals == [
        "message is too long",
        "can't parse entities: can't find end tag corresponding to start tag \"b\"",
        "can't parse entities: character '.' is reserved and must be escaped with the preceding '\\'",
    ]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\u200b"}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "html"}, "text must be non-empty"),
        ({"text": "a", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "b" * 32769}, "text is too long"),
        ({"text": "a", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "a", "reply_markup": "[]"}, "object expected as reply markup"),
        ({"text": "a", "reply_markup": '{"keyboard":["a"]}'}, 'field "keyboard" must be an Array of Arrays'),
        ({"text": "a", "entities": "{"}, "can't parse entities JSON object"),
    ],
)
async def test_exact_words(call: Caller, wati: Person, params: dict[str, str], words: str) -> None:
    """Each bad text or keyboard is refused with the server's own sentence."""
    status, body = await call("sendMessage", chat_id=wati.id, **params)
    assert (status, body["description"]) == (400, f"Bad Request: {words}")


async def test_tags_do_not_count(call: Caller, wati: Person) -> None:
    """The limit of 4096 counts what is left after parsing."""
    status, _ = await call(
        "sendMessage", chat_id=wati.id, text="<b>" + "a" * 4096 + "</b>", parse_mode="HTML"
    )
    assert status == 200


async def test_given_entities_and_parse_mode(call: Caller, wati: Person) -> None:
    """Entities are taken as given; a parse mode wins over them; surrounding blanks go and offsets follow."""
    given = '[{"type":"bold","offset":2,"length":4}]'
    _, body = await call("sendMessage", chat_id=wati.id, text="\n\nHalo ", entities=given)
    assert (body["result"]["text"], body["result"]["entities"]) == (
        "Halo",
        [{"offset": 0, "length": 4, "type": "bold"}],
    )
    _, body = await call("sendMessage", chat_id=wati.id, text="<i>a</i>b", parse_mode="HTML", entities=given)
    assert [one["type"] for one in body["result"]["entities"]] == ["italic"]


@pytest.mark.parametrize(
    ("html", "text", "found"),
    [
        ("a &lt;b&gt; &amp; &#39;c&#x27; &nbsp;", "a <b> & 'c' &nbsp;", []),
        ("<b>a<i>b</i></b>", "ab", [("italic", 1, 1), ("bold", 0, 2)]),
        ("<b></b>a", "a", []),
        ('<a href="https://a.id/x?y=1&amp;z=2">a</a>', "a", [("text_link", 0, 1)]),
        ("<a href='tg://user?id=7'>a</a>", "a", [("text_mention", 0, 1)]),
        ('<a href="javascript:x">a</a>', "a", []),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ('<code class="language-py">x</code>', "x", [("code", 0, 1)]),
        (
            '<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>',
            "ab",
            [("spoiler", 0, 1), ("spoiler", 1, 1)],
        ),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("<B>a</b >", "a", [("bold", 0, 1)]),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ('<tg-emoji emoji-id="5">😀</tg-emoji>', "😀", [("custom_emoji", 0, 2)]),
    ],
)
def test_html(html: str, text: str, found: Marks) -> None:
    """What HTML means."""
    assert marks(parse_html(html)) == (text, found)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("é<foo>", 'Unsupported start tag "foo" at byte offset 2'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<i>a</b>", 'Unmatched end tag at byte offset 4, expected "</i>", found "</b>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<b>a<i>b</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ('<a ="x">', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=a_b>", "Unexpected end of name token at byte offset 8"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ('<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html(html: str, words: str) -> None:
    """Each kind of broken HTML and its complaint; offsets are bytes of UTF-8."""
    with pytest.raises(ParseError) as problem:
        parse_html(html)
    assert str(problem.value) == words


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        (
            r"*a* _b_ __c__ ~d~ ||e|| `f`",
            "a b c d e f",
            ["bold", "italic", "underline", "strikethrough", "spoiler", "code"],
        ),
        (r"1\. \*a\*", "1. *a*", []),
        ("```py\nx = 1```", "x = 1", ["pre"]),
        ("[a](https://a.id/\\)x)", "a", ["text_link"]),
        ("![😀](tg://emoji?id=5)", "😀", ["custom_emoji"]),
        (">a\n>b\nc", "a\nb\nc", ["blockquote"]),
        ("*a _b_*", "a b", ["italic", "bold"]),
        ("`a.b*c`", "a.b*c", ["code"]),
        ("___a_ b__", "a b", ["italic", "underline"]),
    ],
)
def test_markdown_v2(source: str, text: str, found: list[str]) -> None:
    """What MarkdownV2 means."""
    plain, entities = parse_markdown_v2(source)
    assert (plain, [one.type for one in entities]) == (text, found)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("*a", "Can't find end of Bold entity at byte offset 0"),
        ("é _a", "Can't find end of Italic entity at byte offset 3"),
        ("a-b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
        ("a | b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
        ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("[a](https://a.id", "Can't find end of a URL at byte offset 4"),
        ("![a]", "Custom emoji entity must contain a tg://emoji URL"),
    ],
)
def test_broken_markdown_v2(source: str, words: str) -> None:
    """Each kind of broken MarkdownV2 and its complaint."""
    with pytest.raises(ParseError) as problem:
        parse_markdown_v2(source)
    assert str(problem.value) == words


def test_old_markdown() -> None:
    """The old Markdown has no nesting and one complaint."""
    assert marks(parse_markdown(r"*a* _b_ `c` [d](https://a.id) \*e")) == (
        "a b c d *e",
        [("bold", 0, 1), ("italic", 2, 1), ("code", 4, 1), ("text_link", 6, 1)],
    )
    with pytest.raises(ParseError) as problem:
        parse_markdown("é *a")
    assert str(problem.value) == "Can't find end of the entity starting at byte offset 3"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start abc", [("bot_command", 0, 6)]),
        ("😀 /bantuan@suara_bot.", [("bot_command", 3, 18)]),
        ("a/b c/d 1/2", []),
        ("@suara_bot @ab", [("mention", 0, 10)]),
        ("#jalan #12 $USD", [("hashtag", 0, 6), ("cashtag", 11, 4)]),
        ("lihat https://lampungtimurkab.go.id/a?b=1, ya", [("url", 6, 35)]),
        ("lampungtimurkab.go.id", [("url", 0, 21)]),
        ("tulis ke wati@desa.id.", [("email", 9, 12)]),
        ("jalan rusak.tolong", []),
    ],
)
def test_entities_found_by_the_server(text: str, found: Marks) -> None:
    """Commands, mentions, tags and addresses are marked without being asked for."""
    assert [(one.type, one.offset, one.length) for one in finished(text).entities] == found


def test_nothing_is_found_inside_code() -> None:
    """A command inside code stays code."""
    text, entities = parse_html("<code>/start</code> /start")
    assert [(one.type, one.offset) for one in finished(text, entities).entities] == [
        ("code", 0),
        ("bot_command", 7),
    ]


def test_cleaning() -> None:
    """Carriage returns and direction marks go, other control characters become spaces."""
    assert cleaned("a\r\nb\tc\u202ed") == "a\nb cd"


def test_lone_surrogates_do_no_harm(sim: Simulator, wati: Person) -> None:
    """A lone surrogate is replaced at the door, so that everything stays UTF-8."""
    done = sim.say(wati.id, "a\ud83d")
    assert sim.chat(wati.id)["messages"][-1]["text"] == "a\ufffd"
    assert done.update_ids


def test_rendering_escapes_everything() -> None:
    """The page's HTML keeps entities as tags, escapes the rest and has no unsafe link."""
    text, entities = parse_html("<b>a&lt;script&gt;</b><a href='http://a.id/\"x'>b</a>")
    html = to_html(text, [one.wire() for one in entities])
    assert html == (
        '<b>a&lt;script&gt;</b><a href="http://a.id/&quot;x" rel="noopener noreferrer" target="_blank">b</a>'
    )
    assert to_html("x", [{"type": "text_link", "offset": 0, "length": 1, "url": "javascript:x"}]) == "x"
    crossing = [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}]
    assert to_html("abc", crossing) == "<b>a<i>b</i></b><i>c</i>"


async def test_mention_by_id(sim: Simulator, wati: Person, client: Client) -> None:
    """A mention by id names the whole user; one of nobody is dropped."""
    link = f'<a href="tg://user?id={wati.id}">Bu Wati</a> <a href="tg://user?id=5">x</a>'
    sent = await client.send_message(wati.id, link, parse_mode="HTML")
    assert [(one.type, one.user.first_name) for one in sent.entities] == [("text_mention", "Wati")]
