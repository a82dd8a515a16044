/** What a scanner can say besides pallets and chambers; printed on a sheet beside the shelf (/picking/codes). */
export const commandCodes = { confirm: 'NERVIO-CONFIRMAR', undo: 'NERVIO-DESHACER', next: 'NERVIO-SIGUIENTE' } as const;
