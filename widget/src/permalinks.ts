// Comments and orders have addresses on the publisher's own page: `#comity-comment-12`, `#comity-popular`.
import { isAway } from "./requests";
import { BASE, serverAddress } from "./server";
import type { Thread } from "./thread";

const COMMENT = /^#comity-comment-(\d{1,19})$/;
const SORT = /^#comity-(newest|oldest|popular)$/;

export const commentIn = (hash: string): string | null => COMMENT.exec(hash)?.[1] ?? null;
export const sortIn = (hash: string): string | null => SORT.exec(hash)?.[1] ?? null;

/** A single-page site may keep its own addresses behind the `#`: those are not ours to change. */
export const mayChangeHash = (): boolean => !/^#[!/]/.test(location.hash);

const ownPath = (link: HTMLAnchorElement): string =>
  link.href.startsWith(BASE) ? link.href.slice(BASE.length).replace(/[?#].*$/, "") : "";

/** Let links to comments lead to their place on this page instead of to a page of Comity's. */
export function keepHere(thread: Thread, part: ParentNode): void {
  for (const link of part.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    const id = /^comments\/(\d+)$/.exec(ownPath(link))?.[1];
    if (id && !link.closest(".comity-body")) link.href = thread.setting.permalink(id, link);
  }
}

/** The fragment's address for a link to a page of the thread. */
export function fragmentOf(link: HTMLAnchorElement): string {
  const key = /^threads\/([^/]+)$/.exec(ownPath(link))?.[1];
  if (key === undefined) return link.href;
  const asked = [...new URL(link.href).searchParams];
  return serverAddress("embed/thread", [...asked, ["key", decodeURIComponent(key)]]);
}

function mark(thread: Thread, comment: HTMLElement, takesFocus: boolean): void {
  thread.root.querySelectorAll(".comity-linked").forEach((old) => old.classList.remove("comity-linked"));
  comment.classList.add("comity-linked");
  for (let folded = comment.closest("details"); folded; folded = folded.parentElement?.closest("details") ?? null) {
    folded.open = true;
  }
  if (takesFocus) {
    comment.tabIndex = -1;
    comment.focus({ preventScroll: true });
  }
  comment.scrollIntoView({ block: "center" });
}

/** Go to a comment; one that is not on the page is brought with its branch. Whether it is of this thread. */
export async function goTo(thread: Thread, id: string, carried: Iterable<readonly [string, string | null]>): Promise<boolean> {
  const here = thread.comment(id);
  if (here) {
    mark(thread, here, true);
    return true;
  }
  const asked = [...carried];
  try {
    const { page } = await thread.connection.get(serverAddress(`comments/${id}`, asked));
    const root = page.querySelector<HTMLElement>(`[data-comity-thread][data-key="${CSS.escape(thread.key)}"] [data-comment]`);
    const rootId = root?.dataset["comment"];
    if (!rootId) return false;
    const branch = [...asked, ["key", thread.key], ["filter", `branch:${rootId}`]] as const;
    const { page: whole } = await thread.connection.get(serverAddress("embed/thread", branch));
    const item = whole.querySelector<HTMLElement>("[data-comity-list] > li");
    if (!item || !thread.list) return false;
    thread.comment(rootId)?.closest("li")?.remove();
    const kept = document.importNode(item, true);
    thread.list.prepend(kept);
    thread.dress(kept);
  } catch (error) {
    if (!isAway(error)) throw error;
    return false;
  }
  const found = thread.comment(id);
  if (found) mark(thread, found, true);
  return found !== null;
}
