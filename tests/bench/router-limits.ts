import { connect as connectSocket } from 'node:net';
import { encodeSentence, makeDecoder } from '#sandbox/routeros/codec.ts';

/** What a router may be asked a second when a plan is applied. */
export const PACE = 100;
const WINDOW = 16;

/** Sends the sentences in their order to a router that has nothing yet, 16 unanswered at most; answers how many seconds it took. */
export function replay({ port, username, password }: { port: number; username: string; password: string }, sentences: string[][]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(port, '127.0.0.1');
    const decoder = makeDecoder({ maxWord: 1 << 20, maxWords: 1000 });
    let began = 0;
    let next = 0;
    let answered = 0;
    const send = () => {
      while (next < sentences.length && next - answered < WINDOW) {
        socket.write(encodeSentence([...sentences[next]!.filter((word) => !word.startsWith('.tag=')), `.tag=${next}`]));
        next += 1;
      }
    };
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.write(encodeSentence(['/login', `=name=${username}`, `=password=${password}`]));
    socket.on('data', (chunk) => {
      for (const [reply] of decoder.push(chunk)) {
        if (reply !== '!done') continue;
        if (began === 0) began = performance.now();
        else answered += 1;
      }
      if (answered === sentences.length) {
        socket.destroy();
        resolve((performance.now() - began) / 1000);
      } else send();
    });
  });
}
