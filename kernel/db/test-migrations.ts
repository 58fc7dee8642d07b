import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** For tests: writes a migrations folder as `migrate` reads it; each entry is the SQL of one migration, `--> statement-breakpoint` and all. */
export function migrationFolder(migrations: readonly string[], options: { into?: URL; firstWhen?: number } = {}): URL {
  const folder = options.into ?? pathToFileURL(`${mkdtempSync(join(tmpdir(), `headend-test-${process.pid}-`))}/`); // the next run removes it
  mkdirSync(new URL('meta/', folder), { recursive: true });
  const entries = migrations.map((sql, idx) => {
    const tag = `${String(idx).padStart(4, '0')}_step`;
    writeFileSync(new URL(`${tag}.sql`, folder), sql);
    return { idx, version: '7', when: (options.firstWhen ?? 1_000) + idx, tag, breakpoints: true };
  });
  writeFileSync(new URL('meta/_journal.json', folder), JSON.stringify({ version: '7', dialect: 'postgresql', entries }));
  return folder;
}

/** The statements every tenant-owned table needs, as kernel/db/README.md gives them. */
export function tenantPolicies(table: string, role: string): string {
  const condition = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)";
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;`,
    `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;`,
    `CREATE POLICY tenant ON ${table} TO ${role} USING (${condition}) WITH CHECK (${condition});`,
    `CREATE POLICY system ON ${table} TO headend_system USING (true) WITH CHECK (true);`,
  ].join('\n--> statement-breakpoint\n');
}
