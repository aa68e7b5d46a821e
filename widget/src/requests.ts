// Comity's own pages answer every request with a page; the script takes from it what belongs in this one.

export const NEW_KEY_BYTES = 24;

export class Away extends Error {}

/** A page and the status it came with. */
export interface Answer {
  readonly page: Document;
  readonly status: number;
}

/** A key that makes a repeated posting the same posting. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(NEW_KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function answerOf(address: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(address, { credentials: "same-origin", ...init });
    return {
      page: new DOMParser().parseFromString(await response.text(), "text/html"),
      status: response.status,
    };
  } catch {
    throw new Away();
  }
}

export function get(address: string): Promise<Answer> {
  return answerOf(address, { headers: { Accept: "text/html" } });
}

/** Send a form's fields. The answer is the page that follows, or the page of the refusal. */
export function post(address: string, fields: FormData, key?: string): Promise<Answer> {
  const body = new URLSearchParams();
  fields.forEach((value, name) => {
    if (typeof value === "string") body.append(name, value);
  });
  const headers: Record<string, string> = { Accept: "text/html" };
  if (key !== undefined) headers["Idempotency-Key"] = key;
  return answerOf(address, { method: "POST", headers, body });
}
