const WIDTH = 40;

/** Draws a share (0 to 1) as a bar on stderr when that is a terminal, and nothing elsewhere. */
export function progressBar(label: string): { show(share: number): void; done(): void } {
  if (!process.stderr.isTTY) return { show: () => undefined, done: () => undefined };
  let shown = -1;
  const show = (share: number) => {
    const percent = Math.floor(Math.min(Math.max(share, 0), 1) * 100);
    if (percent === shown) return;
    shown = percent;
    const filled = Math.round((percent / 100) * WIDTH);
    process.stderr.write(`\r${label} [${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${percent}%`);
  };
  return {
    show,
    done: () => {
      show(1);
      process.stderr.write('\n');
    },
  };
}
