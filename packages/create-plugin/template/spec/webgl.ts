import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';

await tf.setBackend('webgl');
