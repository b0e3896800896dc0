import { type Logger, pino } from 'pino';

/** Bytes of lines that wait for the end of a turn, at most. */
const mostWaiting = 8192;

/**
 * Lines of JSON on stdout. What is logged in one turn of the event loop is written at its end, in one call: a call for each
 * line would wake whoever reads them as often.
 */
export function openLog(level: string): Logger {
  const lines = pino.destination({ dest: 1, sync: true, minLength: mostWaiting });
  process.on('exit', () => lines.flushSync());
  let isDue = false;
  const flush = () => {
    isDue = false;
    lines.flush();
  };
  const write = (line: string) => {
    if (!isDue) setImmediate(flush);
    isDue = true;
    return lines.write(line);
  };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}
