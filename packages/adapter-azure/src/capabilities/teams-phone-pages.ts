/** Microsoft's pages about recording under Teams Phone extensibility. */
type Page = 'overview' | 'capabilities' | 'faq' | 'cost' | 'quickstart' | 'guide';

const learn = 'https://learn.microsoft.com/azure/communication-services';
const concepts = `${learn}/concepts/interop/tpe/teams-phone-extensibility`;

export const teamsPhonePages: Readonly<Record<Page, string>> = {
  overview: `${concepts}-overview`,
  capabilities: `${concepts}-capabilities`,
  faq: `${concepts}-faq`,
  cost: `${concepts}-connectivity-cost`,
  quickstart: `${learn}/quickstarts/tpe/teams-phone-extensibility-quickstart`,
  guide: `${learn}/acs-retirement-and-breaking-changes-guide`,
};
