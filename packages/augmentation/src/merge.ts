import type {Colouring, ImageTechnique, Moving} from './image-plugin.ts';
import type {Reach} from './motion.ts';
import {canShareResample, joinMotions, type Keys, type Motion} from './motion.ts';
import type {PixelRange} from './options.ts';
import {checkReach} from './random-shift.ts';
import {joinRecolourings} from './recolouring.ts';

/**
 * The techniques with neighbours made one where they can be, each drawing under its own name.
 *
 * @param where the pipeline's name, for messages
 */
export function mergeNeighbours(
  where: string,
  techniques: readonly ImageTechnique[],
): readonly ImageTechnique[] {
  const merged: ImageTechnique[] = [];
  for (const technique of techniques.map(underItsName)) {
    const last = merged.pop();
    const joined = last && join(where, last, technique);
    if (joined) merged.push(joined);
    else merged.push(...(last ? [last] : []), technique);
  }
  return merged;
}

/** The technique with its purposes prefixed, so that no two of a pipeline draw from one stream. */
function underItsName(technique: ImageTechnique): ImageTechnique {
  const within = (keys: Keys): Keys => {
    return (purpose) => keys(`${technique.name}/${purpose}`);
  };
  switch (technique.kind) {
    case 'moving': {
      const {motion, alone} = technique;
      return {
        ...technique,
        motion: {...motion, matrices: (batch, size, keys) => motion.matrices(batch, size, within(keys))},
        ...(alone && {alone: (images, keys, content) => alone(images, within(keys), content)}),
      };
    }
    case 'colouring': {
      const {recolouring} = technique;
      const map: typeof recolouring.map = (batch, keys, mean, range) =>
        recolouring.map(batch, within(keys), mean, range);
      return {...technique, recolouring: {map}};
    }
    case 'erasing':
      return {
        ...technique,
        change: (images, keys, range) => technique.change(images, within(keys), range),
      };
  }
}

/** The two as one technique, or undefined where they have to stay two. */
function join(where: string, first: ImageTechnique, then: ImageTechnique): ImageTechnique | undefined {
  if (first.kind === 'moving' && then.kind === 'moving') {
    return canShareResample(first.motion, then.motion) ? joinMoving(where, first, then) : undefined;
  }
  if (first.kind === 'colouring' && then.kind === 'colouring') {
    return isSameRange(first.range, then.range) ? joinColouring(first, then) : undefined;
  }
  return undefined;
}

/** Whether two techniques can share a map: they clip to one range. */
function isSameRange(one: PixelRange, other: PixelRange): boolean {
  return one === other || (one !== 'data' && one[0] === other[0] && one[1] === other[1]);
}

function joinMoving(where: string, first: Moving, then: Moving): Moving {
  const motion = joinMotions(first.motion, then.motion);
  const reach = addReaches(first.reach, then.reach);
  return {
    kind: 'moving',
    ...bothOf(first, then),
    motion,
    reach,
    check: (shape) => {
      first.check?.(shape);
      then.check?.(shape);
      if (wraps(motion)) checkReach(where, 'the sum of whole-pixel shifts', reach, shape);
    },
  };
}

/** TensorFlow wraps once: a place more than a side outside would show the edge. */
function wraps({fill}: Motion): boolean {
  return fill?.fillMode === 'wrap';
}

const still: Reach = {horizontal: 0, vertical: 0};

function addReaches(one: Reach = still, other: Reach = still): Reach {
  return {horizontal: one.horizontal + other.horizontal, vertical: one.vertical + other.vertical};
}

function joinColouring(first: Colouring, then: Colouring): Colouring {
  return {
    kind: 'colouring',
    ...bothOf(first, then),
    range: first.range,
    recolouring: joinRecolourings(first.recolouring, then.recolouring),
    check: (shape) => {
      first.check?.(shape);
      then.check?.(shape);
    },
  };
}

/** A technique that pipelines merge has no image options and is not idle. */
function bothOf(
  first: ImageTechnique,
  then: ImageTechnique,
): Pick<ImageTechnique, 'name' | 'settings' | 'idle' | 'options'> {
  return {name: `${first.name} and ${then.name}`, settings: {}, idle: false, options: {}};
}
