// Comity's own pages work without this script; with it, nothing has to be loaded anew.
import { enhance } from "./conversation";
import { PageConnection } from "./requests";
import { Thread, type Setting } from "./thread";

class Page implements Setting {
  readonly storyAddress = "";
  readonly storyTitle = document.title;

  constructor(readonly element: HTMLElement) {}

  loads(link: HTMLAnchorElement): string {
    return link.href;
  }

  permalink(_id: string, link: HTMLAnchorElement): string {
    return link.href;
  }

  sorted(link: HTMLAnchorElement): void {
    if (location.pathname === new URL(link.href).pathname) history.replaceState(null, "", link.href);
  }
}

for (const root of document.querySelectorAll<HTMLElement>("[data-comity-thread]")) {
  const connection = new PageConnection(root.dataset["site"] ?? "");
  void enhance(new Thread(root, connection, new Page(root)));
}
