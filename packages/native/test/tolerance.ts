/**
 * How far captured and eager training may lie apart, relative to 1: TensorFlow's fused updates round once where the
 * ops round several times, a few units of 6e-8 over ten steps or so.
 */
export const rounding = 2e-6;
