/** Positions of a phone's GPS against those of addresses: twin of domain/regions/{datums,positions}.py; tests/vectors/places.json. */

const AXIS_M = 6378245;
const FLATTENING = 0.00669342162296594323;
const EARTH_M = 6371008.8;

export interface Place {
  lat: number;
  lng: number;
}

/** WGS-84 (GPS) → GCJ-02 (addresses, maps in China). */
export function gcjFromWgs({ lat, lng }: Place): Place {
  const shifted = 72.004 <= lng && lng <= 137.8347 && 0.8293 <= lat && lat <= 55.8271;
  if (!shifted) return { lat, lng };
  const [x, y, pi] = [lng - 105, lat - 35, Math.PI];
  const sins = ((20 * Math.sin(6 * x * pi) + 20 * Math.sin(2 * x * pi)) * 2) / 3;
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + sins;
  north += ((20 * Math.sin(y * pi) + 40 * Math.sin((y / 3) * pi)) * 2) / 3;
  north += ((160 * Math.sin((y / 12) * pi) + 320 * Math.sin((y * pi) / 30)) * 2) / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + sins;
  east += ((20 * Math.sin(x * pi) + 40 * Math.sin((x / 3) * pi)) * 2) / 3;
  east += ((150 * Math.sin((x / 12) * pi) + 300 * Math.sin((x / 30) * pi)) * 2) / 3;
  const curve = 1 - FLATTENING * Math.sin(radians(lat)) ** 2;
  const perLat = radians((AXIS_M * (1 - FLATTENING)) / (curve * Math.sqrt(curve)));
  const perLng = radians((AXIS_M / Math.sqrt(curve)) * Math.cos(radians(lat)));
  return { lat: lat + north / perLat, lng: lng + east / perLng };
}

/** Along the earth, in metres; both in the same datum. */
export function metres(a: Place, b: Place): number {
  const [up, over] = [radians(b.lat - a.lat) / 2, radians(b.lng - a.lng) / 2];
  const part = Math.sin(up) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(over) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(part));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
