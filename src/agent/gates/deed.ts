/** What a call would do, taken apart: each deed is judged for itself, and the strictest verdict is the verdict of the call. */

/** Where a path leads, by its text alone; links are the business of tool and sandbox. */
export type Place =
  /** Below `workspace/`, or a folder that the owner gave to be written. */
  | 'workspace'
  /** The workspace itself. */
  | 'root'
  /** `.git` inside it, whose hooks and settings run programs. */
  | 'git'
  /** The sandbox's own `/tmp`. */
  | 'scratch'
  /** A folder of the owner that may be read only. */
  | 'shown'
  /** `/dev/null` and the standard streams. */
  | 'stream'
  /** `/dev/tcp` and `/dev/udp`, with which bash opens connections. */
  | 'socket'
  /** Programs and their libraries. */
  | 'system'
  | 'outside'
  /** Known only when it runs. */
  | 'unknown'

/** A way of writing a command that hides what would be done, or changes what the words of it mean. */
export type Form =
  | 'broken'
  | 'too-long'
  | 'too-deep'
  | 'unseen'
  | 'hidden-program'
  | 'hidden-script'
  | 'fed-script'
  | 'strange-wrapper'
  | 'shadow'
  | 'loader-variable'
  | 'runs-text'
  | 'other-root'
  | 'substitution'
  | 'expansion'
  | 'glob'
  | 'brace'
  | 'arithmetic'
  | 'here-doc'
  | 'function'
  | 'assignment'
  | 'background'
  | 'fed-arguments'

/** One simple command with its wrappers taken off. */
export type CommandDeed = {
  readonly kind: 'command'
  /** Lower case, without its folder where that is one of the system's. */
  readonly program: string
  /** The first word that is no option, for programs that have commands of their own (git, npm …); else empty. */
  readonly sub: string
  /** Every option, bundles taken apart: `-rf` is `-r`, `-f` and `-rf`. */
  readonly options: readonly string[]
  /** What is no option, without `sub`. */
  readonly args: readonly string[]
  /** All words after the program. */
  readonly words: readonly string[]
  /** False where some word is known only when it runs. */
  readonly isSure: boolean
  /** Its input comes from another command. */
  readonly isPiped: boolean
}

/** A path that is read or written. */
export type PathDeed = {
  readonly kind: 'path'
  readonly access: 'read' | 'write'
  readonly via: 'tool' | 'command' | 'redirect'
  readonly place: Place
  /** Relative to the workspace where it lies in it, else as it resolves. */
  readonly path: string
  /** Whether its name is that of a file with secrets: certainly, or perhaps. */
  readonly secret: 'no' | 'maybe' | 'yes'
}

/** A request over the network. */
export type RequestDeed = {
  readonly kind: 'request'
  readonly method: string
  readonly host: string
  readonly isPrivate: boolean
  /** The owner lets this host be read without a question. */
  readonly isListed: boolean
}

/** Anything that a call would do. */
export type Deed =
  | { readonly kind: 'tool'; readonly tool: string }
  | { readonly kind: 'form'; readonly form: Form }
  | CommandDeed
  | PathDeed
  | RequestDeed
