/** From a sentence to what it does: path, command, rights. */

import { add, comment, move, remove, resetCounters, set, toggle, unset } from './change.ts';
import { isDirectory, menuAt } from './menus/index.ts';
import type { Action, Call, CommandName, Menu, Outcome, Policies, World } from './menus/menu.ts';
import { find, get, print } from './print.ts';
import { noSuchCommand, noSuchDirectory, notPermitted } from './traps.ts';

type Handler = (call: Call, menu: Menu, world: World) => Outcome;

const HANDLERS: Record<CommandName, { policy: 'read' | 'write'; run: Handler }> = {
  print: { policy: 'read', run: print },
  listen: { policy: 'read', run: print },
  get: { policy: 'read', run: get },
  find: { policy: 'read', run: find },
  add: { policy: 'write', run: add },
  set: { policy: 'write', run: set },
  unset: { policy: 'write', run: unset },
  comment: { policy: 'write', run: comment },
  enable: { policy: 'write', run: toggle },
  disable: { policy: 'write', run: toggle },
  remove: { policy: 'write', run: remove },
  move: { policy: 'write', run: move },
  'reset-counters': { policy: 'write', run: resetCounters },
  'reset-counters-all': { policy: 'write', run: resetCounters },
};

/** A sentence's words, taken apart. Order of attributes does not matter; the last of two equal names wins. */
export function parseSentence(words: readonly string[]): { path: string; attributes: Map<string, string>; queries: string[]; tag: string } {
  const attributes = new Map<string, string>();
  const queries: string[] = [];
  let tag = '';
  for (const word of words.slice(1)) {
    if (word.startsWith('?')) queries.push(word);
    else if (word.startsWith('.tag=')) tag = word.slice(5);
    else if (word.startsWith('=')) {
      const split = word.indexOf('=', 1);
      if (split < 0) attributes.set(word.slice(1), '');
      else attributes.set(word.slice(1, split), word.slice(split + 1));
    }
  }
  return { path: words[0] ?? '', attributes, queries, tag };
}

/** Carries one command out; throws a Trap for every refusal. */
export function execute(world: World, path: string, attributes: Map<string, string>, queries: string[], policies: Policies, session?: object): Outcome {
  const split = path.lastIndexOf('/');
  const menuPath = path.slice(0, Math.max(0, split));
  const given = path.slice(split + 1);
  const command = given === 'getall' ? 'print' : given;
  const menu = menuAt(menuPath, world.release);
  const handler = Object.hasOwn(HANDLERS, command) ? HANDLERS[command as CommandName] : undefined;
  if (!path.startsWith('/') || (!menu && !isDirectory(menuPath, world.release))) {
    throw noSuchDirectory(firstUnknown(path, world));
  }
  const call: Call = { path: menuPath, command, attributes, queries, policies, session };
  const action: { policy: string; run: Action } | undefined = menu?.actions && Object.hasOwn(menu.actions, command) ? menu.actions[command] : undefined;
  if (menu && action) {
    if (!policies.has(action.policy)) throw notPermitted();
    return action.run(call, world);
  }
  // A menu that prints but cannot listen says so in its own way: print knows.
  const able = menu && handler && (menu.commands.includes(command as CommandName) || (command === 'listen' && menu.commands.includes('print')));
  if (!menu || !handler || !able) throw isDirectory(path, world.release) || !menu ? noSuchDirectory(given) : noSuchCommand(given);
  if (!policies.has(handler.policy === 'write' ? (menu.writePolicy ?? 'write') : 'read')) throw notPermitted();
  return handler.run(call, menu, world);
}

/** The first piece of a path the router does not know. */
function firstUnknown(path: string, world: World): string {
  const parts = path.split('/').slice(1);
  for (let length = 1; length <= parts.length; length += 1) {
    if (!isDirectory(`/${parts.slice(0, length).join('/')}`, world.release)) return parts[length - 1] ?? '';
  }
  return path;
}
