import type { Thread } from "../thread";

function addressOf(thread: Thread, button: HTMLElement): string {
  const comment = button.closest<HTMLElement>("[data-comment]");
  const when = comment?.querySelector<HTMLAnchorElement>("a.comity-when");
  return comment && when ? thread.setting.permalink(comment.dataset["comment"] ?? "", when) : location.href;
}

export async function copy(thread: Thread, button: HTMLElement): Promise<void> {
  const address = addressOf(thread, button);
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    showAddress(button, address); // a page may forbid the clipboard: then it is copied by hand
    return;
  }
  const label = button.querySelector("span") ?? button;
  const words = (button.dataset["words"] ??= label.textContent ?? "");
  label.textContent = button.dataset["done"] ?? words;
  button.dataset["copied"] = "";
  thread.say(label.textContent);
  const before = (): void => {
    label.textContent = words;
    delete button.dataset["copied"];
  };
  button.addEventListener("blur", before, { once: true });
}

function showAddress(button: HTMLElement, address: string): void {
  const acts = button.closest(".comity-acts") ?? button;
  if (acts.nextElementSibling?.matches(".comity-address")) acts.nextElementSibling.remove();
  const field = document.createElement("input");
  field.className = "comity-address";
  field.readOnly = true;
  field.dir = "ltr";
  field.value = address;
  field.setAttribute("aria-label", button.textContent ?? "");
  acts.after(field);
  field.select();
}

export function share(thread: Thread, button: HTMLElement): void {
  // Closing the sheet again is no error.
  navigator.share({ title: thread.setting.storyTitle, url: addressOf(thread, button) }).catch(() => undefined);
}
