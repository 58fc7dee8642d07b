import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** A folder that one process at a time may use. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the lock beside `folder` (`<folder>.lock`). The operating system holds it and drops it when the process ends in
 * whatever way, so there is nothing stale to clean up. It is SQLite's file lock: the one lock that Node itself offers, the
 * same on Linux, macOS and Windows.
 * @throws Error in one line, naming the process that holds it.
 */
export function lockFolder(folder: string): FolderLock {
  const file = `${folder}.lock`;
  const owner = `${folder}.owner`;
  let lock: DatabaseSync;
  try {
    lock = new DatabaseSync(file);
  } catch (error) {
    throw new Error(`The lock ${file} of the data folder cannot be opened: ${(error as Error).message}`, { cause: error });
  }
  try {
    // Not at once: a Headend that was just killed holds it until the system has cleared it away.
    lock.exec('PRAGMA busy_timeout = 1500; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== 5) throw new Error(`The lock ${file} of the data folder cannot be taken: ${(error as Error).message}`, { cause: error });
    const holder = existsSync(owner) ? ` (process ${readFileSync(owner, 'utf8').trim()})` : '';
    throw new Error(`Another Headend${holder} is using the data folder ${folder}: stop it first, or choose another folder`, { cause: error });
  }
  writeFileSync(owner, `${process.pid}\n`);
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      if (existsSync(owner) && readFileSync(owner, 'utf8').trim() === String(process.pid)) rmSync(owner, { force: true });
      lock.close();
    },
  };
}
