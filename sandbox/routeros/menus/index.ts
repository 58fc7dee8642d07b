import { interfaceMenus } from './interface.ts';
import { ipMenus } from './ip.ts';
import type { Menu } from './menu.ts';
import { pppMenus } from './ppp.ts';
import { queueMenus } from './queue.ts';
import { systemMenus } from './system.ts';

export const MENUS: readonly Menu[] = [...pppMenus, ...ipMenus, ...interfaceMenus, ...queueMenus, ...systemMenus];

const byPath = new Map(MENUS.map((menu) => [menu.path, menu]));
/** Every directory on the way to a menu: `/ppp`, `/ip`, … */
const directories = new Set(MENUS.flatMap((menu) => menu.path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))));

export const menuAt = (path: string): Menu | undefined => byPath.get(path);
export const isDirectory = (path: string): boolean => directories.has(path);
