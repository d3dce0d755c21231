export { main } from './main.ts';
export { type ExitCode, exitCodes, type Terminal } from './terminal.ts';
