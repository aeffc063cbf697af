import {dropout} from '@regularizers/dropout';
import {weightDecay} from '@regularizers/l2';
import {type ReactElement, useState} from 'react';
import {useTraining} from './use-training';

const choices = {weightDecay: () => weightDecay({rate: 0.3}), dropout: () => dropout({rate: 0.1})};
type Choice = keyof typeof choices;

/** The validation loss of each epoch, as a line. */
function Curve({losses}: {readonly losses: readonly number[]}): ReactElement {
  const points = losses.map((loss, i) => `${5 * i},${100 - 100 * Math.min(1, loss)}`).join(' ');
  return (
    <svg viewBox="0 0 300 100" width="300" height="100" role="img" aria-label={`${losses.length} epochs`}>
      <polyline points={points} fill="none" stroke="currentColor" />
    </svg>
  );
}

export function App(): ReactElement {
  const [chosen, setChosen] = useState<readonly Choice[]>(['weightDecay']);
  const {reports, isRunning, error, start, stop} = useTraining();
  const losses = reports.map(({validation}) => validation!.loss);
  return (
    <main>
      <h1>A noisy sine</h1>
      {(Object.keys(choices) as Choice[]).map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            disabled={isRunning}
            onChange={({target: {checked}}) =>
              setChosen(checked ? [...chosen, name] : chosen.filter((other) => other !== name))
            }
          />
          {name}
        </label>
      ))}
      <p>
        {isRunning ? (
          <button type="button" onClick={stop}>
            Stop
          </button>
        ) : (
          <button type="button" onClick={() => start(chosen.map((name) => choices[name]()))}>
            Start
          </button>
        )}
      </p>
      <Curve losses={losses} />
      <p role="status">
        {error ??
          `${isRunning ? 'training' : 'idle'}, ${reports.length} epochs, loss ${losses.at(-1)?.toFixed(3) ?? '–'}`}
      </p>
    </main>
  );
}
