import type {PictureHead} from './pictures.ts';

/**
 * Size and colours of a picture, as its first bytes have them, before anything is decoded: PNG, JPEG and WebP.
 *
 * @returns undefined for what is none of these, or is cut off
 */
export function pictureHead(bytes: Uint8Array): PictureHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint32(0) === 0x89504e47) return pngHead(view);
    if (view.getUint16(0) === 0xffd8) return jpegHead(view);
    if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return webpHead(view);
  } catch {
    // It ends before its head does.
  }
  return undefined;
}

/** Grey with or without an alpha channel, of bytes. */
const pngHead = (view: DataView): PictureHead => ({
  width: view.getUint32(16),
  height: view.getUint32(20),
  isGrey: view.getUint8(24) <= 8 && (view.getUint8(25) === 0 || view.getUint8(25) === 4),
});

/** A frame header follows segments of any kind, each of which says how long it is. */
function jpegHead(view: DataView): PictureHead {
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    while (view.getUint8(at + 1) === 0xff) at++; // fill bytes
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (!isFrame) continue;
    return {
      width: view.getUint16(at + 7),
      height: view.getUint16(at + 5),
      isGrey: view.getUint8(at + 9) === 1,
    };
  }
}

/** Always in colours. */
function webpHead(view: DataView): PictureHead {
  const sideAt = (at: number): number => view.getUint16(at, true) & 0x3fff;
  const wideAt = (at: number): number => 1 + view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  switch (view.getUint32(12)) {
    case 0x56503820: // VP8, lossy
      return {width: sideAt(26), height: sideAt(28), isGrey: false};
    case 0x5650384c: {
      // VP8L, lossless: 14 bits each
      const bits = view.getUint32(21, true);
      return {width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff), isGrey: false};
    }
    default: // VP8X
      return {width: wideAt(24), height: wideAt(27), isGrey: false};
  }
}
