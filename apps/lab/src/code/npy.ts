/**
 * Numbers as NumPy saves an array (`numpy.load` reads it): a header, then the values, row by row.
 *
 * Format 1.0, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function npyOf(values: Float32Array | Int32Array, shape: readonly number[]): Uint8Array {
  const type = values instanceof Int32Array ? '<i4' : '<f4';
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Magic, version and the header's length take 10 bytes; values begin at a multiple of 64.
  const padding = 64 - ((10 + text.length + 1) % 64);
  const header = `${text}${' '.repeat(padding)}\n`;
  const bytes = new Uint8Array(10 + header.length + 4 * values.length);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  const start = 10 + header.length;
  for (let index = 0; index < values.length; index++) {
    const at = start + 4 * index;
    if (values instanceof Int32Array) view.setInt32(at, values[index]!, true);
    else view.setFloat32(at, values[index]!, true);
  }
  return bytes;
}
