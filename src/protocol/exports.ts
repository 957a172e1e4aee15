// What a panel hands over to be written to a file that the person chooses.

export interface ExportTable {
  readonly suggestedName: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Goes into the file's metadata under these names. */
  readonly notes: Readonly<Record<string, string>>;
}

export interface ExportFile {
  readonly suggestedName: string;
  readonly content: string | Uint8Array;
}
