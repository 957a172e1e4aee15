// Stands in for the native module with which VS Code writes its log files (@vscode/spdlog), which needs a compiler to install.
// Without it "Show log" is empty. The same functions, written plainly: whole lines at once, no rotation.
const { closeSync, mkdirSync, openSync, writeSync } = require("node:fs");
const { dirname } = require("node:path");

const levels = ["trace", "debug", "info", "warning", "error", "critical", "off"];

class Logger {
  constructor(_type, _name, path) {
    this.level = 2;
    this.plain = false;
    mkdirSync(dirname(path), { recursive: true });
    // Kept open: a window that logs everything writes thousands of lines.
    this.file = openSync(path, "a");
  }
  #write(level, message) {
    if (level < this.level || this.file === null) return;
    const stamp = new Date().toISOString().replace("T", " ").slice(0, -1);
    writeSync(this.file, this.plain ? message : `${stamp} [${levels[level]}] ${message}\n`);
  }
  trace(message) {
    this.#write(0, message);
  }
  debug(message) {
    this.#write(1, message);
  }
  info(message) {
    this.#write(2, message);
  }
  warn(message) {
    this.#write(3, message);
  }
  error(message) {
    this.#write(4, message);
  }
  critical(message) {
    this.#write(5, message);
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {
    this.plain = false;
  }
  clearFormatters() {
    this.plain = true;
  }
  flush() {}
  drop() {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }
}

const create = (type) => async (name, path) => new Logger(type, name, path);

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create("rotating");
exports.createAsyncRotatingLogger = create("rotating_async");
