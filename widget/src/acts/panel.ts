// What else is read or sent beside a conversation — a report, the house rules, the reasons of a decision — opens over
// it, from the same pages that do it without scripts. What was begun there waits for the reader until it is sent.
import { isAway } from "../requests";
import type { Thread } from "../thread";

const TITLE = "comity-panel-title";
const begun = new WeakMap<HTMLElement, HTMLDialogElement>();

const panelIn = (page: ParentNode): HTMLElement | null => page.querySelector("[data-comity-panel]");

/** Open the page that a link leads to in place. */
export async function openPanel(thread: Thread, link: HTMLAnchorElement): Promise<void> {
  const inside = link.closest("dialog");
  const waiting = begun.get(link);
  if (waiting) {
    present(thread, waiting);
    return;
  }
  if (link.getAttribute("aria-busy") === "true") return;
  link.setAttribute("aria-busy", "true");
  thread.calm(link);
  try {
    const { page, address } = await thread.connection.get(link.href);
    const panel = panelIn(page);
    if (!panel) {
      thread.complain(link, page.querySelector("[data-comity-refused]")?.textContent);
      return;
    }
    const dialog = inside ?? makeDialog(thread, link);
    fill(thread, dialog, panel, address);
    present(thread, dialog);
    const place = new URL(link.href).hash;
    if (place) dialog.querySelector(place)?.scrollIntoView();
  } catch (error) {
    if (!isAway(error)) throw error;
    thread.complain(link);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

function makeDialog(thread: Thread, link: HTMLAnchorElement): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  dialog.className = "comity-dialog";
  dialog.setAttribute("aria-labelledby", TITLE);
  const close = thread.part("close");
  close.addEventListener("click", () => dialog.close());
  dialog.append(close, document.createElement("div"));
  dialog.addEventListener("input", () => begun.set(link, dialog));
  dialog.addEventListener("comity-sent", () => begun.delete(link));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
    const to = (event.target as Element).closest("a");
    if (to && !to.target && !to.matches("[data-comity-opens]")) dialog.close(); // leads to a place in the conversation
  });
  dialog.addEventListener("close", () => dialog.remove());
  return dialog;
}

function present(thread: Thread, dialog: HTMLDialogElement): void {
  if (!dialog.open) {
    thread.root.append(dialog);
    dialog.showModal();
  }
  dialog.querySelector<HTMLElement>(`#${TITLE}`)?.focus();
}

/** Put a page's panel into the dialog. Links that lead away from the conversation open beside it. */
function fill(thread: Thread, dialog: HTMLDialogElement, panel: HTMLElement, address: string): void {
  const kept = document.importNode(panel, true);
  const title = kept.querySelector("h1");
  if (title) {
    title.id = TITLE;
    title.tabIndex = -1;
  }
  // What will be asked for again has an address to be kept.
  if (kept.dataset["comityPanel"] === "kept") {
    const link = thread.part("own-page") as HTMLAnchorElement;
    link.href = address;
    const line = document.createElement("p");
    line.append(link);
    kept.append(line);
  }
  dialog.lastElementChild?.replaceChildren(kept);
  thread.dress(kept);
  for (const link of kept.querySelectorAll("a")) {
    if (!link.matches("[data-comity-opens]") && link.href.split("#")[0] !== location.href.split("#")[0]) {
      link.target = "_blank";
    }
  }
}

/** Send a form of a panel; what follows it stands in its place. */
export async function sendPanel(thread: Thread, form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const dialog = form.closest("dialog");
  if (!dialog || form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  submitter?.setAttribute("aria-busy", "true");
  thread.calm(form);
  try {
    const answer = await thread.connection.post(form.action, new FormData(form));
    const panel = panelIn(answer.page);
    if (!panel) {
      thread.complain(form, answer.page.querySelector("[data-comity-refused]")?.textContent);
      return;
    }
    if (answer.status < 400) form.dispatchEvent(new Event("comity-sent", { bubbles: true }));
    fill(thread, dialog, panel, answer.address);
    const wrong = dialog.querySelector<HTMLElement>('[aria-invalid="true"], [aria-describedby$="-error"] input');
    (wrong ?? dialog.querySelector<HTMLElement>(`#${TITLE}`))?.focus();
    const code = dialog.querySelector(".comity-error, .comity-problem")?.textContent?.trim();
    if (code && answer.status >= 400) thread.emit("comity-error", { code: "refused", message: code });
  } catch (error) {
    if (!isAway(error)) throw error;
    thread.complain(form);
  } finally {
    form.removeAttribute("aria-busy");
    submitter?.removeAttribute("aria-busy");
  }
}
