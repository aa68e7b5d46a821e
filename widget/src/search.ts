// Search in the thread: what is found stands in place of the conversation until the reader goes back to it.
import { Away } from "./requests";
import { isPlain, type Thread } from "./thread";

async function search(thread: Thread, form: HTMLFormElement): Promise<void> {
  const asked = form.querySelector<HTMLInputElement>("input[name=q]")?.value.trim() ?? "";
  thread.calm(form);
  if (!asked) {
    close(thread);
    return;
  }
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) if (typeof value === "string") address.searchParams.set(name, value);
  form.setAttribute("aria-busy", "true");
  try {
    const { page } = await thread.connection.get(address.href);
    const found = page.querySelector<HTMLElement>("[data-comity-found]");
    if (!found) {
      thread.complain(form, page.querySelector("[data-comity-refused], .comity-error")?.textContent);
      return;
    }
    thread.root.querySelector("[data-comity-found]")?.remove();
    const kept = document.importNode(found, true);
    thread.list?.before(kept);
    thread.root.toggleAttribute("data-searching", true);
    thread.dress(kept);
    thread.say(kept.querySelector("[data-comity-found-count]")?.textContent ?? "");
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    thread.complain(form);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function close(thread: Thread): void {
  thread.root.querySelector("[data-comity-found]")?.remove();
  thread.root.toggleAttribute("data-searching", false);
}

export function enhanceSearch(thread: Thread): void {
  const form = thread.root.querySelector<HTMLFormElement>("form[data-comity-search]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") void search(thread, form);
  });
  thread.root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target?.closest("[data-comity-found] [data-comity-leave]") || !isPlain(event)) return;
    event.preventDefault();
    close(thread);
    form.querySelector<HTMLInputElement>("input[name=q]")?.focus();
  });
}
