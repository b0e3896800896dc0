import { type ESTree, parseSync, Visitor } from 'vite';

/** One change of a source file that a test should notice. */
export interface Mutant {
  /** Offsets of what is replaced. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** From 1. */
  readonly line: number;
}

export interface Mutants {
  readonly mutants: readonly Mutant[];
  /** How many mutants comments leave out. */
  readonly disabled: number;
}

/** A comment that leaves out the mutants of the next line. The rest of it has to give a reason. */
const disabling = /^\s*mutants: none on the next line, since \S/;

const swapped: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '+=': ['-='],
  '-=': ['+='],
};

const swappedMethods: ReadonlyMap<string, string> = new Map(
  Object.entries({
    some: 'every',
    every: 'some',
    min: 'max',
    max: 'min',
    find: 'findLast',
    findLast: 'find',
    startsWith: 'endsWith',
    endsWith: 'startsWith',
  }),
);

/** All mutants of a TypeScript file, in the order of their places. Texts of sentences are no behaviour and stay. */
export function mutantsOf(source: string): Mutants {
  const { program, comments, errors } = parseSync('source.ts', source);
  if (errors.length > 0) throw new Error(`Expected TypeScript but received ${errors[0]?.message}`);
  const lineOf = (offset: number) => source.slice(0, offset).split('\n').length;
  const silent = new Set(comments.filter(({ value }) => disabling.test(value)).map(({ end }) => lineOf(end) + 1));
  const found = changesIn(program, source)
    .map((change) => ({ ...change, line: lineOf(change.start) }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const mutants = found.filter(({ line }) => !silent.has(line));
  return { mutants, disabled: found.length - mutants.length };
}

type Change = Omit<Mutant, 'line'>;

function changesIn(program: ESTree.Program, source: string): readonly Change[] {
  const changes: Change[] = [];
  const types: ESTree.Span[] = [];
  const replace = ({ start, end }: ESTree.Span, replacement: string) => changes.push({ start, end, replacement });
  const swap = (left: ESTree.Span, operator: string, right: ESTree.Span) => {
    const start = left.end + source.slice(left.end, right.start).indexOf(operator);
    for (const other of swapped[operator] ?? []) replace({ start, end: start + operator.length }, other);
  };
  const force = (test: ESTree.Span) => {
    replace(test, 'true');
    replace(test, 'false');
  };
  new Visitor({
    IfStatement: ({ test }) => force(test),
    ConditionalExpression: ({ test }) => force(test),
    BinaryExpression({ left, operator, right }) {
      if (operator !== '+' || !(isText(left) || isText(right))) swap(left, operator, right);
    },
    LogicalExpression: ({ left, operator, right }) => swap(left, operator, right),
    AssignmentExpression: ({ left, operator, right }) => swap(left, operator, right),
    UnaryExpression(node) {
      if (node.operator === '!') replace({ start: node.start, end: node.argument.start }, '');
    },
    Literal(node) {
      if (typeof node.value === 'boolean') replace(node, String(!node.value));
      // Larger numbers are mostly tuned: one more or less is not wrong.
      if (typeof node.value === 'number' && node.value <= 2) replace(node, String(node.value + 1));
    },
    MemberExpression({ property }) {
      const other = property.type === 'Identifier' ? swappedMethods.get(property.name) : undefined;
      if (other !== undefined) replace(property, other);
    },
    ExpressionStatement(node) {
      if (isCall(node.expression)) replace(node, ';');
    },
    ThrowStatement: (node) => void replace(node, ';'),
    // A literal that is a type has no behaviour.
    TSLiteralType: ({ literal }) => void types.push(literal),
    TSEnumMember: (node) => void types.push(node),
  }).visit(program);
  return changes.filter((change) => !types.some(({ start, end }) => start <= change.start && change.end <= end));
}

const isText = (node: ESTree.Node): boolean =>
  node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');

const isCall = (node: ESTree.Node): boolean =>
  node.type === 'CallExpression' || (node.type === 'AwaitExpression' && isCall(node.argument));
