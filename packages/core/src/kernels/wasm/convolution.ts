import {itemAt} from '../../lib/item.ts';
import {composed, isStoredAsLine, type Replacement} from './compose.ts';

/** A convolution with a fused bias, for a bias that was reshaped. */
export const biasedConvolution: Replacement = (stock) =>
  composed((inputs, attrs, run) => {
    const {bias} = inputs;
    const isLine =
      bias === undefined || bias.shape.length !== 1 || isStoredAsLine(bias, itemAt(bias.shape, 0));
    // A copy is stored in its own shape.
    return run(stock, isLine ? inputs : {...inputs, bias: run('Identity', {x: bias})}, attrs);
  });
