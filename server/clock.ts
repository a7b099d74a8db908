/** The present moment, in one place so that tests and the demo can set it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands at one moment until it is set to another. */
export function clockAt(instant: string | Date): Clock & { set(next: string | Date): void } {
  let present = new Date(instant);
  return {
    now: () => new Date(present),
    set(next) {
      present = new Date(next);
    },
  };
}
