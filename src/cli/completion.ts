import { type Command, CommandError, command } from './command.ts';
import { commonOptions } from './shell/words.ts';

/** Words that may follow the command's name, in shells' syntax of a list. */
function wordsOf({ options }: Command): string {
  return [...Object.keys(options), ...Object.keys(commonOptions)].map((word) => `--${word}`).join(' ');
}

function bash(commands: readonly Command[]): string {
  const first = [...new Set(commands.map(({ name }) => name.split(' ')[0]))];
  const cases = first.map((name) => {
    const some = commands.filter((each) => each.name.split(' ')[0] === name);
    const second = some.flatMap((each) => each.name.split(' ')[1] ?? []);
    const words = new Set(some.flatMap((each) => wordsOf(each).split(' ')));
    return `    ${name}) words="${[...second, ...words].join(' ')}" ;;`;
  });
  return `_tintype() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...first, '--help', '--version'].join(' ')}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  case "$word" in -*) ;; *) COMPREPLY+=($(compgen -f -- "$word")) ;; esac
}
complete -o filenames -F _tintype tintype`;
}

/** zsh runs completions of bash. */
const zsh = (commands: readonly Command[]) => `autoload -Uz compinit bashcompinit
compinit
bashcompinit
${bash(commands)}`;

/** Completion of commands and options in a shell. */
export function completionCommand(others: readonly Command[]): Command {
  return command({
    name: 'completion',
    summary: 'Prints a script that completes commands and options of tintype in bash or zsh.',
    operands: { usage: 'bash|zsh', least: 1, most: 1 },
    notes: [],
    options: {},
    environment: {},
    examples: [
      ['source <(tintype completion bash)', 'in ~/.bashrc'],
      ['source <(tintype completion zsh)', 'in ~/.zshrc'],
    ],
    run: async ({ operands: [shell] }) => {
      if (shell !== 'bash' && shell !== 'zsh') {
        throw new CommandError('usage', `Expected bash or zsh but received ${shell}; see tintype completion --help`);
      }
      const script = (shell === 'bash' ? bash : zsh)([...others, completionCommand(others)]);
      return { json: { script }, text: script };
    },
  });
}
