import { type DestinationStream, type Logger, pino } from 'pino';

/** Lines of JSON. */
export function openLog(level: string, destination: DestinationStream): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
