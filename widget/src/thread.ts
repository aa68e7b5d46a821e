// A thread: its words, its list, what is said aloud, and how new parts are dressed.
import type { ActsModule } from "./acts-door";
import type { LiveModule } from "./following";
import type { Connection } from "./requests";

/** Where a thread stands: on a page of Comity's own, or on a publisher's. */
export interface Setting {
  /** What events are sent from. */
  readonly element: HTMLElement;
  /** Where the story stands, which the server asks for with its first comment; empty where it knows. */
  readonly storyAddress: string;
  /** What a shared comment is called. */
  readonly storyTitle: string;
  /** The address from which a link of the thread is loaded in place. */
  loads(link: HTMLAnchorElement): string;
  /** A comment's own address, to be given to others. */
  permalink(id: string, link: HTMLAnchorElement): string;
  /** The order was changed by this link. */
  sorted(link: HTMLAnchorElement): void;
  /** The module of what readers do on purpose, its styles in place. */
  loadActs(): Promise<ActsModule>;
  /** The module of what came while the reader was here. */
  loadLive(): Promise<LiveModule>;
  /** A link to the page of Comity's own that does everything by plain forms. */
  plainPage(): HTMLAnchorElement;
}

/** Whether a click means the link itself, here and now. */
export const isPlain = (event: MouseEvent): boolean =>
  event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

/** What a complaint stands under: a row of links is not torn apart, and what is folded would hide it. */
const outside = (beside: Element): Element =>
  beside.closest(".comity-acts > :not(form)")?.parentElement ?? beside.closest("details:not([open])") ?? beside;

export class Thread {
  readonly language: string;
  readonly site: string;
  readonly key: string;
  /** Called with every part that comes onto the page. */
  readonly dressers: ((part: ParentNode) => void)[] = [];

  constructor(
    readonly root: HTMLElement,
    readonly connection: Connection,
    readonly setting: Setting,
  ) {
    this.language = root.lang || document.documentElement.lang || "en";
    this.site = root.dataset["site"] ?? "";
    this.key = root.dataset["key"] ?? "";
  }

  get list(): HTMLElement | null {
    return this.root.querySelector("[data-comity-list]");
  }

  comment(id: string): HTMLElement | null {
    return this.root.querySelector(`#comment-${CSS.escape(id)}`);
  }

  dress(part: ParentNode): void {
    for (const each of this.dressers) each(part);
  }

  /** A part that the server wrote in the reader's language, for this script alone. */
  part(name: string): HTMLElement {
    const found = this.root
      .querySelector<HTMLTemplateElement>("template[data-comity-parts]")
      ?.content.querySelector<HTMLElement>(`[data-part="${name}"]`);
    return (found?.cloneNode(true) as HTMLElement | undefined) ?? document.createElement("span");
  }

  /** Say something to those who do not see the page change. */
  say(text: string): void {
    const status = this.root.querySelector("[data-comity-status]");
    if (status) status.textContent = text;
  }

  /** Tell the page around; see docs/embedding.md. */
  emit(name: string, detail: Record<string, unknown>): void {
    const whole = { site: this.site, key: this.key, ...detail };
    this.setting.element.dispatchEvent(new CustomEvent(name, { detail: whole, bubbles: true, composed: true }));
  }

  /** Say beside something why it could not be done; without a sentence, that the server is away. */
  complain(beside: Element, sentence?: string | null): HTMLElement {
    this.calm(beside);
    const said = sentence?.trim() || (this.part("unreachable").textContent ?? "");
    const error = document.createElement("p");
    error.className = "comity-error";
    error.setAttribute("role", "alert");
    error.textContent = said;
    outside(beside).after(error);
    this.emit("comity-error", { code: sentence ? "refused" : "away", message: said });
    return error;
  }

  /** Take back what `complain` said there. */
  calm(beside: Element): void {
    const next = outside(beside).nextElementSibling;
    if (next?.matches(".comity-error")) next.remove();
  }

  /** Replies of a comment, in an open list that is made if there is none. */
  repliesOf(comment: HTMLElement): HTMLElement {
    const item = comment.parentElement ?? comment;
    const found = item.querySelector<HTMLElement>(":scope > details > ol, :scope > ol");
    if (found) {
      found.parentElement?.setAttribute("open", "");
      return found;
    }
    const list = document.createElement("ol");
    list.className = "comity-replies-new";
    item.append(list);
    return list;
  }

  /** Show how many comments there are, as a page that just came says it. */
  recount(page: ParentNode): void {
    const fresh = page.querySelector<HTMLElement>("[data-comity-count]");
    const shown = this.root.querySelector<HTMLElement>("[data-comity-count]");
    if (!fresh || !shown) return;
    shown.textContent = fresh.textContent;
    shown.dataset["comityCount"] = fresh.dataset["comityCount"] ?? "";
  }

  get count(): number {
    return Number(this.root.querySelector<HTMLElement>("[data-comity-count]")?.dataset["comityCount"] ?? 0);
  }

  get countText(): string {
    return this.root.querySelector("[data-comity-count]")?.textContent ?? "";
  }
}
