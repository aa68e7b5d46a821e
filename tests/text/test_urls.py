"""Addresses of stories, websites and links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.text.urls import UrlRefused, hosts_in, normalise_story_url, normalise_website

DOMAINS = ("gazette.example", "localhost", "127.0.0.1", "::1", "bücher.example")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://gazette.example/monde/a", "https://gazette.example/monde/a"),
        ("  HTTPS://WWW.Gazette.Example/Monde/A/  ", "https://www.gazette.example/Monde/A"),
        ("https://gazette.example", "https://gazette.example/"),
        ("https://gazette.example//", "https://gazette.example/"),
        ("https://gazette.example:443/a", "https://gazette.example/a"),
        ("https://gazette.example:8443/a", "https://gazette.example:8443/a"),
        ("https://gazette.example./a", "https://gazette.example/a"),
        ("https://gazette.example/a#suite", "https://gazette.example/a"),
        ("https://gazette.example/a?utm_source=x&id=7&fbclid=1&UTM_Medium=y", "https://gazette.example/a?id=7"),
        ("https://gazette.example/a?xtor=1&gclid=2&mc_cid=3&at_medium=4&%75tm_x=5&&", "https://gazette.example/a"),
        ("https://gazette.example/a?b=2&a=1&a=0", "https://gazette.example/a?a=0&a=1&b=2"),
        ("https://gazette.example/a?q=a+b&vide=", "https://gazette.example/a?q=a+b&vide="),
        ("https://gazette.example/%7efoo/%c3%a9", "https://gazette.example/~foo/%C3%A9"),
        ("https://gazette.example/été", "https://gazette.example/%C3%A9t%C3%A9"),
        ("https://gazette.example/100%", "https://gazette.example/100%25"),
        ("https://gazette.example/a/./b/../c", "https://gazette.example/a/c"),
        ("https://gazette.example/../../a", "https://gazette.example/a"),
        ("https://gazette.example/a/%2e%2e/b", "https://gazette.example/b"),
        ("https://BÜCHER.example/a", "https://xn--bcher-kva.example/a"),
        ("https://xn--bcher-kva.example/a", "https://xn--bcher-kva.example/a"),
        ("https://gazette。example/a", "https://gazette.example/a"),
        ("http://localhost:8000/stories/a", "http://localhost:8000/stories/a"),
        ("http://127.0.0.1:80/a", "http://127.0.0.1/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
    ],
)
def test_story_urls_have_one_form(url: str, expected: str) -> None:
    assert normalise_story_url(url, DOMAINS) == expected
    assert normalise_story_url(expected, DOMAINS) == expected


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "malformed"),
        ("gazette.example/a", "malformed"),
        ("//gazette.example/a", "malformed"),
        ("https:///a", "malformed"),
        ("https://gazette.example:99999/a", "malformed"),
        ("https://gazette.example:x/a", "malformed"),
        ("https://[::1/a", "malformed"),
        ("https://gazette..example/a", "malformed"),
        ("https://-gazette.example/a", "malformed"),
        ("https://gazette.example\\@ailleurs.example/", "malformed"),
        ("https://gazette.example/a b", "malformed"),
        ("https://gazette.example/a\x00", "malformed"),
        ("https://gazette.example/\ud800", "malformed"),
        ("https://gazette.example℀.ailleurs.example/", "malformed"),
        ("https://" + "a" * 300 + ".example/", "malformed"),
        ("http://gazette.example/a", "scheme"),
        ("ftp://gazette.example/a", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("https://moi@gazette.example/a", "credentials"),
        ("https://gazette.example@ailleurs.example/a", "credentials"),
        ("https://ailleurs.example/a", "domain"),
        ("https://fausse-gazette.example/a", "domain"),
        ("https://gazette.example.ailleurs.example/a", "domain"),
        ("https://1.127.0.0.1/a", "domain"),
        ("https://gazette.example/" + "a" * 2000, "too_long"),
        ("https://gazette.example/" + "é" * 500, "too_long"),
        ("https://gazette.example/?" + "a" * 9000, "too_long"),
    ],
)
def test_story_urls_refused(url: str, reason: str) -> None:
    with pytest.raises(UrlRefused) as caught:
        normalise_story_url(url, DOMAINS)
    assert caught.value.reason == reason
    assert str(caught.value) == reason, "the address itself is never repeated"


def test_no_domain_allows_nothing() -> None:
    with pytest.raises(UrlRefused):
        normalise_story_url("https://gazette.example/a", ())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://exemple.example", "https://exemple.example/"),
        ("exemple.example/moi", "https://exemple.example/moi"),
        ("exemple.example:8080/moi", "https://exemple.example:8080/moi"),
        ("//exemple.example", "https://exemple.example/"),
        ("http://Exemple.example/?b=1&a=2", "http://exemple.example/?b=1&a=2"),
    ],
)
def test_websites_have_one_form(url: str, expected: str) -> None:
    assert normalise_website(url) == expected
    assert normalise_website(expected) == expected


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("javascript:alert(1)", "scheme"),
        ("mailto:a@exemple.example", "scheme"),
        ("https://a@exemple.example", "credentials"),
        ("http://localhost/", "domain"),
        ("http://127.0.0.1/", "domain"),
        ("http://10.0.0.1/", "domain"),
        ("http://[2001:db8::1]/", "domain"),
        ("http://1.2.3/", "domain"),
        ("moi", "domain"),
        ("pas une adresse", "malformed"),
        ("https://exemple.example/" + "a" * 500, "too_long"),
    ],
)
def test_websites_refused(url: str, reason: str) -> None:
    with pytest.raises(UrlRefused) as caught:
        normalise_website(url)
    assert caught.value.reason == reason


def test_hosts_of_links() -> None:
    links = [
        "https://A.example/1",
        "http://b.example:81/",
        "https://a.example/2",
        "mailto:x@c.example",
        "https://connu.example@d.example/",
        "https://bücher.example/",
        "n’importe quoi",
        "https://[::1",
    ]
    assert hosts_in(links) == ("a.example", "b.example", "d.example", "xn--bcher-kva.example")


PIECES = st.sampled_from(
    [*"aZé/?#&=%@:.\\ []{}<>+-_~\u200d\u3002", "%2e", "%41", "..", "//", "utm_a", "https://", "gazette.example", ":443"]
)


@given(st.one_of(st.text(st.characters(exclude_categories=[])), st.lists(PIECES).map("".join)))
def test_any_text_is_normalised_or_refused(text: str) -> None:
    for candidate in (text, "https://gazette.example/" + text, "https://" + text + ".gazette.example/"):
        hosts_in([candidate])
        for normalise in (lambda url: normalise_story_url(url, DOMAINS), normalise_website):
            try:
                once = normalise(candidate)
            except UrlRefused:
                continue
            assert once.isascii()
            assert normalise(once) == once
