// A thread on the page: its words, its list, what is said aloud, and how new parts are dressed.

export class Thread {
  readonly language: string;
  readonly site: string;
  readonly key: string;
  dress: (part: ParentNode) => void = () => undefined;

  constructor(readonly root: HTMLElement) {
    this.language = root.lang || document.documentElement.lang;
    this.site = root.dataset["site"] ?? "";
    this.key = root.dataset["key"] ?? "";
  }

  get list(): HTMLElement | null {
    return this.root.querySelector("[data-comity-list]");
  }

  comment(id: string): HTMLElement | null {
    return this.root.querySelector(`#comment-${CSS.escape(id)}`);
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

  addCopyLinks(part: ParentNode): void {
    if (!("clipboard" in navigator)) return;
    for (const when of part.querySelectorAll<HTMLAnchorElement>("a.comity-when")) {
      const acts = when.closest(".comity-comment")?.querySelector(".comity-acts");
      if (!acts || acts.querySelector("[data-part=copy]")) continue;
      const button = this.part("copy");
      const words = button.textContent ?? "";
      button.addEventListener("click", () => {
        void navigator.clipboard.writeText(when.href).then(() => {
          button.textContent = button.dataset["done"] ?? words;
          this.say(button.textContent);
          button.addEventListener("blur", () => (button.textContent = words), { once: true });
        });
      });
      acts.append(button);
    }
  }
}
