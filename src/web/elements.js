/** An element with properties (`class`, `aria-…`, `data-…` and the like as attributes) and children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null) continue;
    if (name in element && name !== 'list' && name !== 'type') element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Says something below the header that may be overlooked. */
export function notice(text) {
  const place = byId('notice');
  place.textContent = text;
  place.hidden = text === '';
}

/** Bytes as people read them. */
export function bytesText(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
}
