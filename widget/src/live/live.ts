// What came while the reader is here, fetched from an address that all readers share. New comments wait behind a button:
// the page never moves under the reader. Loaded when there is something new; see ../following.ts.
import type { News } from "../following";
import { formatNumber } from "../numbers";
import { isAway } from "../requests";
import type { Thread } from "../thread";

const idOf = (part: Element): string => part.querySelector<HTMLElement>("[data-comment]")?.dataset["comment"] ?? "";

/** A reader's text is never taken away under their hands. */
const isBusy = (item: Element): boolean =>
  item.querySelector("form:not([data-comity-votes]), dialog[open]") !== null ||
  (item.getRootNode() as Document | ShadowRoot).activeElement?.closest("li") === item;

class Arrivals implements News {
  private since: number;
  private looking = false;
  private again = false;
  /** New comments that the reader has not asked for yet, by number; each knows its parent. */
  private readonly waiting = new Map<string, HTMLElement>();
  private readonly offer = document.createElement("div");
  private readonly button: HTMLElement;

  constructor(
    private readonly thread: Thread,
    private readonly changes: string,
  ) {
    this.since = Number(thread.root.dataset["version"]);
    this.button = thread.part("fresh");
    this.offer.className = "comity-fresh";
    this.offer.hidden = true;
    this.offer.append(this.button);
    this.button.addEventListener("click", () => this.bring());
    thread.list?.before(this.offer);
    thread.dressers.push((part) => part === thread.list && this.forgetShown());
  }

  end(): void {
    this.offer.remove();
  }

  async look(): Promise<void> {
    this.again = this.looking;
    if (this.looking) return;
    this.looking = true;
    try {
      const { page } = await this.thread.connection.get(`${this.changes}&since=${this.since}`);
      const found = page.querySelector<HTMLElement>("[data-comity-changes]");
      if (found) this.take(found);
    } catch (error) {
      if (!isAway(error)) throw error; // the next word brings the next try
    } finally {
      this.looking = false;
    }
    if (this.again) void this.look();
  }

  private take(found: HTMLElement): void {
    const { thread } = this;
    this.since = Number((thread.root.dataset["version"] = found.dataset["version"] ?? ""));
    thread.recount(found);
    if (found.matches("[data-too-many]")) return;
    for (const id of (found.querySelector("[data-gone]")?.textContent ?? "").split(" ")) if (id) this.remove(id);
    for (const item of found.querySelectorAll<HTMLElement>(":scope > ol > li")) this.change(item);
    this.show();
  }

  private remove(id: string): void {
    this.waiting.delete(id);
    const comment = this.thread.comment(id);
    const item = comment?.closest("li");
    if (!comment || !item || comment.matches("[data-status]")) return; // one's own is still shown to its author
    item.remove();
    this.thread.emit("comity-removed", { id: Number(id) });
  }

  private change(item: HTMLElement): void {
    const id = idOf(item);
    const fresh = item.querySelector<HTMLElement>("[data-comment]");
    const here = this.thread.comment(id);
    if (!fresh) return;
    if (here) this.renew(here, fresh);
    else if (item.matches("[data-new]") || this.waiting.has(id)) this.waiting.set(id, item);
  }

  private renew(here: HTMLElement, fresh: HTMLElement): void {
    const words = (comment: Element): string =>
      `${comment.querySelector(".comity-distinction")?.textContent} ${(comment.querySelector(".comity-body") ?? comment).textContent}`;
    const own = here.dataset["status"];
    if (own === "removed" || (own === "held" && fresh.matches(".comity-placeholder"))) return;
    if (own !== undefined || here.tagName !== fresh.tagName || words(here) !== words(fresh)) {
      const item = here.closest("li");
      if (item && isBusy(item)) return;
      const kept = document.importNode(fresh, true);
      here.replaceWith(kept);
      if (kept.parentElement) this.thread.dress(kept.parentElement);
      return;
    }
    const score = fresh.querySelector<HTMLElement>("[data-comity-score]")?.dataset["value"];
    const shown = here.querySelector<HTMLElement>("[data-comity-score]");
    if (!shown || score === undefined || shown.dataset["value"] === score) return;
    shown.dataset["value"] = score;
    shown.textContent = formatNumber(Number(score), this.thread.language);
  }

  /** Whether there is a place for it among what is loaded. */
  private hasPlace(item: HTMLElement): boolean {
    const parent = item.dataset["parent"];
    return !parent || this.waiting.has(parent) || this.thread.comment(parent) !== null;
  }

  private show(): void {
    const count = [...this.waiting.values()].filter((item) => this.hasPlace(item)).length;
    const said = this.button.dataset;
    const form = new Intl.PluralRules(this.thread.language).select(count);
    const text = (said[form] ?? said["other"] ?? "").replace("{n}", formatNumber(count, this.thread.language));
    if (count > 0 && this.offer.hidden) this.thread.say(text);
    this.button.textContent = text;
    this.offer.hidden = count === 0;
  }

  private forgetShown(): void {
    for (const id of [...this.waiting.keys()]) if (this.thread.comment(id)) this.waiting.delete(id);
    this.thread.list?.before(this.offer);
    this.show();
  }

  /** Put what waited where it belongs, and lead the reader to the first of it. */
  private bring(): void {
    const { thread } = this;
    const { list } = thread;
    if (!list) return;
    const oldest = thread.root.querySelector<HTMLAnchorElement>(".comity-sort [aria-current]")?.search.includes("sort=oldest");
    let first: HTMLElement | undefined;
    const came = [...this.waiting].sort(([one], [other]) => Number(one) - Number(other));
    for (const [id, item] of came) {
      if (!this.hasPlace(item)) continue;
      this.waiting.delete(id);
      const inner = item.querySelector("li");
      if (!inner || thread.comment(id)) continue;
      const kept = document.importNode(inner, true);
      kept.classList.add("comity-arrived");
      const parent = item.dataset["parent"];
      const above = parent ? thread.comment(parent) : null;
      if (above) thread.repliesOf(above).append(kept);
      else if (parent) continue;
      else if (oldest) list.append(kept);
      else {
        const after = [...list.children].find((each) => !each.querySelector(":scope > .comity-pinned"));
        list.insertBefore(kept, after ?? null);
      }
      list.hidden = false;
      thread.root.querySelector("[data-comity-empty]")?.remove();
      const mark = kept.querySelector(".comity-times");
      if (mark) mark.append(thread.part("new"));
      thread.dress(kept);
      first = above ? (first ?? kept) : kept;
    }
    this.show();
    thread.emit("comity-arrived", { count: came.length });
    const when = first?.querySelector<HTMLElement>("a.comity-when");
    when?.focus({ preventScroll: true });
    first?.scrollIntoView({ block: "nearest" });
  }
}

export const begin = (thread: Thread): News => new Arrivals(thread, thread.root.dataset["changes"] ?? "");
