/** A file that is not taken: nothing of it reaches the register. The message is for the clerk. */
export class FileRefused extends Error {}

/** Nothing to do: the file was taken before, or is not newer than the one that was. */
export class NothingToDo extends Error {}

/** The same file waits for its answer already; the message names that run. */
export class WaitsAlready extends Error {}
