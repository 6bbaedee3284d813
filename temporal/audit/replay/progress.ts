/** How far a long piece of work has come, on stderr: a line that moves for people, a line every five seconds elsewhere. */
export interface Progress {
  show(count: number): void;
  end(): void;
}

/** `total` is null where nobody knows it. */
export function progress(total: number | null, out: NodeJS.WriteStream = process.stderr): Progress {
  const began = performance.now();
  let shownAt = began;
  const everyMs = out.isTTY ? 200 : 5_000;
  return {
    show: (count) => {
      const now = performance.now();
      if (now - shownAt < everyMs) return;
      shownAt = now;
      const perSecond = Math.round(count / ((now - began) / 1_000));
      const line = `${count}${total === null ? '' : ` of about ${total}`} histories replayed, ${perSecond} a second`;
      out.write(out.isTTY ? `\r${line}\u001B[K` : `${line}\n`);
    },
    end: () => {
      if (out.isTTY) out.write('\r\u001B[K');
    },
  };
}
