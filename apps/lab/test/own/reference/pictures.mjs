// Pictures in each format, and the pixels that sharp has of them: what the command line trains on.
//
//   node apps/lab/test/own/reference/pictures.mjs
import {writeFile} from 'node:fs/promises';
import sharp from 'sharp';

/** Waves of colours, which no decoder may take for grey, and no crop for another one. */
function waves(width, height, channels) {
  const pixels = new Uint8Array(width * height * channels);
  for (let at = 0; at < pixels.length; at++) {
    const channel = at % channels;
    const across = Math.floor(at / channels) % width;
    const down = Math.floor(at / channels / width);
    pixels[at] = 128 + 120 * Math.sin((1 + channel) * (across / width) * 5 + (down / height) * 3);
  }
  return sharp(pixels, {raw: {width, height, channels}});
}

const pictures = [
  {name: 'as it is.png', size: 8, picture: waves(8, 8, 3).png()},
  {name: 'transparent.png', size: 8, picture: waves(8, 8, 4).png()},
  {name: 'wide.png', size: 16, picture: waves(64, 40, 3).png()},
  {name: 'tall.jpg', size: 16, picture: waves(40, 64, 3).jpeg({quality: 95})},
  {
    name: 'turned.jpg',
    size: 16,
    picture: waves(64, 40, 3).withMetadata({orientation: 6}).jpeg({quality: 95}),
  },
  {name: 'lossless.webp', size: 12, picture: waves(12, 12, 3).webp({lossless: true})},
];

const entries = [];
for (const {name, size, picture} of pictures) {
  const bytes = await picture.toBuffer();
  const pixels = {};
  for (const channels of ['rgb', 'grey']) {
    const raw = await sharp(bytes)
      .autoOrient()
      .flatten({background: 'white'})
      .resize(size, size, {fit: 'cover'})
      .toColourspace(channels === 'grey' ? 'b-w' : 'srgb')
      .raw()
      .toBuffer();
    pixels[channels] = raw.toString('base64');
  }
  entries.push({name, size, bytes: bytes.toString('base64'), pixels});
}
const text = JSON.stringify({sharp: sharp.versions.sharp, pictures: entries});
await writeFile(new URL('./pictures.json', import.meta.url), `${text}\n`);
