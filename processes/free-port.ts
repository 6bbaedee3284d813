import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Systems take the ports of outgoing connections from above: Linux from 32768, others from 49152 (RFC 6335, section 6). */
const lowest = 20_000;
const beyond = 32_768;

/**
 * A TCP port of this machine that nobody listens on.
 *
 * The server that gets it binds it a moment later. A port that the system chose would by then often be that of somebody's
 * outgoing connection; one drawn from below those is as good as never, but whoever starts the server must notice that it
 * failed. Only loopback is asked, because nothing that we start listens anywhere else.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isPortFree(preferred))) return preferred;
  for (;;) {
    const port = randomInt(lowest, beyond);
    if (await isPortFree(port)) return port;
  }
}

/** True when a server could listen on this port of 127.0.0.1 now. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen({ port, host: '127.0.0.1' }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
