/** What is mutated: folders and files below the root. The only place that names them. */
export const targets: readonly string[] = [
  'src/library',
  'src/store',
  'src/http',
  'src/purge',
  'src/render/queue',
  'src/transform',
];

/** The TypeScript files that the targets name; throws where one names none, as after a move. */
export function filesIn(targets: readonly string[], files: readonly string[]): readonly string[] {
  return targets.flatMap((target) => {
    const found = files.filter((file) => file === target || (file.startsWith(`${target}/`) && file.endsWith('.ts')));
    if (found.length === 0) throw new Error(`Expected files in ${target} but found none`);
    return found;
  });
}
