/** Processor time of `run` in milliseconds: what it costs, whatever else the machine does. */
export function processorMs(run: () => void): number {
  const started = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(started);
  return (user + system) / 1000;
}
