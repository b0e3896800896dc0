import { byId } from './elements.js';

/** Nowhere but here: it is gone with the page. */
let token = null;

export const heldToken = () => token;

/** Asks for a token; resolves to it, or to null where it is not given. */
export function askForToken(why) {
  const dialog = byId('token-dialog');
  const field = byId('token');
  byId('token-why').textContent = why;
  field.value = '';
  dialog.returnValue = '';
  dialog.showModal();
  field.focus();
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        const given = dialog.returnValue === 'give' ? field.value.trim() : '';
        field.value = '';
        token = given === '' ? null : given;
        resolve(token);
      },
      { once: true },
    );
  });
}
