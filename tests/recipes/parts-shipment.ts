// An example of an object type, which a test plugs in by the recipe of docs/layout.md: one row, and its rows in the sample.

import type { ObjectType } from '../../src/clarify/object-type';
import { OBJECT, sentences } from '../../src/clarify/sentences';

/** A shipment of parts, in a table of the site's own. */
export const partsShipment: ObjectType = {
  name: 'parts_shipment',
  typeName: 'Parts Shipment',
  aliases: ['parts shipment', 'shipment'],
  typeId: 2077,
  table: 'table_x_shipment',
  idColumn: 'objid',
  startEvents: ['Create', 'Shipped'],
  fields: {
    id: 'x_number',
    title: 'x_title',
    site: 'x_shipment2site.name',
  },
  required: ['id', 'title'],
  shown: { site: 'Site' },
  get wording() {
    return sentences('{{ title }}', `${OBJECT}{% if site != '' %} to {{ site }}{% endif %}`);
  },
  link: '',
};

/** Its rows in sample/clarify-sample.json, table by table. */
export const SAMPLE_ROWS = {
  table_x_shipment: [{ objid: 268435457, x_number: 'SH-1', x_title: 'Two flow meters', x_shipment2site: 268435457 }],
};
