import { assetCsv, assetDocument, assetRows } from '../assets/asset-table.ts';
import type { TerminalLanguage } from '../messages.ts';
import { printTable } from './command.ts';

/** `assets [--csv | --markdown]`: the 情報資産台帳. It needs no store: the schema says it all. */
export function runAssetsCommand(
  options: Readonly<Record<string, string | true>>,
  language: TerminalLanguage,
  print: (line: string) => void,
): number {
  if (options.csv) print(assetCsv(language));
  else if (options.markdown) print(assetDocument().trimEnd());
  else printTable(print, assetRows(language));
  return 0;
}
