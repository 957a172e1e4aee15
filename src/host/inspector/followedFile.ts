import * as vscode from "vscode";

/** Between two readings of a file that grows all the time. */
const pauseMs = 500;

/** Calls back when the file has changed: one call at a time, and one more for what came meanwhile. */
export class FollowedFile implements vscode.Disposable {
  private readonly watcher: vscode.FileSystemWatcher;
  private readonly onChange: () => Promise<void>;
  private timer: NodeJS.Timeout | null = null;
  private isReading = false;
  private hasMore = false;
  private isClosed = false;

  /** `onChange` never rejects. */
  constructor(file: vscode.Uri, onChange: () => Promise<void>) {
    this.onChange = onChange;
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    // A name may hold what a pattern takes for its own.
    const pattern = name.replaceAll(/[[\]{}*?]/gu, "[$&]");
    const folder = vscode.Uri.joinPath(file, "..");
    this.watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, pattern));
    this.watcher.onDidChange(() => this.changed());
    this.watcher.onDidCreate(() => this.changed());
  }

  dispose(): void {
    this.isClosed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.watcher.dispose();
  }

  private changed(): void {
    this.hasMore = true;
    if (this.timer !== null || this.isReading || this.isClosed) return;
    this.timer = setTimeout(() => void this.read(), pauseMs);
  }

  private async read(): Promise<void> {
    this.timer = null;
    this.isReading = true;
    this.hasMore = false;
    await this.onChange();
    this.isReading = false;
    if (this.hasMore) this.changed();
  }
}
