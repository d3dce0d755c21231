/** A reason that the service gives beside the status: `error.code` of an answer, `subCode` of an event. */
export interface AzureSubCode {
  readonly subCode: string;
  readonly name: string;
  /** Statuses documented with it, the most usual first; where none is, one that suits it. */
  readonly statuses: readonly [number, ...number[]];
  readonly documented: boolean;
}

type Row = readonly [subCode: number | string, name: string, ...statuses: readonly number[]];

/**
 * Sources: "Troubleshooting call end response codes for Call Automation" (2024-07), how-to "play action", Teams Phone
 * extensibility troubleshooting. Rows without a status are those of its list without one.
 */
const rows: readonly Row[] = [
  [7500, 'Unsupported AAD identity'],
  [7501, 'Invalid token'],
  [7502, 'Access not enabled'],
  [7504, 'Insufficient application permissions', 403],
  [7505, 'Enterprise tenant mismatch'],
  [7506, 'Untrusted certificate'],
  [7507, 'Call source identity invalid', 403],
  [7508, 'Unsupported ACS identity'],
  [7509, 'HMAC validation error'],
  [7510, 'Managed identity validation error'],
  [7600, 'Resource access not enabled'],
  [7601, 'Invalid ACS source identity'],
  [7602, 'Invalid ACS target identity'],
  [7603, 'Invalid ACS identity'],
  [7604, 'Unauthorized Teams interop scenario'],
  [7605, 'Unauthorized Teams recording interop scenario'],
  [7606, 'Unauthorized ACS resource for cognitive actions'],
  [8500, 'Invalid media mode', 400],
  [8501, 'Call not established', 400],
  [8502, 'My participant id not available'],
  [8503, 'Call media state audio inactive'],
  [8504, 'Media streams unavailable'],
  [8506, 'Non compliance recording call'],
  [8508, 'Operation canceled', 400],
  [8510, 'Initial silence timeout reached', 400],
  [8511, 'Play prompt failed', 500],
  [8512, 'Play beep failed', 500],
  [8515, 'Max record duration reached'],
  [8516, 'Call throttled'],
  [8517, 'Call tenant id mismatch'],
  [8518, 'Call exception'],
  [8519, 'Conflict', 409],
  [8520, 'Functionality not supported at this time', 405],
  [8522, 'Not found', 404, 405],
  [8523, 'Invalid argument', 400],
  [8524, 'Invalid participants count for compliance recording'],
  [8525, 'Non recorded party'],
  [8528, 'Call terminated', 400],
  [8529, 'Call throttled, monthly limit reached'],
  [8530, 'Call throttled, active calls limit reached'],
  [8535, 'Invalid file format', 400],
  [8536, 'File download failed', 400],
  [8543, 'Call does not exist'],
  [8548, 'Call is not a group call'],
  [8553, 'Duplicate recording', 400],
  [8554, 'Participant out of meeting audio mix'],
  [8556, 'Action not supported for compliance recording call'],
  [8557, 'Wrong format type'],
  [8558, 'Participant not present'],
  [8559, 'Duplicate start recording request', 400],
  [8562, 'Recording mode not supported'],
  [8564, 'Speech service connection error'],
  [8565, 'Cognitive services error', 400, 401, 403, 408, 429],
  [8567, 'ACS resource service principal not enabled', 400],
  [8568, 'Managed identity for cognitive service request failed'],
  [8571, 'Recording operation conflict'],
  [8572, 'Play service shutdown', 500],
  [8573, 'Pause resume method not allowed'],
  [8582, 'Play source text or SSML empty', 400],
  [8583, 'Precondition failed', 412],
  [8585, 'Action not valid in current call state', 400],
  [8589, 'Record throttled'],
  [8606, 'Communication identifier creation failed'],
  [8607, 'Transfer operation conflict'],
  [8608, 'Recording participant client error'],
  [9001, 'Unknown error from underlying service'],
  [9002, 'Timeout error from underlying service'],
  [9003, 'Operation canceled error'],
  [9998, 'Fatal error'],
  [9999, 'Unknown', 500],
  [10_057, 'Request timeout', 408],
  [10_105, 'No permission', 403],
  ['UserLicenseNotPresentForbidden', 'Teams is disabled in user licenses', 403],
];

const throttles: ReadonlySet<number> = new Set([8516, 8529, 8530, 8589]);
const conflicts: ReadonlySet<number> = new Set([8571, 8607]);
const absences: ReadonlySet<number> = new Set([8543, 8558]);
const identities: ReadonlySet<number> = new Set([7500, 7501, 7509]);

/** Every sub-code that recording, announcing and calls can meet, to be provoked with `azureFaults.apiError`. */
export const azureSubCodes: readonly AzureSubCode[] = rows.map(([subCode, name, first, ...more]) => ({
  subCode: String(subCode),
  name,
  statuses: [first ?? suited(Number(subCode)), ...more],
  documented: first !== undefined,
}));

/** A status for a sub-code that the documentation names without one. */
function suited(subCode: number): number {
  if (identities.has(subCode)) return 401;
  if (subCode < 8_000) return 403;
  if (subCode >= 9_000 || subCode === 8518 || subCode === 8564) return 500;
  if (throttles.has(subCode)) return 429;
  if (conflicts.has(subCode)) return 409;
  return absences.has(subCode) ? 404 : 400;
}
