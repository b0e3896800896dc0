import { askForToken, heldToken } from './token.js';

/** A refusal: problem+json, or what can be said without it. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? `The server answered ${status}`);
    this.status = status;
    this.mistakes = body.mistakes ?? [];
  }
}

/** Nobody wanted to give a token. */
export class Declined extends Error {}

export async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  return new Problem(response.status, body);
}

/** Asks what anybody may ask. */
export async function look(path, init = {}) {
  const response = await fetch(path, init);
  if (!response.ok) throw await problemOf(response);
  return response;
}

/**
 * Asks what takes a token; asks for one where there is none or it is wrong, and goes on until it is right or declined.
 * `attempt` is given the header fields and answers a response.
 */
export async function withToken(what, attempt) {
  let why = `${what} takes a token.`;
  for (;;) {
    const token = heldToken() ?? (await askForToken(why));
    if (token === null) throw new Declined(`${what} takes a token, and none was given`);
    const response = await attempt({ authorization: `Bearer ${token}` });
    if (response.status !== 401) return response;
    why = `That token does not open this. ${what} takes one that does.`;
    if ((await askForToken(why)) === null) throw new Declined(`${what} takes a token, and none was given`);
  }
}

/** The same with fetch; throws Problem. */
export async function ask(what, method, path, body) {
  const response = await withToken(what, (headers) => fetch(path, { method, headers, body }));
  if (!response.ok) throw await problemOf(response);
  return response.status === 204 ? null : response.json();
}
