// Asks the SQL Server Browser for the port of a named instance ([MC-SQLR]: one datagram to port 1434, one back). The driver could, but its
// question cannot be aborted.

import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';

const BROWSER_PORT = 1434;
/** CLNT_UCAST_EX, the question for all instances: one that does not exist is then answered too. */
const QUESTION = Buffer.from([0x03]);
/** A datagram can be lost, so the question is asked again and again until the signal is aborted. */
const ASK_AGAIN_MS = 500;
/** The kind of answer and its length, before the text. */
const ANSWER_HEADER_BYTES = 3;

/** The TCP port of an instance. Rejects when the server does not know the instance, or when the signal is aborted. */
export async function findInstancePort(server: string, instance: string, signal: AbortSignal): Promise<number> {
  const { address, family } = await lookup(server);
  signal.throwIfAborted();
  const answer = await ask(address, family === 6 ? 'udp6' : 'udp4', signal);
  const port = portIn(answer, instance);
  if (port === undefined) throw new Error(`there is no instance ${instance} with TCP on ${server}`);
  return port;
}

function ask(address: string, type: 'udp4' | 'udp6', signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(type);
    const send = () => socket.send(QUESTION, BROWSER_PORT, address);
    const timer = setInterval(send, ASK_AGAIN_MS);
    const end = () => {
      clearInterval(timer);
      signal.removeEventListener('abort', abort);
      socket.close();
    };
    const abort = () => {
      end();
      reject(new Error('the SQL Server Browser (UDP port 1434) does not answer'));
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', (error) => {
      end();
      reject(error);
    });
    socket.once('message', (message) => {
      end();
      resolve(message.toString('latin1', ANSWER_HEADER_BYTES));
    });
    send();
  });
}

/** The answer is `ServerName;HOST;InstanceName;NAME;IsClustered;No;Version;15.0;tcp;1433;;` for one instance after the other. */
function portIn(answer: string, instance: string): number | undefined {
  for (const entry of answer.split(';;')) {
    const words = entry.split(';');
    const valueOf = (key: string) => words[words.indexOf(key) + 1];
    if (!words.includes('tcp') || valueOf('InstanceName')?.toUpperCase() !== instance.toUpperCase()) continue;
    return Number(valueOf('tcp'));
  }
  return undefined;
}
