import { draftOf, dropDraft, keepDraft, keepPerson, personOf, placeOf, type Person } from "../memory";
import { isAway, type Answer } from "../requests";
import type { Thread } from "../thread";
import { addMarks } from "./marks";

const KEY_BYTES = 24;
const PERSONAL = ["author_name", "author_email", "author_website"];

const field = (form: HTMLFormElement, name: string): HTMLInputElement | HTMLTextAreaElement | null =>
  form.querySelector(`input[name="${name}"], textarea[name="${name}"]`);

function fillPerson(form: HTMLFormElement, person: Person): void {
  for (const name of PERSONAL) {
    const input = field(form, name);
    if (input && !input.value) input.value = person[name] ?? "";
  }
}

function personIn(form: HTMLFormElement): Person {
  return Object.fromEntries(PERSONAL.map((name) => [name, field(form, name)?.value ?? ""]));
}

const nameOf = (form: HTMLFormElement): string => form.dataset["comityForm"] ?? "";

/** A key that makes a repeated posting the same posting. */
function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keep the draft, fill in the name that may be remembered, and offer to remember it. */
export function prepareForm(thread: Thread, form: HTMLFormElement): void {
  const text = form.querySelector("textarea");
  const place = placeOf(thread, nameOf(form));
  if (text) {
    text.value = draftOf(place) || text.value;
    text.addEventListener("input", () => keepDraft(place, text.value));
    addMarks(thread.part("marks"), text);
    grow(text);
  }
  // An address within the page leads nowhere from inside a shadow root.
  form.querySelector("[data-comity-change]")?.addEventListener("click", (event) => {
    event.preventDefault();
    text?.focus();
  });
  const story = field(form, "story_url");
  if (story && thread.setting.storyAddress) {
    story.value ||= thread.setting.storyAddress;
    // The page knows where it stands; its reader is asked only when the server will not have that.
    const box = story.closest<HTMLElement>(".comity-field");
    if (box) box.hidden = !story.matches("[aria-invalid=true]");
  }
  if (!field(form, "author_name")) return;
  const person = personOf(thread.site);
  if (person) fillPerson(form, person);
  const remember = thread.part("remember");
  const tick = remember.querySelector("input");
  if (tick) {
    tick.checked = person !== null;
    tick.addEventListener("change", () => keepPerson(thread.site, tick.checked ? personIn(form) : null));
    form.querySelector(":scope > .comity-send")?.before(remember);
  }
}

/** Let the text's field grow with the text where styles alone cannot. */
function grow(text: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  text.addEventListener("input", () => {
    text.style.blockSize = "auto";
    text.style.blockSize = `${text.scrollHeight + 2}px`;
  });
}

function replaceForm(thread: Thread, form: HTMLFormElement, fresh: HTMLFormElement): HTMLFormElement {
  const kept = document.importNode(fresh, true);
  const cancel = form.querySelector("[data-part=cancel]");
  form.replaceWith(kept);
  prepareForm(thread, kept);
  if (cancel) kept.querySelector(":scope > .comity-send")?.append(cancel);
  const first = ['[aria-invalid="true"]', "[data-comity-advice]", "textarea"].find((each) => kept.querySelector(each));
  kept.querySelector<HTMLElement>(first ?? "textarea")?.focus();
  return kept;
}

function complain(thread: Thread, form: HTMLFormElement, problem: HTMLElement): void {
  form.querySelector(":scope > .comity-problem")?.remove();
  form.prepend(problem);
  thread.emit("comity-error", {
    code: problem.dataset["comityRefused"] ?? (problem.dataset["part"] ? "away" : "refused"),
    message: problem.textContent?.trim() ?? "",
  });
}

/** Put the comment that was just written, or changed, where it belongs. */
function place(thread: Thread, page: Document): HTMLElement | null {
  const posted = page.querySelector<HTMLElement>("[data-comity-posted]");
  const article = posted?.querySelector<HTMLElement>("[data-comment]");
  if (!posted || !article) return null;
  const there = thread.comment(article.dataset["comment"] ?? "");
  if (there) {
    const kept = document.importNode(article, true); // an edit, or a repeat: it stays where it is
    there.replaceWith(kept);
    const item = kept.closest("li") ?? kept;
    thread.dress(item);
    return item;
  }
  const item = document.importNode(posted, true);
  item.classList.add("comity-arrived");
  const parent = article.dataset["parent"];
  const above = parent ? thread.comment(parent) : null;
  if (above) thread.repliesOf(above).append(item);
  else thread.list?.prepend(item);
  if (thread.list) thread.list.hidden = false;
  thread.root.querySelector("[data-comity-empty]")?.remove();
  thread.dress(item);
  return item;
}

function done(thread: Thread, form: HTMLFormElement, { page }: Answer): boolean {
  const notice = page.querySelector<HTMLElement>("[data-comity-notice]");
  if (!notice) return false;
  // Where cookies are blocked on Comity's own pages the comment is taken, but its author is not known again.
  const item = place(thread, page) ?? thread.root.insertBefore(document.createElement("div"), thread.list);
  const article = item.querySelector<HTMLElement>("[data-comment]");
  dropDraft(placeOf(thread, nameOf(form)));
  thread.connection.becomeKnown();
  if (form.querySelector<HTMLInputElement>("[data-part=remember] input")?.checked) {
    keepPerson(thread.site, personIn(form));
  }
  thread.recount(page);
  const said = document.importNode(notice, true);
  said.removeAttribute("role"); // the status line says it
  item.querySelector(":scope > [data-comity-notice]")?.remove();
  item.prepend(said);
  thread.say(notice.textContent ?? "");
  const text = field(form, "text");
  if (text) text.value = "";
  form.querySelectorAll("[data-comity-advice], [name=advice_token]").forEach((each) => each.remove());
  form.querySelector(":scope > .comity-problem")?.remove();
  form.dispatchEvent(new Event("comity-sent", { bubbles: true }));
  item.tabIndex = -1;
  item.focus();
  item.scrollIntoView({ block: "nearest" });
  thread.emit("comity-posted", {
    id: Number(article?.dataset["comment"]) || null,
    status: article?.dataset["status"] ?? null,
    edited: nameOf(form).startsWith("edit"),
    count: thread.count,
    countText: thread.countText,
  });
  return true;
}

/** Send a comment, a reply, an edit, or ask how it would look. */
export async function sendComment(thread: Thread, form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  if (form.getAttribute("aria-busy") === "true") return;
  const button = submitter instanceof HTMLButtonElement ? submitter : null;
  const preview = button?.matches("[data-comity-preview]") ?? false;
  const action = preview && button ? button.formAction : form.action;
  form.setAttribute("aria-busy", "true");
  button?.setAttribute("aria-busy", "true");
  const fields = new FormData(form);
  if (button?.name) fields.append(button.name, button.value);
  if (thread.setting.storyAddress && !fields.get("story_url")) fields.set("story_url", thread.setting.storyAddress);
  // The key stays with the text: sending the same again after the connection broke posts once.
  const content = JSON.stringify([...fields.entries()]);
  if (form.dataset["content"] !== content) {
    form.dataset["content"] = content;
    form.dataset["key"] = idempotencyKey();
  }
  const shownBefore = form.parentElement?.querySelector(":scope > [data-comity-previewed]");
  try {
    if (!preview) thread.connection.becomeKnown();
    const answer = await thread.connection.post(action, fields, preview ? undefined : form.dataset["key"]);
    const fresh = answer.page.querySelector<HTMLFormElement>("form[data-comity-form]");
    if (preview && fresh) {
      shownBefore?.remove();
      const kept = replaceForm(thread, form, fresh);
      const shown = answer.page.querySelector("[data-comity-previewed]");
      if (shown) kept.before(document.importNode(shown, true));
    } else if (answer.status < 400 && done(thread, form, answer)) {
      shownBefore?.remove();
    } else if (fresh) {
      // Refused, or advice before it is sent: the form comes back with what was typed.
      const kept = replaceForm(thread, form, fresh);
      if (answer.status < 400) return;
      thread.emit("comity-error", {
        code: "refused",
        message: kept.querySelector(".comity-error, .comity-problem")?.textContent?.trim() ?? "",
      });
    } else {
      const problem = answer.page.querySelector<HTMLElement>("[data-comity-refused]");
      complain(thread, form, problem ? document.importNode(problem, true) : thread.part("away"));
    }
  } catch (error) {
    if (!isAway(error)) throw error;
    complain(thread, form, thread.part(navigator.onLine ? "away" : "offline"));
  } finally {
    form.removeAttribute("aria-busy");
    button?.removeAttribute("aria-busy");
  }
}

const composerOf = (thread: Thread): HTMLDetailsElement | null => thread.root.querySelector("[data-comity-composer]");

/** Make the form at the thread's head ready; a draft that was found again opens it. */
export function prepareComposer(thread: Thread): void {
  const composer = composerOf(thread);
  const form = composer?.querySelector("form");
  if (!composer || !form) return;
  prepareForm(thread, form);
  composer.addEventListener("comity-sent", () => (composer.open = false));
  if (form.querySelector("textarea")?.value) composer.open = true;
}

/** Open or close the form at the thread's head. */
export function openComposer(thread: Thread): void {
  const composer = composerOf(thread);
  if (!composer) return;
  composer.open = !composer.open;
  if (composer.open) composer.querySelector("textarea")?.focus();
}
