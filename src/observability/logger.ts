import { type DestinationStream, type Logger, pino } from 'pino';

/** Opens a logger that writes JSON lines. */
export function openLog(level: string, destination: DestinationStream): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
