import type { Thread } from "./thread";
import { showVote } from "./votes";

/** What is this reader's own among the comments of a part: how they voted, what they may still change. */
function mark(thread: Thread, part: ParentNode, page: ParentNode): void {
  const shown = new Map<string, HTMLElement>();
  const all = [...part.querySelectorAll<HTMLElement>("[data-comment]")];
  for (const comment of all) shown.set(comment.dataset["comment"] ?? "", comment);
  for (const vote of page.querySelectorAll<HTMLElement>(".comity-own-votes [data-comment]")) {
    const votes = shown.get(vote.dataset["comment"] ?? "")?.querySelector<HTMLElement>("[data-comity-votes]");
    if (votes) showVote(votes, Number(vote.dataset["value"]) as 1 | -1, thread.language);
  }
  for (const own of page.querySelectorAll<HTMLElement>("[data-comity-mine] [data-status]")) {
    const acts = shown.get(own.dataset["comment"] ?? "")?.querySelector(".comity-acts:not([data-comity-own])");
    if (!acts || acts.querySelector("[data-comity-edit]")) continue;
    const links = [...(own.querySelectorAll("[data-comity-own] a") ?? [])];
    acts.append(...links.map((link) => document.importNode(link, true)));
    acts.querySelector("[data-comity-votes]")?.remove();
  }
}

/** Put the reader's comments that wait, which nobody else sees, where they will stand. */
function addHeld(thread: Thread, page: ParentNode): void {
  for (const own of [...page.querySelectorAll<HTMLElement>("[data-comity-mine] [data-status=held]")].reverse()) {
    const parent = own.dataset["parent"];
    const above = parent ? thread.comment(parent) : null;
    if (thread.comment(own.dataset["comment"] ?? "") || (parent && !above)) continue;
    const item = document.createElement("li");
    item.className = "comity-item";
    item.append(document.importNode(own, true));
    if (above) thread.repliesOf(above).append(item);
    else thread.list?.prepend(item);
    if (thread.list) thread.list.hidden = false;
    thread.root.querySelector("[data-comity-empty]")?.remove();
    thread.dress(item);
  }
}

/** Show what only this reader may see, now and in whatever comes onto the page later. */
export async function showOwn(thread: Thread): Promise<void> {
  const address = thread.root.dataset["mine"];
  if (!address || !thread.connection.isKnown) return;
  let page: Document;
  try {
    ({ page } = await thread.connection.getOwn(address));
  } catch {
    return; // the conversation is complete without it
  }
  thread.dressers.push((part) => {
    mark(thread, part, page);
    if (part === thread.list) addHeld(thread, page);
  });
  mark(thread, thread.root, page);
  addHeld(thread, page);
}
