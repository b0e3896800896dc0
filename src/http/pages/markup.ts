import { html, raw } from 'hono/html';

/** Text that is HTML already, everything of others in it escaped. */
export type Markup = ReturnType<typeof raw>;

/** Tagged templates without promises are HTML at once. */
export const markup = (strings: TemplateStringsArray, ...values: readonly unknown[]): Markup =>
  html(strings, ...values) as Markup;

export const join = (parts: readonly Markup[]): Markup => raw(parts.join('\n'));

/** A sentence in which `…` is code. */
export function prose(text: string): Markup {
  const parts = text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? markup`${part}` : markup`<code>${part}</code>`));
  return raw(parts.join(''));
}

/** A table that scrolls by itself where the window is narrow, also by keyboard. */
export function table(name: string, head: readonly string[], rows: readonly (readonly Markup[])[]): Markup {
  const line = ([first, ...rest]: readonly Markup[]) =>
    markup`<tr><th scope="row">${first}</th>${rest.map((cell) => markup`<td>${cell}</td>`)}</tr>`;
  return markup`<div class="wide" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr>${head.map((title) => markup`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${join(rows.map(line))}</tbody></table></div>`;
}
