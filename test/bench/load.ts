import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

// The load of a bench, in a process of its own: so many connections, each sending its next request as soon
// as it has the answer to the last. Reads {port, connections, seconds, requests} on stdin, each request as it
// goes over the wire; prints {perSecond, p50, p95, p99, longest, statuses} (milliseconds). Written on bare sockets, so that
// the client costs less than any server it measures. SIGTERM ends it early, with its figures.

interface Order {
  port: number;
  connections: number;
  seconds: number;
  requests: string[];
}

const { port, connections, seconds, requests } = JSON.parse(await text(process.stdin)) as Order;
const wires = requests.map((request) => Buffer.from(request));
const tookMs: number[] = [];
const statuses: Record<string, number> = {};
let next = 0;
let isOver = false;
const from = performance.now();
const end = setTimeout(() => {
  isOver = true;
}, seconds * 1000);
process.once('SIGTERM', () => {
  isOver = true;
  clearTimeout(end);
});

await Promise.all(Array.from({ length: connections }, drive));

const elapsed = (performance.now() - from) / 1000;
tookMs.sort((a, b) => a - b);
const at = (share: number) => tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * share))] ?? 0;
console.log(
  JSON.stringify({
    perSecond: tookMs.length / elapsed,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    longest: at(1),
    statuses,
  }),
);

async function drive(): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let sentAt = 0;
  let awaited = -1;
  let received = 0;
  const send = () => {
    if (isOver) {
      socket.end();
      return resolve();
    }
    received = 0;
    awaited = -1;
    sentAt = performance.now();
    socket.write(wires[next++ % wires.length]!);
  };
  socket.on('error', reject);
  socket.on('data', (part: Buffer) => {
    // Express sends the headers with the beginning of the body, in one piece.
    if (awaited < 0) {
      const head = part.subarray(0, part.indexOf('\r\n\r\n') + 4).toString('latin1');
      awaited = head.length + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      const status = head.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    received += part.length;
    if (received < awaited) return;
    tookMs.push(performance.now() - sentAt);
    send();
  });
  send();
  await promise;
}
