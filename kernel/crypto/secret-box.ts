import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Envelope encryption of what must be kept but never shown: router and PPP passwords. Each value is sealed with
 * AES-256-GCM under a fresh data key, and the data key under the installation's key, so that the installation's key can be
 * changed by re-wrapping data keys alone. `context` (e.g. `tenant:<id>:router:<id>`) is authenticated with the value: a
 * sealed value copied to another row or tenant does not open.
 */
export interface SecretBox {
  /** The sealed form, as text: `v1.<wrapped key>.<sealed value>` in base64url. */
  seal(plain: string, context: string): string;
  /** @throws Error when the value was sealed under another key or context, or was changed. */
  open(sealed: string, context: string): string;
  /** A keyed hash that tells whether two secrets are equal without keeping either; safe to store beside the row. */
  fingerprint(plain: string, context: string): string;
  /** Compares in constant time. */
  matches(plain: string, fingerprint: string, context: string): boolean;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

export function makeSecretBox(secret: string): SecretBox {
  const wrappingKey = Buffer.from(hkdfSync('sha256', secret, 'headend', 'secret-box:wrap', 32));
  const hashKey = Buffer.from(hkdfSync('sha256', secret, 'headend', 'secret-box:fingerprint', 32));
  const fingerprint = (plain: string, context: string) => createHmac('sha256', hashKey).update(context).update('\0').update(plain).digest('base64url');

  return {
    seal(plain, context) {
      const dataKey = randomBytes(32);
      return ['v1', encrypt(wrappingKey, dataKey, context), encrypt(dataKey, Buffer.from(plain, 'utf8'), context)].join('.');
    },
    open(sealed, context) {
      const [version, wrapped, value] = sealed.split('.');
      if (version !== 'v1' || !wrapped || !value) throw new Error('This is no sealed secret of a known version.');
      return decrypt(decrypt(wrappingKey, wrapped, context), value, context).toString('utf8');
    },
    fingerprint,
    matches(plain, expected, context) {
      const actual = Buffer.from(fingerprint(plain, context));
      const wanted = Buffer.from(expected);
      return actual.length === wanted.length && timingSafeEqual(actual, wanted);
    },
  };
}

function encrypt(key: Buffer, plain: Buffer, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

function decrypt(key: Buffer, sealed: string, context: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new Error('The sealed secret does not open: it was sealed by another installation secret, for another row, or was changed.', { cause });
  }
}
