// GLSL ES 3.00 of the draws. tfjs puts its own prefix before each, with `setOutput` and `outTexShape`.

/** Philox4x32-10 at a uniform `address`; element i of a draw is word i mod 4 of block i div 4. */
export const philox: string = `
uvec2 philoxMultiply(uint a, uint b) { // low and high word of a·b, from 16-bit halves
  uint aLow = a & 0xffffu;
  uint aHigh = a >> 16;
  uint bLow = b & 0xffffu;
  uint bHigh = b >> 16;
  uint mid = aHigh * bLow + ((aLow * bLow) >> 16);
  uint cross = aLow * bHigh + (mid & 0xffffu);
  return uvec2(a * b, aHigh * bHigh + (mid >> 16) + (cross >> 16));
}

uvec4 philoxBlock(uint block) {
  uvec4 c = uvec4(block, 0u, uint(address.z), uint(address.w));
  uvec2 k = uvec2(uint(address.x), uint(address.y));
  for (int i = 0; i < 10; i++) {
    uvec2 p = philoxMultiply(0xD2511F53u, c.x);
    uvec2 q = philoxMultiply(0xCD9E8D57u, c.z);
    c = uvec4(q.y ^ c.y ^ k.x, q.x, p.y ^ c.w ^ k.y, p.x);
    k += uvec2(0x9E3779B9u, 0xBB67AE85u);
  }
  return c;
}

uint wordAt(uvec4 block, uint lane) {
  return lane < 2u ? (lane == 0u ? block.x : block.y) : (lane == 2u ? block.z : block.w);
}

float unitFloat(uint word) { // 23 random bits as a float in [1, 2), less 1: exact
  return uintBitsToFloat((word & 0x7fffffu) | 0x3f800000u) - 1.0;
}
`;

/** Philox for the one element that a fragment writes. */
const ownPhilox = `${philox}
// The fragment's own position, rather than an interpolated coordinate, keeps the index exact in large textures.
uint elementIndex() {
  return uint(gl_FragCoord.y) * uint(outTexShape[1]) + uint(gl_FragCoord.x);
}
`;

/** Uniform in [0, 1). */
export const uniformShader: string = `${ownPhilox}
void main() {
  uint i = elementIndex();
  setOutput(unitFloat(wordAt(philoxBlock(i >> 2), i & 3u)));
}
`;

/** 1 where uniform < threshold, else 0. */
export const bernoulliShader: string = `${ownPhilox}
void main() {
  uint i = elementIndex();
  float u = unitFloat(wordAt(philoxBlock(i >> 2), i & 3u));
  setOutput(u < getThresholdAtOutCoords() ? 1.0 : 0.0);
}
`;

/** Integers, bounds = (min, max − min). */
export const integersShader: string = `${ownPhilox}
void main() {
  uint i = elementIndex();
  uint word = wordAt(philoxBlock(i >> 2), i & 3u);
  setOutput(float(bounds.x + int(word % uint(bounds.y))));
}
`;

/**
 * Normal by Box–Muller. The logarithm and the sine are our own: GLSL lets an implementation's sine be off by 2⁻¹¹,
 * and these are good to a few units in the last place on any GPU, since the random bits give the quadrant exactly.
 */
export const normalShader: string = `${ownPhilox}
float logOf(float x) { // x = m·2^e with m in [√½, √2]; log m = 2·atanh((m − 1)/(m + 1))
  uint bits = floatBitsToUint(x);
  float e = float(int(bits >> 23) - 127);
  float m = uintBitsToFloat((bits & 0x7fffffu) | 0x3f800000u);
  if (m > 1.41421356) {
    m *= 0.5;
    e += 1.0;
  }
  float s = (m - 1.0) / (m + 1.0);
  float z = s * s;
  float series = 2.0 + z * (0.66666667 + z * (0.4 + z * (0.28571429 + z * 0.22222222)));
  return e * 0.693359375 + (e * -2.12194440e-4 + s * series);
}

vec2 sineCosine(uint word) { // of 2π·u, u = the 23 bits / 2²³
  int bits = int(word & 0x7fffffu);
  int quadrant = (bits + 0x100000) >> 21;
  float t = float(bits - (quadrant << 21)) * 7.4901405658e-7; // π/2 · 2⁻²¹, so |t| ≤ π/4
  float z = t * t;
  float s = t + t * z * (-0.16666667 + z * (8.3333333e-3 + z * (-1.9841270e-4 + z * 2.7557319e-6)));
  float c = 1.0 + z * (-0.5 + z * (0.041666667 + z * (-1.3888889e-3 + z * (2.4801587e-5 - z * 2.7557319e-7))));
  vec2 turned = (quadrant & 1) == 0 ? vec2(s, c) : vec2(c, -s);
  return (quadrant & 2) == 0 ? turned : -turned;
}

void main() {
  uint i = elementIndex();
  uvec4 block = philoxBlock(i >> 2);
  uvec2 pair = (i & 2u) == 0u ? block.xy : block.zw;
  float radius = sqrt(-2.0 * logOf(max(unitFloat(pair.x), 1e-7)));
  vec2 direction = sineCosine(pair.y);
  setOutput(radius * ((i & 1u) == 0u ? direction.x : direction.y));
}
`;

/** The rank of each element's 23 bits among those of all bounds.y elements, ties in order of index. */
export const permutationShader: string = `${ownPhilox}
uint countBefore(uvec4 block, uint bits, uint first, uint self, uint size) {
  uint count = 0u;
  for (uint lane = 0u; lane < 4u; lane++) {
    uint other = wordAt(block, lane) & 0x7fffffu;
    uint index = first + lane;
    if (index < size && (other < bits || (other == bits && index < self))) count++;
  }
  return count;
}

void main() {
  uint i = elementIndex();
  uint size = uint(bounds.y);
  uint bits = wordAt(philoxBlock(i >> 2), i & 3u) & 0x7fffffu;
  uint rank = 0u;
  for (uint first = 0u; first < size; first += 4u) {
    rank += countBefore(philoxBlock(first >> 2), bits, first, i, size);
  }
  setOutput(float(rank));
}
`;
