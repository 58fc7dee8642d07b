/** What both drivers need to reach one PostgreSQL database, read from one URL. */
export interface ConnectionTarget {
  user: string;
  password: string | undefined;
  database: string;
  /** A host name or address, or the directory of a Unix socket (begins with `/`). */
  host: string;
  port: number;
  /** `verify` checks the server's certificate, `require` only encrypts, `prefer` encrypts where the server can. */
  ssl: 'off' | 'prefer' | 'require' | 'verify';
}

/**
 * Reads `postgresql://user:password@host:5432/database`. A Unix socket is given as
 * `?host=/directory` (the form libpq and node-postgres know; postgres.js does not), TLS as `?sslmode=`.
 * @throws Error naming what is wrong, never the password.
 */
export function parseDatabaseUrl(url: string): ConnectionTarget {
  const match = /^postgres(?:ql)?:\/\/(.*)$/s.exec(url);
  if (!match) throw new Error('DATABASE_URL: must begin with postgresql://');
  // An empty host beside a user (`user@/db?host=/dir`) is legal for libpq and refused by the URL parser.
  const rest = match[1]!.replace(/^([^/?#]*@)?(?=[/?#]|$)/, '$1localhost');
  let parsed: URL;
  try {
    parsed = new URL(`postgresql://${rest}`);
  } catch {
    throw new Error('DATABASE_URL: is not a valid URL (are special characters in the password percent-encoded?)');
  }
  const query = parsed.searchParams;
  const user = query.get('user') ?? decodeURIComponent(parsed.username);
  if (!user) throw new Error('DATABASE_URL: the user is missing');
  const database = query.get('dbname') ?? decodeURIComponent(parsed.pathname.slice(1));
  const host = query.get('host') ?? (decodeURIComponent(parsed.hostname) || 'localhost');
  if (host.includes(',')) throw new Error('DATABASE_URL: one host only');
  const port = Number(query.get('port') ?? (parsed.port || '5432'));
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error('DATABASE_URL: the port is not a number from 1 to 65535');
  return {
    user,
    password: query.get('password') ?? (decodeURIComponent(parsed.password) || undefined),
    database: database || user,
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port,
    ssl: sslMode(query.get('sslmode')),
  };
}

function sslMode(mode: string | null): ConnectionTarget['ssl'] {
  switch (mode) {
    case null:
    case 'disable':
    case 'allow':
      return 'off';
    case 'prefer':
      return 'prefer';
    case 'require':
    case 'no-verify':
      return 'require';
    case 'verify-ca':
    case 'verify-full':
      return 'verify';
    default:
      throw new Error(`DATABASE_URL: sslmode=${mode} is not known (disable, prefer, require, verify-full)`);
  }
}

/** The URL of a target; the inverse of {@link parseDatabaseUrl} for sockets and for TCP. */
export function formatDatabaseUrl(target: Pick<ConnectionTarget, 'user' | 'database' | 'host'> & Partial<ConnectionTarget>): string {
  const login = encodeURIComponent(target.user) + (target.password ? `:${encodeURIComponent(target.password)}` : '');
  const database = encodeURIComponent(target.database);
  const query = new URLSearchParams();
  if (target.ssl === 'prefer' || target.ssl === 'require') query.set('sslmode', target.ssl);
  if (target.ssl === 'verify') query.set('sslmode', 'verify-full');
  if (target.host.startsWith('/')) {
    query.set('host', target.host);
    if (target.port) query.set('port', String(target.port));
    return `postgresql://${login}@localhost/${database}?${query}`;
  }
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const tail = query.size > 0 ? `?${query}` : '';
  return `postgresql://${login}@${host}:${target.port ?? 5432}/${database}${tail}`;
}
