import { readCsv } from './csv';
import { TableError, type TableLimits, type TableRow } from './table';
import { readXlsx } from './xlsx';

/** A zip begins so; a CSV file never does. */
const zip = Buffer.from('PK\u0003\u0004', 'latin1');

/** So begin the Excel files of before 2007, and those with a password. */
const oldOffice = Buffer.from('D0CF11E0A1B11AE1', 'hex');

const begins = (file: Buffer, signature: Buffer): boolean => file.subarray(0, signature.length).equals(signature);

/** The lines of a CSV or Excel file, whatever its name says. @throws TableError */
export async function readTable(file: Buffer, limits: TableLimits): Promise<TableRow[]> {
  if (begins(file, oldOffice)) throw new TableError('file_unreadable');
  return begins(file, zip) ? readXlsx(file, limits) : readCsv(file, limits);
}
