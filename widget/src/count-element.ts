import { isAway } from "./requests";
import { Refused, serverAddress } from "./server";
import { WidgetConnection } from "./widget-connection";

const KEYS_MAXIMUM = 100;
const MARGIN = "200px";

type Group = Map<string, Set<CountElement>>;
let waiting: Map<string, Group> | null = null;

/** Ask for many counts at once: one request a site and language, up to 100 keys. */
function ask(element: CountElement): void {
  if (!waiting) {
    waiting = new Map();
    queueMicrotask(() => {
      const groups = waiting ?? [];
      waiting = null;
      for (const [place, group] of groups) {
        const keys = [...group.keys()];
        while (keys.length > 0) void fetchCounts(place, keys.splice(0, KEYS_MAXIMUM), group);
      }
    });
  }
  const place = JSON.stringify([element.getAttribute("site"), element.getAttribute("lang")]);
  const group = waiting.get(place) ?? new Map<string, Set<CountElement>>();
  waiting.set(place, group);
  const key = element.getAttribute("key") ?? "";
  group.set(key, (group.get(key) ?? new Set()).add(element));
}

async function fetchCounts(place: string, keys: string[], group: Group): Promise<void> {
  const [site, language] = JSON.parse(place) as (string | null)[];
  const parameters = [["site", site], ["lang", language], ...keys.map((key) => ["key", key] as const)] as const;
  try {
    const { page } = await new WidgetConnection("").get(serverAddress("embed/count", parameters));
    for (const item of page.querySelectorAll<HTMLElement>("[data-count]")) {
      for (const element of group.get(item.dataset["key"] ?? "") ?? []) element.show(item.textContent ?? "");
    }
  } catch (error) {
    if (!(isAway(error) || error instanceof Refused)) throw error; // the text between the tags stays
  }
}

// One for all, so that those that come into sight together are asked for together.
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting && target instanceof CountElement) target.come();
  },
  { rootMargin: MARGIN },
);

/** `<comity-count key="…">`: how many comments a story has, in words. Until it is known, what stands inside is shown. */
export class CountElement extends HTMLElement {
  static readonly observedAttributes = ["site", "key", "lang"];
  readonly #text = document.createElement("span");
  #near = false;

  constructor() {
    super();
    this.#text.append(document.createElement("slot"));
    this.attachShadow({ mode: "open" }).append(this.#text);
  }

  connectedCallback(): void {
    observer.observe(this);
    document.addEventListener("comity-posted", this.#onPosted);
  }

  disconnectedCallback(): void {
    observer.unobserve(this);
    document.removeEventListener("comity-posted", this.#onPosted);
    this.#near = false;
  }

  attributeChangedCallback(): void {
    if (this.#near) this.#refresh();
  }

  come(): void {
    observer.unobserve(this);
    this.#near = true;
    this.#refresh();
  }

  show(text: string): void {
    this.#text.textContent = text;
  }

  #refresh(): void {
    if (this.getAttribute("key")) ask(this);
  }

  // The thread on this page says it first; a second request would be answered from the browser's cache.
  readonly #onPosted = (event: Event): void => {
    const { key, countText } = (event as CustomEvent<{ key: string; countText: string }>).detail;
    if (key === this.getAttribute("key") && countText) this.show(countText);
  };
}
