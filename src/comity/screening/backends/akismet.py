"""Akismet, asked about spam. Sends the text, the name and the website; no address and no network of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from comity.screening.backends.asking import BackEndUnavailable, Call, Transport
from comity.screening.house_rules import HouseRules
from comity.screening.types import Finding, Submission

__all__ = ["AKISMET", "Akismet"]

AKISMET = "https://rest.akismet.com/1.1/comment-check"


class Akismet:
    """One `spam` finding when Akismet says so."""

    name = "akismet"
    categories = frozenset({"spam"})

    def __init__(
        self,
        *,
        key: str,
        blog: str,
        transport: Transport,
        url: str = AKISMET,
        timeout: float = 5.0,
    ) -> None:
        """`blog` is the address of the site's front page."""
        self._key, self._blog, self._transport, self._url, self._timeout = key, blog, transport, url, timeout

    def ask(
        self, submission: Submission, _scores: Mapping[str, float], _house_rules: HouseRules, /
    ) -> Iterable[Finding]:
        """At most one finding.

        Raises:
            BackEndUnavailable: there is no answer, or one that is neither true nor false.
        """
        fields = {
            "api_key": self._key,
            "blog": self._blog,
            # Akismet asks for an address; readers' addresses stay here, so a documentation address stands in.
            "user_ip": "192.0.2.1",
            "comment_type": "reply" if submission.is_reply else "comment",
            "comment_content": submission.text,
            "comment_author": submission.author_name,
            "comment_author_url": submission.author_website,
            "honeypot_field_name": "honeypot",
            "honeypot": submission.honeypot,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        answer = self._transport(Call(self._url, urlencode(fields).encode(), headers, self._timeout))
        said = answer.body.strip()
        if answer.status != 200 or said not in (b"true", b"false"):
            raise BackEndUnavailable("malformed" if answer.status == 200 else "status")
        return [Finding("spam", 0.9, self.name, (), ("akismet_spam",))] if said == b"true" else []
