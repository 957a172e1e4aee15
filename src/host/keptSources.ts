import type * as vscode from "vscode";
import { type OpenSource, openSource, withSource } from "./files.ts";

/** After its last use an unpacked file is kept so long. */
const idleMs = 30_000;

interface Kept {
  readonly stamp: string;
  readonly source: Promise<OpenSource>;
  users: number;
  /** Another one took its place. */
  isOld: boolean;
  timer: NodeJS.Timeout | null;
}

/** Files that are read a sample at a time. A packed one stays unpacked for a while: unpacking it means reading all of it. */
export class KeptSources implements vscode.Disposable {
  private readonly kept = new Map<string, Kept>();

  /** @param stamp of the file's content: what was kept under another one is not used. Rejects as `openSource`. */
  async use<T>(
    { uri, stamp }: { readonly uri: vscode.Uri; readonly stamp: string },
    work: (source: OpenSource) => Promise<T>,
  ): Promise<T> {
    if (!isPacked(uri)) return withSource(uri, work);
    const one = this.taken(uri, stamp);
    try {
      return await work(await one.source);
    } finally {
      one.users--;
      if (one.isOld) this.release(one);
      else if (one.users === 0) one.timer = setTimeout(() => this.drop(uri.toString()), idleMs).unref();
    }
  }

  dispose(): void {
    for (const name of this.kept.keys()) this.drop(name);
  }

  private taken(uri: vscode.Uri, stamp: string): Kept {
    const name = uri.toString();
    const known = this.kept.get(name);
    if (known?.stamp !== stamp) this.drop(name);
    const one = this.kept.get(name) ?? this.opened(uri, stamp);
    if (one.timer !== null) clearTimeout(one.timer);
    one.timer = null;
    one.users++;
    return one;
  }

  private opened(uri: vscode.Uri, stamp: string): Kept {
    const one: Kept = { stamp, source: openSource(uri), users: 0, isOld: false, timer: null };
    const name = uri.toString();
    this.kept.set(name, one);
    // Whoever asked is told; the next one tries anew.
    one.source.catch(() => this.kept.get(name) === one && this.kept.delete(name));
    return one;
  }

  private drop(name: string): void {
    const one = this.kept.get(name);
    if (one === undefined) return;
    this.kept.delete(name);
    one.isOld = true;
    this.release(one);
  }

  /** Whoever reads in it still may end. */
  private release(one: Kept): void {
    if (one.timer !== null) clearTimeout(one.timer);
    if (one.users > 0) return;
    one.source.then(
      (source) => source.close(),
      () => undefined,
    );
  }
}

const isPacked = ({ path }: vscode.Uri): boolean => /\.gz$/i.test(path);
