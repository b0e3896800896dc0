/** Tells what went wrong where nobody waits for it. */
export type Report = (sentence: string, cause: unknown) => void;
