import { v7 } from 'uuid';

/** A new id (UUID v7): its order is the order of making, which keeps indexes dense and lists stable. */
export function uuidv7(): string {
  return v7();
}
