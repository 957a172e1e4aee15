// Runs INSIDE a vm context that has no Node global. Gives the function that boots one Python interpreter in it.
// Whatever Python can reach from here is made of this context's own objects. Functions of the host stay in closures, take
// and return primitives only, and an error of theirs is thrown anew here: none of their objects may get inside.
"use strict";
(() => {
  const wasmPageBytes = 65536;
  const hostNames = ["now", "randomWord", "later", "ask", "ready", "failed"];

  /** A host function behind a wall: primitives in, primitives out, errors of this context. */
  const walled = (call) => (a, b) => {
    let result;
    try {
      result = call(a, b);
    } catch {
      throw new Error("refused");
    }
    return typeof result === "object" || typeof result === "function" ? undefined : result;
  };

  const chunkBytes = 8192;

  /** The encodings that Pyodide asks for. */
  class Decoder {
    encoding = "utf-8";
    constructor(label = "utf-8") {
      const name = label.toLowerCase();
      if (name === "latin1" || name === "ascii") this.units = Uint8Array;
      else if (name === "utf-16le") this.units = Uint16Array;
      else if (name === "utf-8" || name === "utf8") this.units = null;
      else throw new RangeError("an encoding that is not here");
    }
    decode(view) {
      if (view === undefined) return "";
      const [buffer, start, size] = ArrayBuffer.isView(view)
        ? [view.buffer, view.byteOffset, view.byteLength]
        : [view, 0, view.byteLength];
      if (this.units === null) return Decoder.fromUtf8(new Uint8Array(buffer, start, size));
      const units = new this.units(buffer, start, size / this.units.BYTES_PER_ELEMENT);
      const parts = [];
      for (let at = 0; at < units.length; at += chunkBytes) {
        parts.push(String.fromCharCode.apply(null, units.subarray(at, at + chunkBytes)));
      }
      return parts.join("");
    }
    static fromUtf8(bytes) {
      const parts = [];
      let units = [];
      for (let at = 0; at < bytes.length;) {
        const point = Decoder.point(bytes, at);
        at += point.size;
        units.push(point.code);
        if (units.length >= 8192) {
          parts.push(String.fromCodePoint(...units));
          units = [];
        }
      }
      parts.push(String.fromCodePoint(...units));
      return parts.join("");
    }
    static point(bytes, at) {
      const first = bytes[at];
      if (first < 0x80) return { code: first, size: 1 };
      const more = first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
      let code = first & (0x3f >> more);
      if (more === 0 || first >= 0xf5) return { code: 0xfffd, size: 1 };
      for (let step = 1; step <= more; step += 1) {
        const next = bytes[at + step];
        if ((next & 0xc0) !== 0x80) return { code: 0xfffd, size: step };
        code = (code << 6) | (next & 0x3f);
      }
      return { code: code > 0x10ffff ? 0xfffd : code, size: more + 1 };
    }
  }

  class Encoder {
    encoding = "utf-8";
    encode(text = "") {
      const bytes = new Uint8Array(text.length * 3);
      return bytes.slice(0, this.encodeInto(text, bytes).written);
    }
    encodeInto(text, bytes) {
      let written = 0;
      let read = 0;
      for (const char of text) {
        let code = char.codePointAt(0);
        if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
        const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        if (written + size > bytes.length) break;
        if (size === 1) bytes[written] = code;
        else {
          for (let step = size - 1; step > 0; step -= 1) {
            bytes[written + step] = 0x80 | (code & 0x3f);
            code >>= 6;
          }
          bytes[written] = code | ((0xf00 >> size) & 0xff);
        }
        written += size;
        read += char.length;
      }
      return { read, written };
    }
  }

  /** What Pyodide expects of its surroundings, made here. */
  function furnish(host, files) {
    const nothing = () => {};
    const timers = [];
    const drain = () => {
      const due = timers.splice(0);
      for (const run of due) {
        try {
          run();
        } catch {
          // A callback's failure is its own.
        }
      }
    };
    const locked = (name, value) =>
      Object.defineProperty(globalThis, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: false,
      });
    locked("TextDecoder", Decoder);
    locked("TextEncoder", Encoder);
    locked("console", { log: nothing, warn: nothing, error: nothing, info: nothing, debug: nothing });
    locked("performance", { now: () => host.now() });
    locked("crypto", {
      getRandomValues(view) {
        const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
        for (let at = 0; at < bytes.length; at += 1) bytes[at] = host.randomWord();
        return view;
      },
    });
    locked("setTimeout", (run) => {
      if (timers.length === 0) host.later();
      if (timers.length < 1000) timers.push(run);
      return timers.length;
    });
    locked("clearTimeout", nothing);
    locked(
      "URL",
      class URL {
        constructor(href) {
          this.href = String(href);
        }
      },
    );
    locked(
      "AbortController",
      class AbortController {
        signal = { aborted: false, addEventListener: nothing };
        abort() {}
      },
    );
    // Pyodide looks for a place it knows: a worker for its main part, a shell for its loader.
    locked("WorkerGlobalScope", class WorkerGlobalScope {});
    locked("read", () => {
      throw new Error("refused");
    });
    locked("load", () => {
      throw new Error("refused");
    });
    locked("readbuffer", (name) => files(name).buffer);
    return drain;
  }

  /** After the boot: no loader, no way to more memory, no hook that is handed stack frames. */
  function lockDown(api, limits) {
    for (const name of [
      "read",
      "load",
      "readbuffer",
      "WorkerGlobalScope",
      "loadPyodide",
      "_createPyodideModule",
    ]) {
      // Declared by a script, a name cannot be deleted.
      if (!Reflect.deleteProperty(globalThis, name)) globalThis[name] = undefined;
    }
    Object.defineProperty(Error, "prepareStackTrace", {
      value: undefined,
      writable: false,
      configurable: false,
    });
    for (const name of ["compile", "compileStreaming", "instantiate", "instantiateStreaming", "validate"]) {
      delete WebAssembly[name];
    }
    capFiles(api.FS, limits.fileBytes);
  }

  /** Checked by the memory's own size: a bomb ends as Python's MemoryError. */
  function capMemory(maxBytes) {
    const grow = WebAssembly.Memory.prototype.grow;
    const { get } = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, "buffer");
    Object.defineProperty(WebAssembly.Memory.prototype, "grow", {
      value(pages) {
        const size = Reflect.apply(get, this, []).byteLength + pages * wasmPageBytes;
        if (!(size <= maxBytes)) throw new RangeError("out of memory");
        return Reflect.apply(grow, this, [pages]);
      },
      writable: false,
      configurable: false,
    });
  }

  /** Bytes that files may grow by, in all: removing one gives nothing back. */
  function capFiles(FS, maxBytes) {
    const memory = FS.filesystems.MEMFS;
    let left = maxBytes;
    const charged = (node, size) => {
      const more = size - (node.contents?.length ?? 0);
      if (more > left) throw new FS.ErrnoError(51); // ENOSPC
      if (more > 0) left -= more;
    };
    const { write } = memory.stream_ops;
    // An empty file takes what is written first as it is, without growing.
    const charging = (stream, buffer, offset, length, position, canOwn) => {
      if (stream.node.usedBytes === 0) charged(stream.node, length + (stream.node.contents?.length ?? 0));
      return write(stream, buffer, offset, length, position, canOwn);
    };
    memory.stream_ops.write = charging;
    memory.ops_table.file.stream.write = charging;
    for (const name of ["expandFileStorage", "resizeFileStorage"]) {
      const original = memory[name];
      memory[name] = (node, size) => {
        charged(node, size);
        original(node, size);
      };
    }
  }

  /** `host`: the functions of hostNames and `fill(name, bytes)`; `options`: sizes of files, limits, sources of Python modules. */
  return function boot(hostObject, optionsText, module, loadLoader) {
    const host = {};
    for (const name of hostNames) if (hostObject[name]) host[name] = walled(hostObject[name]);
    const fill = hostObject.fill;
    const options = JSON.parse(optionsText);
    const bytesOf = (name) => {
      const bytes = new Uint8Array(options.sizes[name] ?? 0);
      fill(name, bytes);
      return bytes;
    };
    const drain = furnish(host, (path) =>
      path.endsWith("python_stdlib.zip") ? bytesOf("stdlib") : new Uint8Array(0),
    );
    capMemory(options.limits.memoryBytes);
    loadLoader();
    let handle = null;
    let api = null;

    const instantiate = WebAssembly.instantiate;
    WebAssembly.instantiate = async (source, imports) =>
      source instanceof Uint8Array && source.length === 0
        ? { instance: new WebAssembly.Instance(module, imports), module }
        : Reflect.apply(instantiate, WebAssembly, [source, imports]);

    const start = async () => {
      api = await loadPyodide({
        indexURL: "/pyodide/",
        lockFileContents: {
          info: { abi_version: options.abiVersion, arch: "wasm32", platform: "", version: "", python: "" },
          packages: {},
        },
        packageBaseUrl: "/none/",
        jsglobals: Object.create(null),
        env: { HOME: "/home/u", PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" },
        stdin: () => null,
        stdout: () => {},
        stderr: () => {},
        enableRunUntilComplete: false,
        createPyodideModule: _createPyodideModule,
        ...(options.makeSnapshot ? { _makeSnapshot: true } : {}),
        ...(options.sizes.snapshot > 0 ? { _loadSnapshot: bytesOf("snapshot") } : {}),
      });
      if (options.makeSnapshot) {
        api.runPython(options.warmUp);
        return;
      }
      handle = api.runPython(options.entry);
      lockDown(api, options.limits);
    };

    const run = (text) => {
      let result;
      try {
        result = handle(text, host.ask);
      } catch (error) {
        try {
          return `X${String(error?.message ?? error)
            .trim()
            .split("\n")
            .at(-1)
            .slice(0, 300)}`;
        } catch {
          return "Xfatal error";
        }
      }
      return typeof result === "string" ? `R${result}` : "Xno reply";
    };

    start().then(
      () => host.ready(),
      (error) => host.failed(`${error?.message ?? error}\n${error?.stack ?? ""}`),
    );
    return { run, drain, snapshot: () => api.makeMemorySnapshot() };
  };
})();
