"""The founding page, phrase by phrase, in French, in a real browser, with JavaScript and without it.

Later issues extend this walk: what is not built yet is absent from the page, and so from here.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Demo, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.server]

HOUSE_RULES = (
    "La rédaction retirera d’office tout commentaire antisémite, raciste, diffamatoire ou injurieux, "
    "ou qui contrevient à la morale juive."
)
FIRST_TEXTS = {
    True: ("Qui commence ? Je me lance, sans grande idée.", "D’accord avec vous, mais pas sur le dernier point."),
    False: ("Personne encore, alors bonjour à tous.", "La photographie du marché est splendide, merci."),
}
"""Unlike each other, as what people write is: the same words again would be screened as repetition."""
SORTS = ("Le plus récent", "Le plus ancien", "Le plus populaire")


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(open_page: OpenPage, scripted: bool) -> Page:
    opened: Page = open_page(java_script_enabled=scripted)
    return opened


def count_on(page: Page) -> int:
    """The number in the conversation's heading."""
    found = re.match(r"(\d+) commentaires?$", page.locator("h2#comments").inner_text())
    assert found
    return int(found[1])


def write(page: Page, text: str, name: str) -> None:
    """Open the composer if need be, fill it in and publish."""
    if not page.get_by_label("Votre commentaire").is_visible():
        page.get_by_text("Prendre part à la conversation…").click()
    page.get_by_label("Votre commentaire").fill(text)
    page.get_by_label("Nom", exact=True).fill(name)
    page.get_by_role("button", name="Publier").click()


def test_the_story_itself_with_its_source(page: Page, demo: Demo) -> None:
    page.goto(demo.base)
    page.get_by_role("heading", level=2).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Poutine")
    expect(page.get_by_text("USNEWS")).to_be_visible()
    expect(page.get_by_text("14 février 2016").first).to_be_visible()
    assert page.locator(".comity-story-body p").count() >= 6
    assert page.locator("html").get_attribute("lang") == "fr"


def opened(page: Page, scripted: bool) -> Page | Locator:
    """Where a link's page stands: over the conversation, or instead of it where scripts are off."""
    return page.get_by_role("dialog") if scripted else page


def test_the_house_rules_stand_under_the_form(page: Page, demo: Demo, scripted: bool) -> None:
    page.goto(f"{demo.base}/stories/{demo.story}")
    page.get_by_text("Prendre part à la conversation…").click()
    expect(page.get_by_text(HOUSE_RULES)).to_be_visible()
    page.locator(".comity-rules").get_by_role("link", name="Règles de la maison").click()
    rules = opened(page, scripted)
    expect(rules.get_by_role("heading", level=1)).to_have_text("Règles de la maison")
    expect(rules.get_by_text(HOUSE_RULES)).to_be_visible()


def test_no_comment_one_comment_two_comments(page: Page, demo: Demo, scripted: bool) -> None:
    """On a key of its own for each run: the first comment makes the story."""
    key = f"essai-{'avec' if scripted else 'sans'}"
    page.goto(f"{demo.base}/threads/{key}")
    assert page.locator("h2#comments").inner_text() == "0 commentaire"
    expect(page.get_by_text("Aucun commentaire pour l’instant. Ouvrez la conversation.")).to_be_visible()
    texts = FIRST_TEXTS[scripted]
    for text, heading in zip(texts, ("1 commentaire", "2 commentaires"), strict=True):
        page.get_by_text("Prendre part à la conversation…").click()
        if text == texts[0]:
            page.get_by_label("Adresse de l’article").fill(f"http://localhost/{key}")
        write(page, text, "Anne")
        expect(page.get_by_text("Votre commentaire est publié.").first).to_be_visible()
        page.goto(f"{demo.base}/threads/{key}")
        assert page.locator("h2#comments").inner_text() == heading


def test_the_empty_story(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/stories/{demo.empty}")
    assert page.locator("h2#comments").inner_text() == "0 commentaire"
    expect(page.get_by_text("Aucun commentaire pour l’instant. Ouvrez la conversation.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Trier les commentaires")).to_have_count(0)


def test_newest_oldest_most_popular(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/threads/{demo.story}")
    firsts = {}
    for words in SORTS:
        nav = page.get_by_role("navigation", name="Trier les commentaires")
        nav.get_by_role("link", name=words).click()
        expect(nav.locator("[aria-current=true]")).to_have_text(words)
        times = page.locator("[data-comity-list] > li > article:not(.comity-pinned) > header time")
        moments = [str(times.nth(place).get_attribute("datetime")) for place in range(times.count())]
        assert len(moments) >= 5
        firsts[words] = moments
    picked = page.locator(".comity-distinction").count()
    assert picked >= 1, "the demo has a pinned comment"
    newest, oldest = (_without_picked(firsts[words]) for words in SORTS[:2])
    assert newest == sorted(newest, reverse=True)
    assert oldest == sorted(oldest)
    assert firsts[SORTS[2]] != firsts[SORTS[0]]


def _without_picked(moments: list[str]) -> list[str]:
    """Picked comments stand first in every order: the rest is what the order is about."""
    for start in range(len(moments)):
        rest = moments[start:]
        if rest in (sorted(rest), sorted(rest, reverse=True)):
            return rest
    return []


def test_guest_and_newsroom_are_told_apart(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/stories/{demo.story}")
    expect(page.locator(".comity-badge", has_text="Invité").first).to_be_visible()
    expect(page.locator(".comity-badge-staff", has_text="Rédaction").first).to_be_visible()


def test_show_all_comments(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/stories/{demo.story}")
    before = page.locator("[data-comity-list] > li").count()
    page.get_by_role("link", name="Afficher tous les commentaires").click()
    expect(page.get_by_role("link", name="Afficher tous les commentaires")).to_have_count(0)
    assert page.locator("[data-comity-list] > li").count() > before
    expect(page.locator("article.comity-comment")).to_have_count(count_on(page))


def test_the_next_page_of_comments(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/threads/{demo.story}")
    shown = set(page.locator("[data-comity-list] > li > [data-comment]").evaluate_all(IDS))
    page.get_by_role("link", name="Afficher la suite").click()
    expect(
        page.locator(
            f"[data-comity-list] > li > {':not(' + '):not('.join(f'#comment-{each}' for each in shown)})[data-comment]"
        ).first
    ).to_be_visible()
    after = page.locator("[data-comity-list] > li > [data-comment]").evaluate_all(IDS)
    assert len(after) == len(set(after))
    assert set(after) - shown


IDS = "comments => comments.map(comment => comment.dataset.comment)"


def test_a_branch_folds_behind_its_count(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/threads/{demo.story}?sort=oldest")
    branch = page.locator("details.comity-replies").first
    reply = branch.locator("article").first
    expect(reply).to_be_visible()
    branch.locator("> summary").press("Enter")
    expect(reply).to_be_hidden()
    expect(branch.locator("> summary")).to_contain_text(re.compile(r"\d+ réponses? (de |d’)\S"))
    branch.locator("> summary").press("Enter")
    expect(reply).to_be_visible()


def test_the_permalink_of_a_reply_shows_its_ancestors(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/threads/{demo.story}")
    reply = page.locator("details details article").first
    number = reply.get_attribute("data-comment")
    reply.locator("a.comity-when").click()
    expect(page).to_have_url(re.compile(rf"/comments/{number}$"))
    assert page.locator(".comity-ancestors article").count() >= 2
    page.get_by_role("link", name="Voir toute la conversation").click()
    expect(page.get_by_role("heading", name=re.compile("commentaires"))).to_be_visible()


def test_a_guest_writes_is_answered_votes_edits_and_withdraws(open_page: OpenPage, demo: Demo, scripted: bool) -> None:
    words = "avec" if scripted else "sans"
    writer, answerer = open_page(java_script_enabled=scripted), open_page(java_script_enabled=scripted)
    thread = f"{demo.base}/threads/{demo.story}"
    # writes
    writer.goto(thread)
    before = count_on(writer)
    write(writer, f"Une remarque *posée*, {words} script.", "Camille")
    expect(writer.get_by_text("Votre commentaire est publié.").first).to_be_visible()
    own = writer.locator("[data-comity-posted] > article")
    number = own.get_attribute("data-comment")
    expect(own.locator("em")).to_have_text("posée")
    # edits
    own.get_by_role("link", name="Modifier").click()
    changed = writer.locator("form[data-comity-form^=edit]").get_by_label("Votre commentaire")
    expect(changed).to_have_value(f"Une remarque *posée*, {words} script.")
    changed.fill(f"Une remarque **revue**, {words} script.")
    writer.get_by_role("button", name="Enregistrer les modifications").click()
    expect(writer.get_by_text("Vos modifications sont enregistrées.").first).to_be_visible()
    # votes, changes the vote and takes it back
    answerer.goto(f"{demo.base}/comments/{number}")
    expect(answerer.locator(f"#comment-{number} strong")).to_have_text("revue")
    expect(answerer.locator(f"#comment-{number} .comity-edited")).to_have_text("modifié")
    for button, score, said in (
        ("Voter pour", "1", "Vous avez voté pour ce commentaire."),
        ("Voter contre", "\N{MINUS SIGN}1", "Vous avez voté contre ce commentaire."),
        ("Voter contre", "0", "Vous n’avez pas voté sur ce commentaire."),
    ):
        comment = answerer.locator(f"#comment-{number}")
        comment.get_by_role("button", name=button).click()
        expect(answerer.get_by_role("status")).to_have_text(said)
        expect(comment.locator("[data-comity-score]")).to_have_text(score)
    # withdraws, while nobody has replied
    second = open_page(java_script_enabled=scripted)
    second.goto(thread)
    write(second, f"À retirer aussitôt, {words} script.", "Dominique")
    expect(second.get_by_text("Votre commentaire est publié.").first).to_be_visible()
    second.locator("[data-comity-posted]").get_by_role("link", name="Retirer").click()
    second.get_by_role("button", name="Retirer").click()
    expect(second.get_by_text("Votre commentaire est retiré.").first).to_be_attached()
    second.goto(thread)
    expect(second.get_by_text(f"À retirer aussitôt, {words} script.")).to_have_count(0)
    # is answered
    answerer.goto(f"{demo.base}/comments/{number}")
    answerer.locator(f"#comment-{number}").get_by_role("link", name="Répondre").click()
    answerer.get_by_label("Votre réponse").fill(f"Bien vu, {words} script.")
    answerer.get_by_label("Nom", exact=True).fill("Sacha")
    answerer.get_by_role("button", name="Publier").click()
    expect(answerer.get_by_text("Votre commentaire est publié.").first).to_be_visible()
    writer.goto(f"{demo.base}/comments/{number}")
    expect(writer.get_by_text(f"Bien vu, {words} script.")).to_be_visible()
    writer.goto(thread)
    assert count_on(writer) == before + 2


def test_a_comment_that_waits_is_said_to_wait(page: Page, demo: Demo, scripted: bool) -> None:
    page.goto(f"{demo.base}/stories/{demo.empty}")
    links = " ".join(f"https://site{number}-{scripted:d}.example" for number in range(6))
    write(page, f"Voyez {links} pour vous faire une idée.", "Morgan")
    expect(page.get_by_text("En attente de relecture, visible par vous seul")).to_be_visible()


def test_a_refused_comment_keeps_what_was_typed(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/stories/{demo.empty}")
    write(page, "Un texte qui mérite d’être gardé.", "La Gazette des Deux Rives")
    error = page.get_by_text("Ce nom est réservé. Veuillez en choisir un autre.")
    expect(error).to_be_visible()
    expect(page.get_by_label("Votre commentaire")).to_have_value("Un texte qui mérite d’être gardé.")
    name = page.get_by_label("Nom", exact=True)
    expect(name).to_have_value("La Gazette des Deux Rives")
    assert name.get_attribute("aria-invalid") == "true"
    assert name.get_attribute("aria-describedby") == error.get_attribute("id")


def test_the_preview(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/stories/{demo.empty}")
    page.get_by_text("Prendre part à la conversation…").click()
    page.get_by_label("Votre commentaire").fill("Un aperçu **avant** de publier.")
    page.get_by_role("button", name="Aperçu").click()
    expect(page.locator("[data-comity-previewed] strong")).to_have_text("avant")
    expect(page.get_by_label("Votre commentaire")).to_have_value("Un aperçu **avant** de publier.")


def test_right_to_left_words_stand_right(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/threads/{demo.story}?filter=all")
    for language in ("he", "ar"):
        paragraph = page.locator(f".comity-body[lang={language}] > p").first
        assert paragraph.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_from_removal_to_reason_to_appeal_to_reversal(
    page: Page, demo: Demo, open_page: OpenPage, scripted: bool
) -> None:
    text = "Tu es un imbécile." if scripted else "Franchement, vous êtes un imbécile."
    page.goto(f"{demo.base}/stories/{demo.empty}")
    write(page, text, "Lecteur pressé" if scripted else "Lectrice pressée")
    own = page.locator("[data-status=removed]")
    expect(own.first).to_be_visible()
    page.goto(f"{demo.base}/threads/{demo.empty}/mine")
    expect(page.locator(".comity-rule").first).to_have_text("Injure")
    page.get_by_role("link", name="Lire les motifs").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Motifs du retrait de votre commentaire")
    expect(page.get_by_text("Loi du 29 juillet 1881, articles 29 et 33")).to_be_visible()
    expect(page.get_by_text("La décision a été prise par un moyen automatique.")).to_be_visible()
    page.get_by_label("Pourquoi pensez-vous que la décision est une erreur").fill("C’était une citation de la pièce.")
    page.get_by_role("button", name="Envoyer la contestation").click()
    expect(page.get_by_text("Une personne répondra")).to_be_visible()

    grant_appeal(open_page(java_script_enabled=scripted), demo, text)

    page.reload()
    expect(page.get_by_text("Vous avez raison : c’est une citation.")).to_be_visible()
    page.goto(f"{demo.base}/threads/{demo.empty}?filter=all")
    expect(page.locator(".comity-comments .comity-body", has_text=text).first).to_be_visible()


def enter_desk(desk: Page, demo: Demo, place: str) -> None:
    """Sign in as the editor and open a page of the desk."""
    desk.goto(f"{demo.base}/desk/{place}")
    name, key = demo.accounts["editor"]
    desk.locator("input[name=username]").fill(name)
    desk.locator("input[name=password]").fill(key)
    desk.locator("main").get_by_role("button").click()


def fill_in_rule_that_advises(desk: Page, *, key: str, title: str, word: str) -> None:
    """The form of a new rule, but for why it is made."""
    desk.get_by_label("Clé").fill(key)
    desk.get_by_label("Titre").first.fill(title)
    desk.get_by_label("Ce qu’elle dit").first.fill("On se parle sans crier.")
    desk.get_by_label("Fondement").first.fill("Charte de la Gazette")
    desk.get_by_label("Ce qu’elle fait au plus").select_option("advise")
    desk.get_by_label("Valeurs de la publication").check()
    desk.get_by_label("Retient pour relecture").fill("")
    desk.get_by_label("Conseille avant la publication").fill("0,5")
    desk.get_by_label("Ses mots à elle").fill(word)


def grant_appeal(desk: Page, demo: Demo, text: str) -> None:
    """Answer the appeal about the comment that says `text`, as the editor: the decision is reversed."""
    enter_desk(desk, demo, "appeals/")
    desk.locator(".comity-item", has_text=text).get_by_role("link", name="Répondre").click()
    desk.get_by_label("Votre réponse à l’auteur").fill("Vous avez raison : c’est une citation.")
    desk.get_by_role("button", name="Annuler la décision").click()
    expect(desk.get_by_role("status")).to_contain_text("La décision est annulée")


def test_after_the_reversal_the_comment_stands_in_its_place_with_its_votes(
    open_page: OpenPage, demo: Demo, scripted: bool
) -> None:
    """Voted on while it was published, then edited into what the rules remove, appealed, and put back."""
    words = "avec" if scripted else "sans"
    writer, voter = open_page(java_script_enabled=scripted), open_page(java_script_enabled=scripted)
    thread = f"{demo.base}/threads/{demo.story}"
    writer.goto(thread)
    before = count_on(writer)
    write(writer, f"Une réplique de théâtre, {words} script.", "Sganarelle")
    number = writer.locator("[data-comity-posted] > article").get_attribute("data-comment")
    voter.goto(f"{demo.base}/comments/{number}")
    voter.locator(f"#comment-{number}").get_by_role("button", name="Voter pour").click()
    expect(voter.locator(f"#comment-{number} [data-comity-score]")).to_have_text("1")
    write_after = open_page(java_script_enabled=scripted)
    write_after.goto(thread)
    write(write_after, f"Un mot venu juste après la réplique, {words} script.", "Gros-René")
    after = write_after.locator("[data-comity-posted] > article").get_attribute("data-comment")
    # The author edits it into an insult: removed.
    writer.goto(f"{demo.base}/threads/{demo.story}/mine?comment={number}")
    writer.locator("[data-comity-posted]").get_by_role("link", name="Modifier").click()
    insult = f"Vous êtes un imbécile, monsieur, {words} script."
    writer.locator("form[data-comity-form^=edit]").get_by_label("Votre commentaire").fill(insult)
    writer.get_by_role("button", name="Enregistrer les modifications").click()
    expect(writer.locator("[data-status=removed]").first).to_be_visible()
    voter.goto(thread)
    assert count_on(voter) == before + 1
    writer.goto(f"{demo.base}/threads/{demo.story}/mine?comment={number}")
    writer.locator("[data-comity-posted]").get_by_role("link", name="Lire les motifs").click()
    writer.get_by_label("Pourquoi pensez-vous que la décision est une erreur").fill("C’est dans la pièce.")
    writer.get_by_role("button", name="Envoyer la contestation").click()
    expect(writer.get_by_text("Une personne répondra")).to_be_visible()
    grant_appeal(open_page(java_script_enabled=scripted), demo, insult)
    # Its votes, its place and the count are what they were.
    voter.goto(f"{thread}?sort=newest&filter=all")
    assert count_on(voter) == before + 2
    expect(voter.locator(f"#comment-{number} [data-comity-score]").first).to_have_text("1")
    shown = voter.locator("[data-comity-list] > li > [data-comment]").evaluate_all(IDS)
    assert shown.index(after) < shown.index(number)


def test_advice_before_posting(open_page: OpenPage, demo: Demo, scripted: bool) -> None:
    """The editor makes a rule that advises, on the desk; a guest is shown it once, changes the text, and posts."""
    word, name = ("saperlipopette", "avec") if scripted else ("fichtre", "sans")
    desk = open_page(java_script_enabled=scripted)
    enter_desk(desk, demo, "rules/new")
    fill_in_rule_that_advises(desk, key=f"ton-{name}", title=f"Ton posé ({name})", word=word)
    desk.get_by_role("button", name="Enregistrer la nouvelle version").click()
    expect(desk.get_by_label("Pourquoi")).to_have_attribute("aria-invalid", "true")
    desk.get_by_label("Pourquoi").fill("Un ton plus calme")
    desk.get_by_role("button", name="Enregistrer la nouvelle version").click()
    expect(desk.get_by_role("status")).to_have_text("La nouvelle version est enregistrée.")

    guest = open_page(java_script_enabled=scripted)
    thread = f"{demo.base}/threads/{demo.story}"
    guest.goto(thread)
    before = count_on(guest)
    write(guest, f"{word.capitalize()}, quelle nouvelle !", "Camille")
    advice = guest.locator("[data-comity-advice]")
    expect(advice).to_contain_text(f"Ton posé ({name})")
    expect(advice).to_contain_text("On se parle sans crier.")
    text = guest.get_by_label("Votre commentaire")
    expect(text).to_have_value(f"{word.capitalize()}, quelle nouvelle !")
    expect(guest.get_by_label("Nom", exact=True)).to_have_value("Camille")
    guest.get_by_role("link", name="Modifier", exact=True).click()
    expect(text).to_be_focused()
    text.fill(f"Quelle nouvelle, {name} script !")
    guest.get_by_role("button", name="Publier", exact=True).click()
    expect(guest.get_by_text("Votre commentaire est publié.").first).to_be_visible()
    guest.goto(thread)
    assert count_on(guest) == before + 1
    # Another posts it as it is.
    other = open_page(java_script_enabled=scripted)
    other.goto(thread)
    write(other, f"{word.capitalize()}, je le garde.", "Dominique")
    other.get_by_role("button", name="Publier tel quel").click()
    expect(other.get_by_text("Votre commentaire est publié.").first).to_be_visible()
    expect(other.locator("[data-comity-advice]")).to_have_count(0)


def test_reporting_a_comment(page: Page, demo: Demo, scripted: bool) -> None:
    page.goto(f"{demo.base}/stories/{demo.story}")
    page.get_by_role("link", name="Signaler").first.click()
    page.get_by_label("Il est illicite").check()
    page.get_by_label("Expliquez").fill(f"Ce passage accuse sans preuve ({scripted}).")
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.locator(".comity-error")).to_have_text("Veuillez confirmer que vous signalez de bonne foi.")
    page.get_by_label("Votre nom").fill("Zoé Témoin")
    page.get_by_label("Votre e-mail").fill("zoe@example.org")
    page.get_by_label("Je crois de bonne foi").check()
    page.get_by_role("button", name="Envoyer le signalement").click()
    status = opened(page, scripted).get_by_role("status")
    expect(status).to_contain_text("Aucune machine ne prend part à la décision.")


def test_what_is_not_built_is_absent(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.base}/stories/{demo.story}")
    text = page.locator("body").inner_text()
    for phrase in ("S'abonner", "S’abonner", "Notification pour", "Commentaires en ligne"):
        assert phrase not in text


def test_an_address_that_leads_nowhere(page: Page, demo: Demo) -> None:
    answer = page.goto(f"{demo.base}/nulle-part")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Rien à cette adresse")
    page.get_by_role("link", name="Retour à la première page").click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
