import { dropDraft, draftOf, keepDraft, keepPerson, personOf, type Person } from "./memory";
import { Away, idempotencyKey, type Answer } from "./requests";
import type { Thread } from "./thread";

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

/** What a form is about: its story and what it replies to. */
const placeOf = (thread: Thread, form: HTMLFormElement): string =>
  `${thread.site}:${thread.key}:${form.dataset["comityForm"] ?? ""}`;

/** Keep the draft, fill in the name that may be remembered, and offer to remember it. */
function prepare(thread: Thread, form: HTMLFormElement): void {
  const text = field(form, "text");
  const place = placeOf(thread, form);
  if (text) {
    text.value = draftOf(place) || text.value;
    text.addEventListener("input", () => keepDraft(place, text.value));
  }
  const story = field(form, "story_url");
  if (story && thread.setting.storyAddress) story.value ||= thread.setting.storyAddress;
  if (!field(form, "author_name")) return;
  const person = personOf(thread.site);
  if (person) fillPerson(form, person);
  const remember = thread.part("remember");
  const tick = remember.querySelector("input");
  if (tick) {
    tick.checked = person !== null;
    tick.addEventListener("change", () => keepPerson(thread.site, tick.checked ? personIn(form) : null));
    form.querySelector(".comity-send")?.before(remember);
  }
}

function replaceForm(thread: Thread, form: HTMLFormElement, fresh: HTMLFormElement): HTMLFormElement {
  const kept = document.importNode(fresh, true);
  const cancel = form.querySelector("[data-part=cancel]");
  form.replaceWith(kept);
  enhanceForm(kept, thread);
  if (cancel) kept.querySelector(".comity-send")?.append(cancel);
  const wrong = kept.querySelector<HTMLElement>('[aria-invalid="true"]') ?? kept.querySelector<HTMLElement>("textarea");
  wrong?.focus();
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
  dropDraft(placeOf(thread, form));
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
  form.dispatchEvent(new Event("comity-sent", { bubbles: true }));
  item.tabIndex = -1;
  item.focus();
  item.scrollIntoView({ block: "nearest" });
  thread.emit("comity-posted", {
    id: Number(article?.dataset["comment"]) || null,
    status: article?.dataset["status"] ?? null,
    edited: form.dataset["comityForm"]?.startsWith("edit") ?? false,
    count: thread.count,
    countText: thread.countText,
  });
  return true;
}

async function send(thread: Thread, form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const preview = submitter?.matches("[data-comity-preview]") ?? false;
  const action = preview ? (submitter as HTMLButtonElement).formAction : form.action;
  form.setAttribute("aria-busy", "true");
  submitter?.setAttribute("aria-busy", "true");
  // The key stays with the text: sending the same again after the connection broke posts once.
  const fields = new FormData(form);
  if (thread.setting.storyAddress && !fields.get("story_url")) fields.set("story_url", thread.setting.storyAddress);
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
    } else if (answer.status >= 400 && fresh) {
      const kept = replaceForm(thread, form, fresh);
      thread.emit("comity-error", {
        code: "refused",
        message: kept.querySelector(".comity-error, .comity-problem")?.textContent?.trim() ?? "",
      });
    } else {
      const problem = answer.page.querySelector<HTMLElement>("[data-comity-refused]");
      complain(thread, form, problem ? document.importNode(problem, true) : thread.part("away"));
    }
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    complain(thread, form, thread.part("away"));
  } finally {
    form.removeAttribute("aria-busy");
    submitter?.removeAttribute("aria-busy");
  }
}

/** Send a form in place. */
export function enhanceForm(form: HTMLFormElement, thread: Thread): void {
  prepare(thread, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") void send(thread, form, event.submitter);
  });
}

export function enhanceComposer(thread: Thread): void {
  const composer = thread.root.querySelector<HTMLDetailsElement>("[data-comity-composer]");
  const form = composer?.querySelector<HTMLFormElement>("form[data-comity-form]");
  if (!composer || !form) return;
  enhanceForm(form, thread);
  let opened = false; // by its reader, not by a draft that was found again
  composer.querySelector("summary")?.addEventListener("click", () => (opened = true));
  composer.addEventListener("toggle", () => {
    if (composer.open && opened) composer.querySelector("textarea")?.focus();
    opened = false;
  });
  composer.addEventListener("comity-sent", () => (composer.open = false));
  if (form.querySelector("textarea")?.value) composer.open = true;
}
