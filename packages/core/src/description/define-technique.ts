import {RegularizerError} from '../lib/errors.ts';
import {memberOf} from '../lib/given.ts';
import {isPlainObject} from '../lib/json.ts';
import type {Regularizer} from '../regularizer.ts';
import {checkRecord} from './check.ts';
import {checkDescription} from './check-description.ts';
import type {OptionRecord} from './option.ts';
import * as option from './option.ts';
import type {Technique} from './technique.ts';
import type {TrialModel} from './trial.ts';

const recipe = option.instance<object>('an object of options', isPlainObject);
const models: readonly TrialModel[] = [
  'classifier',
  'images',
  'residual',
  'autoencoder',
  'sequence',
  'regression',
  'composite',
];

const described: OptionRecord = {
  name: option.text({about: "Its factory's name.", required: true}),
  title: option.text({about: 'What people call it.'}),
  family: option.text({about: 'The family it is of.', required: true}),
  about: option.text({about: 'What it does, in one sentence.', required: true}),
  options: recipe({about: 'Its options.', required: true}),
  example: recipe({about: 'Options to start with.'}),
  trials: option.list<readonly object[]>(
    option.record<object>({
      label: option.text({about: 'What tells it from the others.'}),
      options: recipe({about: 'Options as a recipe has them.'}),
      on: option.list<readonly TrialModel[]>(option.choice(models, {about: 'One of them.'}))({
        about: 'What to train it on.',
        distinct: true,
      }),
      epochs: option.integer({min: 1, about: 'Epochs that it takes.'}),
    } as never)({about: 'A use of it.'}),
  )({about: 'Uses of it.'}),
  create: option.callback()({about: 'Makes the plugin.', required: true}),
};

/**
 * Checks what a technique says of itself, its options as {@link readOptions} checks a description.
 *
 * @throws RegularizerError with a code of `checkOption`, or `reserved-option`, in the technique's name
 */
export function checkTechnique(given: unknown): asserts given is Technique {
  const own = memberOf(given, 'name');
  const name = typeof own === 'string' && own !== '' ? own : 'technique';
  checkRecord(name, '', given, described);
  const {options} = given;
  checkDescription(name, '', options);
  const taken = ['name', 'settings'].find((key) => Object.hasOwn(options, key));
  if (taken === undefined) return;
  throw new RegularizerError({
    where: name,
    code: 'reserved-option',
    message: `no option can be called ${taken}: what readTechnique gives holds the plugin's own beside the options`,
    hint: 'Call it something else.',
    option: taken,
  });
}

/**
 * Puts together what a technique says of itself, and checks it.
 *
 * @throws RegularizerError as {@link checkTechnique}
 */
export function defineTechnique(
  technique: Omit<Technique, 'create'> & {
    // The factory checks whatever it is given, so any options will do.
    readonly create: (options: never) => Regularizer;
  },
): Technique {
  checkTechnique(technique);
  const {create} = technique;
  return {...technique, create: (options) => create(options)};
}
