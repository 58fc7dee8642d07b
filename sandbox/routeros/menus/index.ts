import { interfaceMenus } from './interface.ts';
import { ipMenus } from './ip.ts';
import type { Release } from '../release.ts';
import { available, type Menu } from './menu.ts';
import { pppMenus } from './ppp.ts';
import { queueMenus } from './queue.ts';
import { polledMenus } from './polled.ts';
import { systemMenus } from './system.ts';
import { userMenus } from './user.ts';

export const MENUS: readonly Menu[] = [...pppMenus, ...ipMenus, ...interfaceMenus, ...queueMenus, ...systemMenus, ...userMenus, ...polledMenus];

const byPath = new Map(MENUS.map((menu) => [menu.path, menu]));
/** Every directory on the way to a menu (`/ppp`, `/ip`, …) and what lies below it. */
const directories = new Map<string, Menu[]>();
for (const menu of MENUS) {
  const parts = menu.path.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const path = parts.slice(0, length).join('/');
    directories.set(path, [...(directories.get(path) ?? []), menu]);
  }
}

/** The menu at a path, when the release has it. */
export function menuAt(path: string, release?: Release): Menu | undefined {
  const menu = byPath.get(path);
  return menu && (!release || available(menu, release)) ? menu : undefined;
}

export const isDirectory = (path: string, release: Release): boolean => directories.get(path)?.some((menu) => available(menu, release)) ?? false;
