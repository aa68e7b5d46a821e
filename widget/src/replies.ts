import { enhanceForm } from "./composer";
import { Away } from "./requests";
import { isPlain, type Thread } from "./thread";

const FORM = "form[data-comity-form], form[data-comity-confirm]";

/** Open a form under its comment, with the way to close it again: a reply, an edit, or the question whether to withdraw. */
async function open(thread: Thread, link: HTMLAnchorElement, comment: HTMLElement): Promise<void> {
  comment.querySelector(":scope > .comity-replying")?.remove();
  link.setAttribute("aria-busy", "true");
  thread.calm(link.closest(".comity-acts") ?? link);
  try {
    const isReply = link.matches("[data-comity-reply]");
    const { page } = await (isReply ? thread.connection.get(link.href) : thread.connection.getOwn(link.href));
    const fresh = page.querySelector<HTMLFormElement>(FORM);
    if (!fresh) {
      thread.complain(link.closest(".comity-acts") ?? link, page.querySelector("[data-comity-refused]")?.textContent);
      return;
    }
    show(thread, link, comment, fresh);
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    thread.complain(link.closest(".comity-acts") ?? link);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

function show(thread: Thread, link: HTMLElement, comment: HTMLElement, fresh: HTMLFormElement): void {
  const box = document.createElement("div");
  box.className = "comity-replying";
  const form = document.importNode(fresh, true);
  box.append(form);
  comment.append(box);
  form.querySelector("a.comity-button")?.remove(); // the way back, which is here
  form.querySelector(".comity-send")?.append(cancelButton(thread, box, link));
  if (form.matches("[data-comity-confirm]")) enhanceWithdrawal(thread, form, comment);
  else enhanceForm(form, thread);
  box.addEventListener("comity-sent", () => box.remove());
  (box.querySelector("textarea") ?? box.querySelector("button"))?.focus();
}

function cancelButton(thread: Thread, box: HTMLElement, link: HTMLElement): HTMLElement {
  const cancel = thread.part("cancel");
  cancel.addEventListener("click", () => {
    box.remove();
    link.focus();
  });
  return cancel;
}

function enhanceWithdrawal(thread: Thread, form: HTMLFormElement, comment: HTMLElement): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") void withdraw(thread, form, comment);
  });
}

async function withdraw(thread: Thread, form: HTMLFormElement, comment: HTMLElement): Promise<void> {
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
    if (!(error instanceof Away)) throw error;
    thread.complain(form);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

export function enhanceReplies(thread: Thread): void {
  thread.root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest<HTMLAnchorElement>("[data-comity-reply], [data-comity-edit], [data-comity-withdraw]");
    const comment = link?.closest<HTMLElement>("[data-comment]");
    if (!link || !comment || !isPlain(event)) return;
    event.preventDefault();
    const there = comment.querySelector<HTMLElement>(":scope > .comity-replying");
    if (there && there.dataset["for"] === link.href) there.querySelector("textarea")?.focus();
    else if (link.getAttribute("aria-busy") !== "true") {
      void open(thread, link, comment).then(() => {
        const box = comment.querySelector<HTMLElement>(":scope > .comity-replying");
        if (box) box.dataset["for"] = link.href;
      });
    }
  });
}
