/** Key and self-signed certificate of simulated routers (CN sandbox-router; localhost, 127.0.0.1): for trying api-ssl, never for anything else. */

import { readFileSync } from 'node:fs';

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

export const testCertificate = () => ({ key: read('./sandbox-router.key.pem'), cert: read('./sandbox-router.cert.pem') });
