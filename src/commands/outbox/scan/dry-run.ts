// What a scan would publish. Nothing is sent, nothing is kept, and no ledger is made.

import type { Report } from '../../../core/report';
import type { Context } from '../../command';
import type { OptionsOf } from '../../options';
import { objidWords } from '../../looking/ledger-words';
import { withinOf } from '../rerun/index';
import { look, WHOLE, type Change, type Recall } from './look';
import type { ScanParts } from './parts';
import { Seen } from './seen';
import type { Watch } from './watches';

/** Lists what happened since the last scan. */
export async function dryRun(watches: readonly Watch[], context: Context<OptionsOf<'limit'>, ScanParts>): Promise<Report> {
  const { parts, deadline, emit, options } = context;
  const seen = new Seen(options.limit);
  const within = withinOf(context);
  const recall: Recall = async (type, objids) =>
    (await within(({ signal }) => parts.peek((ledger) => ledger.watched(type, objids, signal)))) ?? [];
  for (const watch of watches) {
    const isFirst = (await recall(watch.objectType, [WHOLE.objid])).length === 0;
    for await (const { count, findings } of look(watch, isFirst, recall, { within, stop: deadline.signal })) {
      seen.look(watch, count, isFirst);
      const wanted = seen.within(findings);
      for (const finding of wanted) emit(datumOf(finding, watch));
      seen.find(wanted.length);
      if (seen.isSpent) break;
    }
  }
  const words = [...(seen.found === 0 ? [] : [`${seen.found} would be published`]), ...seen.words('would take stock of')];
  return { result: 'planned', message: words.join('; '), sums: seen.sums, deliveries: [] };
}

function datumOf({ change, words }: Change, { rule }: Watch) {
  const { objectType, objid, request } = change;
  const text = [`${rule}: ${objidWords({ objectType, objid })}`, words].filter((part) => part !== '').join(', ');
  return { text, json: { format: 1, kind: 'finding', ...request, result: 'planned', reason: words } };
}
