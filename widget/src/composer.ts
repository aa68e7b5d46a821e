import { becomeKnown, draftOf, dropDraft, keepDraft, keepPerson, personOf, type Person } from "./memory";
import { Away, idempotencyKey, post, type Answer } from "./requests";
import { Thread } from "./thread";

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
    text.value ||= draftOf(place);
    text.addEventListener("input", () => keepDraft(place, text.value));
  }
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
  form.replaceWith(kept);
  enhanceForm(kept, thread);
  const wrong = kept.querySelector<HTMLElement>('[aria-invalid="true"]') ?? kept.querySelector<HTMLElement>("textarea");
  wrong?.focus();
  return kept;
}

function complain(form: HTMLFormElement, problem: HTMLElement): void {
  form.querySelector(":scope > .comity-problem")?.remove();
  form.prepend(problem);
}

/** Put the comment that was just written where it belongs. */
function place(thread: Thread, page: Document): HTMLElement | null {
  const posted = page.querySelector<HTMLElement>("[data-comity-posted]");
  const article = posted?.querySelector<HTMLElement>("[data-comment]");
  if (!posted || !article) return null;
  const item = document.importNode(posted, true);
  item.classList.add("comity-arrived");
  const id = article.dataset["comment"] ?? "";
  thread.comment(id)?.closest("li")?.remove(); // a repeat shows the first one
  const parent = article.dataset["parent"];
  const above = parent ? thread.comment(parent) : null;
  if (above) thread.repliesOf(above).append(item);
  else thread.list?.prepend(item);
  if (thread.list) thread.list.hidden = false;
  thread.root.querySelector("[data-comity-empty]")?.remove();
  thread.dress(item);
  return item;
}

function refreshCount(thread: Thread, page: Document): void {
  const count = page.querySelector("[data-comity-count]");
  const shown = thread.root.querySelector("[data-comity-count]");
  if (count && shown) shown.textContent = count.textContent;
}

function done(thread: Thread, form: HTMLFormElement, { page }: Answer): boolean {
  const notice = page.querySelector<HTMLElement>("[data-comity-notice]");
  if (!notice) return false;
  // Where cookies are blocked the comment is taken, but its author is not known again.
  const item = place(thread, page) ?? thread.root.insertBefore(document.createElement("div"), thread.list);
  dropDraft(placeOf(thread, form));
  becomeKnown(thread.site);
  if (form.querySelector<HTMLInputElement>("[data-part=remember] input")?.checked) {
    keepPerson(thread.site, personIn(form));
  }
  refreshCount(thread, page);
  const said = document.importNode(notice, true);
  said.removeAttribute("role"); // the status line says it
  item.prepend(said);
  thread.say(notice.textContent ?? "");
  const text = field(form, "text");
  if (text) text.value = "";
  form.dispatchEvent(new CustomEvent("comity-posted", { bubbles: true }));
  item.tabIndex = -1;
  item.focus();
  item.scrollIntoView({ block: "nearest" });
  return true;
}

async function send(thread: Thread, form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const preview = submitter?.matches("[data-comity-preview]") ?? false;
  const action = preview ? (submitter as HTMLButtonElement).formAction : form.action;
  form.setAttribute("aria-busy", "true");
  submitter?.setAttribute("aria-busy", "true");
  // The key stays with the text: sending the same again after the connection broke posts once.
  const fields = new FormData(form);
  const content = JSON.stringify([...fields.entries()]);
  if (form.dataset["content"] !== content) {
    form.dataset["content"] = content;
    form.dataset["key"] = idempotencyKey();
  }
  try {
    const answer = await post(action, fields, preview ? undefined : form.dataset["key"]);
    const fresh = answer.page.querySelector<HTMLFormElement>("form[data-comity-form]");
    if (preview && fresh) {
      form.parentElement?.querySelector("[data-comity-previewed]")?.remove();
      const kept = replaceForm(thread, form, fresh);
      const shown = answer.page.querySelector("[data-comity-previewed]");
      if (shown) kept.before(document.importNode(shown, true));
    } else if (answer.status < 400 && done(thread, form, answer)) {
      form.parentElement?.querySelector("[data-comity-previewed]")?.remove();
    } else if (answer.status >= 400 && fresh) {
      replaceForm(thread, form, fresh);
    } else {
      const problem = answer.page.querySelector<HTMLElement>("[data-comity-refused]");
      complain(form, problem ? document.importNode(problem, true) : thread.part("away"));
    }
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    complain(form, thread.part("away"));
  } finally {
    form.removeAttribute("aria-busy");
    submitter?.removeAttribute("aria-busy");
  }
}

/** Send a form in place. Outside of a thread, only its draft is kept. */
export function enhanceForm(form: HTMLFormElement, thread?: Thread): void {
  if (!thread) return;
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
  composer.addEventListener("comity-posted", () => (composer.open = false));
  if (form.querySelector("textarea")?.value) composer.open = true;
}
