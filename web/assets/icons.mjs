// Draws the icon of the suite as PNG files, from the very shapes of web/static/icon.svg: no drawing program is needed.
//
// A PNG is a signature and four kinds of chunks (RFC 2083); its pixels are rows, each after a zero, compressed by zlib.

import { crc32, deflateSync } from "node:zlib";

const BRAND = [0x0b, 0x4f, 0x6c];
const WHITE = [255, 255, 255];
const SIZE = 28; // of the drawing
const SAMPLES = 4; // a pixel is looked at in 4 x 4 places, so that slanted edges are smooth

// The envelope, as in icon.svg: an outline, and two holes (even-odd).
const ENVELOPE = [
  [[4, 7], [24, 7], [24, 21], [4, 21]],
  [[6.1, 8.7], [14, 15.4], [21.9, 8.7]],
  [[5.7, 10.6], [5.7, 19.3], [22.3, 19.3], [22.3, 10.6], [14, 17.6]],
];

/** Whether the point lies inside the shapes: a ray from it crosses their edges an odd number of times. */
function inside(shapes, x, y) {
  let odd = false;
  for (const shape of shapes) {
    shape.forEach(([x1, y1], at) => {
      const [x2, y2] = shape[(at + 1) % shape.length];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
    });
  }
  return odd;
}

/** Whether the point lies on the sheet: a square whose corners are rounded by `radius`. */
function onSheet(x, y, radius) {
  const past = (value) => Math.max(radius - value, value - (SIZE - radius), 0);
  return Math.hypot(past(x), past(y)) <= radius;
}

/** The icon as the bytes of a PNG file. `full`: to the edges, for systems that cut their own shape out of it. */
export function icon(pixels, { full = false } = {}) {
  const rows = Buffer.alloc(pixels * (1 + pixels * 4));
  // what is cut out of a full icon is at most a tenth on each side: the envelope keeps inside the rest
  const scale = full ? SIZE / (pixels * 0.76) : SIZE / pixels;
  const shift = full ? (SIZE - SIZE / 0.76) / 2 : 0;
  for (let row = 0; row < pixels; row += 1) {
    for (let column = 0; column < pixels; column += 1) {
      const sum = [0, 0, 0, 0];
      for (let sample = 0; sample < SAMPLES ** 2; sample += 1) {
        const x = (column + ((sample % SAMPLES) + 0.5) / SAMPLES) * scale + shift;
        const y = (row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) * scale + shift;
        if (!full && !onSheet(x, y, 4)) continue;
        const colour = inside(ENVELOPE, x, y) ? WHITE : BRAND;
        colour.forEach((part, at) => { sum[at] += part; });
        sum[3] += 1;
      }
      const place = row * (1 + pixels * 4) + 1 + column * 4;
      for (let at = 0; at < 3; at += 1) rows[place + at] = sum[3] ? Math.round(sum[at] / sum[3]) : 0;
      rows[place + 3] = Math.round((255 * sum[3]) / SAMPLES ** 2);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(pixels, 0);
  head.writeUInt32BE(pixels, 4);
  head.set([8, 6, 0, 0, 0], 8); // 8 bits each of red, green, blue and opacity
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(kind, content) {
  const named = Buffer.concat([Buffer.from(kind, "latin1"), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
