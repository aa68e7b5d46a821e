// Comity's own pages work without this script; with it, nothing has to be loaded anew.
import * as acts from "./acts/acts";
import { addMarks } from "./acts/marks";
import type { ActsModule } from "./acts-door";
import { enhance } from "./conversation";
import { follow, type LiveModule } from "./following";
import { PageConnection } from "./requests";
import { Thread, type Setting } from "./thread";

declare const COMITY_MODULES: Record<string, string>;

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

  loadActs(): Promise<ActsModule> {
    return Promise.resolve(acts);
  }

  loadLive(): Promise<LiveModule> {
    return import(new URL(COMITY_MODULES["live"] ?? "", import.meta.url).href) as Promise<LiveModule>;
  }

  plainPage(): HTMLAnchorElement {
    const link = document.createElement("a");
    link.href = location.href;
    return link;
  }
}

for (const root of document.querySelectorAll<HTMLElement>("[data-comity-thread]")) {
  const connection = new PageConnection(root.dataset["site"] ?? "");
  const thread = new Thread(root, connection, new Page(root));
  void enhance(thread).then(() => follow(thread));
}

// A reply or an edit on a page of its own has no thread around it.
const marks = document.querySelector<HTMLTemplateElement>("template[data-comity-marks]")?.content.firstElementChild;
const text = document.querySelector<HTMLTextAreaElement>("form[data-comity-form] textarea");
if (marks instanceof HTMLElement && text) addMarks(document.importNode(marks, true), text);
