/** Reports a failure in the background that no response can carry. */
export type Report = (sentence: string, cause: unknown) => void;
