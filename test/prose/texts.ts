import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ESTree, parseSync, Visitor } from 'vite';

type Comment = ReturnType<typeof parseSync>['comments'][number];

export type TextKind = 'docstring' | 'comment' | 'error' | 'document';

/** A piece of prose that people read. */
export interface Text {
  /** Relative to the repository. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly kind: TextKind;
  readonly text: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The prose of the files that git tracks: comments and errors of `src`, and all Markdown but the changelog. */
export function repositoryTexts(): readonly Text[] {
  const files = execFileSync('git', ['ls-files', 'src/**.ts', '*.md'], { cwd: root, encoding: 'utf8' });
  return files.split('\n').flatMap((file) => {
    if (file === '' || file === 'CHANGELOG.md') return [];
    const content = readFileSync(`${root}${file}`, 'utf8');
    return file.endsWith('.md') ? documentTexts(file, content) : sourceTexts(file, content);
  });
}

/** Docstrings, comments and error sentences of a TypeScript file. */
export function sourceTexts(file: string, source: string): readonly Text[] {
  const { program, comments } = parseSync(file, source);
  const lineOf = (offset: number) => source.slice(0, offset).split('\n').length;
  const prose = joined(comments, source).map(({ type, value, start }) => ({
    file,
    line: lineOf(start),
    kind: type === 'Block' ? ('docstring' as const) : ('comment' as const),
    text: value.replaceAll(/^\s*\*+ ?/gm, '').trim(),
  }));
  const errors = errorsIn(program).map(({ start, text }) => ({
    file,
    line: lineOf(start),
    kind: 'error' as const,
    text,
  }));
  return [...prose, ...errors];
}

/** Line comments of consecutive lines are one text. */
function joined(comments: readonly Comment[], source: string): readonly Comment[] {
  const texts: Comment[] = [];
  for (const comment of comments) {
    const last = texts.at(-1);
    const isNext = last !== undefined && /^\s*$/.test(source.slice(last.end, comment.start));
    if (isNext && last.type === 'Line' && comment.type === 'Line') {
      texts[texts.length - 1] = { ...last, value: `${last.value} ${comment.value}`, end: comment.end };
    } else texts.push(comment);
  }
  return texts;
}

/** Sentences that are given to the constructor of an error. */
function errorsIn(program: ESTree.Program): readonly { readonly start: number; readonly text: string }[] {
  const found: { start: number; text: string }[] = [];
  new Visitor({
    NewExpression({ callee, arguments: given }) {
      if (callee.type !== 'Identifier' || !/(?:Error|Failure)$/.test(callee.name)) return;
      for (const argument of given) {
        const text = sentenceOf(argument);
        if (text?.includes(' ') === true) found.push({ start: argument.start, text });
      }
    },
  }).visit(program);
  return found;
}

function sentenceOf(node: ESTree.Argument): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type !== 'TemplateLiteral') return null;
  return node.quasis.map(({ value }) => value.cooked ?? '').join('x');
}

/** Paragraphs, headings and list items of a Markdown page; no code, no tables, no pictures. */
export function documentTexts(file: string, source: string): readonly Text[] {
  const texts: Text[] = [];
  let isCode = false;
  let isNew = true;
  for (const [index, line] of source.split('\n').entries()) {
    if (/^\s*(?:```|~~~)/.test(line)) isCode = !isCode;
    const isProse = !isCode && !/^\s*(?:```|~~~|\||<|!\[|$)/.test(line);
    const begins = isNew || /^\s*(?:[-*#>]|\d+\.)\s/.test(line);
    const text = line.replace(/^\s*(?:[-*>]|#+|\d+\.)\s+/, '').trim();
    const last = texts.at(-1);
    if (isProse && !begins && last !== undefined) texts[texts.length - 1] = { ...last, text: `${last.text} ${text}` };
    else if (isProse) texts.push({ file, line: index + 1, kind: 'document', text });
    isNew = !isProse || line.startsWith('#');
  }
  return texts;
}
