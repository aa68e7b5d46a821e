import { enhanceForm } from "./composer";
import { isKnown } from "./memory";
import { Away, get } from "./requests";
import type { Thread } from "./thread";
import { showVote } from "./votes";

/** Open the form of a reply under its comment, with the way to close it again. */
async function open(thread: Thread, link: HTMLAnchorElement, comment: HTMLElement): Promise<void> {
  const there = comment.querySelector<HTMLElement>("form[data-comity-form]");
  if (there) {
    there.querySelector("textarea")?.focus();
    return;
  }
  link.setAttribute("aria-busy", "true");
  try {
    const { page } = await get(link.href);
    const fresh = page.querySelector<HTMLFormElement>("form[data-comity-form]");
    if (!fresh) throw new Away();
    const box = document.createElement("div");
    box.className = "comity-replying";
    box.append(document.importNode(fresh, true));
    comment.append(box);
    const form = box.querySelector("form");
    if (form) enhanceForm(form, thread);
    const cancel = thread.part("cancel");
    cancel.addEventListener("click", () => {
      box.remove();
      link.focus();
    });
    box.querySelector(".comity-send")?.append(cancel);
    box.addEventListener("comity-posted", () => box.remove());
    box.querySelector("textarea")?.focus();
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

export function enhanceReplies(thread: Thread): void {
  thread.root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("[data-comity-reply]") : null;
    const comment = link?.closest<HTMLElement>("[data-comment]");
    if (!link || !comment || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void open(thread, link, comment);
  });
}

/** Show what only this reader may see: their comments that wait, what they may still change, how they voted. */
export async function showOwn(thread: Thread): Promise<void> {
  const address = thread.root.dataset["mine"];
  if (!address || !isKnown(thread.site)) return;
  let page: Document;
  try {
    ({ page } = await get(address));
  } catch {
    return; // the conversation is complete without it
  }
  for (const vote of page.querySelectorAll<HTMLElement>(".comity-own-votes [data-comment]")) {
    const votes = thread.comment(vote.dataset["comment"] ?? "")?.querySelector<HTMLElement>("[data-comity-votes]");
    if (votes) showVote(votes, Number(vote.dataset["value"]) as 1 | -1, thread.language);
  }
  for (const own of [...page.querySelectorAll<HTMLElement>("[data-comity-mine] [data-status]")].reverse()) {
    const shown = thread.comment(own.dataset["comment"] ?? "");
    const acts = own.querySelector("[data-comity-own]");
    if (shown && acts) {
      const links = [...acts.querySelectorAll("a")].map((link) => document.importNode(link, true));
      shown.querySelector(".comity-acts")?.append(...links);
      shown.querySelector("[data-comity-votes]")?.remove();
    } else if (!shown && own.dataset["status"] === "held" && thread.list) {
      const parent = own.dataset["parent"];
      const above = parent ? thread.comment(parent) : null;
      if (parent && !above) continue;
      const item = document.createElement("li");
      item.className = "comity-item";
      item.append(document.importNode(own, true));
      if (above) thread.repliesOf(above).append(item);
      else thread.list.prepend(item);
      thread.list.hidden = false;
      thread.root.querySelector("[data-comity-empty]")?.remove();
      thread.dress(item);
    }
  }
}
