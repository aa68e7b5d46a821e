import { Away, get } from "./requests";
import type { Thread } from "./thread";

/** Put the next page of comments under those that are here. Whether there is still more. */
async function loadNext(thread: Thread, box: HTMLElement): Promise<boolean> {
  const link = box.querySelector<HTMLAnchorElement>("a[rel=next]");
  const list = thread.list;
  if (!link || !list) return false;
  const { page } = await get(link.href);
  const next = page.querySelector("[data-comity-thread]");
  const items = [...(next?.querySelectorAll<HTMLElement>("[data-comity-list] > li") ?? [])];
  if (!next || items.length === 0) throw new Away();
  let first: HTMLElement | undefined;
  for (const item of items) {
    const id = item.querySelector<HTMLElement>("[data-comment]")?.dataset["comment"];
    if (id && thread.comment(id)) continue; // it came here meanwhile by being posted
    const kept = document.importNode(item, true);
    kept.classList.add("comity-arrived");
    list.append(kept);
    thread.dress(kept);
    first ??= kept;
  }
  const more = next.querySelector("[data-comity-more]");
  box.replaceChildren(...(more ? [...more.childNodes].map((node) => document.importNode(node, true)) : []));
  if (!more) box.remove();
  const heading = first?.querySelector<HTMLElement>("a.comity-when");
  if (box.dataset["focus"] === "here") heading?.focus({ preventScroll: true });
  return more !== null;
}

export function enhanceMore(thread: Thread): void {
  thread.root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("[data-comity-more] a") : null;
    const box = link?.closest<HTMLElement>("[data-comity-more]");
    if (!link || !box || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (box.getAttribute("aria-busy") === "true") return;
    void load(thread, box, link, link.matches("[data-comity-all]"));
  });
}

async function load(thread: Thread, box: HTMLElement, link: HTMLAnchorElement, all: boolean): Promise<void> {
  box.setAttribute("aria-busy", "true");
  box.dataset["focus"] = "here";
  const loading = thread.part("loading");
  const timer = setTimeout(() => box.append(loading), 300);
  thread.say(loading.textContent ?? "");
  try {
    let more = await loadNext(thread, box);
    delete box.dataset["focus"];
    while (all && more) more = await loadNext(thread, box);
    thread.say("");
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    location.assign(link.href); // the page itself says what is wrong
  } finally {
    clearTimeout(timer);
    loading.remove();
    box.removeAttribute("aria-busy");
  }
}

/** Change the order in place; the address changes with it, so that a reload and a copied address keep it. */
export function enhanceSort(thread: Thread): void {
  thread.root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>(".comity-sort a") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void resort(thread, link);
  });
}

async function resort(thread: Thread, link: HTMLAnchorElement): Promise<void> {
  try {
    const { page } = await get(link.href);
    const next = page.querySelector("[data-comity-thread]");
    if (!next) throw new Away();
    for (const part of [":scope > .comity-back", ".comity-sort", "[data-comity-list]", "[data-comity-more]"]) {
      const old = thread.root.querySelector(part);
      const fresh = next.querySelector(part);
      if (old && fresh) old.replaceWith(document.importNode(fresh, true));
      else if (old) old.remove();
      else if (fresh) thread.list?.after(document.importNode(fresh, true));
    }
    if (location.pathname === new URL(link.href).pathname) history.replaceState(null, "", link.href);
    if (thread.list) thread.dress(thread.list);
    thread.root.querySelector<HTMLElement>(".comity-sort [aria-current]")?.focus();
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    location.assign(link.href);
  }
}
