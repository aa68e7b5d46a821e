import { Away, isAway } from "./requests";
import { isPlain, type Thread } from "./thread";

const idOf = (item: Element): string => item.querySelector<HTMLElement>("[data-comment]")?.dataset["comment"] ?? "";

function bring(thread: Thread, item: HTMLElement, list: HTMLElement): HTMLElement {
  const kept = document.importNode(item, true);
  kept.classList.add("comity-arrived");
  list.append(kept);
  thread.dress(kept);
  return kept;
}

/** Put what is new of a branch where it belongs, and leave what is here. The first that came, if any did. */
function merge(thread: Thread, item: HTMLElement): HTMLElement | undefined {
  let first: HTMLElement | undefined;
  const here = thread.comment(idOf(item));
  if (!here) return undefined;
  for (const reply of item.querySelectorAll<HTMLElement>(":scope > details > ol > li")) {
    const came = thread.comment(idOf(reply)) ? merge(thread, reply) : bring(thread, reply, thread.repliesOf(here));
    first ??= came;
  }
  return first;
}

/** What is in a link's place while it is busy, said and shown when it takes long. Whether it came to an end well. */
async function busy(thread: Thread, box: HTMLElement, work: () => Promise<void>): Promise<void> {
  box.setAttribute("aria-busy", "true");
  thread.calm(box);
  const loading = thread.part("loading");
  const timer = setTimeout(() => box.append(loading), 300);
  thread.say(loading.textContent ?? "");
  try {
    await work();
    thread.say("");
  } catch (error) {
    if (!isAway(error)) throw error;
    thread.complain(box);
  } finally {
    clearTimeout(timer);
    loading.remove();
    box.removeAttribute("aria-busy");
  }
}

async function threadAt(thread: Thread, link: HTMLAnchorElement): Promise<Element> {
  const { page } = await thread.connection.get(thread.setting.loads(link));
  const found = page.querySelector("[data-comity-thread]");
  if (!found) throw new Away();
  return found;
}

const focusOn = (item: HTMLElement | undefined): void =>
  item?.querySelector<HTMLElement>("a.comity-when")?.focus({ preventScroll: true });

/** Put the next page of comments under those that are here. Whether there is still more. */
async function loadNext(thread: Thread, box: HTMLElement, takesFocus: boolean): Promise<boolean> {
  const link = box.querySelector<HTMLAnchorElement>("a[rel=next]");
  const list = thread.list;
  if (!link || !list) return false;
  const next = await threadAt(thread, link);
  let first: HTMLElement | undefined;
  for (const item of next.querySelectorAll<HTMLElement>("[data-comity-list] > li")) {
    // What is here already came by being posted, or is a branch that goes on.
    const came = thread.comment(idOf(item)) ? merge(thread, item) : bring(thread, item, list);
    first ??= came;
  }
  const more = next.querySelector("[data-comity-more]");
  box.replaceChildren(...(more ? [...more.childNodes].map((node) => document.importNode(node, true)) : []));
  if (!more) box.remove();
  if (takesFocus) focusOn(first);
  return more !== null;
}

/** Put the next replies of a branch under those that are here. */
async function loadRest(thread: Thread, box: HTMLElement, link: HTMLAnchorElement): Promise<void> {
  const next = await threadAt(thread, link);
  const root = next.querySelector<HTMLElement>("[data-comity-list] > li");
  if (!root) throw new Away();
  const first = merge(thread, root);
  const more = next.querySelector("[data-comity-more] a[rel=next]");
  const left = next.querySelector("[data-comity-more] .comity-left");
  if (more) {
    const kept = document.importNode(more, true);
    kept.className = "";
    box.replaceChildren(kept, ...(left ? [" ", document.importNode(left, true)] : []));
  } else box.remove();
  focusOn(first);
}

export function enhanceMore(thread: Thread): void {
  thread.root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest<HTMLAnchorElement>("[data-comity-more] a, .comity-rest a");
    const box = link?.closest<HTMLElement>("[data-comity-more], .comity-rest");
    if (!link || !box || !isPlain(event)) return;
    event.preventDefault();
    if (box.getAttribute("aria-busy") === "true") return;
    const all = link.matches("[data-comity-all]");
    void busy(thread, box, async () => {
      if (box.matches(".comity-rest")) return loadRest(thread, box, link);
      let more = await loadNext(thread, box, true);
      while (all && more) more = await loadNext(thread, box, false);
    });
  });
}

const HEAD = [":scope > .comity-back", ".comity-sort", "[data-comity-list]", "[data-comity-more]"];

/** Show another page of the thread in place of this one; the composer and what is typed in it stay. */
export function showInstead(thread: Thread, next: Element): void {
  thread.root.querySelectorAll("[data-comity-found], [data-comity-list] ~ .comity-error").forEach((old) => old.remove());
  for (const part of HEAD) {
    const old = thread.root.querySelector(part);
    const fresh = next.querySelector(part);
    if (old && fresh) old.replaceWith(document.importNode(fresh, true));
    else if (old) old.remove();
    else if (fresh && part.startsWith(":scope")) thread.list?.before(document.importNode(fresh, true));
    else if (fresh) thread.list?.after(document.importNode(fresh, true));
  }
  if (thread.list) thread.dress(thread.list);
}

/** Change the order, or go back from a branch, in place; the address changes with it, so that a reload keeps it. */
export function enhanceSort(thread: Thread): void {
  thread.root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest<HTMLAnchorElement>(".comity-sort a");
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    void resort(thread, link, true);
  });
}

export async function resort(thread: Thread, link: HTMLAnchorElement, byReader: boolean): Promise<void> {
  const nav = link.closest(".comity-sort") ?? link;
  thread.calm(nav);
  try {
    const next = await threadAt(thread, link);
    showInstead(thread, next);
    if (!byReader) return;
    thread.setting.sorted(link);
    thread.root.querySelector<HTMLElement>(".comity-sort [aria-current]")?.focus();
  } catch (error) {
    if (!isAway(error)) throw error;
    thread.complain(nav);
  }
}
