// A connection over which the server says that the story got further. It is opened once the reader stays or does
// something: most only look in. What came is then taken in by a module of its own, ./live/live.ts.
import type { Thread } from "./thread";

/** What takes in what changed. */
export interface News {
  /** Fetch what changed since it looked last, and show it. */
  look(): Promise<void>;
  /** Take away what it put onto the page for itself. */
  end(): void;
}

export interface LiveModule {
  begin(thread: Thread): News;
}

const SETTLED = 10_000;
/** Where no connection can be held, it is asked this often. */
const POLL = 30_000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "scroll"] as const;

/** Keep a thread up to date until the function that this gives is called. */
export function follow(thread: Thread): () => void {
  const { dataset } = thread.root;
  const address = dataset["live"];
  if (!address || !dataset["changes"]) return () => undefined;
  let source: EventSource | null = null;
  let polling = 0;
  let coming: Promise<News> | undefined;
  const look = (): void => {
    coming ??= thread.setting.loadLive().then((module) => module.begin(thread));
    coming.then(
      (news) => news.look(),
      () => (coming = undefined), // the next word brings the next try
    );
  };
  const rest = (): void => {
    source?.close();
    source = null;
    clearInterval(polling);
    polling = 0;
  };
  const listen = (): void => {
    if (source !== null || polling !== 0) return;
    const opened = (source = new EventSource(address));
    opened.onmessage = (event: MessageEvent<string>) => event.lastEventId !== dataset["version"] && look();
    opened.onerror = () => {
      // It comes again by itself, unless it was refused.
      if (opened.readyState !== EventSource.CLOSED || source !== opened) return;
      rest();
      look();
      polling = window.setInterval(look, POLL);
    };
  };
  // Nobody looks at a hidden page; when it is seen again, it is told what it missed.
  const watch = (): void => (document.hidden ? rest() : listen());
  const leave = (): void => {
    clearTimeout(timer);
    for (const sign of SIGNS) removeEventListener(sign, settle);
  };
  const settle = (): void => {
    leave();
    document.addEventListener("visibilitychange", watch);
    watch();
  };
  const timer = setTimeout(settle, SETTLED);
  for (const sign of SIGNS) addEventListener(sign, settle, { passive: true });
  return () => {
    leave();
    document.removeEventListener("visibilitychange", watch);
    rest();
    void coming?.then((news) => news.end());
  };
}
