import { Argument, type Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** `plba completion <shell>`: a script for the shell, which knows the commands and asks for the names of workers. */
export function addCompletionCommand(program: Command, contextOf: () => CommandContext): void {
  program
    .command('completion')
    .description('a script that completes commands and workers: source <(plba completion bash)')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action((shell: 'bash' | 'zsh' | 'fish') => {
      const commands = program.commands.map((command) => command.name()).join(' ');
      contextOf().write(scripts[shell](commands));
    });
}

// Of names nothing but what a worker may be called: a shell does what stands in a word that it completes.
const names = `plba workers --json 2>/dev/null | grep -o '"name":"[A-Za-z0-9][A-Za-z0-9._-]*","module"' | cut -d'"' -f4`;
const ofFile = 'check|graph|schedule|new';
const ofWorker = 'worker|runs|start|stop|restart|pause|resume|run';

const scripts = {
  bash: (commands: string): string => `_plba() {
  local current="\${COMP_WORDS[COMP_CWORD]}"
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    ${ofWorker}) COMPREPLY=($(compgen -W "$(${names})" -- "$current")) ;;
    ${ofFile}) COMPREPLY=($(compgen -f -- "$current")) ;;
    completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "${commands}" -- "$current")) ;;
  esac
}
complete -F _plba plba
`,
  zsh: (commands: string): string => `#compdef plba
_plba() {
  case "\${words[CURRENT-1]}" in
    ${ofWorker}) compadd -- $(${names}) ;;
    ${ofFile}) _files ;;
    completion) compadd -- bash zsh fish ;;
    *) compadd -- ${commands} ;;
  esac
}
compdef _plba plba
`,
  fish: (commands: string): string => `complete -c plba -f -n __fish_use_subcommand -a '${commands}'
complete -c plba -f -n '__fish_seen_subcommand_from ${ofWorker.replaceAll('|', ' ')}' -a "(${names.replaceAll('"', '\\"')})"
complete -c plba -F -n '__fish_seen_subcommand_from ${ofFile.replaceAll('|', ' ')}'
`,
};
