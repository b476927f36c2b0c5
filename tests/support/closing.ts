// What a test starts is closed when it is over, however it ends.

interface Closable {
  close(): unknown;
}

const open: Closable[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** Has what was started closed after the test that is running. */
export async function closedLater<T extends Closable>(starting: T | Promise<T>): Promise<T> {
  const started = await starting;
  open.push(started);
  return started;
}

/** A stand-in that is closed after the test, and that gives its next answers at once. */
export async function standIn<Reply, T extends Closable & { answer(...replies: readonly Reply[]): void }>(
  starting: Promise<T>,
  ...replies: readonly Reply[]
): Promise<T> {
  const server = await closedLater(starting);
  server.answer(...replies);
  return server;
}
