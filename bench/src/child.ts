// Programs that train, kept alive to take turns.
import {type ChildProcess, spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {type Answer, answerMark, type Request} from './protocol.ts';

/** How a program is started. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** A program that answers one request after the other. */
export class Child {
  readonly #process: ChildProcess;
  readonly #last: string[] = [];
  #waiting: Waiting | undefined;
  #isOver = false;

  constructor(name: string, {program, args, env = {}}: Command) {
    this.#process = spawn(program, args, {env: {...process.env, ...env}, stdio: ['pipe', 'pipe', 'pipe']});
    const remember = (line: string): void => {
      this.#last.push(line);
      if (this.#last.length > 20) this.#last.shift();
    };
    createInterface({input: this.#process.stderr!}).on('line', remember);
    createInterface({input: this.#process.stdout!}).on('line', (line) => {
      if (line.startsWith(answerMark)) this.#take(JSON.parse(line.slice(answerMark.length)));
      else remember(line);
    });
    const end = (): void => {
      this.#isOver = true;
      this.#waiting?.reject(new Error(`${name} ended.\n${this.#last.join('\n')}`));
    };
    // Writing to a program that is gone would otherwise end this one.
    this.#process.stdin!.on('error', () => undefined);
    this.#process.on('error', end);
    this.#process.on('close', end);
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @throws Error with what the program said, if it cannot do it or has ended
   */
  ask(request: Request): Promise<Answer> {
    if (this.#isOver) return Promise.reject(new Error(this.#last.join('\n')));
    return new Promise((resolve, reject) => {
      this.#waiting = {resolve, reject};
      this.#process.stdin!.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Ends the program. */
  end(): void {
    this.#process.kill();
  }

  #take(reply: Answer & {readonly error?: string}): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (reply.error === undefined) waiting?.resolve(reply);
    else waiting?.reject(new Error(reply.error));
  }
}
