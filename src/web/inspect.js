import { byId, bytesText, make, notice } from './elements.js';
import { likeness } from './likeness.js';
import { previewNow, shown } from './preview.js';
import { ask, look } from './server.js';
import { printPath, state } from './words.js';

const pair = (term, ...content) => [make('dt', {}, term), make('dd', {}, ...content)];
const code = (text) => make('code', {}, text);

async function explain() {
  const told = await ask('Explaining', 'GET', printPath('/explain/').path);
  const { megapixels, memory, milliseconds } = told.estimate;
  const warnings =
    told.warnings.length === 0 ? ['none'] : [make('ul', {}, ...told.warnings.map((text) => make('li', {}, text)))];
  const list = make(
    'dl',
    {},
    ...pair('Canonical', code(told.canonical)),
    ...pair('Tier', told.tier),
    ...pair('Estimate', `${megapixels} MP out, ${bytesText(memory)} of memory, about ${milliseconds} ms on one core`),
    ...pair('Warnings', ...warnings),
    ...pair('Key', code(told.key)),
  );
  const plan = make(
    'details',
    {},
    make('summary', {}, 'Plan'),
    make('pre', { tabIndex: 0 }, JSON.stringify(told.plan, null, 2)),
  );
  byId('inspection').replaceChildren(make('h2', {}, 'Explanation'), list, plan);
  byId('inspection').hidden = false;
}

async function purge() {
  const { memory, bucket, cdn } = await ask('Purging', 'DELETE', `/img/${state.id}`);
  const edges =
    cdn.length === 0 ? 'no CDN is configured' : cdn.map(({ name, status }) => `${name}: ${status}`).join(', ');
  notice(
    `Purged ${state.id}: ${memory} in memory, ${bucket.objects} in the bucket (${bytesText(bucket.bytes)}); ${edges}.`,
  );
  await previewNow();
}

/** Against the same picture without loss: neither format nor quality has a say in that one. */
async function score() {
  const { answer } = shown;
  if (answer === null) return;
  const lossless = state.components.map(
    (words) => new Map([...words].filter(([key]) => !['f', 'q', 'mb', 'fl'].includes(key))),
  );
  lossless[0].set('f', 'png');
  const response = await look(printPath('/img/', lossless).path, { cache: 'no-store' });
  const value = await likeness(await response.blob(), answer.blob);
  byId('scored').textContent =
    value === null ? 'No score: not the same size' : `SSIM ${value.toFixed(4)} against no loss`;
}

export function startInspection(guarded) {
  byId('explain').addEventListener('click', () => guarded(explain));
  byId('purge').addEventListener('click', () => guarded(purge));
  byId('score').addEventListener('click', () => guarded(score));
}

/** Of what is not shown any more, nothing is said. */
export function forgetInspection() {
  byId('inspection').hidden = true;
  byId('scored').textContent = '';
}
