import type { ErrorDetail } from '#kernel/errors.ts';
import { rowName, wishesOf, type DirectMenu, type DirectProperty, type DirectRow } from '../direct/direct-menu.ts';
import type { NetworkErrorCode } from '../errors.ts';
import { formatOwnership } from '../routeros/ownership.ts';
import { named, type OtherRow, type RowsWanted } from '../routeros/ppp-rows.ts';
import type { RouterPort } from '../routeros/ensure-row.ts';
import type { Attributes, Row } from '../routeros/session.ts';
import type { PlanMenu } from '../router-plan/router-plan.type.ts';
import { digest, tagOf, type FieldChange } from '../router-plan/wished-rows.ts';

/**
 * A row of a router's menu that Headend looks after, as the database wishes for it, and how it differs from the row that is
 * there. What a menu is, which forms its values have and when two of them mean the same comes from the menu of direct
 * commands, so that the two cannot come to differ.
 */

/** Values by the graph's field, as they are sent; null: the router's own default. Name and note stand apart. */
export type DesiredValues = Readonly<Record<string, string | null>>;

export interface DesiredRow {
  id: string;
  tenantId: string;
  routerId: string;
  name: string;
  values: DesiredValues;
  note: string | null;
  /** Smaller stands first; 0 in a menu without an order. */
  position: number;
  /** It was put elsewhere since the router was last seen to have ours in their order. */
  moved: boolean;
  /** The row was on the router before. */
  adopted: boolean;
  /** Of the wish that the router was last proven to have, and the note of it; null: never. */
  appliedDigest: string | null;
  appliedNote: string | null;
  appliedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** A menu of which Headend looks after rows. */
export interface DesiredMenu<T extends DirectRow = DirectRow> {
  /** For messages. */
  noun: string;
  kind: 'pool' | 'queue';
  plan: PlanMenu;
  /** The mutation that makes a wish. */
  creating: string;
  direct: Omit<DirectMenu<T>, 'searched'>;
  /** What is wished for besides the name: the properties of the direct menu, with rules that a router's answer stands for there. */
  properties: readonly DirectProperty[];
  /** The property that names another row of the same menu. */
  reference: DirectProperty;
  /** What is wrong with values together. */
  check?: (values: DesiredValues) => ErrorDetail[];
  /** Why a row cannot be brought into line. */
  codes: { foreign: NetworkErrorCode; unknown: NetworkErrorCode; inUse: NetworkErrorCode };
}

/** A row as a router has it. */
export interface MenuRow extends OtherRow {
  /** By the router's attribute, as shown. */
  readonly values: Readonly<Record<string, string>>;
}

const NAME_AND_MARK = ['.id', 'name', 'comment', 'dynamic'];

/** The rows of a menu in the router's order, with all that is compared. */
export async function readRows(port: RouterPort, menu: DesiredMenu, wanted: Omit<RowsWanted, 'names'> = {}): Promise<MenuRow[]> {
  return (await port.print(menu.direct.path, { proplist: proplistOf(menu), ...wanted })).map((row) => toMenuRow(menu, row));
}

export const proplistOf = ({ properties }: DesiredMenu): string[] => [...NAME_AND_MARK, ...properties.map(({ attribute }) => attribute)];

export function toMenuRow({ properties }: DesiredMenu, row: Row): MenuRow {
  return { ...named(row), values: Object.fromEntries(properties.map(({ attribute }) => [attribute, row[attribute] ?? ''])) };
}

export const ownerOf = ({ kind }: DesiredMenu, { tenantId, id }: Pick<DesiredRow, 'tenantId' | 'id'>) => ({ tenant: tenantId, kind, id });

/** The name of the row of the same menu that the wish leans on; null: none. */
export const leansOn = ({ reference }: DesiredMenu, { values }: Pick<DesiredRow, 'values'>): string | null => values[reference.field] ?? null;

/** The same of a row; null: none. */
export function shownLeansOn({ reference }: DesiredMenu, { values }: Pick<MenuRow, 'values'>): string | null {
  const shown = values[reference.attribute] ?? '';
  return shown === '' || means(reference, shown, null) ? null : shown;
}

/** Whether what a router shows is what is wished for. */
export function means({ unset, same }: DirectProperty, shown: string, wanted: string | null): boolean {
  const nothing = unset ?? '';
  const [is, wants] = [shown || nothing, wanted ?? nothing];
  return is === wants || (same?.(is, wants) ?? false);
}

/** What differs, field by field; a note only when it was changed here since it was last written: the free text is people's. */
export function rowChanges({ properties }: DesiredMenu, row: MenuRow, wish: DesiredRow): FieldChange[] {
  const changes: FieldChange[] = [];
  if (row.name !== wish.name) changes.push({ field: 'name', from: row.name, to: wish.name });
  for (const property of properties) {
    const [shown, wanted] = [row.values[property.attribute] ?? '', wish.values[property.field] ?? null];
    if (!means(property, shown, wanted)) changes.push({ field: property.attribute, from: shown || null, to: wanted ?? (property.unset || null) });
  }
  const text = row.owner?.text || null;
  if (wish.note !== wish.appliedNote && text !== wish.note) changes.push({ field: 'comment', from: text, to: wish.note });
  return changes;
}

/** All that a new row is given. */
export function rowFields({ properties }: DesiredMenu, { values, note }: DesiredRow): FieldChange[] {
  const given = properties.map(({ field, attribute }) => ({ field: attribute, from: null, to: values[field] ?? null }));
  return [...given, { field: 'comment', from: null, to: note }].filter(({ to }) => to !== null);
}

/** As it is sent to make the row. */
export function addAttributes(menu: DesiredMenu, wish: DesiredRow): Record<string, string> {
  const given = menu.properties.map(({ field, attribute }) => [attribute, wish.values[field] ?? null] as const).filter((one): one is readonly [string, string] => one[1] !== null);
  return { name: wish.name, comment: markOf(menu, wish), ...Object.fromEntries(given) };
}

/** As changes are sent. */
export function setAttributes(menu: DesiredMenu, wish: DesiredRow, changes: readonly FieldChange[]): Attributes {
  const unsetOf = new Map(menu.properties.map(({ attribute, unset }) => [attribute, unset ?? null]));
  return Object.fromEntries(changes.map(({ field, to }) => [field, field === 'comment' ? markOf(menu, wish) : (to ?? unsetOf.get(field) ?? null)]));
}

const markOf = (menu: DesiredMenu, wish: DesiredRow): string => formatOwnership({ ...ownerOf(menu, wish), ...(wish.note === null ? {} : { text: wish.note }) });

/** A row as it was seen: another value means that somebody has changed what is compared, or whose the row is. */
export function seenRow({ properties }: DesiredMenu, row: MenuRow): string {
  return digest([row.name, ...properties.map(({ attribute }) => row.values[attribute] ?? ''), tagOf(row.owner)]);
}

/** A wish as it was read: another value means that something else is wanted by now. */
export function wantedRow({ properties }: DesiredMenu, { id, name, values, note }: Pick<DesiredRow, 'id' | 'name' | 'values' | 'note'>): string {
  return digest([id, name, ...properties.map(({ field }) => values[field] ?? null), note]);
}

/** The router has not yet been proven to have it as it is wished for now: it differs because nobody has applied it. */
export const isPending = (menu: DesiredMenu, wish: DesiredRow): boolean => wish.appliedDigest !== wantedRow(menu, wish);

/** Names are found by an index. */
const LONGEST_NAME = 200;
const NAME: DirectProperty = { ...rowName(), check: (text) => (text.length > LONGEST_NAME ? `must have at most ${LONGEST_NAME} characters.` : rowName().check!(text)) };
const NOTE: DirectProperty = { field: 'note', attribute: 'comment', unset: '' };

/** The fields that an input gives, as they are kept. What is wrong with them is added to `wrong`. */
export function givenFields({ properties }: DesiredMenu, input: object, wrong: ErrorDetail[]): Record<string, string | null> {
  const wishes = wishesOf([NAME, ...properties, NOTE], input as Record<string, unknown>, wrong);
  // Of what stands for nothing no text is kept: there are several of them.
  return Object.fromEntries(wishes.map(({ property, value }) => [property.field, value === null || (property.unset !== undefined && means(property, value, null)) ? null : value]));
}

/** The values of a row as they stand. */
export function valuesOf({ properties }: DesiredMenu, row: MenuRow): DesiredValues {
  return Object.fromEntries(
    properties.map((property) => {
      const shown = row.values[property.attribute] ?? '';
      return [property.field, shown === '' || (property.unset !== undefined && means(property, shown, null)) ? null : property.field === 'disabled' ? 'yes' : shown];
    }),
  );
}

/** As the graph shows it, in the forms of the direct menu. */
export function shownRow<T extends DirectRow>({ direct, properties }: DesiredMenu<T>, wish: DesiredRow): T {
  const given = properties.map(({ field, attribute, unset }) => [attribute, wish.values[field] ?? unset ?? '']);
  return direct.toRow({ '.id': wish.id, name: wish.name, ...(Object.fromEntries(given) as Record<string, string>) }, wish.position);
}
