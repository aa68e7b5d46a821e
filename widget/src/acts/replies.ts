import { isAway } from "../requests";
import type { Thread } from "../thread";
import { prepareForm } from "./composer";

const FORM = "form[data-comity-form], form[data-comity-confirm]";

/** Open a form under its comment, with the way to close it again: a reply, an edit, or the question whether to withdraw. */
export async function openForm(thread: Thread, link: HTMLAnchorElement): Promise<void> {
  const comment = link.closest<HTMLElement>("[data-comment]");
  if (!comment || link.getAttribute("aria-busy") === "true") return;
  const there = comment.querySelector<HTMLElement>(":scope > .comity-replying");
  if (there?.dataset["for"] === link.href) {
    focusIn(there);
    return;
  }
  there?.remove();
  link.setAttribute("aria-busy", "true");
  thread.calm(link);
  try {
    const isReply = link.matches("[data-comity-reply]");
    const { page } = await (isReply ? thread.connection.get(link.href) : thread.connection.getOwn(link.href));
    const fresh = page.querySelector<HTMLFormElement>(FORM);
    if (fresh) show(thread, link, comment, fresh);
    else thread.complain(link, page.querySelector("[data-comity-refused]")?.textContent);
  } catch (error) {
    if (!isAway(error)) throw error;
    thread.complain(link);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

function show(thread: Thread, link: HTMLAnchorElement, comment: HTMLElement, fresh: HTMLFormElement): void {
  const box = document.createElement("div");
  box.className = "comity-replying";
  box.dataset["for"] = link.href;
  const form = document.importNode(fresh, true);
  box.append(form);
  comment.append(box);
  form.querySelector("a.comity-button")?.remove(); // the way back, which is here
  form.querySelector(".comity-send")?.append(cancelButton(thread, box, link));
  if (form.matches("[data-comity-form]")) prepareForm(thread, form);
  box.addEventListener("comity-sent", () => box.remove());
  focusIn(box);
  box.scrollIntoView({ block: "nearest" });
}

const focusIn = (box: HTMLElement): void => (box.querySelector("textarea") ?? box.querySelector("button"))?.focus();

function cancelButton(thread: Thread, box: HTMLElement, link: HTMLElement): HTMLElement {
  const cancel = thread.part("cancel");
  cancel.addEventListener("click", () => {
    box.remove();
    link.focus();
  });
  return cancel;
}

/** Withdraw one's own comment, which a form has asked about. */
export async function withdraw(thread: Thread, form: HTMLFormElement): Promise<void> {
  const comment = form.closest<HTMLElement>("[data-comment]");
  if (!comment || form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  thread.calm(form);
  try {
    const { page } = await thread.connection.post(form.action, new FormData());
    const notice = page.querySelector<HTMLElement>("[data-comity-notice]");
    if (!notice) {
      thread.complain(form, page.querySelector("[data-comity-refused]")?.textContent);
      return;
    }
    thread.recount(page);
    const said = document.importNode(notice, true);
    said.removeAttribute("role");
    said.tabIndex = -1;
    const item = comment.closest("li");
    // What nobody answered leaves no gap.
    if (item && !item.querySelector(":scope > details, :scope > ol")) item.replaceChildren(said);
    else comment.replaceWith(said);
    thread.say(said.textContent ?? "");
    said.focus();
  } catch (error) {
    if (!isAway(error)) throw error;
    thread.complain(form);
  } finally {
    form.removeAttribute("aria-busy");
  }
}
