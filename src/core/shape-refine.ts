// A shape with one more look at what another one checked. Import them from core/shape.

import type { Place, Shape } from './shape-base';

/** A shape that is made when it is asked: for a key that few configurations have, since every run makes the shape of the whole. */
export function lazily<T>(make: () => Shape<T>): Shape<T> {
  let made: Shape<T> | undefined;
  const shape = () => (made ??= make());
  return {
    get schema() {
      return shape().schema;
    },
    parse: (raw, place) => shape().parse(raw, place),
  };
}

/** A shape whose checked value becomes another one, which may find more problems. It is asked only where there are none so far. */
export function andThen<T, U>(shape: Shape<T>, next: (value: T, place: Place) => U | undefined): Shape<U> {
  return {
    get schema() {
      return shape.schema;
    },
    parse: (raw, place) => {
      const before = place.source.problems.length;
      const value = shape.parse(raw, place);
      return value === undefined || place.source.problems.length > before ? undefined : next(value, place);
    },
  };
}

/** A shape with one more look at the checked value; the function notes what it finds. */
export function refine<T>(shape: Shape<T>, look: (value: T, place: Place) => void): Shape<T> {
  return andThen(shape, (value, place) => {
    look(value, place);
    return value;
  });
}
