/**
 * Dialling a router: TCP or TLS, then login, within one deadline. This is the only file that knows node-routeros.
 *
 * node-routeros 1.6.9 opens the socket and runs both logins (plain since 6.43, MD5 challenge before). Its receiver and
 * transmitter are replaced by ours in the tick of `connect()`, before a byte can arrive: they lose replies at segment
 * borders, kill the process on replies they do not know, and write code page 1252. The replaced fields are private, so
 * the version is pinned and their shape is checked at every dial.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { TLSSocket, type ConnectionOptions } from 'node:tls';
import { RouterOSAPI } from 'node-routeros';
import { SentenceDecoder, encodeSentence, type DecoderOptions, type Sentence } from './codec.ts';
import { RouterOsError, classifyTrap, errorFromSocket } from './errors.ts';

/**
 * - `off`: plain TCP (8728); the password crosses the network in clear.
 * - `verify`: api-ssl (8729) with a certificate from `ca` (PEM; default the system's CAs). `servername` is the name the
 *   certificate must carry when it is not `host`.
 * - `fingerprint`: api-ssl with exactly this leaf certificate (SHA-256, hex with or without colons), self-signed or not.
 * - `insecure-anonymous`: api-ssl without certificate (anonymous Diffie-Hellman): encrypted, but anybody in the middle
 *   can read along. Only when an operator asked for it.
 */
export type TlsSettings =
  | { readonly mode: 'off' }
  | { readonly mode: 'verify'; readonly ca?: string | readonly string[]; readonly servername?: string }
  | { readonly mode: 'fingerprint'; readonly sha256: string }
  | { readonly mode: 'insecure-anonymous' };

export interface DialOptions extends DecoderOptions {
  readonly host: string;
  /** Default 8728, with TLS 8729. */
  readonly port?: number;
  readonly username: string;
  readonly password: string;
  readonly tls?: TlsSettings;
  /** For connection, handshake and login together, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface TransportHandlers {
  onSentence(sentence: Sentence): void;
  /** The socket takes bytes again after `write` answered false. */
  onDrain(): void;
  /** Once, when the line is gone. */
  onClose(error: RouterOsError): void;
}

/** A logged-in line to one router that carries sentences. */
export interface Transport {
  /** `host:port`, for messages. */
  readonly where: string;
  /** SHA-256 of the router's certificate, hex with colons; null without TLS or certificate. */
  readonly peerFingerprint: string | null;
  /** Takes over the line. Sentences that came before are delivered at once. */
  attach(handlers: TransportHandlers): void;
  /** One socket write. False: the socket is full, wait for `onDrain` with anything that can wait. */
  write(bytes: Buffer): boolean;
  /** Drops the line at once. */
  destroy(): void;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** How a line is opened; replaced in tests. */
export type OpenTransport = (options: DialOptions) => Promise<Transport>;

interface ReceiverShape {
  processRawData(data: Buffer): void;
  read(tag: string, callback: (packet: string[]) => void): void;
  stop(tag: string): void;
}
interface TransmitterShape {
  write(word: string | null): void;
  runPool(): void;
}
interface PrivateConnector {
  socket: Socket;
  receiver: ReceiverShape;
  transmitter: TransmitterShape;
}

const PINNED = '1.6.9';

/** Refuses another node-routeros than the one whose private fields are known. Called once at start, and by `doctor`. */
export function assertDialLibrary(): void {
  const { version } = createRequire(import.meta.url)('node-routeros/package.json') as { version: string };
  const methods = RouterOSAPI.prototype as unknown as Record<string, unknown>;
  if (version !== PINNED || typeof methods['connect'] !== 'function' || typeof methods['login'] !== 'function') {
    throw new RouterOsError('PROTOCOL', `node-routeros ${version} is installed; dialling is written for exactly ${PINNED}`);
  }
}

function connectorOf(api: RouterOSAPI): PrivateConnector {
  const connector = (api as unknown as { connector?: Partial<PrivateConnector> }).connector;
  const has = (owner: unknown, ...names: string[]): boolean =>
    typeof owner === 'object' && owner !== null && names.every((n) => typeof (owner as Record<string, unknown>)[n] === 'function');
  if (!(connector?.socket instanceof Socket) || !has(connector.receiver, 'processRawData', 'read', 'stop') || !has(connector.transmitter, 'write', 'runPool')) {
    connector?.socket?.destroy();
    throw new RouterOsError('PROTOCOL', `node-routeros has not the private fields of ${PINNED}`);
  }
  return connector as PrivateConnector;
}

/** Dials, logs in and hands over the line; rejects with a `RouterOsError` (`AUTH`, `TLS`, `UNREACHABLE`, `TIMEOUT`, …). */
export const openTransport: OpenTransport = (options) => {
  const tls = options.tls ?? { mode: 'off' };
  const port = options.port ?? (tls.mode === 'off' ? 8728 : 8729);
  const where = `${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  const timeoutMs = options.timeoutMs ?? 5000;
  if (options.signal?.aborted) return Promise.reject(new RouterOsError('INTERRUPTED', `${where}: the dial was given up`));

  return new Promise<Transport>((resolve, reject) => {
    const api = new RouterOSAPI({
      host: options.host, port, user: options.username, password: options.password,
      // Its idle timer must never fire before our deadline; it is switched off after the login.
      timeout: Math.ceil(timeoutMs / 1000) + 5,
      // It types these as server options and hands them to tls.connect.
      ...(tls.mode === 'off' ? {} : { tls: tlsOptions(tls) as never }),
    });
    // Without a listener an 'error' event of the library would end the process.
    api.on('error', () => undefined);
    const dialled = api.connect();
    let connector: PrivateConnector;
    try {
      connector = connectorOf(api);
    } catch (error) {
      dialled.catch(() => undefined);
      reject(error as RouterOsError);
      return;
    }
    const { socket } = connector;
    let phase = 'opening the connection';
    let settled = false;
    const fail = (error: RouterOsError): void => {
      if (settled) return;
      settled = true;
      cleanUp();
      socket.destroy();
      reject(error);
    };
    const line = new LoginLine(socket, where, options, fail, tls.mode === 'off');
    connector.receiver = line;
    connector.transmitter = line.transmitter;

    const timer = setTimeout(() => fail(new RouterOsError('TIMEOUT', `${where}: no answer within ${timeoutMs} ms while ${phase}`)), timeoutMs);
    const onAbort = (): void => fail(new RouterOsError('INTERRUPTED', `${where}: the dial was given up`));
    const onError = (error: Error): void => fail(errorFromSocket(where, error));
    const onClose = (): void => fail(line.refusal ?? new RouterOsError('UNREACHABLE', `${where}: the router closed the connection while ${phase}`));
    const onConnect = (): void => {
      socket.setNoDelay(true);
      phase = tls.mode === 'off' ? 'logging in' : 'negotiating TLS';
    };
    const cleanUp = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      socket.off('close', onClose);
      socket.off('connect', onConnect);
    };
    options.signal?.addEventListener('abort', onAbort, { once: true });
    // Before the library's own listeners: it forgets the reason (numeric errno), and logs in from 'secureConnect'.
    socket.prependListener('error', onError);
    socket.prependOnceListener('connect', onConnect);
    socket.once('close', onClose);
    if (socket instanceof TLSSocket) {
      socket.prependOnceListener('secureConnect', () => {
        line.peerFingerprint = socket.getPeerX509Certificate()?.fingerprint256 ?? null;
        const refusal = peerRefusal(line.peerFingerprint, tls, where);
        if (refusal !== null) return fail(refusal);
        phase = 'logging in';
        line.open();
      });
    }
    dialled.then(
      () => {
        if (settled) return;
        settled = true;
        cleanUp();
        socket.setTimeout(0);
        socket.setKeepAlive(true, 10_000);
        resolve(line.handOver());
      },
      (error: unknown) => fail(line.refusal ?? errorFromSocket(where, error)),
    );
  });
};

function tlsOptions(tls: TlsSettings): ConnectionOptions {
  switch (tls.mode) {
    case 'verify':
      return {
        ...(tls.ca === undefined ? {} : { ca: typeof tls.ca === 'string' ? tls.ca : [...tls.ca] }),
        ...(tls.servername === undefined ? {} : { servername: tls.servername }),
      };
    case 'fingerprint':
      return { rejectUnauthorized: false };
    case 'insecure-anonymous':
      // OpenSSL 3 refuses anonymous suites above security level 0, and TLS 1.3 has none.
      return { rejectUnauthorized: false, ciphers: 'ADH:@SECLEVEL=0', maxVersion: 'TLSv1.2' };
    case 'off':
      return {};
  }
}

function peerRefusal(seen: string | null, tls: TlsSettings, where: string): RouterOsError | null {
  if (tls.mode !== 'fingerprint') return null;
  if (seen === null) return new RouterOsError('TLS', `${where}: the router showed no certificate; a fingerprint is pinned`);
  if (normaliseFingerprint(seen) === normaliseFingerprint(tls.sha256)) return null;
  return new RouterOsError('TLS', `${where}: the router's certificate has the SHA-256 fingerprint ${seen}, not the pinned one`);
}

/** Hex without colons, lower case. */
export function normaliseFingerprint(sha256: string): string {
  return sha256.replace(/[^0-9a-f]/gi, '').toLowerCase();
}

/**
 * Stands in for the library's receiver and transmitter: all bytes pass here, from the first. During the login it feeds
 * the library only what it understands (`!done`, `!trap`); afterwards sentences go to whoever attached.
 */
class LoginLine implements ReceiverShape {
  refusal: RouterOsError | null = null;
  peerFingerprint: string | null = null;
  readonly transmitter: TransmitterShape;
  readonly #socket: Socket;
  readonly #where: string;
  readonly #options: DialOptions;
  readonly #fail: (error: RouterOsError) => void;
  readonly #decoder: SentenceDecoder;
  readonly #readers = new Map<string, (packet: string[]) => void>();
  #open: boolean;
  #challenge: string | null = null;
  #handlers: TransportHandlers | null = null;
  #early: Sentence[] | null = null;
  #broken: RouterOsError | null = null;

  constructor(socket: Socket, where: string, options: DialOptions, fail: (error: RouterOsError) => void, open: boolean) {
    this.#socket = socket;
    this.#where = where;
    this.#options = options;
    this.#fail = fail;
    this.#open = open;
    this.#decoder = new SentenceDecoder((sentence) => this.#route(sentence), options);
    let words: string[] = [];
    this.transmitter = {
      write: (word) => {
        if (word !== null) {
          words.push(this.#correctedWord(word));
          return;
        }
        const sentence = encodeSentence(words);
        words = [];
        // A refused certificate must not see the password: the library would send it in this very tick.
        if (this.#open && !this.#socket.destroyed) this.#socket.write(sentence);
      },
      runPool: () => undefined,
    };
  }

  /** Lets the login out, once the peer is who it should be. */
  open(): void {
    this.#open = true;
  }

  read(tag: string, callback: (packet: string[]) => void): void {
    this.#readers.set(tag, callback);
  }

  stop(tag: string): void {
    this.#readers.delete(tag);
  }

  processRawData(data: Buffer): void {
    if (this.#broken !== null) return;
    try {
      this.#decoder.push(data);
    } catch (error) {
      this.#broken = error instanceof RouterOsError ? error : new RouterOsError('PROTOCOL', `${this.#where}: ${String(error)}`, { cause: error });
      this.#fail(this.#broken);
      this.#socket.destroy();
    }
  }

  #route(sentence: Sentence): void {
    if (this.#handlers !== null) this.#handlers.onSentence(sentence);
    else if (this.#early !== null) this.#early.push(sentence);
    else this.#login(sentence);
  }

  #login(sentence: Sentence): void {
    const message = sentence.attributes['message'] ?? sentence.words.join(' ');
    if (sentence.reply === '!fatal') {
      const code = classifyTrap({ message, category: null });
      this.#fail(new RouterOsError(code === 'AUTH' ? 'AUTH' : 'FATAL', `${this.#where}: the router ended the login: ${message || 'no reason given'}`, { command: '/login' }));
      return;
    }
    if (sentence.reply === '!trap') {
      const category = sentence.attributes['category'];
      const code = classifyTrap({ message, category: category === undefined ? null : Number(category) });
      // Whatever the words, a refused login is a refused login.
      this.refusal ??= new RouterOsError(code === 'BUSY' || code === 'TIMEOUT' ? 'UNREACHABLE' : 'AUTH', `${this.#where}: login refused: ${message || 'no reason given'}`, { command: '/login' });
    } else if (sentence.reply !== '!done') {
      return; // rows, !empty and words we do not know would upset the library; a login needs none of them
    }
    const reader = this.#readers.get(sentence.tag ?? '') ?? (sentence.tag === null ? [...this.#readers.values()][0] : undefined);
    if (reader === undefined) return;
    const packet = [sentence.reply];
    if (sentence.reply === '!trap') packet.push(`=message=${message}`);
    const challenge = sentence.reply === '!done' ? sentence.attributes['ret'] : undefined;
    if (challenge !== undefined) {
      this.#challenge = challenge;
      packet.push(`=ret=${challenge}`);
    } else if (sentence.reply === '!done') {
      // Logged in or refused: what follows in this chunk belongs to the session.
      if (this.refusal === null) this.#early = [];
    }
    reader(packet);
  }

  /** The library sizes its MD5 buffer in characters, which is wrong for passwords beyond ASCII: the answer is made here. */
  #correctedWord(word: string): string {
    if (this.#challenge === null || !word.startsWith('=response=')) return word;
    const digest = createHash('md5').update(Buffer.of(0)).update(this.#options.password, 'utf8').update(Buffer.from(this.#challenge, 'hex')).digest('hex');
    return `=response=00${digest}`;
  }

  handOver(): Transport {
    const socket = this.#socket;
    const where = this.#where;
    let lastError: Error | null = null;
    let ended: RouterOsError | null = null;
    socket.on('error', (error) => { lastError = error; });
    socket.once('close', () => {
      ended = this.#broken ?? new RouterOsError('CLOSED',
        lastError === null ? `${where}: the router closed the connection` : errorFromSocket(where, lastError).message, { cause: lastError ?? undefined });
      this.#handlers?.onClose(ended);
    });
    socket.on('drain', () => this.#handlers?.onDrain());
    return {
      where,
      peerFingerprint: this.peerFingerprint,
      attach: (handlers) => {
        this.#handlers = handlers;
        const early = this.#early ?? [];
        this.#early = null;
        for (const sentence of early) handlers.onSentence(sentence);
        // The line may have gone between the login and now.
        if (ended !== null) queueMicrotask(() => handlers.onClose(ended!));
      },
      write: (bytes) => !socket.destroyed && socket.write(bytes),
      destroy: () => { socket.destroy(); },
      get bytesRead() { return socket.bytesRead; },
      get bytesWritten() { return socket.bytesWritten; },
    };
  }
}
