"""What the Markdown reader's tokens say as plain text, and which way each block of them runs."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from comity.text.plain import direction

__all__ = ["directions", "plain_text"]

_DIRECTED = {"paragraph_open", "blockquote_open", "bullet_list_open", "ordered_list_open"}


def _inline_text(children: Sequence[Token]) -> str:
    pieces: list[str] = []
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            pieces.append("\n")
        else:
            pieces.append(child.content)
    return "".join(pieces)


def plain_text(tokens: Sequence[Token]) -> str:
    """The words of a comment: blocks apart by an empty line, `> ` before quotes, a hyphen or a number before items."""
    lines: list[str] = []
    prefixes: list[str] = []
    before: list[str] | None = None
    numbers: list[int | None] = []
    markers: list[str] = []

    def add(text: str) -> None:
        nonlocal markers, before
        if before is not None:
            shared = [one for one, other in zip(before, prefixes, strict=False) if one == other]
            lines.append("".join(shared).rstrip())
            before = None
        first = "".join(prefixes[: len(prefixes) - len(markers)] + markers) if markers else "".join(prefixes)
        markers = []
        for line in text.split("\n"):
            lines.append((first + line).rstrip())
            first = "".join(prefixes)

    for token in tokens:
        match token.type:
            case "blockquote_open":
                prefixes.append("> ")
                if markers:
                    markers.append("> ")
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_open":
                numbers.append(int(token.attrs.get("start", 1)))
            case "list_item_open":
                number = numbers[-1]
                marker = "- " if number is None else f"{number}. "
                if number is not None:
                    numbers[-1] = number + 1
                prefixes.append(" " * len(marker))
                markers.append(marker)
            case "list_item_close" | "blockquote_close":
                prefixes.pop()
                del markers[len(prefixes) :]
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "inline":
                add(_inline_text(token.children or ()))
            case "fence":
                add(token.content.removesuffix("\n"))
            case _:
                continue
        if not numbers and token.type in {"inline", "fence", "bullet_list_close", "ordered_list_close"}:
            before = list(prefixes)
    return "\n".join(lines).strip()


def directions(tokens: Sequence[Token], words: str) -> None:
    """Give every block its direction where a comment runs both ways or from right to left.

    The page gives the direction of the whole; a quotation in Hebrew inside a French comment needs its own.
    """
    whole = direction(words)
    own: dict[int, str] = {}
    for index, token in enumerate(tokens):
        if token.type in _DIRECTED:
            own[index] = direction(_text_of_block(tokens, index))
    if whole != "rtl" and all(each in {whole, "auto"} for each in own.values()):
        return
    for index, each in own.items():
        if each != "auto":
            tokens[index].attrSet("dir", each)
    for token in tokens:
        if token.type == "fence":
            token.attrSet("dir", "ltr")


def _text_of_block(tokens: Sequence[Token], start: int) -> str:
    """The words of the block that opens at `start`, as far as its direction needs them."""
    depth = 0
    pieces: list[str] = []
    for index in range(start, len(tokens)):
        token = tokens[index]
        depth += token.nesting
        if token.type == "inline":
            text = _inline_text(token.children or ())
            pieces.append(text)
            if direction(text) != "auto":
                break
        if depth == 0:
            break
    return "\n".join(pieces)
