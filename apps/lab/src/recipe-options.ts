import {z} from 'zod';
import {dataSchema} from './data/catalog.ts';
import {modelSchema} from './models/catalog.ts';
import {optimizerSchema} from './optimizers.ts';
import {label} from './options.ts';
import {mostRegularizers, regularizerSchema} from './regularizers.ts';

/** What a run is made from: plain JSON, the same for the command line and for the page. */
export const recipeSchema = z.strictObject({
  /** What a person calls it; result files are named after it. */
  name: label.max(100).optional(),
  /** Initial weights, batches and every draw of a regularizer follow from it. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  data: dataSchema,
  model: modelSchema,
  optimizer: optimizerSchema.default({name: 'adam', learningRate: 1e-3, schedule: 'constant'}),
  epochs: z.int().min(1).max(100_000).default(30),
  batchSize: z.int().min(1).max(65_536).default(32),
  regularizers: z.array(regularizerSchema).max(mostRegularizers).default([]),
  evaluation: z
    .strictObject({
      batchSize: z.int().min(1).max(65_536).default(500),
      /** Lists labels that members of an ensemble disagree with, which have not been trained on them. */
      wrongLabels: z.boolean().optional(),
    })
    .default({batchSize: 500}),
});

/** A recipe as a person writes it, defaults left out. */
export type RecipeInput = z.input<typeof recipeSchema>;

/** A recipe with every default filled in, which stays the same run when defaults change. */
export type Recipe = z.output<typeof recipeSchema>;
