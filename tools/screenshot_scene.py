"""One picture of `tools/screenshots.py`: where it is taken, and what readers do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from playwright.sync_api import Locator, Page, Route

__all__ = ["CALM", "HARSH", "HELD", "LOUD", "REFUSED", "WORDS", "Scene", "Servers"]

_numbers = count(1)
_texts = {language: count() for language in ("fr", "en", "he", "ar", "es", "de")}
HARSH = """
* { letter-spacing: .4em !important; text-transform: uppercase !important; float: right; }
h2, p, article, section, form, button, li { display: none !important; color: red !important; }
body { font: italic 900 22px/3 cursive; text-align: right }
"""
SOBER = """
html { color-scheme: light dark } body { margin: 0; font: 18px/1.6 Charter, Georgia, 'Liberation Serif', serif }
main { max-inline-size: 42rem; margin-inline: auto; padding: 24px 16px }
h1 { font-size: 2rem; line-height: 1.15 } body { color: #23201d; background: #fffdf8 }
@media (prefers-color-scheme: dark) { body { color: #e9e4da; background: #191714 } }
"""
WORDS = {
    "fr": (
        "Je ne partage pas cet avis, mais l’article a le mérite de poser la bonne question.",
        "Il faudrait aussi entendre ceux qui vivent sur place : leurs récits changent la lecture des cartes.",
        "Merci pour cette mise au point. On aimerait connaître la date du prochain rendez-vous.",
        "Un accord vaut ce que valent ceux qui le surveillent ; sur ce point, la dépêche reste muette.",
        "Les chiffres donnés par l’agence diffèrent de ceux du ministère : lesquels faut-il croire ?",
        "J’ai relu la résolution de l’hiver dernier. Rien n’y oblige les parties à publier leurs cartes.",
        "Un lecteur demandait hier une chronologie ; en voici l’occasion, s’il vous plaît.",
        "Mon voisin, ancien casque bleu, lit ces communiqués un crayon à la main ; il en souligne peu de lignes.",
        "Qui paiera les convois ? La question revient à chaque trêve et personne n’y répond.",
        "À l’école, ma fille a demandé ce qu’est une cessation des hostilités. Nous avons cherché ensemble.",
        "Belle photographie, mais la légende ne dit ni le lieu ni le jour.",
        "Ma grand-mère disait que la paix se prépare comme le pain, la veille et sans bruit.",
    ),
    "en": (
        "I do not share this view, but the article asks the right question.",
        "We should hear those who live there as well: their accounts change how a map is read.",
        "Thank you for setting this out. It would be good to know when they meet again.",
        "An agreement is worth what its monitors are worth, and the dispatch is silent about them.",
        "The agency’s figures differ from the ministry’s: which are we to believe?",
        "I read last winter’s resolution again. Nothing in it makes the parties publish their maps.",
        "A reader asked for a chronology yesterday; this would be the moment.",
        "My neighbour, once a peacekeeper, reads such communiqués pencil in hand and underlines little.",
        "Who will pay for the convoys? The question returns with every truce and nobody answers it.",
        "At school my daughter asked what a cessation of hostilities is. We looked it up together.",
        "A fine photograph, but the caption gives neither place nor day.",
        "My grandmother used to say that peace is made like bread, the evening before and quietly.",
    ),
    "he": (
        "איני שותף לדעה הזאת, אבל הכתבה שואלת את השאלה הנכונה.",
        "כדאי לשמוע גם את מי שגרים שם: הסיפורים שלהם משנים את קריאת המפה.",
        "תודה על ההבהרה. היה טוב לדעת מתי הם נפגשים שוב.",
        "הסכם שווה כמו מי שמשגיחים עליו, ועל כך הידיעה שותקת.",
        "המספרים של הסוכנות שונים מאלה של המשרד: לאילו מהם להאמין?",
        "קראתי שוב את ההחלטה מהחורף שעבר. דבר בה אינו מחייב את הצדדים לפרסם מפות.",
        "קורא ביקש אתמול ציר זמן; זו ההזדמנות.",
        "השכן שלי, שהיה בכוח האו״ם, קורא הודעות כאלה עם עיפרון ביד ומסמן מעט שורות.",
        "מי ישלם על השיירות? השאלה חוזרת בכל הפוגה ואיש אינו עונה עליה.",
        "הבת שלי שאלה בבית הספר מהי הפסקת פעולות איבה. חיפשנו יחד.",
        "תצלום יפה, אבל הכיתוב אינו אומר היכן ומתי.",
        "סבתא שלי אמרה שאת השלום מכינים כמו לחם, בערב שלפני ובשקט.",
    ),
}
WORDS |= {"ar": WORDS["he"], "es": WORDS["en"], "de": WORDS["en"]}
"""Unlike each other, as what people write is: the same words again would wait as repetition."""
LOUD = {"fr": "Saperlipopette", "en": "Gadzooks", "he": "וואו"}
CALM = """
format = 1
[[rule]]
key = "tone"
categories = ["values"]
outcome = "advise"
thresholds = { advise = 0.5 }
words = ["saperlipopette", "gadzooks", "וואו"]
title = { fr = "Ton posé", en = "A calm tone", he = "נימה שקולה" }
text = { fr = "On se parle sans crier.", en = "We talk without shouting.", he = "מדברים בלי לצעוק." }
ground = { kind = "terms", reference = { fr = "Charte", en = "Charter", he = "אמנה" } }
"""
"""A rule that advises, for the demo with limits: the other shows the shipped rules alone."""
HELD = "À relire : " + " ".join(f"https://place{number}.example" for number in range(6))
REFUSED = "Tu es un imbécile."


@dataclass(frozen=True)
class Servers:
    """Where the pictures are taken."""

    base: str
    """The demo, without limits."""
    limited: str
    """Another, with them."""
    data: Path
    """The first one's data."""
    publish: Callable[[str, str], str]
    """Puts a publisher's page at a path; its address."""
    story: str
    empty: str


@dataclass
class Scene:
    """One picture to be taken: its page is brought into the state."""

    servers: Servers
    page: Page
    language: str
    number: int = field(default_factory=lambda: next(_numbers))
    held: list[Route] = field(default_factory=list)
    """Requests that are answered when the picture is taken: never, for who looks at it."""

    @property
    def words(self) -> str:
        """What a reader writes who does not publish it."""
        return WORDS[self.language][-1]

    def fresh_words(self) -> str:
        """What a reader publishes: each but once, as long as there are some left."""
        place = next(_texts[self.language])
        return WORDS[self.language][place % len(WORDS[self.language])]

    @property
    def thread(self) -> Locator:
        """The widget on the publisher's page."""
        return self.page.locator("comity-thread")

    def go(self, path: str, *, base: str | None = None) -> None:
        """Open a page of Comity's own."""
        where = f"{base or self.servers.base}{path}"
        self.page.goto(f"{where}{'&' if '?' in where else '?'}lang={self.language}")

    def host(self, key: str | None = None, *, styles: str = SOBER, waits: bool = True) -> None:
        """Open a publisher's page with the widget, by default under a story that nobody has written about."""
        key = key or f"scene-{self.number}"
        direction = "rtl" if self.language in {"he", "ar"} else "ltr"
        body = (
            f'<!doctype html><html lang="{self.language}" dir="{direction}"><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>…</title>'
            f'<link rel="icon" href="data:,"><style>{styles}</style>'
            f'<script src="{self.servers.base}/embed/comity.js" async></script>'
            f'<main><comity-thread site="demo" key="{key}" loading="eager"></comity-thread></main>'
        )
        self.page.goto(self.servers.publish(f"/{self.number}", body))
        if waits:
            self.thread.locator("[data-comity-thread]").wait_for()

    def compose(self, text: str = "") -> Locator:
        """Unfold the composer and write; the composer."""
        composer = self.page.locator("[data-comity-composer]")
        composer.locator("summary").click()
        composer.locator("textarea").fill(text)
        return composer

    def send(self, text: str, *, name: str = "Camille") -> None:
        """Write and publish."""
        composer = self.compose(text)
        composer.locator("[name=author_name]").fill(name)
        composer.locator(".comity-button-main").click()
        self.page.locator("[data-comity-notice], .comity-error, .comity-problem").first.wait_for()

    def open_panel(self, link: Locator) -> Locator:
        """Open what a link leads to over the conversation; the dialog."""
        link.click()
        dialog = self.page.locator("dialog[open]")
        dialog.locator("h1").wait_for()
        return dialog
