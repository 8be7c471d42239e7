/**
 * For replies whose every row was parsed by the contract when it was read: written as they are. Parsing them once more,
 * as other replies are before they leave, would cost as much as the search.
 */
export const asParsed = () => (reply: unknown) => JSON.stringify(reply);
