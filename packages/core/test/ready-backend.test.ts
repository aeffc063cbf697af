// What the trainer knows of the kernels that gradients take, against the gradients themselves.
import {defineRegularizer, type WeightInfo} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, layers, sequential} from '@tensorflow/tfjs-layers';
import {afterEach, describe, expect, test} from 'vitest';
import {readyBackend} from '../src/kernels/ready-backend.ts';
import {errorOf, trainerOf} from './support/trainers.ts';

type Layer = Parameters<LayersModel['add' & keyof LayersModel]>[0];
