import type { ActsModule } from "./acts-door";
import { onThemeChange, takeColours } from "./colours";
import { enhance } from "./conversation";
import { resort } from "./more";
import { nameParts } from "./parts";
import { follow, type LiveModule } from "./following";
import { commentIn, fragmentOf, goTo, keepHere, mayChangeHash, sortIn } from "./permalinks";
import { isAway } from "./requests";
import { loadModule, Refused, serverAddress } from "./server";
import { Thread, type Setting } from "./thread";
import { showTimes } from "./times";
import { WidgetConnection } from "./widget-connection";
import { directionOf, wordsIn } from "./words";

declare const COMITY_STYLES: string;

const STYLES = COMITY_STYLES; // once: what is defined is written out wherever it stands

/** What the script and the server's fragments agree on. A server that says another number is shown and not enhanced. */
const PROTOCOL = "1";
const SKELETON_AFTER = 300;
const MARGIN = "600px";
const MINUTE = 60_000;
const SORTS = new Set(["newest", "oldest", "popular"]);

const sheets = new Map<string, CSSStyleSheet>();

/** One sheet for every thread of the page. */
function sheetOf(styles: string): CSSStyleSheet {
  let sheet = sheets.get(styles);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    sheets.set(styles, sheet);
  }
  return sheet;
}

type Parameters = [string, string | null][];

/** `<comity-thread key="…">`: the conversation under a story. docs/embedding.md says what its attributes mean. */
export class ThreadElement extends HTMLElement implements Setting {
  static readonly observedAttributes = ["site", "key", "lang", "sort", "theme", "url"];
  readonly element = this;
  readonly #frame = document.createElement("div");
  readonly #shadow = this.attachShadow({ mode: "open" });
  #visit = new AbortController();
  #thread: Thread | null = null;
  #shown = "";
  #near = false;
  #planned = false;
  #stops: (() => void)[] = [];
  #unfollow = (): void => undefined;

  constructor() {
    super();
    this.#shadow.adoptedStyleSheets = [sheetOf(STYLES)];
    this.#frame.className = "comity-frame";
    this.#frame.append(document.createElement("slot"));
    this.#shadow.append(this.#frame);
  }

  connectedCallback(): void {
    this.#takeColours();
    const listen = (target: EventTarget, name: string, heard: () => void): void => {
      target.addEventListener(name, heard);
      this.#stops.push(() => target.removeEventListener(name, heard));
    };
    listen(window, "hashchange", () => void this.#followHash());
    listen(window, "online", () => this.#frame.querySelector("[data-away]") && this.#plan());
    this.#stops.push(onThemeChange(() => this.#takeColours()));
    const clock = setInterval(() => this.#thread && showTimes(this.#thread.root, this.#thread.language), MINUTE);
    this.#stops.push(() => clearInterval(clock));
    if (this.#thread) this.#unfollow = follow(this.#thread);
    if (this.#near || this.getAttribute("loading") === "eager" || location.hash.startsWith("#comity-")) {
      this.#near = true;
      this.#plan();
      return;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        this.#near = true;
        this.#plan();
      },
      { rootMargin: MARGIN },
    );
    observer.observe(this);
    this.#stops.push(() => observer.disconnect());
  }

  disconnectedCallback(): void {
    this.#visit.abort();
    this.#unfollow();
    for (const stop of this.#stops.splice(0)) stop();
  }

  attributeChangedCallback(name: string): void {
    if (name === "theme") this.#takeColours();
    else if (this.#near) this.#plan();
  }

  // ---- what the thread asks of the page around it

  get storyAddress(): string {
    const canonical = document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href;
    const given = this.getAttribute("url");
    return given ? new URL(given, document.baseURI).href : canonical || location.href.replace(/#.*$/, "");
  }

  get storyTitle(): string {
    const chosen = this.getAttribute("story");
    let heading: string | null | undefined;
    try {
      heading = chosen ? document.querySelector(chosen)?.querySelector("h1, h2")?.textContent : null;
    } catch {
      heading = null; // no selector
    }
    return heading?.trim() || document.title;
  }

  loads(link: HTMLAnchorElement): string {
    return fragmentOf(link);
  }

  permalink(id: string): string {
    const here = this.getAttribute("url") ? this.storyAddress : location.href;
    return `${here.replace(/#.*$/, "")}#comity-comment-${id}`;
  }

  sorted(link: HTMLAnchorElement): void {
    const sort = new URL(link.href).searchParams.get("sort") ?? "newest";
    if (this.#isFirst && mayChangeHash()) location.hash = `comity-${sort}`;
  }

  loadLive(): Promise<LiveModule> {
    return loadModule<LiveModule>("live");
  }

  async loadActs(): Promise<ActsModule> {
    const module = await loadModule<ActsModule>("acts");
    this.#shadow.adoptedStyleSheets = [sheetOf(STYLES), sheetOf(module.styles)];
    return module;
  }

  plainPage(): HTMLAnchorElement {
    const link = document.createElement("a");
    link.href = serverAddress(`threads/${encodeURIComponent(this.getAttribute("key") ?? "")}`, this.#carried);
    link.target = "_blank"; // what is typed here stays
    link.textContent = this.#words.words[2];
    return link;
  }

  // ---- loading

  /** Attributes often change together: load once, afterwards. */
  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      if (this.isConnected) void this.#load();
    });
  }

  get #isFirst(): boolean {
    return document.querySelector(this.localName) === this;
  }

  get #language(): string | null {
    return this.getAttribute("lang") || (this.parentElement?.closest("[lang]")?.getAttribute("lang") ?? null);
  }

  /** For when the server, which has all others, is away. */
  get #words(): ReturnType<typeof wordsIn> {
    return wordsIn([this.#language ?? "", navigator.language]);
  }

  get #carried(): Parameters {
    return [["site", this.getAttribute("site")], ["lang", this.#language]];
  }

  get #sort(): string | null {
    const asked = (this.#isFirst ? sortIn(location.hash) : null) ?? this.getAttribute("sort") ?? "";
    return SORTS.has(asked) ? asked : null;
  }

  async #load(): Promise<void> {
    const key = this.getAttribute("key") ?? "";
    if (!key) {
      this.#fail("key_missing", "");
      return;
    }
    const asked = serverAddress("embed/thread", [...this.#carried, ["key", key], ["sort", this.#sort]]);
    if (asked === this.#shown) return;
    this.#visit.abort();
    const visit = (this.#visit = new AbortController());
    this.#shown = "";
    const timer = setTimeout(() => this.#showSkeleton(), SKELETON_AFTER);
    try {
      const connection = new WidgetConnection(this.getAttribute("site") ?? "");
      const { page, status } = await connection.get(asked, visit.signal);
      clearTimeout(timer);
      if (visit.signal.aborted) return;
      const fragment = page.querySelector<HTMLElement>("[data-comity-thread]");
      if (!fragment) {
        this.#fail(codeOf(page) ?? (status < 500 ? "fragment_missing" : "away"), sentenceOf(page));
        return;
      }
      this.#shown = asked;
      await this.#show(fragment);
    } catch (error) {
      if (visit.signal.aborted) return;
      if (error instanceof Refused) this.#fail("trusted_types_refused", "");
      else if (isAway(error)) this.#fail("away", "");
      else throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #show(fragment: HTMLElement): Promise<void> {
    const root = document.importNode(fragment, true);
    root.style.setProperty("--_site-accent", /^#[0-9a-f]{3,6}$/i.exec(root.dataset["accent"] ?? "")?.[0] ?? null);
    this.#frame.replaceChildren(root);
    this.#frame.dir = root.dir || directionOf(root.lang);
    const connection = new WidgetConnection(root.dataset["site"] ?? "");
    const thread = (this.#thread = new Thread(root, connection, this));
    thread.dressers.push(nameParts);
    const enhanced = root.dataset["comityThread"] === PROTOCOL;
    if (enhanced) {
      thread.dressers.push((part) => keepHere(thread, part));
      await enhance(thread);
    } else {
      // Links and votes lead to Comity's own pages, and writing to the thread's.
      root.querySelector("[data-comity-composer]")?.replaceWith(this.plainPage());
      thread.dress(root);
    }
    if (this.#thread !== thread || !this.isConnected) return;
    this.#unfollow();
    if (enhanced) this.#unfollow = follow(thread);
    thread.emit("comity-ready", { count: thread.count, enhanced });
    await this.#followHash();
  }

  async #followHash(): Promise<void> {
    const thread = this.#thread;
    const { hash } = location;
    if (!thread || thread.root.dataset["comityThread"] !== PROTOCOL) return;
    const id = commentIn(hash);
    if (id && (thread.comment(id) || this.#isFirst)) {
      const found = await goTo(thread, id, this.#carried);
      if (!found) thread.say("");
      return;
    }
    if (!this.#isFirst || (hash && !sortIn(hash))) return;
    const wanted = this.#sort ?? "newest";
    const links = [...thread.root.querySelectorAll<HTMLAnchorElement>(".comity-sort a")];
    const link = links.find((each) => (new URL(each.href).searchParams.get("sort") ?? "newest") === wanted);
    if (link && !link.hasAttribute("aria-current")) await resort(thread, link, false);
  }

  // ---- what stands there while there is no thread

  #showSkeleton(): void {
    const { language, words } = this.#words;
    const box = this.#box(language);
    const said = document.createElement("p");
    said.className = "comity-unseen";
    said.setAttribute("role", "status");
    said.textContent = words[3];
    box.append(said);
    for (let line = 0; line < 5; line += 1) {
      const bone = document.createElement("div");
      bone.className = "comity-bone";
      box.append(bone);
    }
    this.#thread = null;
    this.#frame.replaceChildren(document.createElement("slot"), box);
  }

  #fail(code: string, sentence: string): void {
    const { language, words } = this.#words;
    const box = this.#box(language);
    box.dataset["away"] = code;
    const said = document.createElement("p");
    said.className = "comity-problem";
    said.setAttribute("role", "alert");
    said.textContent = sentence || words[0];
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = words[1];
    again.addEventListener("click", () => this.#plan());
    const row = document.createElement("div");
    row.className = "comity-send";
    row.append(again);
    const key = this.getAttribute("key");
    if (key) row.append(this.plainPage());
    for (const each of row.children) each.className = "comity-button";
    box.append(said, row);
    nameParts(box);
    this.#thread = null;
    this.#shown = "";
    this.#frame.replaceChildren(document.createElement("slot"), box);
    this.dispatchEvent(
      new CustomEvent("comity-error", { detail: { site: this.getAttribute("site"), key, code, message: sentence }, bubbles: true, composed: true }),
    );
  }

  #box(language: string): HTMLElement {
    const box = document.createElement("section");
    box.className = "comity comity-waiting";
    box.lang = language;
    this.#frame.dir = directionOf(language);
    return box;
  }

  #takeColours(): void {
    const theme = this.getAttribute("theme");
    takeColours(this, this.#frame, theme === "light" || theme === "dark" ? theme : "auto");
  }
}

// A refused fragment is a problem in JSON, which the parser takes for a text.
function problemIn(page: Document): { code?: unknown; detail?: unknown } {
  try {
    return JSON.parse(page.body.textContent ?? "") as { code?: unknown; detail?: unknown };
  } catch {
    return {};
  }
}

function codeOf(page: Document): string | null {
  const { code } = problemIn(page);
  return typeof code === "string" ? code : null;
}

function sentenceOf(page: Document): string {
  const { detail } = problemIn(page);
  return typeof detail === "string" ? detail : "";
}
