import { type Incoming, objectAt } from '../json-reader.ts';
import { idAt } from '../message.ts';

/** Raw ids of bots and of applications of Teams begin so: recorders, voice applications, resource accounts. */
const application = '28:';

/** The raw id of whoever an identifier names; undefined for a bot or an application, and where it names nobody. */
export function personIn(identifier: Incoming): string | undefined {
  const rawId = idAt(identifier, 'rawId') ?? rebuilt(identifier);
  return rawId?.startsWith(application) ? undefined : rawId;
}

/** Answers carry a raw id by description; where one is missing, it follows from the rest. */
function rebuilt(identifier: Incoming): string | undefined {
  const phone = idAt(objectAt(identifier, 'phoneNumber'), 'value');
  if (phone !== undefined) return `4:${phone}`;
  const user = idAt(objectAt(identifier, 'communicationUser'), 'id');
  if (user !== undefined) return user;
  const teams = objectAt(identifier, 'microsoftTeamsUser');
  const id = idAt(teams, 'userId');
  if (id === undefined) return undefined;
  if (teams['isAnonymous'] === true) return `8:teamsvisitor:${id}`;
  const cloud = idAt(teams, 'cloud');
  return `8:${cloud === 'gcch' || cloud === 'dod' ? cloud : 'orgid'}:${id}`;
}
