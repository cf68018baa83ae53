import type { AccessRule, RuleTexts } from '../doctor-texts.ts'

export const ACCESS_RULES: Record<AccessRule, RuleTexts> = {
  T1: {
    title: 'The gateway finds no token for the key',
    explanation:
      'The caller gets 401. The gateway removes sk- from the key that it is sent and looks up what stands before the first hyphen. So it never finds a stored key that has sk-, a hyphen or blanks around it, or fewer than three characters, nor a token that does not exist or was deleted. Tokens with such a key: {tokens}.',
    advice:
      'Create a new token and hand out its key, or store the key without sk- and without hyphens. Keys are not shown here.',
  },
  T2: {
    title: 'The token is not enabled',
    explanation:
      'The caller gets 401: the gateway accepts status 1 only. 2 means disabled by a person, 3 expired, 4 quota used up. Tokens: {tokens}.',
    advice:
      'For a token or user that the run names, a statement enables the token. With status 3 or 4 also extend its time or raise its quota, else the gateway sets the status again. Rows beyond the first five need the same.',
  },
  T3: {
    title: 'The token has expired',
    explanation:
      'The caller gets 401: expired_time is neither -1 nor in the future. 0 counts as expired too. Tokens: {tokens}.',
    advice:
      'For a token or user that the run names, a statement lets the token never expire; write Unix seconds instead of -1 to set an end. Rows beyond the first five need the same.',
  },
  T4: {
    title: 'The token has no quota left',
    explanation:
      'The caller gets 401: unlimited_quota is off and remain_quota is not above 0. Tokens: {tokens}.',
    advice:
      'Raise remain_quota or switch unlimited_quota on; where status is 4, set it to 1 as well. How much a token may spend is for its owner to decide.',
  },
  T5: {
    title: 'The token is limited to some IP addresses',
    explanation:
      'Callers from other addresses get 403, whatever the routing says. Tokens: {tokens}. CIDR ranges that this version of the gateway ignores: {ranges}; a list of nothing else there limits nobody.',
    advice:
      'Check that the address of the caller, as the gateway sees it behind its proxies, is in the list.',
  },
  T6: {
    title: 'The token may not use the model',
    explanation:
      'The caller gets 403: the token is limited to a list of models, names must match exactly, and an empty list allows none. Tokens: {tokens}. Models that are missing: {models}.',
    advice:
      'For a token or user that the run names, a statement adds the missing models to the list. Rows beyond the first five need the same.',
  },
  T7: {
    title: 'The model list of the token is malformed',
    explanation:
      'The gateway splits the list at commas and trims nothing: an element with blanks around it or with a full-width comma matches no model, and its requests get 403. Tokens: {tokens}.',
    advice:
      'The statement stores the same models without blanks and empty elements. Rows beyond the first five need the same.',
  },
  U1: {
    title: 'The user of the token is missing or disabled',
    explanation:
      'Requests of a user who does not exist or was deleted get 500; those of a disabled user get 403. Tokens without a user: {missing}. Disabled users: {disabled}.',
    advice:
      'A statement enables a disabled user. A token without a user has to be created anew by an existing user. Rows beyond the first five need the same.',
  },
  U2: {
    title: 'The user has no quota left',
    explanation:
      'The caller gets 403 (insufficient_user_quota) when the request is billed, even with a token of unlimited quota. Users: {users}.',
    advice: 'Raise the quota of the user. How much a user may spend is for the operator to decide.',
  },
  G1: {
    title: 'Tokens without a group use the group of their user',
    explanation:
      'An empty token group is no error: the gateway routes such requests in the group of the user. Tokens: {tokens}. Effective groups: {groups}.',
    advice:
      'Nothing has to be done where that is the intended group. A group set on the token overrides it.',
  },
  G2: {
    title: 'The effective group is empty',
    explanation:
      'The token has no group and neither has its user, so no channel is found and the caller gets 503. Users: {users}.',
    advice:
      'The statement puts the user into the group default; choose another one where that is meant. Rows beyond the first five need the same.',
  },
  G3: {
    title: 'The user may not use the group of the token',
    explanation:
      'The caller gets 403. The group of a token must be in the option UserUsableGroups, be the group of its user, or be allowed for that group. Names must match exactly. Tokens: {tokens}. Groups: {groups}.',
    advice:
      'Add the group to UserUsableGroups where it is meant, with a merge in a seed (tidegate seed apply) or in the admin page. A statement makes the token use the group of its user instead. Rows beyond the first five need the same.',
  },
  G4: {
    title: 'The group of the token has no ratio',
    explanation:
      'The caller gets 403: the gateway takes a token group that is not in the option GroupRatio for an abolished one. Tokens: {tokens}. Groups: {groups}.',
    advice:
      'Add the group to GroupRatio where it is meant, with a merge in a seed (tidegate seed apply) or in the admin page. A statement makes the token use the group of its user instead. Rows beyond the first five need the same.',
  },
  G5: {
    title: 'The group auto leads to no group that serves the model',
    explanation:
      'The caller gets 503. With the group auto the gateway tries the groups of the option AutoGroups that the user may use; there are none, or none of them has the model. Tokens: {tokens}. Groups that are tried: {groups}. Models: {models}.',
    advice:
      'Put a group that has the model into AutoGroups and UserUsableGroups, or give the token a group of its own.',
  },
  G6: {
    title: 'The group of a user has no ratio',
    explanation:
      'Requests are served, but billed with the ratio 1, and the gateway logs an error for each of them. Groups: {groups}.',
    advice:
      'Add the group to the option GroupRatio, with a merge in a seed (tidegate seed apply) or in the admin page.',
  },
  P1: {
    title: 'The model has no price',
    explanation:
      'Neither the option ModelPrice nor ModelRatio has the model. Newer gateways refuse all its requests with 400; those before 2026-03 answer chat and image requests with 500, although a channel was found, and bill tasks (video, music) at a default price. Status here: {status}. Models: {models}.',
    advice:
      'Add the model to ModelPrice or ModelRatio, with a merge in the options of a seed (tidegate seed apply) or in the admin page. Writing the option by SQL would replace all other prices.',
  },
  O1: {
    title: 'An option holds invalid JSON',
    explanation:
      'The gateway empties the map before it reads the text, so all groups or prices of that option are gone: requests get 403, or models count as unpriced. Options: {options}.',
    advice:
      'Restore the JSON of the option from a backup or in the admin page. Deleting the row brings the built-in value back only after a restart.',
  },
}
