// The time zone of the CRM's database: a name that Intl knows.

import { nearest } from '../core/nearest';
import { problem, quoted, refine, text, type Shape } from '../core/shape';
import { isTimeZone } from '../core/wall-clock';

/** The IANA name of a time zone, such as `America/Chicago`. */
export function timeZoneShape(): Shape<string> {
  return refine(text(), (zone, place) => {
    if (isTimeZone(zone)) return;
    const near = nearestZones(zone);
    const hint = near.length === 0 ? 'an IANA name such as America/Chicago is wanted' : `did you mean ${near.join(' or ')}?`;
    problem(place, `${quoted(zone)} is no time zone; ${hint}`);
  });
}

/** Zones that may be meant: the city without its continent, else a name nearly right. */
function nearestZones(zone: string): readonly string[] {
  const zones = Intl.supportedValuesOf('timeZone');
  const city = zone.trim().toLowerCase().replace(/\s+/g, '_');
  const cities = zones.filter((known) => known.toLowerCase().endsWith(`/${city}`));
  const near = nearest(zone, zones);
  return cities.length > 0 || near === undefined ? cities : [near];
}
