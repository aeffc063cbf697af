// The page: it starts a worker, shows what it tells, and stays at hand meanwhile.
import type {Answer, Request} from './messages';

const worker = new Worker(new URL('./worker.ts', import.meta.url), {type: 'module'});
const ask = (request: Request): void => worker.postMessage(request);
const [start, stop] = [document.querySelector('#start')!, document.querySelector('#stop')!] as [
  HTMLButtonElement,
  HTMLButtonElement,
];
const status = document.querySelector('[role=status]')!;
const progress = document.querySelector('progress')!;

function say(text: string, isRunning: boolean): void {
  status.textContent = text;
  [start.disabled, stop.disabled] = [isRunning, !isRunning];
}

start.addEventListener('click', () => {
  say('beginning', true);
  ask({kind: 'start'});
});
stop.addEventListener('click', () => ask({kind: 'stop'}));
worker.addEventListener('message', ({data}: MessageEvent<Answer>) => {
  if (data.kind === 'error') return say(data.message, false);
  const right = `${(100 * data.accuracy).toFixed(1)} % right`;
  if (data.kind === 'end') return say(`${data.why}: ${right}`, false);
  progress.value = data.epoch;
  say(`epoch ${data.epoch}: ${right}`, true);
});
